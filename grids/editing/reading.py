"""What somebody drew, pasted or uploaded, read into shapes; what is wrong is a sentence at its field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from governance_portal.lib.errors import Incomplete
from grids.choices import Datum
from grids.geometry import boundary_problem, in_datum

#: A boundary of so many characters has more vertices than a grid has corners.
LONGEST = 400_000
DATUM_WORDS = "坐标系只能是 WGS-84（天地图、手机定位）或 GCJ-02。"


def datum_of(given: Any) -> str:
    """The datum that was named, WGS-84 without one."""
    datum = given or Datum.WGS84.value
    if datum not in Datum.values:
        raise Incomplete({"datum": [DATUM_WORDS]})
    return str(datum)


def json_of(text: Any, field: str) -> Any:
    """A pasted text as JSON; whatever is already JSON as it is."""
    if not isinstance(text, str):
        return text
    if len(text) > LONGEST:
        raise Incomplete({field: ["内容太长，一个网格的边界用不了这么多点，请先简化。"]})
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Incomplete({field: ["读不懂，请粘贴 GeoJSON（以 { 开头）。"]}) from error


def geometry_of(given: Any) -> Any:
    """The geometry of a Feature or of a collection with one feature; a geometry as it is."""
    kind = given.get("type") if isinstance(given, Mapping) else None
    if kind == "FeatureCollection":
        features = given.get("features")
        return geometry_of(features[0]) if isinstance(features, list) and len(features) == 1 else given
    return given.get("geometry") if kind == "Feature" else given


def ground_of(given: Any, datum: str, field: str) -> BaseGeometry:
    """A polygon in GCJ-02; Incomplete with the reason for anything else."""
    boundary = geometry_of(json_of(given, field))
    problem = boundary_problem(boundary)
    if problem:
        raise Incomplete({field: [problem.replace("请改好后重新导入", "请改好后再保存")]})
    return in_datum(shapely.force_2d(shape(boundary)), datum, Datum.GCJ02)


def line_of(given: Any, datum: str, field: str) -> BaseGeometry:
    """A line in GCJ-02, along which a grid is cut."""
    line = geometry_of(json_of(given, field))
    kind = line.get("type") if isinstance(line, Mapping) else None
    points = line.get("coordinates") if isinstance(line, Mapping) else None
    if kind != "LineString" or not isinstance(points, list) or not 2 <= len(points) <= 2000:
        raise Incomplete({field: ["请画一条（或粘贴一条 GeoJSON 的线）穿过网格的线。"]})
    if not _positions(points):
        raise Incomplete({field: ["线上有不是经纬度的点。"]})
    return in_datum(shapely.LineString([point[:2] for point in points]), datum, Datum.GCJ02)


def _positions(points: list[Any]) -> bool:
    return all(
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in point[:2])
        and abs(point[0]) <= 180
        and abs(point[1]) <= 90
        for point in points
    )
