"""A second reading of facts §5 in plain Python, over histories and not over rows, written without the predicates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cases import policies
from cases.fold import fold
from cases.models import Case
from cases.statistics.figures import FIGURES
from cases.statistics.windows import Window
from governance_portal.lib.working_days import SHANGHAI

TAKEN = {"accept", "resolve_on_spot", "import_result", "reopen"}
GIVEN_UP = {"decline", "merge", "withdraw", "terminate", "transfer"}
OVER = {"declined", "closed", "merged", "archived"}
CALL_ENDS = {
    "confirm": "confirmed",
    "close_unreached": "unreached",
    "close_uncalled": "uncalled",
    "close_explained": "explained",
}


def recount(cases: Iterable[Case], window: Window, now: datetime) -> dict[str, int]:
    """Count every figure, case by case."""
    counts = dict.fromkeys(FIGURES, 0)
    for case in cases:
        for name in figures_of(case, window, now):
            counts[name] += 1
    return counts


def figures_of(case: Case, window: Window, now: datetime) -> set[str]:
    """The figures one case counts in."""
    events = list(case.events.order_by("seq"))
    state = fold(events, policies.calendar())
    moves = [event.kind for event in events if event.status_after != event.status_before or event.kind == "reassign"]
    last = next(kind for kind in reversed(moves) if kind != "archive")
    accepted = any(event.kind in TAKEN for event in events)
    over = state.status in OVER
    place = "" if not accepted else "open" if not over else "ended" if last in GIVEN_UP else "closed"
    found = _cohort(state, accepted, place, now) if window.contains(state.registered_at) else set()
    found |= _judged(state, window, now)
    if place == "closed" and window.contains(state.closed_at):
        found |= _followed(state, events)
    for name, moment, counts in (
        ("registered", state.registered_at, True),
        ("accepted", state.accepted_at, True),
        ("closed", state.closed_at, place == "closed"),
    ):
        if moment and counts:
            if window.contains(moment) and name != "registered":
                found.add(f"{name}_in")
            if moment.astimezone(SHANGHAI).date() == now.astimezone(SHANGHAI).date():
                found.add(f"today_{name}")
    return found


def _cohort(state: Any, accepted: bool, place: str, now: datetime) -> set[str]:
    found = {"registered"} | ({"accepted", place} if accepted else set())
    if accepted and state.kind == "dispute":
        found |= {"disputes"} | (
            {"resolved"} if place == "closed" and state.outcome in ("fulfilled", "agreed") else set()
        )
    if state.satisfaction:
        found |= {"rated"} | ({"satisfied"} if state.satisfaction in (3, 4, 5) else set())
    clock = state.latest("resolve_by")
    if place == "open" and clock and clock.running:
        if clock.due_at < now:
            found.add("overdue")
        elif clock.warn_at <= now:
            found.add("due_soon")
    return found


def _judged(state: Any, window: Window, now: datetime) -> set[str]:
    if state.import_on_time is not None:
        judged = {"due_closed"} | ({"on_time"} if state.import_on_time else set())
        return judged if window.contains(state.registered_at) else set()
    clock = state.clocks.get(("resolve_by", 1))
    if clock is None or not window.contains(clock.due_at):
        return set()
    if clock.late_at or (clock.running and clock.due_at < now):
        return {"due_closed"}
    passed = clock.met_at and (state.round > 1 or state.status != "supervision")
    return {"due_closed", "on_time"} if passed else set()


def _followed(state: Any, events: list[Any]) -> set[str]:
    """What a closed matter tells of its contact, its rating and the follow-up of its last round."""
    contacts = [clock for (name, _period), clock in state.clocks.items() if name == "contact_by"]
    found = {"contact_due"} if contacts else set()
    if any(clock.met_at for clock in contacts) and not any(clock.late_at for clock in contacts):
        found.add("contacted")
    if state.resolved is not None:
        found |= {"asked_solved"} | ({"solved"} if state.resolved else set())
    if state.satisfaction:
        found |= {"rated_closed"} | ({"satisfied_closed"} if state.satisfaction in (3, 4, 5) else set())
    called, result = _last_call(events)
    if result == "unreached":
        found.add("unreached")
    if called and result and result != "rated":
        found.add("call_due")
        if result in ("confirmed", "explained"):
            found.add("called")
    return found


def _last_call(events: list[Any]) -> tuple[bool, str]:
    """Whether the last round was to be called, and how its follow-up ended; ("" when it had none)."""
    called, result = False, ""
    for event in events:
        if event.kind in ("redo", "reopen"):  # another round
            called, result = False, ""
        elif event.status_before != "follow_up":
            if event.status_after == "follow_up":
                called, result = (event.data.get("follow_up") or {}).get("called", True), ""
        elif event.kind == "rate":  # unhappy by his own word: called, drawn or not
            called = called or event.data["satisfaction"] <= 2 or not event.data["resolved"]
        elif event.status_after != "follow_up":
            own = event.kind == "confirm" and event.actor.username == "resident"
            result = "rated" if own else CALL_ENDS.get(event.kind, "")
    return called, result
