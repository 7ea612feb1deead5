"""The ground of the map's tests: the cast's district with four grids that have shapes, and matters in them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area, Grid
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, District
from tests.pages.conftest import client_of, district, migrated, town

__all__ = ["client_of", "district", "migrated", "town"]

SECOND, THIRD, FOURTH = f"{COMMUNITY}002", f"{COMMUNITY}003", f"{COMMUNITY}004"
#: A morning a few days ago: the pages count by the day it is.
NOW = (timezone.now().astimezone(SHANGHAI) - timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)


def box(west: float, east: float) -> dict[str, Any]:
    """A rectangle of 0.01 degrees' height, in GCJ-02."""
    ring = [[west, 39.5], [east, 39.5], [east, 39.51], [west, 39.51], [west, 39.5]]
    return {"type": "Polygon", "coordinates": [ring]}


def lay_ground() -> None:
    """Four grids from west to east that fill their community; 280 people in each but the last."""
    Area.objects.filter(code=COMMUNITY).update(boundary=box(112.30, 112.34), population=1000)
    Area.objects.filter(code=DISTRICT).update(boundary=box(112.2, 112.5))
    Grid.objects.filter(code=GRID).update(boundary=box(112.30, 112.31), population=280)
    for number, code in enumerate((SECOND, THIRD, FOURTH), start=1):
        west = round(112.30 + number / 100, 2)
        name, people = f"胜利社区第{'二三四'[number - 1]}网格", 280 if code != FOURTH else None
        Grid.objects.create(
            code=code, name=name, community_id=COMMUNITY, boundary=box(west, round(west + 0.01, 2)), population=people
        )


def matter(d: District, grid: str, number: int, **place: Any) -> Any:
    """An accepted matter in a grid; each in its own words."""
    words = f"第{number}件：{grid[-3:]} 号网格楼道照明不亮，请派人来看。"
    case = d.register(description=words, place={"grid": grid, "address": f"{number} 号楼", **place}, now=NOW)
    return d.move(case, "accept", "clerk", now=NOW, category="A0102", level="general")


@pytest.fixture
def ground(district: District) -> District:
    """The district with its ground."""
    lay_ground()
    return district
