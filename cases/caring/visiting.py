"""A visit written down: a day, who went, what was found. Somebody in need is helped on: a case, or a referral with consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.queries import Actor
from cases.caring.choices import Found, VisitorRole
from cases.caring.queries import find_plan, standing
from cases.caring.rota import next_day
from cases.models import CarePlan, CareVisit
from cases.needs import Need, clean
from cases.services.registering import REGISTRARS, register
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import day_of

WORDS_LIMIT = 200
#: Written down afterwards, say after days without a network.
LATE_DAYS = 31
#: What follows a visit that found a need.
NEXT = (("help", "开帮扶转介（本人同意）"), ("case", "登记为事项（本人要求办的事）"), ("none", "当面已经解决"))
NO_HEALTH = "写帮了什么、要什么；不写病情、诊断、用药、身份证号和电话。"
ONCE = "这一天已经登记过探访，不用再登记。"


def visit_needs(today: date) -> tuple[Need, ...]:
    """What a visit asks for: three taps and at most a few words; a hint where people would write an illness."""
    return (
        Need("found", "情况", "choice", choices=tuple(Found.choices)),
        Need("role", "谁去的", "choice", choices=tuple(VisitorRole.choices)),
        Need("day", "哪天去的", "date"),
        Need("words", "说明", "text", required=False, maximum=WORDS_LIMIT, help=NO_HEALTH),
        Need("then", "需帮助的，接着怎么办", "choice", required=False, choices=NEXT),
    )


@dataclass(frozen=True)
class Visited:
    """The visit, whether this submission made it, the case it opened, if one; `then` is "help" while somebody is to help on."""

    visit: CareVisit
    fresh: bool
    case_number: str = ""
    then: str = ""


def visit(actor: Actor, uid: str, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> Visited:
    """Write a visit down; the next one is due an interval after its day.

    given: `found, role, day, words?, then?`. `then` "case" registers a matter through the door, in the transaction of the visit, in
    the person's name as they asked; "help" leads on to a referral, which asks for its own consent. The same `client_id` answers the
    first again; a second visit of the same day is NotNow. NotYours, Incomplete.
    """
    if client_id and (before := _sent(actor, client_id)):
        if str(before.plan.uid) != str(uid):
            raise NotNow("同一个提交号已经用于另一次探访；请重新提交。")
        return _answer(before, fresh=False)
    plan = find_plan(actor, uid)
    cleaned = _cleaned(actor, given, day_of(now))
    try:
        with transaction.atomic():
            locked = standing().select_for_update().filter(pk=plan.pk).first()
            if locked is None:
                raise NotYours()
            made = _write(actor, locked, cleaned, now, client_id)
    except IntegrityError as raced:
        if client_id and (before := _sent(actor, client_id)):
            return _answer(before, fresh=False)
        raise NotNow(ONCE) from raced
    return _answer(made, fresh=True)


def _sent(actor: Actor, client_id: str) -> CareVisit | None:
    rows = CareVisit.objects.filter(made_by_id=actor.user_id or 0, client_id=client_id)
    return rows.select_related("plan", "case").first()


def _answer(made: CareVisit, *, fresh: bool) -> Visited:
    """Read off the row, so that a repeated submission is answered as the first was."""
    waits = made.found != Found.WELL and not made.settled and made.case is None
    return Visited(made, fresh, made.case.number if made.case else "", "help" if waits else "")


def _cleaned(actor: Actor, given: Mapping[str, Any], today: date) -> dict[str, Any]:
    cleaned, errors = clean(visit_needs(today), given)
    day, found, then = cleaned.get("day"), cleaned.get("found"), cleaned.get("then", "")
    if day and day > today:
        errors["day"] = ["探访的日期不能晚于今天。"]
    elif day and (today - day).days > LATE_DAYS:
        errors["day"] = [f"只能补登最近 {LATE_DAYS} 天的探访。"]
    if found == Found.HELP and not then and "then" not in errors:
        errors["then"] = ["请选择接着怎么办。"]
    if found == Found.WELL and then in ("help", "case"):
        errors["then"] = ["情况是“安好”的，不用选接着怎么办。"]
    if found in (Found.HELP, Found.REFER) and not cleaned.get("words") and "words" not in errors:
        errors["words"] = ["请用几个字写明需要什么。"]
    if found == Found.REFER:
        if then in ("case", "none"):
            errors["then"] = ["选了“转介”，就是开帮扶转介；要登记为事项的，请选“需帮助”。"]
        cleaned["then"] = "help"
    if then == "case" and not errors and not actor.has(*REGISTRARS):
        errors["then"] = ["登记事项由网格员、窗口受理员办理；请选帮扶转介，或者请网格员来登记。"]
    if errors:
        raise Incomplete(errors)
    return cleaned


def _write(actor: Actor, plan: CarePlan, cleaned: Mapping[str, Any], now: datetime, client_id: str) -> CareVisit:
    if plan.visits.filter(day=cleaned["day"]).exists():
        raise NotNow(ONCE)
    if cleaned["day"] < plan.consent_on:
        raise Incomplete({"day": ["这一天本人还没有同意探访，不能登记；请核对日期。"]})
    words = mask_text(cleaned.get("words", ""))
    made = CareVisit(
        plan=plan,
        day=cleaned["day"],
        role=cleaned["role"],
        found=cleaned["found"],
        said={"words": words} if words else None,
        settled=cleaned.get("then") == "none",
        made_by_id=actor.user_id or 0,
        client_id=client_id,
    )
    if cleaned.get("then") == "case":
        made.case = _case(actor, plan, words, now)
    made.save(force_insert=True)
    if plan.last_on is None or made.day > plan.last_on:
        plan.last_on, plan.last_role = made.day, made.role
        plan.next_on = next_day(made.day, plan.interval_days)
        plan.save(update_fields=["last_on", "last_role", "next_on"])
    return made  # its row says who and which day; an hour in the log beside it would be a clock-in


def _case(actor: Actor, plan: CarePlan, words: str, now: datetime) -> Any:
    contact = plan.contact or {}
    person = {name: contact.get(name, "") for name in ("name", "phone", "address") if contact.get(name)}
    body = {
        "kind": "appeal",
        "channel": "grid",
        "description": f"探访时本人提出：{words}",
        "place": {"area": plan.area_code},
        "reporters": [person],
    }
    try:
        return register(actor, body, now=now).case  # no key: it would lead from a case to an ended plan
    except Incomplete as refused:
        raise Incomplete({"then": [sentence for rows in refused.errors.values() for sentence in rows]}) from refused
    except NotYou as refused:
        raise Incomplete({"then": [refused.detail]}) from refused
