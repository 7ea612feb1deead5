"""Reading the matrix: who answers for a place, who for which street, whether a topic is covered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from accounts.choices import ADMIN_ROLES, Role, UnitKind
from accounts.models import Unit
from accounts.queries import Actor
from grids.models import Area, Responsibility
from grids.responsibility.coverage import Coverage, Span, check
from grids.responsibility.models import Topic

#: Who keeps the matrix of their area.
KEEPERS = (Role.SUPERVISOR, Role.DISPATCHER)
#: Where they sit: the centre and 政法委 above it. A department does not write what it answers for itself.
KEEPING = (UnitKind.CENTRE, UnitKind.LEADERSHIP)


def may_read(actor: Actor) -> bool:
    """Tell whether somebody reads the matrix: everybody who works in a unit; it names units, no persons."""
    return any(post.role not in ADMIN_ROLES and post.role != Role.VOLUNTEER for post in actor.posts)


def kept_area(actor: Actor) -> str:
    """Return the code of the district whose matrix somebody keeps, "" for everybody else."""
    for post in actor.posts:
        if 0 < len(post.area_code) <= 6 and post.unit_kind in KEEPING and (post.role in KEEPERS or post.leads_centre):
            return post.area_code
    return ""


def district_of(actor: Actor) -> str:
    """Return the district that somebody works in, "" without any."""
    return next((post.area_code[:6] for post in actor.posts if post.area_code), "")


def streets_of(district: str) -> dict[str, str]:
    """Return `{code: name}` of the streets in use of a district, by code; one query."""
    streets = Area.objects.active().filter(level="street", parent__code=district or "-").order_by("code")
    return dict(streets.values_list("code", "name"))


def within(rows: QuerySet[Responsibility], first: date, last: date) -> QuerySet[Responsibility]:
    """Narrow to what holds on a day of the period, both days included."""
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), starts_on__lte=last)


def rows_of(district: str, topic: str, first: date, last: date) -> QuerySet[Responsibility]:
    """Return the rows of a topic that hold in a period, by street and then since when; one query."""
    rows = Responsibility.objects.filter(topic=topic, area__parent__code=district or "-")
    return within(rows, first, last).select_related("unit", "area").order_by("area_id", "starts_on", "pk")


def coverage(topic: str, first: date, last: date, district: str) -> Coverage:
    """Prove that every street of a district has exactly one unit for a topic on every day, or say where not; two queries."""
    return checked(streets_of(district), rows_of(district, topic, first, last), first, last)


def checked(streets: dict[str, str], rows: Iterable[Responsibility], first: date, last: date) -> Coverage:
    """The same over rows that are there already."""
    spans = [Span(row.area_id, row.unit.name, row.starts_on, row.ends_on) for row in rows]
    return check(streets, spans, first, last)


def responsible_for(area_code: str, topic: str, day: date) -> list[Unit]:
    """Return who answers for a place (a street or anything in it) on that day: one unit where all is well; one query."""
    rows = within(Responsibility.objects.filter(area_id=area_code[:9], topic=topic), day, day)
    return list(Unit.objects.filter(pk__in=rows.values("unit_id")).order_by("name"))


def all_for(area_code: str, day: date) -> list[tuple[str, str]]:
    """Return `[(topic in words, unit's name)]` of a place on that day, for the card of a grid or street; one query."""
    rows = within(Responsibility.objects.filter(area_id=area_code[:9]), day, day).select_related("unit")
    order = list(Topic.values)
    return [(row.get_topic_display(), row.unit.name) for row in sorted(rows, key=lambda row: order.index(row.topic))]
