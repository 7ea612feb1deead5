"""Making the demonstration on an empty database, in an order that lets people log in early; it can be run again.

First the offices and people, then the 60 stories written by hand, then the year behind them (plan.py). Two entries in
the log say how far it is: `demo.begin` carries the moment all stories are told from (a later run goes on from the same
one, and the plan of the same moment is the same), `demo.done` that nothing is missing. A story is registered under a
`client_id` of its own, so that one that is there is not told again. A database in which somebody else has begun is left
alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import AuditEntry, Notice, User
from accounts.queries import service_actor
from cases import policies
from cases.dispatching.samples import make_catalogue
from cases.queries import visible_cases
from cases.services import clock
from governance_portal.demo import assessing, bulletins, filling, following_up, ranking
from governance_portal.demo.ground import Ground
from governance_portal.demo.hall import make_roster
from governance_portal.demo.people import make_duties, make_offices, make_people, own_grids
from governance_portal.demo.plan import Plan
from governance_portal.demo.player import Player
from governance_portal.demo.samples import MATTERS, make_samples
from governance_portal.demo.script import Story
from governance_portal.demo.stories import STORIES
from governance_portal.demo.timetable import Timetable
from grids.choices import Level
from grids.demo import DISTRICT, make_territory
from grids.models import Area, Grid

BEGIN, DONE = "demo.begin", "demo.done"
GRIDS = 506
#: SQLite has one writer and no queue: whoever waits asks again after at most 50 ms during the first 0.2 s. A batch that
#: is shorter than that, and a breath as long as one of their pauses, let everybody in at the first breath.
BATCH_SECONDS, BREATH_SECONDS = 0.12, 0.05
#: So many waiting for each core are a crowd.
CROWDED = 4
Say = Callable[[str], None]


@dataclass
class Made:
    """What one run made; `refused` says why it made nothing.

    `stories` are those told in this run, `matters` what is there when all is told: a story may register several, and the
    other desks and lines bring theirs.
    """

    refused: str = ""
    units: int = 0
    people: int = 0
    areas: int = 0
    grids: int = 0
    duties: int = 0
    stories: list[str] = field(default_factory=list)
    matters: int = 0


def make_demo(
    now: datetime, say: Say, *, grids: int = GRIDS, stories: tuple[Story, ...] = STORIES, cases: int = 0
) -> Made:
    """Make whatever of the demonstration is missing, and tell of it; nothing where the database is somebody's.

    `stories` come first, then, where more `cases` are wanted, the samples of the other desks and the year behind them.
    """
    if sentence := _why_not():
        say(sentence)
        return Made(refused=sentence)
    begun = _begun(now)
    made = Made()
    made.units, made.people = make_offices(), make_people(begun)
    say(f"单位 {made.units} 个、人员 {made.people} 名：现在就可以登录。")
    territory = make_territory(begun, grids)
    made.areas, made.grids, made.duties = territory.areas, territory.grids, make_duties(begun)
    make_roster(begun)
    say(f"区划 {made.areas} 个、网格 {made.grids} 个、网格职责 {made.duties} 条。")
    for refused in make_catalogue(begun):
        say(refused)
    player = player_at(begun)
    telling = _Telling(player, made, say, max(cases, len(stories)))
    telling.tell(stories)
    old = list(player.cases.values())
    if cases > len(stories) + MATTERS:
        with transaction.atomic():
            old += make_samples(begun)
        telling.told += MATTERS
    clock.sweep(now)
    _read_what_is_old(old, player.told_from, begun)
    if cases > telling.told:
        telling.tell(year_behind(begun, cases - telling.told))
        clock.sweep(now)
        assessing.make(begun)
        ranking.make(begun)
        bulletins.make(begun)
    made.matters = visible_cases(service_actor("clock"), now).count()
    audit.record(None, DONE, DISTRICT, detail={"stories": telling.told}, now=now)
    return made


def player_at(begun: datetime) -> Player:
    """The player that tells stories from this moment on; what is older than yesterday is told to nobody."""
    timetable = Timetable(begun, policies.calendar())
    return Player(timetable, told_from=timetable.moment(-1, "0:00"))


def plan_of(begun: datetime) -> Plan:
    """The plan of this moment, on the ground as it is in the database."""
    grids: dict[str, list[str]] = {}
    for code in Grid.objects.filter(code__startswith=DISTRICT).order_by("code").values_list("code", flat=True):
        grids.setdefault(code[:12], []).append(code)
    names = dict(Area.objects.filter(level=Level.COMMUNITY).values_list("code", "name"))
    return Plan(begun, policies.calendar(), Ground(grids, names), own_grids(grids))


def year_behind(begun: datetime, count: int) -> list[Story]:
    """The stories of the year, so many matters altogether."""
    return plan_of(begun).stories(count)


def is_there() -> bool:
    """Whether offices, people and ground of the demonstration are in this database."""
    return AuditEntry.objects.filter(action=BEGIN).exists() and Grid.objects.exists()


def _why_not() -> str:
    if AuditEntry.objects.filter(action=DONE).exists():
        return "演示数据早已生成，没有改动任何内容。"
    if AuditEntry.objects.filter(action=BEGIN).exists():
        return ""
    if User.objects.filter(is_service=False).exists() or Area.objects.exists():
        return "数据库里已有人员或区划，不生成演示数据，没有改动任何内容。"
    return ""


def _begun(now: datetime) -> datetime:
    """The moment the stories are told from: that of the first run, or now."""
    entry = AuditEntry.objects.filter(action=BEGIN).order_by("id").first()
    return entry.at if entry else audit.record(None, BEGIN, DISTRICT, now=now).at


@dataclass
class _Telling:
    """Tells stories in short batches, and how far it is."""

    player: Player
    made: Made
    say: Say
    total: int
    told: int = 0

    def tell(self, stories: Iterable[Story]) -> None:
        """Play them all; whoever wants to write meanwhile gets a turn after each batch."""
        waiting = list(stories)[::-1]
        while waiting:
            new = self._batch(waiting)
            filling.told(self.told, self.total)
            if new:
                time.sleep(_breath())

    def _batch(self, waiting: list[Story]) -> bool:
        """One transaction of BATCH_SECONDS, or of one story; whether anything was new."""
        before, new = self.told, False
        until = time.monotonic() + BATCH_SECONDS
        with transaction.atomic():
            while waiting and time.monotonic() < until:
                story = waiting.pop()
                if self.player.play(story):
                    new = True
                    self.made.stories.append(story.key)
                self.told += matters_in(story)
            if new:  # in the same transaction: the clock would chase what a year ago was put right
                following_up.settle(self.player.timetable.now)
        self._tell_how_far(before)
        return new

    def _tell_how_far(self, before: int) -> None:
        step = max(10, self.total // 10)
        if self.told >= self.total or self.told // step > before // step:
            self.say(f"演示事项 {self.told}/{self.total} 件（{100 * self.told // self.total}%）")


def _breath() -> float:
    """How long to let others go first: ten times as long on a machine with far more to do than it can."""
    busy = hasattr(os, "getloadavg") and os.getloadavg()[0] > CROWDED * (os.cpu_count() or 1)
    return BREATH_SECONDS * (10 if busy else 1)


def matters_in(story: Story) -> int:
    """How many matters a story registers: itself and those that come in meanwhile."""
    return 1 + sum(1 for step in story.steps if step.what == "enter")


def _read_what_is_old(cases: Iterable[Any], told_from: datetime, begun: datetime) -> None:
    """Mark as read what tells of days that are over: nobody wants to begin with an inbox of six weeks."""
    old = [f"event:{pk}" for case in cases for pk in case.events.filter(at__lt=told_from).values_list("pk", flat=True)]
    Notice.objects.filter(key__in=old, read_at__isnull=True).update(read_at=begun - timedelta(minutes=1))
