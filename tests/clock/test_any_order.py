"""Any order of pause, resume, extension and edited days: the date is what a fresh count finds, and what walking finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import policies
from cases.fold import State, apply, fold
from cases.limits import importing
from cases.limits.notice import NoticeRow
from cases.models import Case, Deadline
from cases.services import recounting
from cases.services.integrity import faults
from governance_portal.lib.errors import Refusal
from governance_portal.lib.working_days import Calendar, published_days
from tests.cases.cast import District, at
from tests.clock import walker

PUBLISHED = published_days(range(2024, 2027))
NEW_YEAR = date(2026, 12, 31)


@dataclass
class Told:
    """An event as fold reads it."""

    kind: str
    at: datetime
    status_after: str
    data: dict[str, Any] = field(default_factory=dict)
    actor_id: int = 1


starts = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 31, 23, 59)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=walker.SHANGHAI)
)
limits = st.one_of(
    st.tuples(st.integers(0, 15), st.just("working_day")),
    st.tuples(st.integers(0, 60), st.just("natural_day")),
    st.tuples(st.integers(1, 20), st.just("working_hour")),
    st.tuples(st.integers(1, 30), st.just("hour")),
)
waits = st.integers(1, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
#: A step after some while: a pause, its end, an extension, or a day edited (by its distance from the start).
steps = st.lists(
    st.tuples(
        waits,
        st.one_of(
            st.just(("suspend", 0)),
            st.just(("resume", 0)),
            st.tuples(st.just("extend"), st.integers(1, 5)),
            st.tuples(st.just("edit"), st.integers(0, 40)),
        ),
    ),
    max_size=7,
)


def calendar_of(edited: Mapping[date, bool]) -> Calendar:
    return Calendar({**PUBLISHED, **edited}, NEW_YEAR)


@settings(max_examples=250, deadline=None)
@given(starts, limits, steps)
def test_the_date_equals_a_fresh_count_and_the_walk(
    start: datetime, limit: tuple[int, str], done: list[tuple[timedelta, tuple[str, int]]]
) -> None:
    events = [
        Told("register", start, "registered"),
        Told("accept", start, "accepted", {"limits": {"resolve_by": limit}}),
    ]
    edited: dict[date, bool] = {}
    state = State()
    for event in events:
        apply(state, event, calendar_of(edited))
    now, pauses, paused, more = start, [], None, 0
    for wait, (what, number) in done:
        now += wait
        if what == "edit":
            day = start.date() + timedelta(days=number)
            edited[day] = not calendar_of(edited).is_workday(day)
            continue
        if what == "extend":
            told = Told("decide", now, "handling", {"approved": True, "kind": "extension", "amount": number})
            more += number
        else:
            told = Told(what, now, "suspended" if what == "suspend" else "handling")
            if what == "suspend":
                paused = paused or now
            elif paused:
                pauses, paused = [*pauses, (paused, now)], None
        events.append(told)
        apply(state, told, calendar_of(edited))
    fresh = fold(events, calendar_of(edited)).clocks["resolve_by", 1]
    walked = walker.walk(
        start, limit[0] + more, limit[1], lambda day: edited.get(day, walker.worked(day)), NEW_YEAR, pauses
    )
    assert (fresh.nominal_at, fresh.due_at, fresh.tentative) == walked
    kept = state.clocks["resolve_by", 1]
    kept.recompute(calendar_of(edited))
    # Lateness is judged at each event by the calendar of that moment; the dates are not.
    assert replace(kept, late_at=None) == replace(fresh, late_at=None)


# --- through the doors ------------------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from(["suspend", "resume", "extend", "edit", "recount"])), max_size=8
)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=moves)
def test_through_the_doors_every_row_equals_its_history_after_the_recount(
    district: District, done: list[tuple[int, str]]
) -> None:
    now = at(14, 10, month=12)
    case = district.register(now=now)
    district.move(case, "accept", "clerk", now, category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler", now)
    for hours, what in [*done, (1, "recount")]:
        now += timedelta(hours=hours)
        case.refresh_from_db()
        try:
            _do(district, case, what, now)
        except Refusal:
            continue  # a pause in a pause, an extension too many: the door says no and nothing has changed
    case.refresh_from_db()
    fresh = fold(case.events.order_by("seq"), policies.calendar())
    rows = Deadline.objects.filter(case=case).values_list(
        "clock", "period", "nominal_at", "due_at", "tentative", "running"
    )
    assert sorted(rows) == sorted(
        (clock.clock, clock.period, clock.nominal_at, clock.due_at, clock.tentative, clock.running)
        for clock in fresh.clocks.values()
    )
    assert list(faults()) == []


def _do(d: District, case: Case, what: str, now: datetime) -> None:
    if what == "suspend":
        d.move(
            case, "suspend", "housing_lead", now, reason="appraisal", expected_end=str((now + timedelta(days=9)).date())
        )
    elif what == "resume":
        d.move(case, "resume", "handler", now)
    elif what == "extend":
        asked = d.record(case, "request", "handler", now, kind="extension", amount=2, reason="配件未到")
        d.record(case, "decide", "housing_lead", now, request=asked.data["request"], approved=True)
    elif what == "edit":
        day = (now + timedelta(days=5)).date()
        row = NoticeRow(day, day, not policies.calendar().is_workday(day), "试", "试")
        lead = d.actor("centre_lead", now)
        importing.confirm(importing.keep_day(row, lead, now).pk, lead, now)
    else:
        recounting.recount_asked(now, settled=False)
