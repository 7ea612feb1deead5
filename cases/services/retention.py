"""Contact data goes when its time is over: only after the end of a matter, never under a hold, and a mark stays.

What goes: names, phones, ID numbers and addresses of the parties with their indexes, the exact place, numbers somebody
wrote into the story, the files, the text it was found by. What stays: the history, which holds none of it by rule, and
the figures. Source: PIPL §§19, 47; facts §7.1; behaviour 17.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts import audit
from accounts.queries import Actor, service_actor
from cases import choices as c
from cases.models import Case, Erasure, LegalHold, RetentionRule
from cases.services import attachments, indexing
from cases.signals import case_erased
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text

EMPTY = {"name": "", "phone": "", "id_number": "", "address": ""}
MOST = 200
ONLY_LEADS = "暂缓清除个人信息由中心负责人决定。"


def expired(now: datetime) -> QuerySet[Case]:
    """Return the ended cases whose time is over, not held, not erased yet; the oldest first.

    Nothing goes while it may still be reopened or reviewed. The time runs from the closing; a declined or merged case
    has none, there it runs from the end of its review window.
    """
    rules = {rule.kind: rule.months for rule in RetentionRule.objects.all()}
    over = Q(pk__in=[])
    for kind in c.Kind.values:
        if months := rules.get(kind, rules.get("")):
            over |= Q(kind=kind, ended_at__lte=now - relativedelta(months=months))
    return (
        Case.objects.annotate(ended_at=Coalesce("closed_at", "window_until"))
        .filter(over, Q(window_until__isnull=True) | Q(window_until__lte=now), status__in=c.ENDED, erasure__isnull=True)
        .exclude(holds__in=LegalHold.objects.filter(lifted_at__isnull=True))
        .order_by("ended_at", "pk")
    )


def erase_expired(now: datetime, most: int = MOST) -> int:
    """Erase what is over, one transaction a case, at most so many; for the clock. Answers how many."""
    return sum(_erase(pk, now) for pk in list(expired(now).values_list("pk", flat=True)[:most]))


def _erase(pk: int, now: datetime) -> bool:
    """Erase one case, judged again under its lock: it may have been reopened or held meanwhile."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=pk)
        case = expired(now).filter(pk=pk).first()
        if case is None:
            return False
        people = list(case.parties.all())
        for party in people:
            party.contact, party.phone_index, party.id_index = EMPTY, "", ""
            party.save(update_fields=["contact", "phone_index", "id_index"])
        case.description, case.title, case.address = mask_text(case.description), mask_text(case.title), ""
        case.lng = case.lat = None
        case.save(update_fields=["description", "title", "address", "lng", "lat"])
        files = attachments.remove_all(case)
        indexing.forget([case])
        # What a report that was held for a human still tells of its sender and its text (cases.reporting).
        case.held_reports.update(client_id="", digest="", source="", alike=0)
        months = _months(case.kind) or 0
        Erasure.objects.create(case=case, at=now, months=months, people=len(people), files=files)
        case_erased.send(
            sender=Case, case=case
        )  # In the transaction: what other floors hold goes with it or not at all.
        detail = {"people": len(people), "files": files}
        audit.record(service_actor("clock"), "erase_contact", f"case:{case.number}", "保存期限已满", detail, now=now)
    return True


def hold(case: Case, *, actor: Actor, reason: str, now: datetime) -> LegalHold:
    """Keep a case's contact data beyond its time (诉讼、复核、检查); leads of the centre only, on record."""
    _check(actor, reason)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        if Erasure.objects.filter(case=case).exists():
            raise NotNow("该件的个人信息已按期限清除，无法再保留。", current_status=case.status)
        if case.holds.filter(lifted_at__isnull=True).exists():
            raise NotNow("该件已经暂缓清除，无须重复登记。", current_status=case.status)
        placed = LegalHold.objects.create(
            case=case, reason=reason.strip(), placed_at=now, placed_by_id=actor.user_id or 0
        )
        audit.record(actor, "hold_contact", f"case:{case.number}", reason.strip(), now=now)
    return placed


def lift(case: Case, *, actor: Actor, reason: str, now: datetime) -> None:
    """Let the ordinary time count again."""
    _check(actor, reason)
    with transaction.atomic():
        if not case.holds.filter(lifted_at__isnull=True).update(lifted_at=now):
            raise NotNow("该件没有暂缓清除。", current_status=case.status)
        audit.record(actor, "lift_hold", f"case:{case.number}", reason.strip(), now=now)


def may_hold(actor: Actor) -> bool:
    """Tell whether this person leads the centre."""
    return actor.leads_centre


def told(case: Case) -> dict[str, Any]:
    """Return `{erased, held, goes_at, months}` of a case: what has happened, what stands, and when it would go."""
    months = _months(case.kind)
    ended_at = (case.closed_at or case.window_until) if not case.is_open else None
    return {
        "erased": Erasure.objects.filter(case=case).first(),
        "held": case.holds.filter(lifted_at__isnull=True).select_related("placed_by").first(),
        "goes_at": ended_at + relativedelta(months=months) if ended_at and months else None,
        "months": months,
    }


def _months(kind: str) -> int | None:
    """The rule of the kind, else the one for every kind."""
    rules = RetentionRule.objects.filter(kind__in=[kind, ""]).order_by("-kind")
    return rules.values_list("months", flat=True).first()


def _check(actor: Actor, reason: str) -> None:
    if not may_hold(actor):
        raise NotYou(ONLY_LEADS)
    if len(reason.strip()) < 2:
        raise Incomplete({"reason": ["请写明理由，例如“已起诉，判决生效前须保留”。"]})
