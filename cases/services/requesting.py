"""What is asked for and decided: 延期, 暂停计时, 签发办结, 不予受理; who decides, up to which maximum, and until when.

Sources: 信访工作条例 §34 (经本机关、单位负责人批准，延长不超过三十日，告知延期理由), §36 ¶2 (听证时间不计入); 人民调解 (双方同意
才延长); design/workflow.md "request and decide", rule 6.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases import choices as c
from cases.choices import Clock, Procedure, RequestKind
from cases.deadlines import ClockState
from cases.models import DeclineRule, HandlerRequest, LimitPolicy
from cases.policies import policy_for
from cases.services.finding import not_past
from cases.services.series import next_in_series
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

if TYPE_CHECKING:
    from cases.services.door import Turn

UNITS = {
    "minute": "分钟",
    "hour": "小时",
    "working_hour": "个工作小时",
    "natural_day": "日",
    "working_day": "个工作日",
}
OWN = "不能批准自己提出的申请；请由本单位其他负责人或者中心负责人批复。"
LAPSED = "提出申请以后本件又有了新的步骤，这份申请已经失效；如仍需要，请重新申请。"
TOO_LATE = "办结期限已经届满，法定期限只能在届满前申请、届满前批准，不能再延期；请尽快办结并说明原因。"


class NeedsApproval(NotYou):
    """Declining here is the centre lead's to decide: ask for it instead."""


# --- the limit that is lengthened ---------------------------------------------------------------------------------


def resolve_policy(state: Any, events: Any, now: Any) -> LimitPolicy | None:
    """Return the policy that gave the running limit: of the level and the day when the matter was accepted.

    A level raised afterwards changes who decides, never the unit or the maximum of a limit that runs already.
    """
    facts = {
        "kind": state.kind,
        "procedure": state.procedure,
        "category": state.category_code,
        "level": state.level,
        "channel": state.channel,
    }
    began = next((event for event in events if event.kind == "accept"), None)
    if began is None:
        return policy_for(Clock.RESOLVE_BY, facts, now)
    told = {name: began.data[name] for name in ("category", "level") if began.data.get(name)}
    return policy_for(Clock.RESOLVE_BY, {**facts, **told}, began.at)


def lengthened(clock: ClockState, amount: int, calendar: Any) -> ClockState:
    """Return the clock as it would be with an extension; the one given stays as it is."""
    longer = copy.copy(clock)
    longer.extend(amount, calendar)
    return longer


def is_strict(state: Any, policy: LimitPolicy | None) -> bool:
    """Tell whether nothing can be lengthened any more once the date has passed: statutory limits and mediation.

    A term that has run out cannot be prolonged (信访工作条例 §34: 批准 is a condition of going on beyond it; 调解期限届满
    而未同意延长的，调解终止). Elsewhere an extension may still be given, and lateness reached by then stays (rule 6).
    """
    return bool((policy and policy.statutory) or state.procedure == Procedure.MEDIATION)


def used_of(case: Any) -> int:
    """How many extensions this matter has had."""
    found: int = case.requests.filter(kind=RequestKind.EXTENSION, approved=True).count()
    return found


# --- asking -------------------------------------------------------------------------------------------------------


