"""A case is found by what stands in it, as soon as it is told, by those who may see it and by nobody else."""

import pytest
from django.core.management import call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases import search
from cases.models import Case, SearchText
from cases.search import CannotSearch, matching, read
from cases.services import indexing
from tests.api.conftest import Phones
from tests.cases.cast import COMMUNITY, MONDAY, OTHER_STREET, District, at

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def found(text: str) -> list[str]:
    """Numbers of all that is found, the oldest first."""
    return list(matching(Case.objects.order_by("pk"), text).values_list("number", flat=True))


def page(text: str) -> list[str]:
    """The same, as a list shows its first page."""
    return [case.number for case in matching(Case.objects.order_by("pk"), text)[:50]]


@pytest.fixture(params=["few", "common"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Words are rare, or so common that a list is walked."""
    if request.param == "common":
        monkeypatch.setattr(search, "FEW", 0)
    return str(request.param)


@pytest.mark.usefixtures("either_way")
@pytest.mark.behaviour(29)
def test_words_are_found_in_title_description_address_and_number(district: District) -> None:
    cold = district.register(
        title="暖气不热",
        description="三号楼住户反映，屋里只有 14℃。",
        place={"area": COMMUNITY, "address": "胜利路８号院"},
    )
    noise = district.register(description="楼下饭店排风机噪声很大，夜里睡不着。")
    assert {
        "暖气": found("暖气"),
        "噪声": found("噪声"),
        "两个词": found("14℃ 不热"),
        "不全有": found("14℃ 噪声"),
        "另一种写法": found("胜利路8号"),
        "标点分开": found("排风机，夜里"),
        "不跨字段": found("不热三号"),
        "全无": found("土地"),
        "编号": found(cold.number),
        "编号末四位": found(cold.number[-4:]),
        "编号末六位和词": found(f"{cold.number[-6:]} 暖气"),
        "编号与词不合": found(f"{noise.number[-6:]} 暖气"),
    } == {
        "暖气": [cold.number],
        "噪声": [noise.number],
        "两个词": [cold.number],
        "不全有": [],
        "另一种写法": [cold.number],
        "标点分开": [noise.number],
        "不跨字段": [],
        "全无": [],
        "编号": [cold.number],
        "编号末四位": [cold.number],
        "编号末六位和词": [cold.number],
        "编号与词不合": [],
    }


@pytest.mark.usefixtures("either_way")
def test_a_page_a_count_and_the_rows_say_the_same(district: District) -> None:
    for number in range(7):
        district.register(description=f"井盖破损第{number}处，50% 有裂_痕。")
    district.register()
    asked = ("井盖", "井盖 破损第", "50%", "裂_", "破损", "12345", "热线")
    pages = {text: page(text) for text in asked}
    assert pages == {text: found(text) for text in asked}
    assert {text: len(rows) for text, rows in pages.items()} == {
        text: matching(Case.objects.all(), text).count() for text in asked
    }
    assert len(pages["井盖"]) == 7 and pages["裂_"] == pages["井盖"] and pages["12345"] == []


@pytest.mark.usefixtures("either_way")
def test_a_condition_holds_inside_another_query_too(district: District) -> None:
    cold = district.register()
    district.register(description="井盖破损。")
    outer = Case.objects.filter(pk__in=matching(Case.objects.all(), "暖气").values("pk"))
    assert [case.number for case in outer] == [cold.number]


def test_digits_are_found_in_the_text_as_well_as_at_the_end_of_a_number(district: District) -> None:
    told = district.register(description="曾打过 12345 热线，无人回复。")
    assert (found("12345"), found("1234")) == ([told.number], [told.number])


def test_category_and_reply_are_found_once_they_are_known_and_an_old_title_is_not(district: District) -> None:
    case = district.register(title="小区物业不作为")
    before = found("回水") + found("循环泵") + found("停电")
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.record(case, "amend", "clerk", title="小区停电", reason="登记有误")
    renamed = (found("不作为"), found("停电"))
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler")
    district.move(case, "resolve", "handler", result="已更换", outcome="fulfilled", reply="已更换循环泵，恢复供热。")
    case.refresh_from_db()
    name = case.category.name if case.category else ""
    assert before == []
    assert renamed == ([], [case.number])
    assert (found("循环泵"), found("停电 循环泵"), found(name)) == ([case.number], [case.number], [case.number])


def test_nobody_is_found_by_name_phone_or_id_number_in_words(district: District) -> None:
    case = district.register(
        description="业主王大力，电话１３９ 1234 5678，身份证140603199001011234，反映电梯停运。",
        reporters=[{"name": "欧阳建国", "phone": "13812341234", "id_number": "140603199001011234"}],
    )
    text = SearchText.objects.get(case=case).text
    assert found("电梯") == [case.number]
    assert found("欧阳建国") == []
    assert [piece for piece in ("1391234", "5678", "0101", "1381234") if piece in text.replace(" ", "")] == []


def test_what_cannot_be_searched_is_answered_with_a_sentence() -> None:
    said = {}
    for text in (
        "热",
        "暖气 热",
        "，。",
        "一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛",
        "13812341234",
        "张三 138-1234-1234",
    ):
        with pytest.raises(CannotSearch) as refused:
            read(text)
        said[text] = str(refused.value)
    one = "一个字查不准，每个词至少两个字；请把“热”写长一些，例如“暖气”“噪声”。"
    assert said == {
        "热": one,
        "暖气 热": one,
        "，。": "请输入受理编号（或末 4 位以上），或者至少两个字的词。",
        "一二 三四 五六 七八 九十 甲乙 丙丁 戊己 庚辛": "一次最多查 8 个词，请去掉几个。",
        "13812341234": search.NOT_HERE,
        "张三 138-1234-1234": search.NOT_HERE,
    }


@pytest.mark.behaviour(29)
def test_another_streets_officer_counts_only_what_he_sees(district: District, phones: Phones) -> None:
    district.person("other_dispatcher", "外街老郭", "dispatcher", "other_street", OTHER_STREET)
    for _ in range(3):
        district.register()
    there = district.register(place={"area": OTHER_STREET, "address": "凤凰城镇街口"})
    told = {}
    for who in ("clerk", "other_dispatcher", "handler"):
        rows = phones(who).get("cases/?q=暖气").json()["results"]
        told[who] = (len(rows), phones(who).get("cases/count/?q=暖气").json()["count"])
    seen = [row["number"] for row in phones("other_dispatcher").get("cases/?q=暖气").json()["results"]]
    assert told == {"clerk": (4, 4), "other_dispatcher": (1, 1), "handler": (0, 0)}
    assert seen == [there.number]
    visible = Case.objects.visible_to(district.actor("other_dispatcher"), MONDAY)
    assert matching(visible, "暖气").count() == 1


def test_the_api_refuses_one_character_with_a_sentence_at_the_field(district: District, phones: Phones) -> None:
    answer = phones("clerk").get("cases/?q=热")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"q": ["一个字查不准，每个词至少两个字；请把“热”写长一些，例如“暖气”“噪声”。"]},
    )


def test_a_case_is_found_in_the_very_transaction_that_registers_it(
    district: District, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        case = district.register(description="幼儿园门口没有斑马线。")
        assert found("斑马线") == [case.number]


def test_a_case_made_anonymous_is_found_by_its_number_only_and_stays_so(district: District) -> None:
    case = district.register(description="幼儿园门口没有斑马线。")
    indexing.forget([case])
    after = found("斑马线")
    district.record(case, "amend", "clerk", title="斑马线", reason="更正标题")
    written = indexing.rebuild()
    assert (after, found("斑马线"), found(case.number[-5:]), written) == ([], [], [case.number], 1)


def test_a_lost_text_is_healed_and_a_rebuilt_one_is_as_it_was(
    district: District, capsys: pytest.CaptureFixture[str]
) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "resolve_on_spot", "clerk", result="已解释", outcome="answered", reply="已当面说明供热标准。")
    kept = SearchText.objects.get(case=case).text
    SearchText.objects.all().delete()
    lost = found("供热标准")
    call_command("rebuild_search", "--missing")
    healed = SearchText.objects.get(case=case).text
    SearchText.objects.update(text="全错")
    call_command("rebuild_search")
    assert (lost, healed, SearchText.objects.get(case=case).text) == ([], kept, kept)
    assert found("供热标准 供热") == [case.number] and found("全错") == []
    assert capsys.readouterr().out.count("已写入 1 件") == 2


def test_moves_that_change_no_word_write_no_text(district: District) -> None:
    case = district.register()
    SearchText.objects.update(text="不该动")
    district.move(case, "accept", "clerk", now=at(23, 10), category="A0102", level="general")
    SearchText.objects.update(text="不该动")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.record(case, "note", "handler", text="已联系")
    assert SearchText.objects.get(case=case).text == "不该动"
