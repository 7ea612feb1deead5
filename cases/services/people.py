"""Who can take a case in a unit."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts.models import Deputy, Post, User
from accounts.querysets import day_of
from cases.standing import OFFICER_ROLES
from governance_portal.lib.prepared import Query


def officers_of(unit_id: int, now: datetime) -> list[User]:
    """Return who may be 承办人 in a unit now: its handlers, mediators, grid workers and leads, deputies too."""
    return _EVERYBODY.rows(unit=unit_id, day=day_of(now))


def _officers(unit_id: int, day: date) -> QuerySet[User]:
    posts = Post.objects.in_force(day).filter(Q(role__in=OFFICER_ROLES) | Q(lead=True), unit_id=unit_id)
    deputies = Deputy.objects.in_force(day).filter(post__in=posts)
    people = Q(pk__in=posts.values("user_id")) | Q(pk__in=deputies.values("user_id"))
    return User.objects.filter(people, is_active=True)


def has_officer(unit_id: int, now: datetime) -> bool:
    """Tell whether anybody could sign for this unit, so that no case is sent where nobody sits."""
    return _ANYBODY.first(unit=unit_id, day=day_of(now)) is not None


_ANYBODY = Query(lambda v: _officers(v.unit, v.day).values_list("pk")[:1], unit=int, day=date)
_EVERYBODY = Query(lambda v: _officers(v.unit, v.day).order_by("username"), unit=int, day=date)
