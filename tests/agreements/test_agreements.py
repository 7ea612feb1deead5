"""An agreement's two clocks: 司法确认 within thirty days, each instalment on its day, also when the case is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Notice
from cases.models import Case, Deadline, Holiday
from cases.services import clock, recounting
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow
from tests.agreements.conftest import AGREED
from tests.cases.cast import District, at

pytestmark = pytest.mark.both

Agreed = Callable[..., Case]
Row = tuple[str, int, datetime, bool, bool]


def rows(case: Case) -> list[Row]:
    """(clock, period, last moment, running, met) of the agreement's clocks."""
    found = Deadline.objects.filter(case=case, clock__in=("confirmation_by", "performance_by")).order_by("due_at")
    return [(row.clock, row.period, row.due_at, row.running, row.met_at is not None) for row in found]


def running(case: Case) -> list[tuple[str, int]]:
    return [row[:2] for row in rows(case) if row[3]]


def kept(d: District, case: Case, number: int, now: datetime, **more: Any) -> Case:
    d.record(case, "perform", "handler", now, instalment=number, performed=True, **more)
    return Case.objects.get(pk=case.pk)


def refusal(d: District, case: Case, who: str = "handler", name: str = "perform", **given: Any) -> dict[str, list[str]]:
    with pytest.raises(Incomplete) as refused:
        (d.record if name == "perform" else d.move)(case, name, who, at(26), **given)
    return refused.value.errors


# --- they start, and outlive the closing ---------------------------------------------------------------------------


def test_an_agreement_starts_thirty_days_for_the_court_and_a_clock_for_each_instalment(agreed: Agreed) -> None:
    case = agreed(closed=False)
    assert rows(case) == [
        ("confirmation_by", 1, at(22, 0, month=12), True, False),  # the thirtieth day is a Sunday
        ("performance_by", 1, at(1, 0, month=1, year=2027), True, False),
        ("performance_by", 2, at(30, 0, month=1, year=2027), True, False),
        ("performance_by", 3, at(27, 0, month=2, year=2027), True, False),
    ]
    assert (case.instalments_open, case.step_clock, list(faults())) == (3, "review_by", [])


def test_they_run_on_when_the_case_is_closed_and_it_is_not_archived_before_they_are_over(
    district: District, agreed: Agreed
) -> None:
    case = agreed()
    assert (case.status, case.outcome, len(running(case)), case.step_clock) == (
        "closed",
        "agreed",
        4,
        "confirmation_by",
    )
    late = at(1, month=3, year=2027)
    clock.sweep(late)
    with pytest.raises(NotNow, match="还有 3 期没有登记履行"):
        district.move(case, "archive", "supervisor", late)
    assert Case.objects.get(pk=case.pk).status == "closed"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-12-31 支付 8000 元\n\n2027年1月29日前，支付余款", ["2026-12-31 支付 8000 元", "2027-01-29 支付余款"]),
        ("2027/2/26 修好菜窖", ["2027-02-26 修好菜窖"]),
    ],
)
def test_instalments_are_typed_a_line_each(agreed: Agreed, typed: str, told: list[str]) -> None:
    event = agreed(closed=False, instalments=typed).events.get(kind="resolve")
    assert [f"{row['due_on']} {row['what']}" for row in event.data["instalments"]] == told


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "fulfilled"}, "effective_on"),
        ({"effective_on": "2026-11-27"}, "effective_on"),
        ({"instalments": "月底 付清"}, "instalments"),
        ({"instalments": [{"due_on": "2026-02-30", "what": "付清"}]}, "instalments"),
        ({"instalments": [{"due_on": 5, "what": None}]}, "instalments"),
        ({"instalments": [{"due_on": "2026-11-19", "what": "付清"}]}, "instalments"),
        ({"instalments": [{"due_on": "2026-12-31", "what": "付" * 201}]}, "instalments"),
    ],
)
def test_dates_that_cannot_be_are_refused_beside_their_field(
    district: District, handling: Callable[..., Case], given: dict[str, Any], field: str
) -> None:
    case = handling()
    assert field in refusal(district, case, name="resolve", **(AGREED | given))
    assert Case.objects.get(pk=case.pk).status == "handling"


def test_thirty_days_that_are_over_already_are_not_counted(agreed: Agreed) -> None:
    assert [row[0] for row in rows(agreed(effective_on="2026-10-20"))] == ["performance_by"] * 3
    assert rows(agreed(effective_on="2026-10-24", instalments=[]))[0][2] == at(24, 0)


