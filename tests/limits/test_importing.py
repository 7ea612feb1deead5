"""2027 is unpublished, then imported: every 暂定 date foreseen, confirmed, counted again, listed and told, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import AuditEntry, Notice
from cases import policies
from cases.limits import importing, moving, telling
from cases.limits.notice import NoticeRow, read_notice
from cases.models import CalendarImport, Case, Deadline, Holiday, MovedDate, Recount
from cases.services import recounting
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import District, at
from tests.clock import walker
from tests.limits.notice_2027 import ROWS, SOURCE, as_csv

pytestmark = pytest.mark.django_db

NOW = at(29, 9, month=12)
LATER = NOW + timedelta(minutes=3)
OFF_2027 = {day for row in read_notice(as_csv(), 2027).rows if not row.worked for day in row.days()}
WORKED_2027 = {day for row in read_notice(as_csv(), 2027).rows if row.worked for day in row.days()}


def works_by_the_notice(day: date) -> bool:
    """The walker's calendar once 2027 is known."""
    if day.year != 2027:
        return walker.worked(day)
    return day not in OFF_2027 and (day.weekday() < 5 or day in WORKED_2027)


def end_of(day: int, month: int = 1, year: int = 2027) -> datetime:
    return at(day, 0, month=month, year=year) + timedelta(days=1)


def accepted(d: District, now: datetime, level: str = "general", **given: object) -> Case:
    return d.move(d.register(now=now, **given), "accept", "clerk", now, category="A0102", level=level)


def signed(d: District, now: datetime, level: str = "general") -> Case:
    case = accepted(d, now, level)
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler", now)


@pytest.fixture
def winter(district: District) -> dict[str, Case]:
    """Cases whose dates lie before, over and past the turn of the year."""
    return {
        "handled": signed(district, at(28, 10, month=12)),
        "major": signed(district, at(28, 10, month=12), "major"),
        "waits": accepted(district, at(29, 8, month=12)),
        "past": accepted(district, at(23, 9)),
        "petition": accepted(district, at(2, 9, month=12), procedure="petition"),
    }


def draft(d: District, rows: tuple[tuple[str, ...], ...] = ROWS, by: str = "centre_lead") -> CalendarImport:
    notice = read_notice(as_csv(rows), 2027)
    return importing.keep_notice(notice, d.actor(by, NOW), "notice-2027.csv", NOW)


def moved_of(rows: object) -> list[tuple[str, str, datetime, datetime, bool, bool]]:
    found = [
        (
            getattr(row, "number", None) or row.case.number,
            row.clock,
            row.due_from,
            row.due_to,
            row.tentative_from,
            row.tentative_to,
        )
        for row in rows  # type: ignore[attr-defined]
    ]
    return sorted(found)


def test_what_is_foreseen_is_what_then_moves_and_nothing_is_written_before(
    district: District, winter: dict[str, Case]
) -> None:
    kept = draft(district)
    before = list(Deadline.objects.order_by("pk").values_list("due_at", "tentative"))
    change, foreseen = importing.foresee_draft(kept)
    assert list(Deadline.objects.order_by("pk").values_list("due_at", "tentative")) == before
    assert Holiday.objects.filter(date__year=2027).count() == 0
    assert change.since == date(2027, 1, 1)
    wish = importing.confirm(kept.pk, district.actor("centre_lead", NOW), NOW)
    assert Holiday.objects.filter(date__year=2027).count() == 365
    assert recounting.recount_asked(LATER) == 4
    assert moved_of(foreseen.rows) == moved_of(MovedDate.objects.filter(recount=wish))
    assert list(faults()) == []


