"""排查 for staff: tasks of a period, plans and campaigns; a plan foreseen before it is saved, changed from tomorrow on, ended."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import Actor
from cases import policies
from cases.models import PatrolPlan, PatrolTask
from cases.patrols import campaigns, drafting, forms, planning, queries, recurrence
from cases.patrols import choices as c
from cases.patrols.making import grids_of, rule_of
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYou
from grids.queries import name_of

PER_PAGE = 50
POINTS_SHOWN = 200
#: A period of tasks or of coverage is at most so long: a quarter and a bit.
LONGEST = timedelta(days=100)
TABS = (("tasks", "任务"), ("plans", "计划"), ("campaigns", "专项"))
Errors = Mapping[str, list[str]]


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks; NotYou for whoever has nothing to do with patrols."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.may_enter(actor):
        raise NotYou(queries.NOT_HERE)
    return actor


def period_of(request: HttpRequest, first: date, last: date) -> tuple[date, date]:
    """Return the period asked for (`?from=…&to=…`), the given one without; what is no day or too long is put right."""

    def asked(name: str, otherwise: date) -> date:
        try:
            found = parse_date(request.GET.get(name, "")[:10])
        except ValueError:
            found = None
        return found if found and 2000 <= found.year < 2200 else otherwise

    begins, ends = asked("from", first), asked("to", last)
    if ends < begins:
        begins, ends = ends, begins
    return begins, min(ends, begins + LONGEST)


def pager(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what `components/pager.html` reads."""
    query = request.GET.copy()

    def to(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "words": f"共 {page.paginator.count} 条，第 {page.number} 页，共 {page.paginator.num_pages} 页",
        "previous_url": to(page.previous_page_number()) if page.has_previous() else "",
        "next_url": to(page.next_page_number()) if page.has_next() else "",
    }


# --- lists ------------------------------------------------------------------------------------------------------


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The tasks of a period, the plans, the campaigns; on the ground: one's own tasks of these days."""
    return list_page(request)


def list_page(request: HttpRequest, errors: Errors | None = None, status: int = 200) -> HttpResponse:
    """Draw the lists; `errors` beside the hand-over (`over-<id>`) that was refused, what was typed is put back."""
    now, actor = timezone.now(), actor_of(request)
    today = queries.today_of(now)
    reads = bool(queries.reading_posts(actor))
    tab = request.GET.get("tab", "tasks")
    tab = tab if reads and tab in dict(TABS) else "tasks"
    first, last = period_of(request, today, today) if reads else (today - timedelta(days=7), today + timedelta(days=7))
    wanted = request.GET.get("state", "")
    rows: QuerySet[Any]
    rows = _tasks(actor, first, last, wanted) if tab == "tasks" else _plans(actor, campaign=tab == "campaigns")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "排查",
        "tabs": [(code, label, code == tab) for code, label in TABS] if reads else [],
        "tab": tab,
        "reads": reads,
        "mine": queries.tasks_for(actor, today),
        "overs": [
            {
                "over": over,
                "words": request.POST.get("words", over.words) if f"over-{over.pk}" in (errors or {}) else over.words,
                "errors": (errors or {}).get(f"over-{over.pk}", []),
            }
            for over in queries.to_hand_over(actor, today)
        ],
        "page": page,
        "pager": pager(page, request),
        "rows": [_plan_row(plan) for plan in page if isinstance(plan, PatrolPlan)] if tab != "tasks" else list(page),
        "first": first,
        "last": last,
        "state": wanted,
        "states": [*c.PatrolState.choices, ("unmanned", "无人在岗")],
        "today": today,
        "may_plan": queries.planning_post(actor) is not None,
        "now": now,
    }
    return render(request, "cases/patrols/list.html", context, status=status)


def _tasks(actor: Actor, first: date, last: date, state: str) -> QuerySet[PatrolTask]:
    rows = queries.tasks_seen(actor).filter(day__gte=first, opens_on__lte=last)
    if state == "unmanned":
        rows = rows.filter(state=c.PatrolState.OPEN, staffed=False)
    elif state in c.PatrolState.values:
        rows = rows.filter(state=state)
    return rows.select_related("plan", "grid").order_by("day", "grid__code", "pk")


def _plans(actor: Actor, *, campaign: bool) -> QuerySet[PatrolPlan]:
    rows = queries.plans_seen(actor).filter(followed_by__isnull=True)
    rows = rows.filter(kind=c.PatrolKind.CAMPAIGN) if campaign else rows.exclude(kind=c.PatrolKind.CAMPAIGN)
    return rows.select_related("closing").order_by("ends_on", "-first_day", "-pk")


def _plan_row(plan: PatrolPlan) -> dict[str, Any]:
    return {"plan": plan, "words": recurrence.rule_words(rule_of(plan)), "where": name_of(plan.area_code)}


