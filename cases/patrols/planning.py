"""Plans through their door: made, changed for the future only, ended. Source: facts §6.1, §8 rows 0.10, 2.3."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.queries import Actor
from cases.models import PatrolPlan, PatrolPoint
from cases.needs import is_storable
from cases.patrols.drafting import ONLY_PLANNERS, Draft, check_plan, reached_by
from cases.patrols.making import drop_from, make_ahead
from cases.patrols.places import MOST_TYPED
from cases.patrols.queries import find_plan, may_change, today_of
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text

REASON_LIMIT = 200
_DAY = timedelta(days=1)


def plan(actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> PatrolPlan:
    """Save a plan and make the tasks of its first days. The same `client_id` from the same person answers the first again."""
    if client_id and (before := _answered(actor, client_id)):
        return before
    draft = check_plan(actor, given, now=now)
    if not reached_by(draft):
        raise Incomplete({"area": ["这个范围里没有在用的网格，请改选范围。"]})
    try:
        with transaction.atomic():
            made = _save(actor, draft, now, client_id=client_id)
    except IntegrityError:
        if client_id and (before := _answered(actor, client_id)):
            return before
        raise
    return made


def _answered(actor: Actor, client_id: str) -> PatrolPlan | None:
    return PatrolPlan.objects.filter(made_by_id=actor.user_id or 0, client_id=client_id[:64]).first()


def _save(
    actor: Actor, draft: Draft, now: datetime, *, client_id: str = "", follows: PatrolPlan | None = None
) -> PatrolPlan:
    made = PatrolPlan.objects.create(
        **draft.columns, made_by_id=actor.user_id or 0, made_at=now, client_id=client_id[:64], follows=follows
    )
    made.grids.set(draft.grids)
    PatrolPoint.objects.bulk_create(
        PatrolPoint(plan=made, grid_id=one.grid_id, position=place, name=one.name, place=one.place)
        for place, one in enumerate(draft.points, start=1)
    )
    make_ahead(made.pk, today_of(now))
    made.refresh_from_db()
    detail = {"kind": made.kind, "from": str(made.first_day)}
    audit.record(actor, "patrol_plan", f"patrol:{made.pk}", made.end_reason, detail, now=now)
    return made


def change(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> PatrolPlan:
    """Let a plan go on otherwise from tomorrow (or a later `first_day`) on: the next version; what was and is today stays."""
    with transaction.atomic():
        old = _standing(actor, pk, now)
        draft = check_plan(actor, given, now=now, earliest=today_of(now) + _DAY)
        begins = draft.columns["first_day"]
        if not reached_by(draft):
            raise Incomplete({"area": ["这个范围里没有在用的网格，请改选范围。"]})
        _stop(old, begins, "改为新的一版")
        return _save(actor, draft, now, follows=old)


def check_change(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> Draft:
    """Return the next version as it can be saved; what `change` refuses."""
    found = find_plan(actor, pk)
    check_standing(actor, found, now)
    return check_plan(actor, given, now=now, earliest=today_of(now) + _DAY)


def end(actor: Actor, pk: int, reason: str, *, now: datetime) -> PatrolPlan:
    """End a plan from tomorrow on, for a reason; a plan that has not begun has no tasks at all any more."""
    text = reason.strip()
    if not text or len(text) > REASON_LIMIT or not is_storable(text):
        raise Incomplete({"reason": [f"请写明停止的原因，最多 {REASON_LIMIT} 字。"]})
    with transaction.atomic():
        standing = _standing(actor, pk, now)
        _stop(standing, today_of(now) + _DAY, mask_text(text))
        audit.record(actor, "patrol_end", f"patrol:{standing.pk}", standing.end_reason, now=now)
    return standing


def _standing(actor: Actor, pk: int, now: datetime) -> PatrolPlan:
    """Lock a plan that this person plans and that goes on; NotYours, NotYou, NotNow."""
    find_plan(actor, pk)
    found = PatrolPlan.objects.select_for_update().get(pk=pk)
    check_standing(actor, found, now)
    return found


def check_standing(actor: Actor, found: PatrolPlan, now: datetime) -> None:
    """Refuse a plan that this person does not plan (NotYou), or that does not go on (NotNow)."""
    if not may_change(actor, found):
        raise NotYou(ONLY_PLANNERS)
    if found.is_campaign:
        raise NotNow("专项不改周期；清单可以补充导入，到期请结清。")
    if found.ends_on is not None or (found.last_day is not None and found.last_day < today_of(now)):
        raise NotNow("这一版计划已经停止；请打开现在的一版，或者新排一个。")


def _stop(old: PatrolPlan, day: date, reason: str) -> None:
    old.ends_on, old.end_reason = day, reason
    old.save(update_fields=["ends_on", "end_reason"])
    drop_from(old, day)


def points_text(plan: PatrolPlan) -> str:
    """Return the points of a plan as lines of the form."""
    rows = plan.points.select_related("grid").order_by("position")[:MOST_TYPED]
    return "\n".join("，".join([row.name, row.place, row.grid.code if row.grid else ""]).rstrip("，") for row in rows)


def as_given(plan: PatrolPlan) -> dict[str, Any]:
    """Return a plan as its form would have given it, for the next version."""
    return {
        **{name: getattr(plan, name) for name in ("kind", "name", "look_for", "duty_kind", "repeat", "special")},
        "area": plan.area_code,
        "every": str(plan.every),
        "weekdays": plan.weekdays.split(",") if plan.weekdays else [],
        "month_days": plan.month_days.replace(",", "、"),
        "last_day": plan.last_day.isoformat() if plan.last_day else "",
        "grids": "\n".join(plan.grids.order_by("code").values_list("code", flat=True)),
        "points": points_text(plan),
    }
