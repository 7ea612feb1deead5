"""Complaints that the people complained about may not touch: who is left, and what happens when nobody is.

Rule 4 of design/workflow.md: a `conduct` complaint never goes to the unit complained about, a `report` never to it or
any unit below it; "with nobody eligible it goes up or is 移送". Up: the leaders of the units above take the roles that
nobody else is left for. Where there are none either, the case is transferred to 纪检监察 as it is registered, so that
no case lies where nobody may move it (信访工作条例 §30 ¶3, §46(5); facts §7.1).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.choices import Role
from accounts.models import Post, Unit
from accounts.queries import Actor, prefixes
from accounts.querysets import InForceQuerySet, day_of
from cases.choices import Nature
from cases.standing import UNWELCOME_TO_ITS_UNIT

if TYPE_CHECKING:
    from cases.models import Case

#: Roles that steer a case; each is taken by the leaders above when all its holders belong to the unit complained about.
STEERING = (Role.CLERK, Role.DISPATCHER, Role.SUPERVISOR, Role.FOLLOW_UP_OFFICER)
PASS_ON = (Role.CLERK, Role.OPERATOR, Role.DISPATCHER)


def raised_roles(case: Any, actor: Actor, now: datetime) -> tuple[Role, ...]:
    """Return the roles this actor takes in the case because it has gone up to a unit he is leader of."""
    about = _unit_of(case)
    leads_above = [post for post in actor.with_role(Role.LEADER) if about and _is_above(post.unit_path, about.path)]
    if about is None or not leads_above:
        return ()
    held = set(_eligible(case, about, now).values_list("role", flat=True))
    return tuple(role for role in STEERING if role not in held)


def nobody_is_left(case: Case, now: datetime) -> bool:
    """Tell whether neither a desk nor a leader above may take this complaint; asked as it is registered."""
    about = _unit_of(case) if case.nature in UNWELCOME_TO_ITS_UNIT else None
    if about is None or _eligible(case, about, now).filter(role__in=PASS_ON).exists():
        return False
    return not _leaders_above(case, about, now)


def _unit_of(case: Any) -> Unit | None:
    return Unit.objects.filter(pk=case.complained_unit_id).first() if case.complained_unit_id else None


def _is_above(path: str, of: str) -> bool:
    return path != of and of.startswith(path)


def _posts_over(case: Any, now: datetime) -> InForceQuerySet:
    """Posts in force whose area covers the desk that has the case."""
    return Post.objects.in_force(day_of(now)).filter(area_code__in=prefixes(case.desk_area), user__is_active=True)


def _eligible(case: Any, about: Unit, now: datetime) -> InForceQuerySet:
    """Posts over the case of people none of whose posts is in the unit complained about (or, a report, below it)."""
    concerned = Q(unit_id=about.pk)
    if case.nature == Nature.REPORT:
        concerned |= Q(unit__path__startswith=about.path)
    people = Post.objects.in_force(day_of(now)).filter(concerned).values("user_id")
    return _posts_over(case, now).exclude(user_id__in=people)


def _leaders_above(case: Any, about: Unit, now: datetime) -> bool:
    posts = _posts_over(case, now).filter(role=Role.LEADER).select_related("unit")
    return any(_is_above(post.unit.path, about.path) for post in posts)
