"""What the moves around the follow-up make of what they were given (`cases.services.preparing` says what that means)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases import choices as c
from cases.following_up.choices import Circumstance
from cases.following_up.consequences import is_unhappy
from cases.following_up.planning import plan_for, settled_by
from cases.models import FollowUp, RedoRequest
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

if TYPE_CHECKING:
    from cases.services.door import Turn

Preparer = Callable[["Turn", dict[str, Any]], dict[str, Any] | None]


def planned(turn: Turn, cleaned: dict[str, Any], settled: str) -> dict[str, Any]:
    """Add what the policy says of the follow-up that begins with this event."""
    plan = plan_for(turn.case, turn.state, settled, turn.now, turn.events[-1].hash)
    return {**cleaned, "follow_up": plan.as_data()}


def _approve(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    return planned(turn, cleaned, settled_by(turn.events))


def uncalled(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Hold the ground for not calling against the case itself and the policy (workflow.md `close_uncalled`)."""
    state, ground = turn.state, cleaned["ground"]
    row = FollowUp.objects.filter(case=turn.case, round=state.round).first()
    holds = {
        c.UncalledGround.NO_REPORTER: state.nobody_to_ask,
        c.UncalledGround.ANONYMOUS: turn.case.anonymous,
        c.UncalledGround.RATED_ON_SPOT: state.satisfaction is not None and not is_unhappy(vars(state)),
        c.UncalledGround.NOT_RATED: state.kind in (c.Kind.CONSULTATION, c.Kind.SUGGESTION),
        c.UncalledGround.NOT_SAMPLED: row is None or not row.called,
    }
    if ground == c.UncalledGround.NOT_SAMPLED and row is not None and row.called:
        raise Incomplete({"ground": [f"{called_because(row)}，不能以“抽访未抽中”办结；请回访。"]})
    if not holds[ground]:
        label = c.UncalledGround(ground).label
        raise Incomplete({"ground": [f"该件不属于“{label}”，请另选理由，或者回访后再办结。"]})
    return cleaned


def called_because(row: FollowUp) -> str:
    """Say why a case is to be called: 「该件按规定必须回访（被督办、重复反映）」."""
    if not row.must:
        return f"该件已被抽中回访（抽取比例 {row.share}%）"
    words = "、".join(str(Circumstance(reason).label) for reason in row.reasons)
    return f"该件按规定必须回访（{words}）" if words else "该件按规定必须回访"


def _ask_redo(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    asked = RedoRequest.objects.create(
        case=turn.case,
        round=turn.state.round,
        wanted=cleaned["wanted"],
        satisfaction=int(cleaned["unhappy"]),
        asked_at=turn.now,
        asked_by_id=turn.actor.user_id or 0,
    )
    return {**cleaned, "redo_request": asked.pk}


def request_of(turn: Turn) -> RedoRequest:
    """Return this round's request, locked; NotNow when there is none (a case moved by hand)."""
    found = RedoRequest.objects.select_for_update().filter(case=turn.case, round=turn.state.round).first()
    if found is None:
        raise NotNow("该件没有重办申请，请刷新后再办。", current_status=turn.state.status)
    return found


def _decide_redo(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    asked = request_of(turn)
    if not cleaned["approved"] and not cleaned.get("explanation"):
        raise Incomplete({"explanation": ["不同意重办的，请写明释法说明；会签后居民会看到。"]})
    if cleaned["approved"] and cleaned.get("explanation"):
        raise Incomplete({"explanation": ["同意重办的不用写释法说明，请删去，或者改选不同意。"]})
    asked.approved, asked.note = cleaned["approved"], cleaned["note"]
    asked.explanation = cleaned.get("explanation", "")
    asked.decided_at, asked.decided_by_id = turn.now, turn.actor.user_id
    asked.save(update_fields=["approved", "note", "explanation", "decided_at", "decided_by"])
    return {**cleaned, "redo_request": asked.pk, "redo": f"{asked.wanted}\n{asked.note}" if asked.approved else ""}


def _close_explained(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    asked = request_of(turn)
    if turn.actor.user_id == asked.decided_by_id:
        raise NotYou("释法说明由您批复，须由另一位负责人会签。")
    if turn.actor.user_id in turn.state.handled_by:
        raise NotYou("您经办过该件，不能会签；请由没有经办的负责人会签。")
    asked.signed_at, asked.signed_by_id = turn.now, turn.actor.user_id
    asked.save(update_fields=["signed_at", "signed_by"])
    # The resident's own answer, where he gave one, is his; otherwise what he said on the phone.
    said = turn.state.satisfaction if turn.state.satisfaction is not None else asked.satisfaction
    return {**cleaned, "explanation": asked.explanation, "satisfaction": said, "resolved": False}


PREPARE: Mapping[str, Preparer] = {
    "approve": _approve,
    "close_uncalled": uncalled,
    "ask_redo": _ask_redo,
    "decide_redo": _decide_redo,
    "close_explained": _close_explained,
}
