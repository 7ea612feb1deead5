"""Between the two datums of Chinese maps: WGS-84 (satellites, GeoJSON) and GCJ-02 (maps published in China).

GCJ-02 has no published definition; this is the public approximation used by open map software (Krasovsky 1940
ellipsoid). It moves a point of Shanxi by about 500 m. Coordinates are degrees, longitude first, as in GeoJSON.
"""

from math import cos, pi, sin, sqrt

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_CLOSE_ENOUGH = 1e-9
_ROUNDS = 30


def wgs84_to_gcj02(lng: float, lat: float) -> tuple[float, float]:
    """(lng, lat) in GCJ-02. A point outside China is given back as it is."""
    if _outside_china(lng, lat):
        return lng, lat
    east, north = _shift(lng, lat)
    return lng + east, lat + north


def gcj02_to_wgs84(lng: float, lat: float) -> tuple[float, float]:
    """(lng, lat) in WGS-84, found by iteration: converting it back gives the point within 1e-9 degrees."""
    if _outside_china(lng, lat):
        return lng, lat
    found_lng, found_lat = lng, lat
    for _ in range(_ROUNDS):
        east, north = _shift(found_lng, found_lat)
        off_lng, off_lat = found_lng + east - lng, found_lat + north - lat
        found_lng, found_lat = found_lng - off_lng, found_lat - off_lat
        if abs(off_lng) < _CLOSE_ENOUGH and abs(off_lat) < _CLOSE_ENOUGH:
            break
    return found_lng, found_lat


def _outside_china(lng: float, lat: float) -> bool:
    return not (_WEST <= lng <= _EAST and _SOUTH <= lat <= _NORTH)


def _shift(lng: float, lat: float) -> tuple[float, float]:
    """How far GCJ-02 moves a WGS-84 point, in degrees east and north."""
    x, y = lng - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    metres_east = (
        300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
        + (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
        + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    )  # fmt: skip
    metres_north = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
        + (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
        + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    )  # fmt: skip
    radians = lat / 180 * pi
    curvature = 1 - _ECCENTRICITY_SQUARED * sin(radians) ** 2
    east = metres_east * 180 / (_SEMI_MAJOR / sqrt(curvature) * cos(radians) * pi)
    north = metres_north * 180 / (_SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / (curvature * sqrt(curvature)) * pi)
    return east, north