# --- a plan -----------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a patrol: what the next ten days will bring is read before it is saved."""
    now, actor = timezone.now(), actor_of(request)
    if queries.planning_post(actor) is None:
        raise NotYou(drafting.ONLY_PLANNERS)
    if request.method != "POST":
        start = {"first_day": queries.today_of(now).isoformat(), "duty_kind": "grid_worker", "special": "keep"}
        return _form(request, actor, start, {}, None, 200)
    given = _given(request)
    try:
        draft = drafting.check_plan(actor, given, now=now)
        if request.POST.get("foreseen") != _digest(given):
            return _form(request, actor, given, {}, drafting.foresee(draft, now), 200)
        made = planning.plan(actor, given, now=now, client_id=request.POST.get("client_id", ""))
    except Incomplete as refused:
        return _form(request, actor, given, refused.errors, None, 400)
    messages.success(request, f"“{made.name}”已安排，到日子在岗的人会在“今天”里看到。")
    return HttpResponseRedirect(reverse("patrols:plan", args=[made.pk]))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a plan go on otherwise from tomorrow on."""
    now, actor = timezone.now(), actor_of(request)
    plan = queries.find_plan(actor, pk)
    tomorrow = queries.today_of(now) + timedelta(days=1)
    start = {**planning.as_given(plan), "first_day": max(tomorrow, plan.first_day).isoformat()}
    if request.method != "POST":
        planning.check_standing(actor, plan, now)
        return _form(request, actor, start, {}, None, 200, plan)
    given = _given(request)
    try:
        draft = planning.check_change(actor, pk, given, now=now)
        if request.POST.get("foreseen") != _digest(given):
            return _form(request, actor, given, {}, drafting.foresee(draft, now), 200, plan)
        made = planning.change(actor, pk, given, now=now)
    except Incomplete as refused:
        return _form(request, actor, given, refused.errors, None, 400, plan)
    messages.success(request, f"“{made.name}”从 {made.first_day} 起按新的一版；以前的任务和结果不变。")
    return HttpResponseRedirect(reverse("patrols:plan", args=[made.pk]))


def _given(request: HttpRequest) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: value
        for name, value in request.POST.dict().items()
        if name not in ("csrfmiddlewaretoken", "client_id", "foreseen")
    }
    return {**given, "weekdays": request.POST.getlist("weekdays")}


def _digest(given: Mapping[str, Any]) -> str:
    """Tell one filled form from another, so that only what was foreseen is saved."""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _form(
    request: HttpRequest,
    actor: Actor,
    given: Mapping[str, Any],
    errors: Errors,
    ahead: drafting.Ahead | None,
    status: int,
    plan: PatrolPlan | None = None,
) -> HttpResponse:
    context = {
        "title": f"调整“{plan.name}”" if plan else "安排排查",
        "needs": forms.plan_needs(actor),
        "given": given,
        "errors": errors,
        "ahead": ahead,
        "foreseen": _digest(given) if ahead else "",
        "client_id": request.POST.get("client_id", "")[:64] or str(uuid.uuid4()),
        "plan": plan,
        "back_url": reverse("patrols:plan", args=[plan.pk]) if plan else f"{reverse('patrols:list')}?tab=plans",
    }
    return render(request, "cases/patrols/plan_form.html", context, status=status)


@staff
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan, or one campaign with how far every grid is."""
    return plan_page(request, pk)


def plan_page(request: HttpRequest, pk: int, errors: Errors | None = None, status: int = 200) -> HttpResponse:
    """Draw a plan's page; `errors` beside the form that was refused, what was typed is put back."""
    now, actor = timezone.now(), actor_of(request)
    plan = queries.find_plan(actor, pk)
    today = queries.today_of(now)
    context: dict[str, Any] = {
        "title": plan.name,
        "plan": plan,
        "words": recurrence.rule_words(rule_of(plan)),
        "where": name_of(plan.area_code),
        "may_change": queries.may_change(actor, plan),
        "errors": errors or {},
        "given": request.POST.dict() if request.method == "POST" else {},
        "today": today,
        "now": now,
    }
    if plan.is_campaign:
        return _campaign_page(request, actor, plan, context, status)
    begins = max(today, plan.first_day)
    context |= {
        "ahead": recurrence.foresee(rule_of(plan), begins, begins + drafting.FORESEEN, policies.calendar()),
        "grids": len(grids_of(plan)),
        "named": list(plan.grids.order_by("code")[:60]),
        "points": list(plan.points.select_related("grid").order_by("position")[:POINTS_SHOWN]),
        "stands": plan.ends_on is None and (plan.last_day is None or plan.last_day >= today),
        "end_need": forms.end_need(),
    }
    return render(request, "cases/patrols/plan.html", context, status=status)


def _campaign_page(
    request: HttpRequest, actor: Actor, plan: PatrolPlan, context: dict[str, Any], status: int
) -> HttpResponse:
    tasks = queries.tasks_read(actor).filter(plan=plan).select_related("grid").order_by("grid__code")
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    seen, due = campaigns.totals(plan)
    closing = getattr(plan, "closing", None)
    over = plan.last_day is not None and context["today"] >= plan.last_day
    whys = (
        {row.grid_id: row for row in closing.grids.filter(grid__in=[task.grid_id for task in page])} if closing else {}
    )
    context |= {
        "page": page,
        "pager": pager(page, request),
        "rows": [(task, whys.get(task.grid_id)) for task in page],
        "seen": seen,
        "due": due,
        "rate": round(100 * seen / due, 1) if due else None,
        "closing": closing,
        "sheet": getattr(plan, "sheet", None) if context["may_change"] else None,
        "may_close": context["may_change"] and not closing and (due or over),
        "over": over,
    }
    return render(request, "cases/patrols/campaign.html", context, status=status)


@staff
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a plan from tomorrow on."""
    now, actor = timezone.now(), actor_of(request)
    try:
        plan = planning.end(actor, pk, request.POST.get("reason", ""), now=now)
    except Incomplete as refused:
        return plan_page(request, pk, refused.errors, 400)
    messages.success(request, f"“{plan.name}”明天起停止；以前的任务和结果不变。")
    return HttpResponseRedirect(reverse("patrols:plan", args=[pk]))
