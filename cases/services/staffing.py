"""Everybody who holds a post today, read at once: a sweep over thousands of cases asks nobody again.

Answers as `accounts.queries.people_holding` and `services.people.officers_of` do; a test holds them to that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Deputy, Post
from accounts.queries import prefixes
from accounts.querysets import day_of
from cases.standing import OFFICER_ROLES

_POST = ("role", "unit_id", "unit__path", "area_code", "lead")


@dataclass
class Staff:
    """Who holds which post on a day, deputies included: user ids of people whose account is in use."""

    by_role: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    officers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    leads: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    units_of_role: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    paths: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def at(cls, now: datetime) -> Staff:
        """Read them; two statements."""
        staff, day = cls(), day_of(now)
        posts = Post.objects.in_force(day)
        for row in posts.order_by().values_list("user_id", "user__is_active", *_POST):
            staff._add(*row)
        acting = Deputy.objects.in_force(day).filter(post__in=posts.values("pk")).order_by()
        for row in acting.values_list("user_id", "user__is_active", *(f"post__{name}" for name in _POST)):
            staff._add(*row)
        return staff

    def _add(self, user: int, active: bool, role: str, unit: int, path: str, area: str, lead: bool) -> None:
        self.paths[user].add(path)
        self.units_of_role[role, area].add(unit)
        if not active:
            return
        self.by_role[role, area].add(user)
        if lead:
            self.leads[unit].add(user)
        if lead or role in OFFICER_ROLES:
            self.officers[unit].add(user)

    def role(self, role: str, area_code: str) -> set[int]:
        """People of a role whose post covers the area."""
        return set().union(*(self.by_role.get((role, code), ()) for code in prefixes(area_code)))

    def leads_over(self, role: str, area_code: str) -> set[int]:
        """Who leads the units in which people of that role sit for the area."""
        units: set[int] = set().union(*(self.units_of_role.get((role, code), ()) for code in prefixes(area_code)))
        return set().union(*(self.leads.get(unit, ()) for unit in units))

    def inside(self, people: Iterable[int], path: str, *, below: bool) -> set[int]:
        """Those of these people who hold a post in the unit of this path, or (below) anywhere under it."""
        return {
            user
            for user in people
            if any(held.startswith(path) if below else held == path for held in self.paths.get(user, ()))
        }
