"""Who called 110 again: the same place or the same person within thirty days after a matter of the police was closed.

Found by keyed hashes of two matters, shown to who follows that matter up; nobody is listed, counted or marked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.notices import notify
from accounts.queries import Actor, people_holding
from cases.choices import PartySide
from cases.queries import visible_cases
from hotlines.choices import Direction, LineKind
from hotlines.models import Link

WITHIN = timedelta(days=30)


def earlier_matters(link: Link) -> list[Link]:
    """Return the police's matters closed in the thirty days before this one that are of its place or its caller."""
    if link.line.kind != LineKind.POLICE or link.direction != Direction.IN:
        return []
    closed = (link.received_at - WITHIN, link.received_at)
    found = _police().filter(_same(link), case__closed_at__range=closed).exclude(case_id=link.case_id)
    return list(found.order_by("-case__closed_at").distinct())


def later_calls(link: Link, actor: Actor, now: datetime) -> list[Link]:
    """Return the police's matters within one's sight, of the same place or caller, within thirty days after this closed."""
    closed_at = link.case.closed_at
    if link.line.kind != LineKind.POLICE or link.direction != Direction.IN or closed_at is None:
        return []
    seen = _police().filter(case__in=visible_cases(actor, now))
    found = seen.filter(_same(link), received_at__range=(closed_at, closed_at + WITHIN))
    return list(found.exclude(case_id=link.case_id).order_by("received_at").distinct())


def tell_followers(link: Link, now: datetime) -> int:
    """Tell the follow-up officers of a matter that 110 was called again; once for each pair. Answers how many notices."""
    told = 0
    here = {person.pk for person in people_holding(Role.FOLLOW_UP_OFFICER, now, area_code=link.case.area_code)}
    for earlier in earlier_matters(link):
        people = {person.pk for person in people_holding(Role.FOLLOW_UP_OFFICER, now, area_code=earlier.case.area_code)}
        for some, later in ((people & here, f" {link.case.number}"), (people - here, "一件")):
            told += notify(
                some,
                f"110-again:{earlier.pk}:{link.pk}",
                "办结后 30 天内同一地点或同一人再次报警，请回头看",
                f"上一件 {earlier.case.number} 办结后，110 又转来{later}。请核实化解是否到位。",
                case_number=earlier.case.number,
                kind="follow_up",
                now=now,
            )
    return told


def _police() -> QuerySet[Link]:
    return Link.objects.filter(line__kind=LineKind.POLICE, direction=Direction.IN).select_related("line", "case")


def _same(link: Link) -> Q:
    """The same place, or one of its reporters: by hash, where there is one."""
    same = Q(place_index=link.place_index) if link.place_index else Q(pk__in=())
    callers = [party for party in link.case.parties.all() if party.side == PartySide.REPORTER]
    for name in ("phone_index", "id_index"):
        known = [value for party in callers if (value := getattr(party, name))]
        same |= Q(**{f"case__parties__{name}__in": known, "case__parties__side": PartySide.REPORTER})
    return same
