"""Every clock of the contract, with dates counted by hand on the calendar of 2026.

In November and December 2026 there is no holiday; 10-01 to 10-07 are off, Saturday 10-10 is worked; Friday 2027-01-01
is off and the year 2027 is not published.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from cases.models import Case, Deadline, Holiday
from cases.services.integrity import faults
from tests.cases.cast import District, at
from tests.cases.matrix import GIVEN, people

GENERAL = {"category": "A0102", "level": "general"}


@pytest.fixture
def cast(district: District) -> District:
    return people(district)


def end_of(day: int, month: int = 11, year: int = 2026) -> datetime:
    """24:00 of a day."""
    return at(day, 0, month=month, year=year) + timedelta(days=1)


def accepted(d: District, now: datetime, level: str = "general", **given: Any) -> Case:
    category = {"consultation": "C0101", "dispute": "0101"}.get(given.get("kind", ""), "A0102")
    return d.move(d.register(now=now, **given), "accept", "clerk", now, category=category, level=level)


def signed(d: District, now: datetime, level: str = "general", **given: Any) -> Case:
    case = accepted(d, now, level, **given)
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler", now)


def clock(case: Case, name: str, period: int = 1) -> Deadline:
    return Deadline.objects.get(case=case, clock=name, period=period)


def told(case: Case) -> list[tuple[str, int, datetime, bool, bool]]:
    """(clock, period, due, running, met) of every clock, in the order they were started."""
    rows = Deadline.objects.filter(case=case).order_by("started_at", "clock")
    return [(row.clock, row.period, row.due_at, row.running, row.met_at is not None) for row in rows]


def test_every_clock_starts_and_is_met_where_the_contract_says(cast: District) -> None:
    case = cast.register(now=at(23, 9))
    cast.move(case, "accept", "clerk", at(23, 10), **GENERAL)
    cast.move(case, "dispatch", "dispatcher", at(23, 11), lead_unit="housing", mode="forward")
    cast.move(case, "return", "handler", at(24, 9), **GIVEN["return"])
    cast.move(case, "insist", "dispatcher", at(24, 10), **GIVEN["insist"])
    cast.move(case, "sign", "handler", at(24, 11))
    cast.record(case, "contact", "handler", at(24, 12), way="phone", reached=True)
    cast.move(case, "resolve", "handler", at(26, 9), **GIVEN["resolve"])
    cast.move(case, "approve", "supervisor", at(27, 9))
    cast.move(case, "confirm", "follow_up", at(30, 9), **GIVEN["confirm"])
    assert told(case) == [
        ("accept_by", 1, end_of(23), False, True),
        ("dispatch_by", 1, end_of(24), False, True),
        ("resolve_by", 1, end_of(2, 12), False, True),
        ("sign_by", 1, end_of(24), False, True),
        ("dispatch_by", 2, end_of(25), False, True),
        ("sign_by", 2, end_of(25), False, True),
        ("contact_by", 1, end_of(26), False, True),
        ("review_by", 1, end_of(27), False, True),
        ("follow_up_by", 1, end_of(2, 12), False, True),
    ]


@pytest.mark.behaviour(15)
def test_what_comes_in_on_a_saturday_is_accepted_by_the_end_of_monday(cast: District) -> None:
    case = cast.register("resident", now=at(28, 22))
    found = clock(case, "accept_by")
    assert (found.nominal_at, found.due_at, found.tentative) == (end_of(28), end_of(30), False)


@pytest.mark.behaviour(15)
def test_a_late_evening_in_shanghai_is_that_day_and_not_the_next(cast: District) -> None:
    assert accepted(cast, at(23, 23, 59)).due_at == accepted(cast, at(23, 0, 1)).due_at == end_of(2, 12)


@pytest.mark.behaviour(15)
def test_seven_working_days_over_the_national_day_count_the_worked_saturday(cast: District) -> None:
    """8, 9, 10 (Saturday, worked), 12, 13, 14, 15 October."""
    assert accepted(cast, at(30, month=9)).due_at == end_of(15, 10)


def test_sixty_natural_days_that_end_on_a_holiday_roll_to_the_next_working_day(cast: District) -> None:
    """From 2 August the sixtieth day is 1 October; the first worked day after is the 8th."""
    case = accepted(cast, at(2, month=8), procedure="petition")
    found = clock(case, "resolve_by")
    assert (found.nominal_at, found.due_at) == (end_of(1, 10), end_of(8, 10))


def test_a_date_in_a_year_not_yet_published_is_tentative_and_counted_again_with_the_notice(cast: District) -> None:
    """29, 30, 31 December, then 4, 5, 6, 7 January; the notice makes Monday 4 January a day off."""
    case = accepted(cast, at(28, month=12))
    case.refresh_from_db()
    assert (case.due_at, case.due_tentative) == (end_of(7, 1, 2027), True)
    events = case.events.count()
    for ordinal in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        Holiday.objects.create(date=day, workday=day.weekday() < 5 and day not in (date(2027, 1, 1), date(2027, 1, 4)))
    out = StringIO()
    call_command("recount_deadlines", "2027-01-01", stdout=out)
    case.refresh_from_db()
    assert (case.due_at, case.due_tentative, case.events.count()) == (end_of(8, 1, 2027), False, events)
    assert clock(case, "resolve_by").due_at == end_of(8, 1, 2027)
    assert (out.getvalue(), list(faults())) == ("已重新计算，1 件事项的时限有变动。\n", [])


@pytest.mark.behaviour(15)
def test_the_time_of_waiting_for_material_does_not_count(cast: District) -> None:
    case = cast.register(now=at(23, 9))
    cast.move(case, "request_material", "clerk", at(23, 10), **GIVEN["request_material"])
    assert clock(case, "accept_by").running is False
    cast.move(case, "supplement", "resident", at(26, 10), supplement="已补交")
    assert (clock(case, "accept_by").due_at, clock(case, "accept_by").running) == (end_of(26), True)


def test_a_suspension_moves_the_date_by_the_days_it_covered_and_the_clock_may_end_it(cast: District) -> None:
    """24, 25 and 26 November do not count: 27, 30, 1, 2, 3, 4, 7."""
    case = signed(cast, at(23))
    cast.move(case, "suspend", "housing_lead", at(24, 10), **GIVEN["suspend"])
    case.refresh_from_db()
    assert (case.due_at, case.due_running) == (end_of(2, 12), False)
    cast.move(case, "resume", "clock", at(27, 10))
    case.refresh_from_db()
    assert (case.due_at, case.due_running, case.late) == (end_of(7, 12), True, False)


def test_hours_run_through_the_night_and_stand_still_while_suspended(cast: District) -> None:
    case = signed(cast, at(23, 20), "urgent")
    assert case.due_at == at(24, 20)
    cast.move(case, "suspend", "housing_lead", at(23, 22), **GIVEN["suspend"])
    case = cast.move(case, "resume", "handler", at(24, 1))
    assert case.due_at == at(24, 23)


def test_checking_never_makes_the_unit_late_and_sending_back_resumes_the_date_unchanged(cast: District) -> None:
    case = signed(cast, at(23))
    cast.move(case, "resolve", "handler", at(25), **GIVEN["resolve"])
    cast.record(case, "note", "clerk", at(20, month=12), text="仍在审核")
    case.refresh_from_db()
    assert (case.late, case.due_running) == (False, False)
    case = cast.move(case, "approve", "supervisor", at(20, month=12))
    assert case.late is False
    other = signed(cast, at(23))
    cast.move(other, "resolve", "handler", at(25), **GIVEN["resolve"])
    other = cast.move(other, "send_back", "supervisor", at(26), note="照片不清")
    assert (other.due_at, other.due_running) == (end_of(2, 12), True)


@pytest.mark.parametrize(
    ("given", "level", "due"),
    [
        ({}, "general", end_of(30)),  # 7 working days, half 4: 25, 26, 27, 30
        ({"kind": "consultation"}, "general", end_of(27)),  # 3, half 2, at least 3
        ({}, "major", end_of(4, 12)),  # 15, half 8
        ({}, "urgent", end_of(27)),  # 24 hours: three working days
        ({"procedure": "petition"}, "general", end_of(24, 12)),  # 60 natural days, half 30
    ],
)
def test_redoing_opens_a_second_round_with_half_the_limit(
    cast: District, given: dict[str, Any], level: str, due: datetime
) -> None:
    case = signed(cast, at(23), level, **given)
    cast.move(case, "resolve", "housing_lead", at(23, 10), **GIVEN["resolve"])
    cast.move(case, "approve", "supervisor", at(24, 9))
    case = cast.move(case, "redo", "follow_up", at(24, 10), note="请再查")
    assert (case.round, case.due_at, case.due_running) == (2, due, True)


def test_on_time_is_judged_by_the_first_round(cast: District) -> None:
    case = signed(cast, at(23))
    cast.move(case, "resolve", "handler", at(24), **GIVEN["resolve"])
    cast.move(case, "approve", "supervisor", at(24))
    cast.move(case, "redo", "follow_up", at(24), note="请再查")
    cast.move(case, "resolve", "handler", at(30, month=12), **GIVEN["resolve"])
    case.refresh_from_db()
    assert (case.late, clock(case, "resolve_by", 2).late_at) == (False, end_of(30))


def test_an_approved_extension_lengthens_the_date_once_and_a_refused_one_does_not(cast: District) -> None:
    case = signed(cast, at(23))
    refused = cast.record(case, "request", "handler", at(24), kind="extension", amount=2, reason="配件未到")
    cast.record(
        case, "decide", "housing_lead", at(24), request=refused.data["request"], approved=False, note="配件当天可到"
    )
    case.refresh_from_db()
    assert case.due_at == end_of(2, 12)
    asked = cast.record(case, "request", "handler", at(25), kind="extension", amount=3, reason="配件未到")
    cast.record(case, "decide", "housing_lead", at(25), request=asked.data["request"], approved=True)
    case.refresh_from_db()
    assert (case.due_at, case.late) == (end_of(7, 12), False)


def test_an_order_has_its_own_date_which_is_met_by_the_answer_and_ended_by_lifting(cast: District) -> None:
    case = signed(cast, at(23))
    numbers = [
        cast.record(case, "order", "supervisor", at(23), kind="letter", demand="请说明", deadline=at(26, 17)).data[
            "order"
        ]
        for _ in range(2)
    ]
    assert [clock(case, "order_by", number).due_at for number in numbers] == [at(26, 17)] * 2
    cast.record(case, "respond", "handler", at(27), order=numbers[0], response="已整改")
    first, second = (clock(case, "order_by", number) for number in numbers)
    assert (first.met_at, first.late_at, first.running) == (at(27), at(26, 17), False)
    assert (second.met_at, second.late_at, second.running) == (None, at(26, 17), True)
    cast.record(case, "lift", "supervisor", at(27), order=numbers[1], note="已整改")
    assert clock(case, "order_by", numbers[1]).running is False


def test_declining_and_merging_halt_the_date_where_it_is_and_going_back_lets_it_run(cast: District) -> None:
    case = accepted(cast, at(23))
    cast.move(case, "decline", "clerk", at(24), **GIVEN["decline"])
    case.refresh_from_db()
    assert (case.due_at, case.due_running, case.is_open) == (end_of(2, 12), False, False)
    cast.move(case, "review_decline", "supervisor", at(25), note="应当受理")
    cast.move(case, "accept", "clerk", at(26), **GENERAL)
    case.refresh_from_db()
    assert (case.due_at, case.due_running) == (end_of(2, 12), True)
    cast.move(case, "merge", "dispatcher", at(27), master=accepted(cast, at(23)).number)
    case.refresh_from_db()
    assert (case.due_at, case.due_running) == (end_of(2, 12), False)
    cast.move(case, "unmerge", "dispatcher", at(10, month=12), note="不是同一件事")
    case.refresh_from_db()
    assert (case.due_at, case.due_running, case.status) == (end_of(2, 12), True, "accepted")


def test_a_reviewed_case_that_is_then_settled_on_the_spot_meets_its_date(cast: District) -> None:
    case = accepted(cast, at(23))
    cast.move(case, "decline", "clerk", at(24), **GIVEN["decline"])
    cast.move(case, "review_decline", "supervisor", at(25), note="应当受理")
    cast.move(case, "resolve_on_spot", "clerk", at(25), result="当场说明", outcome="answered", reply="已答复。")
    assert (clock(case, "resolve_by").met_at, clock(case, "resolve_by").running) == (at(25), False)


def test_merging_a_reviewed_case_and_back_lets_no_clock_run_that_was_met(cast: District) -> None:
    case = cast.register(now=at(23))
    cast.move(case, "merge", "dispatcher", at(23, 10), master=accepted(cast, at(23)).number)
    assert clock(case, "accept_by").running is False
    cast.move(case, "unmerge", "dispatcher", at(23, 11), note="不是同一件事")
    assert (clock(case, "accept_by").due_at, clock(case, "accept_by").running) == (end_of(23), True)


@pytest.mark.behaviour(15)
def test_a_closed_case_has_no_date_left_running_and_is_never_overdue(cast: District) -> None:
    case = signed(cast, at(23))
    cast.move(case, "withdraw", "clerk", at(24), note="诉求人撤回")
    later = at(1, month=6, year=2027)
    assert list(Deadline.objects.filter(case=case, running=True)) == []
    assert (list(Case.objects.overdue(later)), list(Case.objects.due_soon(later))) == ([], [])


def test_due_soon_begins_when_a_fifth_is_left(cast: District) -> None:
    """A fifth of seven working days is 9.8 working hours; of 24 hours 4.8, but never less than four working hours."""
    case = signed(cast, at(23))
    assert case.due_warn_at == at(1, 14, 42, month=12)
    assert [list(Case.objects.due_soon(at(1, 14, minute, month=12))) for minute in (41, 43)] == [[], [case]]
