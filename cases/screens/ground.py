"""The screen's map: outlines as SVG paths, each grid's step of 在办, small cells hidden (`mapping.suppressing`).

The tree is area → what lies right below → grids, so that no sum in sight gives a hidden one away.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cases.mapping import drawing
from cases.mapping.figures import breaks, legend, step_of
from cases.mapping.suppressing import published
from cases.statistics import counting
from cases.statistics.scope import GRID_DIGITS, Scope
from cases.statistics.windows import EVER, Window
from grids import territory
from grids.queries import beside, chain_of

#: A count below this may point at a person (facts §5.1).
SMALL = 3
STAR = "＊"
STEPS = 6


@dataclass(frozen=True)
class Outline:
    """One grid or area as a path; x and y of its middle in units of the drawing."""

    code: str
    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """The outlines of one area: `view` is the SVG's viewBox, `turn` the transform of what is drawn in degrees."""

    view: str
    turn: str
    grids: tuple[Outline, ...]
    edges: tuple[Outline, ...]
    text: int


def drawn(area: str, below: tuple[str, ...]) -> Drawing | None:
    """The drawing of an area, None where nobody drew its grids."""
    return _drawn(area, below, drawing.stamp())


@lru_cache(maxsize=16)
def _drawn(area: str, below: tuple[str, ...], _stamp: str) -> Drawing | None:
    told = json.loads(drawing.packed()[1])
    grids = [(code, name, rings) for code, name, _kind, rings in told["grids"] if code.startswith(area)]
    if not grids:
        return None
    points = [point for _code, _name, rings in grids for point in _points(rings)]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    narrow = math.cos(math.radians((south + north) / 2 / told["scale"]))
    width, height = (east - west) * narrow, north - south
    edge = max(width, height) * 0.02

    def outline(code: str, name: str, rings: Any) -> Outline:
        own = _points(rings)
        x = (min(x for x, _ in own) + max(x for x, _ in own)) / 2
        y = (min(y for _, y in own) + max(y for _, y in own)) / 2
        return Outline(code, name, _path(rings), round(x * narrow), round(-y))

    view = f"{west * narrow - edge:.0f} {-north - edge:.0f} {width + 2 * edge:.0f} {height + 2 * edge:.0f}"
    edges = tuple(outline(code, name, rings) for code, name, rings in told["areas"] if code in below)
    found = tuple(outline(*row) for row in grids)
    return Drawing(view, f"scale({narrow:.6f} -1)", found, edges, round(height * 0.05))


def _points(polygons: Any) -> list[tuple[int, int]]:
    found = []
    for rings in polygons:
        x = y = 0
        for place in range(0, len(rings[0]), 2):
            x, y = x + rings[0][place], y + rings[0][place + 1]
            found.append((x, y))
    return found


def _path(polygons: Any) -> str:
    return "".join(
        f"M{ring[0]} {ring[1]}l{' '.join(str(step) for step in ring[2:])}z" for rings in polygons for ring in rings
    )


def places_below(area: str) -> list[tuple[str, str]]:
    """The areas right below, by code, called as one calls them here."""
    around = [name for _code, name in chain_of(area)]
    found = sorted(
        (place.code, place.name)
        for place in territory.current().places.values()
        if place.active and place.parent == area and len(place.code) < GRID_DIGITS
    )
    return [(code, beside(name, *around)) for code, name in found]


def counted(scope: Scope, total: int, year: Window) -> dict[str, Any]:
    """What the map shows: `{measure, cells: {grid: step}, places: [{code, name, value}], legend: [{step, words}]}`.

    The places right below have 在办 (`total`: of the whole area). Grids are coloured by 在办, too, where there are three
    for each grid; with fewer nearly every cell would be hidden, and they are coloured by what was accepted within `year`.
    """
    below = places_below(scope.area)
    grids: dict[str, list[str]] = {code: [] for code, _name in below}
    for place in territory.current().places.values():
        if place.active and len(place.code) == GRID_DIGITS and place.code.startswith(scope.area):
            grids.setdefault(place.code[: len(scope.area) + 3], []).append(place.code)

    def children(code: str) -> list[str]:
        return [code for code, _name in below] if code == scope.area else grids.get(code, [])

    open_shown = published(scope.area, _values(scope, "open", EVER, total).__getitem__, children, SMALL)
    by_open = total >= SMALL * sum(len(codes) for codes in grids.values())
    shown = open_shown
    if not by_open:
        values = _values(scope, "accepted", year, None)
        shown = published(scope.area, values.__getitem__, children, SMALL)
    cells = {code: value for code, value in shown.items() if len(code) == GRID_DIGITS}
    ends = breaks(cells.values())
    rows = [{"step": row["step"], "words": row["words"]} for row in legend(ends, True)]
    rows = [row if row["step"] != 1 else {**row, "words": _from_small(str(row["words"]))} for row in rows]
    return {
        "measure": "在办" if by_open else "近一年受理",
        "cells": {code: step_of(value, ends) for code, value in cells.items()},
        "places": [{"code": code, "name": name, "value": words_of(open_shown.get(code))} for code, name in below],
        "legend": rows,
    }


def _values(scope: Scope, name: str, window: Window, total: int | None) -> defaultdict[str, int]:
    """A figure of the area, what lies right below and every grid, by code; four statements."""
    by_area = counting.by(scope, "area", window, scope.now)
    by_grid = counting.by(scope, "grid", window, scope.now)
    values = defaultdict(int, {code: counts[name] for code, counts in by_grid.items() if code})
    values |= {code: counts[name] for code, counts in by_area.items() if code and code != scope.area}
    values[scope.area] = sum(counts[name] for counts in by_area.values()) if total is None else total
    return values


def _from_small(words: str) -> str:
    """「1–4」 begins where a figure may be shown: 「3–4」."""
    low, mark, high = words.partition("–")
    return f"{SMALL}–{high}" if mark and int(high) > SMALL else (high or low)


def words_of(value: int | None) -> str:
    """A count, ＊ where it is hidden."""
    return STAR if value is None else f"{value:,}"
