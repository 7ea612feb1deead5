"""Setting up the offices and the people of the demonstration; what exists stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import services
from accounts.models import Post, Unit, User
from accounts.querysets import day_of
from governance_portal.demo.offices import COMMUNITIES, DISTRICT, NAMED, Office, Seat, offices, seats
from grids.choices import DutyKind
from grids.models import Duty, Grid

#: Everybody has been in office since long before the oldest story.
_IN_OFFICE = timedelta(days=500)
#: Grids that a community's grid worker serves: its first ones.
_OWN_GRIDS = 6


@transaction.atomic
def make_offices() -> int:
    """Create the units that are missing; answers how many."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    made = 0
    for number, office in enumerate(offices(), start=1):
        if office.code not in known:
            known[office.code] = _unit(office, number, known.get(office.above))
            made += 1
    return made


def _unit(office: Office, number: int, above: Unit | None) -> Unit:
    return Unit.objects.create(
        code=office.code,
        name=office.name,
        short_name=office.short,
        kind=office.kind,
        parent=above,
        area_code=office.area,
        phone=f"0349-60{number * 37:05d}",
        address=office.address,
        office_hours=office.hours,
    )


@transaction.atomic
def make_people(now: datetime) -> int:
    """Create the people that are missing, each with a post and the demonstration's password; answers how many.

    Those with a log-in of their own in the documents are appointed on record, one by one; the rest come in bulk.
    """
    known = set(User.objects.values_list("username", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    wanted = [(number, seat) for number, seat in enumerate(seats(), start=1) if seat.username not in known]
    encoded = make_password(settings.DEMO_PASSWORD)  # once: a hash that is slow to guess is slow to make
    User.objects.bulk_create(_user(number, seat, encoded, now) for number, seat in wanted)
    users = {user.username: user for user in User.objects.all()}
    posts = {seat: _post(users[seat.username], seat, units[seat.office], now) for _number, seat in wanted}
    Post.objects.bulk_create(post for seat, post in posts.items() if seat not in NAMED)
    for post in (post for seat, post in posts.items() if seat in NAMED):
        services.appoint(
            None,
            user=post.user,
            role=post.role,
            unit=post.unit,
            area_code=post.area_code,
            lead=post.lead,
            starts_on=post.starts_on,
            note=post.note,
            now=now,
        )
    return len(wanted)


def _user(number: int, seat: Seat, encoded: str, now: datetime) -> User:
    phone = f"0349-60{50000 + number * 13:05d}"
    user = User(username=seat.username, name=seat.name, phone=phone, password=encoded)
    user.password_changed_at = user.date_joined = now
    return user


def _post(user: User, seat: Seat, unit: Unit, now: datetime) -> Post:
    starts_on = day_of(now) - _IN_OFFICE
    return Post(
        user=user,
        role=seat.role,
        unit=unit,
        area_code=seat.area,
        lead=seat.lead,
        starts_on=starts_on,
        note="演示人员",
    )


@transaction.atomic
def make_duties(now: datetime) -> int:
    """Put a grid worker on duty in grids of every community with an office; answers how many duties were new."""
    starts_on = day_of(now) - _IN_OFFICE
    users = {user.username: user for user in User.objects.all()}
    grids = {grid.code: grid for grid in Grid.objects.filter(code__startswith=DISTRICT)}
    served = set(Duty.objects.values_list("user__username", "grid__code"))
    by_community: dict[str, list[str]] = {}
    for grid in sorted(grids):
        by_community.setdefault(grid[:12], []).append(grid)
    rows = [(worker, grid) for grid, worker in own_grids(by_community).items()]
    new = [row for row in rows if row not in served]
    Duty.objects.bulk_create(
        Duty(
            user=users[worker],
            grid=grids[grid],
            kind=DutyKind.GRID_WORKER,
            starts_on=starts_on,
            phone=users[worker].phone,
        )
        for worker, grid in new
    )
    return len(new)


def own_grids(grids: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Which grids have somebody on duty, and who; `grids` maps each community to its grids in order."""
    return {
        grid: "grid_worker" if code == "gucheng" else f"{code}_1"
        for code, (area, _name, _town) in COMMUNITIES.items()
        for grid in grids.get(area, ())[:_OWN_GRIDS]
    }
