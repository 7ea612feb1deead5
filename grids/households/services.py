"""Who manages which ground: a row begun, a row ended; under the lock of the community, with an entry in the log."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from grids.households.models import PropertyCompany, PropertyService
from grids.models import Area, Grid

NOT_YOURS = "物业服务由综治中心负责人登记，您没有这个岗位。"
COMMUNITY_DIGITS = 12


def need_keeper(actor: Actor) -> None:
    """NotYou for everybody but the centre's lead."""
    if not actor.leads_centre:
        raise NotYou(NOT_YOURS)


def begin(
    company: str,
    estate: str,
    area_code: str,
    households: int | None,
    first: date,
    *,
    actor: Actor,
    now: datetime,
) -> PropertyService:
    """Write down that a company serves a ground from a day on; Incomplete where another one (or the same) serves it then."""
    need_keeper(actor)
    with transaction.atomic():
        community = (
            Area.objects.select_for_update().filter(code=area_code[:COMMUNITY_DIGITS], level="community").first()
        )
        _check_ground(area_code, community, actor)
        _check_free(area_code, first)
        by, _new = PropertyCompany.objects.get_or_create(name=company)
        row = PropertyService.objects.create(
            company=by, estate=estate, area_code=area_code, households=households, starts_on=first
        )
        told = {"area": area_code, "from": str(first), "households": households}
        audit.record(actor, "property_service", f"property:{row.pk}", "", told, now=now)
    return row


def end(pk: int, day: date, *, actor: Actor, now: datetime) -> PropertyService:
    """End a row on a day: from then on the company no longer serves there. NotYours for none of the own district."""
    need_keeper(actor)
    with transaction.atomic():
        row = PropertyService.objects.select_for_update(of=("self",)).select_related("company").filter(pk=pk).first()
        if row is None or not _covers(actor, row.area_code):
            raise NotYours()
        if day < row.starts_on:
            raise Incomplete({"on": [f"不能早于进驻的那天（{row.starts_on:%Y-%m-%d}）。"]})
        if row.ends_on and day > row.ends_on:
            raise Incomplete({"on": [f"已定于 {row.ends_on:%Y-%m-%d} 撤出，只能提前。"]})
        row.ends_on = day
        row.save(update_fields=["ends_on"])
        audit.record(actor, "property_service_ended", f"property:{row.pk}", "", {"on": str(day)}, now=now)
    return row


def _covers(actor: Actor, area_code: str) -> bool:
    return any(post.leads_centre and post.covers(area_code) for post in actor.posts)


def _check_ground(area_code: str, community: Area | None, actor: Actor) -> None:
    known = community is not None and (
        len(area_code) == COMMUNITY_DIGITS or Grid.objects.active().filter(code=area_code).exists()
    )
    if not known or not _covers(actor, area_code):
        raise Incomplete({"area": ["没有这个社区或网格，请从列表中选择。"]})


def _check_free(area_code: str, first: date) -> None:
    """A ground is one company's on a day: neither it, nor what it lies in, nor a part of it is another's."""
    around = Q(area_code=area_code[:COMMUNITY_DIGITS]) | Q(area_code=area_code)
    if len(area_code) == COMMUNITY_DIGITS:
        around |= Q(area_code__startswith=area_code)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=first)
    other = PropertyService.objects.filter(around, lasting).select_related("company").first()
    if other is not None:
        until = f"{other.ends_on:%Y-%m-%d} 前" if other.ends_on else "至今"
        said = f"{other.company}已从 {other.starts_on:%Y-%m-%d} 起服务“{other.estate}”（{until}），请先结束那一条，或者按网格填写。"
        raise Incomplete({"area": [said]})
