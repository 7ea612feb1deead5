"""What the board must show of the demonstration, computed from the stories and nothing else.

Each story's steps are read in plain terms (accepted then, resolved then, closed with this outcome, date so many days
later); neither the workflow table nor fold nor the database is asked, so that an agreement means something. The
limits are those of limits.py. Definitions: facts §5; `Window()` without ends, that is, all that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from governance_portal.demo.limits import limit_of
from governance_portal.demo.script import Step, Story
from governance_portal.demo.timetable import Timetable
from governance_portal.lib.working_days import SHANGHAI, Calendar, Limit, due, warn_at

HANDLED = ("fulfilled", "agreed", "partly", "answered", "guided")
_CLOSES = ("confirm", "close_unreached", "close_uncalled", "close_verified")
_UNSETTLED = {"withdraw": "withdrawn", "terminate": "terminated", "transfer": "transferred", "merge": "merged"}


@dataclass
class Outline:
    """One matter as its story tells it."""

    kind: str
    procedure: str
    channel: str
    registered: datetime
    accepted: datetime | None = None
    level: str = ""
    state: str = "open"  # open, checked (待回访), closed, declined, or one of _UNSETTLED
    outcome: str = ""
    satisfaction: int | None = None
    closed: datetime | None = None
    limit: Limit | None = None
    paused: list[tuple[datetime, datetime]] = field(default_factory=list)
    suspended: datetime | None = None
    met: datetime | None = None
    first_met: bool = False
    late: bool = False
    round: int = 1
    started: datetime | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)

    def due(self, calendar: Calendar) -> datetime | None:
        """The date of the round that runs."""
        if self.started is None or self.limit is None:
            return None
        return due(self.started, self.limit, calendar, self.paused).due

    def runs(self) -> bool:
        """Whether that date is still being waited for."""
        return bool(self.started) and self.state == "open" and self.met is None and self.suspended is None


class Reader:
    """Reads stories into outlines."""

    def __init__(self, timetable: Timetable, calendar: Calendar) -> None:
        self._timetable, self._calendar = timetable, calendar

    def read(self, stories: Iterable[Story]) -> list[Outline]:
        """One outline for every matter, those that come in meanwhile included."""
        found: list[Outline] = []
        for story in stories:
            found.append(self._matter(story, found))
        return found

    def _matter(self, story: Story, found: list[Outline]) -> Outline:
        came = self._timetable.moment(*story.came[:2])
        mediated = story.kind == "dispute" and story.given.get("willing_to_mediate")
        procedure = "petition" if story.channel == "petition" else "mediation" if mediated else "ordinary"
        outline = Outline(story.kind, story.given.get("procedure", procedure), story.channel, came)
        outline.level = story.given.get("level", "")
        for step in story.steps:
            if step.what == "enter":
                found += self.read([step.given["story"]])
            else:
                self._take(outline, step)
        return outline

    def _take(self, outline: Outline, step: Step) -> None:
        at = self._timetable.moment(step.day, step.hour)
        ends = outline.due(self._calendar)
        if ends and outline.runs() and at > ends and outline.round == 1:
            outline.late = True
        read = getattr(self, f"_{step.what}", None)
        if read is not None:
            read(outline, step, at)
        elif step.what in _CLOSES:
            self._close(outline, at)
        elif step.what in _UNSETTLED:
            outline.state = outline.outcome = _UNSETTLED[step.what]

    # --- what single steps mean for the figures ---

    def _accept(self, outline: Outline, step: Step, at: datetime) -> None:
        outline.level = step.given.get("level", outline.level)
        self._enter(outline, at)

    def _enter(self, outline: Outline, at: datetime) -> None:
        if outline.accepted is None:
            outline.accepted = outline.started = at
            outline.limit = limit_of(outline.kind, outline.procedure, outline.level, outline.channel)

    def _resolve_on_spot(self, outline: Outline, step: Step, at: datetime) -> None:
        self._accept(outline, step, at)
        self._resolve(outline, step, at)

    def _resolve(self, outline: Outline, step: Step, at: datetime) -> None:
        outline.met, outline.outcome = at, step.given["outcome"]
        outline.state = "checked" if step.what == "resolve_on_spot" and outline.kind != "hazard" else "open"

    def _approve(self, outline: Outline, _step: Step, _at: datetime) -> None:
        outline.state = "checked"

    def _send_back(self, outline: Outline, _step: Step, at: datetime) -> None:
        assert outline.met is not None
        outline.met, outline.outcome = None, ""
        ends = outline.due(self._calendar)
        if ends and at > ends and outline.round == 1:
            outline.late = True

    def _redo(self, outline: Outline, _step: Step, at: datetime) -> None:
        outline.state, outline.outcome, outline.satisfaction = "open", "", None
        outline.first_met = outline.first_met or (outline.met is not None and not outline.late)
        outline.round += 1
        outline.met, outline.started, outline.paused = None, at, []
        assert outline.limit is not None
        first = limit_of(outline.kind, outline.procedure, outline.level, outline.channel)
        outline.limit = first.half(minimum=3)

    _reopen = _redo

    def _confirm(self, outline: Outline, step: Step, at: datetime) -> None:
        outline.satisfaction = step.given["satisfaction"]
        self._close(outline, at)

    def _rate(self, outline: Outline, step: Step, at: datetime) -> None:
        outline.satisfaction = step.given["satisfaction"]
        if outline.state == "checked" and step.given["resolved"] and step.given["satisfaction"] >= 3:
            self._close(outline, at)

    def _close(self, outline: Outline, at: datetime) -> None:
        outline.state, outline.closed = "closed", at

    def _decline(self, outline: Outline, _step: Step, _at: datetime) -> None:
        outline.state = "declined"

    def _review_decline(self, outline: Outline, _step: Step, _at: datetime) -> None:
        outline.state = "open"

    def _request(self, outline: Outline, step: Step, _at: datetime) -> None:
        outline.asked = step.given

    def _decide(self, outline: Outline, step: Step, at: datetime) -> None:
        if not step.given["approved"]:
            return
        if outline.asked["kind"] == "extension" and outline.limit:
            outline.limit = Limit(outline.limit.amount + outline.asked["amount"], outline.limit.unit)
        elif outline.asked["kind"] == "suspension":
            outline.suspended = at

    def _suspend(self, outline: Outline, _step: Step, at: datetime) -> None:
        outline.suspended = at

    def _resume(self, outline: Outline, _step: Step, at: datetime) -> None:
        assert outline.suspended is not None
        outline.paused.append((outline.suspended, at))
        outline.suspended = None

    def _perform(self, outline: Outline, step: Step, _at: datetime) -> None:
        if step.given["performed"] and step.given["complete"]:
            outline.outcome = "fulfilled"


def figures(outlines: Iterable[Outline], now: datetime, calendar: Calendar) -> dict[str, int]:
    """What the board shows of all of it at this moment; names as in cases.statistics."""
    rows = list(outlines)
    entered = [row for row in rows if row.accepted or row.state == "closed"]
    closed = [row for row in rows if row.state == "closed" and row.outcome in HANDLED]
    open_ones = [row for row in entered if row.state in ("open", "checked")]
    dates = [(row, ends) for row in open_ones if row.runs() and (ends := row.due(calendar))]
    overdue = [row for row, ends in dates if ends < now]
    soon = [row for row, ends in dates if now <= ends and _warns(row, calendar) <= now]
    kept = [row for row in entered if row.accepted and not row.late and _kept(row)]
    ran_out = [row for row in entered if row.accepted and (row.late or (row.round == 1 and row in overdue))]
    rated = [row for row in rows if row.satisfaction is not None]
    disputes = [row for row in entered if row.kind == "dispute"]
    today = now.astimezone(SHANGHAI).date()
    return {
        "registered": len(rows),
        "accepted": len(entered),
        "closed": len(closed),
        "ended": len(entered) - len(closed) - len(open_ones),
        "open": len(open_ones),
        "due_soon": len(soon),
        "overdue": len(overdue),
        "disputes": len(disputes),
        "resolved": sum(row.kind == "dispute" and row.outcome in ("fulfilled", "agreed") for row in closed),
        "rated": len(rated),
        "satisfied": sum((row.satisfaction or 0) >= 3 for row in rated),
        "on_time": len(kept),
        "due_closed": len(kept) + len(ran_out),
        "today_registered": sum(_day(row.registered) == today for row in rows),
        "today_accepted": sum(_day(row.accepted) == today for row in rows),
        "today_closed": sum(_day(row.closed) == today for row in closed),
    }


def _kept(row: Outline) -> bool:
    if row.round > 1:
        return row.first_met
    return row.state == "checked" or (row.state == "closed" and row.outcome in HANDLED)


def _warns(row: Outline, calendar: Calendar) -> datetime:
    assert row.started is not None and row.limit is not None
    ends = due(row.started, row.limit, calendar, row.paused)
    return warn_at(row.started, ends, row.limit, calendar)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(SHANGHAI).date() if moment else None
