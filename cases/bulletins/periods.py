"""The days of a bulletin, of the period before it and of the same one a year ago. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cases.bulletins.choices import Kind
from cases.statistics.windows import DAY, Window
from governance_portal.lib.errors import Incomplete

FIRST_YEAR, LAST_YEAR = 2000, 2199
MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}
_CODE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|Q([1-4]))?", re.ASCII)
NOT_A_PERIOD = "请选择月份（如 2026-10）、季度（如 2026Q3）或年份（如 2026）。"


@dataclass(frozen=True)
class Span:
    """One month, quarter or year; `number` counts within the year from 1 (of a year always 1)."""

    kind: Kind
    year: int
    number: int

    @property
    def code(self) -> str:
        """ "2026-10", "2026Q3", "2026": the key of the row."""
        if self.kind == Kind.MONTH:
            return f"{self.year}-{self.number:02}"
        return f"{self.year}Q{self.number}" if self.kind == Kind.QUARTER else str(self.year)

    @property
    def label(self) -> str:
        """As it stands in a title: 2026年10月、2026年第三季度、2026年."""
        if self.kind == Kind.MONTH:
            return f"{self.year}年{self.number}月"
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度" if self.kind == Kind.QUARTER else f"{self.year}年"

    @property
    def window(self) -> Window:
        """Its days, both included."""
        months = MONTHS[self.kind]
        first = date(self.year, (self.number - 1) * months + 1, 1)
        return Window(first, self.next._first - DAY)

    @property
    def _first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def next(self) -> Span:
        """The one after."""
        return self._moved(1)

    @property
    def before(self) -> Span:
        """The one before (环比)."""
        return self._moved(-1)

    @property
    def year_ago(self) -> Span:
        """The same one a year ago (同比); of a year this is the one before."""
        return Span(self.kind, self.year - 1, self.number)

    def _moved(self, by: int) -> Span:
        per_year = 12 // MONTHS[self.kind]
        place = self.year * per_year + self.number - 1 + by
        return Span(self.kind, place // per_year, place % per_year + 1)

    @property
    def before_words(self) -> str:
        """What people call the period before: 上月."""
        return {Kind.MONTH: "上月", Kind.QUARTER: "上季度", Kind.YEAR: "上年"}[self.kind]

    @property
    def this_words(self) -> str:
        """What people call the period itself: 本月."""
        return {Kind.MONTH: "本月", Kind.QUARTER: "本季度", Kind.YEAR: "本年"}[self.kind]


def span_in(kind: Kind, day: date) -> Span:
    """Return the span of a kind that a day lies in."""
    return Span(kind, day.year, (day.month - 1) // MONTHS[kind] + 1)


def read_span(code: str) -> Span:
    """Read a code; Incomplete (400) for what is none."""
    found = _CODE.fullmatch(code.strip())
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Incomplete({"period": [NOT_A_PERIOD]})
    if found[2]:
        return Span(Kind.MONTH, int(found[1]), int(found[2]))
    return Span(Kind.QUARTER, int(found[1]), int(found[3])) if found[3] else Span(Kind.YEAR, int(found[1]), 1)
