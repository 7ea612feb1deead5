"""民心台账 for staff: the ledger, one wish, what may be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import Actor
from cases.caring.posts import leads_in, working, works_in
from cases.caring.queries import communities_of
from cases.caring.views import MENDS, Errors, given_of, key_of, turning
from cases.councils import queries, wishes
from cases.models import Case, Wish
from cases.services.registering import REGISTRARS
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import day_of
from grids.queries import names_of

PER_PAGE = 30
TABS = (("mine", "我要办的"), ("late", "过了期的"), ("open", "没有办好的"), ("done", "已销账"), ("all", "全部"))
KINDS = (("appeal", "民生诉求"), ("hazard", "安全隐患"), ("suggestion", "意见建议"))
DONE = {
    "change": "已改好。",
    "begin": "已标为在办。",
    "settle": "已销账。",
    "show": "已公示，居民在网上看得到。",
    "hide": "已不再公示。",
    "case": "已登记为事项，心愿与事项连在一起。",
}


def actor_of(request: HttpRequest) -> Actor:
    """Who asks; NotYou for whoever has no post that reads wishes and councils, or is asked to do one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.may_enter(actor):
        raise NotYou(queries.NO_POST)
    return actor


@staff
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger: what is mine to do first."""
    actor, today = actor_of(request), day_of(timezone.now())
    asked = request.GET.get("tab")
    first = "mine" if working(actor) else "open"
    tab = next((code for code, _label in TABS if code == asked), first)
    page = Paginator(queries.of_tab(actor, tab, today), PER_PAGE).get_page(request.GET.get("page"))
    names = names_of({wish.area_code for wish in page})
    context = {
        "title": "民心台账",
        "tabs": [(code, label, code == tab) for code, label in TABS],
        "tab": tab,
        "rows": [
            {
                "wish": wish,
                "area": names.get(wish.area_code, ""),
                "words": queries.state_words(wish, today),
                "late": wish.state in queries.OPEN and wish.due_on < today,
            }
            for wish in page
        ],
        "page": page,
        "may_add": bool(working(actor)),
        **turning(page, f"tab={tab}"),
    }
    return render(request, "cases/councils/ledger.html", context)


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a wish down; the street chooses the community first (?area=), whose people it can be given to."""
    now, actor = timezone.now(), actor_of(request)
    if not working(actor):
        raise NotYou(queries.NO_POST)
    areas = communities_of(actor)
    area = request.POST.get("area") or request.GET.get("area") or (areas[0][0] if areas else "")
    if area not in dict(areas):
        area = areas[0][0] if areas else ""
    typed: Mapping[str, Any] = {"area": area, "heard_on": day_of(now).isoformat(), "agreed": "unasked"}
    errors: Errors = {}
    if request.method == "POST":
        typed = given_of(request)
        try:
            made, _fresh = wishes.take_in(actor, typed, now=now, client_id=key_of(request))
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, "已记入民心台账。")
            return HttpResponseRedirect(reverse("wishes:wish", args=[made.pk]))
    context = {
        "title": "记一个心愿",
        "areas": areas,
        "area": area,
        "area_name": dict(areas).get(area, ""),
        "needs": {need.name: need.as_dict() for need in wishes.wish_needs(actor, area, now)},
        "typed": typed,
        "errors": errors,
        "says": MENDS if errors else "",
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
    }
    return render(request, "cases/councils/wish_new.html", context, status=400 if errors else 200)


@staff
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One wish."""
    return _page(request, pk, timezone.now())


def _page(
    request: HttpRequest,
    pk: int,
    now: datetime,
    *,
    what: str = "",
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wish, today = queries.find_wish(actor, pk), day_of(now)
    open_still = wish.state in queries.OPEN
    works = works_in(actor, wish.area_code)
    owner = f"{wish.unit.code}/{wish.owner.username}" if wish.owner else wish.unit.code
    stands = {"owner": owner, "due_on": wish.due_on.isoformat(), "agreed": wish.agreed}
    seen = wish.case_id and Case.objects.visible_to(actor, now).filter(pk=wish.case_id).exists()
    context = {
        "title": wish.what,
        "wish": wish,
        "area": names_of([wish.area_code]).get(wish.area_code, ""),
        "words": queries.state_words(wish, today),
        "late": open_still and wish.due_on < today,
        "case": wish.case if seen else None,
        "open_still": open_still,
        "works": works,
        "may_settle": open_still and (works or wish.owner_id == actor.user_id),
        "may_show": leads_in(actor, wish.area_code) or (works and wish.published_on is not None),
        "may_case": open_still and works and wish.case_id is None and actor.has(*REGISTRARS),
        "kinds": KINDS,
        "change_needs": [need.as_dict() for need in wishes.change_needs(wish.area_code, now)] if works else [],
        "change_typed": typed if what == "change" else stands,
        "done_needs": [need.as_dict() for need in wishes.DONE_NEEDS],
        "what": what,
        "typed": typed or {},
        "errors": errors or {},
        "today": today,
        "now": now,
    }
    return render(request, "cases/councils/wish.html", context, status=status)


ACTS: Mapping[str, Callable[[Actor, int, Mapping[str, str], datetime], Wish]] = {
    "change": lambda actor, pk, typed, now: wishes.change(actor, pk, typed, now=now),
    "begin": lambda actor, pk, typed, now: wishes.begin(actor, pk, now=now),
    "settle": lambda actor, pk, typed, now: wishes.settle(actor, pk, typed, now=now),
    "show": lambda actor, pk, typed, now: wishes.show_publicly(actor, pk, True, now=now),
    "hide": lambda actor, pk, typed, now: wishes.show_publicly(actor, pk, False, now=now),
    "case": lambda actor, pk, typed, now: wishes.to_case(actor, pk, typed.get("kind", ""), now=now),
}


@staff
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One thing done with a wish."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if what not in ACTS:
        raise Http404
    typed = given_of(request)
    try:
        ACTS[what](actor, pk, typed, now)
    except Incomplete as refused:
        if what == "case":
            raise NotNow(refused.detail) from refused
        return _page(request, pk, now, what=what, typed=typed, errors=refused.errors, status=400)
    messages.success(request, DONE[what])
    return HttpResponseRedirect(reverse("wishes:wish", args=[pk]))
