"""Quarters of the year, written "2026Q4" so that text order is the order of time. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.statistics.windows import Window
from governance_portal.lib.working_days import day_of

CODE = re.compile(r"(20[2-9][0-9]|21[0-9]{2})Q([1-4])")
NUMBERS = "一二三四"


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter: `Quarter(2026, 4)` is October to December 2026."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """As it is stored and stands in addresses."""
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        """As people say it."""
        return f"{self.year} 年第{NUMBERS[self.number - 1]}季度"

    @property
    def window(self) -> Window:
        """Its days, both ends included."""
        return Window(date(self.year, 3 * self.number - 2, 1), self.next.first - timedelta(days=1))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The one after."""
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The one before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def is_over(self, now: datetime) -> bool:
        """Whether its last day has passed in Shanghai."""
        return day_of(now) > self.last


def quarter_of(now: datetime) -> Quarter:
    """Return the quarter that runs."""
    today = day_of(now)
    return Quarter(today.year, (today.month - 1) // 3 + 1)


def read_quarter(code: str) -> Quarter | None:
    """Return the quarter of a code; None for a text that is none (2020 to 2199)."""
    found = CODE.fullmatch(code)
    return Quarter(int(found[1]), int(found[2])) if found else None
