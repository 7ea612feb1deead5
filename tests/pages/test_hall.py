"""The visit register and the hall's plan by page: counted, never ranked; read by the window at a glance."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from cases.hall.roster import desk_map, holding
from cases.models import RosterEntry, Visit
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import COMMUNITY, DISTRICT, OTHER_STREET, District

ClientOf = Callable[[str], Client]
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)


def row(district: District, unit: str = "housing", **given: Any) -> RosterEntry:
    given = {"presence": "resident", "desk": "3 号", "phone": "0349-6021111", **given}
    return RosterEntry.objects.create(area_code=DISTRICT, unit=district.units[unit], **given)


# --- visits -----------------------------------------------------------------------------------------------------


def test_a_registration_and_a_question_are_two_visits_with_their_totals(
    district: District, client_of: ClientOf
) -> None:
    now = timezone.now()
    case = district.register(now=now, visitor_count=11)
    clerk = client_of("clerk")
    asked = {"purpose": "progress", "number": case.number, "people": "2", "note": "问什么时候修"}
    assert clerk.post("/visits/", asked).status_code == 302
    page = clerk.get("/visits/").content.decode()
    for words in (
        "<b>2</b> 批",
        "<b>13</b> 人次",
        "<b>1</b> 初次",
        "<b>1</b> 重复",
        "<b>1</b> 集体访",
        "<b>1</b> 登记为新件",
    ):
        assert words in page
    assert list(Visit.objects.order_by("at").values_list("purpose", "repeat", "people")) == [
        ("matter", False, 11),
        ("progress", True, 2),
    ]


def test_the_sheet_shows_what_the_page_shows_and_names_nobody(district: District, client_of: ClientOf) -> None:
    case = district.register(now=timezone.now())
    response = client_of("clerk").get("/visits/?format=csv")
    text = b"".join(response).decode("utf-8-sig")  # type: ignore[call-overload]
    head, line = csv.reader(text.strip().splitlines())
    assert ",".join(head) == "时间,来访目的,人次,初次/重复,集体访,受理编号,接待人,备注"
    assert line[1:] == ["反映事项", "1", "初次", "", case.number, "小王", ""]
    assert ("张三" in text, "13812341234" in text) == (False, False)
    assert AuditEntry.objects.filter(action="export_visits").get().detail["rows"] == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"purpose": ""}, "请选择来访目的"),
        ({"purpose": "matter"}, "反映新的事项请到“登记”办理"),
        ({"purpose": "progress"}, "请填写问的是哪一件"),
        ({"purpose": "progress", "number": "26112310000018"}, "没有找到这个受理编号"),
        ({"purpose": "guidance", "people": "几个"}, "来访人数请填数字"),
    ],
)
def test_what_is_missing_is_told_beside_it(
    district: District, client_of: ClientOf, given: dict[str, str], sentence: str
) -> None:
    response = client_of("clerk").post("/visits/", given)
    assert (response.status_code, sentence in response.content.decode(), Visit.objects.count()) == (400, True, 0)


def test_a_hall_reads_its_own_visits(district: District, client_of: ClientOf) -> None:
    district.person("street_clerk", "小尹", "clerk", "other_street", OTHER_STREET)
    now = timezone.now()
    district.register(now=now)
    district.register(by="street_clerk", now=now, place={"area": OTHER_STREET})
    assert "<b>1</b> 批" in client_of("street_clerk").get("/visits/").content.decode()
    assert "<b>2</b> 批" in client_of("clerk").get("/visits/").content.decode()
    assert client_of("handler").get("/visits/").status_code == 403


def test_the_number_of_a_matter_one_may_not_see_is_not_shown(district: District, client_of: ClientOf) -> None:
    case = district.register(now=timezone.now(), complained_unit="centre", complaint_nature="conduct")
    assert case.number not in client_of("clerk").get("/visits/").content.decode()


def test_a_span_of_days_is_added_up_day_by_day_and_is_never_endless(district: District, client_of: ClientOf) -> None:
    now = timezone.now()
    for days in (0, 1, 1, 200):
        district.register(now=now - timedelta(days=days))
    today = now.astimezone(SHANGHAI).date()
    page = client_of("clerk").get(f"/visits/?from={today - timedelta(days=800)}&to={today}").content.decode()
    assert ("<b>3</b> 批" in page, page.count('<th scope="row">')) == (True, 2)


def test_the_register_asks_as_often_for_one_visit_as_for_thirty(
    district: District, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    clerk = client_of("clerk")
    for _time in range(30):
        district.register(now=now, place={"area": COMMUNITY})
    with django_assert_max_num_queries(12):
        clerk.get("/visits/")


# --- the hall's plan --------------------------------------------------------------------------------------------


def test_who_is_there_on_a_day(district: District) -> None:
    every = row(district)
    monday = row(district, "heating", presence="rotating", weekday=0)
    called = row(district, "committee", presence="on_call")
    lead = RosterEntry.objects.create(area_code=DISTRICT, leader=True, weekday=0, person="孙主任")
    found = desk_map(DISTRICT, MONDAY)
    assert (found.leaders, found.present, found.on_call) == ([lead], [every, monday], [called])
    assert desk_map(DISTRICT, MONDAY + timedelta(days=1)).present == [every]
    assert not desk_map(DISTRICT, SATURDAY)
    assert not desk_map(OTHER_STREET, MONDAY)


def test_one_date_takes_the_place_of_the_week(district: District) -> None:
    row(district)
    other = row(district, date=MONDAY, desk="5 号")
    assert desk_map(DISTRICT, MONDAY).present == [other]
    away = row(district, "heating", weekday=1)
    gone = RosterEntry(
        area_code=DISTRICT, unit=away.unit, presence="resident", date=MONDAY + timedelta(days=1), away=True
    )
    assert holding([away, gone], MONDAY + timedelta(days=1)) == []


def test_a_weekend_duty_holds_and_a_holiday_has_nobody(district: District) -> None:
    saturday = row(district, weekday=5)
    thursday = row(district, "heating", weekday=3)
    assert desk_map(DISTRICT, SATURDAY).present == [saturday]
    assert desk_map(DISTRICT, date(2026, 10, 1)).present == []  # National Day, a Thursday
    assert desk_map(DISTRICT, date(2026, 10, 8)).present == [thursday]


def test_the_centres_lead_plans_and_the_clerk_reads_it_beside_the_intake(
    district: District, client_of: ClientOf
) -> None:
    today = timezone.now().astimezone(SHANGHAI).date()
    lead = client_of("centre_lead")
    unit = {
        "what": "unit",
        "unit": "heating",
        "presence": "rotating",
        "date": str(today),
        "desk": "6 号",
        "phone": "0349-6021000",
    }
    assert lead.post("/roster/add/", unit).status_code == 302
    assert lead.post("/roster/add/", {"what": "leader", "date": str(today), "person": "孙主任"}).status_code == 302
    for address in ("/roster/", "/cases/new/"):
        page = client_of("clerk").get(address).content.decode()
        for words in ("区供热服务站", "6 号", "0349-6021000", "孙主任", "轮驻"):
            assert words in page, (address, words)


def test_several_weekdays_are_several_rows_and_each_can_be_taken_off(district: District, client_of: ClientOf) -> None:
    dispatcher = client_of("dispatcher")
    week = {"what": "unit", "unit": "heating", "presence": "rotating", "weekdays": ["1", "3"]}
    assert dispatcher.post("/roster/add/", week).status_code == 302
    assert list(RosterEntry.objects.order_by("weekday").values_list("weekday", flat=True)) == [1, 3]
    first = RosterEntry.objects.order_by("weekday")[0]
    assert dispatcher.post(f"/roster/{first.pk}/off/").status_code == 302
    assert dispatcher.post(f"/roster/{first.pk}/off/").status_code == 404
    assert RosterEntry.objects.count() == 1
    assert AuditEntry.objects.filter(action="roster").count() == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"what": "unit"}, "请选择单位。"),
        ({"what": "unit", "unit": "heating"}, "请选择常驻、轮驻还是随驻。"),
        ({"what": "leader"}, "请填写值班领导的姓名。"),
        ({"what": "leader", "person": "孙主任", "away": "on"}, "“当日不在”要写明是哪一天。"),
        (
            {"what": "leader", "person": "孙主任", "date": "2026-11-23", "weekdays": ["0"]},
            "按星期排班和单独一天只能选一样。",
        ),
        ({"what": "leader", "person": "孙主任", "date": "十一月"}, "日期请按"),
    ],
)
def test_a_plan_that_says_too_little_is_refused(
    district: District, client_of: ClientOf, given: dict[str, Any], sentence: str
) -> None:
    response = client_of("dispatcher").post("/roster/add/", given)
    assert (response.status_code, RosterEntry.objects.count()) == (400, 0)
    assert sentence in response.content.decode()


def test_only_those_who_keep_the_plan_change_it(district: District, client_of: ClientOf) -> None:
    unit = {"what": "unit", "unit": "heating", "presence": "resident"}
    assert client_of("clerk").post("/roster/add/", unit).status_code == 403
    assert "排班" not in client_of("clerk").get("/roster/").content.decode().split("<main")[1].replace("还没有排班", "")
