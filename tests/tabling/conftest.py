"""A district with matters of many kinds, and a moment that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.cases.cast import COMMUNITY, DISTRICT, GRID, OTHER_STREET, STREET, District, at
from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "client_of", "district"]

#: When everybody looks: the Monday of an ordinary week.
NOW = at(23, 16)
ClientOf = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page and every list is asked at one moment."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def settle(d: District, now: datetime, done: datetime, *, satisfaction: int = 4, **given: object) -> None:
    """A matter that a department handled and the resident rated."""
    case = d.register(now=now, **given)
    category = "0101" if case.kind == "dispute" else "A0102"
    d.move(case, "accept", "clerk", now, category=category, level="general")
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", now)
    d.move(case, "resolve", "handler", done, result="已办", outcome="fulfilled", reply="已办。")
    d.move(case, "approve", "supervisor", done)
    d.move(case, "confirm", "follow_up", done, satisfaction=satisfaction, resolved=True, contacted=True)


def a_full_district(d: District) -> None:
    """Matters of several kinds, lines, places, levels and months, in many states."""
    settle(d, at(3), at(9))
    settle(d, at(4), at(10), satisfaction=2, channel="hotline", place={"area": STREET})
    settle(d, at(12, month=9), at(20), kind="dispute", description="邻居两家因滴水檐争执。", visitor_count=3)
    d.register(now=at(16), place={"area": OTHER_STREET})
    d.register(now=at(17), place={"area": DISTRICT}, visitor_count=5)
    d.register(now=at(20, month=10), place={"area": COMMUNITY, "grid": GRID})
    accepted = d.register(now=at(18), kind="hazard", description="窨井盖坏了，请修。")
    d.move(accepted, "accept", "clerk", at(18, 10), category="H0101", level="serious")
    late = d.register(now=at(7, month=8), place={"area": COMMUNITY, "grid": GRID})
    d.move(late, "accept", "clerk", at(7, 10, month=8), category="A0103", level="major")
    gone = d.register(now=at(19))
    d.move(gone, "withdraw", "clerk", at(20), note="本人撤回")
