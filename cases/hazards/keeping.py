"""What is kept beside the cases: inspected quantities, flood materials and rescue teams with their checks.

Rows of things, no events: they belong to no case. Every change leaves an entry in the log. Facts §8 rows 0.41, 1.11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor, PostView
from cases.hazards.choices import HazardClass
from cases.hazards.queries import today_of
from cases.models import FloodCheck, FloodStore, InspectionScope
from cases.needs import Need, clean
from cases.querysets import below
from cases.services.finding import find_unit
from cases.standing import OFFICER_ROLES
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text

#: Who enters what was inspected, and what is kept ready, of their area.
KEEPERS = (Role.DISPATCHER, Role.SUPERVISOR)
READERS = (*KEEPERS, Role.LEADER, Role.CLERK, Role.FOLLOW_UP_OFFICER, Role.OPERATOR)
NOT_YOURS = "由分流员、督办员和中心负责人登记，您没有这些岗位。"
_NUMBER = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
#: Back to so long ago a check may still be written down.
EARLIEST = timedelta(days=366)

SCOPE = (
    Need("hazard_class", "隐患类别", "choice", choices=tuple(HazardClass.choices)),
    Need("what", "检查对象", "text", maximum=40, help="例如商业用户、中压管网、入户检查。"),
    Need("quantity", "数量", "text", maximum=14, help="最多两位小数。"),
    Need("measure", "量词", "text", maximum=8, help="户、座、km。"),
    Need("period", "时段", "text", maximum=40, help="例如 2026 年第三季度。"),
    Need("source", "来源", "text", maximum=200, help="哪份材料、哪个单位报的。"),
)
STORE = (
    Need("kind", "种类", "choice", choices=tuple(FloodStore.Kind.choices)),
    Need("what", "名称", "text", maximum=60, help="例如编织袋、抽水泵、街道应急分队。"),
    Need("place", "存放或集结地点", "text", maximum=120),
    Need("quantity", "数量", "integer", minimum=0, maximum=1_000_000),
    Need("measure", "量词", "text", maximum=8, help="条、台、人。"),
    Need("unit", "保管单位", "unit"),
    Need("phone", "值班电话", "text", maximum=30, help="单位的值班电话，不写个人手机。"),
    Need("every", "每隔几天检查", "integer", minimum=1, maximum=366),
)
CHECK = (
    Need("day", "检查日期", "date"),
    Need("fine", "是否完好、够数", "boolean"),
    Need("quantity", "清点数量", "integer", minimum=0, maximum=1_000_000),
    Need("note", "情况", "text", required=False, help="不完好、不够数的必填。"),
)


def keeping_post(actor: Actor) -> PostView | None:
    """Return the post by which somebody keeps these rows, None for everybody else."""
    return next((post for post in actor.posts if post.area_code and (post.role in KEEPERS or post.leads_centre)), None)


def _cleaned(needs: tuple[Need, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, errors = clean(needs, given)
    if errors:
        raise Incomplete(errors)
    return {
        name: mask_text(value) if isinstance(value, str) and name != "phone" else value
        for name, value in cleaned.items()
    }


def _keeper(actor: Actor) -> PostView:
    post = keeping_post(actor)
    if post is None:
        raise NotYou(NOT_YOURS)
    return post


# --- what was inspected -------------------------------------------------------------------------------------------


def enter_scope(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> InspectionScope:
    """Enter one inspected quantity with its source (`SCOPE`); entered again for the same period it is corrected."""
    post, cleaned = _keeper(actor), _cleaned(SCOPE, given)
    key = {name: cleaned[name] for name in ("hazard_class", "what", "period")} | {"area_code": post.area_code}
    values = {"quantity": _quantity(cleaned["quantity"]), "measure": cleaned["measure"], "source": cleaned["source"]}
    with transaction.atomic():
        row, _new = InspectionScope.objects.update_or_create(
            **key, defaults={**values, "entered_at": now, "entered_by_id": actor.user_id or 0}
        )
        audit.record(actor, "hazard_scope", f"inspection_scope:{row.pk}", "", {"what": row.what}, now=now)
    return row


def _quantity(text: str) -> Decimal:
    plain = text.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise Incomplete({"quantity": ["请填数字，最多两位小数，例如 438.51。"]})
    return Decimal(plain)


# --- flood materials and teams --------------------------------------------------------------------------------------


def stores_of(actor: Actor) -> QuerySet[FloodStore]:
    """Return what is kept ready in the area of somebody's posts, and what their own unit keeps; the next check first."""
    scope = Q(pk__in=())
    for post in actor.posts:
        if post.area_code and (post.role in READERS or post.leads_centre):
            scope |= below("area_code", post.area_code)
        if post.role in OFFICER_ROLES or post.lead:
            scope |= Q(unit_id=post.unit_id)
    return FloodStore.objects.filter(scope, retired_at__isnull=True).select_related("unit").order_by("next_on", "pk")


