"""A case on A4: the same facts, masked people, the whole history in its order; page of pages (look.md "Paper")."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import record, request_meta
from accounts.queries import Actor
from cases import dossier
from cases.views.detail import described
from cases.views.door import staff
from cases.views.whereabouts import whereabouts_of


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The paper; `?only=public` leaves out what colleagues wrote for each other. Printing leaves an audit entry."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = dossier.whole(dossier.find(actor, number, now), actor, now, clocks=False)
    public_only = request.GET.get("only") == "public"
    context = described(whole, now, public_only=public_only)
    for stage in context["stages"]:
        stage["entries"].reverse()  # paper is read from the beginning
    context["stages"].reverse()
    record(actor, "print_case", f"case:{number}", "", {"public_only": public_only}, now=now, **request_meta(request))
    paper = {
        "title": f"事项办理情况 {number}",
        "back_url": reverse("cases:case", args=[number]),
        "where": whereabouts_of(whole.case, context["events"], "", now),
        "printed_by": actor.name,
        "printed_at": now,
    }
    return render(request, "cases/print.html", {**context, **paper, "case_title": whole.case.title})
