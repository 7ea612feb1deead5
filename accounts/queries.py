"""Reading people: who acts, with which posts; the doors of the floors above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import NOBODY as NOBODY
from accounts.actors import Actor as Actor
from accounts.actors import PostView as PostView
from accounts.choices import SERVICE_ACCOUNTS
from accounts.models import Deputy, Notice, Post, Unit, User
from accounts.querysets import day_of
from governance_portal.lib.prepared import Query


def actor_for(user: User | AnonymousUser, now: datetime) -> Actor:
    """The actor a user is at `now`: ONE query (none for a service account, nobody, or a disabled account).

    Posts begin and end by days of Asia/Shanghai; posts held as a deputy come with `acting_for`.
    """
    if not isinstance(user, User):
        return NOBODY
    if user.is_service:
        return Actor(user.pk, user.username, user.name, service=user.username)
    if not user.is_active:
        return Actor(user.pk, user.username, user.name)
    return Actor(user.pk, user.username, user.name, posts=tuple(_views(user, day_of(now))))


def _views(user: User, day: date) -> list[PostView]:
    views = [_view(row, user.pk) for row in _POSTS.rows(user=user.pk, day=day)]
    return sorted(views, key=lambda view: view.acting_for is not None)


_VIEWED = ("id", "role", "unit_id", "unit__code", "unit__name", "unit__kind", "unit__path", "area_code", "lead")
_DATED = ("starts_on", "ends_on", "user_id", "user__name")


def _posts(v: Any) -> QuerySet[Post, Any]:
    stands_in = Deputy.objects.in_force(v.day).filter(user_id=v.user, post_id=OuterRef("pk"))
    posts = Post.objects.in_force(v.day).filter(Q(user_id=v.user) | Exists(stands_in))
    return posts.order_by("starts_on", "id").values_list(*_VIEWED, *_DATED)


#: The statement of every request: building it anew took 4 ms of each, running it 0.2 (make bench).
_POSTS = Query(_posts, user=int, day=date)


def _view(row: tuple[Any, ...], user_id: int) -> PostView:
    *viewed, lead, starts_on, ends_on, holder_id, holder = row
    acting_for = None if holder_id == user_id else holder
    values: tuple[Any, ...] = (*viewed, lead, acting_for, starts_on, ends_on)
    return PostView(*values)


def service_actor(name: str) -> Actor:
    """The actor of "clock", "resident" or "integration"; one query. KeyError for any other name."""
    SERVICE_ACCOUNTS[name]
    user = User.objects.get(username=name, is_service=True)
    return Actor(user.pk, user.username, user.name, service=user.username)


def people_holding(
    role: str, now: datetime, *, area_code: str = "", unit: Unit | int | None = None, lead: bool | None = None
) -> list[User]:
    """Active people who hold `role` at `now` (also as deputies), ordered by log-in name; one query.

    `area_code` keeps those whose post covers that area; `unit` those of exactly that unit; `lead` by the mark.
    """
    posts = Post.objects.in_force(day_of(now)).filter(role=role)
    if area_code:
        posts = posts.filter(area_code__in=prefixes(area_code))
    if unit is not None:
        posts = posts.filter(unit=unit)
    if lead is not None:
        posts = posts.filter(lead=lead)
    deputies = Deputy.objects.in_force(day_of(now)).filter(post__in=posts)
    holders = Q(pk__in=posts.values("user_id")) | Q(pk__in=deputies.values("user_id"))
    return list(User.objects.filter(holders, is_active=True).order_by("username"))


def prefixes(area_code: str) -> list[str]:
    """The codes of the areas around an area, itself included: district, street, community, grid."""
    return [area_code[:length] for length in (6, 9, 12, 15) if length <= len(area_code)]


def unread_count(user_id: int) -> int:
    """How many notices wait."""
    return Notice.objects.filter(user_id=user_id, read_at__isnull=True).count()


# Areas live one floor above: `grids` puts its own reader here when it starts.
AreaNames = Callable[[list[str]], Mapping[str, str]]


@dataclass
class _Registry:
    area_names: AreaNames = field(default=lambda codes: {})


_registry = _Registry()


def set_area_name_resolver(resolver: AreaNames) -> None:
    """Called from `GridsConfig.ready`: `resolver(codes) -> {code: name}`, at most one query for all codes."""
    _registry.area_names = resolver


def area_names(codes: list[str]) -> dict[str, str]:
    """Names of areas by code; "" where nobody knows the name."""
    known = _registry.area_names(sorted(set(codes))) if codes else {}
    return {code: known.get(code, "") for code in codes}


def me(user: User, now: datetime) -> dict[str, Any]:
    """What the API's `me/` answers (at most three queries: posts, names of areas, unread)."""
    actor = actor_for(user, now)
    names = area_names([post.area_code for post in actor.posts])
    return {
        "username": user.username,
        "name": user.name,
        "posts": [_post_words(post, names) for post in actor.posts],
        "unread": unread_count(user.pk),
    }


def _post_words(post: PostView, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "role": post.role,
        "role_label": str(Post(role=post.role).get_role_display()),
        "unit": {"code": post.unit_code, "name": post.unit_name},
        "area": {"code": post.area_code, "name": names[post.area_code]},
        "lead": post.lead,
        "acting_for": post.acting_for,
        "from": post.starts_on,
        "to": post.ends_on,
    }
