"""The centre's rules of supervision, and under which word an order gets its number."""

from __future__ import annotations

from datetime import datetime

from cases import choices as c
from cases.models import SupervisionRules
from cases.services.series import next_of_orders


def rules() -> SupervisionRules:
    """The centre's rules of supervision; the defaults until somebody edits them. One query."""
    return SupervisionRules.objects.first() or SupervisionRules(pk=1)


def next_order_number(kind: str, now: datetime) -> str:
    """The next number of an order; call it inside the transaction that uses it."""
    found = rules()
    return next_of_orders(found.urge_word if kind == c.OrderKind.URGE else found.letter_word, now)
