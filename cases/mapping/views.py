"""The map's pages: a table that works alone, and the same figures drawn where there are scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases.mapping import drawing
from cases.mapping.figures import MEASURES
from cases.mapping.for_everybody import open_public
from cases.mapping.opened import Opened
from cases.mapping.points import bounds_of, points
from cases.mapping.reach import COMMUNITY_DIGITS, reach_of
from cases.models import Case
from cases.statistics.counting import cases_of
from cases.views.door import answer, staff
from governance_portal.lib.errors import NotYours, Refusal

#: An address with a stamp means these shapes for ever.
KEPT_SECONDS = 31_536_000


def measure_of(request: HttpRequest) -> str:
    """What to colour by; 在办 where nobody said, or said something else."""
    asked = request.GET.get("by", "open")
    return asked if asked in MEASURES else "open"


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The map of an area or one grid's card; htmx gets the part beside the map, so that drilling keeps the map."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reach = reach_of(actor, now)
    area = reach.area(request.GET.get("area", "")[:15])
    opened = Opened(actor, reach, area, measure_of(request), now)
    context = {"title": "地图", "now": now, **opened.whole(), **frame()}
    part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "cases/mapping/_side.html" if part else "cases/mapping/map.html", context)


def frame() -> dict[str, Any]:
    """What the drawn map needs to begin: the shapes' address, and the tiles' key where there is one."""
    return {
        "shapes_url": reverse("mapping:shapes", args=[drawing.stamp()]),
        "tiles_key": settings.TIANDITU_KEY,
    }


@require_safe
def shapes(request: HttpRequest, stamp: str) -> HttpResponse:
    """Every area's and grid's outline with name and code, as stands on public boards; kept by the browser for good."""
    known, body, zipped = drawing.packed()
    if stamp != known:
        # Somebody's page is older than the last change of a line: it gets today's, and keeps it for no time.
        return _sent(request, body, zipped, f'"{known}"', "no-cache")
    return _sent(request, body, zipped, f'"{known}"', f"public, max-age={KEPT_SECONDS}, immutable")


def _sent(request: HttpRequest, body: bytes, zipped: bytes, tag: str, kept: str) -> HttpResponse:
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = HttpResponse(zipped, content_type="application/json", headers={"Content-Encoding": "gzip"})
    else:
        answer = HttpResponse(body, content_type="application/json")
    answer["ETag"], answer["Cache-Control"], answer["Vary"] = tag, kept, "Accept-Encoding"
    return answer


@staff
@require_safe
def dots(request: HttpRequest) -> JsonResponse:
    """Cases as points within `bbox`, of a community or grid; see `points`."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        return JsonResponse(dots_of(actor, request.GET.get("area", "")[:15], request, now))
    except Refusal as refusal:
        return JsonResponse(refusal.as_problem(), status=refusal.status)


def dots_of(actor: Actor, asked: str, request: Any, now: datetime) -> dict[str, Any]:
    """The same for page and API; NotYours for an area that is wider than a community."""
    area = reach_of(actor, now).area(asked)
    if len(area) < COMMUNITY_DIGITS:
        raise NotYours("区和街道一级不画单件；点到社区或网格再看。")
    bounds = bounds_of(request.GET.get("bbox", ""))
    cases = (
        cases_of(actor, area, now).rows
        if len(area) > COMMUNITY_DIGITS
        else Case.objects.visible_to(actor, now).within(area)
    )
    return points(cases, measure_of(request), bounds, now)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The map for a hall's screen or a visitor: figures of a year, none that could name somebody, no points."""
    try:
        opened = open_public(request.GET.get("area", "")[:12])
    except Refusal as refusal:
        return answer(request, refusal)
    return render(request, "cases/mapping/public.html", {"title": "网格地图", **opened, **frame()})
