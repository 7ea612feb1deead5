"""Orders (督办) as the door prepares them: laid, demanded again, answered, lifted; closings noted, spot checks drawn.

Each preparer writes its row in the transaction of its event, as those of `preparing` do (design/workflow.md "督办").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cases import choices as c
from cases.models import Closing, SpotCheck, SupervisionOrder
from cases.services import statements
from cases.services.order_numbers import next_order_number, rules
from cases.standing import Standing
from governance_portal.lib.draws import lot
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

if TYPE_CHECKING:
    from cases.services.door import Turn

FORMAL = (c.OrderKind.TALK, c.OrderKind.CIRCULAR, c.OrderKind.LISTED)
#: Longest time for an answer.
LONGEST = timedelta(days=366)
#: Digits of the code of a district; a longer one is a street's or below it.
DISTRICT_DIGITS = 6


def _deadline(turn: Turn, cleaned: dict[str, Any]) -> None:
    if cleaned["deadline"] <= turn.now:
        raise Incomplete({"deadline": ["回复期限应在现在之后，请重新填写。"]})
    if cleaned["deadline"] > turn.now + LONGEST:
        raise Incomplete({"deadline": ["回复期限不超过一年，请重新填写。"]})


def _order(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    kind = cleaned["kind"]
    by_clock = Standing.CLOCK in turn.standing
    if by_clock and kind != c.OrderKind.URGE:
        raise NotYou("系统只能自动催办；督办函等须由督办员签发。")
    _deadline(turn, cleaned)
    if kind in FORMAL and not (cleaned.get("issuer") and cleaned.get("issuer_number")):
        raise Incomplete({"issuer": ["约谈、通报、挂牌督办由政法委或联席会议作出，请写明签发机关和文号。"]})
    clock = turn.state.latest(cleaned["clock"]) if cleaned.get("clock") else None
    if clock and turn.case.orders.filter(cause_clock=clock.clock, cause_period=clock.period).exists():
        raise NotNow("这一时限已经催办过。", current_status=turn.state.status)
    order = SupervisionOrder.objects.create(
        case=turn.case,
        number=next_order_number(kind, turn.now),
        kind=kind,
        unit_id=turn.state.lead_unit_id,
        problem=cleaned.get("problem", ""),
        demand=cleaned["demand"],
        deadline=cleaned["deadline"],
        issuer=cleaned.get("issuer", ""),
        issuer_number=cleaned.get("issuer_number", ""),
        issued_at=turn.now,
        signed_by="" if by_clock else turn.actor.name,
        cause_clock=clock.clock if clock else "",
        cause_period=clock.period if clock else 0,
    )
    return {**cleaned, "order": order.pk, "number": order.number}


def _find(turn: Turn, pk: int) -> SupervisionOrder:
    order = turn.case.orders.select_for_update().filter(pk=pk, lifted_at__isnull=True).first()
    if order is None:
        raise Incomplete({"order": ["没有这份未解除的督办，请核对编号。"]})
    return order


def _respond(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    order = _find(turn, cleaned["order"])
    order.response, order.responded_at = cleaned["response"], turn.now
    order.save(update_fields=["response", "responded_at"])
    return {**cleaned, "number": order.number}


def _renew(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Demand again what was answered insufficiently: a new date, and the order waits for a second answer."""
    order = _find(turn, cleaned["order"])
    if order.responded_at is None:
        raise NotNow("单位还没有回复这份督办，等回复后再决定；已到期的会自动提醒。", current_status=turn.state.status)
    _deadline(turn, cleaned)
    order.demand, order.deadline, order.responded_at = cleaned["demand"], cleaned["deadline"], None
    order.renewed += 1
    order.save(update_fields=["demand", "deadline", "responded_at", "renewed"])
    return {**cleaned, "number": order.number}


def _lift(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    order = _find(turn, cleaned["order"])
    if Standing.CLOCK in turn.standing and not order.cause_clock:
        raise NotYou("人发出的督办由督办员解除。")
    order.lifted_at, order.lift_note = turn.now, cleaned["note"]
    order.save(update_fields=["lifted_at", "lift_note"])
    return {**cleaned, "number": order.number}


# --- the centre's check -----------------------------------------------------------------------------------------


def _closing(turn: Turn, cleaned: dict[str, Any]) -> None:
    """Keep how this closing came about (facts §5 反造假): how long after signing, with how much on the record."""
    began = next((event for event in reversed(turn.events) if event.kind in ("sign", "reopen", "redo")), None)
    since = [event for event in turn.events if began is not None and event.seq >= began.seq]
    closing = Closing(
        case=turn.case,
        seq=len(turn.events) + 1,
        unit_id=turn.state.lead_unit_id,
        reported_by_id=turn.actor.user_id or 0,
        reported_at=turn.now,
        seconds=int((turn.now - began.at).total_seconds()) if began and began.kind == "sign" else None,
        contacts=sum(event.kind == "contact" for event in since),
        notes=sum(event.kind in ("note", "assist") for event in since),
        files=sum(len(event.data.get("attachments", ())) for event in since if event.kind == "attach")
        + len(cleaned.get("photos_after", ())),
    )
    statements.NEW_CLOSING.write([closing])


def _checked(turn: Turn, _data: dict[str, Any]) -> None:
    """Note who checked, and draw the sample of what a street approved (the same again, nobody's choice)."""
    latest = turn.case.closings.order_by("-seq").first()
    if latest is not None:
        latest.checked_at = turn.now
        latest.self_checked = turn.actor.user_id in turn.state.handled_by
        latest.save(update_fields=["checked_at", "self_checked"])
    post = turn.posts.get(Standing.CHECKER)
    if post is not None and len(post.area_code) > DISTRICT_DIGITS:
        share = rules().sample_share
        if is_drawn(turn.case.number, turn.state.round, turn.events[-1].hash, share):
            SpotCheck.objects.get_or_create(
                case=turn.case, round=turn.state.round, defaults={"share": share, "drawn_at": turn.now}
            )


def is_drawn(number: str, round: int, before: str, share: int) -> bool:
    """Whether a closing is in a sample of `share` per cent; `before` is the hash of the event before it was approved."""
    return lot("check", number, round, before) < share


ORDERING: Mapping[str, Callable[[Turn, dict[str, Any]], dict[str, Any] | None]] = {
    "order": _order,
    "respond": _respond,
    "renew": _renew,
    "lift": _lift,
}
#: What is kept beside a move that others prepare.
BESIDE: Mapping[str, Callable[[Turn, dict[str, Any]], None]] = {
    "resolve": _closing,
    "approve": _checked,
    "close_verified": _checked,
}
