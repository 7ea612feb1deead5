"""The pages that ask for nothing: the front page, the guidance, the privacy notice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.choices import DeclineReason
from cases.intake import PRIVACY_VERSION

HOME = "/"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the centre is, and the ways in."""
    return render(request, "public/home.html", {"title": "有事请找综治中心", "public_home_url": HOME})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What we take, what we do not and where that goes, how long it takes."""
    context = {"title": "办事指南", "public_home_url": HOME, "reasons": [str(row.label) for row in DeclineReason]}
    return render(request, "public/guide.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice, with the version that each report names."""
    context = {"title": "个人信息处理告知书", "public_home_url": HOME, "version": PRIVACY_VERSION}
    return render(request, "public/privacy.html", context)
