"""Plays histories in memory with the portal's own table, fold, limits and hash chain; nothing is saved.

What comes out is what the door would have written: the row is fold(events), the chain holds, the deadlines agree.
Playing costs 6 ms, so `bench.stamping` makes 25 cases of each. `python -m bench load` verifies a sample of what was
stored, and every measured move goes through the real door on such a case.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.queries import Actor
from bench.people import Cast
from bench.stories import ARCHIVE, ENDED, OPEN, OPEN_SHARE, Step
from cases import choices as c
from cases import policies
from cases.fold import State, apply
from cases.models import Assisting, Case, Deadline, Event, Outbox
from cases.services.door import build_event, copy_state, limits_of
from cases.workflow import TABLE
from governance_portal.lib.numbers import case_number
from governance_portal.lib.working_days import SHANGHAI
from grids.demo import DISTRICT

YEARS = timedelta(days=730)
RECENT = timedelta(days=60)
ARCHIVED_AFTER = timedelta(days=365)
#: Ids of what hangs on a case begin with the id of the case.
SPAN = 100
KINDS = (("appeal", 62), ("dispute", 18), ("hazard", 8), ("consultation", 9), ("suggestion", 3))
CHANNELS = (("window", 25), ("hotline", 35), ("grid", 25), ("web", 10), ("police", 5))
LEVELS = (("general", 88), ("major", 10), ("serious", 2))
DEADLINE_FIELDS = (
    *("clock", "period", "started_at", "nominal_at", "due_at", "warn_at", "tentative", "running", "met_at", "late_at"),
)


@dataclass(frozen=True)
class Where:
    """Who registers a matter, and its area, grid ("" where unknown) and desk."""

    actor: Actor
    area: str
    grid: str
    desk: str


def where(cast: Cast, channel: str, chance: random.Random) -> Where:
    """Choose a place by the channel: grid workers report for their grid, windows of streets for their street."""
    if channel == "grid":
        grid = chance.choice(tuple(cast.patrols))
        return Where(cast.patrols[grid], grid, grid, grid)
    grid = chance.choice(cast.grids)
    known = chance.random() < 0.6
    area, of_grid = (grid, grid) if known else (grid[:12], "")
    if channel == "window" and chance.random() < 0.5:
        return Where(cast.street_clerks[grid[:9]], area, of_grid, grid[:9])
    return Where(chance.choice(cast.clerks), area, of_grid, DISTRICT)


@dataclass
class Played:
    """One case with what hangs on it, its parties apart."""

    case: Case
    unit: int
    events: list[Event] = field(default_factory=list)
    state: State = field(default_factory=State)

    def rows(self) -> Iterator[Any]:
        """Return every row, parents first."""
        first = self.case.pk * SPAN
        yield self.case
        for number, clock in enumerate(self.state.clocks.values()):
            values = {name: getattr(clock, name) for name in DEADLINE_FIELDS}
            yield Deadline(pk=first + number, case=self.case, **values)
        for event in self.events:
            yield event
            yield Outbox(pk=event.pk, event=event, created_at=event.at, attempts=1, sent_at=event.at)
        for number, unit in enumerate(self.state.assisting):
            yield Assisting(pk=first + number, case=self.case, unit_id=unit)


class Player:
    """Plays the cases of one chunk; the same seed plays the same."""

    def __init__(self, cast: Cast, until: datetime, chance: random.Random, categories: dict[str, list[str]]) -> None:
        self.cast, self.until, self.random, self.categories = cast, until, chance, categories
        self.calendar = policies.calendar()

    def play(self, pk: int) -> Played:
        """Play the case with this id."""
        is_open = self._is_open()
        steps = self._one_of(OPEN if is_open else ENDED)
        at = self._registered_at(is_open)
        unit = self.random.choice(tuple(self.cast.units))
        played = self._register(pk, at, unit)
        for step in steps:
            at = self._later(at, step.hours)
            if at >= self.until:
                break
            self._step(played, step, at)
        if played.state.status in (c.Status.CLOSED, c.Status.DECLINED) and at < self.until - ARCHIVED_AFTER:
            self._step(played, ARCHIVE, at + ARCHIVED_AFTER)
        case = played.case
        copy_state(case, played.state)  # the door fills the row, COPY stores it
        return played

    def _is_open(self) -> bool:
        return self.random.randrange(1000) < OPEN_SHARE

    def _one_of(self, weighted: Any) -> Any:
        values, weights = [row[1] for row in weighted], [row[0] for row in weighted]
        return self.random.choices(values, weights)[0]

    def _pick(self, weighted: Any) -> str:
        return str(self.random.choices([row[0] for row in weighted], [row[1] for row in weighted])[0])

    def _registered_at(self, is_open: bool) -> datetime:
        span = RECENT if is_open else YEARS
        back = self.random.random() ** (2 if is_open else 1) * span
        return self._in_hours(self.until - timedelta(hours=6) - back)

    def _later(self, at: datetime, hours: float) -> datetime:
        return self._in_hours(at + timedelta(hours=hours * (0.1 + 0.9 * self.random.random()), seconds=1))

    def _in_hours(self, at: datetime) -> datetime:
        """People work from eight to eighteen; what falls into the night is done in the morning."""
        if 8 <= at.hour < 18:
            return at
        morning = at if at.hour < 8 else at + timedelta(days=1)
        return morning.replace(hour=8, minute=self.random.randrange(60))

    def _register(self, pk: int, at: datetime, unit: int) -> Played:
        kind, channel = self._pick(KINDS), self._pick(CHANNELS)
        place = where(self.cast, channel, self.random)
        number = case_number(at.date(), c.CHANNEL_DIGITS[c.Channel(channel)], pk)
        played = Played(Case(pk=pk, number=number, visitor_count=1, registered_by_id=place.actor.user_id), unit)
        procedure = "mediation" if kind == "dispute" and self.random.random() < 0.5 else "ordinary"
        facts = {"kind": kind, "procedure": procedure, "category": "", "level": "", "channel": channel}
        data = {
            **facts,
            "nature": "",
            "area_code": place.area,
            "grid_code": place.grid,
            "desk_area": place.desk,
            "nobody_to_ask": False,
            "limits": policies.limits_for([c.Clock.ACCEPT_BY], facts, at),
            "complained_unit_id": None,
        }
        self._write(played, "register", place.actor, at, c.Status.REGISTERED, data)
        return played

    def _step(self, played: Played, step: Step, at: datetime) -> None:
        action = TABLE[step.name]
        if played.state.status not in action.sources:
            return
        actor = self._actor(step.who, played.unit)
        data = {**step.given, **self._more(played, step, actor)}
        target = action.target(played.state, data) if action.is_move else c.Status(played.state.status)
        data["limits"] = limits_of(played.state, action, target, data, at)
        self._write(played, step.name, actor, at, target, data)

    def _actor(self, who: str, unit: int) -> Actor:
        if who == "officer":
            return self.cast.officers[unit]
        several = {
            "clerk": self.cast.clerks,
            "dispatcher": self.cast.dispatchers,
            "supervisor": self.cast.supervisors,
            "caller": self.cast.callers,
            "leader": (self.cast.leader,),
            "clock": (self.cast.clock,),
        }
        return self.random.choice(several[who])

    def _more(self, played: Played, step: Step, actor: Actor) -> dict[str, Any]:
        """Return what the door's preparers add to what was given."""
        state, unit, post = played.state, played.unit, self.cast.units[played.unit]
        if step.name == "accept":
            return {"category": self.random.choice(self.categories[state.kind]), "level": self._pick(LEVELS)}
        if step.name == "dispatch":
            units: dict[str, list[Any]] = {"assisting_units": [], "assisting_ids": [], "assisting_names": []}
            if self.random.random() < 0.04:
                other = self.cast.units[self.random.choice([key for key in self.cast.units if key != unit])]
                units = dict(zip(units, ([other.unit_code], [other.unit_id], [other.unit_name]), strict=True))
            return {
                "lead_unit": post.unit_code,
                "lead_unit_id": post.unit_id,
                "lead_unit_name": post.unit_name,
                "mode": "forward",
                **units,
            }
        if step.name == "sign":
            return {"handler": actor.username, "handler_id": actor.user_id, "handler_name": actor.name}
        if step.name == "resolve_on_spot":
            own = actor.posts[0]
            category = self.random.choice(self.categories[state.kind])
            return {"category": category, "unit_id": own.unit_id, "unit": own.unit_code, "unit_name": own.unit_name}
        return {}

    def _write(
        self, played: Played, kind: str, actor: Actor, at: datetime, target: c.Status, data: dict[str, Any]
    ) -> None:
        post = actor.posts[0] if actor.posts else None
        event = build_event(played.case, played.events, kind, actor, post, at, played.state.status, target, data)
        event.pk = played.case.pk * SPAN + event.seq
        event.recorded_at = at
        played.events.append(event)
        apply(played.state, event, self.calendar)


def midnight(now: datetime) -> datetime:
    """Return the last midnight in Shanghai: until then the histories reach, so that today's numbers are free."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
