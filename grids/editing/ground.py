"""Shapes in metres: how much two share, where a hole is, and how thin is too thin to be meant. Pure.

Shapes are in GCJ-02 degrees throughout; lengths and areas are taken on a plane through the shapes' own latitude, which
is good to a thousandth in a district of 60 km.
"""

from __future__ import annotations

import json
import math
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_195.0
#: What is thinner than this is no ground: lines drawn by hand, two datums and seven decimals never agree to the hair.
THIN_METRES = 0.5
#: A vertex this close to a neighbour's vertex or line is meant to be on it.
SNAP_METRES = 1.0
#: About a centimetre; what is stored.
DECIMALS = 7


class Plane:
    """A plane in metres around one latitude."""

    def __init__(self, latitude: float) -> None:
        self.x = METRES_PER_DEGREE * math.cos(math.radians(latitude))
        self.y = METRES_PER_DEGREE

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """Degrees to metres."""
        return shapely.transform(shape, lambda points: points * (self.x, self.y))

    def round(self, shape: BaseGeometry) -> BaseGeometry:
        """Metres to degrees."""
        return shapely.transform(shape, lambda points: points / (self.x, self.y))


def plane_of(shape: BaseGeometry) -> Plane:
    """The plane of a shape."""
    _west, south, _east, north = shape.bounds
    return Plane((south + north) / 2)


def thick_parts(flat: BaseGeometry) -> list[BaseGeometry]:
    """The polygons of a flat shape that are ground and no hairline, the largest first."""
    parts = [part for part in shapely.get_parts(flat) if part.geom_type == "Polygon" and not part.is_empty]
    real = [part for part in parts if not part.buffer(-THIN_METRES / 2).is_empty]
    return sorted(real, key=lambda part: -part.area)


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """Only the ground of a shape: lines and points that an operation leaves over are dropped."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def as_geojson(shape: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with seven decimals, still valid: points that fall together there do not cross each other's lines."""
    steady = shapely.set_precision(shape, 10.0**-DECIMALS)
    rounded = shapely.transform(shape if steady.is_empty else steady, lambda points: points.round(DECIMALS))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found
