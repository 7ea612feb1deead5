"""The follow-up in a demonstration: matters of its own, brought through the doors to where the desk has something to do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import Actor, actor_for, service_actor
from cases import services
from cases.following_up import keeping
from cases.models import Case, LookBack, Rectification, Submission
from governance_portal.lib.errors import Refusal

KEY = "demo:following_up:"
#: Bad ratings older than this have been put right, but for so many that are late.
SETTLED_AFTER, LEFT_LATE = timedelta(days=12), 1
#: Who acts in the demonstration, by log-in name.
CLERK, DISPATCHER, HANDLER, SUPERVISOR, CALLER = "clerk", "dispatcher", "handler", "supervisor", "follow_up"


@dataclass(frozen=True)
class Matter:
    """One invented matter: its words, and how far it goes (`then` is a name of `THEN`)."""

    key: str
    description: str
    address: str
    name: str
    phone: str
    result: str
    reply: str
    then: str
    kind: str = "appeal"
    category: str = "A0102"
    level: str = "general"
    visitors: int = 1
    days_ago: int = 2


def lay_samples(matters: tuple[Matter, ...], now: datetime) -> int:
    """Make what is missing; answers how many matters were made."""
    made = 0
    for matter in matters:
        if not Submission.objects.filter(client_id=KEY + matter.key).exists():
            with transaction.atomic():
                _play(matter, now)
            made += 1
    return made


def _actor(name: str, at: datetime) -> Actor:
    if name in ("resident", "clock"):
        return service_actor(name)
    return actor_for(User.objects.get(username=name), at)


def _move(case: Case, name: str, by: str, at: datetime, **given: Any) -> Case:
    return services.move(case, name, actor=_actor(by, at), now=at, given=given)


def _record(case: Case, record: str, by: str, at: datetime, /, **given: Any) -> None:
    services.record(case, record, actor=_actor(by, at), now=at, given=given)


def _answered(matter: Matter, case: Case, at: datetime) -> Case:
    _move(case, "resolve", HANDLER, at, result=matter.result, outcome="fulfilled", reply=matter.reply)
    return _move(case, "approve", SUPERVISOR, at + timedelta(minutes=40))


def _play(matter: Matter, now: datetime) -> None:
    begun = now - timedelta(days=matter.days_ago, hours=4)
    given = {
        "kind": matter.kind,
        "channel": "window",
        "description": matter.description,
        "place": {"address": matter.address},
        "reporters": [{"name": matter.name, "phone": matter.phone}],
        "visitor_count": matter.visitors,
    }
    case = services.register(_actor(CLERK, begun), given, now=begun, client_id=KEY + matter.key).case
    _move(case, "accept", CLERK, begun, category=matter.category, level=matter.level)
    _move(case, "dispatch", DISPATCHER, begun + timedelta(minutes=20), lead_unit="housing", mode="forward")
    _move(case, "sign", HANDLER, begun + timedelta(minutes=50))
    _record(case, "contact", HANDLER, begun + timedelta(hours=1), way="phone", reached=True)
    case = _answered(matter, case, begun + timedelta(hours=2))
    THEN[matter.then](matter, case, begun + timedelta(hours=3), now)


def _wait(_matter: Matter, _case: Case, _at: datetime, _now: datetime) -> None:
    """Nothing more: it waits for its call."""


def _ordered(_matter: Matter, case: Case, at: datetime, now: datetime) -> None:
    _record(case, "order", SUPERVISOR, at, kind="letter", demand="请说明整改情况。", deadline=now + timedelta(days=3))


def _missed(_matter: Matter, case: Case, at: datetime, _now: datetime) -> None:
    _record(case, "contact", CALLER, at, way="phone", reached=False)


def _unhappy(_matter: Matter, case: Case, _at: datetime, now: datetime) -> None:
    given = {"satisfaction": 2, "resolved": False, "comment": "只修了一半，晚上还是黑的。"}
    services.rate(case, given, actor=_actor("resident", now), now=now - timedelta(hours=1))


def _asked_again(matter: Matter, case: Case, at: datetime, now: datetime) -> None:
    _move(case, "redo", CALLER, at, note="居民反映清运仍不及时，请核实。")
    _answered(matter, case, at + timedelta(hours=6))
    _record(
        case, "ask_redo", CALLER, now - timedelta(hours=2), wanted="要求每天清运两次，并公示清运时间。", unhappy="1"
    )


def _bad(_matter: Matter, case: Case, at: datetime, now: datetime) -> None:
    _move(case, "confirm", CALLER, at, satisfaction=1, resolved=False, contacted=True)
    row = Rectification.objects.get(case=case)
    given = {"verdict": "founded", "finding": "到现场看过，漏点没有完全处理。", "unit": "housing"}
    keeping.verify(row.pk, given, actor=_actor(CALLER, now), now=now - timedelta(hours=3))


def _closed(_matter: Matter, case: Case, at: datetime, _now: datetime) -> None:
    _move(case, "confirm", CALLER, at, satisfaction=4, resolved=True, contacted=True)


def settle(now: datetime, words: tuple[str, str, str]) -> int:
    """Put right the bad ratings of a year that is over and look back at its disputes, all but the newest; answers how many.

    words: what looking into it showed, what was done, how the dispute stands. Dates are those at which it was due.
    """
    actor, done = _actor(CALLER, now), 0
    found, action, stands = words
    old = Rectification.objects.filter(closed_at__isnull=True, opened_at__lt=now - SETTLED_AFTER)
    for row in old.select_related("case__lead_unit").order_by("-due_at", "-pk")[LEFT_LATE:]:
        at = max(row.due_at - timedelta(days=2), row.opened_at + timedelta(days=1))
        unit = (
            {"verdict": "founded", "unit": row.case.lead_unit.code} if row.case.lead_unit else {"verdict": "unfounded"}
        )
        with transaction.atomic(), suppress(Refusal):
            keeping.verify(row.pk, {**unit, "finding": found}, actor=actor, now=at - timedelta(days=3))
            keeping.act(row.pk, {"action": action}, actor=actor, now=at - timedelta(days=1))
            keeping.ask_again(row.pk, {"reached": True, "satisfaction": 3 + row.pk % 3}, actor=actor, now=at)
            done += 1
    for back in LookBack.objects.filter(done_at__isnull=True, due_on__lt=(now - timedelta(days=5)).date()):
        with transaction.atomic(), suppress(Refusal):
            at = datetime.combine(back.due_on, time(10), now.tzinfo) + timedelta(days=1)
            keeping.look(back.pk, {"result": "stable", "note": stands}, actor=actor, now=at)
            done += 1
    return done


THEN: dict[str, Callable[[Matter, Case, datetime, datetime], None]] = {
    "wait": _wait,
    "ordered": _ordered,
    "missed": _missed,
    "unhappy": _unhappy,
    "asked_again": _asked_again,
    "bad": _bad,
    "closed": _closed,
}
