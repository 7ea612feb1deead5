"""Days of a story as moments: 0 is today, -3 the third working day before it, 2 the second working day after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from governance_portal.lib.working_days import SHANGHAI, Calendar

_OPENS, _SHUTS = time(8, 30), time(18, 30)
_DAY = timedelta(days=1)


class Timetable:
    """Turns `(-3, "9:20")` into an aware moment, seen from `now`; what a story does today has happened by `now`."""

    def __init__(self, now: datetime, calendar: Calendar) -> None:
        self.now = now.astimezone(SHANGHAI)
        self.today = self.now.date()
        self._calendar = calendar
        self._days: dict[int, date] = {0: self.today}

    def day(self, offset: int) -> date:
        """The working day so many working days from today; today itself may be a Sunday (网上、热线、值班)."""
        if offset not in self._days:
            nearer = self.day(offset - 1 if offset > 0 else offset + 1)
            step = _DAY if offset > 0 else -_DAY
            found = nearer + step
            while not self._calendar.is_workday(found):
                found += step
            self._days[offset] = found
        return self._days[offset]

    def moment(self, offset: int | datetime, hour: str) -> datetime:
        """The moment, in Shanghai. Hours of today are pushed together until the last of them (18:30) is past."""
        if isinstance(offset, datetime):
            return offset
        hours, minutes = hour.split(":")
        planned = datetime.combine(self.day(offset), time(int(hours), int(minutes)), SHANGHAI)
        return planned if offset else self._squeezed(planned)

    def _squeezed(self, planned: datetime) -> datetime:
        opens = datetime.combine(self.today, _OPENS, SHANGHAI)
        shuts = datetime.combine(self.today, _SHUTS, SHANGHAI)
        if self.now >= shuts:
            return planned
        begins = opens if self.now - opens > timedelta(minutes=30) else datetime.combine(self.today, time(), SHANGHAI)
        share = (planned - opens) / (shuts - opens)
        moment = begins + share * (self.now - begins)
        return moment.replace(microsecond=0)