def test_every_tentative_date_is_counted_again_and_equals_the_walker(
    district: District, winter: dict[str, Case]
) -> None:
    """Signed on Monday 28 December: seven working days are 29, 30, 31, then 5, 6, 7, 8 January; 4 January is off."""
    stood = {key: Case.objects.get(pk=case.pk) for key, case in winter.items()}
    assert [(key, case.due_at, case.due_tentative) for key, case in stood.items()] == [
        ("handled", end_of(7), True),
        ("major", end_of(19), True),
        ("waits", end_of(8), True),
        ("past", end_of(2, 12, 2026), False),
        ("petition", end_of(1, 2), True),
    ]
    importing.confirm(draft(district).pk, district.actor("centre_lead", NOW), NOW)
    recounting.recount_asked(LATER)
    found = {key: Case.objects.get(pk=case.pk) for key, case in winter.items()}
    # The worked Saturday 9 January and the worked Sunday 31 January are counted by the notice.
    assert [(key, case.due_at, case.due_tentative) for key, case in found.items()] == [
        ("handled", end_of(8), False),
        ("major", end_of(19), False),
        ("waits", end_of(9), False),
        ("past", end_of(2, 12, 2026), False),
        ("petition", end_of(31), False),
    ]
    limits = {"handled": (7, "working_day"), "major": (15, "working_day"), "waits": (7, "working_day")}
    for key, (amount, unit) in {**limits, "petition": (60, "natural_day")}.items():
        clock = Deadline.objects.get(case=winter[key], clock="resolve_by")
        walked = walker.walk(clock.started_at, amount, unit, works_by_the_notice, date(2027, 12, 31))
        assert (clock.nominal_at, clock.due_at, clock.tentative) == walked, key
    assert Deadline.objects.filter(tentative=True).count() == 0
    assert Case.objects.filter(step_tentative=True).count() == 0


def test_those_concerned_are_told_once_each_in_one_digest(district: District, winter: dict[str, Case]) -> None:
    wish = importing.confirm(draft(district).pk, district.actor("centre_lead", NOW), NOW)
    Notice.objects.all().delete()
    recounting.recount_asked(LATER)
    recounting.recount_asked(LATER + timedelta(hours=1))
    told = dict(Notice.objects.filter(kind="calendar").values_list("user__username", "title"))
    assert told == {
        "handler": "放假安排有更新，您的 2 件事项期限已重新计算",
        "dispatcher": "放假安排有更新，您的 2 件事项期限已重新计算",
    }
    handled, major = winter["handled"].number, winter["major"].number
    assert Notice.objects.get(kind="calendar", user__username="handler").body == (
        "2027 年放假安排已导入：期限推后 1 个，日期不变、转为确定 1 个。"
        f"{handled} 办结时限 2027年1月7日 → 2027年1月8日。"
    )
    assert major not in Notice.objects.get(kind="calendar", user__username="handler").body
    wish.refresh_from_db()
    assert (wish.done_at, wish.told_at, wish.changed) == (LATER, LATER, 4)


