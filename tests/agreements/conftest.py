"""An agreement over unpaid wages, in three instalments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cases.models import Case
from tests.cases.cast import MONDAY, District, at
from tests.cases.conftest import _fresh_policies, district

INSTALMENTS = [
    {"due_on": "2027-02-26", "what": "支付工资 9000 元"},
    {"due_on": "2026-12-31", "what": "支付工资 8000 元"},
    {"due_on": "2027-01-29", "what": "支付工资 8000 元"},
]
AGREED: dict[str, Any] = {
    "result": "双方签订支付协议",
    "outcome": "agreed",
    "reply": "已签订支付协议，分三期付清。",
    "effective_on": "2026-11-20",
    "instalments": INSTALMENTS,
}


@pytest.fixture
def handling(district: District) -> Callable[..., Case]:
    """老李 handles a matter of wages."""

    def made(now: datetime = MONDAY, category: str = "A0102", **given: Any) -> Case:
        case = district.register(now=now, **given)
        district.move(case, "accept", "clerk", now, category=category, level="general")
        district.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
        district.move(case, "sign", "handler", now)
        return Case.objects.get(pk=case.pk)

    return made


@pytest.fixture
def agreed(district: District, handling: Callable[..., Case]) -> Callable[..., Case]:
    """The agreement is reported on Monday 23 November 2026; `closed` two days later."""

    def made(*, closed: bool = True, **given: Any) -> Case:
        case = handling()
        district.move(case, "resolve", "handler", at(23, 15), **(AGREED | given))
        if closed:
            district.move(case, "approve", "supervisor", at(24))
            district.move(case, "confirm", "follow_up", at(25), satisfaction=5, resolved=True, contacted=True)
        return Case.objects.get(pk=case.pk)

    return made


__all__ = ["_fresh_policies", "district"]
