"""A referral opened: from a request, a case or a visit, with consent or in an emergency; everything between its fields."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.queries import Actor
from cases.caring.choices import CONSENT_VERSION, HelpConsent, HelpGround, HelpNeed
from cases.caring.helping import (
    CONSENT_HOLDS,
    NO_LABEL,
    ONLY_OPENERS,
    WHAT_LIMIT,
    addressee,
    addressees,
    opening_posts,
    tell_officer,
)
from cases.caring.queries import plans_of
from cases.intake import check_contact
from cases.models import CareVisit, Case, HelpReferral
from cases.needs import Need, clean
from cases.numbering import next_serial
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.numbers import case_number, parse_number
from governance_portal.lib.working_days import day_of


def help_needs(now: datetime) -> tuple[Need, ...]:
    """What a referral asks for; the people it can be addressed to are those in office now. One statement."""
    return (
        Need("need", "需要什么", "choice", choices=tuple(HelpNeed.choices)),
        Need("ground", "怎么提出来的", "choice", choices=tuple(HelpGround.choices)),
        Need("number", "事项的受理编号", "text", required=False, maximum=30, help="办理事项时提出的才填。"),
        Need("name", "本人姓名", "text", maximum=60),
        Need("phone", "本人电话", "text", required=False, maximum=30),
        Need("address", "住址", "text", required=False, maximum=200, help="需要上门的才填。"),
        Need("what", "具体要什么帮助", "longtext", maximum=WHAT_LIMIT, help=NO_LABEL),
        Need("officer", "转给谁", "choice", choices=addressees(now), help="只有您和这个人看得到。"),
        Need("consent", "依据", "choice", choices=tuple(HelpConsent.choices)),
        Need("consent_on", "哪天同意的", "date", help="紧急情况填今天。"),
        Need("urgent", "紧急的理由", "text", required=False, maximum=200, help="只有紧急情况才填：不马上转会怎样。"),
    )


def open_referral(
    actor: Actor, given: Mapping[str, Any], *, now: datetime, visit_uid: str = "", client_id: str = ""
) -> tuple[HelpReferral, bool]:
    """Open a referral; answers it and whether it is new (the same `client_id` answers the first again).

    given: `help_needs` by name; `visit_uid` is the visit it comes from. NotYou; Incomplete beside the fields.
    """
    post = next(iter(opening_posts(actor)), None)
    if post is None:
        raise NotYou(ONLY_OPENERS)
    if client_id and (before := _sent(actor, client_id)):
        return before, False
    cleaned, errors = clean(help_needs(now), given)
    today = day_of(now)
    for name, sentences in _between(cleaned, today).items():
        errors.setdefault(name, sentences)
    case = _case(actor, cleaned, errors, now)
    visit = _visit(actor, cleaned, visit_uid, errors)
    to = addressee(actor, cleaned, errors)
    if errors or to is None:
        raise Incomplete(errors)
    unit, officer = to
    try:
        with transaction.atomic():
            made = HelpReferral.objects.create(
                number=case_number(today, "0", next_serial()),
                area_code=visit.plan.area_code if visit else case.area_code if case else post.area_code,
                need=cleaned["need"],
                ground=cleaned["ground"],
                case=case,
                visit=visit,
                content=_content(cleaned),
                consent=cleaned["consent"],
                consent_on=cleaned["consent_on"],
                consent_version=CONSENT_VERSION,
                opened_by_id=actor.user_id or 0,
                opened_from_id=post.unit_id,
                opened_on=today,
                unit=unit,
                officer=officer,
                client_id=client_id,
            )
            audit.record(actor, "help_opened", f"help:{made.number}", now=now)
            tell_officer(made, now)
    except IntegrityError:
        if client_id and (before := _sent(actor, client_id)):
            return before, False
        raise
    return made, True


def _sent(actor: Actor, client_id: str) -> HelpReferral | None:
    return HelpReferral.objects.filter(opened_by_id=actor.user_id or 0, client_id=client_id).first()


def _content(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: mask_text(cleaned.get(name, "")) for name in ("what", "urgent")}
    return {**{name: cleaned.get(name, "") for name in ("name", "phone", "address")}, **said}


def _between(cleaned: Mapping[str, Any], today: date) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    urgent = cleaned.get("consent") == HelpConsent.EMERGENCY
    if urgent and not cleaned.get("urgent"):
        errors["urgent"] = ["紧急情况先转介的，请写明不马上转会怎样，并在事后告知本人。"]
    if not urgent and cleaned.get("urgent"):
        errors["urgent"] = ["本人同意的不用写紧急的理由。"]
    if day := cleaned.get("consent_on"):
        if day > today:
            errors["consent_on"] = ["同意的日期不能晚于今天。"]
        elif day < today - CONSENT_HOLDS:
            errors["consent_on"] = [f"同意已经过了 {CONSENT_HOLDS.days} 天，请再问一次本人。"]
    try:
        check_contact({name: cleaned.get(name, "") for name in ("name", "phone", "address")}, "本人")
    except ValueError as refused:
        errors["phone"] = [str(refused)]
    return errors


def _case(actor: Actor, cleaned: Mapping[str, Any], errors: dict[str, list[str]], now: datetime) -> Case | None:
    if cleaned.get("ground") != HelpGround.CASE:
        if cleaned.get("number"):
            errors.setdefault("number", ["不是办理事项时提出的，不填受理编号。"])
        return None
    number = parse_number(cleaned.get("number", "")) or "-"
    found = Case.objects.visible_to(actor, now).filter(number=number).first()
    if found is None:
        errors.setdefault("number", ["没有找到这个受理编号，或者不在您的管辖范围内。"])
    return found


def _visit(actor: Actor, cleaned: Mapping[str, Any], visit_uid: str, errors: dict[str, list[str]]) -> CareVisit | None:
    if cleaned.get("ground") != HelpGround.VISIT:
        return None
    found = visit_of(actor, visit_uid)
    if found is None:
        errors.setdefault("ground", ["探访时提出的，请从那次探访的页面点“开帮扶转介”。"])
    return found


def visit_of(actor: Actor, visit_uid: str) -> CareVisit | None:
    """Return a visit of a plan in force that somebody works with, to open a referral from it."""
    try:
        key = uuid.UUID(str(visit_uid))
    except ValueError:
        return None
    return CareVisit.objects.filter(uid=key, plan__in=plans_of(actor)).select_related("plan").first()
