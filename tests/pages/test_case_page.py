"""The case page: where it stands, in words; what each reader may see; what the resident will read, before it is sent."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import AuditEntry
from cases.choices import Status
from cases.dispatching.catalogue import Draft, publish
from cases.models import CannedAnswer, Case, SameMatter
from cases.services import foreseeing
from cases.workflow import TABLE
from tests.cases.cast import MONDAY, District, at
from tests.pages.test_journey import ClientOf, residents_page


def page_of(client: Client, case: Case, query: str = "") -> str:
    response = client.get(f"/cases/{case.number}/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def where(page: str) -> str:
    """The one sentence under the five words."""
    found = re.search(r'id="where">.*?<span>(.*?)</span></p>', page, re.S)
    assert found
    return found.group(1)


def dispatched(district: District, **given: Any) -> Case:
    case = district.register(**given)
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return case


def handled(district: District, **given: Any) -> Case:
    case = dispatched(district, **given)
    district.move(case, "sign", "handler")
    return case


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the district's does."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


# --- one look ---------------------------------------------------------------------------------------------------


def test_one_sentence_tells_the_reader_whose_turn_it_is_and_until_when(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(hours=1))
    case = district.register()
    assert where(page_of(client_of("clerk"), case)).startswith("等您受理，请于今天 24:00 前受理")
    assert where(page_of(client_of("dispatcher"), case)).startswith("等 窗口受理员 受理，请于今天 24:00 前受理")
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    mine, theirs = where(page_of(client_of("handler"), case)), where(page_of(client_of("dispatcher"), case))
    assert mine.startswith("等您签收，请于")
    assert theirs.startswith("等 区住房和城乡建设局 签收，请于")
    district.move(case, "sign", "handler")
    assert where(page_of(client_of("dispatcher"), case)).startswith("现在由 区住房和城乡建设局 老李 办理，请于")
    district.move(case, "resolve", "handler", result="修好了", outcome="fulfilled", reply="已修好。")
    assert where(page_of(client_of("supervisor"), case)).startswith("等您审核，请于")
    assert where(page_of(client_of("handler"), case)).startswith("等 督办员 审核")


def test_a_step_that_is_late_says_so_and_since_when(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = dispatched(district)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(30))
    page = page_of(client_of("dispatcher"), case)
    assert re.search(r"等 区住房和城乡建设局 签收，应于11月2\d日.*前签收，已超时。", where(page))


def test_the_five_words_say_who_left_each_stage_and_who_has_it_since_when(
    district: District, client_of: ClientOf
) -> None:
    notes = re.findall(r'five__note">(.*?)</span>', page_of(client_of("dispatcher"), handled(district)))
    assert notes == ["小王 11月23日", "老李 11月23日", "老李 11月23日起", "办结审核", ""]


def test_a_move_is_told_with_what_follows_and_until_when(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(minutes=5))
    case = district.register()
    clerk, dispatcher = client_of("clerk"), client_of("dispatcher")
    told = clerk.post(
        f"/cases/{case.number}/moves/accept/", {"category": "A0102", "level": "general"}, follow=True
    ).content.decode()
    assert re.search(r"已受理，请分流员于(今天|明天) \d\d:\d\d 前分流。", told)
    told = dispatcher.post(
        f"/cases/{case.number}/moves/dispatch/", {"lead_unit": "housing", "mode": "forward"}, follow=True
    ).content.decode()
    assert re.search(r"已分流至区住房和城乡建设局，请于(今天|明天|\d+月\d+日) \d\d:\d\d 前签收。", told)


def test_the_page_asks_a_constant_number_of_queries_whatever_the_history(
    district: District, client_of: ClientOf, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = {}
    for length in (0, 60):
        case = handled(district)
        for turn in range(length):
            district.record(case, "note", "handler", text=f"第 {turn} 次上门", public_text="已上门。")
        deadline = at(27).isoformat()
        district.record(case, "order", "supervisor", kind="urge", demand="请回复。", deadline=deadline)
        client = client_of("handler")
        page_of(client, case)
        with CaptureQueriesContext(connection) as asked:
            page_of(client, case)
        counted[length] = len(asked)
    with capsys.disabled():
        print(f"\nqueries of the case page: {counted[0]} with a short history, {counted[60]} with 60 lines more")
    assert counted[0] == counted[60] <= 12


def test_the_page_reads_its_dates_and_does_not_fold_the_history_for_them(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = handled(district)

    def folded(*_given: object) -> None:
        raise AssertionError("the page folds the history")

    monkeypatch.setattr("cases.fold.State", folded)
    assert "办结期限" in page_of(client_of("handler"), case)


# --- history ----------------------------------------------------------------------------------------------------


def test_the_newest_stage_is_open_and_first_the_older_ones_are_folded_with_their_time(
    district: District, client_of: ClientOf
) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", at(23, 11), category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", at(25, 11), lead_unit="housing", mode="forward")
    page = page_of(client_of("dispatcher"), case)
    parts = re.findall(
        r'<details class="history__part" ?(open)?>\s*<summary class="history__stage"><h3 class="history__name">(.*?)</h3>'
        r'(?:<span class="soft">(.*?)</span>)?',
        page,
    )
    assert parts == [("open", "分流", "用时 2 个工作日"), ("", "受理", "用时 2 小时")]
    assert "等了 2 个工作日" in page


def test_the_history_can_be_narrowed_to_what_the_resident_reads(district: District, client_of: ClientOf) -> None:
    case = handled(district)
    district.record(case, "note", "handler", text="物业与住户有旧怨。", public_text="明天上午上门。")
    district.record(case, "contact", "handler", way="phone", reached=True, text="说要去省里")
    whole, narrow = page_of(client_of("handler"), case), page_of(client_of("handler"), case, "?only=public")
    told = narrow[narrow.index('id="history"') : narrow.index('class="dossier__facts"')]
    assert ("物业与住户有旧怨" in whole, "说要去省里" in whole) == (True, True)
    assert [
        words in told for words in ("明天上午上门。", "办理单位已签收", "物业与住户有旧怨", "说要去省里", "老李")
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_clock_and_the_resident_are_named_in_the_history(district: District, client_of: ClientOf) -> None:
    case = handled(district)
    district.record(case, "order", "clock", kind="urge", demand="已超时，请尽快办理。", deadline=at(27).isoformat())
    district.move(case, "resolve", "handler", result="修好了", outcome="fulfilled", reply="已修好。")
    district.move(case, "approve", "supervisor")
    district.record(case, "rate", "resident", satisfaction=5, resolved=True)
    page = page_of(client_of("supervisor"), case)
    assert ("时钟（系统自动）" in page, "居民（网上）" in page) == (True, True)


@pytest.mark.behaviour(11)
@pytest.mark.behaviour(23)
def test_behaviours_11_and_23_reassigning_clears_the_former_handler_says_so_and_closes_the_case_to_the_unit_that_lost_it(
    district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    seen_before = client_of("handler").get(f"/cases/{case.number}/").status_code
    district.move(case, "reassign", "dispatcher", lead_unit="street", reason="属地管理")
    page = page_of(client_of("dispatcher"), case)
    assert ("改派至井坪镇人民政府" in page, "尚未签收" in page) == (True, True)
    assert where(page).startswith("等 井坪镇人民政府 签收")
    # behaviour 23: the unit that lost it no longer opens it; the dispatcher does not lose sight of it.
    assert (seen_before, client_of("handler").get(f"/cases/{case.number}/").status_code) == (200, 404)
    events = case.events.count()
    district.move(case, "reassign", "dispatcher", lead_unit="street", reason="再派一次")
    assert case.events.count() == events


@pytest.mark.behaviour(12)
def test_behaviour_12_a_merged_case_tells_where_it_went_and_the_master_tells_what_came_in(
    district: District, client_of: ClientOf
) -> None:
    master, case = district.register(description="三号楼暖气不热。"), district.register(description="暖气还是不热。")
    district.move(case, "merge", "dispatcher", master=master.number)
    merged, into = page_of(client_of("clerk"), case), page_of(client_of("clerk"), master)
    assert where(merged) == f"已并入 {master.number} 一并办理。"
    assert ("并入本件的" in into, f"/cases/{case.number}/" in into) == (True, True)
    district.move(case, "unmerge", "dispatcher", note="不是一回事")
    case.refresh_from_db()
    assert (case.status, "没有并案或关联的事项" in page_of(client_of("clerk"), case)) == (Status.REGISTERED, True)


# --- people -----------------------------------------------------------------------------------------------------

TWO = [
    {"name": "张三丰", "phone": "13812341234"},
    {"name": "李四光", "phone": "13998765432"},
]


@pytest.mark.behaviour(10)
def test_behaviour_10_people_are_masked_and_shown_one_at_a_time_for_a_reason_from_a_short_list(
    district: District, client_of: ClientOf
) -> None:
    case = district.register(reporters=TWO)
    first, _second = case.parties.order_by("position")
    clerk = client_of("clerk")
    page = page_of(clerk, case)
    assert [secret in page for secret in ("张三丰", "13812341234", "李四光", "13998765432")] == [False] * 4
    assert [mask in page for mask in ("张**", "138****1234", "李**", "139****5432")] == [True] * 4
    given = {"party": str(first.uid), "reason": "其他（请写明）"}
    unexplained = clerk.post(f"/cases/{case.number}/contact/", given)
    assert (unexplained.status_code, "13812341234" in unexplained.content.decode()) == (400, False)
    shown = clerk.post(f"/cases/{case.number}/contact/", {**given, "reason": "电话回访"}).content.decode()
    assert ("13812341234" in shown, "13998765432" in shown, "139****5432" in shown) == (True, False, True)
    entry = AuditEntry.objects.get(action="unmask")
    assert (entry.reason, entry.detail) == ("电话回访", {"parties": 1, "party": str(first.uid)})
    paper = clerk.get(f"/cases/{case.number}/print/").content.decode()
    assert ("13812341234" in paper, "138****1234" in paper, "张三丰" in paper) == (False, True, False)


def test_a_corrected_phone_stands_in_the_history_as_which_and_why(district: District, client_of: ClientOf) -> None:
    case = handled(district)
    given = {"party": str(case.parties.get().uid), "phone": "13900001111", "reason": "本人说换了号码，新号 13900001111"}
    answer = client_of("clerk").post(f"/cases/{case.number}/contact/correct/", given)
    page = page_of(client_of("handler"), case)
    assert (answer.status_code, answer["X-Case-Version"]) == (200, "4,5")
    assert ("更正来访人的电话" in page, "本人说换了号码" in page, "13900001111" in page) == (True, True, False)
    assert "13900001111" not in str(list(case.events.values_list("data", flat=True)))


# --- related matters --------------------------------------------------------------------------------------------


def test_other_matters_of_the_same_person_are_shown_to_who_receives_people_for_a_reason_and_on_record(
    district: District, client_of: ClientOf
) -> None:
    other = district.register(description="同一个人早先的路灯。")
    case = handled(district, description="暖气不热。")
    clerk = client_of("clerk")
    assert other.title not in page_of(clerk, case)
    address = f"/cases/{case.number}/related/"
    assert clerk.post(address, {"reason": ""}).status_code == 400
    shown = clerk.post(address, {"reason": "核对是否重复来访"}).content.decode()
    assert (other.title in shown, other.number[-5:] in shown) == (True, True)
    entry = AuditEntry.objects.get(action="others_of_person")
    assert (entry.reason, entry.detail) == ("核对是否重复来访", {"cases": [other.number]})
    handler = client_of("handler")
    assert "同一人的其他事项" not in page_of(handler, case)
    assert [client_of(who).post(address, {"reason": "看看"}).status_code for who in ("handler", "dispatcher")] == [
        403,
        403,
    ]


def test_a_handler_sees_only_what_is_linked_as_the_same_matter_and_cannot_open_what_is_not_his(
    district: District, client_of: ClientOf
) -> None:
    other, case = district.register(description="楼下也反映暖气。"), handled(district, description="暖气不热。")
    address = f"/cases/{case.number}/related/link/"
    refused = client_of("handler").post(address, {"number": other.number, "reason": "同一栋楼"})
    done = client_of("dispatcher").post(address, {"number": other.number, "reason": "同一栋楼同一故障"})
    assert (refused.status_code, done.status_code) == (403, 302)
    page = page_of(client_of("handler"), case)
    assert (other.title in page, f'href="/cases/{other.number}/"' in page) == (True, False)
    assert f'href="/cases/{case.number}/"' in page_of(client_of("dispatcher"), other)
    assert [
        f"与 {there.number} 是同一事项" in str(here.events.last().data)
        for here, there in ((case, other), (other, case))
    ] == [
        True,
        True,
    ]
    again = client_of("dispatcher").post(address, {"number": other.number, "reason": "再来"})
    assert (again.status_code, SameMatter.objects.count()) == (400, 1)
    client_of("dispatcher").post(address, {"number": other.number, "reason": "不是一回事", "undo": "1"})
    assert SameMatter.objects.count() == 0


def test_a_sealed_matter_is_linked_with_nothing(district: District, client_of: ClientOf) -> None:
    sealed, case = district.register(), district.register()
    Case.objects.filter(pk=sealed.pk).update(nature="report")
    given = {"number": sealed.number, "reason": "同一事项"}
    assert client_of("dispatcher").post(f"/cases/{case.number}/related/link/", given).status_code == 400


# --- forms ------------------------------------------------------------------------------------------------------


def form_of(client: Client, case: Case, address: str) -> str:
    response = client.get(f"/cases/{case.number}/{address}", headers={"HX-Request": "true"})
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_form_asks_first_for_what_it_needs_and_folds_the_rest(district: District, client_of: ClientOf) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    form = form_of(client_of("dispatcher"), case, "moves/dispatch/")
    first, folded = form.split('class="move__folded"')
    assert [name in first for name in ('name="lead_unit"', 'name="mode"', 'name="instruction"')] == [True, True, False]
    assert [name in folded for name in ('name="instruction"', 'name="assisting_units"', 'name="note"')] == [True] * 3
    assert re.search(r'name="mode" value="forward" checked', first)
    assert "补充（可不填）：协办单位、交办要求、下派理由、备注" in folded


def test_asking_for_more_time_asks_only_how_long_and_why(monday: None, district: District, client_of: ClientOf) -> None:
    case = handled(district)
    page = page_of(client_of("handler"), case)
    assert [label in page for label in (">申请延期<", ">申请暂停计时<", ">申请签发办结<")] == [True, True, False]
    form = form_of(client_of("handler"), case, "records/request/?kind=extension")
    assert [f'name="{name}"' in form for name in ("kind", "amount", "reason", "suspend_reason", "expected_end")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    answer = client_of("handler").post(
        f"/cases/{case.number}/records/request/", {"kind": "extension", "amount": "3", "reason": "等配件"}
    )
    told = re.findall(r"(?:<li>|say__text.>)(.*?)<", answer.content.decode(), re.S)
    assert (answer.status_code, told) == (302, [])
    assert case.requests.get().amount == 3


def test_an_order_is_ready_with_a_kind_and_a_day_and_its_answer_knows_which_order(
    district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    form = form_of(client_of("supervisor"), case, "records/order/")
    assert re.search(r'name="deadline" value="20\d\d-\d\d-\d\dT17:30"', form)
    district.record(case, "order", "supervisor", kind="urge", demand="请回复。", deadline=at(27).isoformat())
    answer = form_of(client_of("handler"), case, "records/respond/")
    assert re.search(r'type="radio" name="order" value="\d+" checked', answer)


@pytest.mark.behaviour(19)
def test_behaviour_19_the_second_reads_who_was_first_with_a_way_to_look(
    district: District, client_of: ClientOf
) -> None:
    case = dispatched(district)
    district.move(case, "sign", "handler")
    answer = client_of("handler2").post(
        f"/cases/{case.number}/moves/sign/", {"version": "3"}, headers={"HX-Request": "true"}
    )
    told = answer.content.decode()
    assert (answer.status_code, "区住房和城乡建设局“签收”" in told, "查看最新情况" in told) == (409, True, True)


# --- what the resident will read --------------------------------------------------------------------------------


def preview(client: Client, case: Case, move: str, **given: Any) -> str:
    response = client.post(f"/cases/{case.number}/foresee/{move}/", given, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return str(response.content.decode())


def told_part(page: str) -> str:
    """The body of public/_told.html without the names of its regions, the rating form and the moments."""
    body = page[page.index('<section class="next-step"') :]
    body = body[: body.index("</dl>")]
    body = re.sub(r'<section class="card" aria-labelledby="rate-title">.*?</form>.*?</section>', "", body, flags=re.S)
    names = r' aria-labelledby="[a-z-]+"| aria-label="办理进度"(?=>\s*<div)| id="[a-z-]+"|<time[^>]*>[^<]*</time>'
    return "".join(re.sub(names, "", body).split())


@pytest.mark.behaviour(22)
def test_behaviour_22_the_preview_is_word_for_word_what_the_resident_reads_once_it_is_checked(
    monday: None, district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    given = {
        "result": "查明循环泵坏了，物业拖延。",
        "outcome": "fulfilled",
        "reply": "暖气已恢复供热。",
        "note": "已谈话",
    }
    case.refresh_from_db()
    before = (case.version, case.events.count())
    foreseen = preview(client_of("handler"), case, "resolve", **given)
    case.refresh_from_db()
    assert (case.version, case.events.count()) == before
    district.move(case, "resolve", "handler", **given)
    district.move(case, "approve", "supervisor")
    assert told_part(foreseen) == told_part(residents_page(case))
    assert [words in foreseen for words in ("暖气已恢复供热。", "循环泵", "已谈话")] == [True, False, False]


@pytest.mark.parametrize(
    ("move", "who", "given"),
    [
        ("decline", "clerk", {"reason": "N7", "instead": "区人社局，电话 6020000"}),
        ("request_material", "clerk", {"missing": "供暖合同", "due_on": "2027-01-08"}),
        ("transfer", "clerk", {"receiver": "judicial", "receipt": "电话记录"}),
        (
            "resolve_on_spot",
            "clerk",
            {
                "category": "A0102",
                "level": "general",
                "result": "查了",
                "outcome": "answered",
                "reply": "可凭身份证办理。",
            },
        ),
    ],
)
def test_every_previewed_move_reads_as_it_will(
    monday: None, district: District, client_of: ClientOf, move: str, who: str, given: dict[str, Any]
) -> None:
    case = district.register()
    foreseen = preview(client_of(who), case, move, **given)
    district.move(case, move, who, **given)
    assert told_part(foreseen) == told_part(residents_page(case))


def test_a_preview_of_nothing_says_what_to_write_first(district: District, client_of: ClientOf) -> None:
    case = handled(district)
    assert "请填写给居民的答复。" in preview(client_of("handler"), case, "resolve")
    assert "居民不会看到这条进展" in preview(client_of("handler"), case, "note", text="内部的话")


def test_a_preview_is_for_who_may_make_the_move(district: District, client_of: ClientOf) -> None:
    case = handled(district)
    codes = [
        client_of(who).post(f"/cases/{case.number}/foresee/resolve/", {"reply": "好了"}).status_code
        for who in ("handler", "clerk", "handler_other")
    ]
    assert codes == [200, 403, 404]
    assert client_of("handler").post(f"/cases/{case.number}/foresee/sign/").status_code == 404


def test_every_action_with_words_for_the_resident_can_be_looked_at_first() -> None:
    with_words = {name for name, action in TABLE.items() if foreseeing.can_foresee(action)}
    assert with_words == {
        "request_material",
        "supplement",
        "decline",
        "transfer",
        "resolve_on_spot",
        "resolve",
        "terminate",
        "note",
        "decide_redo",
    }


# --- files ------------------------------------------------------------------------------------------------------


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    stream = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(stream, form)
    return stream.getvalue()


def test_files_are_taken_in_place_each_refused_one_with_its_own_sentence(
    district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    given = {"files": [sent("现场.jpg", photo()), sent("清单.zip", b"PK\x03\x04nothing")], "purpose": "现场照片"}
    answer = client_of("handler").post(f"/cases/{case.number}/files/", given)
    told = answer.content.decode()
    assert (answer.status_code, "清单.zip" in told, "不支持压缩包" in told) == (400, True, True)
    page = page_of(client_of("handler"), case)
    kept = case.attachments.get()
    assert [words in page for words in ("现场.jpg", "现场照片 · 老李", f"/files/{kept.uid}/?small=1", ">内部<")] == [
        True
    ] * 4
    assert case.events.filter(kind="attach").count() == 1


def test_one_file_sent_by_the_script_answers_its_row_and_tells_open_forms_how_far_the_case_is(
    district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    answer = client_of("handler").post(
        f"/cases/{case.number}/files/", {"files": [sent("a.png", photo("PNG"))]}, headers={"X-Upload": "1"}
    )
    assert (answer.status_code, answer["X-Case-Version"], "<html" in answer.content.decode()) == (200, "4,5", False)


def test_a_small_version_is_made_once_and_given_only_to_who_sees_the_case(
    district: District, client_of: ClientOf, settings: Any
) -> None:
    case = handled(district)
    client = client_of("handler")
    client.post(f"/cases/{case.number}/files/", {"files": [sent("大图.jpg", photo(size=(1600, 1200)))]})
    kept = case.attachments.get()
    address = f"/cases/{case.number}/files/{kept.uid}/?small=1"
    first = client.get(address)
    small = b"".join(first.streaming_content)  # type: ignore[attr-defined]
    place = next(Path(settings.MEDIA_ROOT, "small").glob("??/*"))
    made = place.stat().st_mtime_ns
    b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]
    assert (first["Content-Type"], small[:3], len(small) < kept.size) == ("image/jpeg", b"\xff\xd8\xff", True)
    assert (place.stat().st_mtime_ns, "private" in first["Cache-Control"]) == (made, True)
    assert client_of("handler_other").get(address).status_code == 404


# --- paper ------------------------------------------------------------------------------------------------------


def test_the_paper_holds_the_whole_history_and_leaves_out_the_inner_part_when_asked(
    district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    district.record(case, "note", "handler", text="物业与住户有旧怨。", public_text="明天上午上门。")
    whole = client_of("handler").get(f"/cases/{case.number}/print/").content.decode()
    outer = client_of("handler").get(f"/cases/{case.number}/print/?only=public").content.decode()
    assert ("物业与住户有旧怨" in whole, "不得交给当事人" in whole) == (True, True)
    assert ("物业与住户有旧怨" in outer, "明天上午上门。" in outer) == (False, True)
    assert client_of("handler_other").get(f"/cases/{case.number}/print/").status_code == 404


# --- helps ------------------------------------------------------------------------------------------------------


def test_the_catalogue_proposes_a_unit_with_why_and_from_where_and_one_tap_sends_it(
    monday: None, district: District, client_of: ClientOf
) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    draft = Draft("A0102", "140603", "housing", source="平鲁区派单目录", effective_on=date(2026, 1, 1))
    publish(draft, author=district.people["dispatcher"], now=MONDAY)
    dispatcher = client_of("dispatcher")
    form = form_of(dispatcher, case, "moves/dispatch/")
    assert [
        words in form for words in ("建议派给", "平鲁区派单目录", "2026年1月1日起", "分流至区住房和城乡建设局")
    ] == [True] * 4
    assert re.search(r'<button class="btn btn-primary btn-wide" type="submit" name="lead_unit" value="housing">', form)
    # The picker of the form was left alone: of two fields with one name the filled one counts.
    sent = dispatcher.post(f"/cases/{case.number}/moves/dispatch/", {"lead_unit": ["", "housing"], "mode": "forward"})
    case.refresh_from_db()
    assert (sent.status_code, case.status, case.lead_unit_id) == (302, Status.DISPATCHED, district.units["housing"].pk)


def test_ready_texts_stand_by_the_field_they_fill_and_only_those_of_the_category(
    district: District, client_of: ClientOf
) -> None:
    case = handled(district)
    for category, title in (("A01", "供热已恢复"), ("B09", "别的类别的话")):
        CannedAnswer.objects.create(
            move="resolve", field="reply", category_code=category, title=title, text="已恢复供热。"
        )
    form = form_of(client_of("handler"), case, "moves/resolve/")
    assert ("供热已恢复" in form, "别的类别的话" in form) == (True, False)
    assert re.search(r'data-puts-into="resolve-reply" data-text="已恢复供热。"', form)
