"""Counting a table: one grouped statement for each moment its figures look at, over what one person may see.

Every case has one row and one column, so that a total is the number of its cases and not a sum of rounded rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import QueryDict

from accounts.queries import Actor
from cases.filters import CaseFilter
from cases.querysets import CaseQuerySet, ratings_read_by
from cases.statistics import counting
from cases.statistics.counting import area_for
from cases.statistics.figures import OF_RATINGS, condition, named
from cases.statistics.scope import Scope
from cases.statistics.windows import Window
from cases.tabling import lasting
from cases.tabling.asking import FILTERS, Asked
from cases.tabling.dimensions import DIMENSIONS, Dimension, Value
from cases.tabling.lasting import LASTED
from cases.tabling.measures import LISTS, MEASURES, VISITORS, Measure, reads_ratings
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.working_days import SHANGHAI

#: So many cells a page shows; a file may hold more.
PAGE_CELLS = 5_000
FILE_CELLS = 500_000
FILE_COLUMNS = 1_000
#: The groups of the database may be finer than the cells (small categories of a large one).
FINER = 10
#: So many durations are told apart at most.
MOST_LASTED = 1_000_000

Cells = dict[tuple[str, str], Counter[str]]


class TooLarge(Incomplete):
    """400: more cells than asked for; `cells` says about how many where it is known."""


@dataclass(frozen=True)
class Frame:
    """One table, as asked by one person at one moment of one area."""

    asked: Asked
    actor: Actor
    area: str
    now: datetime

    @cached_property
    def window(self) -> Window:
        """Its days."""
        return self.asked.window(self.now.astimezone(SHANGHAI).date())

    @property
    def measures(self) -> list[Measure]:
        """What its cells say."""
        return [MEASURES[name] for name in self.asked.measures]

    @property
    def rows(self) -> Dimension:
        """By what its rows are laid out."""
        return DIMENSIONS[self.asked.rows]

    @property
    def columns(self) -> Dimension | None:
        """By what its columns are; None without columns."""
        return DIMENSIONS[self.asked.columns] if self.asked.columns else None

    @cached_property
    def scope(self) -> Scope:
        """What this person may see of the area."""
        return counting.cases_of(self.actor, self.area, self.now)

    @cached_property
    def cases(self) -> CaseQuerySet:
        """What is counted: the scope narrowed by the very filters the list has."""
        if not self.asked.filters:
            return self.scope.rows
        data = QueryDict(mutable=True)
        for name in FILTERS:
            data.setlist(name, list(self.asked.filters.get(name, ())))
        request = SimpleNamespace(actor=self.actor, GET=data)
        return CaseFilter(data, queryset=self.scope.rows, request=request).qs.order_by()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Counted:
    """The answer: values of rows and columns in their own order, and what was counted in each cell."""

    frame: Frame
    rows: list[Value]
    columns: list[Value]
    cells: Cells

    @cached_property
    def row_totals(self) -> dict[str, Counter[str]]:
        """Of each row."""
        return self._summed(lambda row, _column: row)

    @cached_property
    def column_totals(self) -> dict[str, Counter[str]]:
        """Of each column."""
        return self._summed(lambda _row, column: column)

    @cached_property
    def whole(self) -> Counter[str]:
        """Of the table."""
        return self._summed(lambda _row, _column: "").get("", Counter())

    def _summed(self, key: Any) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for (row, column), counts in self.cells.items():
            found.setdefault(key(row, column), Counter()).update(counts)
        return found


def frame_of(asked: Asked, actor: Actor, now: datetime) -> Frame:
    """Return the frame of a table. NotYou (403) without sight of an area or of ratings, NotYours (404) elsewhere."""
    area = area_for(actor, asked.area)
    frame = Frame(asked, actor, area, now)
    if any(one.of_ratings for one in frame.measures) and not reads_ratings(actor, area):
        raise NotYou("居民评价的数字由管这片区域的岗位查看；请换一个数字。")
    return frame


def count(frame: Frame, most: int | None = None) -> Counted:
    """Count a table of at most so many cells, as many as a page shows; TooLarge (400) says what to do with a larger one."""
    most = PAGE_CELLS if most is None else most
    raw: dict[tuple[Any, Any], Counter[str]] = {}
    parts = tuple(dict.fromkeys(part for one in frame.measures for part in one.parts))
    for names in _together(parts):
        counted = _lasted(frame, most) if names == (LASTED,) else _kept(frame, names) or _live(frame, names, most)
        for row, column, counts in counted:
            raw.setdefault((row, column), Counter()).update(counts)
    row_values = frame.rows.read({row for row, _column in raw})
    column_values = frame.columns.read({column for _row, column in raw}) if frame.columns else {"": _whole()}
    cells: Cells = {}
    for (row, column), counts in raw.items():
        cells.setdefault((row_values[row].key, column_values[column].key), Counter()).update(counts)
    rows = _values(frame, frame.rows, row_values.values(), {row for row, _column in cells})
    columns = [_whole()]
    if frame.columns:
        columns = _values(frame, frame.columns, column_values.values(), {column for _row, column in cells})
    if len(rows) * len(columns) > most:
        raise too_large(len(rows) * len(columns), most)
    return Counted(frame, rows, columns, cells)


def too_large(cells: int, most: int) -> TooLarge:
    """The refusal of a table that is too large, with the way out."""
    size = f"约 {cells:,} 格" if cells else "格子太多"
    if most <= PAGE_CELLS:
        told = f"这张表{size}，页面上最多 {most:,} 格。请换粗一些的行或列、缩短时间、缩小区域；确实要全部的，请导出为文件。"
    else:
        told = f"这张表{size}，一个文件最多 {most:,} 格、{FILE_COLUMNS:,} 列。请换粗一些的行或列，或按时间分几次导出。"
    return TooLarge({"rows": [told]}, told)


def _whole() -> Value:
    return Value("", "", "")


def _values(frame: Frame, dimension: Dimension, found: Iterable[Value], used: set[str]) -> list[Value]:
    """What stands in a row or column, in the dimension's own order; zeros only where they are asked for."""
    values = {value.key: value for value in found if value.key in used}
    if frame.asked.zeros:
        window = Window() if dimension.moment and dimension.moment != _moment(frame) else frame.window
        values = {value.key: value for value in dimension.known(frame.area, window)} | values
    return sorted(values.values(), key=lambda value: value.order)


