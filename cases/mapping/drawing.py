"""The district's shapes as small as a browser needs them: whole numbers, each the step from the one before.

All grids and areas in one file that a browser keeps: its address bears the territory's stamp, so it changes when a shape
does and never otherwise. WGS-84, which the tiles of 天地图 (CGCS2000) agree with to less than a metre.
"""

from __future__ import annotations

import gzip
import json
import threading
from typing import Any

import numpy
import shapely
from shapely.geometry import shape

from grids import territory
from grids.choices import Datum
from grids.models import Area, Grid

#: 5 decimals are about a metre: a hundredth of what a phone's screen shows of a grid.
SCALE = 100_000
#: A shared line is simplified the same on both sides; about 5 m.
TOLERANCE = 0.00005

_lock = threading.Lock()
_kept: tuple[str, bytes, bytes] | None = None


def stamp() -> str:
    """The word in the file's address."""
    return territory.current().stamp or "none"


def packed() -> tuple[str, bytes, bytes]:
    """`(stamp, JSON, the same gzipped)`; made once for each stamp and process."""
    global _kept
    wanted = stamp()
    kept = _kept
    if kept is None or kept[0] != wanted:
        with _lock:
            kept = _kept
            if kept is None or kept[0] != wanted:
                body = json.dumps(_told(), ensure_ascii=False, separators=(",", ":")).encode()
                _kept = kept = (wanted, body, gzip.compress(body, 9, mtime=0))
    return kept


def _told() -> dict[str, Any]:
    """`{scale, grids: [[code, name, dedicated, rings]], areas: [[code, name, rings]]}`.

    `rings` is a list of polygons, each a list of rings `[x, y, dx, dy, …]`: degrees × `scale`, steps from the point
    before; a ring is not closed again at its end.
    """
    outlines = territory.current().outlines(Datum.WGS84)
    grids = list(Grid.objects.active().order_by("code").values_list("code", "name", "kind"))
    areas = list(Area.objects.active().order_by("code").values_list("code", "name"))
    of_grids = _simple({code: outlines[code] for code, _name, _kind in grids if code in outlines})
    told: dict[str, Any] = {"scale": SCALE, "grids": [], "areas": []}
    for code, name, kind in grids:
        if code in of_grids:
            told["grids"].append([code, name, int(kind == "dedicated"), _rings(of_grids[code])])
    for code, name in areas:
        ground = _ground(code, of_grids, outlines)
        if ground is not None:
            told["areas"].append([code, name, _rings(ground)])
    return told


def _simple(outlines: dict[str, Any]) -> dict[str, Any]:
    shapes = [shape(outline) for outline in outlines.values()]
    if not shapes:
        return {}
    try:
        simple = shapely.coverage_simplify(shapes, TOLERANCE)
    except shapely.errors.GEOSException:
        simple = [one.simplify(TOLERANCE) for one in shapes]
    return dict(zip(outlines, simple, strict=True))


def _ground(code: str, grids: dict[str, Any], outlines: dict[str, Any]) -> Any:
    """An area's own shape, simplified; without one its grids together."""
    if code in outlines:
        return shape(outlines[code]).simplify(TOLERANCE)
    below = [ground for grid, ground in grids.items() if grid.startswith(code)]
    if not below:
        return None
    try:
        return shapely.union_all(below)
    except shapely.errors.GEOSException:  # one line that crosses itself must not take the map from everybody
        return shapely.union_all(shapely.make_valid(below))


def _rings(ground: Any) -> list[list[list[int]]]:
    found = []
    for part in shapely.get_parts(ground):
        if part.geom_type == "Polygon" and not part.is_empty:
            found.append([_steps(ring) for ring in (part.exterior, *part.interiors)])
    return found


def _steps(ring: Any) -> list[int]:
    points = numpy.rint(shapely.get_coordinates(ring)[:-1] * SCALE).astype(int)
    steps = numpy.diff(points, axis=0, prepend=[[0, 0]])
    return [int(number) for pair in steps for number in pair]
