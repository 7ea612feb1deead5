"""Registering 复查 or 复核 from the page of the old case, printing the opinion; what the case page shows of the chain."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import Actor
from cases import dossier, letters, queries
from cases.choices import REVIEWS, Procedure
from cases.dossier import Dossier
from cases.models import Case, Event, Review
from cases.reviewing import letters as papers
from cases.reviewing.queries import ANSWERED, FINAL, WORDS, Chance, chain_of, chance_of
from cases.reviewing.services import apply, may_register
from cases.services.door import posts_of
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal
from governance_portal.lib.spoken import until_words

FORMS = ("pdf", "docx")


@staff
@require_http_methods(["GET", "POST"])
def request_review(request: HttpRequest, number: str) -> HttpResponse:
    """The form for a request, and its registration; the receipt of the new case follows."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = dossier.find(actor, number, now)
    if not may_register(frozenset(posts_of(case, actor, now))):
        raise NotYou("复查、复核的申请由窗口受理员或话务员登记。")
    chance = chance_of(case, queries.history(case), now)
    if chance is None:
        raise NotNow("这件事不适用复查、复核。", current_status=case.status)
    if request.method != "POST":
        return _form(request, case, chance, {}, {}, "", 200)
    given = {name: request.POST.get(name, "") for name in ("reason", "received_on")}
    try:
        made = apply(case, given, actor=actor, now=now, client_id=request.POST.get("client_id") or None)
    except Incomplete as refused:
        return _form(request, case, chance, given, refused.errors, "", 400)
    except Refusal as refused:
        return _form(request, case, chance, given, {}, refused.detail, refused.status)
    messages.success(request, f"{chance.word}申请已登记，请打印回执交给来访人。")
    return HttpResponseRedirect(reverse("cases:receipt", args=[made.case.number]))


def _form(
    request: HttpRequest,
    case: Case,
    chance: Chance,
    given: dict[str, str],
    errors: dict[str, list[str]],
    refusal: str,
    status: int,
) -> HttpResponse:
    context = {
        "title": f"登记{chance.word}申请",
        "case": case,
        "chance": chance,
        "until": until_words(chance.until) if chance.until else "",
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
    }
    return render(request, "cases/reviewing/request.html", context, status=status)


@staff
@require_safe
def opinion(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """复查意见书 or 复核意见书, once the opinion was checked; for whoever sees the case."""
    case = dossier.find(request.actor, number, timezone.now())  # type: ignore[attr-defined]
    row = Review.objects.filter(case=case).select_related("of", "decided_by").first()
    if row is None or form not in FORMS or case.status not in ANSWERED:
        raise Http404
    row.case = case
    url = request.build_absolute_uri(reverse("public:query"))
    word = WORDS[Procedure(case.procedure)]
    return letters.answer(papers.opinion(row, queries.history(case), url), form, f"{word}意见书-{number}")  # type: ignore[arg-type]


def reviews_of(whole: Dossier, events: Sequence[Event], actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the case page says of 复查 and 复核: `{chain, chance, review_final, opinion}`; nothing for other procedures."""
    case = whole.case
    if case.procedure != Procedure.PETITION and case.procedure not in REVIEWS:
        return {}
    chain = chain_of(case)
    wanted = [link.case.pk for link in chain if not link.is_here]
    open_to_me = set(Case.objects.visible_to(actor, now).filter(pk__in=wanted).values_list("pk", flat=True))
    chance = chance_of(case, events, now) if may_register(whole.standing) else None
    return {
        "chain": [
            {
                "word": link.word,
                "number": link.case.number,
                "status": link.case.get_status_display(),
                "unit": link.case.lead_unit.name if link.case.lead_unit else "",
                "here": link.is_here,
                "url": reverse("cases:case", args=[link.case.number]) if link.case.pk in open_to_me else "",
            }
            for link in chain
        ],
        "review_chance": chance if chance and not chance.why_not else None,
        "review_until": until_words(chance.until) if chance and chance.until else "",
        "review_final": FINAL if case.procedure == Procedure.RECHECK and case.status in ANSWERED else "",
        "opinion_word": WORDS[Procedure(case.procedure)]
        if case.procedure in REVIEWS and case.status in ANSWERED
        else "",
    }
