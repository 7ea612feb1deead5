"""How long a case's contact data is kept: what will happen when, and the centre lead's hold (诉讼、复核、检查)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.queries import Actor
from cases import dossier
from cases.services import retention
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYou


@staff
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, number: str) -> HttpResponse:
    """GET tells; POST `{reason, lift?}` places or lifts a hold. 403 for anybody but leads of the centre."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = dossier.find(actor, number, now)
    if not retention.may_hold(actor):
        raise NotYou(retention.ONLY_LEADS)
    errors: list[str] = []
    if request.method == "POST":
        reason, lifting = request.POST.get("reason", ""), "lift" in request.POST
        try:
            (retention.lift if lifting else retention.hold)(case, actor=actor, reason=reason, now=now)
        except Incomplete as refused:
            errors = refused.errors["reason"]
        else:
            messages.success(request, "已恢复按期清除。" if lifting else "已暂缓清除，满期也不会清除，直到您解除。")
            return HttpResponseRedirect(reverse("cases:keeping", args=[number]))
    context = {"case": case, "errors": errors, "typed": request.POST.get("reason", ""), **retention.told(case)}
    return render(request, "cases/keeping.html", context, status=400 if errors else 200)
