"""One running limit: started, paused, extended, met, halted; its date always recomputed, never incremented.

Pure calculations over governance_portal.lib.working_days; the time comes in as an argument.
Source: design/workflow.md "Clocks"; facts §2.1 (民法典 §§201, 203; 信访工作条例 §§34, 36).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from governance_portal.lib.working_days import Calendar, Limit, LimitUnit, due, warn_at

#: Stands in a field until `recompute` has counted; never stored.
NOT_COUNTED = datetime.max.replace(tzinfo=UTC)


@dataclass
class ClockState:
    """A clock of one case, in one period (round of handling, number of the order, or how often it was started).

    Dates are aware datetimes. `due_at` may be rolled over a holiday, `nominal_at` is before the roll;
    `tentative` says that the calendar of that year was not yet published (暂定). `late_at` is the due date that was
    missed first; it stays when the date moves later (rule 6).
    """

    clock: str
    period: int
    started_at: datetime
    amount: int
    unit: str
    extended: int = 0
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    halted_at: datetime | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    late_at: datetime | None = None
    nominal_at: datetime = NOT_COUNTED
    due_at: datetime = NOT_COUNTED
    warn_at: datetime = NOT_COUNTED
    tentative: bool = False
    ahead: timedelta | None = None

    @classmethod
    def begin(
        cls,
        clock: str,
        period: int,
        at: datetime,
        limit: Limit,
        calendar: Calendar,
        ahead: timedelta | None = None,
    ) -> ClockState:
        """Start a clock of this limit; `ahead`: warn so long before its end, whatever the limit's length."""
        state = cls(clock, period, at, limit.amount, str(limit.unit), ahead=ahead)
        state.recompute(calendar)
        return state

    @classmethod
    def until(cls, clock: str, period: int, at: datetime, ends: datetime, ahead: timedelta | None = None) -> ClockState:
        """Start a clock whose end a person has set (an order's deadline): no calendar moves it, so it is never 暂定."""
        hours = max(int((ends - at).total_seconds() // 3600), 0)
        state = cls(clock, period, at, hours, "fixed", nominal_at=ends, due_at=ends, ahead=ahead)
        state.warn_at = max(at, ends - (ahead or (ends - at) / 5))
        return state

    @property
    def live(self) -> bool:
        """Neither met nor ended nor halted; it may be paused."""
        return self.met_at is None and self.ended_at is None and self.halted_at is None

    @property
    def running(self) -> bool:
        """Live and not paused: somebody is waited for."""
        return self.live and self.paused_at is None

    def note_lateness(self, now: datetime) -> None:
        """Remember that the date passed while the clock ran."""
        if self.running and self.late_at is None and now > self.due_at:
            self.late_at = self.due_at

    def meet(self, at: datetime) -> None:
        """What was waited for has come."""
        self.met_at = at

    def reopen(self) -> None:
        """What was met counts no longer (sent back); the date stays as it was."""
        self.met_at = None

    def cancel(self, at: datetime) -> None:
        """Nobody is waited for any more."""
        self.ended_at = at

    def halt(self, at: datetime) -> None:
        """Stand still with the case (declined, merged); the date stays."""
        self.halted_at = at

    def unhalt(self) -> None:
        """Go on after a halt; the date is unchanged."""
        self.halted_at = None

    def pause(self, at: datetime) -> None:
        """Begin time that does not count."""
        if self.paused_at is None:
            self.paused_at = at

    def resume(self, at: datetime, calendar: Calendar) -> None:
        """End time that does not count, and count again from the beginning."""
        if self.paused_at is not None:
            self.pauses = [*self.pauses, (self.paused_at, at)]
            self.paused_at = None
            self.recompute(calendar)

    def extend(self, amount: int, calendar: Calendar) -> None:
        """Lengthen the limit by an approved extension, in the limit's own unit."""
        self.extended += amount
        self.recompute(calendar)

    def recompute(self, calendar: Calendar) -> None:
        """Count the date afresh from start, limit, extensions, pauses and the calendar."""
        if self.unit == "fixed":
            return
        limit = Limit(self.amount + self.extended, LimitUnit(self.unit))
        found = due(self.started_at, limit, calendar, self.pauses)
        self.nominal_at, self.due_at, self.tentative = found.nominal, found.due, found.tentative
        if self.ahead:
            self.warn_at = max(self.started_at, found.due - self.ahead)
        else:
            self.warn_at = warn_at(self.started_at, found, limit, calendar)
