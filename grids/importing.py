"""Bringing delivered rows into the territory: first decide what would happen to each, then (perhaps) write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import shapely
from django.utils import timezone
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from governance_portal.lib.progress import SILENT, Progress
from grids.choices import LEVEL_OF_LENGTH, Datum, GridKind, Level
from grids.codes import (
    code_problem,
    default_work_class,
    grid_code_problem,
    kind_by_number,
    parent_code,
    trimmed_area_code,
)
from grids.deliveries import Row, is_geojson, read_delivery
from grids.editing import history
from grids.editing.choices import Change
from grids.geometry import OUTSIDE_TOLERANCE, boundary_problem, in_datum, share_outside
from grids.models import Area, Grid
from grids.reports import ImportReport

_M = TypeVar("_M", Area, Grid)

#: Two basic grids may share so much of the smaller one's ground before somebody is told (lines drawn by hand).
OVERLAP_SHARE = 0.01


class Import(Generic[_M]):
    """One file against what is there. ``report`` says what happens; ``made`` and ``changed`` are not yet written."""

    model: ClassVar[type[Any]]
    what: ClassVar[str]
    #: The fields a row may set, with their names for the report.
    fields: ClassVar[Mapping[str, str]]

    def __init__(self, path: Path, datum: str, district: str, progress: Progress = SILENT) -> None:
        self.path, self.datum, self.district, self.progress = path, datum, district, progress
        self.report = ImportReport(self.what, "第 {} 个要素" if is_geojson(path) else "第 {} 行")
        self.known: dict[str, Any] = {row.code: row for row in self.model.objects.select_for_update().order_by("code")}
        self.areas: dict[str, Area] = {}
        self.made: list[_M] = []
        self.changed: list[_M] = []

    def prepared(self, row: Row) -> Row:
        """The row with its code settled, or with a problem."""
        raise NotImplementedError

    def missing(self, row: Row) -> str:
        """Why a row with an unknown code cannot become a new area or grid; "" if it can."""
        raise NotImplementedError

    def new(self, row: Row) -> _M:
        """The new area or grid, not saved."""
        raise NotImplementedError

    def plan(self) -> ImportReport:
        """Decide about every row; writes nothing."""
        rows = self._accepted()
        # Shorter codes first, so that a file may name a community before its street.
        for row in self.progress.over("核对", sorted(rows, key=lambda row: (len(row.code), row.code))):
            self._decide(row)
        self.report.new.sort()
        self.report.unchanged.sort()
        self.judge_shapes([row for row in rows if row.boundary and row.code in self.known])
        return self.report

    def write(self) -> None:
        """Do what the plan says."""
        now = timezone.now()
        self.keep_history(now)
        for thing in self.changed:
            thing.updated_at = now
        if self.made:
            self.model.objects.bulk_create(self.made)
        if self.changed:
            self.model.objects.bulk_update(
                self.changed, [*self.fields, "boundary", "datum", "updated_at"], batch_size=200
            )
        self.write_history(now)

    def keep_history(self, now: datetime) -> None:
        """Keep how things stood before, where they have a history."""

    def write_history(self, now: datetime) -> None:
        """Write down how they stand now."""

    def _accepted(self) -> list[Row]:
        seen: dict[str, Row] = {}
        for line in self.progress.over("读取", read_delivery(self.path)):
            rows = [self._checked(row) for row in line]
            if self.district and not any(row.code.startswith(self.district) for row in rows) and rows[-1].code:
                self.report.skipped += 1
                continue
            bad = next((row for row in rows if row.problem), None) or self._repeated(rows, seen)
            if bad is not None:
                self.report.reject(bad.line, bad.code, bad.problem)
                continue
            for row in rows:
                seen.setdefault(row.code, row)
        return list(seen.values())

    def _checked(self, row: Row) -> Row:
        """Prepared and judged by itself."""
        row = row if row.problem else self.prepared(row)
        problem = row.problem or self._too_long(row) or (boundary_problem(row.boundary) if row.boundary else "")
        return replace(row, problem=problem)

    def _too_long(self, row: Row) -> str:
        for key, label in self.fields.items():
            value = row.given.get(key)
            limit = self.model._meta.get_field(key).max_length
            if isinstance(value, str) and (len(value) > (limit or 2000) or "\x00" in value):
                return f"{label}太长或有乱码，最多 {limit or 2000} 个字。"
        return ""

    def _repeated(self, rows: list[Row], seen: Mapping[str, Row]) -> Row | None:
        for row in rows:
            before = seen.get(row.code)
            if before is None:
                continue
            if not row.shared:
                return replace(row, problem=f"代码 {row.code} 与{self.report.line_word.format(before.line)}重复。")
            if before.given["name"] != row.given["name"]:
                names = f"在第 {before.line} 行叫“{before.given['name']}”，这里叫“{row.given['name']}”"
                return replace(row, problem=f"代码 {row.code} {names}。")
        return None

    def _decide(self, row: Row) -> None:
        thing = self.known.get(row.code)
        if thing is not None:
            self._compare(thing, row)
            return
        problem = self.missing(row)
        if problem:
            self.report.reject(row.line, row.code, problem)
            return
        thing = self.new(row)
        if row.boundary:
            thing.boundary, thing.datum = row.boundary, self.datum
        self.known[row.code] = thing
        self.made.append(thing)
        self.report.new.append(row.code)

    def _compare(self, thing: Any, row: Row) -> None:
        changes = []
        for key, label in self.fields.items():
            before, after = getattr(thing, key), row.given.get(key, getattr(thing, key))
            if before != after:
                changes.append(f"{label} {_shown(thing, key, before)} → {_shown(thing, key, after)}")
                setattr(thing, key, after)
        if row.boundary and (thing.boundary, thing.datum) != (row.boundary, self.datum):
            changes.append("边界")
            thing.boundary, thing.datum = row.boundary, self.datum
        if changes:
            self.changed.append(thing)
            self.report.changed[row.code] = changes
        else:
            self.report.unchanged.append(row.code)

    def judge_shapes(self, rows: list[Row]) -> None:
        """Report boundaries that stick out of what they lie in. They are taken as delivered: a person decides."""
        widened: dict[str, BaseGeometry] = {}
        for row in rows:
            above = self._ground_above(row.code)
            if above is None:
                continue
            if above.code not in widened:
                widened[above.code] = _ground(above).buffer(OUTSIDE_TOLERANCE)
                shapely.prepare(widened[above.code])
            share = share_outside(_ground(self.known[row.code]), widened[above.code])
            if share > 0:
                self.report.warn(row.line, row.code, f"约 {share:.1%} 的面积在{above.name}之外，请核对边界和坐标系。")

    def _ground_above(self, code: str) -> Area | None:
        """The nearest area above that has a boundary."""
        above = parent_code(code)
        while above:
            area = self.areas.get(above)
            if area is not None and area.boundary:
                return area
            above = parent_code(above)
        return None


def _shown(thing: Any, key: str, value: Any) -> str:
    """A value of a field as people read it."""
    words = dict(thing._meta.get_field(key).flatchoices)
    return "空" if value in (None, "") else str(words.get(value, value))


def _ground(thing: Area | Grid) -> BaseGeometry:
    return in_datum(shape(thing.boundary), thing.datum, Datum.GCJ02)


class AreaImport(Import[Area]):
    """Areas by national code; a GeoJSON feature may name its area instead, when only one has that name."""

    model = Area
    what = "区域"
    fields: ClassVar[Mapping[str, str]] = {"name": "名称", "population": "人口", "households": "户数"}

    def __init__(self, path: Path, datum: str, district: str, progress: Progress = SILENT) -> None:
        super().__init__(path, datum, district, progress)
        self.areas = self.known

    def prepared(self, row: Row) -> Row:
        """Codes padded with zeros are cut; a name alone finds its area."""
        if not row.code and row.boundary:
            return self._by_name(row)
        code = trimmed_area_code(row.code)
        above = trimmed_area_code(row.given.get("parent", ""))
        problem = code_problem(code)
        if not problem and above and above != parent_code(code):
            problem = f"上级写的是 {above}，按代码应为 {parent_code(code) or '没有上级'}。"
        return replace(row, code=code, problem=problem)

    def _by_name(self, row: Row) -> Row:
        name = row.given.get("name", "")
        found = [area.code for area in self.known.values() if area.name == name and area.code.startswith(self.district)]
        if len(found) == 1:
            return replace(row, code=found[0])
        if not name:
            return replace(row, problem="没有代码，也没有名称，不知道是哪个区域。")
        if found:
            return replace(row, problem=f"有 {len(found)} 个区域叫“{name}”，请在属性里写明代码。")
        return replace(row, problem=f"没有叫“{name}”的区域，请在属性里写明代码，或先导入区划表。")

    def missing(self, row: Row) -> str:
        """A new area needs a name and its parent."""
        if not row.given.get("name"):
            return "没有名称。"
        above = parent_code(row.code)
        return f"上级区域 {above} 不存在，请先导入上级。" if above and above not in self.known else ""

    def new(self, row: Row) -> Area:
        """The level follows from the length of the code, the parent from its beginning."""
        given = {key: row.given[key] for key in self.fields if key in row.given}
        above = parent_code(row.code) or None
        return Area(code=row.code, level=LEVEL_OF_LENGTH[len(row.code)], parent_id=above, **given)


class GridImport(Import[Grid]):
    """Grids below communities that are there already."""

    model = Grid
    what = "网格"
    fields: ClassVar[Mapping[str, str]] = {
        "name": "名称",
        "kind": "网格类型",
        "work_class": "工作类别",
        "extent": "区域范围",
        "population": "人口",
        "supervising_phone": "监督电话",
    }

    def __init__(self, path: Path, datum: str, district: str, progress: Progress = SILENT) -> None:
        super().__init__(path, datum, district, progress)
        self.areas = {area.code: area for area in Area.objects.order_by("code")}

    def prepared(self, row: Row) -> Row:
        """The code follows the district's pattern and lies in the community the row names."""
        if not row.code:
            return replace(row, problem="没有网格编码。")
        thing = self.known.get(row.code)
        kind = row.given.get("kind") or (thing.kind if thing else kind_by_number(row.code))
        problem = grid_code_problem(row.code, kind)
        community = row.given.get("community", "")
        if not problem and community and community != parent_code(row.code):
            problem = f"所属社区写的是 {community}，按编码应为 {parent_code(row.code)}。"
        return replace(row, problem=problem)

    def missing(self, row: Row) -> str:
        """A new grid needs a name and its community."""
        if not row.given.get("name"):
            return "没有名称。"
        community = self.areas.get(parent_code(row.code))
        if community is None or community.level != Level.COMMUNITY:
            return f"社区（村）{parent_code(row.code)} 不存在，请先导入区域。"
        return ""

    def new(self, row: Row) -> Grid:
        """Kind and work class follow from number and community where the row does not say them."""
        community = self.areas[parent_code(row.code)]
        kind = kind_by_number(row.code)
        given = {"kind": kind, "work_class": default_work_class(kind, community.name)}
        given |= {key: row.given[key] for key in self.fields if key in row.given}
        return Grid(code=row.code, community_id=community.code, **given)

    def keep_history(self, now: datetime) -> None:
        """How the grids that change stand in the database."""
        history.keep(Grid.objects.filter(pk__in=[grid.pk for grid in self.changed]), now)

    def write_history(self, now: datetime) -> None:
        """What the file made of them."""
        reason = f"导入文件 {self.path.name}"
        history.write(self.changed, Change.IMPORTED, reason=reason, who=None, now=now)
        history.write(self.made, Change.OPENED, reason=reason, who=None, now=now)

    def judge_shapes(self, rows: list[Row]) -> None:
        """Also: basic grids divide the ground, so two of them do not cover the same place (one system of grids)."""
        super().judge_shapes(rows)
        lines = {row.code: row.line for row in rows}
        basic = [grid for grid in self.known.values() if grid.boundary and grid.kind == GridKind.BASIC and grid.active]
        for one, other in _overlapping([_ground(grid) for grid in basic]):
            # Told once, of the delivered grid; of two delivered ones, of the later.
            if basic[one].code in lines and (one > other or basic[other].code not in lines):
                reason = f"与网格“{basic[other].name}”（{basic[other].code}）的边界重叠，请核对。"
                self.report.warn(lines[basic[one].code], basic[one].code, reason)


def _overlapping(grounds: list[BaseGeometry]) -> Iterator[tuple[int, int]]:
    """Index pairs, both ways, of shapes that share more than OVERLAP_SHARE of the smaller one."""
    if not grounds:
        return
    for one, other in zip(*shapely.STRtree(grounds).query(grounds, predicate="intersects"), strict=True):
        smaller = min(grounds[one].area, grounds[other].area)
        if one != other and grounds[one].intersection(grounds[other]).area > OVERLAP_SHARE * smaller:
            yield one, other
