"""When a grid is split, each of its matters that has a point goes where the point lies."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from cases.mapping.lying import lying_in
from cases.models import Case
from grids import territory
from grids.editing.signals import grid_split
from grids.geometry import point_gcj02
from grids.models import Grid, GridBelonging


@receiver(grid_split, sender=Grid, dispatch_uid="cases_follow_the_split")
def cases_follow_the_split(old: str, new: tuple[str, ...], **_signal: Any) -> None:
    """Write where each matter of the old grid lies; in the transaction of the split.

    Only the new grids are asked: a 专属网格 inside the old one had its own matters before and keeps them.
    """
    found = Case.objects.filter(lying_in(old), lng__isnull=False, lat__isnull=False)
    spots: Any = found.order_by().values_list("number", "lng", "lat", "datum")
    shapes, rows = territory.current().grids, []
    for number, lng, lat, datum in spots.iterator():
        point = point_gcj02(lng, lat, datum or "wgs84")
        parts = [grid.code for grid in shapes.at(point) if grid.code in new] if point is not None else []
        if parts:
            rows.append(GridBelonging(number=number, old_code=old, new_code=min(parts)))
    GridBelonging.objects.bulk_create(rows, batch_size=500)
