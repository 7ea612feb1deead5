"""A plan through its doors: agreed to, revoked at once, opened for a reason on record; and the six who visit in turn.

Source: facts row 4.7 (两长四员), row 4.6 (opt-in, revocable, no health record); PIPL §§14–16 (consent, its withdrawal, and no
service refused to who does not give it), §51 (masking, unmasking for a reason).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Post, User
from accounts.queries import Actor
from cases.caring.choices import (
    CONSENT_VERSION,
    LONGEST_INTERVAL,
    SHORTEST_INTERVAL,
    ConsentBy,
    PlanEnd,
    VisitorRole,
)
from cases.caring.posts import NEAR, working, works_in
from cases.caring.queries import NO_POST, communities_of, find_plan, standing
from cases.caring.rota import next_day
from cases.intake import check_contact
from cases.models import CarePlan, CareVisitor, HelpReferral
from cases.needs import Need, clean
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.working_days import day_of

#: Consent of long ago is asked anew.
CONSENT_HOLDS = timedelta(days=90)
#: A choice without choices would take any code.
NOWHERE = (("", "没有您的社区"),)
NOT_HERE = "这个社区的探访由本社区和所属街道的工作人员办理。"


def plan_needs(actor: Actor) -> tuple[Need, ...]:
    """What a plan asks for: whom, where, who agreed and when. Nothing about health, kin or means."""
    return (
        Need("area", "社区（村）", "choice", choices=tuple(communities_of(actor)) or NOWHERE),
        Need("name", "老人姓名", "text", maximum=60),
        Need("phone", "电话", "text", required=False, maximum=30),
        Need("address", "住址", "text", maximum=200, help="上门用，只有去探访的人写明理由才能看。"),
        Need("consent_by", "谁同意的", "choice", choices=tuple(ConsentBy.choices)),
        Need("consent_on", "哪天同意的", "date"),
        Need(
            "interval_days", "几天探访一次", "integer", minimum=SHORTEST_INTERVAL, maximum=LONGEST_INTERVAL,
            help=f"{SHORTEST_INTERVAL} 到 {LONGEST_INTERVAL} 天，每月至少一次。",
        ),
        Need("told", "已把上面的话念给本人听，本人（监护人）同意", "boolean"),
    )  # fmt: skip


def agree(actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> tuple[CarePlan, bool]:
    """Open a plan for somebody who agreed; answers it and whether it is new (the same `client_id` answers the first again).

    NotYou; Incomplete beside the fields.
    """
    if not working(actor):
        raise NotYou(NO_POST)
    if client_id and (before := _sent(actor, client_id)):
        return before, False
    cleaned, errors = clean(plan_needs(actor), given)
    today = day_of(now)
    if "consent_on" in cleaned and "consent_on" not in errors:
        errors |= _consent_errors(cleaned["consent_on"], today)
    if cleaned.get("told") is False:
        errors["told"] = ["没有同意的，不能登记；不同意不影响享受任何服务。"]
    contact = {name: cleaned.get(name, "") for name in ("name", "phone", "address")}
    if not errors:
        try:
            check_contact(contact, "老人")
        except ValueError as refused:
            errors["phone"] = [str(refused)]
    if errors:
        raise Incomplete(errors)
    try:
        with transaction.atomic():
            plan = CarePlan.objects.create(
                area_code=cleaned["area"],
                contact=contact,
                consent_by=cleaned["consent_by"],
                consent_on=cleaned["consent_on"],
                consent_version=CONSENT_VERSION,
                interval_days=cleaned["interval_days"],
                next_on=next_day(today, cleaned["interval_days"]),
                made_by_id=actor.user_id or 0,
                client_id=client_id,
            )
            audit.record(actor, "care_plan", f"care:{plan.uid}", now=now)
    except IntegrityError:
        if client_id and (before := _sent(actor, client_id)):
            return before, False
        raise
    return plan, True


def _sent(actor: Actor, client_id: str) -> CarePlan | None:
    return CarePlan.objects.filter(made_by_id=actor.user_id or 0, client_id=client_id).first()


def _consent_errors(day: date, today: date) -> dict[str, list[str]]:
    if day > today:
        return {"consent_on": ["同意的日期不能晚于今天。"]}
    if day < today - CONSENT_HOLDS:
        return {"consent_on": [f"同意已经过了 {CONSENT_HOLDS.days} 天，请再问一次本人。"]}
    return {}


def end(actor: Actor, uid: str, why: str, *, now: datetime) -> CarePlan:
    """End a plan at once: contact data and what was said go in the same transaction, a bare row stays (PIPL §15, §47).

    why: `revoked` or `over`. NotYours, NotYou, Incomplete.
    """
    with transaction.atomic():
        found = find_plan(actor, uid)
        if not works_in(actor, found.area_code):
            raise NotYou(NOT_HERE)
        if why not in PlanEnd.values:
            raise Incomplete({"why": ["请选择结束的原因。"]})
        plan = standing().select_for_update().filter(pk=found.pk).first()
        if plan is None:
            raise NotYours()
        plan.contact, plan.next_on, plan.last_on, plan.last_role, plan.told_for = None, None, None, "", None
        plan.client_id, plan.ended_on, plan.ended_why = "", day_of(now), why
        plan.save()
        plan.visits.update(said=None, case=None)
        HelpReferral.objects.filter(visit__plan=plan).update(visit=None)
        audit.record(actor, "care_end", f"care:{plan.uid}", PlanEnd(why).label, now=now)
    return plan


def reveal(actor: Actor, uid: str, reason: str, *, now: datetime, **meta: Any) -> dict[str, str]:
    """Show name, phone and address of one plan to who visits, for a reason, on record."""
    plan = find_plan(actor, uid)
    if len((reason or "").strip()) < 2 or len(reason) > 100 or "\x00" in reason:
        raise Incomplete({"reason": ["请写明理由（2 到 100 字），例如“上门探访”。"]})
    audit.record(actor, "care_unmask", f"care:{plan.uid}", reason.strip(), now=now, **meta)
    contact = plan.contact or {}
    return {name: contact.get(name, "") for name in ("name", "phone", "address")}


# --- who visits ---------------------------------------------------------------------------------------------------


def rota_needs(area_code: str, now: datetime) -> tuple[Need, ...]:
    """A name for each of the six roles, and perhaps the account of who has one."""
    people = tuple(sorted((user.username, user.name) for user in _people(area_code, now)))
    found: list[Need] = []
    for role, label in VisitorRole.choices:
        found.append(Need(role, label, "text", required=False, maximum=40))
        if people:
            found.append(Need(f"{role}_account", f"{label}的账号", "choice", required=False, choices=people))
    return tuple(found)


def _people(area_code: str, now: datetime) -> list[User]:
    """Who holds a post in the community's unit or its street's, volunteers too; one statement."""
    posts = Post.objects.in_force(day_of(now)).filter(
        unit__kind__in=NEAR, unit__area_code__in=(area_code, area_code[:9])
    )
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("username"))


def set_rota(actor: Actor, area_code: str, given: Mapping[str, Any], *, now: datetime) -> int:
    """Name who visits in each role of a community; an empty name takes the role off the rota. Answers how many are named."""
    if not works_in(actor, area_code):
        raise NotYours()
    if area_code not in dict(communities_of(actor)):
        raise NotYours()
    needs = rota_needs(area_code, now)
    cleaned, errors = clean(needs, given)
    for role in VisitorRole.values:
        if cleaned.get(f"{role}_account") and not cleaned.get(role):
            errors.setdefault(role, ["选了账号的，请把姓名也填上。"])
    if errors:
        raise Incomplete(errors)
    accounts = {user.username: user for user in _people(area_code, now)}
    with transaction.atomic():
        CareVisitor.objects.filter(area_code=area_code).delete()
        rows = [
            CareVisitor(
                area_code=area_code,
                role=role,
                name=cleaned[role],
                user=accounts.get(cleaned.get(f"{role}_account", "")),
            )
            for role in VisitorRole.values
            if cleaned.get(role)
        ]
        try:
            CareVisitor.objects.bulk_create(rows)
        except IntegrityError as raced:
            raise NotNow("刚刚有人改过探访人员，请看过最新的再改。") from raced
        audit.record(actor, "care_rota", f"area:{area_code}", "", {"roles": len(rows)}, now=now)
    return len(rows)
