"""A second reading of the indicators' figures in plain Python, over histories, written without the predicates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cases import policies
from cases.fold import fold
from cases.models import Case, SameMatter
from cases.statistics.figures import INDICATED
from cases.statistics.windows import Window
from tests.statistics.recount import GIVEN_UP, OVER, TAKEN


def recounted(cases: Iterable[Case], window: Window, now: datetime) -> dict[str, int]:
    """Count every figure of the indicators, case by case."""
    counts = dict.fromkeys(INDICATED, 0)
    for case in cases:
        for name in figures_of(case, window, now):
            counts[name] += 1
    return counts


def figures_of(case: Case, window: Window, now: datetime) -> set[str]:
    """The figures one case counts in."""
    events = list(case.events.order_by("seq"))
    kinds = [event.kind for event in events]
    state = fold(events, policies.calendar())
    moves = [event.kind for event in events if event.status_after != event.status_before or event.kind == "reassign"]
    last = next(kind for kind in reversed(moves) if kind != "archive")
    accepted = bool(TAKEN & set(kinds))
    over = state.status in OVER
    place = "" if not accepted else "open" if not over else "ended" if last in GIVEN_UP else "closed"
    settled = place == "closed" and state.kind == "dispute" and state.outcome in ("fulfilled", "agreed")
    found = _performed(state, window, now)
    if window.contains(state.closed_at):
        found |= _closed(state, place, last, settled)
    if window.contains(state.registered_at):
        found |= _timely(state, "sign_by", "sign_due", "signed_in_time", now)
        found |= _timely(state, "dispatch_by", "dispatch_due", "dispatched_in_time", now)
        found |= _ordered(events, state, accepted, place)
        found |= _routed(state, kinds)
        if accepted and (SameMatter.objects.filter(second=case).exists() or state.master_id):
            found.add("repeated")
        if accepted and state.channel == "grid":
            found.add("grid_matters")
            if place == "closed" and "resolve_on_spot" in kinds and not {"dispatch", "conclude"} & set(kinds):
                found.add("self_settled")
        if settled and _by_agreement(events):
            found.add("agreed")
            if any(event.kind == "perform" and event.data.get("confirmation") == "confirmed" for event in events):
                found.add("agreed_confirmed")
    return found


def _closed(state: Any, place: str, last: str, settled: bool) -> set[str]:
    found = set()
    if place == "closed" and (on_time := _on_time(state)) is not None:
        found |= {"closed_judged", "closed_on_time" if on_time else "closed_late"}
    ended = place == "closed" or (place == "ended" and last == "terminate")
    if state.kind == "dispute" and state.procedure == "mediation" and ended:
        found |= {"mediated"} | ({"mediated_agreed"} if settled else set())
    return found


def _on_time(state: Any) -> bool | None:
    if state.import_on_time is not None:
        return bool(state.import_on_time)
    clock = state.clocks.get(("resolve_by", 1))
    if clock is None:
        return None
    return False if clock.late_at else True if clock.met_at else None


def _timely(state: Any, clock: str, due: str, in_time: str, now: datetime) -> set[str]:
    clocks = [one for (name, _period), one in state.clocks.items() if name == clock]
    late = any(one.late_at or (one.running and one.due_at < now) for one in clocks)
    if late:
        return {due}
    return {due, in_time} if any(one.met_at for one in clocks) else set()


def _performed(state: Any, window: Window, now: datetime) -> set[str]:
    if state.outcome not in ("fulfilled", "agreed"):
        return set()
    due = [
        one
        for (name, number), one in state.clocks.items()
        if name == "performance_by" and number <= state.instalments and window.contains(one.due_at)
    ]
    due = [one for one in due if one.met_at or one.due_at < now]
    if not due:
        return set()
    return {"performance_due"} | ({"performed"} if all(one.met_at for one in due) else set())


def _ordered(events: list[Any], state: Any, accepted: bool, place: str) -> set[str]:
    orders = [event.at for event in events if event.kind == "order" and event.data.get("kind") != "urge"]
    if not orders or not accepted:
        return set()
    after = place == "closed" and state.closed_at is not None and min(orders) <= state.closed_at
    return {"supervised"} | ({"supervised_closed"} if after else set())


def _routed(state: Any, kinds: list[str]) -> set[str]:
    if not {"dispatch", "conclude"} & set(kinds):
        return set()
    if "return" not in kinds:
        return {"dispatched", "right_first"}
    waiting = state.status in ("returned", "consulting")
    return {"dispatched", "sent_back"} | ({"right_first"} if "insist" in kinds or waiting else set())


def _by_agreement(events: list[Any]) -> bool:
    told = [event.data["outcome"] for event in events if event.kind in ("resolve", "resolve_on_spot")]
    imported = [event.data.get("outcome") for event in events if event.kind == "import_result"]
    return (told or imported or [""])[-1] == "agreed"
