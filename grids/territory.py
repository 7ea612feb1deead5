"""The territory in memory: names, the tree and the shapes, read once per process and again when it changed.

A district has a few hundred areas and some 500 grids, so all of it fits. Freshness is one small query: the row
``TerritoryStamp`` carries a random token that every write renews. It is asked once per web request (and at each use
outside of one), so the number of queries of a page does not depend on how many names it shows.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from grids.editing.lineage import Lineage
from grids.geometry import ShapeIndex, boundary_in
from grids.models import Area, Grid, GridSuccession, TerritoryStamp


@dataclass(frozen=True)
class Place:
    """One area or grid as a line of the tree. ``level`` is ``grid`` for grids."""

    code: str
    name: str
    level: str
    parent: str
    active: bool


class Territory:
    """What was in the database when ``stamp`` was read. Never changed after it was made; replaced as a whole."""

    def __init__(self, stamp: str) -> None:
        self.stamp = stamp
        self._outlines: dict[str, dict[str, dict[str, Any]]] = {}
        self._grounds: dict[str, BaseGeometry | None] = {}

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every area and grid by code, also those no longer in use (old cases still name them)."""
        areas = Area.objects.order_by("code").values_list("code", "name", "level", "parent_id", "active")
        grids = Grid.objects.order_by("code").values_list("code", "name", "community_id", "active")
        places = {
            code: Place(code, name, level, str(parent or ""), active) for code, name, level, parent, active in areas
        }
        places |= {code: Place(code, name, "grid", str(parent), active) for code, name, parent, active in grids}
        return places

    @cached_property
    def lineage(self) -> Lineage:
        """What became of the grids that were merged, split or given a new code."""
        return Lineage(GridSuccession.objects.order_by("pk").values_list("old_code", "new_code", "kind"))

    @cached_property
    def grids(self) -> ShapeIndex[Grid]:
        """The grids in use that have a boundary, ready to be asked where a point lies."""
        found = Grid.objects.active().filter(boundary__isnull=False).select_related("community").order_by("code")
        return ShapeIndex((grid, grid.boundary, grid.datum) for grid in found.defer("community__boundary"))

    @cached_property
    def areas(self) -> ShapeIndex[Place]:
        """The areas in use that have a boundary."""
        rows = Area.objects.active().filter(boundary__isnull=False).order_by("code")
        shaped = rows.values_list("code", "boundary", "datum")
        # An area that came in since the names were read has to wait for the next stamp.
        known = self.places
        return ShapeIndex((known[code], boundary, datum) for code, boundary, datum in shaped if code in known)

    def outlines(self, datum: str) -> dict[str, dict[str, Any]]:
        """Boundaries of areas and grids in use as GeoJSON geometries in ``datum``, by code; kept once converted."""
        if datum not in self._outlines:
            areas = Area.objects.active().filter(boundary__isnull=False).values_list("code", "boundary", "datum")
            grids = Grid.objects.active().filter(boundary__isnull=False).values_list("code", "boundary", "datum")
            self._outlines[datum] = {
                code: boundary_in(boundary, stored, datum) for code, boundary, stored in (*areas, *grids)
            }
        return self._outlines[datum]

    def ground_of(self, code: str) -> BaseGeometry | None:
        """The ground of an area in GCJ-02, prepared: its own boundary, else what lies in it together, else None."""
        if code not in self._grounds:
            own = [shape for place, shape in self.areas.pairs() if place.code == code]
            below = [shape for place, shape in self.areas.pairs() if place.code.startswith(code)]
            below += [shape for grid, shape in self.grids.pairs() if grid.code.startswith(code)]
            ground = shapely.union_all(own or below) if own or below else None
            shapely.prepare(ground)
            self._grounds[code] = ground
        return self._grounds[code]


_lock = threading.Lock()
_current: Territory | None = None
_thread = threading.local()


def current() -> Territory:
    """The territory as it is now. Costs one query by primary key, inside a web request only the first time."""
    global _current
    known = _current
    if known is not None and getattr(_thread, "checked", None) == known.stamp:
        return known
    stamp = _stamp()
    if known is None or known.stamp != stamp:
        with _lock:
            _current = known = Territory(stamp)
    if getattr(_thread, "in_request", False) and not getattr(_thread, "written", False):
        _thread.checked = stamp
    return known


def _stamp() -> str:
    # By hand: building the query through the ORM costs ten times what the database does, and locate() is asked a lot.
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp FROM grids_territorystamp WHERE id = 1")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def touch() -> None:
    """Areas or grids were written: every process reads them anew, this one at once.

    What was written may be rolled back, and nobody says so: until this request is over every look asks the stamp.
    """
    TerritoryStamp.objects.update_or_create(pk=1, defaults={"stamp": uuid.uuid4().hex})
    _thread.checked, _thread.written = None, True


def begin_request(**_: Any) -> None:
    """A web request begins in this thread: look at the stamp once in it (receiver of ``request_started``)."""
    _thread.in_request, _thread.checked, _thread.written = True, None, False


def end_request(**_: Any) -> None:
    """The web request is over (receiver of ``request_finished``)."""
    _thread.in_request, _thread.checked, _thread.written = False, None, False