def test_without_dates_an_agreement_is_as_it_was(district: District, agreed: Agreed) -> None:
    case = agreed(effective_on=None, instalments=[])
    assert (rows(case), case.instalments_open) == ([], 0)
    assert refusal(district, case, performed=True) == {"complete": ["请选择是否全部履行完毕。"]}
    district.record(case, "perform", "handler", at(26), performed=True, complete=True)
    assert Case.objects.get(pk=case.pk).outcome == "fulfilled"


def test_who_settles_it_on_the_spot_may_write_down_what_was_kept(district: District) -> None:
    case = district.register(kind="dispute")
    given = {"category": "0101", "level": "general", **AGREED}
    district.move(case, "resolve_on_spot", "clerk", at(23, 15), **given)
    assert len(running(case)) == 4
    district.record(case, "perform", "clerk", at(24), instalment=1, performed=True)
    assert running(case)[1:] == [("performance_by", 2), ("performance_by", 3)]


# --- they are met by their record ----------------------------------------------------------------------------------


def test_the_last_instalment_that_is_performed_fulfils_the_agreement(district: District, agreed: Agreed) -> None:
    case = agreed()
    seen = []
    for number, now in ((2, at(26)), (1, at(30, month=12)), (3, at(20, month=2, year=2027))):
        case = kept(district, case, number, now)
        seen.append((case.outcome, case.instalments_open, running(case)))
    court = ("confirmation_by", 1)
    assert seen == [
        ("agreed", 2, [court, ("performance_by", 1), ("performance_by", 3)]),
        ("agreed", 1, [court, ("performance_by", 3)]),
        ("fulfilled", 0, []),
    ]
    assert list(faults()) == []
    clock.sweep(at(20, month=3, year=2027))
    assert Case.objects.get(pk=case.pk).status == "archived"


def test_everything_paid_at_once_meets_every_instalment(district: District, agreed: Agreed) -> None:
    case = agreed()
    district.record(case, "perform", "handler", at(26), performed=True, complete=True)
    assert [row[4] for row in rows(case) if row[0] == "performance_by"] == [True] * 3
    assert (Case.objects.get(pk=case.pk).outcome, running(case)) == ("fulfilled", [])


def test_a_broken_last_instalment_opens_the_way_back_for_ninety_days(district: District, agreed: Agreed) -> None:
    case = agreed()
    kept(district, case, 1, at(30, month=12))
    kept(district, case, 2, at(28, month=1, year=2027))
    broken = at(1, month=3, year=2027)
    with pytest.raises(NotNow, match="恢复办理的期限已过"):
        district.move(case, "reopen", "supervisor", broken, reason="没有付")
    district.record(case, "perform", "handler", broken, instalment=3, performed=False)
    case.refresh_from_db()
    assert (case.window_until, case.outcome, case.instalments_open) == (broken + timedelta(days=90), "agreed", 0)
    district.move(case, "reopen", "supervisor", broken + timedelta(days=89), reason="最后一期没有付")
    case.refresh_from_db()
    assert (case.status, case.outcome, running(case), list(faults())) == ("handling", "", [], [])


def test_what_was_broken_and_is_made_up_for_counts_as_kept(district: District, agreed: Agreed) -> None:
    case = agreed(instalments=AGREED["instalments"][:1])
    district.record(case, "perform", "handler", at(1, month=3, year=2027), instalment=1, performed=False)
    assert kept(district, case, 1, at(2, month=3, year=2027)).outcome == "fulfilled"


