"""What everybody asks the territory: where a point lies, what a code is called, who serves a grid."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from governance_portal.lib.prepared import Query
from grids import territory
from grids.choices import Datum, DutyKind
from grids.codes import parent_code
from grids.geometry import point_gcj02
from grids.models import Duty, Grid

__all__ = [
    "CrewMember",
    "NoticeBoard",
    "beside",
    "board_of",
    "chain_of",
    "crew_of",
    "features",
    "grid_codes_of",
    "ground_codes_of",
    "inside_district",
    "locate",
    "name_of",
    "names_of",
    "parent_code",
]

#: How a community's name ends where it means its office.
OFFICE = re.compile("(居民委员会|村民委员会|居委会|村委会)$")
#: A point this close to a district's line still counts as inside it, in degrees (about 50 m): the published lines are
#: coarser than a phone's fix, and nobody who lives at the border is turned away for that.
DISTRICT_TOLERANCE = 0.0005


def locate(lng: float, lat: float, datum: str = Datum.WGS84) -> Grid | None:
    """The grid a point lies in, or None outside of every grid (and for coordinates that are none).

    ``lng``, ``lat`` in degrees in ``datum`` (``wgs84`` or ``gcj02``, else ValueError). A 专属网格 goes before the basic
    grid around it; a point on a shared border belongs to the grid with the smaller code, always.
    """
    point = point_gcj02(lng, lat, datum)
    found = territory.current().grids.at(point) if point is not None else []
    if not found:
        return None
    # A copy: the instance in the cache is shared by all threads.
    return copy.copy(min(found, key=lambda grid: (grid.kind != "dedicated", grid.code)))


def inside_district(lng: float, lat: float, datum: str, district_code: str) -> bool:
    """Whether a point lies in the district (or 50 m around it). A district without any shape refuses nobody.

    ``datum`` as for ``locate``. The district's own boundary decides; where there is none, the shapes of its streets,
    communities and grids together.
    """
    point = point_gcj02(lng, lat, datum)
    if point is None:
        return False
    ground = territory.current().ground_of(district_code)
    return ground is None or bool(shapely.dwithin(ground, point, DISTRICT_TOLERANCE))


def features(rows: Iterable[Mapping[str, Any]], datum: str) -> dict[str, Any]:
    """Rows of areas or grids (each with ``code``) as a GeoJSON FeatureCollection in ``datum``.

    Every row is there; one without a boundary has the geometry null (RFC 7946 §3.2). ``datum`` is repeated beside the
    features, because GeoJSON itself has no word for GCJ-02.
    """
    outlines = territory.current().outlines(datum)
    found = [{"type": "Feature", "properties": dict(row), "geometry": outlines.get(row["code"])} for row in rows]
    return {"type": "FeatureCollection", "datum": datum, "features": found}


def name_of(code: str) -> str:
    """What an area or grid is called; "" for a code nobody knows."""
    place = territory.current().places.get(code)
    return place.name if place else ""


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """``{code: name}`` of those that are known; at most one query for all of them."""
    places = territory.current().places
    return {code: places[code].name for code in codes if code in places}


def beside(name: str, *above: str) -> str:
    """What a place is called next to the places around it: 「井坪镇古城社区第一网格」 beside 井坪镇 is 「古城社区第一网格」."""
    for place in above:
        for words in (place, OFFICE.sub("", place)):
            if words and name.startswith(words) and name != words:
                name = name.removeprefix(words)
                break
    return name


def chain_of(code: str) -> list[tuple[str, str]]:
    """``[(code, name), …]`` from the district down to ``code``; levels nobody entered are left out."""
    places = territory.current().places
    codes = [code]
    while codes[0]:
        codes.insert(0, parent_code(codes[0]))
    return [(known, places[known].name) for known in codes if known in places]


_DUTIES = Query(
    lambda v: (
        Duty.objects.on(v.day)
        .filter(user_id=v.user, grid__active=True)
        .order_by("grid__code")
        .values_list("grid__code")
        .distinct()
    ),
    user=int,
    day=date,
)


def grid_codes_of(user_id: int | None, on: date) -> list[str]:
    """The codes of the grids a person serves on that day, in order, each once. One query."""
    return [code for (code,) in _DUTIES.rows(user=user_id, day=on)] if user_id is not None else []


def ground_codes_of(user_id: int | None, on: date) -> list[str]:
    """`grid_codes_of` and the codes of the grids whose whole ground went into these; no query more where none did."""
    own = grid_codes_of(user_id, on)
    lineage = territory.current().lineage if own else None
    return [code for mine in own for code in lineage.before(mine)] if lineage else own


@dataclass(frozen=True)
class CrewMember:
    """One person on the public card of a grid. ``phone`` is the published one of this duty, else the work phone."""

    user_id: int
    name: str
    kind: str
    kind_label: str
    phone: str


def crew_of(grid_code: str, on: date) -> list[CrewMember]:
    """Who serves the grid on that day, by kind and then since when. One query."""
    duties = Duty.objects.on(on).filter(grid__code=grid_code).select_related("user").order_by("kind", "starts_on", "pk")
    return [
        CrewMember(duty.user_id, duty.user.name, duty.kind, duty.get_kind_display(), duty.phone or duty.user.phone)
        for duty in duties
    ]


#: Whose names a board shows: who serves the grid, and who answers for it (facts §3.7).
ON_BOARD = (DutyKind.GRID_WORKER, DutyKind.GRID_HEAD)


@dataclass(frozen=True)
class NoticeBoard:
    """网格公示牌: what a grid's public notice board must show (《网格服务管理办法》 §6, facts §3.7), and nothing more.

    ``crew`` holds ``(kind, name, phone)``; a phone is the one published for this duty, never the person's own.
    """

    code: str
    name: str
    community: str
    street: str
    extent: str
    crew: tuple[tuple[str, str, str], ...]
    supervising_phone: str


def board_of(grid_code: str, on: date) -> NoticeBoard | None:
    """What the notice board of an active grid shows on that day; None for a code nobody knows. Two queries."""
    grid = Grid.objects.filter(code=grid_code, active=True).first()
    if grid is None:
        return None
    duties = Duty.objects.on(on).filter(grid=grid, kind__in=ON_BOARD, user__is_active=True).select_related("user")
    crew = [
        (duty.get_kind_display(), duty.user.name, duty.phone) for duty in duties.order_by("-kind", "starts_on", "pk")
    ]
    names = {code: name for code, name in chain_of(grid_code)}
    community, street = names.get(grid_code[:12], ""), names.get(grid_code[:9], "")
    return NoticeBoard(grid.code, grid.name, community, street, grid.extent, tuple(crew), grid.supervising_phone)
