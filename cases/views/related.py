"""Matters that belong to a case: merged, linked as the same matter, and others of the same person for a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import request_meta
from accounts.queries import Actor
from cases import dossier
from cases.choices import Nature
from cases.crowds.cards import card_of
from cases.dossier import Dossier
from cases.models import Case
from cases.services import linking
from cases.views.contact import OTHER_REASON, reason_of
from cases.views.door import staff
from cases.views.due import due_of
from governance_portal.lib import spoken
from governance_portal.lib.errors import Incomplete

OTHERS_REASONS = ("核对是否重复来访", "并案前核对", "了解历史办理情况", "电话回访")


def related_of(whole: Dossier, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the card's variables: `{master, merged, linked, others_reasons}`; one query, one more where some are linked."""
    case = whole.case
    linked = linking.linked_to(case)
    numbers = {*whole.merged, *([case.master.number] if case.master_id and case.master else [])}
    shared = {other.number: other for other in linked}
    wanted = [other.pk for other in linked]
    open_to_me = (
        set(Case.objects.visible_to(actor, now).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    )
    return {
        "master": case.master.number if case.master_id and case.master else "",
        "merged": whole.merged,
        "linked": [
            row_of(other, now, is_open=other.pk in open_to_me)
            for other in shared.values()
            if other.number not in numbers
            and (other.pk in open_to_me or other.nature not in (Nature.CONDUCT, Nature.REPORT))
        ],
        "others_reasons": OTHERS_REASONS,
        "other_reason": OTHER_REASON,
    }


def row_of(other: Case, now: datetime, *, is_open: bool = True) -> dict[str, Any]:
    """Return a line of cases/_related_row.html; the address only where this person may open it."""
    due = due_of(other, now)
    return {
        "number": other.number,
        "title": other.title,
        "url": reverse("cases:case", args=[other.number]) if is_open else "",
        "stage": other.stage,
        "status": other.status,
        "status_label": other.get_status_display(),
        "unit": other.lead_unit.name if other.lead_unit_id and other.lead_unit else "",
        "when": f"{spoken.day_words(other.registered_at, now)}登记",
        "due_state": due.state,
        "due_words": due.told,
    }


@staff
@require_POST
def others(request: HttpRequest, number: str) -> HttpResponse:
    """Other matters of the same people, for a reason and on record; in place, or as a page without scripts."""
    now, actor, whole = _whole(request, number)
    context: dict[str, Any] = {}
    try:
        found = linking.others_of(
            whole.case, actor=actor, reason=reason_of(request.POST), now=now, **request_meta(request)
        )
        context["same_person"] = [row_of(other, now) for other in found]
    except Incomplete as refused:
        context["others_errors"] = refused.errors["reason"]
    return _answer(request, whole, actor, now, context, 400 if "others_errors" in context else 200)


@staff
@require_POST
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Link another matter as the same one, or undo it (`undo=1`)."""
    now, actor, whole = _whole(request, number)
    act = linking.unlink if request.POST.get("undo") else linking.link
    given = (request.POST.get("number", ""), request.POST.get("reason", ""))
    try:
        act(whole.case, *given, actor=actor, now=now)
    except Incomplete as refused:
        context = {"link_errors": [row for rows in refused.errors.values() for row in rows], "link_given": given}
        return _answer(request, whole, actor, now, context, 400)
    done = "已取消关联" if request.POST.get("undo") else "已关联为同一事项"
    messages.success(request, f"{done}，两件的办理经过都有记录。")
    url = reverse("cases:case", args=[number])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _whole(request: HttpRequest, number: str) -> tuple[datetime, Actor, Dossier]:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return now, actor, dossier.whole(dossier.find(actor, number, now), actor, now, clocks=False)


def _answer(
    request: HttpRequest, whole: Dossier, actor: Actor, now: datetime, context: dict[str, Any], status: int
) -> HttpResponse:
    template = "cases/_related.html" if request.headers.get("HX-Request") else "cases/related.html"
    more = {
        "case": whole.case,
        "number": whole.case.number,
        "title": "相关事项",
        "may_link": linking.may_link(whole.standing),
        "may_ask_others": linking.may_ask_others(whole.case, whole.standing),
        "now": now,
    }
    more |= card_of(whole, actor, now)
    return render(request, template, {**more, **related_of(whole, actor, now), **context}, status=status)
