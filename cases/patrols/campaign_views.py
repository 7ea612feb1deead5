"""专项 for staff: begun, its list read and confirmed, closed with what was left and why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.queries import Actor
from cases.patrols import campaigns, drafting, forms, queries
from cases.patrols import choices as c
from cases.patrols.views import Errors, actor_of, plan_page
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.sheets import LARGEST_SHEET


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a campaign; its list comes on the next page."""
    now, actor = timezone.now(), actor_of(request)
    if queries.planning_post(actor) is None:
        raise NotYou(drafting.ONLY_PLANNERS)
    if request.method != "POST":
        return _form(
            request, actor, {"first_day": queries.today_of(now).isoformat(), "duty_kind": "grid_worker"}, {}, 200
        )
    try:
        made = campaigns.start(actor, request.POST.dict(), now=now, client_id=request.POST.get("client_id", ""))
    except Incomplete as refused:
        return _form(request, actor, request.POST.dict(), refused.errors, 400)
    messages.success(request, f"“{made.name}”已建好，请导入清单。")
    return HttpResponseRedirect(reverse("patrols:plan", args=[made.pk]))


def _form(request: HttpRequest, actor: Actor, given: Mapping[str, Any], errors: Errors, status: int) -> HttpResponse:
    context = {
        "title": "发起专项排查",
        "needs": forms.campaign_needs(actor),
        "given": given,
        "errors": errors,
        "client_id": str(given.get("client_id") or uuid.uuid4())[:64],
    }
    return render(request, "cases/patrols/campaign_form.html", context, status=status)


@staff
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a list; the page shows what it would bring before anything is in the campaign."""
    actor, upload = actor_of(request), request.FILES.get("sheet")
    try:
        if upload is None:
            raise Incomplete({"sheet": ["请选择清单文件（表格）。"]})
        if (upload.size or 0) > LARGEST_SHEET:
            raise Incomplete({"sheet": ["文件超过 20 MB，请核对是不是选错了。"]})
        campaigns.read_list(actor, pk, upload.read(), now=timezone.now())
    except Incomplete as refused:
        return plan_page(request, pk, refused.errors, 400)
    return HttpResponseRedirect(f"{reverse('patrols:plan', args=[pk])}#list")


@staff
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the list into the campaign, or drop it."""
    actor = actor_of(request)
    try:
        if request.POST.get("what") == "drop":
            campaigns.drop_list(actor, pk)
            messages.success(request, "读入的清单没有列入，可以重新导入。")
        else:
            count = campaigns.confirm_list(actor, pk, now=timezone.now())
            messages.success(request, f"列入 {count} 个点位，任务已分到各网格。")
    except Incomplete as refused:
        return plan_page(request, pk, refused.errors, 400)
    return HttpResponseRedirect(reverse("patrols:plan", args=[pk]))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """State what was left undone and why, grid by grid, and close the campaign."""
    now, actor = timezone.now(), actor_of(request)
    if request.method != "POST":
        return _close_page(request, actor, pk, {}, {}, 200)
    try:
        closing = campaigns.close(actor, pk, request.POST.dict(), now=now)
    except Incomplete as refused:
        return _close_page(request, actor, pk, request.POST.dict(), refused.errors, 400)
    messages.success(request, f"“{closing.plan.name}”已结清，没有查完的和原因都已记录。")
    return HttpResponseRedirect(reverse("patrols:plan", args=[pk]))


def _close_page(
    request: HttpRequest, actor: Actor, pk: int, given: Mapping[str, Any], errors: Errors, status: int
) -> HttpResponse:
    plan = campaigns.open_campaign(actor, pk)
    grids = campaigns.progress(plan.tasks.all())
    left = [one for one in grids if one.left]
    context = {
        "title": f"结清“{plan.name}”",
        "plan": plan,
        "rows": [
            {
                "grid": one,
                "reason": given.get(f"reason-{one.code}", one.reason),
                "words": given.get(f"words-{one.code}", one.words),
                "errors": [*errors.get(f"reason-{one.code}", []), *errors.get(f"words-{one.code}", [])],
            }
            for one in [*left[: campaigns.SINGLY], *campaigns.rest_of(left)]
        ],
        "left": len(left),
        "whole": sum(1 for one in grids if not one.left),
        "due": sum(one.due for one in grids),
        "seen": sum(one.seen for one in grids),
        "reasons": c.UndoneReason.choices,
        "summary": {
            "name": "words",
            "label": "小结",
            "type": "longtext",
            "required": True,
            "help": "查了什么，发现了什么，怎么跟进。",
            "choices": [],
            "maximum": campaigns.SUMMARY_LIMIT,
        },
        "given": given,
        "errors": errors,
    }
    return render(request, "cases/patrols/close.html", context, status=status)