def _moment(frame: Frame) -> str:
    days = {_days(part) for one in frame.measures for part in one.parts}
    return days.pop() if len(days) == 1 else ""


def _days(part: str) -> str:
    return named(LISTS.get(part, part)).days


def _together(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The parts by the moment they look at: each group is one statement; how long it took is one of its own."""
    found: dict[str, list[str]] = {}
    for part in parts:
        found.setdefault(part if part == LASTED else _days(part), []).append(part)
    return [tuple(names) for names in found.values()]


def _where(frame: Frame, part: str) -> Q:
    """The condition of the part's list, word for word (`statistics/filtering.py`)."""
    figure = LISTS.get(part, part)
    found = condition(figure, frame.window, frame.now)
    return found & ratings_read_by(frame.actor) if figure in OF_RATINGS else found


def _groups(frame: Frame) -> dict[str, Any]:
    groups = {"row_key": frame.rows.expression()}
    if frame.columns:
        groups["column_key"] = frame.columns.expression()
    return groups


def _lasted(frame: Frame, most: int) -> Iterable[tuple[Any, Any, Mapping[str, int]]]:
    found = lasting.grouped(frame.cases, _groups(frame), frame.window, min(most * FINER * FINER, MOST_LASTED))
    if found is None:
        raise too_large(0, most)
    return found


def _live(frame: Frame, names: tuple[str, ...], most: int) -> Iterable[tuple[Any, Any, Mapping[str, int]]]:
    where = {name: _where(frame, name) for name in names}
    any_of = Q()
    for held in where.values():
        any_of |= held
    groups = _groups(frame)
    counts = {
        f"n_{name}": Sum("visitor_count", filter=held, default=0) if name == VISITORS else Count("pk", filter=held)
        for name, held in where.items()
    }
    found = frame.cases.filter(any_of).annotate(**groups).values(*groups).annotate(**counts)
    rows = list(found[: most * FINER + 1])
    if len(rows) > most * FINER:
        raise too_large(0, most)
    for row in rows:
        yield row["row_key"], row.get("column_key", ""), {name: row[f"n_{name}"] for name in names}


def _kept(frame: Frame, names: tuple[str, ...]) -> list[tuple[Any, Any, Mapping[str, int]]]:
    """The same from the counts that are kept, where they are kept for this question; [] where they are not."""
    if frame.columns or frame.asked.filters or not frame.rows.kept:
        return []
    if any(name in OF_RATINGS or name not in (*counting.COHORT, *counting.DUE) for name in names):
        return []
    if frame.rows.place and frame.rows.place != len(frame.area) + 3:
        return []
    found = counting.by(frame.scope, frame.rows.kept, frame.window, frame.now)
    return [
        (value, "", {name: counts[name] for name in names})
        for value, counts in found.items()
        if any(counts[name] for name in names)
    ]
