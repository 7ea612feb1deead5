"""What the form of an order holds before anybody types: the reason it was opened for, in words, and a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import choices as c
from cases.models import Case, SupervisionOrder
from cases.supervising.drafting import answer_by, texts
from cases.supervising.watching import WATCHES
from governance_portal.lib.working_days import SHANGHAI

#: Reasons for which a letter is usual; the others begin with 催办.
GRAVE = frozenset({"late", "unhappy", "bandied", "order_late", "doubtful", "repeated"})
DEMANDS: Mapping[str, str] = {
    "soon": "该件期限将至，请抓紧办理，按期办结。",
    "stuck": "该件长时间没有进展，请说明原因和下一步安排，并抓紧办理。",
    "bandied": "请主办单位切实负起首接责任，与有关单位协商，不得再退回、推诿，并报送办理安排。",
    "joint": "该件涉及人数较多，请单位负责人直接接待、稳妥处置，并报送化解方案。",
    "repeated": "同一事项办结后再次反映，请核查上次办理是否落实，重新拿出解决办法并书面报送。",
    "order_late": "前次督办逾期未回复，请立即说明原因并补报整改情况。",
    "doubtful": "办结材料不足以说明问题已经解决，请补充联系记录、现场照片等佐证，并书面说明。",
}


def prefilled_order(case: Case, watch: str, now: datetime) -> dict[str, Any]:
    """Kind, date, and for a reason of the desk (`?watch=late`) what is wrong and what is demanded."""
    given: dict[str, Any] = {"kind": c.OrderKind.URGE.value, "deadline": local(answer_by(now))}
    if watch not in WATCHES:
        return given
    cause = c.DraftCause.UNHAPPY if watch == "unhappy" else c.DraftCause.LATE
    problem, demand = texts(case, cause, now)
    kind = c.OrderKind.LETTER if watch in GRAVE else c.OrderKind.URGE
    return {**given, "kind": kind.value, "problem": problem, "demand": DEMANDS.get(watch, demand)}


def prefilled_answer(case: Case, name: str, now: datetime) -> dict[str, Any]:
    """Which order an answer, a further demand or the lifting is about: the first for which it makes sense."""
    orders = list(open_orders(case))
    waiting = [order for order in orders if order.responded_at is None]
    answered = [order for order in orders if order.responded_at is not None]
    chosen = {"respond": waiting or orders, "renew": answered, "lift": answered or orders}[name]
    given: dict[str, Any] = {"order": chosen[0].pk if chosen else None}
    return {**given, "deadline": local(answer_by(now))} if name == "renew" else given


def open_orders(case: Case) -> Any:
    """The orders of a case that stand, the oldest first."""
    return SupervisionOrder.objects.filter(case=case, lifted_at__isnull=True).order_by("issued_at", "pk")


def local(moment: datetime) -> str:
    """A moment as a datetime field of a form holds it."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
