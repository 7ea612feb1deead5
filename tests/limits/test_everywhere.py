"""Wherever a date past the published year stands, 暂定 stands beside it; and no missing year breaks anything."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Notice
from cases import policies
from cases.models import Case, Deadline, Holiday
from cases.services.clock import sweep
from cases.views.due import due_of, step_of
from governance_portal.lib.numbers import query_code
from governance_portal.lib.working_days import (
    Calendar,
    Limit,
    LimitUnit,
    due,
    holiday_name,
    passed_words,
    remaining_words,
    warn_at,
)
from tests.api.phone import Phone
from tests.cases.cast import District, at

pytestmark = pytest.mark.django_db

NOW = at(29, 10, month=12)
ClientOf = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _winter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at the end of the published year."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def case(district: District) -> Case:
    """Signed on 29 December: to be resolved by 8 January, contacted by 31 December."""
    found = district.register(now=NOW)
    district.move(found, "accept", "clerk", NOW, category="A0102", level="general")
    district.move(found, "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")
    return district.move(found, "sign", "handler", NOW)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    whole = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", whole.decode()))


def test_every_page_of_a_case_says_it(case: Case, client_of: ClientOf) -> None:
    handler, clerk = client_of("handler"), client_of("clerk")
    page = text_of(handler, f"/cases/{case.number}/")
    assert {
        "the head": "还剩7个工作日（暂定）" in page,
        "the facts": "办结期限2027年1月8日星期五24:00（暂定）" in page,
        "the sentence": "2027年1月8日24:00前（暂定）办结" in page,
        "the list": "还剩7个工作日（暂定）" in text_of(handler, "/cases/?tab=all"),
        "paper": "还剩7个工作日（暂定）" in text_of(handler, f"/cases/{case.number}/print/"),
        "the receipt": "2027年1月8日星期五24:00前（暂定，以公布的放假安排为准）"
        in text_of(clerk, f"/cases/{case.number}/receipt/"),
    } == dict.fromkeys(("the head", "the facts", "the sentence", "the list", "paper", "the receipt"), True)


def test_the_desk_says_it(district: District, case: Case, client_of: ClientOf) -> None:
    district.record(case, "contact", "handler", NOW, way="phone", reached=True)
    assert "办结：还剩7个工作日（暂定）" in text_of(client_of("handler"), "/")


def test_the_resident_is_told(case: Case) -> None:
    key = {"number": case.number, "query_code": query_code(case.number, case.query_issue)}
    page = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", Client().post("/query/", key).content.decode()))
    assert "最晚2027年1月8日星期五24:00前答复您（暂定，以公布的放假安排为准）" in page


def test_the_step_that_ends_in_the_unpublished_year_says_it_too(district: District, case: Case) -> None:
    later = at(31, 10, month=12)
    district.record(case, "contact", "handler", later, way="phone", reached=True)
    district.move(case, "resolve", "handler", later, result="已修", outcome="fulfilled", reply="已修好。")
    row = Case.objects.get(pk=case.pk)
    assert (row.step_clock, row.step_tentative, step_of(row, later).told) == (
        "review_by",
        True,
        "审核：还剩 1 个工作日（暂定）",
    )
    assert due_of(row, later).told == "审核：还剩 1 个工作日（暂定）"


def test_the_phone_gets_it(district: District, case: Case) -> None:
    body = Phone(district, "handler").get(f"cases/{case.number}/").json()
    assert body["due_tentative"] is True
    assert {clock["clock"]: clock["tentative"] for clock in body["deadlines"]} == {
        **{"accept_by": False, "dispatch_by": False, "sign_by": False, "contact_by": False},
        "resolve_by": True,
    }
    assert (
        Phone(district)
        .post("public/lookup/", {"number": case.number, "query_code": query_code(case.number, case.query_issue)})
        .json()["due_tentative"]
        is True
    )


def test_the_sheet_says_it(case: Case, client_of: ClientOf) -> None:
    answer = client_of("handler").post("/cases/export/", {"query": "tab=all", "format": "csv"})
    head, *rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [dict(zip(head, row, strict=True))["时限"] for row in rows] == ["还剩 7 个工作日（暂定）"]


def test_a_roll_shows_both_days_on_the_case_page(district: District, client_of: ClientOf) -> None:
    """Sixty natural days from 3 November end on Saturday 2 January 2027; the first working day after is the 4th."""
    begun = at(3, 9)
    found = district.register(now=begun, procedure="petition")
    district.move(found, "accept", "clerk", begun, category="A0102", level="general")
    page = text_of(client_of("clerk"), f"/cases/{found.number}/")
    assert "办结期限2027年1月4日星期一24:00（暂定）；名义到期2027年1月2日星期六24:00，遇节假日顺延" in page


def test_what_a_person_has_set_is_never_tentative(district: District, case: Case) -> None:
    district.record(
        case, "order", "supervisor", NOW, kind="letter", demand="请说明", deadline=at(6, 17, month=1, year=2027)
    )
    assert Deadline.objects.get(case=case, clock="order_by").tentative is False


# --- missing years ----------------------------------------------------------------------------------------------


def test_without_any_calendar_everything_works_and_is_tentative(district: District, client_of: ClientOf) -> None:
    Holiday.objects.all().delete()
    policies.forget()
    found = district.register(now=NOW)
    district.move(found, "accept", "clerk", NOW, category="A0102", level="general")
    row = Case.objects.get(pk=found.pk)
    assert (row.due_tentative, row.due_at) == (True, at(9, 0, month=1, year=2027))
    lead = client_of("centre_lead")
    pages = [
        "/",
        "/cases/?tab=all",
        f"/cases/{found.number}/",
        "/board/",
        "/limits/",
        "/limits/calendar/2026/",
        "/limits/new/",
    ]
    assert {page: lead.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert client_of("clerk").get("/cases/new/").status_code == 200
    assert client_of("clerk").get("/roster/?day=2150-10-01").status_code == 200


@pytest.mark.parametrize("year", [1950, 2003, 2027, 2101, 2150, 2198])
@pytest.mark.parametrize("unit", list(LimitUnit))
def test_no_year_raises(year: int, unit: LimitUnit) -> None:
    calendar = Calendar({}, None)
    start = at(30, 10, month=12, year=year)
    found = due(start, Limit(9, unit), calendar, [(start + timedelta(hours=1), start + timedelta(days=2))])
    assert start < found.due
    assert warn_at(start, found, Limit(9, unit), calendar) <= found.due
    words = [
        remaining_words(moment, found.due, calendar, found.tentative)
        for moment in (start, found.due + timedelta(days=9))
    ]
    assert [word for word in [*words, passed_words(start, found.due, calendar)] if not word] == []
    assert holiday_name(date(year if year != 2003 else 1999, 10, 1)) == ""


def test_one_day_of_a_year_publishes_nothing_and_a_gap_stays_a_gap() -> None:
    whole = {date.fromordinal(n): True for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())}
    after = {date.fromordinal(n): True for n in range(date(2028, 1, 1).toordinal(), date(2029, 1, 1).toordinal())}
    assert policies.last_published(whole) == 2026
    assert policies.last_published({**whole, date(2027, 5, 6): True}) == 2026
    assert policies.last_published({**whole, **after}) == 2026
    assert policies.last_published({day: True for day in whole if day != date(2026, 7, 7)}) is None
    assert policies.calendar_of({**whole, date(2027, 5, 6): False}).is_workday(date(2027, 5, 6)) is False


def test_a_reminder_says_it(district: District, case: Case) -> None:
    row = Deadline.objects.get(case=case, clock="resolve_by")
    Notice.objects.all().delete()
    sweep(row.warn_at)
    told = Notice.objects.filter(title=f"{case.number} 办结时限即将到期").values_list("user__username", "body")
    assert list(told) == [("handler", "办结时限到2027年1月8日 星期五 24:00（暂定）。请抓紧办理。")]
