"""What is owed, worked out by the harness from what happened (events, deadlines, who holds which post), and what arrived.

Nothing here asks the portal's `Reminder`, `Outbox` or `Delivery` rows, nor calls `Recipients` or `Planner`: who is told of
what, in which words, is written down once more, by hand, for the harness's district.
"""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import Notice, User
from cases.choices import Clock
from cases.deadlines import ClockState
from cases.fold import fold
from cases.ladder import late_at
from cases.models import Case, Event
from cases.policies import calendar
from cases.services import integrity
from cases.workflow import TABLE
from governance_portal.lib.working_days import Limit, LimitUnit
from governance_portal.lib.working_days import due as counted
from tests.faults.harness.filling import UNSURE, mobile_of

HOUSING = ("handler", "handler2", "housing_lead")
SUPERVISORS = ("supervisor", "supervisor2")
#: Who hears of an event, unless he made it himself.
HEARS: dict[str, tuple[str, ...]] = {
    "register": ("clerk",),
    "accept": ("dispatcher",),
    "dispatch": HOUSING,
    "sign": (),
    "contact": (),
    "resolve": SUPERVISORS,
    "approve": ("follow_up",),
    "lift": (),
}
#: What an event's message says outside; the others are steps of the case.
SAID_OUTSIDE = {"order": "有督办要求，请登录平台查看办理", "approve": "待回访，请登录平台办理"}
A_STEP = "有新的进展，请登录平台查看办理"
#: The ladder: what is said, who hears beside who is waited for ("lead": the lead of those), what is asked.
RUNGS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("即将到期", (), "请抓紧办理"),
    ("已超时", ("lead",), "请尽快办理"),
    ("已超时满 1 个工作日", ("lead", *SUPERVISORS), "请尽快办理"),
    ("已超时满 3 个工作日", ("lead", *SUPERVISORS, "centre_lead"), "请尽快办理"),
)
#: The 督办函 that the clock drafts, by the end of the first working day after a missed 办结时限.
DRAFTED = ("的督办函已起草，等您签发", "有督办要求，请登录平台查看办理")

#: (log-in name, case number, words): one notice in an inbox, or one short message.
Told = tuple[str, str, str]


@dataclass
class Owed:
    """How often each thing must be told, in the inbox and outside; `unsure` may or may not have been."""

    inbox: Counter[Told] = field(default_factory=Counter)
    outside: Counter[Told] = field(default_factory=Counter)
    unsure: Counter[Told] = field(default_factory=Counter)
    events: int = 0
    dates: int = 0
    unknown: set[str] = field(default_factory=set)

    def add(self, name: str, number: str, title: str, outside: str) -> None:
        """Owe one notice."""
        self.inbox[(name, number, title)] += 1
        self.outside[(name, number, outside)] += 1


@dataclass
class Judgement:
    """Owed against arrived, at one place."""

    owed: int
    arrived: int
    missing: Counter[Told]
    too_many: Counter[Told]

    @property
    def is_exact(self) -> bool:
        """Nothing missing, nothing twice, nothing that was not owed."""
        return not self.missing and not self.too_many


def owed(began: datetime, now: datetime) -> Owed:
    """Everything that must have been told by now; `began` is when the workers were started."""
    found, days = Owed(), calendar()
    for case in Case.objects.select_related("handler", "lead_unit").order_by("pk"):
        events = list(case.events.order_by("seq").select_related("actor"))
        for event in events:
            _of_event(found, case, event)
        for clock in fold(events, days).clocks.values():
            _of_clock(found, case, clock, began, now)
    return found


def _of_event(found: Owed, case: Case, event: Event) -> None:
    heard: tuple[str, ...] | None = HEARS.get(event.kind)
    if event.kind == "order":  # 催办, laid by the clock
        heard = HOUSING if case.lead_unit_id else ("clerk", "dispatcher")
    if heard is None:
        found.unknown.add(event.kind)
        return
    for name in heard:
        if name != event.actor.username:
            found.add(name, case.number, TABLE[event.kind].label, SAID_OUTSIDE.get(event.kind, A_STEP))
            found.events += 1


