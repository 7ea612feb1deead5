"""As what a case counts in the statistics: read off its state, kept on its row by the door in the same transaction.

The definitions stand in cases.statistics.figures; this is the part of them that needs the history (was it imported,
what became of its first round), so that counting needs the row alone. Pure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.choices import HANDLED_OUTCOMES, OPEN, Clock, Counted, Status
from cases.fold import State


def tally(state: State) -> dict[str, Any]:
    """Return the columns `counted`, `judged_at`, `on_time`, `handled_seconds` of a case.

    counted: where an accepted case is (open, closed, ended), "" for one that was never accepted. judged_at: when the
    first round had to be done (of an import: its registration, a due date is not told). on_time: whether it was, as
    soon as that is settled: False once it was late, True once it was done and passed its check, else None.
    handled_seconds: from acceptance to closing without the pauses (facts §5 平均办理时长), None while either is missing.
    """
    first = state.clocks.get((str(Clock.RESOLVE_BY.value), 1))
    if state.import_on_time is not None:
        return _kept(state, state.registered_at, state.import_on_time)
    kept = None
    if first and first.late_at:
        kept = False
    elif first and first.met_at and (state.round > 1 or state.status != Status.SUPERVISION):
        kept = True
    return _kept(state, first.due_at if first else None, kept)


def _kept(state: State, judged_at: datetime | None, on_time: bool | None) -> dict[str, Any]:
    return {
        "counted": _counted(state),
        "judged_at": judged_at,
        "on_time": on_time,
        "handled_seconds": _handled_seconds(state),
    }


def _handled_seconds(state: State) -> int | None:
    begun, ended = state.accepted_at, state.closed_at
    if begun is None or ended is None or ended < begun:
        return None
    clocks = [clock for (name, _round), clock in state.clocks.items() if name == str(Clock.RESOLVE_BY.value)]
    pauses = [pause for clock in clocks for pause in clock.pauses]
    pauses += [(clock.paused_at, ended) for clock in clocks if clock.paused_at]
    seconds, counted_to = (ended - begun).total_seconds(), begun
    for since, until in sorted(pauses):
        since, until = max(since, counted_to), min(until, ended)
        if since < until:
            seconds -= (until - since).total_seconds()
            counted_to = until
    return int(seconds)


def _counted(state: State) -> str:
    if state.accepted_at is None and not state.imported:
        return ""
    if state.status in OPEN:
        return Counted.OPEN.value
    if state.status in (Status.DECLINED, Status.MERGED):
        return Counted.ENDED.value
    # An accepted case that was archived without an outcome had been declined.
    settled = state.outcome in HANDLED_OUTCOMES or (not state.outcome and state.accepted_at is None)
    return Counted.CLOSED.value if settled else Counted.ENDED.value
