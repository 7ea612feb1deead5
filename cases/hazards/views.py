"""隐患 for staff: the ledgers by class on the screen, as a sheet and on paper, and one hazard with its three lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases import choices as c
from cases import dossier
from cases.hazards import keeping, queries
from cases.hazards.again import RESULTS
from cases.hazards.queries import STATES, UNFILED, Sift
from cases.models import Case
from cases.queries import records_for
from cases.statistics.figures import percent
from cases.views.door import staff
from cases.views.files import file_row
from governance_portal.lib import sheets
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.numbers import parse_number
from grids.models import Area
from grids.queries import names_of

PER_PAGE = 50
#: So many rows at most in one sheet or on one paper.
AT_ONCE = 2000
HEAD = (
    "受理编号",
    "类别",
    "涉及对象",
    "隐患",
    "地点",
    "属地",
    "责任单位",
    "责任人",
    "整改期限",
    "清单",
    "已整改",
    "状态",
    "登记日期",
    "销号日期",
)


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The ledger of a class, or of all; each figure opens exactly its hazards. `?paper=1` is the sheet to print."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sift = queries.given_sift(request.GET)
    paper = request.GET.get("paper") == "1"
    found = queries.ledger(actor, sift, now)
    if paper and found.count() > AT_ONCE:
        raise Incomplete({"paper": [f"一次最多打印 {AT_ONCE} 行，请先按街道或日期筛选。"]})
    page = None if paper else Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [row_of(case, now) for case in (found if page is None else page.object_list)]
    figures = queries.figures_of(actor, sift, now)
    context = {
        "title": "隐患台账",
        "sift": sift,
        "class_label": _label(sift),
        "tabs": _tabs(actor, sift, now),
        "tiles": _tiles(figures, sift),
        "figures": figures,
        "rate": _rate(figures),
        "scopes": queries.scopes_of(sift, actor),
        "may_keep": keeping.keeping_post(actor) is not None,
        "streets": _streets(actor),
        "rows": _named(rows),
        "page": page,
        **(_pager(page, sift) if page is not None else {}),
        "query": query_of(sift),
        "narrowed": bool(sift.area or sift.first or sift.last),
        "again": queries.re_inspections_for(actor, queries.today_of(now), now).count(),
        "back_url": f"{reverse('hazards:list')}?{query_of(sift)}",
        "printed_by": actor.name,
        "now": now,
    }
    if paper:
        detail = {"rows": len(rows), "query": query_of(sift)}
        audit.record(actor, "print_hazards", "hazards", "", detail, now=now, **audit.request_meta(request))
    return render(request, f"cases/hazards/{'ledger_paper' if paper else 'ledger'}.html", context)


def query_of(sift: Sift, **changed: Any) -> str:
    """Write a sift as a query string, with something changed."""
    told = {
        "class": sift.hazard_class,
        "state": sift.state,
        "area": sift.area,
        "from": sift.first.isoformat() if sift.first else "",
        "to": sift.last.isoformat() if sift.last else "",
        **changed,
    }
    return urlencode({name: value for name, value in told.items() if value})


def _label(sift: Sift) -> str:
    if sift.hazard_class == UNFILED:
        return "未建档"
    return str(queries.HazardClass(sift.hazard_class).label) if sift.hazard_class else "全部"


def _tabs(actor: Actor, sift: Sift, now: datetime) -> list[dict[str, Any]]:
    rows = queries.classes_of(actor, sift, now)
    return [
        {
            "label": label,
            "count": count,
            "here": code == sift.hazard_class,
            "url": f"?{query_of(sift, **{'class': code, 'state': 'found'})}",
        }
        for code, label, count in rows
        if count or code in (queries.EVERY, sift.hazard_class)
    ]


def _tiles(figures: dict[str, int], sift: Sift) -> list[dict[str, Any]]:
    shown = [(code, label) for code, label in STATES if code != "other" or figures["other"]]
    tones = {"overdue": "overdue"}
    return [
        {
            "label": label,
            "value": figures[code],
            "url": f"?{query_of(sift, state=code)}",
            "here": code == sift.state,
            "tone": tones.get(code, "") if figures[code] else "",
        }
        for code, label in shown
    ]


def _rate(figures: dict[str, int]) -> str:
    """「46/46，100 %」: of those found how many are closed; of nothing found nothing is said."""
    share = percent(figures["closed"], figures["found"])
    if share is None:
        return ""
    return f"{figures['closed']}/{figures['found']}，{str(share).removesuffix('.0')} %"


def row_of(case: Case, now: datetime) -> dict[str, Any]:
    """Return what a row of the ledger says; screen, sheet and paper read the same."""
    file = getattr(case, "hazard", None)
    today = queries.today_of(now)
    open_now = case.is_open and case.status not in (c.Status.SUPERVISION, c.Status.FOLLOW_UP)
    return {
        "case": case,
        "file": file,
        "label": file.get_hazard_class_display() if file else "未建档",
        "lines": case.lines,  # type: ignore[attr-defined]
        "lines_done": case.lines_done,  # type: ignore[attr-defined]
        "late": open_now and bool(file and file.term < today),
        "place": case.grid_code or case.area_code,
        "address": queries.place_of(case),
    }


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = names_of({row["place"][:9] for row in rows})
    return [{**row, "street": names.get(row["place"][:9], "")} for row in rows]


def _streets(actor: Actor) -> list[Area]:
    """The streets that somebody may narrow by: those of their posts' areas."""
    codes = tuple({post.area_code for post in actor.posts if post.area_code})
    streets = Area.objects.active().filter(level="street").defer("boundary").order_by("code")
    return [one for one in streets if any(one.code.startswith(code) or code.startswith(one.code) for code in codes)]


