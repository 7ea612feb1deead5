"""Matters brought over from another system's table, row by row through the one door.

A mapping file (TOML, cases/data/mappings/) says which column is what. A row that cannot be taken is listed with its
line and the reason, the rest goes in; a row that is there already (by its foreign number) changes nothing. What was
finished is closed by `import_result` with the source's own on-time flag; a closing time that the source does not give
stays unknown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from accounts.choices import UnitKind
from accounts.models import Unit
from accounts.queries import Actor, service_actor
from cases.models import Case
from cases.services.door import move
from cases.services.registering import register
from governance_portal.lib.errors import BadFile, Refusal
from governance_portal.lib.progress import SILENT, Progress
from governance_portal.lib.sheets import BadRow, read_rows
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area
from grids.reports import ImportReport

SheetRow = tuple[int, dict[str, str] | BadRow]
BATCH = 200
LONGEST_NUMBER = 60
FLAGS = {"1": True, "0": False}


class RowRefused(Exception):
    """One row cannot be taken; the message says why and what to do, in Chinese."""


@dataclass(frozen=True)
class Row:
    """One row, understood: what `register` gets and what came of it."""

    line: int
    number: str
    registered_at: datetime
    given: dict[str, Any]
    unit_name: str
    unit_code: str
    on_time: bool | None

    @property
    def finished(self) -> bool:
        """The source says it was finished, in time or late."""
        return self.on_time is not None


@dataclass
class Reader:
    """Understands rows by a mapping; knows the district's places and which lines it has seen."""

    mapping: Mapping[str, Any]
    now: datetime
    streets: dict[str, str] = field(default_factory=dict)
    communities: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        areas = Area.objects.active().within(self.mapping["district"])
        for code, name, level in areas.values_list("code", "name", "level"):
            if level == "street":
                self.streets[name] = code
            elif level == "community":
                self.communities[(code[:9], name)] = code
        if not self.streets:
            raise BadFile(f"还没有 {self.mapping['district']} 的街道和社区；请先用 import_areas 导入行政区划。")

    def check_header(self, header: Iterable[str]) -> None:
        """Refuse a file that lacks a column the mapping names."""
        have = set(header)
        missing = [name for name in self.mapping["columns"].values() if name not in have]
        if missing:
            raise BadFile(f"表格缺少这些列：{'、'.join(missing)}。请核对文件，或换一个对应的列名对照文件。")

    def read(self, line: int, cells: Mapping[str, str]) -> Row:
        """Understand one row, or raise RowRefused."""
        cells = {name: "" if text in self.mapping["empty"] else text for name, text in cells.items()}
        number = self._number(line, self._cell(cells, "number"))
        kind = self._choose("kind", cells)
        given = {
            "kind": kind,
            "channel": self._choose("channel", cells),
            "category": self._category(kind, cells),
            "title": self._text("title", cells)[:120],
            "description": self._text("description", cells),
            "place": self._place(cells),
            "foreign_source": self.mapping["source"],
            "foreign_number": number,
        }
        return Row(
            line=line,
            number=number,
            registered_at=self._time(self._cell(cells, "registered_at")),
            given=given,
            unit_name=self._cell(cells, "unit"),
            unit_code=self._cell(cells, "unit_code"),
            on_time=self._on_time(cells),
        )

    def _cell(self, cells: Mapping[str, str], name: str) -> str:
        return cells.get(self.mapping["columns"][name], "")

    def _number(self, line: int, number: str) -> str:
        if not number:
            raise RowRefused("没有来源编号，无法防止重复导入；请补上编号。")
        if len(number) > LONGEST_NUMBER or not number.isalnum():
            raise RowRefused(f"来源编号“{number[:20]}”不像编号；请核对这一行是否错位。")
        if number in self.seen:
            raise RowRefused(f"来源编号 {number} 与第 {self.seen[number]} 行重复；请核对后只留一行。")
        self.seen[number] = line
        return number

    def _time(self, text: str) -> datetime:
        try:
            found = parse_datetime(text) if text else None
        except ValueError:
            found = None
        if found is None:
            raise RowRefused(f"登记时间“{text[:30]}”读不出来；请写成 2018-06-04 11:01:22 的样子。")
        found = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
        if found > self.now:
            raise RowRefused(f"登记时间 {text} 在现在之后；请核对。")
        return found

    def _on_time(self, cells: Mapping[str, str]) -> bool | None:
        in_time, late = self._cell(cells, "on_time"), self._cell(cells, "late")
        if any(flag and flag not in FLAGS for flag in (in_time, late)):
            raise RowRefused(f"按期标记“{in_time}/{late}”应为 0 或 1；请核对。")
        if in_time == late == "1":
            raise RowRefused("同时标记了按期和超期；请核对。")
        return True if in_time == "1" else False if late == "1" else None

    def _choose(self, what: str, cells: Mapping[str, str]) -> str:
        return self._look_up(self.mapping[what], cells, what)

    def _category(self, kind: str, cells: Mapping[str, str]) -> str:
        return self._look_up(self.mapping["category"][kind], cells, "类别")

    def _look_up(self, table: Mapping[str, str], cells: Mapping[str, str], what: str) -> str:
        text = cells.get(table.get("column", ""), "")
        if not text:
            return table["empty"]
        if text not in table or text in ("column", "empty"):
            raise RowRefused(f"“{text[:20]}”不在对照表的 {table['column']} 中；请在对照文件里补上，或改正这一行。")
        return table[text]

    def _text(self, what: str, cells: Mapping[str, str]) -> str:
        filled = {name: text or "未填" for name, text in cells.items()}
        text: str = self.mapping["text"][what].format_map(filled)
        return text

    def _place(self, cells: Mapping[str, str]) -> dict[str, str]:
        street, community = self._cell(cells, "street"), self._cell(cells, "community")
        place = {"area": self._area(street, community)}
        if address := self._cell(cells, "address"):
            place["address"] = address[:200]
        return place

    def _area(self, street: str, community: str) -> str:
        if not street:
            if community:
                raise RowRefused(f"有社区“{community}”而没有街道；请补上街道。")
            return str(self.mapping["district"])
        if street not in self.streets:
            raise RowRefused(f"本区没有“{street[:20]}”这个街道；请核对名称。")
        code = self.streets[street]
        if not community:
            return code
        for ending in self.mapping["community"]["endings"]:
            if found := self.communities.get((code, community + ending)):
                return found
        raise RowRefused(f"{street}没有“{community[:20]}”这个社区；请核对名称。")


