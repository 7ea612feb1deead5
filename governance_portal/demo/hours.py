"""Time as an office spends it: moments some working hours after others."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from governance_portal.lib.working_days import SHANGHAI, Calendar

_OPEN = ((time(8, 30), time(12)), (time(14, 30), time(18)))
#: Hours of work in a day of these windows.
DAY_HOURS = 7.0


def later(at: datetime, hours: float, calendar: Calendar) -> datetime:
    """The moment so many working hours after `at`; from a night or a day off it counts from the next opening."""
    left = timedelta(seconds=round(hours * 3600))
    day = at.date()
    while True:
        if calendar.is_workday(day):
            for opens, closes in _OPEN:
                begins = max(datetime.combine(day, opens, SHANGHAI), at)
                ends = datetime.combine(day, closes, SHANGHAI)
                if begins < ends:
                    if left < ends - begins:
                        return begins + left
                    left -= ends - begins
        day += timedelta(days=1)


def earlier(at: datetime, hours: float, calendar: Calendar) -> datetime:
    """The moment so many working hours before `at`."""
    left = timedelta(seconds=round(hours * 3600))
    day = at.date()
    while True:
        if calendar.is_workday(day):
            for opens, closes in reversed(_OPEN):
                begins = datetime.combine(day, opens, SHANGHAI)
                ends = min(datetime.combine(day, closes, SHANGHAI), at)
                if begins < ends:
                    if left < ends - begins:
                        return ends - left
                    left -= ends - begins
        day -= timedelta(days=1)
