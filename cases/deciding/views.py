"""待批申请: what waits for the reader's decision, decided in place; the papers that come of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import Actor
from cases import dossier, letters
from cases.choices import RequestKind
from cases.deciding import letters as papers
from cases.deciding import queries, services
from cases.models import Consultation, HandlerRequest
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours

ONLY_LEADS = "待批申请由单位负责人和中心负责人批复。"
FORMS = ("pdf", "docx")


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page: what waits, the oldest first, and what was decided last."""
    return _page(request, {}, 200)


@staff
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve (`approved=1`) or refuse (`approved=0`, with `note`) and come back to what still waits."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = queries.find(actor, pk, now)
    if row is None:
        raise NotYours()
    approved, note = request.POST.get("approved", ""), request.POST.get("note", "").strip()
    tried: dict[str, Any] = {"pk": pk, "note": note}
    if approved not in ("0", "1"):
        return _page(request, {**tried, "refusal": "请点“同意”或者“不同意”。"}, 400)
    try:
        key = request.POST.get("client_id") or None
        services.decide(row, approved == "1", note, actor=actor, now=now, client_id=key)
    except Incomplete as refused:
        if "note" in refused.errors:
            return _page(request, {**tried, "errors": refused.errors["note"]}, 400)
        sentences = "；".join(row.rstrip("。") for rows in refused.errors.values() for row in rows)
        return _page(request, {**tried, "refusal": f"{sentences}。"}, 400)
    except (NotNow, NotYou) as refused:
        return _page(request, {**tried, "refusal": refused.detail}, refused.status)
    label = RequestKind(row.kind).label
    messages.success(
        request, f"已{'同意' if approved == '1' else '不同意'}{row.case.number} 的{label}，申请人会收到通知。"
    )
    return HttpResponseRedirect(reverse("cases:decisions"))


def _page(request: HttpRequest, tried: dict[str, Any], status: int) -> HttpResponse:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.decides(actor):
        raise NotYou(ONLY_LEADS)
    waiting = queries.waiting_for(actor, now)
    context = {
        "title": "待批申请",
        "waiting": [
            {"asked": asked, "client_id": str(uuid.uuid4()), "tried": _tried(tried, asked)}
            for asked in waiting[: queries.MOST]
        ],
        "more": len(waiting) > queries.MOST,
        "loose": tried.get("refusal") if tried and not any(_tried(tried, asked) for asked in waiting) else "",
        "recent": queries.recent_of(actor, now),
        "now": now,
    }
    return render(request, "cases/deciding/decisions.html", context, status=status)


def _tried(tried: dict[str, Any], asked: queries.Asked) -> dict[str, Any]:
    return tried if tried.get("pk") == asked.row.pk else {}


@staff
@require_safe
def notice(request: HttpRequest, number: str, pk: int, form: str) -> HttpResponse:
    """延期告知书 of an approved extension, for whoever sees the case."""
    case = dossier.find(request.actor, number, timezone.now())  # type: ignore[attr-defined]
    row = HandlerRequest.objects.filter(case=case, pk=pk, due_after__isnull=False).first()
    if row is None or form not in FORMS:
        raise Http404
    row.case = case
    return letters.answer(papers.extension(row, _query_url(request)), form, f"延期告知书-{case.number}")  # type: ignore[arg-type]


@staff
@require_safe
def minutes(request: HttpRequest, number: str, pk: int, form: str) -> HttpResponse:
    """会商纪要 of a concluded consultation, for whoever sees the case."""
    case = dossier.find(request.actor, number, timezone.now())  # type: ignore[attr-defined]
    rows = Consultation.objects.filter(case=case, pk=pk, closed_at__isnull=False, lead_unit__isnull=False)
    found = rows.select_related("lead_unit").first()
    if found is None or form not in FORMS:
        raise Http404
    found.case = case
    return letters.answer(papers.minutes(found), form, f"会商纪要-{case.number}")  # type: ignore[arg-type]


def _query_url(request: HttpRequest) -> str:
    """Where a resident asks; number and code are typed, so that neither stands in an address."""
    return request.build_absolute_uri(reverse("public:query"))
