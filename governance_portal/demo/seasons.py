"""When people come: what each month brings, which weekdays are full, and at what hour each line rings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from governance_portal.lib.working_days import SHANGHAI, Calendar

#: Weight of a season in each month, January first.
SEASONS: Mapping[str, tuple[int, ...]] = {
    "all": (5, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5),
    "heat": (30, 22, 12, 2, 0, 0, 0, 0, 0, 14, 34, 32),
    "cold": (9, 7, 3, 1, 0, 0, 0, 0, 0, 2, 7, 9),
    "newyear": (22, 12, 1, 0, 0, 0, 0, 0, 0, 0, 4, 14),
    "festival": (8, 12, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2),
    "spring": (0, 2, 9, 11, 8, 2, 1, 0, 0, 0, 0, 0),
    "summer": (0, 0, 0, 1, 5, 10, 12, 10, 4, 0, 0, 0),
    "rain": (0, 0, 0, 0, 1, 6, 15, 14, 5, 1, 0, 0),
    "harvest": (0, 0, 0, 0, 0, 0, 0, 1, 9, 14, 7, 1),
    "school": (1, 3, 3, 1, 1, 2, 5, 14, 10, 2, 1, 1),
}
_WEEKDAYS = (1.3, 1.1, 1.0, 1.0, 0.95, 0.45, 0.35)
#: Hours of coming by line: (from hour, to hour, weight).
_HOURS: Mapping[str, tuple[tuple[float, float, int], ...]] = {
    "window": ((8.6, 10.0, 5), (10.0, 11.8, 6), (14.6, 16.0, 5), (16.0, 17.7, 3)),
    "hotline": ((7.5, 9.0, 2), (9.0, 12.0, 6), (12.0, 14.5, 2), (14.5, 18.0, 5), (18.0, 21.5, 4)),
    "grid": ((8.0, 11.5, 6), (14.5, 17.8, 5), (18.0, 20.0, 1)),
    "web": ((7.0, 9.0, 1), (9.0, 12.0, 2), (12.0, 14.0, 3), (14.0, 18.0, 2), (18.0, 23.2, 5)),
}
#: What came in lately is not yet thinned out by what nobody writes down; and many a new matter is still open.
RECENT_DAYS, RECENT_WEIGHT = 56, 2.6
#: Lines that also work on days off; the window has a short watch (9:00–12:00).
OPEN_ALWAYS = ("hotline", "grid", "web")


class Year:
    """The 365 days before a moment, heavier and lighter ones."""

    def __init__(self, until: datetime, calendar: Calendar, volume: tuple[float, ...]) -> None:
        """`volume`: how much each month brings altogether, January first."""
        self._calendar, self._until = calendar, until.date()
        self._days = [until.date() - timedelta(days=back) for back in range(366)]
        self._weights = [self._weight(day, volume) for day in self._days]

    def _weight(self, day: date, volume: tuple[float, ...]) -> float:
        off = not self._calendar.is_workday(day)
        weekday = min(_WEEKDAYS[day.weekday()], 0.4) if off else max(_WEEKDAYS[day.weekday()], 0.9)
        recent = RECENT_WEIGHT if (self._until - day).days <= RECENT_DAYS else 1
        return weekday * volume[day.month - 1] * recent

    def day(self, chance: Random) -> date:
        """One of the days."""
        return chance.choices(self._days, self._weights)[0]

    def is_off(self, day: date) -> bool:
        """Whether it is a weekend or a holiday."""
        return not self._calendar.is_workday(day)


def hour_of(channel: str, day: date, off: bool, chance: Random) -> datetime:
    """A moment of the day when this line brings something in."""
    rows = _HOURS.get(channel, _HOURS["window"])
    if off and channel not in OPEN_ALWAYS:
        rows = ((9.0, 11.8, 1),)
    begins, ends, _weight = chance.choices(rows, [row[2] for row in rows])[0]
    seconds = int((begins + (ends - begins) * chance.random()) * 3600)
    return datetime.combine(day, time(), SHANGHAI) + timedelta(seconds=seconds)
