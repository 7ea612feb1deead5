"""How late is late: whole working days after a date, pure calculations over the working calendar.

A date counts to the day it ends (24:00 of Monday is Monday's). One working day later is the same time of the next working
day; a date on a day off counts as 24:00 of the working day before it, so that a later date is never later sooner.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from governance_portal.lib.working_days import SHANGHAI, Calendar

#: Working days past the date at which the supervisor, then the leader of the area, is told (contract of issue 4, item 7).
LATE1_DAYS, LATE2_DAYS = 1, 3
_DAY = timedelta(days=1)


def late_at(due_at: datetime, days: int, calendar: Calendar) -> datetime:
    """When a clock that ran out at `due_at` is `days` working days late; an aware moment in Shanghai."""
    end = due_at.astimezone(SHANGHAI)
    day = (end - timedelta(microseconds=1)).date()
    ends_at_midnight = end.date() != day
    if not calendar.is_workday(day):
        day, ends_at_midnight = _worked(day, -1, calendar), True
    for _ in range(days):
        day = _worked(day, 1, calendar)
    return _midnight(day + _DAY) if ends_at_midnight else datetime.combine(day, end.time(), SHANGHAI)


def reached(now: datetime, days: int, calendar: Calendar) -> datetime:
    """Return the newest date that is `days` working days late at `now`: `late_at(due) <= now` just when `due <= reached`.

    So a sweep asks the calendar once, not once per row.
    """
    here = now.astimezone(SHANGHAI)
    today = here.date()
    if calendar.is_workday(today):
        return datetime.combine(_back(today, days, calendar), here.time(), SHANGHAI)
    day = _back(_worked(today, -1, calendar), days, calendar)
    return _midnight(_worked(day, 1, calendar))


def _back(day: date, days: int, calendar: Calendar) -> date:
    for _ in range(days):
        day = _worked(day, -1, calendar)
    return day


def _worked(day: date, step: int, calendar: Calendar) -> date:
    """The nearest working day after (+1) or before (-1) a day."""
    day += step * _DAY
    while not calendar.is_workday(day):
        day += step * _DAY
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
