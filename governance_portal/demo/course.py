"""The steps of one matter as they are written down one after the other: time moves on with every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from governance_portal.demo import phrases
from governance_portal.demo.ground import Spot, Staff
from governance_portal.demo.hours import later
from governance_portal.demo.limits import limit_of
from governance_portal.demo.script import LATEST_ORDER, LATEST_REQUEST, Photos, Step
from governance_portal.demo.skeletons import Skeleton
from governance_portal.demo.telling import Telling
from governance_portal.lib.working_days import SHANGHAI, Calendar, Limit, LimitUnit, due

_ARCHIVED_AFTER = Limit(30, LimitUnit.NATURAL_DAY)
_SCENES = {
    "H01": ("gas_old_hose", "gas_new_hose"),
    "H02": ("wires_low", "wires_tight"),
    "H03": ("corridor_blocked", "corridor"),
    "H12": ("road_hole", "road"),
    "H04": ("road_hole", "road"),
}
_OTHER_SCENES = ("wall_cracked", "wall_propped")


@dataclass
class Course:
    """One matter on its way. `at` is the moment of the latest step."""

    skeleton: Skeleton
    spot: Spot | None
    channel: str
    procedure: str
    level: str
    came: datetime
    who: str
    words: Telling
    staff: Staff
    calendar: Calendar
    chance: Random
    unit_wanted: str
    anonymous: bool = False
    nobody_to_ask: bool = False
    steps: list[Step] = field(default_factory=list)
    accepted: datetime | None = None
    unit: str = ""
    officer: str = ""
    assigned: bool = False

    def __post_init__(self) -> None:
        self.at = self.came
        number = self.chance.randint(0, 1)
        self.desk = {
            name: (name, f"{name}2")[number if name != "operator" else 0]
            for name in ("clerk", "dispatcher", "supervisor", "follow_up", "operator")
        }
        if self.who == "jingping_clerk":
            self.desk |= {"clerk": "jingping_clerk", "dispatcher": "jingping_dispatcher"}

    # --- time ---

    def wait(self, least: float, most: float) -> Course:
        """Let working hours go by."""
        self.at = later(self.at, least + (most - least) * self.chance.random() ** 1.6, self.calendar)
        return self

    def until(self, share: float) -> Course:
        """Let time go by until a share of the limit has run (1 is the date itself); never back."""
        assert self.accepted is not None
        limit = self.limit()
        wanted = self.accepted + (limit - self.accepted) * share
        self.at = max(later(wanted, 0.2 * self.chance.random(), self.calendar), later(self.at, 0.4, self.calendar))
        return self

    def limit(self) -> datetime:
        """The resident's date, before any extension."""
        assert self.accepted is not None
        facts = (self.skeleton.kind, self.procedure, self.level, self.channel)
        return due(self.accepted, limit_of(*facts), self.calendar).due

    def evening(self) -> datetime:
        """An evening a day or two later: when residents answer."""
        day = self.at.date() + timedelta(days=self.chance.choice((0, 1, 1, 2)))
        minutes = self.chance.randint(18 * 60 + 30, 21 * 60 + 40)
        return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)

    # --- steps ---

    def do(self, who: str, what: str, /, **given: Any) -> Course:
        """Write a step at this moment; who is a log-in or one of the desk's names."""
        self.steps.append(Step(self.at, "", self.desk.get(who, who), what, given))
        return self

    def accept(self, by: str = "clerk", **more: Any) -> Course:
        """受理."""
        self.do(by, "accept", category=self.skeleton.category, level=self.level, **more)
        self.accepted = self.accepted or self.at
        return self

    def dispatch(self, unit: str, **more: Any) -> Course:
        """分流 to a unit whose officer goes on with it."""
        self.unit, self.officer = unit, self.staff.officer(unit)
        self.assigned = more.get("mode") == "assign"
        return self.do("dispatcher", "dispatch", **{"lead_unit": unit, "mode": "forward", **more})

    def sign(self) -> Course:
        """签收 and, nearly always, the first call."""
        self.do(self.officer, "sign")
        self.wait(0.2, 5)
        text = self.words.one(phrases.CONTACTED)
        way = self.chance.choice(("phone", "phone", "phone", "visit", "meeting"))
        return self.do(self.officer, "contact", way=way, reached=True, text=text)

    def note(self, public: bool = False) -> Course:
        """办理进展."""
        given = {"public_text": self.words.one(phrases.TOLD)} if public else {"text": self.words.one(phrases.PROGRESS)}
        return self.do(self.officer, "note", **given)

    def resolve(self, outcome: str = "") -> Course:
        """办结上报, by the lead where it must be signed off; a hazard with its photo."""
        formal = self.assigned or self.procedure == "petition"
        who = self.staff.lead(self.unit) if formal else self.officer
        more: dict[str, Any] = {}
        if self.skeleton.kind == "hazard":
            _before, after = _SCENES.get(self.skeleton.category[:3], _OTHER_SCENES)
            self.do(who, "photo", purpose="整改后", scene=after, public=True)
            more = {"photos_after": Photos("整改后")}
        given = {
            "outcome": outcome or self.skeleton.outcome,
            "result": self.words.result(),
            "reply": self.words.reply(),
        }
        return self.do(who, "resolve", **given, **more)

    def on_spot(self, by: str) -> Course:
        """当场办结 / 自办自结."""
        outcome = self.skeleton.outcome if self.skeleton.outcome != "agreed" else "fulfilled"
        self.accepted = self.at
        return self.do(
            by,
            "resolve_on_spot",
            category=self.skeleton.category,
            level=self.level,
            outcome=outcome,
            result=self.words.result(),
            reply=self.words.reply(),
        )

    def approve(self) -> Course:
        """审核通过."""
        self.wait(0.3, 6)
        return self.do("supervisor", "approve")

    def confirm(self, satisfaction: int, resolved: bool = True) -> Course:
        """回访办结 by a call."""
        self.wait(1, 14)
        words = self.words.one(phrases.RANG if resolved else phrases.RANG_BADLY)
        return self.do("follow_up", "confirm", satisfaction=satisfaction, resolved=resolved, contacted=True, note=words)

    def rated(self, satisfaction: int, resolved: bool = True, comment: str = "") -> Course:
        """The resident's own answer; a good one closes."""
        self.at = self.evening()
        more = {"comment": comment} if comment else {}
        return self.do("resident", "rate", satisfaction=satisfaction, resolved=resolved, **more)

    def extended(self, amount: int) -> Course:
        """延期: asked by the officer, granted by the lead."""
        reason = self.words.one(phrases.LATE_WHY)
        self.do(self.officer, "request", kind="extension", amount=amount, reason=reason)
        self.wait(0.3, 3)
        return self.do(self.staff.lead(self.unit), "decide", request=LATEST_REQUEST, approved=True, note="同意延期。")

    def suspended(self, reason: str, days: int) -> Course:
        """暂停计时: asked by the officer, granted by the lead."""
        ends = self.at.date() + timedelta(days=days)
        why = "需等待鉴定、确认结论，期间无法继续办理。"
        more = {"suspend_reason": reason, "expected_end": ends, "reason": why}
        self.do(self.officer, "request", kind="suspension", **more)
        self.wait(0.3, 3)
        return self.do(self.staff.lead(self.unit), "decide", request=LATEST_REQUEST, approved=True, note="同意。")

    def urged(self, kind: str = "urge") -> Course:
        """催办 or 督办函 by a supervisor."""
        deadline = datetime.combine(later(self.at, 14, self.calendar).date(), time(18), SHANGHAI)
        demand = self.words.one(phrases.URGED)
        return self.do("supervisor", "order", kind=kind, demand=demand, deadline=deadline)

    def answered_order(self) -> Course:
        """督办回复 and 解除."""
        self.wait(1, 6)
        self.do(self.officer, "respond", order=LATEST_ORDER, response=self.words.one(phrases.ANSWERED_ORDER))
        self.wait(0.5, 4)
        return self.do("supervisor", "lift", order=LATEST_ORDER, note="已整改，予以解除。")

    def archive(self, now: datetime) -> Course:
        """归档 by the clock, the minute after nobody can reopen any more; not yet, when that is to come."""
        over = due(self.at, _ARCHIVED_AFTER, self.calendar).due + timedelta(minutes=1)
        if over < now:
            self.at = over
            self.do("clock", "archive")
        return self