def _of_own_unit(actor: Actor, store: FloodStore) -> bool:
    return any(post.unit_id == store.unit_id for post in actor.posts)


def may_check(actor: Actor, store: FloodStore) -> bool:
    """Tell whether somebody writes down a check: the keeper's unit, and who keeps the list of this area."""
    post = keeping_post(actor)
    return _of_own_unit(actor, store) or (post is not None and store.area_code.startswith(post.area_code))


def enter_store(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> FloodStore:
    """Enter a material or a team (`STORE`); its first check is due after its interval. NotNow where it stands already."""
    post, cleaned = _keeper(actor), _cleaned(STORE, given)
    unit = find_unit("unit", cleaned.pop("unit"))
    if not unit.area_code.startswith(post.area_code):
        raise Incomplete({"unit": [f"“{unit.name}”不在您的辖区，请另选保管单位。"]})
    return _entered(cleaned, unit, actor, now)


def _entered(cleaned: dict[str, Any], unit: Unit, actor: Actor, now: datetime) -> FloodStore:
    due = today_of(now) + timedelta(days=cleaned["every"])
    try:
        with transaction.atomic():
            row = FloodStore.objects.create(**cleaned, unit=unit, area_code=unit.area_code, next_on=due, entered_at=now)
            audit.record(actor, "flood_store", f"flood_store:{row.pk}", "", {"what": row.what}, now=now)
    except IntegrityError as twice:
        raise NotNow("这个单位在这个地点已经登记过同名的物资或队伍，请在那一条登记检查。") from twice
    return row


def find_store(pk: int, actor: Actor) -> FloodStore:
    """Return one in sight; NotYours (404) otherwise."""
    found = stores_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def check_store(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> FloodCheck:
    """Write down a check (`CHECK`); the next one is counted from its day. One a day, of a day that has come."""
    store, cleaned = find_store(pk, actor), _cleaned(CHECK, given)
    if not may_check(actor, store):
        raise NotYou("检查由保管单位、分流员、督办员登记，您没有这些岗位。")
    today = today_of(now)
    if not today - EARLIEST <= cleaned["day"] <= today:
        raise Incomplete({"day": ["请填今天或最近一年里已经过去的日期。"]})
    if not cleaned["fine"] and not cleaned.get("note"):
        raise Incomplete({"note": ["不完好、不够数的，请写明缺什么、坏什么。"]})
    with transaction.atomic():
        store = FloodStore.objects.select_for_update().get(pk=store.pk)
        if store.checks.filter(day=cleaned["day"]).exists():
            raise NotNow("这一天的检查已经登记过了，请看最新情况。")
        made = FloodCheck.objects.create(store=store, by_id=actor.user_id or 0, **{"note": "", **cleaned})
        if store.last_on is None or made.day >= store.last_on:
            store.last_on, store.next_on = made.day, made.day + timedelta(days=store.every)
            store.quantity, store.told_at = made.quantity, None
            store.save(update_fields=["last_on", "next_on", "quantity", "told_at"])
        audit.record(actor, "flood_check", f"flood_store:{store.pk}", "", {"fine": made.fine}, now=now)
    return made


def retire_store(pk: int, *, actor: Actor, now: datetime) -> FloodStore:
    """Take a material or a team off the list; its checks stay."""
    post, store = _keeper(actor), find_store(pk, actor)
    if not store.area_code.startswith(post.area_code):
        raise NotYou(NOT_YOURS)
    with transaction.atomic():
        store.retired_at = now
        store.save(update_fields=["retired_at"])
        audit.record(actor, "flood_store_retired", f"flood_store:{store.pk}", "", {"what": store.what}, now=now)
    return store
