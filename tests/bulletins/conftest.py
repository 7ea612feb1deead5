"""A month in small, made through the door: October 2026 with what came in, what was closed, what was complained about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from cases.bulletins import services
from cases.bulletins.periods import Span, read_span
from cases.models import Bulletin, Case
from tests.api.conftest import phones
from tests.cases.cast import DISTRICT, District, at
from tests.pages.conftest import _fresh_policies, client_of, district

__all__ = ["_fresh_policies", "client_of", "district", "phones"]

OCTOBER: Span = read_span("2026-10")
#: The first working day of November: 2 November 2026 is a Monday.
FIRST = at(2)
NOON = at(2, hour=12)


def matter(d: District, day: int, month: int = 10, *, closed: bool = True, **given: Any) -> Case:
    """A matter of one day, closed the day after by the department and rated 4."""
    came = at(day, month=month)
    category = given.pop("category", "A0102")
    case = d.register(now=came, **given)
    d.move(case, "accept", "clerk", came, category=category, level="general")
    unit, handler = ("committee", "mediator") if given.get("kind") == "dispute" else ("housing", "handler")
    d.move(case, "dispatch", "dispatcher", came, lead_unit=unit, mode="forward")
    d.move(case, "sign", handler, came)
    if closed:
        done = at(day + 1, month=month)
        d.move(case, "resolve", handler, done, result="已办", outcome="fulfilled", reply="已办好。")
        d.move(case, "approve", "supervisor", done)
        d.move(case, "confirm", "follow_up", done, satisfaction=4, resolved=True, contacted=True)
    return case


@pytest.fixture
def october(district: District) -> District:
    """Three matters in October (one open, one dispute settled), one in September."""
    d = district
    d.person("street_chief", "焦镇长", Role.LEADER, "street", "140603100")
    dispute = {
        "kind": "dispute",
        "description": "邻居两家因滴水檐争执。",
        "willing_to_mediate": True,
        "visitor_count": 2,
    }
    matter(d, 14, 9)
    matter(d, 12)
    matter(d, 13, closed=False)
    matter(d, 14, category="0201", **dispute)
    return d


@pytest.fixture
def draft(october: District) -> Bulletin:
    """October's draft, made by the supervisor on the first working day."""
    return services.make(DISTRICT, OCTOBER, FIRST, october.actor("supervisor", FIRST))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[datetime], None]:
    """Set the pages' time; a session does not end because the test looks from a later day."""
    settings.SESSION_COOKIE_AGE = 10**9
    return lambda now: monkeypatch.setattr(timezone, "now", lambda: now)
