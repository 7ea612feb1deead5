"""The whole table, and what it says to whoever asks: what is offered, and why something is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.choices import Status, Window
from cases.standing import Standing
from cases.workflow.actions import Action
from cases.workflow.moves_to_closing import TO_CLOSING
from cases.workflow.moves_to_units import REGISTER, TO_UNITS
from cases.workflow.records_beside import BESIDE
from cases.workflow.records_of_handling import OF_HANDLING
from cases.workflow.records_of_hazards import OF_HAZARDS

MOVES: tuple[Action, ...] = (*TO_UNITS, *TO_CLOSING)
RECORDS: tuple[Action, ...] = (*OF_HANDLING, *BESIDE, *OF_HAZARDS)
TABLE: Mapping[str, Action] = {action.name: action for action in (*MOVES, *RECORDS)}
MOVE_NAMES = tuple(action.name for action in MOVES)

#: Windows whose length is taken from the policy when these statuses are entered.
WINDOWS: Mapping[Status, Window] = {
    Status.DISPATCHED: Window.RETURN,
    Status.CLOSED: Window.REOPEN,
    Status.DECLINED: Window.REVIEW,
    Status.MERGED: Window.REVIEW,
}


def offered(case: Any, standing: frozenset[Standing], now: datetime) -> list[Action]:
    """Return the moves that this person may make on this case now, the expected one first."""
    found = [
        action
        for action in MOVES
        if action is not REGISTER and case.status in action.sources and refusal(action, case, standing, now) is None
    ]
    return sorted(found, key=lambda action: action.primary)


def records_offered(case: Any, standing: frozenset[Standing], now: datetime) -> list[Action]:
    """Return the records that this person may write on this case now."""
    return [a for a in RECORDS if case.status in a.sources and refusal(a, case, standing, now) is None]


def refusal(action: Action, case: Any, standing: frozenset[Standing], now: datetime) -> tuple[int, str] | None:
    """Say why this person may not do this now: `(409 | 403, sentence)`, or None when they may.

    The moment is judged before the person (design/api.md, order of refusals).
    """
    if case.status not in action.sources:
        return 409, f"该件现在是“{Status(case.status).label}”，不能“{action.label}”。"
    for guard in action.guards:
        if not guard.about_person and (sentence := guard.refuse(case, standing, now)):
            return 409, sentence
    if not standing & set(action.who):
        if Standing.FINDER in standing and Standing.CHECKER in action.who:
            return 403, f"这处隐患由您登记，“{action.label}”须由没有发现、没有经办它的督办员办理（发现人不核查）。"
        return 403, f"“{action.label}”由{'、'.join(who.label for who in action.who)}办理，您在本件上没有这个岗位。"
    for guard in action.guards:
        if guard.about_person and (sentence := guard.refuse(case, standing, now)):
            return 403, sentence
    return None
