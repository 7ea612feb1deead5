"""What a header, a word and a cell of theirs mean here."""

from datetime import datetime

import pytest

from accounts.models import Unit
from cases import policies
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import SHANGHAI
from hotlines.orders.fields import propose_columns
from hotlines.orders.moments import read_due, read_moment
from hotlines.orders.natures import propose_meanings
from hotlines.orders.places import area_of, short
from hotlines.orders.reading import Reader, Rules
from tests.cases.cast import COMMUNITY, DISTRICT, MONDAY, STREET, District, at

SAID = {
    "number": "PL20261120001",
    "received_at": "2026-11-20 10:30:00",
    "content": "胜利社区三号楼暖气不热。",
    "nature": "求助",
    "category": "城乡建设/供热",
    "address": "胜利社区三号楼",
    "street": "井坪镇",
    "community": "胜利",
    "name": "张三",
    "phone": "１３８１２３４１２３４、0349-6021234",
    "due": "2026-11-27",
}


def reader(natures: dict[str, object] | None = None, categories: dict[str, str] | None = None) -> Reader:
    return Reader(Rules(natures or {}, categories or {}), DISTRICT, MONDAY)


def test_the_columns_of_a_12345_sheet_are_known_by_their_headings() -> None:
    header = [
        "序号", "* 工单编号", "诉求时间", "诉求标题", "诉求内容", "诉求性质", "诉求分类", "诉求地址", "所属街道（乡镇）",
        "社区（村）", "诉求人", "来电号码", "办理时限", "被投诉单位", "是否保密", "备注",
    ]  # fmt: skip

    assert propose_columns(header) == {
        "number": "* 工单编号",
        "received_at": "诉求时间",
        "content": "诉求内容",
        "title": "诉求标题",
        "nature": "诉求性质",
        "category": "诉求分类",
        "address": "诉求地址",
        "street": "所属街道（乡镇）",
        "community": "社区（村）",
        "name": "诉求人",
        "phone": "来电号码",
        "due": "办理时限",
        "unit": "被投诉单位",
        "confidential": "是否保密",
    }


def test_the_surer_heading_wins_and_none_is_used_twice() -> None:
    assert propose_columns(["编号", "工单编号", "内容", "受理时间", "派单时间"]) == {
        "number": "工单编号",
        "received_at": "派单时间",
        "content": "内容",
    }


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 09:30:05", at(21, 9, 30).replace(second=5)),
        ("2026/11/21 9:30", at(21, 9, 30)),
        ("2026年11月21日 9时30分", at(21, 9, 30)),
        ("20261121093000", at(21, 9, 30)),
        ("2026-11-21T01:30:00Z", at(21, 9, 30)),
        ("2026-11-21T09:30:00+08:00", at(21, 9, 30)),
        ("2026-11-21", at(21, 0, 0)),
        ("46347.395833333336", datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)),
        ("2026-13-41", None),
        ("昨天", None),
        ("2026-11-21T09:30:00+99:99", None),
        ("9999-12-31T23:59:59Z", None),
        ("9999-12-31", None),
        ("0001-01-01 00:00:00", None),
    ],
)
def test_moments_are_read_as_sheets_write_them(text: str, moment: datetime | None) -> None:
    found = read_moment(text)

    assert (found.replace(second=moment.second if moment else 0) if found else None) == moment


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-11-27", at(28, 0, 0)),
        ("2026-11-27 17:00", at(27, 17, 0)),
        ("5个工作日", at(28, 0, 0)),
        ("５个工作日内", at(28, 0, 0)),
        ("24小时", at(21, 10, 30)),
        ("尽快", None),
        ("9999-12-31", None),
        ("2200-01-01", None),
        ("2199-12-31", datetime(2200, 1, 1, tzinfo=SHANGHAI)),
    ],
)
@pytest.mark.django_db
def test_their_date_is_a_moment_a_day_or_a_length(text: str, end: datetime | None) -> None:
    assert read_due(text, at(20, 10, 30), policies.calendar()) == end


def test_the_five_natures_become_kinds_of_ours() -> None:
    assert propose_meanings(["咨询", "求助", "投诉", "举报", "建议", "表扬", "其他"]) == {
        "咨询": {"kind": "consultation", "nature": "", "confidential": False},
        "求助": {"kind": "appeal", "nature": "", "confidential": False},
        "投诉": {"kind": "appeal", "nature": "service", "confidential": False},
        "举报": {"kind": "appeal", "nature": "report", "confidential": True},
        "建议": {"kind": "suggestion", "nature": "", "confidential": False},
        "表扬": {"kind": "suggestion", "nature": "", "confidential": False},
    }


def test_places_are_found_as_people_shorten_them(district: District) -> None:
    assert [short(name) for name in ("井坪镇人民政府", "胜利社区居委会", "东村", "北街")] == [
        "井坪",
        "胜利",
        "东村",
        "北街",
    ]
    assert area_of("井坪镇", "胜利", DISTRICT) == COMMUNITY
    assert area_of("井坪", "", DISTRICT) == STREET
    assert area_of("", "胜利社区", DISTRICT) == COMMUNITY
    assert area_of("平鲁区", "", DISTRICT) == DISTRICT
    with pytest.raises(Incomplete) as unknown:
        area_of("井坪镇", "幸福社区", DISTRICT)
    assert unknown.value.errors == {
        "community": ["井坪镇没有“幸福社区”这个社区或村；请核对名称，不清楚的可以清空这一格。"]
    }


