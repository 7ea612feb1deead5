"""What every staff page passes: log-in, and refusals told as sentences (in place for htmx, as a page otherwise)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from cases.desks import has_cases
from governance_portal.lib.errors import NotYou, Refusal

View = Callable[..., HttpResponseBase]
#: Refusals that have a page of their own; the others are told on the nearest one.
PAGES = {403: "403.html", 404: "404.html", 409: "409.html", 412: "409.html", 429: "429.html"}
NO_CASES = "您的岗位不办理事项；系统配置和审计请从左侧进入。"


def staff(view: View) -> View:
    """Let in people whose posts work with cases; answer refusals as sentences."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not has_cases(request.actor):  # type: ignore[attr-defined]
                raise NotYou(NO_CASES)
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return answer(request, refusal, kwargs.get("number", ""))

    return guarded


def answer(request: HttpRequest, refusal: Refusal, number: str = "") -> HttpResponse:
    """Tell a refusal: one sentence in place when htmx asked, else a page; the status is the refusal's."""
    ways = _ways(refusal, number)
    if request.headers.get("HX-Request"):
        tone = {"tone": "mend", "text": refusal.detail, "ways": ways}
        return render(request, "components/say.html", tone, status=refusal.status)
    template = PAGES.get(refusal.status, "403.html")
    context = {"detail": refusal.detail, "ways": ways or [{"url": "/", "label": "回到首页", "primary": True}]}
    return render(request, template, context, status=refusal.status)


def _ways(refusal: Refusal, number: str) -> list[dict[str, Any]]:
    if refusal.status in (409, 412) and number:
        return [{"url": reverse("cases:case", args=[number]), "label": "查看最新情况", "primary": False}]
    return []
