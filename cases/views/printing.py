"""A case on A4: the same facts, masked people, the whole history in its order; page of pages (look.md "Paper")."""

from __future__ import annotations

from typing import Any

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

#: Letters that fit half a line of A4 beside another fact.
SHORT = 16


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The paper; `?only=public` leaves out what colleagues wrote for each other. Printing leaves an audit entry."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = dossier.whole(dossier.find(actor, number, now), actor, now)
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
        "rows": _in_pairs(context["groups"]),
        "printed_by": actor.name,
        "printed_at": now,
    }
    return render(request, "cases/print.html", {**context, **paper, "case_title": whole.case.title})


def _in_pairs(groups: list[dict[str, Any]]) -> list[list[dict[str, str]]]:
    """The facts, two on a line where both are short."""
    lines: list[list[dict[str, str]]] = []
    for row in (row for group in groups for row in group["rows"]):
        value = row["with"]["label"] if row.get("with") else row["value"]
        if not value:
            continue
        cell = {"label": row["label"], "value": str(value)}
        short = len(cell["value"]) <= SHORT
        if short and lines and len(lines[-1]) == 1 and len(lines[-1][0]["value"]) <= SHORT:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return lines
