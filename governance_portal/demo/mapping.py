"""The demonstration's grids have a history: a border that was moved after a residents' meeting, both sides at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import shapely
from shapely.geometry import shape

from accounts.models import User
from accounts.queries import actor_for
from governance_portal.lib.errors import Refusal
from grids.editing.ground import as_geojson, polygons
from grids.editing.services import redraw
from grids.models import Grid, GridVersion

REASON = "井坪镇 2026 年网格优化会议：沿街两侧归同一网格，便于巡查"
DAYS_AGO = timedelta(days=40)
#: How far the border moves, in degrees (some 200 m).
REACH = 0.002
#: As the invented shapes are drawn.
PRECISION = 1e-6


def make(now: datetime) -> None:
    """Move a piece of a shared border, once; nothing where it was moved already or there are no two neighbours."""
    if GridVersion.objects.exists():
        return
    lead = User.objects.filter(username="centre_lead").first()
    # An invented border that cannot be moved so is left as it is: a demonstration never fails for it.
    with suppress(Refusal, shapely.errors.GEOSException):
        pair = _neighbours()
        if pair is None or lead is None:
            return
        one, other = (shape(grid.boundary) for grid in pair)
        middle = one.intersection(other).centroid.buffer(REACH, quad_segs=2)
        wider = polygons(shapely.set_precision(one.union(middle.intersection(other)), PRECISION))
        redraw(
            {pair[0].code: as_geojson(wider)},
            actor=actor_for(lead, now),
            reason=REASON,
            now=now - DAYS_AGO,
            datum=pair[0].datum,
            neighbours=True,
        )


def _neighbours() -> tuple[Grid, Grid] | None:
    """The first two grids of one community that share a line."""
    grids = Grid.objects.active().filter(kind="basic", boundary__isnull=False).order_by("code")
    known: dict[str, list[Grid]] = {}
    for grid in grids.iterator():
        for before in known.setdefault(grid.community_id, []):
            if shapely.length(shape(before.boundary).intersection(shape(grid.boundary))) > REACH:
                return before, grid
        known[grid.community_id].append(grid)
    return None