def test_an_order_is_read_as_a_whole(district: District) -> None:
    order = reader(categories={"城乡建设/供热": "A0102"}).read(SAID)

    arrival = order.arrival
    assert (order.unmapped, arrival.foreign_number, arrival.received_at, arrival.their_due_at) == (
        ("nature",),
        "PL20261120001",
        at(20, 10, 30),
        at(28, 0, 0),
    )
    assert arrival.given == {
        "kind": "appeal",
        "description": "胜利社区三号楼暖气不热。\n（来源工单 性质：求助；分类：城乡建设/供热）",
        "place": {"area": COMMUNITY, "address": "胜利社区三号楼"},
        "reporters": [{"name": "张三", "phone": "13812341234"}],
        "category": "A0102",
    }


def test_what_they_wrote_stays_the_same_whatever_our_tables_make_of_it(district: District) -> None:
    before = reader().read(SAID).arrival
    after = reader({"求助": {"kind": "dispute", "nature": ""}}, {"城乡建设/供热": "0101"}).read(
        {**SAID, "due": "2026/11/27", "phone": "13812341234", "received_at": ""}
    )

    assert after.arrival.given["kind"] == "dispute"
    assert before.said == after.arrival.said


def test_every_wrong_cell_is_told_at_once(district: District) -> None:
    wrong = {"content": "", "number": "有 空格", "received_at": "昨天", "due": "尽快", "phone": "12", "street": "西街"}
    with pytest.raises(Incomplete) as refused:
        reader().read({**SAID, **wrong})

    assert set(refused.value.errors) == {"content", "number", "received_at", "phone", "street"}


def test_a_report_on_a_unit_of_ours_is_sealed_and_one_nobody_can_keep_it_from_is_not_taken(district: District) -> None:
    sealed = reader().read({**SAID, "nature": "举报", "unit": "区住房和城乡建设局"}).arrival.given
    shop = reader().read({**SAID, "nature": "举报", "unit": ""}).arrival.given
    with pytest.raises(Incomplete) as refused:
        reader().read({**SAID, "nature": "举报", "unit": "住建局某科"})

    assert (sealed["complained_unit"], sealed["complaint_nature"], sealed["confidential"]) == (
        "housing",
        "report",
        True,
    )
    assert ("complained_unit" in shop, shop["confidential"]) == (False, True)
    assert list(refused.value.errors) == ["unit"]


def test_a_name_that_two_units_share_keeps_neither_out_by_chance(district: District) -> None:
    district.unit("housing_2", "区住房保障中心", "department")
    Unit.objects.filter(code="housing_2").update(short_name="区住房和城乡建设局")
    with pytest.raises(Incomplete) as refused:
        reader().read({**SAID, "nature": "举报", "unit": "区住房和城乡建设局"})
    plain = reader().read({**SAID, "nature": "投诉", "unit": "区住房和城乡建设局"}).arrival.given
    by_code = reader().read({**SAID, "nature": "举报", "unit": "housing"}).arrival.given

    assert refused.value.errors == {
        "unit": [
            "本区有 2 个单位叫“区住房和城乡建设局”，不知道该回避哪一个；请改成单位代码："
            "housing（区住房和城乡建设局）、housing_2（区住房保障中心）。"
        ]
    }
    assert ("complained_unit" in plain, by_code["complained_unit"]) == (False, "housing")


@pytest.mark.parametrize("nature", ["作风投诉", "检举控告", "举报"])
def test_who_is_accused_without_a_name_is_accused_in_confidence(district: District, nature: str) -> None:
    given = reader().read({**SAID, "nature": nature, "unit": ""}).arrival.given

    assert (given["confidential"], "complained_unit" in given) == (True, False)


@pytest.mark.parametrize("name", ["number", "content", "due", "street", "unit"])
@pytest.mark.parametrize("sign", ["\x00", "\ud83d"])
def test_what_no_database_keeps_is_told_beside_its_cell_and_not_repeated(
    district: District, name: str, sign: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        reader().read({**SAID, name: f"甲{sign}乙"})

    assert refused.value.errors == {name: ["含有无法保存的字符，请去掉后再提交。"]}


def test_who_does_not_want_to_be_known_is_not(district: District) -> None:
    without = reader().read({**SAID, "name": "匿名", "phone": ""}).arrival.given
    callable_ = reader().read({**SAID, "name": "匿名"}).arrival.given
    masked = reader().read({**SAID, "phone": "138****1234"}).arrival.given

    assert ("reporters" in without, without["anonymous"]) == (False, True)
    assert (callable_["reporters"], callable_["confidential"]) == ([{"phone": "13812341234"}], True)
    assert masked["reporters"] == [{"name": "张三", "phone": ""}]
