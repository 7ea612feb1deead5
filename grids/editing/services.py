"""Drawing grids, merging, splitting, giving a new code. Each is checked, written, kept in the history and in the log.

A code means one ground for ever: what merges or splits is closed, and its heirs have codes that never were before.
Duties of a closed grid end today and are not handed on by themselves: who serves the new one is for people to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import shapely
from django.db import transaction
from shapely import ops
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from accounts import audit
from accounts.actors import Actor
from accounts.choices import Role
from governance_portal.lib.errors import Incomplete, NotYou, NotYours, Stale
from governance_portal.lib.working_days import SHANGHAI
from grids.choices import Datum, GridKind
from grids.codes import grid_code_problem, kind_by_number
from grids.editing import history
from grids.editing.checks import Finding, Plot, judge, with_neighbours
from grids.editing.choices import Change, Succession
from grids.editing.ground import SNAP_METRES, as_geojson, plane_of, polygons, thick_parts
from grids.editing.reading import ground_of, line_of
from grids.editing.signals import grid_split
from grids.geometry import in_datum
from grids.models import Area, Duty, Grid, GridSuccession
from grids.services import end_duty

_P = ParamSpec("_P")
_R = TypeVar("_R")
CANNOT_COMPUTE = "这里的界线（或邻格、社区原来的界线）图形有错，算不出重叠和空白，请检查后再画。"
ONLY_KEEPERS = "网格由系统管理员和中心负责人划定；发现界线不对，请告诉他们。"
REASON_LENGTH = 500


def may_keep(actor: Actor) -> bool:
    """Who draws grids: the system administrator, who brought them in, and the centre's lead."""
    return actor.leads_centre or actor.has(Role.SYSTEM_ADMIN)


def check_keeper(actor: Actor) -> None:
    """Refuse everybody else (NotYou)."""
    if not may_keep(actor):
        raise NotYou(ONLY_KEEPERS)


class ShapesRefused(Incomplete):
    """400: what was drawn cannot stand. `findings` say why, each with its pieces as GeoJSON in `datum`."""

    def __init__(self, findings: Iterable[Finding], datum: str) -> None:
        self.findings = tuple(findings)
        told = [told_of(finding, datum) for finding in self.findings]
        sentences = [finding.sentence for finding in self.findings]
        detail = (
            "没有保存：" + "".join(sentences[:3]) + (f"另有 {len(sentences) - 3} 处。" if len(sentences) > 3 else "")
        )
        super().__init__({"shapes": sentences}, detail, findings=told, datum=datum)


def told_of(finding: Finding, datum: str) -> dict[str, Any]:
    """A finding as JSON: `{what, code, other, area_m2, sentence, pieces}`, pieces as GeoJSON polygons in a datum."""
    pieces = [as_geojson(in_datum(shape(piece), Datum.GCJ02, datum)) for piece in finding.pieces]
    return {
        "what": finding.what,
        "code": finding.code,
        "other": finding.other,
        "area_m2": finding.area,
        "sentence": finding.sentence,
        "pieces": pieces,
    }


@dataclass(frozen=True)
class Redrawn:
    """What an edit did: the grids that were written, and those of them that only gave way."""

    grids: tuple[Grid, ...]
    gave_way: tuple[str, ...]


@dataclass(frozen=True)
class Replaced:
    """What a merge, a split or a new code did; `duties` are (name, kind) of those whose duty ended with the old grid."""

    closed: tuple[Grid, ...]
    opened: tuple[Grid, ...]
    duties: tuple[tuple[str, str], ...]