def _pager(page: Page[Any], sift: Sift) -> dict[str, str]:
    query = query_of(sift)
    return {
        "previous_url": f"?{query}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?{query}&page={page.next_page_number()}" if page.has_next() else "",
        "page_words": f"共 {page.paginator.count} 处，第 {page.start_index()}–{page.end_index()} 处",
    }


@staff
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The ledger as a sheet (CSV), on record: the same rows as on the screen, no resident's data."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sift = queries.given_sift(request.POST)
    found = list(queries.ledger(actor, sift, now)[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        raise Incomplete({"format": [f"一次最多导出 {AT_ONCE} 行，请先按类别、街道或日期筛选。"]})
    rows = _named([row_of(case, now) for case in found])
    detail = {"rows": len(rows), "query": query_of(sift)}
    audit.record(actor, "export_hazards", "hazards", "", detail, now=now, **audit.request_meta(request))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    sheets.write_csv(answer, HEAD, (cells_of(row) for row in rows))
    name = quote(f"隐患台账_{_label(sift)}_{timezone.localtime(now):%Y%m%d}.csv")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def cells_of(row: dict[str, Any]) -> list[sheets.Cell]:
    """One row of the sheet, in the order of `HEAD`."""
    case, file = row["case"], row["file"]
    closed = timezone.localtime(case.closed_at).date() if case.closed_at else None
    return [
        case.number,
        row["label"],
        file.detail if file else "",
        case.title,
        row["address"],
        row["street"],
        file.unit.name if file else "",
        file.person if file else "",
        file.term if file else None,
        row["lines"],
        row["lines_done"],
        case.get_status_display(),
        timezone.localtime(case.registered_at).date(),
        closed,
    ]


# --- one hazard ---------------------------------------------------------------------------------------------------


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One hazard: its file, its three lists, photos before and after, who verified it, when it is looked at again."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = dossier.find(actor, parse_number(number) or number, now)
    if case.kind != c.Kind.HAZARD:
        raise Http404
    offered = {offer.name for offer in records_for(case, actor, now)}
    items, photos = queries.items_of(case), queries.photos_of(case)
    today = queries.today_of(now)
    paper = request.GET.get("paper") == "1"
    context = {
        "title": f"隐患：{case.title}",
        "case": case,
        "number": case.number,
        "address": queries.place_of(case),
        "file": getattr(case, "hazard", None),
        "items": [
            {"row": item, "late": case.is_open and item.done_at is None and item.due_on < today} for item in items
        ],
        "done": sum(item.done_at is not None for item in items),
        "photos": {name: [file_row(one, case) for one in found] for name, found in photos.items()},
        "verified": queries.verified_by(case),
        "again": [(row, dict(RESULTS).get(row.result, "")) for row in queries.reinspections_of(case)],
        "may": {name: name in offered for name in ("hazard", "hazard_item", "hazard_done", "hazard_drop")},
        "back_url": reverse("hazards:hazard", args=[case.number]),
        "printed_by": actor.name,
        "now": now,
    }
    if paper:
        audit.record(actor, "print_hazard", f"case:{case.number}", "", {}, now=now, **audit.request_meta(request))
    return render(request, f"cases/hazards/{'hazard_paper' if paper else 'hazard'}.html", context)
