"""Whether grids may be drawn so: valid, inside their community, no overlap, no gap. Pure: shapes in, findings out.

基础网格 divide a community without gaps (facts §3.7: one system of grids); 专属网格 lie inside it and not on each other.
A flaw that was there before and grew no larger is not held against an edit that does not touch it: the lines of an
import are never perfect, and nobody could mend them piece by piece otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from grids.choices import GridKind
from grids.editing.ground import Plane, as_geojson, plane_of, thick_parts

#: About a centimetre, in degrees; and the metre that two grounds must share to be neighbours, not only to meet in a point.
HAIR, TOUCHING = 1e-7, 1e-5
#: So many pieces of one finding are shown; the rest is in the sum.
MOST_PIECES = 20


@dataclass(frozen=True)
class Plot:
    """A grid with its ground in GCJ-02."""

    code: str
    name: str
    kind: str
    ground: BaseGeometry


@dataclass(frozen=True)
class Finding:
    """One reason against a drawing. `pieces` are GeoJSON polygons in GCJ-02, `area` in m²; `other` the neighbour."""

    what: str
    code: str
    sentence: str
    other: str = ""
    area: int = 0
    pieces: tuple[Mapping[str, Any], ...] = ()


def judge(
    before: Mapping[str, Plot], after: Mapping[str, Plot], around: BaseGeometry | None, around_name: str
) -> list[Finding]:
    """What is wrong with `after` that was not wrong with `before`; both all grids near by, by code.

    `around` is the ground of the community, None where nobody entered it: then the grids' own ground before is what has
    to stay covered, and nothing is outside.
    """
    changed = [plot for code, plot in after.items() if code not in before or before[code].ground is not plot.ground]
    if not changed and len(before) == len(after):
        return []
    plane = plane_of(shapely.union_all([plot.ground for plot in (*before.values(), *after.values())]))
    return [
        *_overlaps(changed, before, after, plane),
        *_outside(changed, before, around, around_name, plane),
        *_gaps(before, after, around, plane),
    ]


def _overlaps(
    changed: Iterable[Plot], before: Mapping[str, Plot], after: Mapping[str, Plot], plane: Plane
) -> Iterator[Finding]:
    seen: set[frozenset[str]] = set()
    for plot in changed:
        for other in after.values():
            pair = frozenset((plot.code, other.code))
            if other.code == plot.code or other.kind != plot.kind or pair in seen:
                continue
            seen.add(pair)
            shared = _flat_shared(plot, other, plane)
            if shared is None:
                continue
            if plot.code in before and other.code in before:
                old = _flat_shared(before[plot.code], before[other.code], plane)
                shared = shared if old is None else shared.difference(old)
            parts = thick_parts(shared)
            if parts:
                area = _area(parts)
                words = f"“{plot.name}”与“{other.name}”（{other.code}）重叠 {area_words(area)}，请把界线退回来。"
                yield Finding("overlap", plot.code, words, other.code, area, _pieces(parts, plane))


def _flat_shared(one: Plot, other: Plot, plane: Plane) -> BaseGeometry | None:
    if not one.ground.intersects(other.ground):
        return None
    return plane.flat(one.ground).intersection(plane.flat(other.ground))


def _outside(
    changed: Iterable[Plot], before: Mapping[str, Plot], around: BaseGeometry | None, name: str, plane: Plane
) -> Iterator[Finding]:
    if around is None:
        return
    flat = plane.flat(around)
    for plot in changed:
        beyond = plane.flat(plot.ground).difference(flat)
        if plot.code in before:
            beyond = beyond.difference(plane.flat(before[plot.code].ground))
        parts = thick_parts(beyond)
        if parts:
            area = _area(parts)
            words = f"“{plot.name}”有 {area_words(area)} 在{name}之外。"
            yield Finding("outside", plot.code, words, "", area, _pieces(parts, plane))


def _gaps(
    before: Mapping[str, Plot], after: Mapping[str, Plot], around: BaseGeometry | None, plane: Plane
) -> Iterator[Finding]:
    covered = _covered(after, plane)
    was = _covered(before, plane)
    # Where nothing was covered yet, the whole community has to be; else only what an edit uncovers is its fault.
    flat = None if around is None else plane.flat(around)
    wanted = flat if flat is not None and not was.area else was if flat is None else was.intersection(flat)
    parts = thick_parts(wanted.difference(covered))
    if parts:
        area = _area(parts)
        words = f"有 {area_words(area)} 不属于任何基础网格，请把它划给相邻的网格。"
        yield Finding("gap", "", words, "", area, _pieces(parts, plane))


def _covered(plots: Mapping[str, Plot], plane: Plane) -> BaseGeometry:
    return shapely.union_all([plane.flat(plot.ground) for plot in plots.values() if plot.kind == GridKind.BASIC])


def _area(parts: Iterable[BaseGeometry]) -> int:
    return max(1, round(sum(part.area for part in parts)))


def _pieces(parts: list[BaseGeometry], plane: Plane) -> tuple[Mapping[str, Any], ...]:
    return tuple(as_geojson(plane.round(part)) for part in parts[:MOST_PIECES])


def area_words(square_metres: int) -> str:
    """「320 平方米」, 「1.25 万平方米」, 「3.40 平方公里」."""
    if square_metres < 10_000:
        return f"{square_metres} 平方米"
    if square_metres < 1_000_000:
        return f"{square_metres / 10_000:.2f} 万平方米"
    return f"{square_metres / 1_000_000:.2f} 平方公里"


# --- moving a border from one side --------------------------------------------------------------------------------


def with_neighbours(before: Mapping[str, Plot], drawn: Mapping[str, Plot]) -> dict[str, Plot]:
    """All grids with those drawn as drawn and their neighbours of the same kind giving way and taking what was left.

    A neighbour loses what a drawn grid takes of it; what the drawn basic grids gave up goes, piece by piece, to the
    neighbour it shares the longest line with.
    """
    found = {**before, **drawn}
    plane = plane_of(shapely.union_all([plot.ground for plot in found.values()]))
    taken = shapely.union_all([plot.ground for plot in drawn.values()])
    for code, plot in before.items():
        if code in drawn or not any(plot.kind == one.kind for one in drawn.values()):
            continue
        if _ground(plot.ground.intersection(taken)) is not None:
            rest = _ground(plot.ground.difference(taken))
            found[code] = Plot(code, plot.name, plot.kind, plot.ground if rest is None else rest)
    for code, plot in drawn.items():
        if plot.kind != GridKind.BASIC or code not in before:
            continue
        left = before[code].ground.difference(shapely.union_all([one.ground for one in found.values()]))
        for part in thick_parts(plane.flat(left)):
            piece = plane.round(part)
            shared = {
                code: piece.boundary.intersection(one.ground.buffer(HAIR)).length
                for code, one in found.items()
                if one.kind == GridKind.BASIC and code not in drawn
            }
            heir = max(shared, key=shared.__getitem__, default="")
            if heir and shared[heir] > TOUCHING:
                one = found[heir]
                found[heir] = Plot(heir, one.name, one.kind, shapely.union(one.ground, piece))
    return found


def _ground(shape: BaseGeometry) -> BaseGeometry | None:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.union_all(parts) if parts else None