def computed(field: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Refuse at a field what cannot be calculated, e.g. because a line that came in long ago crosses itself."""

    def named(work: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(work)
        def done(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                return work(*args, **kwargs)
            except shapely.errors.GEOSException as error:
                raise Incomplete({field: [CANNOT_COMPUTE]}) from error

        return done

    return named


# --- drawing ----------------------------------------------------------------------------------------------------


@computed("shapes")
@transaction.atomic
def redraw(
    shapes: Mapping[str, Any],
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    datum: str = Datum.WGS84,
    neighbours: bool = False,
    seen: int | None = None,
    extents: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Redrawn:
    """Give grids of one community new boundaries, all or none.

    `shapes`: GeoJSON (or its text) by grid code, in `datum`; a code of the community that nobody has yet opens a grid of
    that code. `neighbours`: those around give way and take what is left. `seen`: `history.last_change` as the drawer saw it;
    something newer is Stale (412). `dry_run` checks and writes nothing. ShapesRefused (400) with the findings.
    """
    check_keeper(actor)
    _check_reason(reason, dry_run)
    community = _community_of(shapes)
    grids = _locked(community)
    _check_seen(seen, grids)
    around = _around(community)
    before = _plots(community, grids)
    own = [plot.ground for plot in before.values()]
    drawn: dict[str, Plot] = {}
    for code, given in shapes.items():
        grid = grids.get(code) or _opened(code, community)
        ground = ground_of(given, datum, "shapes")
        drawn[code] = Plot(code, grid.name, grid.kind, _snapped(ground, [*own, *([around] if around else [])]))
        grids.setdefault(code, grid)
    inside = {code: plot for code, plot in before.items() if code[:12] == community.code}
    after = {**before, **(with_neighbours(inside, drawn) if neighbours else drawn)}
    findings = judge(before, after, around, community.name)
    if findings:
        raise ShapesRefused(findings, datum)
    if dry_run:
        return Redrawn((), ())
    moved = [code for code, plot in after.items() if code not in before or before[code].ground is not plot.ground]
    opened = [grids[code] for code in moved if grids[code].pk is None]
    known = [grids[code] for code in moved if grids[code].pk is not None]
    history.keep(known, now)
    for grid in (*opened, *known):
        grid.boundary, grid.datum = as_geojson(polygons(after[grid.code].ground)), Datum.GCJ02
        if extents and grid.code in extents:
            grid.extent = extents[grid.code][:2000]
        grid.save()
    history.write(known, Change.DRAWN, reason=reason, who=actor, now=now)
    history.write(opened, Change.OPENED, reason=reason, who=actor, now=now)
    audit.record(actor, "grid.redraw", community.code, reason, {"grids": sorted(moved)}, now=now)
    return Redrawn((*known, *opened), tuple(sorted(set(moved) - set(shapes))))


def _check_reason(reason: str, dry_run: bool) -> None:
    if dry_run:
        return
    if not reason.strip() or "\x00" in reason:
        raise Incomplete({"reason": ["请写明为什么改、依据什么（如某次会议、某个文件）。"]})
    if len(reason) > REASON_LENGTH:
        raise Incomplete({"reason": [f"最多 {REASON_LENGTH} 个字。"]})


def _community_of(codes: Iterable[str]) -> Area:
    above = {code[:12] for code in codes if isinstance(code, str)}
    if not above:
        raise Incomplete({"shapes": ["请至少画一个网格。"]})
    if len(above) > 1:
        raise Incomplete({"shapes": ["一次只改一个社区（村）的网格；跨社区的界线先调整社区边界。"]})
    found = Area.objects.filter(code=above.pop(), level="community").first()
    if found is None:
        raise NotYours("没有这个社区（村）。")
    return found


def _locked(community: Area) -> dict[str, Grid]:
    """The grids of the community, theirs until the transaction ends; the community's row lets one drawer in at a time."""
    Area.objects.select_for_update().get(pk=community.pk)
    found = Grid.objects.select_for_update().filter(community__code=community.code, active=True).order_by("code")
    return {grid.code: grid for grid in found}


def _check_seen(seen: int | None, grids: Mapping[str, Grid]) -> None:
    if seen is not None and history.last_change(grids) > seen:
        raise Stale("您打开以后，别人改过这个社区的网格。画的内容还在，请对照新的界线再保存一次。")


def _around(community: Area) -> BaseGeometry | None:
    return in_datum(shape(community.boundary), community.datum, Datum.GCJ02) if community.boundary else None


def _plots(community: Area, grids: Mapping[str, Grid]) -> dict[str, Plot]:
    """The community's grids and the grids of other communities that touch it, by code."""
    own = {
        grid.code: Plot(grid.code, grid.name, grid.kind, in_datum(shape(grid.boundary), grid.datum, Datum.GCJ02))
        for grid in grids.values()
        if grid.boundary
    }
    near: dict[str, Plot] = {}
    around = _around(community)
    ground = [*([around] if around else []), *(plot.ground for plot in own.values())]
    if ground:
        street = Grid.objects.active().within(community.code[:6]).exclude(community__code=community.code)
        wide = shapely.union_all(ground).buffer(0.0005)
        for grid in street.filter(boundary__isnull=False).only("code", "name", "kind", "boundary", "datum"):
            other = in_datum(shape(grid.boundary), grid.datum, Datum.GCJ02)
            if other.intersects(wide):
                near[grid.code] = Plot(grid.code, grid.name, grid.kind, other)
    return {**near, **own}


def _opened(code: str, community: Area, name: str = "") -> Grid:
    """A grid of a code that is free; Incomplete where it is not."""
    kind = kind_by_number(code)
    problem = grid_code_problem(code, kind)
    if not problem and Grid.objects.filter(code=code).exists():
        problem = f"编码 {code} 已经用过，一个编码只指一块地方，请另取一个顺序码。"
    if problem:
        raise Incomplete({"code": [problem]})
    if len(name) > 64 or "\x00" in name:
        raise Incomplete({"name": ["名称最多 64 个字。"]})
    like = Grid.objects.filter(community__code=community.code, active=True).order_by("code").first()
    work = "dedicated" if kind == GridKind.DEDICATED else like.work_class if like else "community"
    return Grid(
        code=code, name=name or f"{community.name}{code[12:]} 号网格", community=community, kind=kind, work_class=work
    )


def _snapped(ground: BaseGeometry, others: list[BaseGeometry]) -> BaseGeometry:
    """The shape with its vertices on those of its neighbours where they all but are: no hairlines between them."""
    if not others:
        return ground
    plane = plane_of(ground)
    near = [plane.flat(other) for other in others if other.distance(ground) < 1e-4]
    if not near:
        return ground
    points = shapely.union_all([shapely.MultiPoint(shapely.get_coordinates(one)) for one in near])
    moved = shapely.snap(plane.flat(ground), points, SNAP_METRES)
    lines = shapely.union_all([shapely.boundary(one) for one in near])
    moved = shapely.snap(moved, lines, SNAP_METRES / 2)
    return plane.round(moved) if moved.is_valid and moved.geom_type in ("Polygon", "MultiPolygon") else ground


# --- one ground under other codes -------------------------------------------------------------------------------


@computed("codes")
@transaction.atomic
def merge(
    codes: Iterable[str], code: str, *, name: str, actor: Actor, reason: str, now: datetime, extent: str = ""
) -> Replaced:
    """Make one grid of several that lie together; their matters are found under the new one.

    Incomplete for fewer than two, for grids of several communities or kinds, for grounds that do not touch.
    """
    check_keeper(actor)
    _check_reason(reason, False)
    wanted = sorted(set(codes))
    if len(wanted) < 2:
        raise Incomplete({"codes": ["请至少选两个要合并的网格。"]})
    community, old = _old(wanted)
    if len({grid.kind for grid in old}) > 1:
        raise Incomplete({"codes": ["基础网格和专属网格不能合并。"]})
    grounds = [in_datum(shape(grid.boundary), grid.datum, Datum.GCJ02) for grid in old if grid.boundary]
    whole = _joined(grounds) if grounds else None
    if whole is not None and whole.geom_type != "Polygon":
        raise Incomplete({"codes": ["所选的网格不相邻，合并后会分成几块。"]})
    new = _heir(code, community, old[0], name, extent)
    if whole is not None:
        new.boundary, new.datum = as_geojson(whole), Datum.GCJ02
    people = [grid.population for grid in old]
    new.population = sum(people) if all(number is not None for number in people) else None  # type: ignore[arg-type]
    return _replace(old, [new], Succession.MERGE, Change.MERGED, actor=actor, reason=reason, now=now)


@computed("line")
@transaction.atomic
def split(
    code: str,
    line: Any,
    heirs: Sequence[Mapping[str, str]],
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    datum: str = Datum.WGS84,
) -> Replaced:
    """Cut a grid along a line into as many grids as `heirs` (`{code, name}`), from west to east.

    Matters with a point go where the point lies; the others stay under the old code. The people of the parts are not
    known and left empty. Incomplete where the line does not cut it into so many parts.
    """
    check_keeper(actor)
    _check_reason(reason, False)
    community, (old,) = _old([code])
    if not old.boundary:
        raise Incomplete({"line": ["这个网格还没有边界，不能拆分。"]})
    ground = in_datum(shape(old.boundary), old.datum, Datum.GCJ02)
    parts = _cut(ground, line_of(line, datum, "line"))
    if len(parts) < 2:
        raise Incomplete({"line": ["这条线没有把网格分开：两头都要画到网格外面。"]})
    if len(parts) != len(heirs):
        raise Incomplete({"line": [f"这条线把网格分成 {len(parts)} 块，而新网格写了 {len(heirs)} 个。"]})
    if len({heir["code"] for heir in heirs}) < len(heirs):
        raise Incomplete({"code": ["新网格的编码不能相同。"]})
    made = []
    for heir, part in zip(heirs, parts, strict=True):
        new = _heir(heir["code"], community, old, heir.get("name", ""), heir.get("extent", ""))
        new.boundary, new.datum, new.population = as_geojson(part), Datum.GCJ02, None
        made.append(new)
    done = _replace([old], made, Succession.SPLIT, Change.SPLIT, actor=actor, reason=reason, now=now)
    grid_split.send(sender=Grid, old=old.code, new=tuple(grid.code for grid in made))
    return done


@transaction.atomic
def recode(code: str, new_code: str, *, actor: Actor, reason: str, now: datetime, name: str = "") -> Replaced:
    """Give a grid's ground a new code in the same community; its matters are found under the new one."""
    check_keeper(actor)
    _check_reason(reason, False)
    community, (old,) = _old([code])
    new = _heir(new_code, community, old, name or old.name, old.extent)
    new.boundary, new.datum, new.population = old.boundary, old.datum, old.population
    return _replace([old], [new], Succession.RECODE, Change.RECODED, actor=actor, reason=reason, now=now)


def _old(codes: list[str]) -> tuple[Area, list[Grid]]:
    community = _community_of(codes)
    grids = _locked(community)
    missing = [code for code in codes if code not in grids]
    if missing:
        raise NotYours(f"没有在用的网格 {missing[0]}，可能刚被撤销。")
    return community, [grids[code] for code in codes]


def _heir(code: str, community: Area, like: Grid, name: str, extent: str) -> Grid:
    if code[:12] != community.code:
        raise Incomplete({"code": [f"新编码要以所属社区（村）的代码 {community.code} 开头。"]})
    if not name.strip():
        raise Incomplete({"name": ["请给新网格起个名称。"]})
    new = _opened(code, community, name.strip())
    new.work_class, new.supervising_phone = like.work_class, like.supervising_phone
    new.extent = extent[:2000]
    if new.kind != like.kind:
        raise Incomplete({"code": ["新网格要与原网格同类：基础网格用 001 至 899，专属网格用 900 至 999。"]})
    return new


def _joined(grounds: list[BaseGeometry]) -> BaseGeometry:
    """One shape; hairline gaps between neighbours are closed."""
    whole = polygons(shapely.union_all(grounds))
    if whole.geom_type == "Polygon":
        return whole
    plane = plane_of(whole)
    return plane.round(polygons(plane.flat(whole).buffer(SNAP_METRES / 2).buffer(-SNAP_METRES / 2)))


def _cut(ground: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    plane = plane_of(ground)
    found = ops.split(polygons(plane.flat(ground)), plane.flat(line))
    return sorted(
        (plane.round(part) for part in thick_parts(found)), key=lambda part: (part.centroid.x, -part.centroid.y)
    )


def _replace(
    old: list[Grid], new: list[Grid], kind: Succession, change: Change, *, actor: Actor, reason: str, now: datetime
) -> Replaced:
    history.keep(old, now)
    today = now.astimezone(SHANGHAI).date()
    duties = list(Duty.objects.on(today).filter(grid__in=old).select_related("user").order_by("kind", "pk"))
    for duty in duties:
        end_duty(duty, today)
    for grid in old:
        grid.active = False
        grid.save(update_fields=["active", "updated_at"])
    for grid in new:
        grid.save(force_insert=True)
    GridSuccession.objects.bulk_create(
        GridSuccession(old_code=one.code, new_code=other.code, kind=kind, since=now) for one in old for other in new
    )
    history.write(old, Change.CLOSED, reason=reason, who=actor, now=now)
    history.write(new, change, reason=reason, who=actor, now=now)
    detail = {"closed": [grid.code for grid in old], "opened": [grid.code for grid in new]}
    audit.record(actor, f"grid.{kind.value}", old[0].code, reason, detail, now=now)
    ended = tuple((duty.user.name, duty.get_kind_display()) for duty in duties)
    return Replaced(tuple(old), tuple(new), ended)


@transaction.atomic
def describe(
    code: str, *, name: str, extent: str, population: int | None, actor: Actor, reason: str, now: datetime
) -> Grid:
    """Change what a grid is called, its extent in words, its people; the shape stays."""
    check_keeper(actor)
    _check_reason(reason, False)
    _community, (grid,) = _old([code])
    errors = {}
    if not name.strip() or len(name) > 64 or "\x00" in name:
        errors["name"] = ["请填写名称，最多 64 个字。"]
    if len(extent) > 2000 or "\x00" in extent:
        errors["extent"] = ["最多 2000 个字。"]
    if errors:
        raise Incomplete(errors)
    history.keep([grid], now)
    grid.name, grid.extent, grid.population = name.strip(), extent, population
    grid.save()
    history.write([grid], Change.DESCRIBED, reason=reason, who=actor, now=now)
    audit.record(actor, "grid.describe", grid.code, reason, now=now)
    return grid
