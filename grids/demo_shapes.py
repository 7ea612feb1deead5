"""An invented district, cut into cells without gaps and overlaps, for the demonstration. No line of it is real.

The cells come first (Voronoi cells of evenly spread points); streets and communities are unions of cells, so the three
levels fit each other to the last digit. Coordinates are GCJ-02, rounded to 6 decimals (about 0.1 m).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

SEED = 1345
#: Corners of the invented outline around (112.3, 39.5), roughly as large as a mountain county (2,300 km²).
_CORNERS = (
    *((112.02, 39.36), (112.13, 39.27), (112.27, 39.29), (112.38, 39.25), (112.52, 39.33), (112.60, 39.44)),
    *((112.57, 39.58), (112.61, 39.69), (112.48, 39.76), (112.33, 39.73), (112.22, 39.78), (112.10, 39.70)),
    *((112.03, 39.61), (112.06, 39.49)),
)
_ROUNDS_OF_SPREADING = 8
_DIGITS = 6


def outline() -> shapely.Polygon:
    """The invented district: the corners joined by slightly wandering lines."""
    chance = random.Random(SEED)  # noqa: S311 - drawing, not security
    points = list(_CORNERS)
    for reach in (0.16, 0.10, 0.06):
        points = [point for a, b in pairwise([*points, points[0]]) for point in (a, _wander(a, b, reach, chance))]
    return shapely.Polygon(points)


def _wander(a: tuple[float, float], b: tuple[float, float], reach: float, chance: random.Random) -> tuple[float, float]:
    """A point near the middle of a line, moved aside by up to ``reach`` of its length."""
    aside = reach * (2 * chance.random() - 1)
    return ((a[0] + b[0]) / 2 + aside * (b[1] - a[1]), (a[1] + b[1]) / 2 - aside * (b[0] - a[0]))


@lru_cache(maxsize=2)
def cells(number: int) -> tuple[BaseGeometry, ...]:
    """The outline cut into ``number`` cells of similar size; neighbours share their vertices exactly."""
    ground = outline()
    shapely.prepare(ground)
    chance = random.Random(SEED)  # noqa: S311 - drawing, not security
    west, south, east, north = ground.bounds
    points: list[shapely.Point] = []
    while len(points) < number:
        point = shapely.Point(west + chance.random() * (east - west), south + chance.random() * (north - south))
        points += [point] if ground.contains(point) else []
    # Lloyd's rounds: every point moves to the middle of its cell, so that the cells become even.
    for _ in range(_ROUNDS_OF_SPREADING):
        middles = [cell.centroid for cell in _voronoi(points, ground)]
        points = [middle if ground.covers(middle) else point for middle, point in zip(middles, points, strict=True)]
    return tuple(shapely.transform(_voronoi(points, ground), lambda xy: xy.round(_DIGITS)))


def _voronoi(points: Sequence[shapely.Point], ground: shapely.Polygon) -> list[BaseGeometry]:
    """The cells of the points in the order of the points; only those at the edge need cutting."""
    whole = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=ground, ordered=True))
    inner = shapely.covers(ground, whole)
    whole[~inner] = shapely.intersection(whole[~inner], ground)
    return list(whole)


def grouped(places: Sequence[BaseGeometry], sizes: Sequence[int]) -> list[list[BaseGeometry]]:
    """Cells in groups of the given sizes that lie together: halved again and again across the longer side.

    ``sum(sizes)`` is ``len(places)``; the groups run from north-west to south-east, as grids are numbered (facts §3.7).
    """
    if len(sizes) == 1:
        return [sorted(places, key=lambda cell: (-cell.centroid.y, cell.centroid.x))]
    middles = shapely.centroid(list(places))
    xs, ys = shapely.get_x(middles), shapely.get_y(middles)
    # A degree of longitude is shorter than one of latitude here (cos 39.5° = 0.77).
    along_x = (xs.max() - xs.min()) * 0.77 > ys.max() - ys.min()
    order = sorted(range(len(places)), key=lambda i: (xs[i], ys[i]) if along_x else (-ys[i], xs[i]))
    half = _balanced_cut(sizes)
    cut = sum(sizes[:half])
    first, second = [places[i] for i in order[:cut]], [places[i] for i in order[cut:]]
    return grouped(first, sizes[:half]) + grouped(second, sizes[half:])


def _balanced_cut(sizes: Sequence[int]) -> int:
    """Where to cut the list of sizes so that both halves are about equal; at least one on each side."""
    total = sum(sizes)
    return min(range(1, len(sizes)), key=lambda cut: abs(2 * sum(sizes[:cut]) - total))
