"""Where the centre's lead keeps the screens: set up, pair, end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.queries import Actor
from cases.models import Screen
from cases.models.screens import ScreenLayout
from cases.screens import services
from cases.views.door import staff
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import day_of
from grids.queries import names_of

#: A screen that was not on for so long is worth a look.
QUIET_DAYS = 3


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def screens(request: HttpRequest) -> HttpResponse:
    """The screens with their state; POST sets one up."""
    actor, now = _actor(request), timezone.now()
    if request.method != "POST":
        return _page(request, actor, now)
    typed = request.POST
    try:
        row = services.make(
            actor,
            typed.get("name", ""),
            typed.get("area", ""),
            typed.get("layout", ""),
            now,
            **audit.request_meta(request),
        )
    except Incomplete as refused:
        return _page(request, actor, now, typed=typed.dict(), errors=refused.errors, status=400)
    messages.success(request, f"“{row.name}”已设置。请生成配对码，在大屏那台设备上输入一次。")
    return HttpResponseRedirect(reverse("screens:list"))


@staff
@require_POST
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a pairing code and show it this once; it is in no address and is kept nowhere in clear."""
    actor, now = _actor(request), timezone.now()
    made = services.new_code(actor, pk, now, **audit.request_meta(request))
    context = {
        "title": "大屏配对码",
        "screen": services.find(actor, pk),
        "code": f"{made[:5]}-{made[5:]}",
        "until": now + services.CODE_GOOD_FOR,
        "address": request.build_absolute_uri(reverse("screens:show")),
        "now": now,
    }
    return render(request, "screens/code.html", context)


@staff
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a screen."""
    row = services.end(_actor(request), pk, timezone.now(), **audit.request_meta(request))
    messages.success(request, f"“{row.name}”已停用，那台设备下一次取数时就停止显示。")
    return HttpResponseRedirect(reverse("screens:list"))


def _page(
    request: HttpRequest,
    actor: Actor,
    now: datetime,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = services.screens_of(actor)
    areas = services.areas_for(actor)
    values = typed or {"area": areas[0][0] if areas else "", "layout": ScreenLayout.AUTO.value}
    names = names_of({row.area_code for row in found})
    context: dict[str, Any] = {
        "title": "大屏",
        "rows": [
            {"it": row, "area": names.get(row.area_code, ""), "state": state_of(row, now), "tone": tone_of(row, now)}
            for row in found
        ],
        "name": text(values, errors or {}, "name", "名称", required=True, maximum=40),
        "area": choice(values, errors or {}, "area", "显示哪里的数字", areas, required=True),
        "layout": choice(values, errors or {}, "layout", "版式", ScreenLayout.choices, required=True),
        "errors": errors or {},
        "now": now,
    }
    return render(request, "screens/list.html", context, status=status)


def state_of(row: Screen, now: datetime) -> str:
    """How a screen stands, in words."""
    if row.ended_at is not None:
        return "已停用"
    waits = row.code_until is not None and row.code_until > now
    if not row.secret_hash:
        return "等待输入配对码" if waits else "还没有配对"
    quiet = (day_of(now) - row.last_seen_on).days if row.last_seen_on else 0
    words = "今天用过" if not quiet else f"{quiet} 天没有开"
    return f"使用中，{words}" + ("；另有配对码待用" if waits else "")


def tone_of(row: Screen, now: datetime) -> str:
    """`quiet` for one in use that has not been on for days."""
    if row.ended_at is not None or not row.secret_hash or row.last_seen_on is None:
        return ""
    return "quiet" if (day_of(now) - row.last_seen_on).days >= QUIET_DAYS else ""
