"""Where the tests of 督办 begin: a case signed for by the housing office, and what follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Case, SupervisionOrder
from tests.cases.cast import District, at

BEGINNING, RESOLVED = at(2), at(3)

LETTER = {"kind": "letter", "demand": "请说明原因并整改。"}


def accepted(d: District, now: datetime = BEGINNING, **given: Any) -> Case:
    """Accepted at the window."""
    case = d.register(now=now, **given)
    return d.move(case, "accept", "clerk", now, category="A0102", level="general")


def signed(d: District, now: datetime = BEGINNING, **given: Any) -> Case:
    """Dispatched to the housing office and signed for at once."""
    case = accepted(d, now, **given)
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler", now)


def resolved(d: District, now: datetime = RESOLVED, case: Case | None = None, by: str = "handler") -> Case:
    """Reported as done."""
    given = {"result": "已换泵", "outcome": "fulfilled", "reply": "已恢复供热。"}
    return d.move(case or signed(d), "resolve", by, now, **given)


def order(d: District, case: Case, now: datetime, by: str = "supervisor", **given: Any) -> SupervisionOrder:
    """Lay an order."""
    event = d.record(case, "order", by, now, **{**LETTER, "deadline": at(30, 17).isoformat(), **given})
    return SupervisionOrder.objects.get(pk=event.data["order"])