def load_mapping(path: Path) -> dict[str, Any]:
    """Read a mapping file; BadFile when it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFile(f"列名对照文件 {path.name} 读不出来：{error}") from error


def import_events(
    source: Path | bytes,
    mapping: Mapping[str, Any],
    *,
    now: datetime,
    dry_run: bool,
    progress: Progress = SILENT,
) -> ImportReport:
    """Bring in a table of events; returns which foreign numbers are new, were there, or were refused and why.

    BadFile when the file itself cannot be read or lacks a column. A dry run writes nothing.
    """
    report = ImportReport(what="事项")
    reader = Reader(mapping, now)
    writer = _Writer(mapping, service_actor("integration"), now)
    for batch in _batches(_understood(progress.over("导入", read_rows(source)), reader, report), BATCH):
        known = writer.known([row.number for row in batch])
        report.unchanged += [row.number for row in batch if row.number in known]
        fresh = [row for row in batch if row.number not in known]
        if dry_run:
            report.new += [row.number for row in fresh]
        else:
            _write(writer, fresh, report)
    return report


def _understood(rows: Iterable[SheetRow], reader: Reader, report: ImportReport) -> Iterator[Row]:
    checked = False
    for line, cells in rows:
        if isinstance(cells, BadRow):
            report.reject(line, "", cells.problem)
            continue
        if not checked:
            reader.check_header(cells)
            checked = True
        try:
            yield reader.read(line, cells)
        except RowRefused as refused:
            report.reject(line, cells.get(reader.mapping["columns"]["number"], "")[:20], str(refused))


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(writer: _Writer, rows: list[Row], report: ImportReport) -> None:
    """One transaction a batch, a savepoint a row: a refused row leaves nothing, a killed import goes on next time."""
    with transaction.atomic():
        for row in rows:
            try:
                with transaction.atomic():
                    writer.write(row)
            except Refusal as refusal:
                report.reject(row.line, row.number, refusal.detail)
            else:
                report.new.append(row.number)


@dataclass
class _Writer:
    mapping: Mapping[str, Any]
    actor: Actor
    now: datetime
    units: dict[str, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units = {unit.name: unit for unit in Unit.objects.filter(code__startswith=self.mapping["unit_prefix"])}

    def known(self, numbers: list[str]) -> set[str]:
        have = Case.objects.filter(foreign_source=self.mapping["source"], foreign_number__in=numbers)
        return set(have.values_list("foreign_number", flat=True))

    def write(self, row: Row) -> None:
        made = register(self.actor, row.given, now=row.registered_at, quiet=True)
        if not row.finished:
            return
        result = {"source": self.mapping["source"], "foreign_number": row.number, "on_time": row.on_time}
        if row.unit_name:
            result["lead_unit"] = self.unit(row).code
        move(made.case, "import_result", actor=self.actor, now=self.now, given=result, quiet=True)

    def unit(self, row: Row) -> Unit:
        """The unit of that name, made when it is met for the first time; nobody holds a post there yet."""
        found = self.units.get(row.unit_name)
        if found is None:
            code = f"{self.mapping['unit_prefix']}{row.unit_code or len(self.units)}"
            if any(unit.code == code for unit in self.units.values()):
                code = f"{code}-{len(self.units)}"
            found = self.units[row.unit_name] = Unit.objects.create(
                code=code,
                name=row.unit_name,
                short_name=row.unit_name[:30],
                kind=UnitKind.DEPARTMENT,
                area_code=self.mapping["district"],
            )
        return found
