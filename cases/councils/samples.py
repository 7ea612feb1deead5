"""Wishes and councils for a demonstration: made through the doors, once; the words are given by who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.queries import Actor
from cases.councils import meetings, wishes
from cases.models import CouncilMeeting, Wish
from governance_portal.lib.working_days import day_of


@dataclass(frozen=True)
class Hoped:
    """One wish: what, how long ago, in how many days it is due (from then), whether it is shown, what came of it."""

    what: str
    days_ago: int
    due_in: int
    shown: bool = True
    result: str = ""


@dataclass(frozen=True)
class Held:
    """One meeting: title, how long ago (negative: to come), its topic with what was said, minutes, decisions with their days."""

    title: str
    days_ago: int
    topic: str
    said: tuple[tuple[str, int, str], ...] = ()
    people: int = 0
    minutes: str = ""
    decisions: tuple[tuple[str, int, str], ...] = ()


def lay_samples(
    worker: Actor, lead: Actor, area_code: str, owner: str, hoped: Sequence[Hoped], held: Sequence[Held], now: datetime
) -> int:
    """Make what is missing; answers how many wishes and meetings are there then, 0 when they were there already."""
    if Wish.objects.filter(area_code=area_code).exists():
        return 0
    for number, one in enumerate(hoped):
        _wish(worker, lead, area_code, owner, f"demo:wishes:{number}", one, now)
    for number, meeting in enumerate(held):
        _meeting(worker, lead, area_code, owner, f"demo:councils:{number}", meeting, now)
    return Wish.objects.filter(area_code=area_code).count() + CouncilMeeting.objects.count()


def _wish(worker: Actor, lead: Actor, area_code: str, owner: str, key: str, one: Hoped, now: datetime) -> None:
    at = now - timedelta(days=one.days_ago)
    given = {
        "area": area_code,
        "what": one.what,
        "heard_at": "round",
        "heard_on": day_of(at).isoformat(),
        "owner": owner,
        "due_on": day_of(at + timedelta(days=one.due_in)).isoformat(),
        "agreed": "nobody" if one.shown else "unasked",
    }
    made, _fresh = wishes.take_in(worker, given, now=at, client_id=key)
    if one.shown:
        wishes.show_publicly(lead, made.pk, True, now=at)
    if one.result:
        done = {"state": "done", "result": one.result}
        wishes.settle(worker, made.pk, done, now=at + timedelta(days=min(one.due_in, one.days_ago)))


def _meeting(worker: Actor, lead: Actor, area_code: str, owner: str, key: str, one: Held, now: datetime) -> None:
    at, unit = now - timedelta(days=one.days_ago), owner.partition("/")[0]
    raised = min(at, now) - timedelta(days=14)
    given = {"area": area_code, "title": one.topic}
    topic, _fresh = meetings.raise_topic(worker, given, now=raised, client_id=f"{key}:topic")
    for stage, people, text in one.said:
        said = {"stage": stage, "day": day_of(raised).isoformat(), "people": str(people), "text": text}
        meetings.say(worker, topic.pk, said, now=raised)
    called = {"area": area_code, "title": one.title, "day": day_of(at).isoformat(), "place": "社区二楼议事厅"}
    meeting, _fresh = meetings.call_meeting(worker, called, now=min(at, now), client_id=key)
    meetings.put_on_agenda(worker, meeting.pk, topic.pk, on=True, now=min(at, now))
    if not one.minutes:
        return
    minutes = {"attendance": str(one.people), "minutes": one.minutes}
    meetings.write_minutes(worker, meeting.pk, minutes, now=at)
    for what, days, _result in one.decisions:
        due = day_of(at + timedelta(days=days)).isoformat()
        meetings.decide(worker, meeting.pk, {"topic": str(topic.pk), "what": what, "unit": unit, "due_on": due}, now=at)
    meetings.sign(lead, meeting.pk, now=at)
    results = {what: result for what, _days, result in one.decisions if result}
    for decision in meeting.decisions.filter(what__in=results):
        meetings.done(worker, decision.pk, {"result": results[decision.what]}, now=now)