def _request(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    kind = cleaned["kind"]
    if turn.case.requests.waiting().filter(kind=kind).exists():
        raise NotNow("本件已有一份同样的申请在等批复；要改请先撤回那一份。", current_status=turn.state.status)
    if kind == RequestKind.EXTENSION:
        _check_extension(turn, cleaned)
    if kind == RequestKind.SUSPENSION:
        if not (cleaned.get("suspend_reason") and cleaned.get("expected_end")):
            raise Incomplete({"suspend_reason": ["申请暂停计时，请选择暂停理由并填写预计恢复日。"]})
        if turn.state.procedure == Procedure.PETITION:
            raise NotNow("信访件的期限不能暂停；确有需要请申请延期。", current_status=turn.state.status)
        _only_hearings(turn, "suspend_reason", cleaned["suspend_reason"])
    not_past(turn, "expected_end", cleaned.get("expected_end"))
    asked = HandlerRequest.objects.create(
        case=turn.case,
        kind=kind,
        amount=cleaned.get("amount"),
        reason=cleaned["reason"],
        public_reason=cleaned.get("public_reason", ""),
        consent=cleaned.get("consent"),
        suspend_reason=cleaned.get("suspend_reason", ""),
        expected_end=cleaned.get("expected_end"),
        requested_at=turn.now,
        requested_by_id=turn.actor.user_id,
    )
    return {**cleaned, "request": asked.pk}


def _check_extension(turn: Turn, cleaned: dict[str, Any]) -> None:
    """Hold an extension against the policy that gave the limit: maximum, how often, until when, what must be said."""
    policy = resolve_policy(turn.state, turn.events, turn.now)
    amount, times = (policy.extension_amount, policy.extension_times) if policy else (0, 0)
    if not amount or used_of(turn.case) >= times:
        raise NotNow("本件按规定不能再延期；如确需更多时间，请会商或申请暂停计时。", current_status=turn.state.status)
    _in_time(turn, policy)
    unit = UNITS.get(policy.unit, "") if policy else ""
    errors: dict[str, list[str]] = {}
    if not cleaned.get("amount"):
        errors["amount"] = [f"请填写延长多少，最多 {amount} {unit}。"]
    elif cleaned["amount"] > amount:
        errors["amount"] = [f"按规定最多延长 {amount} {unit}，请改小。"]
    if turn.state.procedure == Procedure.PETITION and not cleaned.get("public_reason"):
        errors["public_reason"] = ["请写明告诉居民的延期理由；信访件延期须告知理由（《信访工作条例》第三十四条）。"]
    if turn.state.procedure == Procedure.MEDIATION and not cleaned.get("consent"):
        errors["consent"] = ["调解期限须双方当事人都同意才能延长；请征得同意，或者终止调解并告知其他途径。"]
    if errors:
        raise Incomplete(errors)


def _in_time(turn: Turn, policy: LimitPolicy | None) -> None:
    clock = turn.state.latest(Clock.RESOLVE_BY)
    if clock and turn.now > clock.due_at and is_strict(turn.state, policy):
        raise NotNow(TOO_LATE, current_status=turn.state.status)


def _only_hearings(turn: Turn, field: str, reason: str) -> None:
    if turn.state.procedure in c.REVIEWS and reason != c.SuspendReason.HEARING:
        raise Incomplete(
            {field: ["复查、复核只有举行听证的时间不计入期限（《信访工作条例》第三十六条），请选“听证”。"]}
        )


def _suspend(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    not_past(turn, "expected_end", cleaned["expected_end"])
    _only_hearings(turn, "reason", cleaned["reason"])
    return cleaned


def _withdraw_request(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    asked = _waiting(turn, cleaned["request"])
    if asked.requested_by_id != turn.actor.user_id and Standing.LEAD not in turn.standing:
        raise NotYou("申请由提出的人或者本单位负责人撤回。")
    asked.withdrawn_at = turn.now
    asked.save(update_fields=["withdrawn_at"])
    return {**cleaned, "kind": asked.kind}


# --- deciding -----------------------------------------------------------------------------------------------------


def needs_the_centre(state: Any, kind: str, policy: LimitPolicy | None) -> bool:
    """Tell whether the centre's lead decides this: serious and urgent matters, declining, and where the policy says so.

    The extension of a 信访件 is the head's of the handling unit by statute, however serious it is (XF §34).
    """
    if kind == RequestKind.SIGN_OFF:
        return False
    if kind == RequestKind.DECLINE:
        return True
    said = kind == RequestKind.EXTENSION and policy is not None and policy.extension_by == "centre_lead"
    if kind == RequestKind.EXTENSION and state.procedure == Procedure.PETITION:
        return said
    return said or state.level in (c.Level.SERIOUS, c.Level.URGENT)


def _waiting(turn: Turn, pk: int) -> HandlerRequest:
    asked = turn.case.requests.select_for_update().filter(pk=pk, approved__isnull=True, withdrawn_at=None).first()
    if asked is None:
        raise Incomplete({"request": ["没有这份待批的申请，可能已经批复或者撤回。"]})
    return asked


def _decide(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    asked = _waiting(turn, cleaned["request"])
    policy = resolve_policy(turn.state, turn.events, turn.now)
    if needs_the_centre(turn.state, asked.kind, policy) and Standing.CENTRE_LEAD not in turn.standing:
        raise NotYou(f"本件的{RequestKind(asked.kind).label}须由中心负责人批准。")
    if asked.requested_by_id is not None and asked.requested_by_id == turn.actor.user_id:
        raise NotYou(OWN)
    if not turn.case.requests.waiting().filter(pk=asked.pk).exists():
        raise NotNow(LAPSED, current_status=turn.state.status)
    if not cleaned["approved"] and not cleaned.get("note"):
        raise Incomplete({"note": ["不同意的，请写明理由，申请人会看到。"]})
    data = {**cleaned, "kind": asked.kind, "amount": asked.amount}
    if asked.approved is None and cleaned["approved"]:
        data |= _what_follows(turn, asked, policy)
    asked.approved, asked.decided_at = cleaned["approved"], turn.now
    asked.decided_by_id, asked.decision_note = turn.actor.user_id, cleaned.get("note", "")
    asked.save()
    return data


def _what_follows(turn: Turn, asked: HandlerRequest, policy: LimitPolicy | None) -> dict[str, Any]:
    """What an approval brings with it: the new date and its words for the resident, or the move that was asked for."""
    if asked.kind == RequestKind.SUSPENSION:
        wanted = turn.events_of("request", asked.pk).data
        return {"suspend": {"reason": wanted["suspend_reason"], "expected_end": wanted["expected_end"]}}
    if asked.kind == RequestKind.DECLINE:
        return {"decline": {"reason": asked.decline_reason, "instead": asked.decline_instead}}
    if asked.kind != RequestKind.EXTENSION:
        return {}
    if policy is not None and (used_of(turn.case) >= policy.extension_times):
        raise NotNow("本件已经延期过，按规定不能再延。", current_status=turn.state.status)
    _in_time(turn, policy)
    clock = turn.state.latest(Clock.RESOLVE_BY)
    if clock is None or not clock.live:
        return {}
    longer = lengthened(clock, asked.amount or 0, turn.calendar)
    asked.due_before, asked.due_after = clock.due_at, longer.due_at
    asked.number = next_in_series("综治延", turn.now)
    return {
        "due_before": clock.due_at,
        "due_after": longer.due_at,
        "tentative": longer.tentative,
        "number": asked.number,
        "public_reason": asked.public_reason,
    }


# --- declining ----------------------------------------------------------------------------------------------------


def decline_rule(case: Any, reason: str) -> DeclineRule | None:
    """Return the rule by which declining this for this reason needs the centre's lead, or None; one query."""
    for rule in DeclineRule.objects.filter(active=True, reason__in=("", reason)):
        if rule.kind in ("", case.kind) and rule.procedure in ("", case.procedure):
            return rule
    return None


def _decline(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    rule = decline_rule(turn.state, cleaned["reason"])
    if rule is not None and Standing.CENTRE_LEAD not in turn.standing:
        base = f"（{rule.legal_base}）" if rule.legal_base else ""
        raise NeedsApproval(f"这种情形不予受理须由中心负责人批准{base}；请提交“申请不予受理”，批准后自动告知居民。")
    return cleaned


def _request_decline(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    if turn.case.requests.waiting().filter(kind=RequestKind.DECLINE).exists():
        raise NotNow("本件已有一份不予受理的申请在等批复。", current_status=turn.state.status)
    asked = HandlerRequest.objects.create(
        case=turn.case,
        kind=RequestKind.DECLINE,
        reason=cleaned.get("note") or c.DeclineReason(cleaned["reason"]).label,
        decline_reason=cleaned["reason"],
        decline_instead=cleaned["instead"],
        requested_at=turn.now,
        requested_by_id=turn.actor.user_id,
    )
    return {**cleaned, "request": asked.pk, "kind": RequestKind.DECLINE.value}


REQUESTING: Mapping[str, Callable[[Turn, dict[str, Any]], dict[str, Any] | None]] = {
    "request": _request,
    "request_decline": _request_decline,
    "withdraw_request": _withdraw_request,
    "decide": _decide,
    "decline": _decline,
    "suspend": _suspend,
}
