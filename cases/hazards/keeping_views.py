"""Beside the ledgers: what was inspected, what is to be looked at again, flood materials and rescue teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Unit
from accounts.queries import Actor
from cases.hazards import again as looking
from cases.hazards import keeping, queries
from cases.models import FloodStore, LookBack
from cases.needs import Need
from cases.views.door import staff
from cases.views.forms import given_of
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal

PER_PAGE = 50
Errors = Mapping[str, list[str]]
STORE_TABS = (("", "全部"), ("material", "防汛物资"), ("team", "抢险队伍"), ("late", "该检查了"))


def drawn(needs: tuple[Need, ...], area: str = "") -> list[dict[str, Any]]:
    """Return needs as `need_field` draws them; units are those of an area."""
    return [_drawn(need, area) for need in needs]


def _drawn(need: Need, area: str) -> dict[str, Any]:
    if need.type != "unit":
        return need.as_dict()
    units = Unit.objects.filter(active=True, area_code__startswith=area).order_by("name").values_list("code", "name")
    choices = [{"value": code, "label": name} for code, name in units]
    return {**need.as_dict(), "type": "choice", "choices": choices, "choices_url": ""}


# --- what was inspected -------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def scope(request: HttpRequest) -> HttpResponse:
    """Enter an inspected quantity; it stands beside the ledger of its class and is no denominator."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    post = keeping.keeping_post(actor)
    if post is None:
        raise NotYou(keeping.NOT_YOURS)
    asked = queries.given_sift(request.GET).hazard_class
    given: dict[str, Any] = {"hazard_class": asked} if asked else {}
    errors: Errors = {}
    if request.method == "POST":
        given = given_of(request.POST, keeping.SCOPE)
        try:
            made = keeping.enter_scope(given, actor=actor, now=now)
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, f"已登记：{made.what} {made.quantity.normalize():f} {made.measure}。")
            return HttpResponseRedirect(f"{reverse('hazards:list')}?class={made.hazard_class}")
    context = {
        "title": "登记检查范围",
        "fields": drawn(keeping.SCOPE),
        "given": given,
        "errors": errors,
        "back_url": reverse("hazards:list"),
        "intro": "检查了多少，按来源材料原样登记。它只和台账并排显示，不作分母：没有人知道一共有多少处隐患。",
        "button": "登记",
        "now": now,
    }
    return render(request, "cases/hazards/form.html", context, status=400 if errors else 200)


# --- looking again --------------------------------------------------------------------------------------------------


@staff
@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """The closed hazards that this person is to look at again by today."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.re_inspections_for(actor, queries.today_of(now), now)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "隐患回头看",
        "rows": [{"row": row, "late": _late_words(row, now), "address": queries.place_of(row.case)} for row in page],
        "page": page,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "page_words": f"共 {page.paginator.count} 处",
        "now": now,
    }
    return render(request, "cases/hazards/again.html", context)


def _late_words(row: LookBack, now: datetime) -> str:
    days = (queries.today_of(now) - row.due_on).days
    return "今天" if days <= 0 else f"已过 {days} 天"


@staff
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """One closed hazard, looked at again; POST writes how it stands."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = looking.find_again(pk, actor, now)
    given: dict[str, Any] = {}
    errors: Errors = {}
    refusal, status = "", 200
    if request.method == "POST":
        given = given_of(request.POST, looking.LOOKING_AGAIN)
        try:
            done = looking.look_again(pk, given, actor=actor, now=now)
        except Incomplete as refused:
            errors, status = refused.errors, 400
        except NotNow as refused:
            refusal, status = refused.detail, refused.status
        else:
            messages.success(request, f"已记下：{dict(looking.RESULTS)[done.result]}。{_then(done)}")
            return HttpResponseRedirect(reverse("hazards:again"))
    context = {
        "title": f"回头看：{row.case.title}",
        "row": row,
        "case": row.case,
        "address": queries.place_of(row.case),
        "items": queries.items_of(row.case),
        "fields": drawn(looking.LOOKING_AGAIN),
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "late": _late_words(row, now),
        "now": now,
    }
    return render(request, "cases/hazards/look.html", context, status=status)


