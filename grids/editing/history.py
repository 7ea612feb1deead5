"""The versions of grids: written with every change, read for a day or for one code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from accounts.actors import Actor
from accounts.models import User
from governance_portal.lib.working_days import SHANGHAI
from grids.editing.choices import Change
from grids.models import Grid, GridSuccession, GridVersion


def _version(grid: Grid, change: str, since: datetime, reason: str, user_id: int | None) -> GridVersion:
    return GridVersion(
        code=grid.code,
        name=grid.name,
        community=grid.community_id,
        kind=grid.kind,
        work_class=grid.work_class,
        boundary=grid.boundary,
        datum=grid.datum,
        extent=grid.extent,
        population=grid.population,
        active=grid.active,
        since=since,
        change=change,
        reason=reason[:500],
        user_id=user_id,
    )


def keep(grids: Iterable[Grid], now: datetime) -> None:
    """Write down how grids stand before they are changed at `now`, where nobody has yet; as of their last known change."""
    found = list(grids)
    known = set(
        GridVersion.objects.order_by().filter(code__in=[grid.code for grid in found]).values_list("code", flat=True)
    )
    GridVersion.objects.bulk_create(
        _version(grid, Change.FOUND, min(grid.updated_at, now), "启用网格沿革以前的边界", None)
        for grid in found
        if grid.code not in known
    )


def write(
    grids: Iterable[Grid], change: str, *, reason: str, who: Actor | User | None, now: datetime
) -> list[GridVersion]:
    """Write down how grids stand after a change."""
    user_id = who.user_id if isinstance(who, Actor) else who.pk if who else None
    return GridVersion.objects.bulk_create([_version(grid, change, now, reason, user_id) for grid in grids])


def of_grid(code: str) -> list[GridVersion]:
    """Every version of a grid, the newest first; [] where nothing was ever changed. One statement."""
    return list(GridVersion.objects.filter(code=code).select_related("user").order_by("-since", "-pk"))


def on_day(community: str, day: date) -> list[Any]:
    """The grids of a community as they stood at the end of a day: versions, or the grid itself where there is none.

    Two statements. A grid whose first version is later counts as that first version was found: nobody knows better.
    """
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    versions = GridVersion.objects.filter(community=community).order_by("code", "since", "pk")
    standing: dict[str, Any] = {}
    for version in versions.select_related("user"):
        if version.since < end or (version.code not in standing and version.change == Change.FOUND):
            standing[version.code] = version
        elif version.code not in standing:
            standing[version.code] = None  # made later
    for grid in Grid.objects.filter(community__code=community):
        standing.setdefault(grid.code, grid)
    return [one for _code, one in sorted(standing.items()) if one is not None and one.active]


def last_change(codes: Iterable[str]) -> int:
    """The newest version among these codes: whoever began to draw before it drew on an older map. One statement."""
    return GridVersion.objects.filter(code__in=list(codes)).aggregate(last=Max("pk"))["last"] or 0


def last_change_in(community: str) -> int:
    """The same of the grids that a community has now. Two statements."""
    return last_change(Grid.objects.active().filter(community__code=community).values_list("code", flat=True))


def of_community(community: str, code: str = "") -> QuerySet[GridVersion]:
    """Every version in a community, or of one grid of it, the newest first."""
    found = GridVersion.objects.filter(community=community).select_related("user").defer("boundary")
    return (found.filter(code=code) if code else found).order_by("-since", "-pk")


def successions(community: str) -> list[dict[str, Any]]:
    """What became of the closed grids: `{old, new, kind, since}`, the newest first."""
    rows = GridSuccession.objects.filter(old_code__startswith=community).order_by("-since", "-pk")
    return [
        {"old": row.old_code, "new": row.new_code, "kind": row.get_kind_display(), "since": row.since} for row in rows
    ]
