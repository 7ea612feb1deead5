"""Whose board it is: an area for the posts with sight of one, a unit for who leads it; a unit within an area for the former."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import Unit
from accounts.queries import Actor
from cases.models import Case
from cases.standing import AREA_ROLES
from cases.statistics import counting
from cases.statistics.counting import Cases
from cases.statistics.scope import Scope
from governance_portal.lib.errors import NotYou, NotYours
from grids.queries import name_of

NOT_YOU = "看板由管一片区域的岗位和单位负责人查看；您的岗位办理单件事项，请看工作台。"


@dataclass(frozen=True)
class Reach:
    """What is counted: the cases, the area the board speaks of, whether it narrows them, the unit, whose ratings."""

    cases: Cases
    area: str
    narrowed: bool
    unit: Unit | None
    reads_ratings: bool


def sees_areas(actor: Actor) -> bool:
    """Whether one of the posts has sight of an area."""
    return any(post.area_code for post in actor.with_role(*AREA_ROLES))


def units_led(actor: Actor) -> list[int]:
    """The ids of the units this person leads."""
    return [post.unit_id for post in actor.posts if post.lead]


def may_look(actor: Actor) -> bool:
    """Whether there is a board for this person."""
    return sees_areas(actor) or bool(units_led(actor))


def reach_of(actor: Actor, area: str, unit: str, now: datetime) -> Reach:
    """Return what a person's board of an area and a unit (either may be "") is counted over.

    Raises NotYou (403) for whoever has no board, NotYours (404) for an area or a unit that is not theirs or unknown.
    """
    if not may_look(actor):
        raise NotYou(NOT_YOU)
    if sees_areas(actor):
        return _of_area(actor, counting.area_for(actor, area), unit, now)
    return _of_unit(actor, area, unit, now)


def _of_area(actor: Actor, area: str, unit: str, now: datetime) -> Reach:
    scope = Scope(actor, area, now)
    if not unit:
        return Reach(scope, area, True, None, True)
    found = Unit.objects.filter(code=unit).first()
    if found is None:
        raise NotYours()
    return Reach(scope.rows.filter(lead_unit_id=found.pk), area, True, found, found.pk not in units_led(actor))


def _of_unit(actor: Actor, area: str, unit: str, now: datetime) -> Reach:
    led = Unit.objects.filter(pk__in=units_led(actor)).order_by("pk")
    found = led.filter(code=unit).first() if unit else led.first()
    if found is None or (area and not name_of(area)):
        raise NotYours()
    rows = Scope(actor, area, now).rows if area else Case.objects.visible_to(actor, now).order_by()
    ground = area or found.area_code or str(settings.PORTAL_DISTRICT)
    return Reach(rows.filter(lead_unit_id=found.pk), ground, bool(area), found, False)
