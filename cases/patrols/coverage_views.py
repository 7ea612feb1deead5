"""Coverage on the screen and as a sheet: by grid and period, numerator and denominator beside each rate, no person in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.queries import Actor
from cases.patrols import choices as c
from cases.patrols import coverage, queries
from cases.patrols.coverage import Coverage
from cases.patrols.views import LONGEST, PER_PAGE, actor_of, pager, period_of
from cases.querysets import below
from cases.views.door import staff
from governance_portal.lib.errors import NotYou
from governance_portal.lib.sheets import csv_pieces
from grids.models import Area
from grids.queries import names_of

HEAD = (
    *("网格编码", "网格", "应查（次）", "已完成", "未完成", "未完成的原因", "无人在岗", "未报", "完成率（%）"),
    *("应查点位", "已查点位", "点位覆盖率（%）"),
)


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not queries.reading_posts(actor):
        raise NotYou("覆盖情况按网格统计，由中心、乡镇街道和社区查看。")
    return actor


def _counted(request: HttpRequest, actor: Actor) -> tuple[date, date, str, str, dict[str, Coverage]]:
    today = queries.today_of(timezone.now())
    first, last = period_of(request, today.replace(day=1), today)
    tasks = queries.tasks_read(actor)
    area, kind = request.GET.get("area", ""), request.GET.get("kind", "")
    if area.isascii() and area.isdigit() and len(area) in (6, 9, 12):
        tasks = tasks.filter(below("grid__code", area))
    else:
        area = ""
    if kind in c.PatrolKind.values:
        tasks = tasks.filter(plan__kind=kind)
    else:
        kind = ""
    return first, last, area, kind, coverage.by_grid(coverage.facts(tasks, first, last))


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The whole, and each grid, of a period; this month without one."""
    actor = _reader(request)
    first, last, area, kind, grids = _counted(request, actor)
    page = Paginator(list(grids.items()), PER_PAGE).get_page(request.GET.get("page"))
    names = names_of(code for code, _one in page)
    widest = [post.area_code for post in queries.reading_posts(actor)]
    context = {
        "title": "排查覆盖",
        "first": first,
        "last": last,
        "longest": LONGEST.days,
        "area": area,
        "kind": kind,
        "kinds": c.PatrolKind.choices,
        "areas": _areas(widest),
        "whole": _sum(grids),
        "page": page,
        "pager": pager(page, request),
        "rows": [(code, names.get(code, code), one) for code, one in page],
        "query": request.GET.urlencode(),
    }
    return render(request, "cases/patrols/coverage.html", context)


def _areas(widest: list[str]) -> list[tuple[str, str]]:
    rows = Area.objects.filter(active=True, level__in=("district", "street")).order_by("code")
    return [
        (code, name) for code, name in rows.values_list("code", "name") if any(code.startswith(one) for one in widest)
    ]


def _sum(grids: dict[str, Coverage]) -> Coverage:
    """Add the grids up: the same as counting all tasks at once."""
    reasons: dict[str, int] = {}
    for one in grids.values():
        for code, count in one.reasons.items():
            reasons[code] = reasons.get(code, 0) + count
    names = ("due", "done", "undone", "unmanned", "open", "points_due", "points_seen")
    return Coverage(**{name: sum(getattr(one, name) for one in grids.values()) for name in names}, reasons=reasons)


@staff
@require_safe
def sheet(request: HttpRequest) -> StreamingHttpResponse:
    """The same table as CSV; on record."""
    actor = _reader(request)
    first, last, area, kind, grids = _counted(request, actor)
    detail = {"from": str(first), "to": str(last), "area": area, "kind": kind, "rows": len(grids)}
    audit.record(actor, "patrol_sheet", "patrols", "", detail, now=timezone.now(), **audit.request_meta(request))
    response = StreamingHttpResponse(csv_pieces(HEAD, _rows(grids)), content_type="text/csv; charset=utf-8")
    name = f"排查覆盖-{first:%Y%m%d}-{last:%Y%m%d}.csv"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _rows(grids: dict[str, Coverage]) -> Iterator[list[Any]]:
    names = names_of(grids)
    for code, one in [*grids.items(), ("合计", _sum(grids))]:
        counts = [one.due, one.done, one.undone, one.reason_words, one.unmanned, one.open, one.rate]
        yield [code, names.get(code, ""), *counts, one.points_due, one.points_seen, one.points_rate]
