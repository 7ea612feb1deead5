"""The days that a figure looks at: whole days of Asia/Shanghai, both ends included; and the periods people speak of.

Pure calculations: today comes in as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from governance_portal.lib.working_days import SHANGHAI

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """From a day to a day, both included; None is "without an end"."""

    first: date | None = None
    last: date | None = None

    @property
    def begins(self) -> datetime | None:
        """The first moment inside."""
        return datetime.combine(self.first, time(), SHANGHAI) if self.first else None

    @property
    def ends(self) -> datetime | None:
        """The first moment after."""
        return datetime.combine(self.last + DAY, time(), SHANGHAI) if self.last else None

    def holds(self, field: str) -> Q:
        """The condition that a moment lies inside; a moment that is not there lies in no window, not even the widest."""
        found = Q()
        if self.first:
            found &= Q(**{f"{field}__gte": self.begins})
        if self.last:
            found &= Q(**{f"{field}__lt": self.ends})
        return found if self.first or self.last else Q(**{f"{field}__isnull": False})

    def contains(self, moment: datetime | None) -> bool:
        """The same for one moment, in Python."""
        if moment is None:
            return False
        return (self.begins is None or moment >= self.begins) and (self.ends is None or moment < self.ends)


EVER = Window()


def before(window: Window) -> Window:
    """All days before the window; ValueError for one without a beginning."""
    if window.first is None:
        raise ValueError(window)
    return Window(None, window.first - DAY)


def today_of(now: datetime) -> Window:
    """The day it is in Shanghai."""
    today = now.astimezone(SHANGHAI).date()
    return Window(today, today)


@dataclass(frozen=True)
class Period:
    """What the board is asked for: the days so far, the days of the period before (环比), and how people call both.

    A period that is still running is compared with as many days of the one before (本月 1–22 日 with 上月 1–22 日), so
    that nobody is told of a fall that is only the calendar's. `year_ago` (同比) are the same days of the year before.
    """

    code: str
    label: str
    window: Window
    before: Window
    before_label: str

    @property
    def year_ago(self) -> Window:
        """The same days a year earlier; of 29 February the 28th."""
        first, last = self.window.first, self.window.last
        return Window(first and a_year_before(first), last and a_year_before(last))

    @property
    def is_compared_twice(self) -> bool:
        """Whether the period before and the same days a year ago are different days."""
        return self.before != self.year_ago


def a_year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


#: How people call the same days a year ago.
YEAR_AGO = "去年同期"
LABELS = {"day": "本日", "week": "本周", "month": "本月", "quarter": "本季", "year": "本年", "custom": "自定"}


def period_of(code: str, today: date, first: date | None = None, last: date | None = None) -> Period:
    """Return a named period that runs today, or the given days (`custom`); both ends default to today."""
    if code == "custom" or code not in LABELS:
        start, end = first or last or today, last or first or today
        length = end - start + DAY
        words = "前一天" if length == DAY else f"前 {length.days} 天"
        return Period("custom", "自定", Window(start, end), Window(start - length, start - DAY), words)
    start = {
        "day": today,
        "week": today - today.weekday() * DAY,
        "month": today.replace(day=1),
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "year": today.replace(month=1, day=1),
    }[code]
    earlier = _start_before(code, start)
    until = min(earlier + (today - start), start - DAY)
    words = {"day": "昨日", "week": "上周同期", "month": "上月同期", "quarter": "上季同期", "year": "去年同期"}[code]
    return Period(code, LABELS[code], Window(start, today), Window(earlier, until), words)


def _start_before(code: str, start: date) -> date:
    if code == "day":
        return start - DAY
    if code == "week":
        return start - 7 * DAY
    if code == "year":
        return start.replace(year=start.year - 1)
    months = 1 if code == "month" else 3
    place = start.year * 12 + start.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def steps_of(window: Window, today: date) -> str:
    """How fine a trend over these days is drawn: `day` up to two months, `week` up to half a year, else `month`."""
    first, last = window.first or today, window.last or today
    length = (last - first).days + 1
    return "day" if length <= 62 else "week" if length <= 190 else "month"


def step_start(day: date, step: str) -> date:
    """The first day of the step a day lies in."""
    if step == "week":
        return day - day.weekday() * DAY
    return day.replace(day=1) if step == "month" else day


def next_step(start: date, step: str) -> date:
    """The first day of the step after."""
    if step == "month":
        return (start.replace(day=28) + 4 * DAY).replace(day=1)
    return start + (7 * DAY if step == "week" else DAY)