def test_killed_between_counting_and_telling_everybody_is_told_the_next_time(
    district: District, winter: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    importing.confirm(draft(district).pk, district.actor("centre_lead", NOW), NOW)

    def killed(*_args: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(telling, "tell", killed)
        with pytest.raises(KeyboardInterrupt):
            recounting.recount_asked(LATER)
    assert Notice.objects.filter(kind="calendar").count() == 0
    assert recounting.recount_asked(LATER + timedelta(minutes=2)) == 0
    assert Notice.objects.filter(kind="calendar").count() == 2


def test_killed_in_the_middle_of_counting_nothing_is_listed_twice(
    district: District, winter: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = importing.confirm(draft(district).pk, district.actor("centre_lead", NOW), NOW)
    count_one, seen = recounting._recount_one, []

    def dies_at_the_third(key: int, asked: Recount | None) -> bool:
        seen.append(key)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return count_one(key, asked)

    with monkeypatch.context() as patched:
        patched.setattr(recounting, "_recount_one", dies_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            recounting.recount_asked(LATER)
    Recount.objects.update(claimed_until=None)  # its lease has run out
    recounting.recount_asked(LATER)
    keys = list(wish.moved.values_list("case_id", "clock", "period"))
    moved = ("handled", "major", "waits", "petition")
    assert sorted(keys) == sorted((winter[name].pk, "resolve_by", 1) for name in moved)


def test_a_wish_waits_until_no_process_can_still_count_by_the_old_calendar(
    district: District, winter: dict[str, Case]
) -> None:
    importing.confirm(draft(district).pk, district.actor("centre_lead", NOW), NOW)
    assert recounting.recount_asked(NOW + timedelta(seconds=59)) == 0
    assert recounting.recount_asked(NOW + timedelta(seconds=61)) == 4
    assert timedelta(seconds=policies.KEEP_SECONDS) < recounting.SETTLES


def test_one_edited_day_of_an_unpublished_year_publishes_nothing(district: District, winter: dict[str, Case]) -> None:
    row = NoticeRow(date(2027, 1, 5), date(2027, 1, 5), False, "临时停班", "区政府通知")
    kept = importing.keep_day(row, district.actor("centre_lead", NOW), NOW)
    change, foreseen = importing.foresee_draft(kept)
    assert (change.since, change.changed) == (date(2027, 1, 5), (date(2027, 1, 5),))
    importing.confirm(kept.pk, district.actor("centre_lead", NOW), NOW)
    recounting.recount_asked(LATER)
    case = Case.objects.get(pk=winter["handled"].pk)
    assert (case.due_at, case.due_tentative) == (end_of(8), True)
    assert {row.way for row in foreseen.rows} == {"later"}
    assert AuditEntry.objects.get(action="calendar.edited").reason == "2027年1月5日改为休息（临时停班）"


def test_a_day_that_has_passed_by_a_published_calendar_is_not_changed_any_more(district: District) -> None:
    """Rule 6: lateness already reached is never cleared. A past day of a year that was only 暂定 may be corrected."""
    lead = district.actor("centre_lead", NOW)
    monday = NoticeRow(date(2026, 12, 28), date(2026, 12, 28), False, "停班", "区政府通知")
    with pytest.raises(Incomplete) as refused:
        importing.keep_day(monday, lead, NOW)
    assert refused.value.errors == {
        "date": ["2026-12-28 已经过去，那天的期限已经按公布的日历判过，不能再改；请只改今天或以后的日子。"]
    }
    tomorrow = NoticeRow(date(2026, 12, 30), date(2026, 12, 30), False, "停班", "区政府通知")
    kept = importing.keep_day(tomorrow, lead, NOW)
    with pytest.raises(NotNow):
        importing.confirm(kept.pk, lead, NOW + timedelta(days=2))
    late = at(20, 9, month=1, year=2027)
    importing.confirm(draft(district).pk, district.actor("centre_lead", late), late)
    assert Holiday.objects.get(date=date(2027, 1, 4)).workday is False


def test_the_same_notice_twice_changes_nothing_the_second_time(district: District, winter: dict[str, Case]) -> None:
    for _ in range(2):
        importing.confirm(draft(district).pk, district.actor("centre_lead", NOW), NOW)
        recounting.recount_asked(LATER)
    first, second = Recount.objects.order_by("pk")
    assert (first.changed, second.changed, second.moved.count()) == (4, 0, 0)


def test_a_confirmed_notice_is_not_confirmed_again(district: District) -> None:
    kept, lead = draft(district), district.actor("centre_lead", NOW)
    importing.confirm(kept.pk, lead, NOW)
    with pytest.raises(NotNow):
        importing.confirm(kept.pk, lead, NOW)
    assert Recount.objects.count() == 1


def test_a_fault_while_writing_leaves_nothing_half_written(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = draft(district)

    def breaks(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError

    monkeypatch.setattr("cases.limits.importing.audit.record", breaks)
    with pytest.raises(IntegrityError), transaction.atomic():
        importing.confirm(kept.pk, district.actor("centre_lead", NOW), NOW)
    kept.refresh_from_db()
    assert (Holiday.objects.filter(date__year=2027).count(), Recount.objects.count(), kept.confirmed_at) == (0, 0, None)


def test_a_faulty_notice_is_not_kept_and_others_do_not_keep_the_calendar(district: District) -> None:
    faulty = read_notice(as_csv((("2027-01-01", "休", "元旦", SOURCE),)), 2027)
    with pytest.raises(Incomplete):
        importing.keep_notice(faulty, district.actor("centre_lead", NOW), "x.csv", NOW)
    assert CalendarImport.objects.count() == 0
    kept = draft(district)
    with pytest.raises(NotYou):
        importing.confirm(kept.pk, district.actor("supervisor", NOW), NOW)


def test_numbers_are_shown_only_to_who_sees_the_case(district: District, winter: dict[str, Case], admin: str) -> None:
    _change, foreseen = importing.foresee_draft(draft(district))
    shown = {
        who: {row.number for row in moving.shown_to(foreseen.rows, district.actor(who, NOW), NOW)}
        for who in ("centre_lead", "handler", "handler_other", admin)
    }
    moved = {winter[key].number for key in ("handled", "major", "waits", "petition")}
    assert shown == {
        "centre_lead": moved,
        "handler": {winter["handled"].number, winter["major"].number},
        "handler_other": set(),
        admin: set(),
    }
    assert foreseen.cases == 4


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_tries_without_writing_and_then_writes_and_counts(
    district: District, winter: dict[str, Case], tmp_path: Path
) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes(as_csv())
    out = StringIO()
    call_command("import_calendar", str(file), "--year", "2027", stdout=out)
    assert out.getvalue().splitlines()[:2] == [
        "2027 年：放假 28 天，调休上班 3 天。",
        "看了 4 件在办事项：4 件会动；提前 1 个，推后 2 个，转为确定 1 个。",
    ]
    assert (Holiday.objects.filter(date__year=2027).count(), CalendarImport.objects.count()) == (0, 0)
    out = StringIO()
    call_command(
        "import_calendar", str(file), "--year", "2027", "--write", "--author", "centre_lead", "--recount", stdout=out
    )
    assert out.getvalue().splitlines() == [
        "2027 年：放假 28 天，调休上班 3 天。",
        "  已算 4 / 4 件",
        "已写入日历，4 件事项的时限有变动，4 个期限列入清单。",
    ]


def test_the_command_says_every_fault_and_writes_nothing(district: District, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes(as_csv((*ROWS, ("x", "休", "y", ""))))
    err = StringIO()
    with pytest.raises(CommandError, match="有 1 处需要更正，什么都没有写入"):
        call_command("import_calendar", str(file), "--year", "2027", "--write", "--author", "centre_lead", stderr=err)
    assert err.getvalue().startswith(f"第 {len(ROWS) + 2} 行：日期“x”读不出来")
    file.write_bytes(as_csv())
    with pytest.raises(CommandError, match="不是中心负责人或系统管理员"):
        call_command("import_calendar", str(file), "--year", "2027", "--write", "--author", "clerk", stdout=StringIO())
    assert Holiday.objects.filter(date__year=2027).count() == 0


# --- the pages --------------------------------------------------------------------------------------------------


def test_from_the_file_to_the_list_of_moved_dates_by_the_pages(
    district: District, winter: dict[str, Case], client_of: Callable[[str], Client], tmp_path: Path
) -> None:
    lead = client_of("centre_lead")
    file = tmp_path / "2027.csv"
    file.write_bytes(as_csv())
    with file.open("rb") as stream:
        answer = lead.post("/limits/calendar/import/", {"year": "2027", "file": stream})
    address = answer["Location"]
    page = lead.get(address).content.decode()
    assert (f"/cases/{winter['handled'].number}/" in page, "2027年1月8日 星期五 24:00" in page) == (True, True)
    assert "2027年1月7日 星期四 24:00（暂定）" in page
    answer = lead.post(address)
    wish = Recount.objects.get()
    assert answer["Location"] == f"/limits/moved/{wish.pk}/"
    assert "正在等待重新计算" in lead.get(answer["Location"]).content.decode()
    recounting.recount_asked(wish.asked_at + timedelta(minutes=2))
    listed = {who: client_of(who).get(answer["Location"]).content.decode() for who in ("centre_lead", "handler")}
    numbers = {who: {c.number for c in winter.values() if c.number in page} for who, page in listed.items()}
    assert numbers == {
        "centre_lead": {winter[key].number for key in ("handled", "major", "waits", "petition")},
        "handler": {winter["handled"].number, winter["major"].number},
    }
    assert lead.get(address)["Location"] == f"/limits/moved/{wish.pk}/"


def test_the_administrator_sees_counts_and_no_number(
    district: District, winter: dict[str, Case], admin: str, client_of: Callable[[str], Client]
) -> None:
    kept = draft(district)
    page = client_of(admin).get(f"/limits/calendar/drafts/{kept.pk}/").content.decode()
    assert [case.number for case in winter.values() if case.number in page] == []
    assert ("您的岗位不办理事项，所以只显示件数" in page, "<b>4</b> 件事项" in page) == (True, True)
    assert client_of(admin).post(f"/limits/calendar/drafts/{kept.pk}/").status_code == 302


def test_faults_of_a_file_are_told_row_by_row_on_the_page(
    district: District, client_of: Callable[[str], Client], tmp_path: Path
) -> None:
    lead = client_of("centre_lead")
    file = tmp_path / "2027.csv"
    file.write_bytes(as_csv((*ROWS, ("x", "休", "y", ""))))
    with file.open("rb") as stream:
        answer = lead.post("/limits/calendar/import/", {"year": "2027", "file": stream})
    page = answer.content.decode()
    assert (answer.status_code, "第 13 行" in page, "有 1 处需要更正，什么都没有写入" in page) == (400, True, True)
    empty = lead.post("/limits/calendar/import/", {"year": "27"})
    assert (empty.status_code, empty.content.decode().count("field__errors")) == (400, 2)
    assert CalendarImport.objects.count() == 0


def test_a_year_without_notice_says_so_and_no_year_breaks_a_page(
    district: District, client_of: Callable[[str], Client]
) -> None:
    lead = client_of("centre_lead")
    answers = {year: lead.get(f"/limits/calendar/{year}/") for year in (2003, 2004, 2026, 2027, 2199, 2200)}
    assert {year: answer.status_code for year, answer in answers.items()} == {
        **{2003: 404, 2004: 200, 2026: 200, 2027: 200, 2199: 200, 2200: 404},
    }
    told = {year: "这一年的放假安排还没有导入" in answers[year].content.decode() for year in (2026, 2027)}
    assert told == {2026: False, 2027: True}
    assert "春节调休" in answers[2026].content.decode()


def test_the_sheet_of_a_year_can_be_imported_again(district: District, client_of: Callable[[str], Client]) -> None:
    lead = client_of("centre_lead")
    sheet = b"".join(lead.get("/limits/calendar/2026.csv"))  # type: ignore[arg-type]
    notice = read_notice(sheet, 2026)
    assert (notice.problems, notice.worked) == ([], 6)
    kept = importing.keep_notice(notice, district.actor("centre_lead", NOW), "2026.csv", NOW)
    change, foreseen = importing.foresee_draft(kept)
    assert (change.changed, foreseen.rows) == ((), [])


def test_one_day_is_edited_through_the_same_preview(
    district: District, winter: dict[str, Case], client_of: Callable[[str], Client]
) -> None:
    lead = client_of("centre_lead")
    wrong = lead.post("/limits/calendar/2027/day/", {"date": "2027-02-30", "worked": "", "source": ""})
    assert (wrong.status_code, wrong.content.decode().count("field__errors")) == (400, 3)
    given = {"date": "2027-01-05", "worked": "休", "name": "临时停班", "source": "区政府通知"}
    address = lead.post("/limits/calendar/2027/day/", given)["Location"]
    assert "推后" in lead.get(address).content.decode()


@pytest.mark.parametrize("year", [0, 2003, 2200, 9999, 10000, 99999])
def test_a_year_beyond_the_calendar_is_no_page_whatever_is_asked_of_it(
    district: District, client_of: Callable[[str], Client], year: int
) -> None:
    lead = client_of("centre_lead")
    asked = [
        lead.get(f"/limits/calendar/{year}/"),
        lead.get(f"/limits/calendar/{year}.csv"),
        lead.post(f"/limits/calendar/{year}/day/", {"date": "2027-02-30"}),
        lead.post(f"/limits/calendar/{year}/day/", {"date": "2027-01-05", "worked": "休", "source": "区政府通知"}),
    ]
    assert [answer.status_code for answer in asked] == [404] * 4
    assert CalendarImport.objects.count() == 0


def test_the_import_offers_the_first_year_that_is_not_published_without_drawing_any(
    district: District, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    monkeypatch.setattr("cases.views.calendar.year_of", None)
    page = client_of("centre_lead").get("/limits/calendar/import/")
    assert page.context["f"]["year"]["value"] == "2027"


@pytest.mark.parametrize("who", ["clerk", "supervisor", "handler", "auditor"])
def test_nobody_else_keeps_the_calendar(district: District, client_of: Callable[[str], Client], who: str) -> None:
    kept = draft(district)
    client = client_of(who)
    pages = ["", "new/", "calendar/2027/", "calendar/import/", f"calendar/drafts/{kept.pk}/", "foresee/", "draft/"]
    assert {page: client.get(f"/limits/{page}").status_code for page in pages} == dict.fromkeys(pages, 403)
    assert client.post(f"/limits/calendar/drafts/{kept.pk}/").status_code == 403
    assert Holiday.objects.filter(date__year=2027).count() == 0
