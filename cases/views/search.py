"""Lists for the pickers, answered while somebody types; JSON rows `{code, name}`, or options for a dependent list."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.search import CannotSearch, matching
from cases.views import choices
from cases.views.door import staff

MOST = 50


@staff
@require_safe
def find(request: HttpRequest, what: str) -> HttpResponse:
    """`categories` (?kind=&q=), `matters` (?but=&q=), `places` (?within=&q=) as JSON."""
    typed = request.GET.get("q", "").strip()[:40]
    if what == "categories":
        rows = choices.categories(request.GET.get("kind", ""), typed)
    elif what == "matters":
        rows = _matters(request, typed)
    elif what == "places":
        within = request.GET.get("within", "")
        rows = choices.places(within, typed) if within.isdigit() else []
    else:
        raise Http404
    return JsonResponse({"results": [{"code": row["value"], "name": row["label"]} for row in rows[:MOST]]})


def _matters(request: HttpRequest, typed: str) -> list[dict[str, str]]:
    now = timezone.now()
    found = Case.objects.visible_to(request.actor, now).open().exclude(number=request.GET.get("but", ""))  # type: ignore[attr-defined]
    if typed:
        try:
            found = matching(found, typed)
        except CannotSearch:
            return []  # one character, or a person's number: nothing to offer yet
    return choices.matters(found.order_by("-registered_at")[:MOST], now)