def _then(row: LookBack) -> str:
    if row.result not in ("relapsed", "recurred"):
        return ""
    return "" if row.linked_id else "请把它作为新的隐患登记；恢复办理期限内的，请督办员点“恢复办理”。"


# --- flood materials and teams --------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def flood(request: HttpRequest) -> HttpResponse:
    """Flood materials and rescue teams with the date of the next check; POST enters one."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    errors: Errors = {}
    refusal, status = "", 200
    given: dict[str, Any] = {}
    if request.method == "POST":
        given = given_of(request.POST, keeping.STORE)
        try:
            made = keeping.enter_store(given, actor=actor, now=now)
        except Incomplete as refused:
            errors, status = refused.errors, 400
        except NotNow as refused:
            refusal, status = refused.detail, refused.status
        else:
            messages.success(request, f"已登记：{made.what}，第一次检查 {made.next_on:%m月%d日} 前。")
            return HttpResponseRedirect(reverse("hazards:store", args=[made.pk]))
    return _flood_page(request, actor, now, given, errors, refusal, status)


def _flood_page(
    request: HttpRequest, actor: Actor, now: datetime, given: dict[str, Any], errors: Errors, refusal: str, status: int
) -> HttpResponse:
    today, post = queries.today_of(now), keeping.keeping_post(actor)
    tab = next((code for code, _label in STORE_TABS if code == request.GET.get("tab")), "")
    found = keeping.stores_of(actor)
    if tab == "late":
        found = found.filter(next_on__lt=today)
    elif tab:
        found = found.filter(kind=tab)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "防汛物资和队伍",
        "tabs": [(code, label, code == tab) for code, label in STORE_TABS],
        "rows": [{"row": row, "late": row.next_on < today} for row in page],
        "page": page,
        "previous_url": f"?tab={tab}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?tab={tab}&page={page.next_page_number()}" if page.has_next() else "",
        "page_words": f"共 {page.paginator.count} 项",
        "may_keep": post is not None,
        "fields": drawn(keeping.STORE, post.area_code) if post else [],
        "open": bool(errors or refusal),
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "now": now,
    }
    return render(request, "cases/hazards/flood.html", context, status=status)


@staff
@require_http_methods(["GET", "POST"])
def store(request: HttpRequest, pk: int) -> HttpResponse:
    """One material or team with its checks; POST writes one down."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = keeping.find_store(pk, actor)
    errors: Errors = {}
    refusal, status = "", 200
    given: dict[str, Any] = {"day": queries.today_of(now).isoformat(), "quantity": row.quantity}
    if request.method == "POST":
        given = given_of(request.POST, keeping.CHECK)
        try:
            keeping.check_store(pk, given, actor=actor, now=now)
        except Incomplete as refused:
            errors, status = refused.errors, 400
        except Refusal as refused:
            refusal, status = refused.detail, refused.status
        else:
            row.refresh_from_db()
            messages.success(request, f"已登记检查，下次 {row.next_on:%m月%d日} 前。")
            return HttpResponseRedirect(reverse("hazards:store", args=[pk]))
    return _store_page(request, row, actor, now, given, errors, refusal, status)


def _store_page(
    request: HttpRequest,
    row: FloodStore,
    actor: Actor,
    now: datetime,
    given: dict[str, Any],
    errors: Errors,
    refusal: str,
    status: int,
) -> HttpResponse:
    post = keeping.keeping_post(actor)
    context = {
        "title": row.what,
        "row": row,
        "late": row.next_on < queries.today_of(now),
        "checks": row.checks.select_related("by")[:PER_PAGE],
        "may_check": keeping.may_check(actor, row),
        "may_retire": post is not None and row.area_code.startswith(post.area_code),
        "fields": drawn(keeping.CHECK),
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "now": now,
    }
    return render(request, "cases/hazards/store.html", context, status=status)


@staff
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a material or a team off the list."""
    row = keeping.retire_store(pk, actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, f"{row.what}已停用，检查记录仍然保留。")
    return HttpResponseRedirect(reverse("hazards:flood"))
