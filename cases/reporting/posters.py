"""The poster of a grid's notice board on A4: what the law says it shows, and a QR that opens the grid's report page (facts §3.7).

The QR holds the page's address and the grid's code, never anything of a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.queries import Actor
from cases.querysets import NEVER, below, own_grids
from cases.views.door import staff
from governance_portal.lib.errors import NotYou, NotYours
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Grid
from grids.queries import board_of, names_of

PRINT_BY_AREA = (Role.CLERK, Role.OPERATOR, Role.DISPATCHER, Role.LEADER)
NOT_HERE = "网格公示牌由窗口、分流、领导和网格员打印，您没有这些岗位。"


def may_print(actor: Actor) -> bool:
    """Tell whether somebody prints posters: who works for an area, and the grid's own worker."""
    return actor.has(*PRINT_BY_AREA, Role.GRID_WORKER)


def _grids(actor: Actor, now: datetime) -> Q:
    """The grids of the areas somebody works for, and those they are on duty in."""
    if not may_print(actor):
        raise NotYou(NOT_HERE)
    scope = NEVER
    for post in actor.with_role(*PRINT_BY_AREA):
        if post.area_code:
            scope |= below("code", post.area_code)
    return scope | Q(code__in=own_grids(actor, now))


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The grids whose poster this person may print, by community; `?q=` narrows by a part of the name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    typed = request.GET.get("q", "").strip()[:40]
    grids = Grid.objects.filter(_grids(actor, timezone.now()), active=True, name__contains=typed).order_by("code")
    rows = list(grids.values_list("code", "name"))
    names = names_of({code[:length] for code, _ in rows for length in (9, 12)})
    groups: dict[str, list[dict[str, str]]] = {}
    for code, name in rows:
        place = " · ".join(names[above] for above in (code[:9], code[:12]) if above in names)
        groups.setdefault(place, []).append({"code": code, "name": name})
    context = {"title": "网格公示牌", "groups": groups.items(), "typed": typed, "count": len(rows)}
    return render(request, "cases/reporting/posters.html", context)


@staff
@require_safe
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """One grid's poster."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    mine = Grid.objects.filter(_grids(actor, now), code=code, active=True).exists()
    board = board_of(code, now.astimezone(SHANGHAI).date()) if mine else None
    if board is None:
        raise NotYours()
    return _poster(request, reverse("public:report-grid", args=[code]), {"board": board, "title": board.name})


@staff
@require_safe
def district(request: HttpRequest) -> HttpResponse:
    """The district's poster, for the hall and for places that lie in no grid."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not may_print(actor):
        raise NotYou(NOT_HERE)
    return _poster(request, reverse("public:report"), {"board": None, "title": "有事请找综治中心"})


def _poster(request: HttpRequest, path: str, context: dict[str, Any]) -> HttpResponse:
    address = request.build_absolute_uri(path)
    qr = segno.make(address, error="q").svg_data_uri(border=2, dark="#000")
    more = {"qr": qr, "address": address, "back_url": reverse("cases:posters"), "now": timezone.now()}
    return render(request, "cases/reporting/poster.html", context | more)
