"""困难帮扶转介 for the two who may read one: opened, accepted, passed to another, renewed, ended. No list names anybody."""

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

from accounts import audit
from accounts.queries import Actor
from cases.caring import helping
from cases.caring.choices import HelpState
from cases.caring.referring import help_needs, open_referral, visit_of
from cases.caring.views import MENDS, Errors, given_of, key_of, turning
from cases.models import HelpReferral
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.numbers import format_code, query_code
from governance_portal.lib.working_days import day_of

PER_PAGE = 30
TABS = (("open", "没有结束的"), ("all", "全部"))
FIRST_ISSUE = 1
DONE = {
    "accept": "已接收；请联系本人，办完写明结果。",
    "redirect": "已改由另一人接收，原接收人不再看得到。",
    "renew": "已续期 90 天。",
    "finish": "已结束，个人信息已经清除；本人凭编号和查询码看得到结果。",
}


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What I opened and what is addressed to me: need, number, days; never a name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("tab")
    tab = next((code for code, _label in TABS if code == asked), "open")
    rows = helping.visible_to(actor)
    if tab == "open":
        rows = rows.exclude(state=HelpState.CLOSED)
    page = Paginator(rows.order_by("-opened_on", "-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "帮扶转介",
        "tabs": [(code, label, code == tab) for code, label in TABS],
        "tab": tab,
        "page": page,
        "me": actor.user_id,
        "today": day_of(timezone.now()),
        "may_open": bool(helping.opening_posts(actor)),
        **turning(page, f"tab={tab}"),
    }
    return render(request, "cases/caring/helps.html", context)


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a referral: by itself, for ?case= a matter, or from ?visit= a visit."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not helping.opening_posts(actor):
        raise NotYou(helping.ONLY_OPENERS)
    came_from = request.POST.get("visit") or request.GET.get("visit", "")
    visit = visit_of(actor, came_from) if came_from else None
    typed: dict[str, Any] = {"consent": "person", "consent_on": day_of(now).isoformat()}
    number = request.GET.get("case", "")[:30].replace("\x00", "")
    typed |= {"ground": "visit"} if visit else {"ground": "case", "number": number} if number else {}
    errors: Errors = {}
    if request.method == "POST":
        typed = given_of(request)
        try:
            made, _fresh = open_referral(actor, typed, now=now, visit_uid=came_from, client_id=key_of(request))
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, "已转出；请把编号和查询码告诉本人，本人可以查看，也可以随时结束。")
            return HttpResponseRedirect(reverse("help:show", args=[made.uid]))
    context = {
        "title": "开帮扶转介",
        "needs": {need.name: need.as_dict() for need in help_needs(now)},
        "typed": typed,
        "errors": errors,
        "says": MENDS if errors else "",
        "visit": visit,
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
    }
    return render(request, "cases/caring/help_new.html", context, status=400 if errors else 200)


@staff
@require_safe
def show(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One referral, for the two who may read it; each look is on record."""
    return _page(request, uid, timezone.now())


def _page(
    request: HttpRequest,
    uid: uuid.UUID,
    now: datetime,
    *,
    what: str = "",
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = helping.look(actor, str(uid), now=now, **audit.request_meta(request))
    opener, open_still = row.opened_by_id == actor.user_id, row.ended_on is None
    context = {
        "title": f"帮扶转介 · {row.get_need_display()}",
        "row": row,
        "content": row.content or {},
        "answer": (row.answer or {}).get("words", ""),
        "opener": opener,
        "to_accept": row.officer_id == actor.user_id and row.state == HelpState.OPENED,
        "code": format_code(query_code(row.number, FIRST_ISSUE)) if opener else "",
        "open_still": open_still,
        "done_needs": [need.as_dict() for need in helping.DONE_NEEDS],
        "renew_needs": [need.as_dict() for need in helping.RENEW_NEEDS],
        "redirect_needs": [need.as_dict() for need in helping.redirect_needs(row, now)]
        if opener and open_still
        else [],
        "what": what,
        "typed": typed or {},
        "errors": errors or {},
        "today": day_of(now),
        "now": now,
    }
    return render(request, "cases/caring/help.html", context, status=status)


ACTS: Mapping[str, Callable[..., HelpReferral]] = {
    "redirect": helping.redirect,
    "renew": helping.renew,
    "finish": helping.finish,
}


@staff
@require_POST
def act(request: HttpRequest, uid: uuid.UUID, what: str) -> HttpResponse:
    """One step of its course."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if what != "accept" and what not in ACTS:
        raise Http404
    typed = given_of(request)
    try:
        if what == "accept":
            helping.accept(actor, str(uid), now=now)
        else:
            ACTS[what](actor, str(uid), typed, now=now)
    except Incomplete as refused:
        return _page(request, uid, now, what=what, typed=typed, errors=refused.errors, status=400)
    messages.success(request, DONE[what])
    return HttpResponseRedirect(reverse("help:show", args=[uid]))
