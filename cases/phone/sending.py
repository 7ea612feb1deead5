"""The pages of the offline half: report, what waits to be sent, and the page that stands in for one that is not kept.

Without scripts the report is a plain form: photos are kept, the report filed by the same service as over the API.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import Kind, Level
from cases.phone import reporting
from cases.phone.door import phone
from cases.phone.worker import DAYS_OF_DRAFTS, DAYS_OF_PAGES
from governance_portal.lib.errors import Incomplete

PLAIN = ("category", "description", "level", "way", "result", "grid", "address", "lng", "lat", "name", "phone")
MOST_LETTERS = 5000


@phone
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """`/m/report/`: category, photos, place, words, and whether it is settled already."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reporting.refuse_others(actor)
    if request.method != "POST":
        return _form(request, actor, {"way": reporting.REPORT, "level": Level.GENERAL.value}, {}, [], [])
    typed = {name: str(request.POST.get(name, ""))[: MOST_LETTERS * 2] for name in PLAIN}
    typed["category"] = typed["category"] or request.POST.get("common", "")[:20]
    key = request.POST.get("client_id", "")[:64] or str(uuid.uuid4())
    now = timezone.now()
    kept = {name: request.POST.getlist(f"{name}_kept") for name in ("photos", "photos_after")}
    try:
        for name, uids in kept.items():
            for upload in request.FILES.getlist(name)[: reporting.MOST_PHOTOS]:
                after = name == "photos_after"
                uids.append(str(reporting.keep_photo(actor, upload, after=after, now=now, client_id=key).uid))
        filed = reporting.file(actor, {**_given(typed), **kept}, now=now, client_id=key)
    except Incomplete as refused:
        return _form(request, actor, typed, refused.errors, kept["photos"], kept["photos_after"], key, status=400)
    messages.success(request, f"已收到，受理编号 {filed.case.number}。")
    return HttpResponseRedirect(reverse("phone:today"))


def _given(typed: Mapping[str, str]) -> dict[str, Any]:
    """The body of `POST phone/reports/` for what a plain form says."""
    given: dict[str, Any] = {name: typed[name] for name in ("category", "description", "level", "way") if typed[name]}
    place = {name: typed[name] for name in ("grid", "address", "lng", "lat") if typed[name].strip()}
    given["place"] = place
    if typed["way"] == reporting.SETTLE:
        given["result"] = typed["result"]
    person = {name: typed[name] for name in ("name", "phone") if typed[name].strip()}
    if person:
        given["reporters"] = [person]
    return given


def _form(
    request: HttpRequest,
    actor: Actor,
    typed: Mapping[str, str],
    errors: Mapping[str, list[str]],
    photos: list[str],
    after: list[str],
    key: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    grids = reporting.own_grids(actor, now)
    choices = reporting.catalogue()
    kinds = {choice.code: choice.kind for choice in choices}
    context = {
        "title": "上报",
        "key": key or str(uuid.uuid4()),
        "common": [{"one": one, "kind": kinds[one.code]} for one in reporting.COMMON if one.code in kinds],
        "groups": [(name, list(rows)) for name, rows in groupby(choices, key=lambda choice: _group(choice))],
        "grids": grids,
        "levels": [(value, label) for value, label in Level.choices],
        "typed": {**typed, "grid": typed.get("grid") or (grids[0][0] if grids else "")},
        "errors": errors,
        "kept": {"photos": photos, "photos_after": after},
        "hazard": Kind.HAZARD.value,
        "may_settle": bool(grids) and actor.has(Role.GRID_WORKER),
        "most_photos": reporting.MOST_PHOTOS,
        "draft_days": DAYS_OF_DRAFTS,
    }
    return render(request, "phone/report.html", context, status=status)


def _group(choice: reporting.Choice) -> str:
    return f"{Kind(choice.kind).label} · {choice.group}"


@phone
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """`/m/outbox/`: the queue, drawn by the phone from what it keeps. Also gives the browser its CSRF cookie."""
    get_token(request)
    return render(
        request,
        "phone/outbox.html",
        {"title": "待上传", "draft_days": DAYS_OF_DRAFTS, "page_days": DAYS_OF_PAGES},
    )


@phone
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """`/m/offline/`: shown by the service worker in place of a page that is not kept."""
    return render(request, "phone/offline.html", {"title": "没有网络", "page_days": DAYS_OF_PAGES})
