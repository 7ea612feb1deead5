"""The page's sign that somebody has a case open, answered with who else has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.queries import Actor
from cases.models import Case
from cases.views.door import staff
from cases.worklist import presence
from governance_portal.lib.errors import NotYours


@staff
@require_POST
def beat(request: HttpRequest, number: str) -> HttpResponse:
    """Sent every twenty seconds with `X-Background: 1`, so that an open page does not keep a log-in alive."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = Case.objects.visible_to(actor, now).only("pk").filter(number=number).first()
    if case is None:
        raise NotYours()
    if request.POST.get("leave"):
        presence.leave(case, actor)
        return HttpResponse(status=204)
    return render(request, "cases/_present.html", {"words": presence.words(presence.beat(case, actor, now))})
