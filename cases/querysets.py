"""Filters named as adjectives, and the reading door: what a person may see."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.mapping.lying import lying_in
from cases.standing import AREA_ROLES, OFFICER_ROLES
from governance_portal.lib import prefixes  # noqa: F401  the lookup `under`
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import ground_codes_of

if TYPE_CHECKING:
    from cases.models import Case, Deadline  # noqa: F401

NEVER = Q(pk__in=())
GRID_DIGITS = 15


def below(field: str, prefix: str) -> Q:
    """Match codes that begin with a prefix, as a range that any index of the column can serve."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix[:-1] + chr(ord(prefix[-1]) + 1)})


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, narrowed."""

    def visible_to(self, actor: Actor, now: datetime) -> CaseQuerySet:
        """Return what this person may see (workflow.md "Who sees what"); every reader goes through here.

        A conduct complaint is hidden from the people of the unit complained about, a report of wrongdoing also from
        those of every unit below it (rule 4).
        """
        return self.in_sight_of(actor, own_grids(actor, now))

    def in_sight_of(self, actor: Actor, grids: tuple[str, ...]) -> CaseQuerySet:
        """Return what somebody of these posts, on duty in these grids, may see: `visible_to` without its question.

        For statements that are kept; the actor and the grids are then part of what they are kept by.
        """
        if actor.service:
            return self if actor.service in ("clock", "integration") else self.none()
        scope = NEVER
        assisting = self.model._meta.get_field("assisting_rows").related_model
        for post in actor.posts:
            scope |= _scope(post, assisting)
        if grids and actor.has(Role.GRID_WORKER):
            scope |= lying_in(*grids)
        if actor.has(Role.VOLUNTEER):
            scope |= Q(registered_by_id=actor.user_id) | self._handed_to(actor, grids)
        return self.filter(scope).exclude(about_own_unit(actor))

    def _handed_to(self, actor: Actor, grids: tuple[str, ...]) -> Q:
        """What one of the grid's three handed to this volunteer (cases.phone.handing), while it is open and the duty lasts.

        Never what is about a unit here or told in confidence, whatever became of it since it was handed over.
        """
        if not grids:
            return NEVER
        handed: Any = self.model._meta.get_field("hand_overs").related_model
        mine = handed.objects.filter(to_user_id=actor.user_id, ended_at__isnull=True)
        plain = Q(status__in=c.OPEN, confidential=False) & ~Q(nature__in=(c.Nature.CONDUCT, c.Nature.REPORT))
        return Q(grid_code__in=grids, pk__in=mine.values("case_id")) & plain

    def open(self) -> CaseQuerySet:
        """Neither declined nor closed, merged, archived."""
        return self.filter(status__in=c.OPEN)

    def overdue(self, now: datetime) -> CaseQuerySet:
        """The resident's clock runs and its date has passed."""
        return self.filter(due_running=True, due_at__lt=now)

    def due_soon(self, now: datetime) -> CaseQuerySet:
        """The resident's clock runs and its warning time has come (即将超时)."""
        return self.filter(due_running=True, due_at__gte=now, due_warn_at__lte=now)

    def within(self, area_code: str) -> CaseQuerySet:
        """In this area or below it."""
        return self.filter(area_code__under=area_code)


def ratings_read_by(actor: Actor) -> Q:
    """The cases by whose rating this person may narrow a list: those of their area; never because their unit handles them.

    A list narrowed by how residents rated would tell the handling unit who was unhappy (workflow.md "Who sees what").
    """
    found = NEVER
    for post in actor.posts:
        if (post.role in AREA_ROLES or post.leads_centre) and post.area_code:
            found |= below("area_code", post.area_code)
    return found


def own_grids(actor: Actor, now: datetime) -> tuple[str, ...]:
    """Return the codes of the grids somebody is on duty in today; a query for grid workers and volunteers only."""
    if not (actor.has(Role.GRID_WORKER, Role.VOLUNTEER) and actor.user_id):
        return ()
    return tuple(ground_codes_of(actor.user_id, now.astimezone(SHANGHAI).date()))


def _scope(post: Any, assisting: Any) -> Q:
    area = Q(area_code__under=post.area_code) if post.role in AREA_ROLES and post.area_code else NEVER
    if post.role in OFFICER_ROLES or post.lead:  # a lead, whatever the role, also sees what the unit leads elsewhere
        unit = Q(lead_unit_id=post.unit_id) | Q(pk__in=assisting.objects.filter(unit_id=post.unit_id).values("case_id"))
        if post.role == Role.GRID_WORKER and len(post.area_code) == GRID_DIGITS:
            unit |= lying_in(post.area_code)
        return area | unit
    return area


def about_own_unit(actor: Actor) -> Q:
    """What is hidden from somebody wherever it lies: conduct complaints and reports about their own units (rule 4)."""
    units = actor.unit_ids
    about = Q(nature=c.Nature.CONDUCT, complained_unit_id__in=units)
    for post in actor.posts:
        ancestors = [int(pk) for pk in post.unit_path.strip("/").split("/") if pk]
        about |= Q(nature=c.Nature.REPORT, complained_unit_id__in=ancestors)
    return about if actor.posts else NEVER


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines, narrowed."""

    def to_warn(self, now: datetime) -> DeadlineQuerySet:
        """Running, and due soon or late."""
        return self.filter(running=True, warn_at__lte=now)
