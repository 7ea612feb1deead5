"""What an agreement leaves to be done: 司法确认 by both parties, and its instalments (达成协议待履行).

Pure, for `fold`. Both clocks outlive the closing of the case: they are met by their record (`perform`), and stop when the
agreement is no longer what came of the case. Sources: 人民调解法 §33, 民事诉讼法 §205 (thirty days from the effective day,
both jointly, never longer); 人民调解法 §31 (performance is watched over); facts §2.3.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from cases.choices import AGREEMENT_CLOCKS, Clock, Confirmation, Outcome, Status
from cases.deadlines import ClockState
from cases.state import EventLike, State
from governance_portal.lib.working_days import SHANGHAI, Calendar, Limit, LimitUnit

CONFIRM_WITHIN = Limit(30, LimitUnit.NATURAL_DAY)
#: So many days before the last one those concerned are reminded of 司法确认 (facts §2.3).
CONFIRM_AHEAD = (10, 5, 2)
PERFORM_AHEAD = timedelta(days=3)
#: A broken instalment opens the way back for so long (workflow.md `reopen`).
BROKEN_REOPENS = timedelta(days=90)


def begin(state: State, event: EventLike, calendar: Calendar) -> None:
    """Start the clocks of an agreement that was reached with this event, as far as its dates were given.

    data: `effective_on` (ISO day of signature), `instalments` (`[{due_on, what}]`, the earliest first). Thirty days that
    are over already start no clock: nobody can apply any more.
    """
    if state.outcome != Outcome.AGREED:
        return
    if effective := event.data.get("effective_on"):
        previous = state.latest(Clock.CONFIRMATION_BY)
        clock = ClockState.begin(
            str(Clock.CONFIRMATION_BY.value),
            previous.period + 1 if previous else 1,
            _midnight(date.fromisoformat(effective)),
            CONFIRM_WITHIN,
            calendar,
            ahead=timedelta(days=CONFIRM_AHEAD[0]),
        )
        if clock.due_at > event.at:
            state.clocks[(clock.clock, clock.period)] = clock
    rows = event.data.get("instalments", ())
    state.instalments = len(rows)
    for number, row in enumerate(rows, 1):
        ends = _midnight(date.fromisoformat(row["due_on"]) + timedelta(days=1))
        name = str(Clock.PERFORMANCE_BY.value)
        state.clocks[(name, number)] = ClockState.until(name, number, event.at, ends, ahead=PERFORM_AHEAD)


def void(state: State, at: datetime) -> None:
    """The case is taken up again: the agreement is what came of it no longer."""
    for clock in state.clocks.values():
        if clock.clock in AGREEMENT_CLOCKS and clock.live:
            clock.cancel(at)
    state.instalments = 0


def outlive(state: State, event: EventLike, outcome: str | None) -> bool:
    """Tell whether these clocks run on through an event that ends the others: a closing that leaves the agreement be."""
    return state.outcome == Outcome.AGREED and event.status_after == Status.CLOSED and outcome is None


def perform(state: State, event: EventLike) -> None:
    """Take a 履行登记 into the state: an instalment kept or broken, all of them kept, 司法确认 applied for or given up."""
    data = event.data
    _confirm(state, data.get("confirmation", ""), event.at)
    if data.get("performed") is None:
        return
    named = [clock for clock in instalments(state) if data.get("complete") or clock.period == data.get("instalment")]
    if data["performed"]:
        for clock in named:
            if clock.met_at is None:
                clock.meet(event.at)
        if data.get("complete"):
            state.outcome = str(Outcome.FULFILLED.value)
            _each_live(state, Clock.CONFIRMATION_BY, event.at, met=False)
        return
    for clock in named:
        if clock.live:
            clock.cancel(event.at)
    if state.status == Status.CLOSED:
        broken = event.at + BROKEN_REOPENS
        state.window_until = max(state.window_until, broken) if state.window_until else broken


def instalments(state: State) -> list[ClockState]:
    """The clocks of the instalments of the agreement that holds now, the first one first; period is the number."""
    name = str(Clock.PERFORMANCE_BY.value)
    return [state.clocks[(name, number)] for number in range(1, state.instalments + 1)]


def unkept(state: State) -> list[int]:
    """The numbers of the instalments that have not been performed, broken ones too."""
    return [clock.period for clock in instalments(state) if clock.met_at is None]


def open_instalments(state: State) -> int:
    """How many instalments are still waited for."""
    return sum(clock.live for clock in instalments(state))


def _confirm(state: State, said: str, at: datetime) -> None:
    if said:
        _each_live(state, Clock.CONFIRMATION_BY, at, met=said != Confirmation.WAIVED)


def _each_live(state: State, name: Clock, at: datetime, *, met: bool) -> None:
    for clock in state.clocks.values():
        if clock.clock == name and clock.live:
            clock.meet(at) if met else clock.cancel(at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
