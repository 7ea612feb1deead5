"""What the tables of a bulletin are made of: columns, cells with their words and, for a sheet, their number. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.bulletins.sentences import change_words, lasting_words, points_words, rate_words
from cases.statistics.figures import percent
from cases.statistics.wording import NOTHING, number

#: How a sheet formats a duration, and the unit it is told in.
UNITS = {"days": "天", "hours": "小时", "minutes": "分钟"}


@dataclass(frozen=True)
class Column:
    """A column; `wide` is its share of the width beside the others'. Names are left, numbers right."""

    label: str
    wide: float = 1
    text: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; `number` and how a sheet formats it (count, percent, change, points, days, hours, minutes), None for words."""

    words: str
    number: float | None = None
    form: str = ""


@dataclass(frozen=True)
class Table:
    """A table: "表2　按来源渠道". `summed`: the last row is the sum of those above."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    summed: bool = False
    note: str = ""

    @property
    def words(self) -> list[str]:
        """Every cell's words."""
        return [cell.words for row in self.rows for cell in row]

    @property
    def lined(self) -> list[tuple[bool, list[tuple[Cell, Column]]]]:
        """The rows with (is the sum, cells beside their columns), for pages."""
        last = len(self.rows) - 1
        return [
            (self.summed and place == last, list(zip(row, self.columns, strict=True)))
            for place, row in enumerate(self.rows)
        ]


def name(words: str) -> Cell:
    """Words."""
    return Cell(words)


def count(many: int | None) -> Cell:
    """A number of matters; — where nothing was registered yet."""
    return Cell(NOTHING) if many is None else Cell(number(many), many, "count")


def rate(above: int | None, below: int | None) -> Cell:
    """A percentage; — where there is nothing to divide by."""
    found = None if above is None or not below else percent(above, below)
    return Cell(
        rate_words(above, below), None if found is None else float(found), "percent" if found is not None else ""
    )


def change(now: int | None, before: int | None) -> Cell:
    """How much more or less, in percent of what it was."""
    told = change_words(now or 0, before)
    if told == NOTHING or not before:
        return Cell(told)
    share = percent(abs((now or 0) - before), before)
    return Cell(told, float(share or 0) * (-1 if (now or 0) < before else 1), "change")


def points(now: tuple[int | None, int | None], before: tuple[int | None, int | None]) -> Cell:
    """How far a percentage moved, in 百分点."""
    values = [None if above is None or not below else percent(above, below) for above, below in (now, before)]
    told = points_words(values[0], values[1])
    if values[0] is None or values[1] is None:
        return Cell(told)
    return Cell(told, float(values[0] - values[1]), "points")


def lasting(found: Mapping[str, Any] | None, which: str) -> Cell:
    """How long it took: in days, hours or minutes, as the words say."""
    if not found or which not in found:
        return Cell(NOTHING)
    told = lasting_words(found[which])
    form = next(form for form, unit in UNITS.items() if told.endswith(unit))
    return Cell(told, float(told.removesuffix(UNITS[form])), form)
