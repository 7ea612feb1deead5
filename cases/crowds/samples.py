"""重复和热点 in a demonstration: groups of likely repeats that wait for a decision, a joint matter with its pieces.

All through the doors; each matter is registered under a `client_id` of its own, so that a second run makes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases import services
from cases.crowds.chores import suggest_repeats
from cases.models import Case, Submission

KEY = "demo:crowds:"


@dataclass(frozen=True)
class Told:
    """One resident's matter: when (hours ago), who, in which words."""

    key: str
    hours: float
    name: str
    phone: str
    text: str


@dataclass(frozen=True)
class Joint:
    """A joint matter: what it is called, counted in which measure, by whom it is led, its pieces and those done."""

    name: str
    measure: str
    unit: str
    category: str
    pieces: str
    done: str


def lay_samples(
    groups: Sequence[tuple[str, Sequence[Told]]], crowd: tuple[str, Sequence[Told]], joint: Joint, now: datetime
) -> int:
    """Make what is missing; answers how many matters were made. A group is an address and what was told of it."""
    with transaction.atomic():
        made = sum(_told(address, told, now) for address, matters in groups for told in matters)
        made += sum(_told(crowd[0], told, now) for told in crowd[1])
        if made:
            _join([told.key for told in crowd[1]], joint, now)
            suggest_repeats(now)
    return made


def _actor(username: str, at: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), at)


def _told(address: str, told: Told, now: datetime) -> int:
    """Register one at the window; 0 where it is there."""
    if Submission.objects.filter(client_id=KEY + told.key).exists():
        return 0
    at = now - timedelta(hours=told.hours)
    given = {
        "kind": "appeal",
        "channel": "window",
        "description": told.text,
        "place": {"area": "140603100001", "address": address},
        "reporters": [{"name": told.name, "phone": told.phone}],
    }
    services.register(_actor("clerk", at), given, now=at, client_id=KEY + told.key)
    return 1


def _join(keys: Sequence[str], joint: Joint, now: datetime) -> None:
    """The first is the joint matter, the others are merged into it; its pieces are entered, some of them done."""
    found = [Case.objects.get(pk=Submission.objects.get(client_id=KEY + key).case_id) for key in keys]
    master, clerk, dispatcher = found[0], _actor("clerk", now), _actor("dispatcher", now)
    at = now - timedelta(hours=3)
    services.move(master, "accept", actor=clerk, now=at, given={"category": joint.category, "level": "general"})
    for case in found[1:]:
        given = {"master": master.number, "note": "同一项工程，一并办理"}
        services.move(case, "merge", actor=dispatcher, now=at, given=given)
    named = {"name": joint.name, "measure": joint.measure}
    services.record(master, "crowd", actor=dispatcher, now=at + timedelta(minutes=5), given=named)
    services.record(master, "items", actor=dispatcher, now=at + timedelta(minutes=10), given={"items": joint.pieces})
    if joint.done:
        given = {"items": joint.done, "done": "true"}
        services.record(master, "items_done", actor=dispatcher, now=at + timedelta(minutes=15), given=given)
