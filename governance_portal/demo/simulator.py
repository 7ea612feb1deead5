"""Demo people at work while one looks on: they register what comes in and do what waits on their desks, one by one.

Everything goes through the doors that pages use; what a door refuses (somebody was faster) is passed over. Nothing is
remembered between two turns but the people: each turn looks at a desk as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.queries import Actor
from cases import desks, services
from cases.choices import Outcome, Procedure, Status
from cases.dispatching.proposing import propose
from cases.services.attachments import store
from governance_portal.demo import phrases
from governance_portal.demo.making import plan_of, player_at
from governance_portal.demo.offices import seats
from governance_portal.demo.pictures import draw
from governance_portal.demo.skeletons import SKELETONS, Skeleton
from governance_portal.demo.telling import Telling
from governance_portal.lib.errors import Refusal

Given = dict[str, Any]
#: How often, of ten turns, something new comes in; the rest of the time somebody works off a desk.
NEW_OF_TEN = 3
_TRIES = 12
#: Whose desks are worked off, by how many matters pass over them.
_DESKS = (
    ("clerk", 5), ("clerk2", 3), ("operator", 3), ("dispatcher", 6), ("dispatcher2", 3), ("supervisor", 3), ("supervisor2", 3),
    ("follow_up", 4), ("follow_up2", 3), ("jingping_dispatcher", 1), ("jingping_clerk", 1),
)  # fmt: skip
_OFFICER_SHARE = 30


@dataclass
class Done:
    """What one turn did, in words for the terminal, or "" when nobody found anything to do."""

    words: str = ""
    registered: bool = False


@dataclass
class Simulator:
    """Takes turns; `clock` tells the time."""

    clock: Callable[[], datetime]
    chance: Random
    registered: int = 0
    moved: int = 0
    _player: Any = None
    _count: int = 0
    _officers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._player = player_at(self.clock())
        named = {name for name, _weight in _DESKS}
        self._officers = [seat.username for seat in seats() if seat.role in ("handler", "mediator", "grid_worker")]
        self._officers = [name for name in self._officers if name not in named]
        self._run = f"{self.clock():%m%d%H%M%S}"
        self._plan = plan_of(self.clock())

    def turn(self) -> Done:
        """Register something, or make one step on one desk."""
        if self.chance.randrange(10) < NEW_OF_TEN:
            return self._register()
        for _ in range(_TRIES):
            if words := self._work_off(self._somebody()):
                self.moved += 1
                return Done(words)
        return self._register()

    # --- what comes in ---

    def _register(self) -> Done:
        now = self.clock()
        self._count += 1
        story = self._plan.arrival(f"live{self._run}{self._count}", now - timedelta(seconds=1), self.chance)
        self._player.timetable.now = now
        self._player.told_from = now - timedelta(days=1)
        self._player.play(story)
        self.registered += 1
        case = self._player.cases.pop(story.key)
        who = "居民网上提交" if story.came[2] == "resident" else self._player.actor(story.came[2]).name
        return Done(f"{who}　登记　{case.number}", registered=True)

    # --- what waits on desks ---

    def _somebody(self) -> str:
        weights = [weight for _name, weight in _DESKS]
        if self.chance.randrange(sum(weights) + _OFFICER_SHARE) < _OFFICER_SHARE:
            return self.chance.choice(self._officers)
        return self.chance.choices([name for name, _weight in _DESKS], weights)[0]

    def _work_off(self, username: str) -> str:
        now, actor = self.clock(), self._player.actor(username)
        waiting = list(desks.desk_of(actor, now).order_by("-registered_at")[:20])
        if not waiting:
            return ""
        case = self.chance.choice(waiting)
        return self._step(case, actor, now)

    def _step(self, case: Any, actor: Actor, now: datetime) -> str:
        """Make the usual next step of this case; its name in words, or "" where a door said no."""
        ways: Mapping[str, Callable[[Any, Actor, datetime], tuple[str, Given]]] = {
            Status.REGISTERED: self._accept,
            Status.INCOMPLETE: self._supplement,
            Status.ACCEPTED: self._dispatch,
            Status.RETURNED: self._insist,
            Status.DISPATCHED: self._sign,
            Status.HANDLING: self._handle,
            Status.SUPERVISION: self._check,
            Status.FOLLOW_UP: self._ring,
        }
        if case.status not in ways:
            return ""
        try:
            name, given = ways[case.status](case, actor, now)
            if name in ("contact", "note"):
                services.record(case, name, actor=actor, now=now, given=given)
            else:
                services.move(case, name, actor=actor, now=now, given=given)
        except Refusal:
            return ""
        return f"{actor.name}　{_WORDS[name]}　{case.number}"

    def _sort_of(self, case: Any) -> Skeleton:
        """A sort that this case may well be: of its category, else of its kind."""
        own = [sort for sort in SKELETONS if sort.category == case.category_id and sort.kind == case.kind]
        return self.chance.choice(own or [sort for sort in SKELETONS if sort.kind == case.kind])

    def _accept(self, case: Any, _actor: Actor, _now: datetime) -> tuple[str, Given]:
        known = [
            sort for sort in SKELETONS if sort.kind == case.kind and case.title.endswith(sort.title.rsplit("}", 1)[-1])
        ]
        sort = self.chance.choice(known) if known else self._sort_of(case)
        return "accept", {"category": sort.category, "level": "general"}

    def _supplement(self, _case: Any, _actor: Actor, _now: datetime) -> tuple[str, Given]:
        return "supplement", {"supplement": "来访人补充了位置和照片。"}

    def _dispatch(self, case: Any, _actor: Actor, now: datetime) -> tuple[str, Given]:
        """As a dispatcher does: what the catalogue proposes, and only where it is silent what the sort is known for."""
        offered = propose(case, now)
        if offered is not None and offered.unit is not None:
            return "dispatch", {"lead_unit": offered.unit.code, "mode": "forward"}
        unit = self._plan.unit_at(self._sort_of(case).unit, case.area_code)
        return "dispatch", {"lead_unit": unit, "mode": "forward"}

    def _insist(self, _case: Any, _actor: Actor, _now: datetime) -> tuple[str, Given]:
        return "insist", {"note": "经核对职责清单，由贵单位主办，其他单位配合。"}

    def _sign(self, _case: Any, _actor: Actor, _now: datetime) -> tuple[str, Given]:
        return "sign", {}

    def _handle(self, case: Any, actor: Actor, now: datetime) -> tuple[str, Given]:
        lot = self.chance.random()
        if lot < 0.25:
            return "contact", {"way": "phone", "reached": True, "text": self.chance.choice(phrases.CONTACTED)}
        if lot < 0.5:
            return "note", {"text": self.chance.choice(phrases.PROGRESS)}
        sort = self._sort_of(case)
        words = Telling(sort, None, "hotline", self.chance)
        outcome = sort.outcome if case.procedure == Procedure.MEDIATION else Outcome.FULFILLED.value
        given: Given = {"result": "已到现场核实处理，与反映人见面说明。", "reply": words.reply(), "outcome": outcome}
        if case.kind == "hazard":
            upload = SimpleUploadedFile("整改后.png", draw("corridor"), "image/png")
            photo = store(case, upload, actor=actor, now=now, purpose="整改后", public=True)
            given["photos_after"] = [str(photo.uid)]
            case.refresh_from_db()
        return "resolve", given

    def _check(self, case: Any, _actor: Actor, _now: datetime) -> tuple[str, Given]:
        if self.chance.random() < 0.1:
            return "send_back", {"note": "请补充现场情况后再报。"}
        return ("close_verified" if case.nobody_to_ask else "approve"), {}

    def _ring(self, _case: Any, _actor: Actor, _now: datetime) -> tuple[str, Given]:
        happy = self.chance.random() < 0.9
        satisfaction = self.chance.choice((3, 4, 5, 5)) if happy else self.chance.choice((1, 2))
        note = self.chance.choice(phrases.RANG if happy else phrases.RANG_BADLY)
        return "confirm", {"satisfaction": satisfaction, "resolved": happy, "contacted": True, "note": note}


_WORDS = {
    "accept": "受理", "supplement": "补正", "dispatch": "分流", "insist": "不同意退回", "sign": "签收", "contact": "联系当事人",
    "note": "办理进展", "resolve": "办结上报", "send_back": "退回重办", "approve": "审核通过", "close_verified": "核查销号",
    "confirm": "回访办结",
}  # fmt: skip
