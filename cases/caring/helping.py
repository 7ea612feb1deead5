"""困难帮扶转介 through its doors: opened from something concrete, with consent, to one named person; forgotten after 90 days.

Source: facts §7.4 (instead of any ledger of persons: by need and not by label, need-to-know, no search, no score, no export, the
person may see and close it); PIPL §§13, 14, 19, 23 (consent, emergency duty, shortest keeping, passing on to another unit).
Two people read a referral: who opened it and the receiving unit's named officer. No lead, no leader, no administrator, no deputy.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.choices import Role
from accounts.models import Post, Unit, User
from accounts.notices import notify
from accounts.queries import Actor, PostView, service_actor
from cases.caring.choices import (
    CONSENT_VERSION,
    HELP_DAYS,
    HelpConsent,
    HelpEnd,
    HelpState,
)
from cases.models import HelpReferral
from cases.needs import Need, clean
from cases.services.finding import find_unit
from cases.standing import OFFICER_ROLES
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import day_of

OPENERS = (Role.CLERK, *OFFICER_ROLES)
ONLY_OPENERS = "帮扶转介由窗口受理员、网格员、承办人、调解员在办事时开，您没有这些岗位。"
WHAT_LIMIT, ANSWER_LIMIT = 300, 300
#: Consent is asked when the referral is opened, not long before.
CONSENT_HOLDS = timedelta(days=7)
NO_LABEL = "写需要什么、已经做了什么；不写病情、诊断、身份标签，也不评价人。"
#: A choice without choices would take any code.
NOBODY = (("", "没有可以接收的人"),)
ENDS = (HelpEnd.HELPED, HelpEnd.ELSEWHERE, HelpEnd.NOT_WANTED)
DONE_NEEDS: tuple[Need, ...] = (
    Need("end", "结果", "choice", choices=tuple((end.value, end.label) for end in ENDS)),
    Need("answer", "告诉本人的话", "longtext", maximum=ANSWER_LIMIT, public=True, help="本人凭编号和查询码看得到。"),
)
RENEW_NEEDS = (Need("consent_on", "哪天再次同意的", "date"),)


def addressees(now: datetime, unit_id: int | None = None) -> tuple[tuple[str, str], ...]:
    """Whom a referral can be addressed to: `(unit/log-in, 单位 · 姓名)` of everybody who handles matters; one statement."""
    posts = Post.objects.in_force(day_of(now)).filter(Q(role__in=OFFICER_ROLES) | Q(lead=True))
    posts = posts.filter(user__is_active=True, unit__active=True)
    if unit_id is not None:
        posts = posts.filter(unit_id=unit_id)
    rows = posts.order_by("unit__kind", "unit__code", "user__username").values_list(
        "unit__code", "unit__name", "user__username", "user__name"
    )
    found = {f"{code}/{login}": f"{unit} · {name}" for code, unit, login, name in rows}
    return tuple(found.items()) or NOBODY


def opening_posts(actor: Actor) -> list[PostView]:
    """The posts somebody opens referrals with."""
    return actor.with_role(*OPENERS)


def visible_to(actor: Actor) -> QuerySet[HelpReferral]:
    """Return what somebody may read: what they opened, what is addressed to them, while they hold a post in that unit."""
    if actor.user_id is None:
        return HelpReferral.objects.none()
    mine = Q(opened_by_id=actor.user_id, opened_from_id__in=actor.unit_ids)
    to_me = Q(officer_id=actor.user_id, unit_id__in=actor.unit_ids)
    return HelpReferral.objects.filter(mine | to_me).select_related("unit", "officer", "opened_by", "opened_from")


def find(actor: Actor, uid: str) -> HelpReferral:
    """Return one of them; NotYours (404) for everybody else, also for their leads."""
    found = visible_to(actor).filter(uid=uid).first()
    if found is None:
        raise NotYours()
    return found


def look(actor: Actor, uid: str, *, now: datetime, **meta: Any) -> HelpReferral:
    """Open one to read it: each look is on record, with its day and who. After its last day it is empty, chore or no chore."""
    found = find(actor, uid)
    if found.expires_on < day_of(now) and expire(found, actor=service_actor("clock"), now=now):
        found = find(actor, uid)
    audit.record(actor, "help_look", f"help:{found.number}", now=now, **meta)
    return found


def addressee(actor: Actor, cleaned: Mapping[str, Any], errors: dict[str, list[str]]) -> tuple[Unit, User] | None:
    """Return the unit and the person that were chosen, None when there was nothing to choose."""
    if "officer" not in cleaned:
        return None
    code, _, login = cleaned["officer"].partition("/")
    unit, found = find_unit("officer", code), User.objects.get(username=login)
    if found.pk == actor.user_id:
        errors.setdefault("officer", ["不用转给自己，请选接收单位的人。"])
    return unit, found


def tell_officer(made: HelpReferral, now: datetime) -> None:
    """Tell the one officer that something waits; not what, and not of whom."""
    body = f"编号 {made.number}，请在“帮扶转介”里查看；只有您和转介人看得到。"
    key = f"help:{made.pk}:{made.officer_id}:{now.isoformat()}"  # who gets it back is told again
    notify([made.officer_id], key, "有一件帮扶转介等您接收", body, kind="other", now=now)


# --- its course ---------------------------------------------------------------------------------------------------


def _locked(actor: Actor, uid: str) -> HelpReferral:
    """Lock one that still stands; NotYours, NotNow."""
    found = find(actor, uid)
    row = HelpReferral.objects.select_for_update().get(pk=found.pk)
    if row.ended_on is not None:
        raise NotNow(
            f"这件转介已经结束（{row.get_end_display()}），个人信息已经清除；还需要帮助的，请问过本人再开一件。"
        )
    return row


def accept(actor: Actor, uid: str, *, now: datetime) -> HelpReferral:
    """The named officer takes it."""
    with transaction.atomic():
        row = _locked(actor, uid)
        if row.officer_id != actor.user_id:
            raise NotYou("由接收单位的接收人接收。")
        if row.state == HelpState.OPENED:
            row.state = HelpState.ACCEPTED
            row.save(update_fields=["state"])
            audit.record(actor, "help_accepted", f"help:{row.number}", now=now)
    return row


def redirect_needs(row: HelpReferral, now: datetime) -> tuple[Need, ...]:
    """Another person of the same unit."""
    return (Need("officer", "改由谁接收", "choice", choices=addressees(now, row.unit_id)),)


def redirect(actor: Actor, uid: str, given: Mapping[str, Any], *, now: datetime) -> HelpReferral:
    """Who opened it passes it to another person of the receiving unit, say when the first is away: the same need, the same unit."""
    with transaction.atomic():
        row = _locked(actor, uid)
        if row.opened_by_id != actor.user_id:
            raise NotYou("改由谁接收，由转介人定。")
        cleaned, errors = clean(redirect_needs(row, now), given)
        to = addressee(actor, cleaned, errors)
        if errors or to is None:
            raise Incomplete(errors)
        _unit, officer = to
        row.officer, row.state = officer, HelpState.OPENED
        row.save(update_fields=["officer", "state"])
        audit.record(actor, "help_redirected", f"help:{row.number}", now=now)
        tell_officer(row, now)
    return row


def renew(actor: Actor, uid: str, given: Mapping[str, Any], *, now: datetime) -> HelpReferral:
    """Another 90 days from a fresh consent of the person, and in no other way."""
    cleaned, errors = clean(RENEW_NEEDS, given)
    today = day_of(now)
    with transaction.atomic():
        row = _locked(actor, uid)
        day = cleaned.get("consent_on")
        if day and (day > today or day < today - CONSENT_HOLDS):
            errors["consent_on"] = [f"请填最近 {CONSENT_HOLDS.days} 天里本人再次同意的日期。"]
        elif day and day <= row.consent_on:
            errors["consent_on"] = ["这是上一次的同意；要续期，请再问一次本人。"]
        if errors or day is None:
            raise Incomplete(errors)
        row.consent, row.consent_on, row.renewals = HelpConsent.PERSON, day, row.renewals + 1
        row.consent_version = CONSENT_VERSION
        row.save(update_fields=["consent", "consent_on", "renewals", "consent_version"])
        audit.record(actor, "help_renewed", f"help:{row.number}", now=now)
    return row


def finish(actor: Actor, uid: str, given: Mapping[str, Any], *, now: datetime) -> HelpReferral:
    """Either of the two ends it and says what the person will read; everything else that was said of them goes at once."""
    cleaned, errors = clean(DONE_NEEDS, given)
    with transaction.atomic():
        row = _locked(actor, uid)
        if errors:
            raise Incomplete(errors)
        _end(row, cleaned["end"], day_of(now), {"words": mask_text(cleaned["answer"])})
        audit.record(actor, "help_ended", f"help:{row.number}", row.get_end_display(), now=now)
    return row


def _end(row: HelpReferral, end: str, today: date, answer: dict[str, str] | None) -> None:
    row.content, row.answer, row.state, row.end, row.ended_on = None, answer, HelpState.CLOSED, end, today
    row.case = None  # a case leads to its people
    row.save(update_fields=["content", "answer", "state", "end", "ended_on", "case"])


def end_by_person(row: HelpReferral, *, actor: Actor, now: datetime) -> None:
    """The person ends it with number and code; idempotent."""
    with transaction.atomic():
        locked = HelpReferral.objects.select_for_update().get(pk=row.pk)
        if locked.ended_on is None:
            _end(locked, HelpEnd.BY_PERSON, day_of(now), None)
            audit.record(actor, "help_ended", f"help:{locked.number}", HelpEnd.BY_PERSON.label, now=now)


def over(today: date) -> QuerySet[HelpReferral]:
    """Those whose 90 days are over and that still know something: contact data, or the words for the person."""
    kept = Q(content__isnull=False) | Q(answer__isnull=False)
    return HelpReferral.objects.filter(kept, consent_on__lt=today - timedelta(days=HELP_DAYS))


def expire(row: HelpReferral, *, actor: Actor, now: datetime) -> bool:
    """Forget one whose time is over; False when it was forgotten or renewed meanwhile."""
    today = day_of(now)
    with transaction.atomic():
        locked = over(today).select_for_update().filter(pk=row.pk).first()
        if locked is None:
            return False
        if locked.ended_on is None:
            _end(locked, HelpEnd.EXPIRED, today, None)
            audit.record(actor, "help_ended", f"help:{locked.number}", HelpEnd.EXPIRED.label, now=now)
        else:
            locked.answer = None
            locked.save(update_fields=["answer"])
    return True
