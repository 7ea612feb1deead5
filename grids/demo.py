"""The demonstration's territory: the real names and codes of 平鲁区 on an invented ground, with invented grids."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from grids.choices import Datum, Level
from grids.codes import default_work_class
from grids.demo_shapes import cells, grouped
from grids.models import Area, Grid

DISTRICT = "140603"
DIVISIONS = Path(__file__).parent / "data" / "pinglu_divisions.csv"

#: Neighbourhoods of the county town have many times the grids of a village.
_GRIDS_OF_A_NEIGHBOURHOOD = 12
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class MadeTerritory:
    """What ``make_territory`` created this time; zeros when all of it was there."""

    district: str
    areas: int
    grids: int


@dataclass(frozen=True)
class _Line:
    """One community of the divisions table."""

    area: str
    street_code: str
    street: str
    code: str
    name: str


@transaction.atomic
def make_territory(now: datetime, grids: int = 506) -> MadeTerritory:
    """Create district, 12 streets, 234 communities and ``grids`` grids with boundaries; what exists stays as it is.

    ``grids`` is at least the number of communities (234), else ValueError. ``now`` dates the text on the grid cards.
    """
    areas, rows = _plan(grids)
    known = set(Area.objects.values_list("code", flat=True)) | set(Grid.objects.values_list("code", flat=True))
    new_areas = [Area(**area) for area in areas if area["code"] not in known]
    dated = f"界线以地图为准（{now.year} 年核定）。"
    new_grids = [Grid(**row, extent=row["name"] + dated) for row in rows if row["code"] not in known]
    Area.objects.bulk_create(new_areas, batch_size=200)
    Grid.objects.bulk_create(new_grids, batch_size=200)
    return MadeTerritory(DISTRICT, len(new_areas), len(new_grids))


@lru_cache(maxsize=2)
def _plan(number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Fields of all areas and all grids (without ``extent``), computed once."""
    communities = _communities()
    if number < len(communities):
        raise ValueError(f"at least one grid for each of the {len(communities)} communities")
    shares = _shares(communities, number)
    streets: dict[str, list[_Line]] = {}
    for line in communities:
        streets.setdefault(line.street_code, []).append(line)
    ground = cells(number)
    areas = [_area(DISTRICT, communities[0].area, Level.DISTRICT, None, ground)]
    rows: list[dict[str, Any]] = []
    of_street = grouped(ground, [sum(shares[line.code] for line in lines) for lines in streets.values()])
    for (code, lines), street_cells in zip(streets.items(), of_street, strict=True):
        areas.append(_area(code, lines[0].street, Level.STREET, DISTRICT, street_cells))
        of_community = grouped(street_cells, [shares[line.code] for line in lines])
        for line, community_cells in zip(lines, of_community, strict=True):
            areas.append(_area(line.code, line.name, Level.COMMUNITY, code, community_cells))
            rows += [_grid(line, ordinal, cell) for ordinal, cell in enumerate(community_cells, start=1)]
    return areas, rows


def _communities() -> list[_Line]:
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [_Line(row["area"], row["streetCode"], row["street"], row["code"], row["name"]) for row in rows]


def _shares(communities: list[_Line], number: int) -> dict[str, int]:
    """How many grids each community has: one each, neighbourhoods up to twelve, then villages in turn."""
    shares = {line.code: 1 for line in communities}
    rest = number - len(shares)
    urban = [line.code for line in communities if line.name.endswith("居委会")]
    for code in urban:
        more = min(rest // (len(urban) or 1), _GRIDS_OF_A_NEIGHBOURHOOD - 1)
        shares[code] += more
    rest = number - sum(shares.values())
    villages = [line.code for line in communities if line.code not in urban]
    for turn in range(rest):
        shares[villages[turn % len(villages)]] += 1
    return shares


def _area(code: str, name: str, level: str, parent: str | None, ground: Any) -> dict[str, Any]:
    people = 280 * len(ground) + int(code) % 97
    return {
        "code": code,
        "name": name,
        "level": level,
        "parent_id": parent,
        "boundary": _geojson(shapely.union_all(list(ground))),
        "datum": Datum.GCJ02,
        "population": people,
        "households": people * 10 // 26,
    }


def _grid(line: _Line, ordinal: int, cell: BaseGeometry) -> dict[str, Any]:
    return {
        "code": f"{line.code}{ordinal:03d}",
        "name": f"{line.street}{_short(line.name)}第{_chinese(ordinal)}网格",
        "community_id": line.code,
        "work_class": default_work_class("basic", line.name),
        "boundary": _geojson(cell),
        "datum": Datum.GCJ02,
        "population": 280,
        "supervising_phone": "0349-0001345",
    }


def _geojson(ground: BaseGeometry) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(ground))


def _short(name: str) -> str:
    """「古城社区居委会」→「古城社区」，「井坪村委会」→「井坪村」，「北坪村村委会」→「北坪村」."""
    if name.endswith("居委会"):
        return name.removesuffix("居委会")
    return name.removesuffix("村委会").removesuffix("村") + "村"


def _chinese(number: int) -> str:
    """1 to 99 as Chinese numerals."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return ten + (_DIGITS[ones] if ones or not tens else "")
