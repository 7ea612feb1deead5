"""What a case page shows of 督办: each order with everything that was demanded and answered, drafts, reasons to look twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases.choices import Status
from cases.dossier import Dossier
from cases.models import Event, SupervisionOrder
from cases.standing import Standing
from cases.supervising.closings import reasons_of
from cases.supervising.drafting import SIGNERS
from governance_portal.lib import spoken

#: What of an order's history is a text, and what it is called.
TEXTS = {"order": ("demand", "整改要求"), "respond": ("response", "回复"), "renew": ("demand", "再次督办")}


def order_card(order: SupervisionOrder, events: Sequence[Event], now: datetime) -> dict[str, Any]:
    """One order: its head, the texts in their order, its letter."""
    waits = order.lifted_at is None and order.responded_at is None
    return {
        "number": order.number,
        "label": order.get_kind_display(),
        "unit": order.unit.name if order.unit else "",
        "by": order.signed_by or ("系统自动催办" if order.cause_clock else ""),
        "issued": spoken.full_words(order.issued_at),
        "problem": order.problem,
        "texts": _texts(order, events),
        "demand": order.demand,
        "deadline": spoken.full_words(order.deadline),
        "late": waits and order.deadline < now,
        "waits": waits,
        "issuer": f"{order.issuer} {order.issuer_number}".strip(),
        "response": order.response,
        "lifted": order.lifted_at,
        "lift_note": order.lift_note,
        "is_open": order.lifted_at is None,
        "ribbon": "挂牌督办" if order.kind == "listed" else "",
        "pdf": reverse("cases:order-letter", args=[order.pk, "pdf"]),
        "docx": reverse("cases:order-letter", args=[order.pk, "docx"]),
    }


def _texts(order: SupervisionOrder, events: Sequence[Event]) -> list[dict[str, str]]:
    found = [event for event in events if event.kind in TEXTS and event.data.get("order") == order.pk]
    return [
        {
            "label": f"{TEXTS[event.kind][1]} · {event.actor_unit or event.actor_name} · {spoken.full_words(event.at)}",
            "text": str(event.data.get(TEXTS[event.kind][0], "")),
        }
        for event in found
    ]


def checks_of(whole: Dossier) -> dict[str, Any]:
    """`doubts` for who checks a closing, `order_drafts` for who may sign; nothing is asked for anybody else."""
    case, standing = whole.case, whole.standing
    found: dict[str, Any] = {"doubts": [], "order_drafts": []}
    if case.status == Status.SUPERVISION and Standing.CHECKER in standing:
        found["doubts"] = reasons_of(case)
    if standing & SIGNERS:
        found["order_drafts"] = list(case.order_drafts.filter(order__isnull=True, discarded_at__isnull=True))
    return found
