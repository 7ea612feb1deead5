"""A lively 今天 for the demonstration's grid worker: matters of the grid, one lent to him, one he lent; through the doors.

The 红袖章 and the 民调员 of the first grid get log-ins of their own. Idempotent: what is there stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts import services as people
from accounts.choices import Role
from accounts.models import Unit, User
from accounts.queries import Actor, actor_for, service_actor
from accounts.querysets import day_of
from cases.models import HandOver, Submission
from cases.phone import handing
from cases.services.door import move
from cases.services.registering import register
from grids.choices import DutyKind
from grids.models import Duty, Grid
from grids.queries import grid_codes_of

#: They have been at it for a while.
IN_OFFICE = timedelta(days=400)


@dataclass(frozen=True)
class Helper:
    """One of the grid's three beside the grid worker."""

    username: str
    name: str
    kind: DutyKind


@dataclass(frozen=True)
class Matter:
    """One matter of the grid. `by` registers it (""), a resident's otherwise; `then` is what the grid worker did."""

    key: str
    story: str
    address: str
    hours_ago: int
    by: str = ""
    category: str = ""
    gives: tuple[str, str, str] = ("", "", "")  # from, to, what


def lay_samples(now: datetime, worker: str, unit: str, helpers: tuple[Helper, ...], matters: tuple[Matter, ...]) -> int:
    """Make what is missing; answers how many matters were made, 0 where the grid worker has no grid or no office."""
    found = User.objects.filter(username=worker).first()
    grids = grid_codes_of(found.pk, day_of(now)) if found else []
    office = Unit.objects.filter(code=unit).first()
    if not grids or office is None:
        return 0
    for helper in helpers:
        _seat(helper, office, grids, now)
    return sum(_lay(matter, grids[0], now) for matter in matters)


def _seat(helper: Helper, office: Unit, grids: list[str], now: datetime) -> None:
    user, fresh = User.objects.get_or_create(
        username=helper.username,
        defaults={
            "name": helper.name,
            "password": make_password(settings.DEMO_PASSWORD),
            "password_changed_at": now,
            "date_joined": now,
        },
    )
    if not fresh:
        return
    since = day_of(now) - IN_OFFICE
    people.appoint(
        None,
        user=user,
        role=Role.VOLUNTEER,
        unit=office,
        area_code=office.area_code,
        lead=False,
        starts_on=since,
        note="演示人员",
        now=now,
    )
    for grid in Grid.objects.filter(code__in=grids):
        Duty.objects.create(user=user, grid=grid, kind=helper.kind, starts_on=since)


def _lay(matter: Matter, grid: str, now: datetime) -> bool:
    key = f"demo:phone:{matter.key}"
    if Submission.objects.filter(client_id=key).exists():
        return False
    then = now - timedelta(hours=matter.hours_ago)
    by = _actor(matter.by, then) if matter.by else service_actor("resident")
    given = {
        "kind": "appeal",
        "channel": "web" if not matter.by else "grid",
        "description": matter.story,
        "place": {"grid": grid, "address": matter.address},
        "anonymous": True,
    }
    case = register(by, given, now=then, client_id=key).case
    if matter.category:
        accepted = {"category": matter.category, "level": "general"}
        move(case, "accept", actor=_actor("grid_worker", then), now=then + timedelta(minutes=20), given=accepted)
    giver, taker, said = matter.gives
    if giver and not HandOver.objects.filter(case=case).exists():
        later = then + timedelta(minutes=40)
        made, _fresh = handing.hand_over(case, _actor(giver, later), {"to": taker, "said": said}, now=later)
        if taker != "grid_worker":
            handing.take(_actor(taker, later), made.pk, now=later + timedelta(minutes=10))
    return True


def _actor(username: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), now)
