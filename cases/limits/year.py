"""What a year looks like: twelve months of days, worked or off, why, and whether that is published or still 暂定."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cases import policies
from cases.models import Holiday
from governance_portal.lib.spoken import WEEKDAYS
from governance_portal.lib.working_days import Calendar

SEEDED = "国务院办公厅放假安排（chinesecalendar）"
BY_LAW = "《全国年节及纪念日放假办法》推定"


@dataclass(frozen=True)
class Day:
    """One square. mark: 休 or 班 where the day is not what its weekday says, "" otherwise."""

    date: date
    worked: bool
    mark: str = ""
    name: str = ""
    source: str = ""
    today: bool = False

    @property
    def words(self) -> str:
        """The whole of it in words, for whoever does not see the square."""
        told = "上班" if self.worked else "休息"
        weekday = f"星期{WEEKDAYS[self.date.weekday()]}"
        return f"{self.date.month}月{self.date.day}日 {weekday} {told}" + (f"，{self.name}" if self.name else "")


@dataclass(frozen=True)
class Span:
    """Days in a row with one reason, as a notice writes them."""

    first: date
    last: date
    worked: bool
    name: str
    source: str

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def words(self) -> str:
        """「2月5日至11日 星期五至星期四」."""
        one = f"{self.first.month}月{self.first.day}日"
        if self.first == self.last:
            return f"{one} 星期{WEEKDAYS[self.first.weekday()]}"
        month = f"{self.last.month}月" if self.last.month != self.first.month else ""
        return f"{one}至{month}{self.last.day}日 共 {self.count} 天"


@dataclass
class Year:
    """A year's page."""

    year: int
    published: bool
    months: list[list[list[Day | None]]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    worked: int = 0
    off: int = 0


def year_of(year: int, today: date) -> Year:
    """Return a year as the calendar stands; one query. A year nobody has published is what the law alone gives."""
    edges = (date(year, 1, 1), date(year, 12, 31))
    rows = {row.date: row for row in Holiday.objects.filter(date__range=edges)}
    calendar = policies.calendar()
    found = Year(year, published=not calendar.is_tentative(edges[1]))
    days: dict[date, Day] = {}
    at = edges[0]
    while at <= edges[1]:
        days[at] = _day(at, rows.get(at), calendar, today)
        at += timedelta(days=1)
    sheet = months_of.Calendar(firstweekday=0)
    found.months = [
        [[days.get(day) if day.month == month else None for day in week] for week in weeks]
        for month in range(1, 13)
        for weeks in [sheet.monthdatescalendar(year, month)]
    ]
    found.spans = _spans(list(days.values()))
    found.worked = sum(day.worked for day in days.values())
    found.off = len(days) - found.worked
    return found


def _day(at: date, row: Holiday | None, calendar: Calendar, today: date) -> Day:
    worked = row.workday if row else calendar.is_workday(at)
    plain = at.weekday() < 5
    mark = "" if worked == plain else ("班" if worked else "休")
    name, source = (row.name, row.source) if row else ("", "")
    if not row and mark:
        source = BY_LAW
    # A named weekend day belongs to its holiday, also where its weekday alone would have it off.
    return Day(at, worked, mark or ("休" if name and not worked else ""), name, source, at == today)


def _spans(days: Sequence[Day]) -> list[Span]:
    """Marked days in a row with one name and source, as one line."""
    found: list[Span] = []
    for day in days:
        if not day.mark:
            continue
        last = found[-1] if found else None
        if (
            last
            and (last.worked, last.name, last.source) == (day.worked, day.name, day.source)
            and day.date - last.last <= timedelta(days=1)
        ):
            found[-1] = Span(last.first, day.date, last.worked, last.name, last.source)
        else:
            found.append(Span(day.date, day.date, day.worked, day.name, day.source))
    return found


def years_known(today: date) -> list[int]:
    """Return the years worth a page: those with rows, this one and the two after it."""
    known = set(Holiday.objects.values_list("date__year", flat=True).distinct())
    return sorted(known | {today.year, today.year + 1, today.year + 2})


def worked_days(rows: Mapping[date, bool] | None = None) -> dict[date, bool]:
    """Return the table as it stands, with some days laid over it."""
    return {**dict(Holiday.objects.values_list("date", "workday")), **(rows or {})}