def _waited_for(case: Case, clock: str) -> tuple[tuple[str, ...], str]:
    """Who is waited for, and their lead."""
    by_desk = {"accept_by": ("clerk",), "dispatch_by": ("dispatcher",), "review_by": SUPERVISORS}
    if clock in by_desk:
        return by_desk[clock], "centre_lead"
    if clock == "follow_up_by":
        return ("follow_up",), "centre_lead"
    if not case.lead_unit_id:
        return ("dispatcher",), "centre_lead"
    if case.handler is not None and clock in ("contact_by", "resolve_by"):
        return (case.handler.username,), "housing_lead"
    return HOUSING, "housing_lead"


def _of_clock(found: Owed, case: Case, clock: ClockState, began: datetime, now: datetime) -> None:
    due, days = clock.due_at, calendar()
    moments = (clock.warn_at, due, late_at(due, 1, days), late_at(due, 3, days))
    ends = (clock.met_at, clock.ended_at, clock.halted_at)
    last = min([now, *(end for end in ends if end is not None)])
    people, lead = _waited_for(case, str(clock.clock))
    label = Clock(str(clock.clock)).label
    if clock.clock == "resolve_by" and last == now:
        letter = counted(due - timedelta(microseconds=1), Limit(1, LimitUnit.WORKING_DAY), days).due
        for name in SUPERVISORS if letter <= now else ():
            found.add(name, case.number, *DRAFTED)
            found.dates += 1
    for place, (said, others, ask) in enumerate(RUNGS):
        first = max(moments[place], began)
        stood = min([last, *moments[place + 1 : place + 2]]) - first
        if stood <= timedelta(0):
            continue  # it has not come, was over before anybody worked, or nobody was waited for any more
        for name in {*people, *(lead if other == "lead" else other for other in others)}:
            title, outside = f"{label}{said}", f"{label}{said}，{ask}"
            if stood > UNSURE:
                found.add(name, case.number, title, outside)
                found.dates += 1
            else:
                found.unsure[(name, case.number, title)] += 1
                found.unsure[(name, case.number, outside)] += 1


# --- what arrived ----------------------------------------------------------------------------------------------


def in_the_inbox() -> Counter[Told]:
    """What stands in the inboxes."""
    rows = Notice.objects.values_list("user__username", "case_number", "title")
    return Counter((str(name), number, title.removeprefix(f"{number} ")) for name, number, title in rows)


def judge(due: Counter[Told], arrived: Counter[Told], allowed: Counter[Told]) -> Judgement:
    """Compare, exactly: what was `due` when it had settled, and what was `allowed` when the arrivals had been read."""
    return Judgement(due.total(), arrived.total(), due - arrived, arrived - allowed)


@dataclass
class AtTheGateway:
    """What the receiver stored, one per key, and how often a key came again."""

    arrived: Counter[Told]
    messages: int
    repeats: int
    changed: int
    refused: Counter[str]


def at_the_gateway(url: str) -> AtTheGateway:
    """Ask the gateway what it has."""
    with urllib.request.urlopen(f"{url}/received", timeout=30) as answer:
        told = json.load(answer)
    names = {mobile_of(pk): str(name) for pk, name in User.objects.values_list("pk", "username")}
    arrived = Counter(_read(names, message["body"]) for message in told["messages"])
    refused = Counter(str(row["reason"]) for row in told["refused"])
    return AtTheGateway(arrived, len(told["messages"]), told["repeats"], told["changed"], refused)


def _read(names: dict[str, str], body: dict[str, str]) -> Told:
    _centre, _matter, rest = body["text"].partition("】事项 ")
    number, _space, words = rest.partition(" ")
    return names.get(body["to"], body["to"]), number, words.removesuffix("。")


def lost_steps(answered: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Steps the portal said yes to that are not in its history."""
    rows = Event.objects.values_list("case__number", "kind")
    return Counter(answered) - Counter((str(number), str(kind)) for number, kind in rows)


def broken() -> int:
    """How many cases are not fold(events), or whose chain of hashes is broken."""
    return len({fault.number for fault in integrity.faults()})
