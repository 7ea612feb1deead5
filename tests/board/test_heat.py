"""The grids that are pressed are told alike off the kept counts and off the rows."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cases.statistics import counting, outcomes
from cases.statistics.windows import EVER, Window
from tests.cases.cast import DISTRICT, GRID, MONDAY, STREET, District
from tests.statistics.test_counting import settled

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def pressed(district: District) -> District:
    """Two open in one grid, of which one is overdue later; one settled and one in no grid."""
    for _ in range(2):
        district.move(district.register(place={"grid": GRID}), "accept", "clerk", category="A0102", level="general")
    settled(district, district.register(place={"grid": GRID}))
    district.register()
    return district


@pytest.mark.parametrize("area", [DISTRICT, STREET, GRID[:12]])
@pytest.mark.parametrize("days", [0, 60])
def test_the_pressed_grids_are_those_of_the_rows(pressed: District, area: str, days: int) -> None:
    now = MONDAY + timedelta(days=days)
    scope = counting.cases_of(pressed.actor("centre_lead"), area, now)
    for window in (EVER, Window(date(2026, 11, 1), date(2026, 11, 30)), Window(date(2026, 12, 1), date(2026, 12, 2))):
        period = SimpleNamespace(window=window)
        board: Any = SimpleNamespace(cases=scope, rows=scope.rows, now=now, period=period)
        told = outcomes._pressed(board)
        over_rows: Any = SimpleNamespace(cases=scope.rows, rows=scope.rows, now=now, period=period)
        assert told == outcomes._pressed(over_rows)
        assert [(row["group"], row["open"], bool(row["overdue"])) for row in told] == [(GRID, 2, days == 60)]
