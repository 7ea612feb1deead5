"""One task, as it is done on the ground: points, done or not and why, what was found; remarks and hand-overs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.queries import Actor
from cases import choices as c
from cases.models import Category, PatrolTask
from cases.patrols import doing, queries
from cases.patrols.choices import PatrolState, PointState, UndoneReason
from cases.patrols.reported import body_of
from cases.patrols.views import Errors, actor_of, list_page
from cases.phone.door import bar_of
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow

#: What is wrong with what was found, whichever door said so.
OF_FINDING = (
    *("findings", "finding-description", "finding-address", "finding-category"),
    *("category", "kind", "level", "place", "description", "attachments"),
)
LATER = (("yes", "已完成"), ("no", "未完成"))
GOING_ON = (("later", "先保存，以后接着查"), *LATER)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A task; posted, it is reported (without scripts too)."""
    now, actor = timezone.now(), actor_of(request)
    if request.method != "POST":
        return _page(request, actor, pk, now, {}, {}, 200)
    form = request.POST.dict()
    try:
        done = doing.report(actor, pk, body_of(form), now=now, client_id=str(form.get("client_id", ""))[:64])
    except Incomplete as refused:
        return _page(request, actor, pk, now, form, refused.errors, 400)
    opened = f"，登记了 {len(done.opened)} 件事项" if done.opened else ""
    messages.success(request, f"已填报{opened}。今天之内填报的人可以更正。")
    return HttpResponseRedirect(reverse("patrols:task", args=[pk]))


def _page(
    request: HttpRequest,
    actor: Actor,
    pk: int,
    now: datetime,
    given: Mapping[str, Any],
    errors: Errors,
    status: int,
) -> HttpResponse:
    task = queries.find_task(actor, pk)
    today = queries.today_of(now)
    why_not = _why_not(actor, task, today)
    on_the_ground = not queries.reading_posts(actor)
    request.phone_bar = bar_of(actor, request.path) if on_the_ground else []  # type: ignore[attr-defined]
    context = {
        "title": task.plan.name,
        "frame": "phone/base.html" if on_the_ground else "base.html",
        "task": task,
        "where": queries.where(task.grid.code),
        "points": _points(task, given, errors),
        "may": not why_not,
        "why_not": why_not,
        "client_id": str(given.get("client_id") or uuid.uuid4())[:64],
        "dones": _dones(task, given),
        "reasons": [(value, label, value == given.get("reason", task.reason)) for value, label in UndoneReason.choices],
        "words": given.get("words", task.words),
        "finding": {name: given.get(f"finding-{name}", "") for name in ("description", "category", "address")},
        "categories": _categories() if not why_not else [],
        "errors": errors,
        "finding_errors": [one for name in OF_FINDING for one in errors.get(name, ())],
        "cases": queries.cases_of(task, actor, now),
        "may_remark": doing.may_remark(actor, task, today),
        "remark": given.get("text", ""),
        "remarks": list(task.remarks.select_related("by")),
        "hand_overs": queries.hand_overs_of(task),
        "today": today,
        "now": now,
    }
    return render(request, "cases/patrols/task.html", context, status=status)


def _why_not(actor: Actor, task: PatrolTask, today: Any) -> str:
    """Say why this person cannot report now; "" when they can."""
    try:
        doing.may_report(actor, task, today)
    except NotNow as refused:
        return refused.detail
    return "" if queries.is_on_duty(actor, task, today) else doing.NOT_ON_DUTY


def _points(task: PatrolTask, given: Mapping[str, Any], errors: Errors) -> list[dict[str, Any]]:
    known = {check.point_id: check for check in task.checks.all()}
    rows = []
    for point in doing.points_of(task):
        check = known.get(point.pk)
        state = given.get(f"point-{point.pk}-state", check.state if check else "")
        rows.append(
            {
                "point": point,
                "check": check,
                "states": [(value, label, value == state) for value, label in PointState.choices],
                "abnormal": state == PointState.ABNORMAL,
                "words": given.get(f"point-{point.pk}-words", check.words if check else ""),
                "category": given.get(f"point-{point.pk}-category", ""),
                "errors": list(errors.get(f"point-{point.pk}", ())),
            }
        )
    return rows


def _dones(task: PatrolTask, given: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    stands = {PatrolState.DONE: "yes", PatrolState.UNDONE: "no"}.get(PatrolState(task.state), "")
    chosen = given.get("done", stands or ("later" if task.plan.is_campaign else ""))
    return [(value, label, value == chosen) for value, label in (GOING_ON if task.plan.is_campaign else LATER)]


def _categories() -> list[tuple[str, str]]:
    """Return the categories of hazards; one statement."""
    rows = Category.objects.filter(active=True, kinds__contains=c.Kind.HAZARD.value).order_by("tree", "code")
    return list(rows.values_list("code", "name"))


@staff
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Add words to a task whose result stands."""
    now, actor = timezone.now(), actor_of(request)
    try:
        doing.remark(actor, pk, request.POST.get("text", ""), now=now)
    except Incomplete as refused:
        return _page(request, actor, pk, now, {"text": request.POST.get("text", "")}, refused.errors, 400)
    messages.success(request, "补充说明已记下。")
    return HttpResponseRedirect(reverse("patrols:task", args=[pk]))


@staff
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the new one must know."""
    now, actor = timezone.now(), actor_of(request)
    try:
        row = doing.hand_over_words(actor, pk, request.POST.get("words", ""), now=now)
    except Incomplete as refused:
        return list_page(request, {f"over-{pk}": refused.errors.get("words", [])}, 400)
    messages.success(request, f"交接说明已发给{row.to_user.name}。")
    return HttpResponseRedirect(reverse("patrols:list"))
