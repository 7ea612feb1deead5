"""Who can be called over today: the plan by weekday, with what one date says otherwise (常驻、轮驻、随驻; facts §1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from accounts.choices import Role
from accounts.queries import Actor
from cases import policies
from cases.choices import Presence
from cases.models import RosterEntry

DISTRICT_DIGITS = 6
SATURDAY = 5


@dataclass
class DeskMap:
    """The hall of one day: the leader on duty, who is there, and who comes when called."""

    day: date
    leaders: list[RosterEntry] = field(default_factory=list)
    present: list[RosterEntry] = field(default_factory=list)
    on_call: list[RosterEntry] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.leaders or self.present or self.on_call)


def hall_of(actor: Actor, *roles: str) -> str:
    """Return the area code of the hall somebody works in: that of the first post of these roles (or of any)."""
    posts = actor.with_role(*roles) if roles else list(actor.posts)
    return next((post.area_code for post in posts if post.area_code), "")


def may_edit(actor: Actor) -> bool:
    """Tell whether somebody keeps the plan: the centre's lead and dispatchers."""
    return actor.has(Role.DISPATCHER) or actor.leads_centre


def is_planned(area_code: str) -> bool:
    """Tell whether anybody has begun to plan this hall."""
    return RosterEntry.objects.filter(area_code=area_code).exists()


def desk_map(area_code: str, day: date) -> DeskMap:
    """Return who is in the hall of an area on a day; one query."""
    rows = RosterEntry.objects.filter(area_code=area_code).filter(
        Q(date=day) | Q(date__isnull=True, weekday=day.weekday()) | Q(date__isnull=True, weekday__isnull=True)
    )
    found = DeskMap(day)
    for row in holding(rows.select_related("unit"), day):
        group = found.leaders if row.leader else found.present
        (found.on_call if row.presence == Presence.ON_CALL else group).append(row)
    return found


def holding(rows: Iterable[RosterEntry], day: date) -> list[RosterEntry]:
    """Keep the rows that hold on that day: one date's own word replaces the week's for the same unit (or leader)."""
    rows = list(rows)
    worked = policies.calendar().is_workday(day)
    dated = [row for row in rows if row.date == day]
    replaced = {(row.leader, row.unit_id) for row in dated}
    weekly = [
        row
        for row in rows
        if row.date is None
        and (row.leader, row.unit_id) not in replaced
        and (
            (row.weekday == day.weekday() and (worked or day.weekday() >= SATURDAY)) or (row.weekday is None and worked)
        )
    ]
    return [row for row in [*dated, *weekly] if not row.away]
