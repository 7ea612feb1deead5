"""Making the demonstration on an empty database, in an order that lets people log in early; it can be run again.

Two entries in the log say how far it is: `demo.begin` carries the moment all stories are told from (a later run goes on
from the same one), `demo.done` that nothing is missing. A database in which somebody else has begun is left alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts import audit
from accounts.models import AuditEntry, Notice, User
from cases import policies
from cases.services import clock
from governance_portal.demo.people import make_duties, make_offices, make_people
from governance_portal.demo.player import Player
from governance_portal.demo.script import Story
from governance_portal.demo.stories import STORIES
from governance_portal.demo.timetable import Timetable
from grids.demo import DISTRICT, make_territory
from grids.models import Area

BEGIN, DONE = "demo.begin", "demo.done"
GRIDS = 506
#: SQLite has one writer and no queue: without a pause between two stories a log-in waited up to 12 seconds.
BREATH_SECONDS = 0.04
Say = Callable[[str], None]


@dataclass
class Made:
    """What one run made; `refused` says why it made nothing."""

    refused: str = ""
    units: int = 0
    people: int = 0
    areas: int = 0
    grids: int = 0
    duties: int = 0
    stories: list[str] = field(default_factory=list)


def make_demo(now: datetime, say: Say, *, grids: int = GRIDS, stories: tuple[Story, ...] = STORIES) -> Made:
    """Make whatever of the demonstration is missing, and tell of it; nothing where the database is somebody's."""
    if sentence := _why_not():
        say(sentence)
        return Made(refused=sentence)
    begun = _begun(now)
    made = Made()
    made.units, made.people = make_offices(), make_people(begun)
    say(f"单位 {made.units} 个、人员 {made.people} 名：现在就可以登录。")
    territory = make_territory(begun, grids)
    made.areas, made.grids, made.duties = territory.areas, territory.grids, make_duties(begun)
    say(f"区划 {made.areas} 个、网格 {made.grids} 个、网格职责 {made.duties} 条。")
    timetable = Timetable(begun, policies.calendar())
    player = Player(timetable, told_from=timetable.moment(-1, "0:00"))
    _play(player, stories, made, say)
    clock.sweep(now)
    _read_what_is_old(player, begun)
    audit.record(None, DONE, DISTRICT, detail={"stories": len(stories)}, now=now)
    return made


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


def _play(player: Player, stories: tuple[Story, ...], made: Made, say: Say) -> None:
    for count, story in enumerate(stories, start=1):
        if player.play(story):
            made.stories.append(story.key)
            time.sleep(BREATH_SECONDS)
        if count % 10 == 0 or count == len(stories):
            say(f"事项 {count}/{len(stories)} 件……")


def _read_what_is_old(player: Player, begun: datetime) -> None:
    """Mark as read what tells of days that are over: nobody wants to begin with an inbox of six weeks."""
    old = [
        f"event:{pk}"
        for case in player.cases.values()
        for pk in case.events.filter(at__lt=player.told_from).values_list("pk", flat=True)
    ]
    Notice.objects.filter(key__in=old, read_at__isnull=True).update(read_at=begun - timedelta(minutes=1))
