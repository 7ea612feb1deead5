"""Asking for 复查 or 复核: a new case of its own, linked to the one whose answer it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date

from accounts.queries import Actor
from cases.choices import Channel, Nature, PartySide
from cases.intake import PARTY_FIELDS
from cases.models import Case, Review, Submission
from cases.needs import is_storable
from cases.reviewing.queries import chance_of
from cases.services import register
from cases.services.door import posts_of
from cases.services.registering import Registration
from cases.services.submitting import sender_of
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import SHANGHAI

MAY_REGISTER = frozenset({Standing.CLERK, Standing.OPERATOR})
MOST = 3000


@dataclass(frozen=True)
class _Asked:
    reason: str
    received_on: date | None


def may_register(standing: frozenset[Standing]) -> bool:
    """Tell whether somebody with this standing writes down a request for 复查 or 复核."""
    return bool(standing & MAY_REGISTER)


def apply(
    old: Case, given: Mapping[str, Any], *, actor: Actor, now: datetime, client_id: str | None = None
) -> Registration:
    """Register the 复查 of an answered 信访 case, or the 复核 of a 复查, within 30 days of the written answer.

    given: `reason` (事实、理由和请求), `received_on` (when the answer was received; not after today). The people, the
    place and the category are those of the old case. Raises NotYou for who does not register, NotNow where the law gives
    none or the time is over, Incomplete beside the fields.
    """
    if actor.service != "resident" and not may_register(frozenset(posts_of(old, actor, now))):
        raise NotYou("复查、复核的申请由窗口受理员或话务员登记。")
    asked = _read(given, now)
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("lead_unit").get(pk=old.pk)
        chance = chance_of(locked, list(locked.events.order_by("seq")), now, asked.received_on)
        if chance is None:
            raise NotNow("这件事不适用复查、复核；有意见可以向中心反映。", current_status=locked.status)
        if chance.why_not and not _repeats(locked, actor, client_id):
            raise NotNow(chance.why_not, current_status=locked.status)
        body = _body(locked, chance.word, asked.reason, actor)
        made = register(actor, body, now=now, client_id=client_id, procedure=chance.kind)
        if made.fresh:
            Review.objects.create(
                case=made.case,
                of=locked,
                kind=chance.kind,
                decided_by=locked.lead_unit,
                answered_on=chance.answered_on or now.astimezone(SHANGHAI).date(),
                applied_on=now.astimezone(SHANGHAI).date(),
            )
    return made


def _repeats(old: Case, actor: Actor, client_id: str | None) -> bool:
    """Tell whether this very submission made a review of the case already: it is answered again, another one is refused."""
    made = Review.objects.filter(of=old).values("case_id")
    prior = Submission.objects.filter(sender=sender_of(actor), client_id=client_id or "", case_id__in=made)
    return bool(client_id) and prior.exists()


def _read(given: Mapping[str, Any], now: datetime) -> _Asked:
    errors: dict[str, list[str]] = {}
    reason = str(given.get("reason") or "").strip()
    if not reason:
        errors["reason"] = ["请写明不服哪一点、事实和理由、希望怎样处理。"]
    elif len(reason) > MOST or not is_storable(reason):
        errors["reason"] = [f"最多 {MOST} 字，请改短。"]
    received: date | None = None
    if text := str(given.get("received_on") or "").strip():
        try:
            received = parse_date(text)
        except ValueError:
            received = None
        if received is None or received > now.astimezone(SHANGHAI).date():
            errors["received_on"] = ["请填收到书面答复的日期，不能晚于今天。"]
    if errors:
        raise Incomplete(errors)
    return _Asked(reason, received)


def _body(old: Case, word: str, reason: str, actor: Actor) -> dict[str, Any]:
    people = []
    for party in old.parties.filter(side=PartySide.REPORTER):
        contact = party.contact or {}
        if any(contact.get(name) for name in PARTY_FIELDS):
            people.append({**{name: contact.get(name, "") for name in PARTY_FIELDS}, "role": party.role})
    place: dict[str, Any] = {"address": old.address}
    place |= {"grid": old.grid_code} if old.grid_code else {"area": old.area_code}
    if len(old.area_code) < 9:
        place.pop("area", None)
    body: dict[str, Any] = {
        "kind": old.kind,
        "channel": (Channel.WEB if actor.service == "resident" else Channel.WINDOW).value,
        "title": f"{word}：{old.title.removeprefix('复查：')}"[:120],
        "description": f"对受理编号 {old.number} 的答复申请{word}。{reason}",
        "place": {name: value for name, value in place.items() if value},
        "reporters": people,
        "visitor_count": max(old.visitor_count, len(people), 1),
        "confidential": old.confidential,
    }
    if old.category_code:
        body["category"] = old.category_code
    if old.level:
        body["level"] = old.level
    if old.complained_unit_id and old.complained_unit and old.nature != Nature.REPORT:
        body |= {"complained_unit": old.complained_unit.code, "complaint_nature": old.nature}
    return body
