"""Fills the run's database through the doors: the district's cast, cases whose deadlines come due while faults happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.channels.preferences import Choice, Preferences, keep
from accounts.choices import NoticeKind, Pace, Way
from accounts.models import User
from cases.ladder import reached
from cases.models import Case
from cases.policies import calendar
from tests.cases.cast import COMMUNITY, District, build_district
from tests.faults.harness.plan import Plan

#: The urgent limits of a new centre (`default_limits.py`): minutes from the step to the deadline that it starts.
DISPATCH_BY, SIGN_BY, CONTACT_BY = timedelta(minutes=30), timedelta(minutes=30), timedelta(hours=1)
RESOLVE_BY = timedelta(hours=24)
#: A rung that stood for less than this while the workers ran need not have been told: a higher one may have come first.
UNSURE = timedelta(seconds=45)
ACCEPT = {"category": "A0101", "level": "urgent", "level_reason": "单户反映，需立即处置。"}
PLAIN = {"category": "A0101", "level": "general"}
DISPATCH = {"lead_unit": "housing", "mode": "forward"}


@dataclass
class Filled:
    """What the people of the run need: their keys, and the cases that wait for them."""

    tokens: dict[str, str]
    sessions: dict[str, str]
    waiting: list[str]
    loaded: int


def _waits_for_dispatch(d: District, due: datetime) -> None:
    start = due - DISPATCH_BY
    d.move(d.register(now=start), "accept", "clerk", start, **ACCEPT)


def _waits_for_signature(d: District, due: datetime) -> None:
    start = due - SIGN_BY
    case = d.register(now=start)
    d.move(case, "accept", "clerk", start, **ACCEPT)
    d.move(case, "dispatch", "dispatcher", start, **DISPATCH)


def _waits_for_contact(d: District, due: datetime) -> None:
    start = due - CONTACT_BY
    case = d.register(now=start)
    d.move(case, "accept", "clerk", start, **ACCEPT)
    d.move(case, "dispatch", "dispatcher", start, **DISPATCH)
    d.move(case, "sign", "handler", start)


def _waits_for_an_end(d: District, due: datetime) -> None:
    start = due - RESOLVE_BY
    case = d.register(now=start)
    d.move(case, "accept", "clerk", start, **ACCEPT)
    d.move(case, "dispatch", "dispatcher", start, **DISPATCH)
    d.move(case, "sign", "handler2", start)
    d.record(case, "contact", "handler2", start, way="phone", reached=True)


#: Everybody wants everything at once, as a short message.
BY_TEXT = {kind: Choice(Pace.AT_ONCE, (Way.SMS,)) for kind in NoticeKind.values}
STORIES: tuple[Callable[[District, datetime], None], ...] = (
    _waits_for_dispatch,
    _waits_for_signature,
    _waits_for_contact,
    _waits_for_an_end,
)


def _late_by(days: int) -> Callable[[District, datetime], None]:
    """A case whose signature is so many working days late at the moment; on a day off it has been so since before."""

    def story(d: District, moment: datetime) -> None:
        _waits_for_signature(d, reached(moment, days, calendar()))

    return story


STORIES += (_late_by(1), _late_by(3))


def _moments(first: datetime, seconds: float, count: int) -> Iterator[datetime]:
    for number in range(count):
        yield first + timedelta(seconds=seconds * number / count)


def fill(plan: Plan) -> Filled:
    """Make the cast and its cases: those whose deadlines fall into the time of the faults, those that wait at the desk."""
    now = timezone.now()
    d = build_district()
    waiting = int((plan.quiet_pages + plan.silence) * plan.accepted_per_second)
    numbers = [d.register(now=now, description=f"第 {n} 件：楼道照明损坏，请求维修。").number for n in range(waiting)]
    # Filled in, started and warned of before the first date passes: a case of these takes about five steps.
    taken = (timezone.now() - now) / waiting * 5 * plan.coming_due
    first = timezone.now() + taken + UNSURE + timedelta(seconds=45)
    for number, moment in enumerate(_moments(first, max(plan.seconds - 60, 40), plan.coming_due)):
        STORIES[number % len(STORIES)](d, moment)
    for user in d.people.values():
        keep(user, Preferences(mobile=mobile_of(user.pk), quiet_from=None, quiet_to=None, kinds=BY_TEXT))
    return Filled(
        tokens={name: tokens.issue(user, "", now)[0] for name, user in d.people.items()},
        sessions={name: _session(d.people[name]) for name in ("clerk", "dispatcher")},
        waiting=numbers,
        loaded=Case.objects.count(),
    )


def mobile_of(user_id: int) -> str:
    """The number of the person, invented."""
    return f"139{user_id:08d}"


def _session(user: User) -> str:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def report(number: int) -> dict[str, Any]:
    """What a window sends for one visitor."""
    return {
        "kind": "appeal",
        "channel": "window",
        "description": f"第 {number} 位来访人反映：三号楼暖气不热，已有一周，请求尽快维修。",
        "place": {"area": COMMUNITY, "address": "三号楼二单元"},
        "reporters": [{"name": "张三", "phone": "13812341234"}],
    }
