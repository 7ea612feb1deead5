"""GeoJSON shapes: reading them, judging them, and asking which of many a point lies in. Everything inside is GCJ-02."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

import numpy
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from governance_portal.lib.geo import gcj02_to_wgs84, wgs84_to_gcj02
from grids.choices import Datum

_T = TypeVar("_T")

#: Neighbours whose common line was cut at different vertices leave gaps of rounding size: 1e-7 degrees is about 1 cm.
SNAP = 1e-7


#: A child may stick out of its parent by so much, in degrees (about 100 m): lines of different sources never agree.
OUTSIDE_TOLERANCE = 0.001

#: GEOS's reasons, in the words of the person who has to redraw the line.
_REASONS = {
    "Self-intersection": "边界线自己相交",
    "Ring Self-intersection": "边界线自己相交",
    "Hole lies outside shell": "洞在外圈之外",
    "Nested holes": "洞套着洞",
    "Interior is disconnected": "洞把内部隔断了",
    "Nested shells": "多个外圈互相套着",
    "Duplicate Rings": "有重复的环",
}


def converted(lng: float, lat: float, source: str, target: str) -> tuple[float, float]:
    """One position from one datum to the other. ValueError for a datum nobody knows."""
    if source not in Datum.values or target not in Datum.values:
        raise ValueError(f"unknown datum {source!r} or {target!r}")
    if source == target:
        return lng, lat
    return wgs84_to_gcj02(lng, lat) if target == Datum.GCJ02 else gcj02_to_wgs84(lng, lat)


def in_datum(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    """A shape from one datum to the other, vertex by vertex."""
    if source == target:
        return geometry

    def moved(points: numpy.ndarray) -> numpy.ndarray:
        return numpy.array([converted(lng, lat, source, target) for lng, lat in points])

    return shapely.transform(geometry, moved)


def boundary_in(boundary: Any, source: str, target: str) -> dict[str, Any]:
    """A stored GeoJSON geometry in another datum, as GeoJSON again, 7 decimals (1 cm)."""
    if source == target:
        return boundary
    moved = in_datum(shape(boundary), source, target)
    return json.loads(shapely.to_geojson(shapely.transform(moved, lambda points: points.round(7))))


def boundary_problem(boundary: Any) -> str:
    """Why a GeoJSON geometry cannot be a boundary, as a Chinese sentence; "" if it can. Nothing is repaired."""
    kind = boundary.get("type") if isinstance(boundary, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return "边界要是 GeoJSON 的 Polygon 或 MultiPolygon。"
    coordinates = boundary.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not (isinstance(polygons, list) and polygons and all(isinstance(rings, list) and rings for rings in polygons)):
        return "边界里没有坐标。"
    for rings in polygons:
        for ordinal, ring in enumerate(rings, start=1):
            problem = _ring_problem(ring)
            if problem:
                return f"边界第 {ordinal} 环{problem}。"
    try:
        reason = shapely.is_valid_reason(shape(boundary))
    except (TypeError, ValueError):  # e.g. some positions with a height and some without, or a height that is no number
        reason = "Unreadable"
    if reason == "Valid Geometry":
        return ""
    word, _, place = reason.partition("[")
    where = f"（{place.rstrip(']').replace(' ', ', ')} 附近）" if place else ""
    return f"{_REASONS.get(word.strip(), '边界图形无效')}{where}，请改好后重新导入。"


def _ring_problem(ring: Any) -> str:
    if not isinstance(ring, list) or len(ring) < 4:
        return "不足四个点"
    for position in ring:
        if not (isinstance(position, list) and len(position) >= 2 and all(_is_number(part) for part in position[:2])):
            return "有不是坐标的内容"
        if abs(position[0]) > 180 or abs(position[1]) > 90:
            return f"有超出经纬度范围的点（{position[0]}, {position[1]}），应为“经度, 纬度”"
    return "" if ring[0] == ring[-1] else "没有闭合：首尾两点要相同"


def _is_number(part: Any) -> bool:
    # Compared and not converted: JSON has whole numbers that no float holds.
    return isinstance(part, (int, float)) and not isinstance(part, bool) and -math.inf < part < math.inf


def share_outside(child: BaseGeometry, parent: BaseGeometry) -> float:
    """The share (0 to 1) of the child's ground that lies outside the parent."""
    return 0.0 if parent.covers(child) else float(child.difference(parent).area / child.area)


class ShapeIndex(Generic[_T]):
    """Things with a boundary in an STRtree; ``at`` says which of them a point lies in."""

    def __init__(self, shaped: Iterable[tuple[_T, Any, str]]) -> None:
        rows = [(thing, in_datum(shape(boundary), datum, Datum.GCJ02)) for thing, boundary, datum in shaped]
        self.things = [thing for thing, _ in rows]
        self.geometries = [geometry for _, geometry in rows]
        shapely.prepare(self.geometries)
        self._tree = shapely.STRtree(self.geometries)

    def pairs(self) -> Iterator[tuple[_T, BaseGeometry]]:
        """Every thing with its shape in GCJ-02."""
        return zip(self.things, self.geometries, strict=True)

    def at(self, point: shapely.Point) -> list[_T]:
        """All things whose shape covers the point (GCJ-02), borders included; in a hairline gap its neighbours."""
        hits = self._tree.query(point, predicate="intersects")
        if not len(hits):
            hits = self._tree.query(point, predicate="dwithin", distance=SNAP)
        return [self.things[hit] for hit in hits]


def point_gcj02(lng: float, lat: float, datum: str) -> shapely.Point | None:
    """A position as a point in GCJ-02; None for numbers that are no position, ValueError for an unknown datum."""
    if not (math.isfinite(lng) and math.isfinite(lat) and abs(lng) <= 180 and abs(lat) <= 90):
        return None
    return shapely.Point(*converted(lng, lat, datum, Datum.GCJ02))
