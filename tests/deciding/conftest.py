"""Fixtures of decisions: the district, a client for each person, and Monday as the day of the pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from cases.dispatching.catalogue import Draft, publish
from cases.models import DispatchLine
from tests.cases.cast import DISTRICT, MONDAY, District
from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "client_of", "district"]


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at on the Monday of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def line(district: District) -> Callable[..., DispatchLine]:
    """Publish a line of the catalogue, in force since the beginning of the year."""

    def published(category: str, unit: str, area: str = DISTRICT, **more: Any) -> DispatchLine:
        draft = Draft(category, area, unit, more.pop("source", "派单目录第一版"), date(2026, 1, 1), **more)
        return publish(draft, author=district.people["dispatcher"], now=MONDAY)

    return published
