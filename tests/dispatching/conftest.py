"""Fixtures of the catalogue: the district, its phones and clients, and lines published as somebody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cases.dispatching.catalogue import Draft, publish
from cases.models import DispatchLine
from tests.api.conftest import _own_folder, phones
from tests.cases.cast import DISTRICT, MONDAY, District
from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "_own_folder", "client_of", "district", "phones"]


@pytest.fixture
def line(district: District) -> Callable[..., DispatchLine]:
    """Publish one line, in force since the beginning of the year."""

    def published(category: str, unit: str, area: str = DISTRICT, **more: Any) -> DispatchLine:
        draft = Draft(
            category, area, unit, more.pop("source", "派单目录第一版"), more.pop("since", date(2026, 1, 1)), **more
        )
        return publish(draft, author=district.people["dispatcher"], now=MONDAY)

    return published
