"""探访 for staff: what is due, a plan with its visits, the rota; counts for the district."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases.caring import plans, queries, visiting
from cases.caring.choices import CONSENT_VERSION, PlanEnd
from cases.caring.helping import opening_posts
from cases.caring.posts import working, works_in
from cases.needs import Need
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal
from governance_portal.lib.masking import mask_address, mask_name, mask_phone
from governance_portal.lib.working_days import day_of
from grids.queries import name_of

PER_PAGE = 30
TABS = (("due", "该去探访的"), ("need", "需要接着帮的"), ("all", "全部计划"))
MENDS = "有几项需要补充或更正，已在下面标出。"
BESIDE = ("csrfmiddlewaretoken", "client_id", "visit")
Errors = Mapping[str, list[str]]


def given_of(request: HttpRequest) -> dict[str, str]:
    """What was typed into a form, without what the page itself put there."""
    return {name: str(value) for name, value in request.POST.items() if name not in BESIDE}


def key_of(request: HttpRequest) -> str:
    """The submission's key."""
    return request.POST.get("client_id", "")[:64].replace("\x00", "")


def turning(page: Page[Any], beside: str = "") -> dict[str, str]:
    """Return what `components/pager.html` reads of a page; `beside` is the rest of the query."""
    more = f"&{beside}" if beside else ""
    return {
        "previous_url": f"?page={page.previous_page_number()}{more}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}{more}" if page.has_next() else "",
        "page_words": f"第 {page.number} 页，共 {page.paginator.num_pages} 页",
    }


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.may_enter(actor):
        raise NotYou(queries.NO_POST)
    return actor


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is due; everything; what a visit found and nobody has taken on. The district reads numbers by street."""
    actor, today = _actor(request), day_of(timezone.now())
    if not working(actor):
        counts = queries.counts_of(actor, today)
        context = {"title": "探访", "counts": counts, "only_counts": True, "month": today}
        return render(request, "cases/caring/counts.html", context)
    asked = request.GET.get("tab")
    tab = next((code for code, _label in TABS if code == asked), "due")
    mine = queries.plans_of(actor)
    found: Any = {
        "due": lambda: queries.due(mine, today),
        "need": lambda: queries.to_go_on_with(actor),
        "all": lambda: mine,
    }[tab]()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "探访",
        "tabs": [(code, label, code == tab) for code, label in TABS],
        "tab": tab,
        "rows": _needs(page) if tab == "need" else queries.rows_of(page, today),
        "late": queries.overdue(mine, today).count(),
        "today": today,
        "page": page,
        **turning(page, f"tab={tab}"),
    }
    return render(request, "cases/caring/list.html", context)


def _needs(page: Page[Any]) -> list[dict[str, Any]]:
    return [
        {
            "visit": visit,
            "name": mask_name((visit.plan.contact or {}).get("name", "")),
            "area": name_of(visit.plan.area_code),
        }
        for visit in page
    ]


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A plan for somebody who agreed."""
    now, actor = timezone.now(), _actor(request)
    if not working(actor):
        raise NotYou(queries.NO_POST)
    typed: dict[str, Any] = {"interval_days": "30", "consent_on": day_of(now).isoformat()}
    areas = queries.communities_of(actor)
    if len(areas) == 1:
        typed["area"] = areas[0][0]
    errors: Errors = {}
    if request.method == "POST":
        typed = given_of(request)
        try:
            plan, _fresh = plans.agree(actor, typed, now=now, client_id=key_of(request))
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, f"已登记，{_day(plan.next_on)}前第一次探访。本人随时可以撤回同意。")
            return HttpResponseRedirect(reverse("caring:plan", args=[plan.uid]))
    context = {
        "title": "登记探访",
        "needs": {need.name: need.as_dict() for need in plans.plan_needs(actor)},
        "typed": typed,
        "errors": errors,
        "says": MENDS if errors else "",
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
        "version": CONSENT_VERSION,
    }
    return render(request, "cases/caring/new.html", context, status=400 if errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One plan: the visit's form, the visits before; POST writes a visit down."""
    now, actor = timezone.now(), request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _plan_page(request, actor, uid, now)
    typed = given_of(request)
    try:
        made = visiting.visit(actor, str(uid), typed, now=now, client_id=key_of(request))
    except NotYours:
        raise
    except Incomplete as refused:
        return _plan_page(request, actor, uid, now, typed=typed, errors=refused.errors, status=400)
    except Refusal as refused:
        return _plan_page(request, actor, uid, now, typed=typed, refusal=refused.detail, status=refused.status)
    refers = made.then == "help" and bool(opening_posts(actor))
    if made.case_number:
        messages.success(request, f"已登记探访，并登记为事项 {made.case_number}；请把编号告诉本人。")
    elif made.then == "help" and not refers:
        messages.success(request, "已登记探访；社区的工作人员会接着帮。")
    else:
        messages.success(request, f"已登记探访，下次 {_next(made.visit)} 前。")
    if refers:
        return HttpResponseRedirect(f"{reverse('help:new')}?visit={made.visit.uid}")
    return HttpResponseRedirect(_back(actor, uid))


def _back(actor: Actor, uid: uuid.UUID) -> str:
    """Where somebody goes on: the plan; whose turn is over and has no post for it, to the day on the phone."""
    try:
        queries.find_plan(actor, str(uid))
    except NotYours:
        return reverse("caring:list") if queries.may_enter(actor) else reverse("phone:today")
    return reverse("caring:plan", args=[uid])


def _next(visit: Any) -> str:
    visit.plan.refresh_from_db(fields=["next_on"])
    return _day(visit.plan.next_on)


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


def _plan_page(
    request: HttpRequest,
    actor: Actor,
    uid: uuid.UUID,
    now: datetime,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    found, today = queries.find_plan(actor, str(uid)), day_of(now)
    contact = found.contact or {}
    row = queries.rows_of([found], today)[0]
    turn = queries.turn_of(found, queries.visitors_of([found.area_code]).get(found.area_code, {}))
    context = {
        "title": f"探访 · {row.name}",
        "plan": found,
        "row": row,
        "phone": mask_phone(contact.get("phone", "")),
        "address": mask_address(contact.get("address", "")),
        "visits": found.visits.select_related("case").prefetch_related("helps")[:24],
        "needs": {need.name: need.as_dict() for need in visiting.visit_needs(today)},
        "typed": typed if typed is not None else {"role": turn, "day": today.isoformat()},
        "errors": errors or {},
        "says": MENDS if errors and "reason" not in errors else "",
        "refusal": refusal,
        "reason": request.POST.get("reason", "") if errors and "reason" in errors else "上门探访",
        "may_end": works_in(actor, found.area_code),
        "may_list": queries.may_enter(actor),
        "may_refer": bool(opening_posts(actor)),
        "ends": PlanEnd.choices,
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
        "today": today,
        "now": now,
    }
    return render(request, "cases/caring/plan.html", context, status=status)


@staff
@require_POST
def reveal(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show name, phone and address once, for a reason, on record."""
    now, actor = timezone.now(), request.actor  # type: ignore[attr-defined]
    meta = audit.request_meta(request)
    try:
        shown = plans.reveal(actor, str(uid), request.POST.get("reason", ""), now=now, **meta)
    except Incomplete as refused:
        return _plan_page(request, actor, uid, now, errors=refused.errors, status=400)
    return render(request, "cases/caring/contact.html", {"title": "姓名和住址", "uid": uid, "shown": shown})


@staff
@require_POST
def end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """End a plan; everything about the person goes at once."""
    now, actor = timezone.now(), request.actor  # type: ignore[attr-defined]
    try:
        plans.end(actor, str(uid), request.POST.get("why", ""), now=now)
    except Incomplete as refused:
        raise NotNow(refused.detail) from refused
    messages.success(request, "探访计划已结束，姓名、电话、住址和说明已经清除。")
    return HttpResponseRedirect(reverse("caring:list"))


def _drawn(need: Need) -> dict[str, Any]:
    """A need as the page draws it: an account is picked from a list, however few there are."""
    return {**need.as_dict(), "type": "person"} if need.choices else need.as_dict()


@staff
@require_http_methods(["GET", "POST"])
def rota(request: HttpRequest) -> HttpResponse:
    """Who visits in each of the six roles; ?area= one of the communities somebody works in."""
    now, actor = timezone.now(), _actor(request)
    areas = queries.communities_of(actor)
    if not areas:
        raise NotYou(queries.NO_POST)
    area = request.GET.get("area") or areas[0][0]
    if area not in dict(areas):
        raise NotYours()
    persons = queries.visitors_of([area]).get(area, {})
    typed: dict[str, str] = {role: row.name for role, row in persons.items()}
    typed |= {f"{role}_account": row.user.username for role, row in persons.items() if row.user}
    errors: Errors = {}
    if request.method == "POST":
        typed = given_of(request)
        try:
            count = plans.set_rota(actor, area, typed, now=now)
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, f"{dict(areas)[area]}的探访人员已定，{count} 个角色轮流去。")
            return HttpResponseRedirect(reverse("caring:list"))
    context = {
        "title": "探访人员",
        "areas": areas,
        "area": area,
        "area_name": dict(areas)[area],
        "needs": [_drawn(need) for need in plans.rota_needs(area, now)],
        "typed": typed,
        "errors": errors,
        "says": MENDS if errors else "",
    }
    return render(request, "cases/caring/rota.html", context, status=400 if errors else 200)
