"""What the resident would read after a move: the same door, the same fold, nothing written (behaviour 22)."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import Unit
from accounts.queries import Actor
from cases import policies
from cases.choices import Status
from cases.fold import apply, fold
from cases.models import Case, Event
from cases.needs import applying, clean
from cases.services.door import Turn, build_event, copy_state, limits_of, posts_of
from cases.services.preparing import PREPARE
from cases.workflow import TABLE, Action
from governance_portal.lib.errors import Incomplete

#: Moves whose words reach the resident only after a later step: that step is thought of too.
THEN = {"resolve": "approve", "decide_redo": "close_explained"}
#: When that is, in words.
LATER = {"resolve": "审核通过以后", "decide_redo": "会签以后"}
#: Their words reach the resident only if somebody approves.
ASKED_FIRST = {"request", "request_decline"}
#: Give a joint matter its name; what stands on the residents' pages is the name as typed.
NAMED = {"crowd"}
#: Moves whose unit the resident reads: looked up as the door does it.
LOOKED_UP = {"dispatch", "conclude", "reassign", "resolve_on_spot"}
#: What an effect of the fold reads although the resident never does; a half-filled form may lack it.
UNSEEN = {"outcome": "", "reason": "", "result": ""}


def can_foresee(action: Action) -> bool:
    """Tell whether an action has words for the resident to look at before they are sent."""
    if action.name in ASKED_FIRST | NAMED:
        return False
    return any(need.public and need.name != "comment" for need in action.needs)


def foresee(
    case: Case, action: Action, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> tuple[Case, list[Event]]:
    """Return a copy of the case and its history as they would stand after this action; nothing is saved.

    Only what the resident reads must be filled in: Incomplete with its sentences otherwise.
    """
    events = list(case.events.order_by("seq"))
    calendar = policies.calendar()
    state = fold(events, calendar)
    turn = Turn(copy.copy(case), events, state, actor, posts_of(case, actor, now), now, calendar)
    _think(turn, action, given)
    if after := THEN.get(action.name):
        _think(turn, TABLE[after], {})
    copy_state(turn.case, turn.state)
    if turn.case.lead_unit_id != case.lead_unit_id:
        turn.case.lead_unit = Unit.objects.filter(pk=turn.case.lead_unit_id or 0).first()
    return turn.case, turn.events


def _think(turn: Turn, action: Action, given: Mapping[str, Any]) -> None:
    needs = applying(action.needs, turn.state, turn.standing)
    cleaned, errors = clean(needs, given)
    public = {need.name for need in needs if need.public}
    if missing := {name: rows for name, rows in errors.items() if name in public}:
        raise Incomplete(missing)
    data: dict[str, Any] = json.loads(json.dumps({**UNSEEN, **_prepared(turn, action, cleaned)}, cls=DjangoJSONEncoder))
    target = action.target(turn.state, data) if action.is_move else Status(turn.state.status)
    data["limits"] = limits_of(turn.state, action, target, data, turn.now)
    event = build_event(
        turn.case, turn.events, action.name, turn.actor, None, turn.now, turn.state.status, target, data
    )
    apply(turn.state, event, turn.calendar)
    turn.events.append(event)


def _prepared(turn: Turn, action: Action, cleaned: dict[str, Any]) -> dict[str, Any]:
    if action.name == "note" and not cleaned.get("public_text"):
        raise Incomplete({"public_text": ["还没有写要告诉居民的话；居民不会看到这条进展。"]})
    if action.name == "decide_redo":
        return _refused(cleaned)
    if action.name == "close_explained":
        return _explained(turn)
    if action.name not in LOOKED_UP:
        return cleaned
    return PREPARE[action.name](turn, cleaned) or cleaned


def _refused(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Only a refusal has words for the resident (`cases.following_up.preparing` asks the same of both)."""
    if cleaned.get("approved"):
        raise Incomplete({"approved": ["同意重办的没有释法说明，居民只会看到该件正在重新办理。"]})
    if not cleaned.get("explanation"):
        raise Incomplete({"explanation": ["不同意重办的，请写明释法说明；会签后居民会看到。"]})
    return {**cleaned, "approved": False}


def _explained(turn: Turn) -> dict[str, Any]:
    """What the countersigning adds: the explanation thought of just now, and the rating the resident gave or said."""
    asked = next(event for event in reversed(turn.events) if event.kind == "ask_redo")
    said = turn.state.satisfaction if turn.state.satisfaction is not None else int(asked.data["unhappy"])
    return {"explanation": turn.events[-1].data["explanation"], "satisfaction": said, "resolved": False}
