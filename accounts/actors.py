"""Whoever acts, as plain values: the rules ask an `Actor`, never the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from accounts.choices import UnitKind


@dataclass(frozen=True)
class PostView:
    """One post in force, held or stood in for (`acting_for` = the absent holder's name)."""

    id: int
    role: str
    unit_id: int
    unit_code: str
    unit_name: str
    unit_kind: str
    unit_path: str
    area_code: str
    lead: bool
    acting_for: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def leads_centre(self) -> bool:
        """Marked lead of a centre (综治中心)."""
        return self.lead and self.unit_kind == UnitKind.CENTRE

    def covers(self, area_code: str) -> bool:
        """True when the area lies inside this post's area (codes are prefixes)."""
        return bool(self.area_code) and area_code.startswith(self.area_code)


@dataclass(frozen=True)
class Actor:
    """Whoever acts, at one moment, with everything the rules ask about them; `service` names a service account.

    Nobody (not logged in) is `Actor(user_id=None, username="", name="", posts=(), service=None)`.
    """

    user_id: int | None
    username: str
    name: str
    posts: tuple[PostView, ...] = ()
    service: str | None = None

    def has(self, *roles: str) -> bool:
        """Holds a post of any of these roles today."""
        return any(post.role in roles for post in self.posts)

    def with_role(self, *roles: str) -> list[PostView]:
        """The posts of these roles."""
        return [post for post in self.posts if post.role in roles]

    def only(self, post_id: int | None) -> Actor:
        """The same person in that one post; with every post when none is chosen or it is not held (any more)."""
        chosen = tuple(post for post in self.posts if post.id == post_id)
        return replace(self, posts=chosen) if chosen else self

    def leads(self, unit_id: int) -> bool:
        """Holds a post marked lead of exactly this unit."""
        return any(post.lead and post.unit_id == unit_id for post in self.posts)

    @property
    def leads_centre(self) -> bool:
        """Leads a centre (中心负责人)."""
        return any(post.leads_centre for post in self.posts)

    @property
    def unit_ids(self) -> set[int]:
        """Units of all posts."""
        return {post.unit_id for post in self.posts}

    @property
    def lead_posts(self) -> list[PostView]:
        """The posts marked lead."""
        return [post for post in self.posts if post.lead]


NOBODY = Actor(user_id=None, username="", name="")
