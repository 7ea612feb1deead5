"""What a device in the hall opens: the screen, its poll, the form for the pairing code. No session and no user is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from cases.models import Screen
from cases.screens import content, ground, services
from cases.statistics.terms import SAMPLE
from governance_portal.lib.errors import Refusal, TooMany
from grids.queries import name_of

COOKIE = "portal_screen"
#: The longest a browser keeps a cookie; every load of the page begins it anew.
COOKIE_SECONDS = 400 * 86_400


@require_safe
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The screen, whole without scripts; the form for the code where the device is none."""
    now = timezone.now()
    try:
        screen = services.opened(request.COOKIES.get(COOKIE, ""), now)
    except Refusal as refusal:
        return _unpaired(request, {"said": refusal.detail, "ended": refusal.status == 410}, refusal.status)
    response = render(request, "screens/screen.html", _page(screen, now))
    _give(response, request.COOKIES[COOKIE])
    return response


def _page(screen: Screen, now: datetime) -> dict[str, Any]:
    whole = content.Content(screen, now).whole()
    below = tuple(row["code"] for row in whole["ground"]["places"])
    drawing = ground.drawn(screen.area_code, below)
    values = {row["code"]: (place, row["value"]) for place, row in enumerate(whole["ground"]["places"])}
    edges = (
        [(edge, values[edge.code][0], values[edge.code][1]) for edge in drawing.edges if edge.code in values]
        if drawing
        else []
    )
    cells = whole["ground"]["cells"]
    return {
        **whole,
        "screen": screen,
        "area_name": name_of(screen.area_code),
        "drawing": drawing,
        "grids": [(grid, cells.get(grid.code, 0)) for grid in drawing.grids] if drawing else [],
        "edges": edges,
        "version": content.version(),
        "tag": content.tag_of(content.told(whole)),
        "clock": content.clock_of(now),
        "sample": SAMPLE,
        "small": content.SMALL,
    }


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Every word and step on the screen by its key; 304 when none would change, 401 and 410 with a sentence."""
    now = timezone.now()
    try:
        screen = services.opened(request.COOKIES.get(COOKIE, ""), now)
    except Refusal as refusal:
        gone = JsonResponse(refusal.as_problem(), status=refusal.status, content_type="application/problem+json")
        gone["Cache-Control"] = "no-store"
        return gone
    flat = content.told(content.Content(screen, now).whole())
    tag = content.tag_of(flat)
    same = request.headers.get("If-None-Match") == tag
    answer: HttpResponse = (
        HttpResponse(status=304) if same else JsonResponse(flat, json_dumps_params={"ensure_ascii": False})
    )
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


@require_POST
@never_cache
def pair(request: HttpRequest) -> HttpResponse:
    """Change a pairing code for the cookie; the code is in no address and no log."""
    try:
        _screen, cookie = services.pair(request.POST.get("code", ""), timezone.now(), **audit.request_meta(request))
    except Refusal as refusal:
        response = _unpaired(request, {"said": refusal.detail, "wrong": True}, refusal.status)
        if isinstance(refusal, TooMany):
            response["Retry-After"] = str(refusal.retry_after)
        return response
    response = HttpResponseRedirect(reverse("screens:show"))
    _give(response, cookie)
    return response


def _unpaired(request: HttpRequest, said: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "screens/pair.html", {"title": "大屏配对", **said}, status=status)


def _give(response: HttpResponse, cookie: str) -> None:
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=COOKIE_SECONDS,
        path=reverse("screens:show"),
        secure=settings.HTTPS_ONLY,
        httponly=True,
        samesite="Strict",
    )
