"""民心台账 for everybody: the wishes of a community that are shown; no log-in, no scripts, no name (facts row 2.8)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.councils import queries
from governance_portal.lib.working_days import day_of
from grids.queries import names_of

PER_PAGE = 30


@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    """The communities that show wishes; with ?area= one community's, the open ones first."""
    today = day_of(timezone.now())
    area = request.GET.get("area", "")[:20]
    known = queries.public_communities()
    names = names_of([code for code, _count in known])
    context: dict[str, Any] = {
        "title": "民心台账",
        "public_home_url": "/",
        "communities": [(code, names.get(code, ""), count) for code, count in known if names.get(code)],
    }
    if not area:
        return render(request, "public/wishes.html", context)
    rows = queries.published().filter(queries.community_condition(area))
    rows = rows.order_by(F("ended_on").desc(nulls_first=True), "due_on", "id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "title": f"{names.get(area) or '社区'}民心台账",
        "area": area,
        "page": page,
        "rows": [(wish, queries.state_words(wish, today)) for wish in page],
    }
    return render(request, "public/wishes.html", context)
