"""Who works where visits, wishes and councils are: the people of a community and of its street.

They may because it is their neighbours: 网格员, 承办人, 调解员 and leads of a community or street unit, in their area. The district
has no hand in it and reads counts of visits only (need-to-know, PIPL §6); administrators see nothing. Where a community has no
office of its own, the street's people do it.
"""

from __future__ import annotations

from django.db.models import Q

from accounts.choices import Role, UnitKind
from accounts.queries import Actor, PostView
from cases.standing import OFFICER_ROLES

NEAR = (UnitKind.COMMUNITY, UnitKind.STREET)
ABOVE = (UnitKind.CENTRE, UnitKind.LEADERSHIP)
READERS = (Role.LEADER, Role.SUPERVISOR)
NEVER = Q(pk__in=())
COMMUNITY_DIGITS = 12


def works(post: PostView) -> bool:
    """Tell whether a post works with residents there: officers and leads of a community or a street."""
    return post.unit_kind in NEAR and len(post.area_code) > 6 and (post.role in OFFICER_ROLES or post.lead)


def oversees(post: PostView) -> bool:
    """Tell whether a post reads counts of its area: leaders and supervisors of the centre and the leadership."""
    return post.unit_kind in ABOVE and post.role in READERS and bool(post.area_code)


def working(actor: Actor) -> list[PostView]:
    """The posts of somebody that work with residents."""
    return [post for post in actor.posts if works(post)]


def overseeing(actor: Actor) -> list[PostView]:
    """The posts of somebody that read counts."""
    return [post for post in actor.posts if oversees(post)]


def within(posts: list[PostView]) -> Q:
    """The condition that a row's `area_code` (a community's) lies in the area of one of these posts; of a grid, in its community."""
    scope = NEVER
    for post in posts:
        scope |= Q(area_code__under=post.area_code[:COMMUNITY_DIGITS])
    return scope


def works_in(actor: Actor, area_code: str) -> bool:
    """Tell whether somebody works with residents of this community."""
    return any(area_code.startswith(post.area_code[:COMMUNITY_DIGITS]) for post in working(actor))


def serves_in(actor: Actor, area_code: str) -> bool:
    """Tell whether somebody holds any post in the units of a community's street: a visitor who left it visits no more."""
    return any(post.unit_kind in NEAR and post.area_code[:9] == area_code[:9] for post in actor.posts)


def leads_in(actor: Actor, area_code: str) -> bool:
    """Tell whether somebody leads the community's or its street's unit."""
    return any(post.lead and area_code.startswith(post.area_code[:COMMUNITY_DIGITS]) for post in working(actor))
