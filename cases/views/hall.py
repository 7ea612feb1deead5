"""The hall's pages: the visit register with its totals, and who sits there today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.hall import roster, visits
from cases.models import RosterEntry
from cases.services.rostering import PlanGiven, plan, take_off
from cases.services.visiting import BY_HAND, enter_visit
from cases.views.door import staff
from cases.views.intake_form import all_units, choice, text
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.sheets import csv_pieces
from governance_portal.lib.working_days import day_of

PER_PAGE = 50
FIELDS = ("presence", "unit", "date", "person", "desk", "phone")


def _day(typed: str, otherwise: date) -> date:
    try:
        found = parse_date(typed)
    except ValueError:
        found = None
    return found if found is not None and 2000 <= found.year < 2200 else otherwise


# --- the visit register -----------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def show_visits(request: HttpRequest) -> HttpResponseBase:
    """The register of a day or a span of days; POST enters a visit without a new matter."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(*visits.READERS):
        raise NotYou("来访登记簿由窗口、分流、督办和领导查看，您没有这些岗位。")
    if request.method == "POST":
        try:
            enter_visit(actor, request.POST.dict(), now=now)
        except Incomplete as refused:
            return _visits_page(request, actor, now, refused.errors, 400)
        return HttpResponseRedirect(reverse("hall:visits") + "?entered=1")
    if request.GET.get("format") == "csv":
        return _visits_sheet(request, actor, now)
    return _visits_page(request, actor, now, {}, 200)


def _span(request: HttpRequest, now: datetime) -> tuple[date, date]:
    last = _day(request.GET.get("to", ""), day_of(now))
    first = _day(request.GET.get("from", ""), last)
    first, last = min(first, last), max(first, last)
    return max(first, last - timedelta(days=visits.MOST_DAYS - 1)), last


def _visits_page(
    request: HttpRequest, actor: Actor, now: datetime, errors: dict[str, list[str]], status: int
) -> HttpResponse:
    first, last = _span(request, now)
    found = visits.seen_by(actor, first, last)
    rows = list(found)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    typed = request.POST
    purposes = [(value.value, str(value.label)) for value in BY_HAND]
    query = f"from={first}&to={last}"
    context = {
        "title": "来访登记簿",
        "first": first,
        "last": last,
        "today": day_of(now),
        "totals": visits.totals_of(rows),
        "days": visits.by_day(rows) if first != last else [],
        "page": page,
        "may_open": visits.open_numbers(page.object_list, actor, now),
        "csv_url": f"?{query}&format=csv",
        "query": query,
        "may_enter": actor.has(Role.CLERK),
        "entered": request.GET.get("entered") == "1",
        "open": bool(errors),
        "f": {
            "purpose": choice(typed, errors, "purpose", "来做什么", purposes, required=True),
            "number": text(typed, errors, "number", "问的是哪一件（受理编号）", maximum=20, inputmode="numeric"),
            "people": text(typed, errors, "people", "几个人", maximum=6, inputmode="numeric", short=True),
            "note": text(typed, errors, "note", "备注（不写姓名电话）", maximum=200),
        },
        "now": now,
    }
    return render(request, "cases/hall/visits.html", context, status=status)


def _visits_sheet(request: HttpRequest, actor: Actor, now: datetime) -> StreamingHttpResponse:
    first, last = _span(request, now)
    rows = list(visits.seen_by(actor, first, last))
    what = {"from": str(first), "to": str(last), "rows": len(rows)}
    audit.record(actor, "export_visits", "visits", "", what, now=now, **audit.request_meta(request))
    pieces = csv_pieces(visits.SHEET, visits.sheet_rows(rows, visits.open_numbers(rows, actor, now)))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="visits-{first}-{last}.csv"'
    return answer


# --- the hall's plan --------------------------------------------------------------------------------------------


@staff
@require_safe
def show_roster(request: HttpRequest) -> HttpResponse:
    """Who sits in the hall today (or on ?day=), and for those who keep it the plan itself."""
    return _roster_page(request, {}, 200)


@staff
@require_POST
def add_to_roster(request: HttpRequest) -> HttpResponse:
    """Add to the plan."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    posted = request.POST
    given = PlanGiven(
        leader=posted.get("what") == "leader",
        unit=posted.get("unit", ""),
        presence=posted.get("presence", ""),
        weekdays=posted.getlist("weekdays"),
        date=posted.get("date", ""),
        person=posted.get("person", ""),
        desk=posted.get("desk", ""),
        phone=posted.get("phone", ""),
        away=bool(posted.get("away")),
    )
    try:
        plan(actor, given, now=timezone.now())
    except Incomplete as refused:
        return _roster_page(request, refused.errors, 400)
    return HttpResponseRedirect(reverse("hall:roster") + "?kept=1")


@staff
@require_POST
def take_off_roster(request: HttpRequest, entry: int) -> HttpResponse:
    """Take a row off the plan."""
    take_off(request.actor, entry, now=timezone.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("hall:roster") + "?kept=1")


def _roster_page(request: HttpRequest, errors: dict[str, list[str]], status: int) -> HttpResponse:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    hall = roster.hall_of(actor)
    day = _day(request.GET.get("day", ""), day_of(now))
    may_edit = roster.may_edit(actor)
    typed: dict[str, Any] = request.POST.dict() if request.method == "POST" else {}
    context = {
        "title": "大厅值班",
        "day": day,
        "weekday": c.Weekday(day.weekday()).label,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "hall": roster.desk_map(hall, day),
        "may_edit": may_edit,
        "plan": _plan(hall, now) if may_edit else [],
        "kept": request.GET.get("kept") == "1",
        "errors": errors,
        "what": typed.get("what", "unit"),
        "weekdays": [
            (str(value), label, str(value) in request.POST.getlist("weekdays")) for value, label in c.Weekday.choices
        ],
        "away": typed.get("away", ""),
        "f": {
            "unit": choice(typed, errors, "unit", "单位", all_units()) if may_edit else None,
            "presence": choice(typed, errors, "presence", "方式", c.Presence.choices),
            "date": text(typed, errors, "date", "只在这一天", maximum=10),
            "person": text(typed, errors, "person", "姓名", maximum=40),
            "desk": text(typed, errors, "desk", "窗口号", maximum=20, short=True),
            "phone": text(typed, errors, "phone", "电话", maximum=30, inputmode="tel"),
        },
        "now": now,
    }
    return render(request, "cases/hall/roster.html", context, status=status)


def _plan(hall: str, now: datetime) -> list[dict[str, Any]]:
    """The rows that still matter, by when they hold."""
    rows = (
        RosterEntry.objects.filter(area_code=hall).select_related("unit").order_by("-leader", "unit__name", "weekday")
    )
    today = day_of(now)
    return [
        {
            "id": row.pk,
            "who": "值班领导" if row.leader else str(row.unit),
            "presence": row.get_presence_display(),
            "when": _when(row),
            "person": row.person,
            "desk": row.desk,
            "phone": row.phone,
            "away": row.away,
        }
        for row in rows
        if row.date is None or row.date >= today
    ]


def _when(row: RosterEntry) -> str:
    if row.date:
        return f"{row.date.month}月{row.date.day}日" + ("不在" if row.away else "")
    return str(c.Weekday(row.weekday).label) if row.weekday is not None else "每个工作日"
