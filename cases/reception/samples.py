"""Samples for a demonstration, made through the doors: reception days, a case that a leader has taken with its team, whistles.

What they say comes from the demonstration (governance_portal.demo.reception); here is only which cases suit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max

from accounts.models import Unit
from accounts.queries import Actor, service_actor
from cases.choices import Kind, Status
from cases.models import Case, ReceptionDay, Whistle
from cases.policies import calendar
from cases.reception import booking, services
from cases.reception.queries import today_of
from cases.services.door import record
from cases.whistling import services as whistling
from governance_portal.lib.working_days import SHANGHAI


@dataclass(frozen=True)
class Hands:
    """Who acts: the window, the supervisor, the centre's lead, a street's lead, officers of two called departments."""

    clerk: Actor
    supervisor: Actor
    lead: Actor
    street: Actor
    first: Actor
    second: Actor


@dataclass(frozen=True)
class Words:
    """What is said: a day's `leader, office, place, topics`, visitors, an instruction, a plan, a team, whistles."""

    day: Mapping[str, str]
    visitors: Sequence[Mapping[str, str]]
    said: str
    instruction: str
    plan: Mapping[str, str]
    progress: str
    team: Sequence[Mapping[str, Any]]
    whistles: Sequence[Mapping[str, Any]]
    result: str


def workday(today: date, offset: int) -> date:
    """The working day so many working days from today (never today itself)."""
    day, left, step = today, abs(offset), 1 if offset > 0 else -1
    while left:
        day += timedelta(days=step)
        left -= calendar().is_workday(day)
    return day


def lay_samples(hands: Hands, words: Words, now: datetime) -> int:
    """Make them, once; answers how many days, leaders' cases and whistles there are now, 0 when they were there already."""
    if ReceptionDay.objects.exists() or Whistle.objects.exists():
        return 0
    _past_day(hands, words, now)
    _next_day(hands, words, now)
    _sponsored(hands, words, now)
    _whistles(hands, words, now)
    return ReceptionDay.objects.count() + Whistle.objects.count() + 1


def _given(words: Words, day: date, capacity: str) -> dict[str, str]:
    return {**words.day, "date": day.isoformat(), "starts": "09:00", "ends": "11:30", "capacity": capacity}


def _handled(before: datetime) -> Case | None:
    """An ordinary case in the hands of a unit whose last line is older than this, without an order."""
    rows = Case.objects.filter(status=Status.HANDLING, nature="", orders_open=0, lead_unit__isnull=False)
    rows = rows.filter(kind__in=(Kind.DISPUTE, Kind.APPEAL), leads__isnull=True, receptions__isnull=True)
    return rows.annotate(last=Max("events__at")).filter(last__lt=before).order_by("-last", "pk").first()


def _past_day(hands: Hands, words: Words, now: datetime) -> None:
    """One of these days: one who has a matter came; what the leader wrote became an order."""
    mornings = [_at(workday(today_of(now), -back), 8) for back in (3, 2, 1)]
    found = next(((case, morning) for morning in mornings if (case := _handled(morning))), None)
    if found is None or found[0].lead_unit is None:
        return
    case, morning = found
    held, unit = today_of(morning), found[0].lead_unit
    planned = _at(workday(held, -4), 10)
    day = services.plan_day(hands.lead, _given(words, held, "6"), now=planned)
    other = booking.by_window(hands.clerk, day.pk, dict(words.visitors[0]), now=planned + timedelta(hours=2)).booking
    made = booking.by_window(hands.clerk, day.pk, {"number": case.number}, now=morning).booking
    given = {
        "attended": "yes",
        "said": words.said,
        "instruction": words.instruction,
        "unit": unit.code,
        "deadline": workday(today_of(now), 4).isoformat(),
    }
    services.receive(hands.clerk, str(made.uid), given, now=morning + timedelta(hours=2))
    services.receive(hands.clerk, str(other.uid), {"attended": "no"}, now=morning + timedelta(hours=4))
    services.order(hands.supervisor, str(made.uid), now=morning + timedelta(hours=5))


def _next_day(hands: Hands, words: Words, now: datetime) -> None:
    """Next week: published, two places taken, one on the net and one at the window."""
    day = services.plan_day(hands.lead, _given(words, workday(today_of(now), 5), "8"), now=now)
    resident = service_actor("resident")
    booking.by_resident(resident, day.pk, dict(words.visitors[1]), address="127.0.0.1", now=now, client_id="demo")
    booking.by_window(hands.clerk, day.pk, dict(words.visitors[2]), now=now)


def _sponsored(hands: Hands, words: Words, now: datetime) -> None:
    """A leader has taken a case; four units solve it, one of them is done; yesterday he met the people."""
    met = workday(today_of(now), -1)
    began = next((at for at in (_at(workday(met, -1), 15), _at(met, 8)) if _handled(at)), None)
    case = _handled(began) if began else None
    if began is None or case is None or case.lead_unit is None:
        return
    ends = workday(today_of(now), 15).isoformat()
    given = {**words.plan, "unit": case.lead_unit.code, "deadline": ends}
    record(case, "sponsor", actor=hands.supervisor, now=began, given=given)
    due = workday(today_of(now), 8).isoformat()
    known = set(Unit.objects.filter(active=True).values_list("code", flat=True))
    members = []
    for minutes, row in enumerate((row for row in words.team if row["unit"] in known), 1):
        joined = began + timedelta(minutes=minutes)
        event = record(case, "team", actor=hands.supervisor, now=joined, given={**row, "due_on": due})
        members.append(event.data["member"])
    told = {"text": words.progress, "met_on": met.isoformat()}
    record(case, "sponsor_progress", actor=hands.clerk, now=_at(met, 17), given=told)
    done = {"member": members[0], "done": True, "text": "地方安排在镇司法所，双方都通知到了。"}
    record(case, "team_done", actor=hands.supervisor, now=_at(met, 18), given=done)


def _whistles(hands: Hands, words: Words, now: datetime) -> None:
    """One of yesterday, finished and rated by both; one of this hour, still waiting."""
    called = _at(workday(today_of(now), -1), 9)
    first, second = words.whistles
    made, _fresh = whistling.whistle(hands.street, first, now=called)
    call = made.calls.order_by("pk")[0].pk
    whistling.arrive(hands.street, call, {"who": "执法中队 3 人"}, now=called + timedelta(hours=1))
    whistling.start(hands.first, call, now=called + timedelta(hours=1, minutes=10))
    whistling.finish(hands.first, call, {"result": words.result}, now=called + timedelta(hours=4))
    whistling.rate(hands.street, call, {"score": 5, "words": "来得快，当天就清理了。"}, now=called + timedelta(hours=5))
    whistling.rate(hands.first, call, {"score": 4, "words": "现场秩序维护得好。"}, now=called + timedelta(hours=6))
    whistling.whistle(hands.street, second, now=now - timedelta(minutes=20))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