@pytest.mark.parametrize(("said", "met"), [("applied", True), ("confirmed", True), ("waived", False)])
def test_what_was_recorded_of_the_court_ends_its_thirty_days(
    district: District, agreed: Agreed, said: str, met: bool
) -> None:
    case = agreed()
    district.record(case, "perform", "handler", at(26), confirmation=said)
    assert [row[3:] for row in rows(case) if row[0] == "confirmation_by"] == [(False, met)]
    assert Case.objects.get(pk=case.pk).outcome == "agreed"


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({}, {"performed": ["请选择是否按约履行；只登记司法确认的，请选择司法确认的情况。"]}),
        ({"confirmation": "applied", "instalment": 1}, {"performed": ["请选择是否按约履行。"]}),
        ({"performed": True}, {"instalment": ["请选择是第几期；还没有履行的是第 2、3 期。"]}),
        ({"performed": True, "instalment": 1}, {"instalment": ["第 1 期已经登记履行了；还没有履行的是第 2、3 期。"]}),
        ({"performed": True, "instalment": 4}, {"instalment": ["协议只有 3 期；还没有履行的是第 2、3 期。"]}),
        (
            {"performed": False, "complete": True},
            {"complete": ["没有按约履行的，不能登记为全部履行完毕，请核对。"]},
        ),
    ],
)
def test_a_record_that_says_too_little_is_refused_with_what_is_left(
    district: District, agreed: Agreed, given: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    case = kept(district, agreed(), 1, at(26))
    assert refusal(district, case, **given) == errors


def test_sent_back_the_agreement_holds_no_longer_and_the_next_one_counts_from_one(
    district: District, agreed: Agreed
) -> None:
    case = agreed(closed=False)
    district.move(case, "send_back", "supervisor", at(24), note="第三期的日期不清楚")
    assert (running(case), Case.objects.get(pk=case.pk).instalments_open) == ([], 0)
    once = [{"due_on": "2026-12-25", "what": "一次付清"}]
    district.move(case, "resolve", "handler", at(24, 12), **(AGREED | {"instalments": once}))
    assert running(case) == [("confirmation_by", 2), ("performance_by", 1)]
    assert (Case.objects.get(pk=case.pk).instalments_open, list(faults())) == (1, [])


# --- who hears of them ---------------------------------------------------------------------------------------------


def told(case: Case, now: datetime) -> dict[str, list[str]]:
    """Who of the cast got which words of the agreement's clocks in the sweep of this moment."""
    Notice.objects.all().delete()
    clock.sweep(now)
    found: dict[str, list[str]] = {}
    for name, title in Notice.objects.filter(key__startswith="reminder:").values_list("user__username", "title"):
        found.setdefault(name, []).append(title.removeprefix(f"{case.number} "))
    return found


def test_the_court_is_reminded_of_ten_five_and_two_days_before_and_then_climbs_on(agreed: Agreed) -> None:
    case = agreed(instalments=[])
    due = Deadline.objects.get(case=case, clock="confirmation_by").due_at
    both = ("handler", "housing_lead")
    clock.sweep(at(26))
    for days, words in ((10, "即将到期"), (5, "5 天内到期"), (2, "2 天内到期")):
        assert told(case, due - timedelta(days=days, minutes=1)) == {}
        assert told(case, due - timedelta(days=days)) == {name: [f"司法确认时限{words}"] for name in both}
        assert told(case, due - timedelta(days=days) + timedelta(hours=1)) == {}
    assert told(case, due + timedelta(minutes=1)) == {name: ["司法确认时限已超时"] for name in both}
    assert {*both, "supervisor", "centre_lead"} <= told(case, due + timedelta(days=9)).keys()


def test_each_instalment_is_told_of_by_its_number_three_days_before_and_when_it_is_late(
    district: District, agreed: Agreed
) -> None:
    case = agreed(effective_on=None)
    both = ("handler", "housing_lead")
    first = at(1, 0, month=1, year=2027)
    assert told(case, first - timedelta(days=3, minutes=1)) == {}
    assert told(case, first - timedelta(days=3)) == {name: ["第 1 期履行时限即将到期"] for name in both}
    kept(district, case, 1, at(31, month=12))
    assert told(case, first + timedelta(days=2)) == {}
    assert told(case, at(30, 1, month=1, year=2027)) == {name: ["第 2 期履行时限已超时"] for name in both}
    body = Notice.objects.filter(user__username="handler").get().body
    assert body == "第 2 期履行时限到2027年1月29日 星期五 24:00。请核实这一期是否按约履行，并在“履行登记”里登记。"


def test_a_year_s_notice_moves_the_day_of_the_court_and_no_day_that_the_parties_agreed_on(agreed: Agreed) -> None:
    case = agreed()
    before = rows(case)
    Holiday.objects.filter(date="2026-12-21").update(workday=False)
    recounting.ask(date(2026, 12, 21), now=at(26))
    recounting.recount_asked(at(26, 10))
    after = rows(case)
    assert (after[0][2] - before[0][2], after[1:]) == (timedelta(days=1), before[1:])


def test_a_day_decades_away_is_a_day(agreed: Agreed) -> None:
    case = agreed(effective_on=None, instalments="2056-11-23 付清余款")
    assert rows(case) == [("performance_by", 1, at(24, 0, year=2056), True, False)]
