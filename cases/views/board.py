"""The leader's board: figures of an area and a period with their fractions, each opening exactly its cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases.statistics import board, counting
from cases.statistics.windows import LABELS, Period, period_of
from cases.views.door import staff
from governance_portal.lib import sheets
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area
from grids.queries import chain_of, names_of

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
#: A board of more days than this would be drawn for nobody.
LONGEST = 3660


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The board; htmx gets its inner part only, so that a change of period keeps the page."""
    drawn = _drawn(request)
    context = drawn.whole() | _places(request, drawn) | _periods(request, drawn)
    context |= {"title": "看板", "now": drawn.now, "sheets_url": _query(request, drawn)}
    inner = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "board/_body.html" if inner else "board/show.html", context)


@staff
@require_safe
def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """One table of the board as CSV: the same columns and words as on the screen."""
    drawn = _drawn(request)
    if name not in drawn.tables:
        raise NotYours()
    table = drawn.tables[name]()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    words = f"{table['title']}-{drawn.period.window.first:%Y%m%d}-{drawn.period.window.last:%Y%m%d}.csv"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(words)}"
    sheets.write_csv(response, board.sheet_head(table), board.sheet_rows(table))
    return response


def _quoted(words: str) -> str:
    return urlencode({"": words})[1:].replace("+", "%20")


def _drawn(request: HttpRequest) -> board.Board:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    area = counting.area_for(actor, request.GET.get("area", ""))
    period = _period(request, now)
    cases = counting.cases_of(actor, area, now)
    return board.Board(
        cases, area, period, now, reverse("cases:list"), reverse("cases:board"), request.GET.get("period", "")
    )


def _period(request: HttpRequest, now: datetime) -> Period:
    """The period asked for, this month without one; days that are none, or in the wrong order, are put right."""
    today = now.astimezone(SHANGHAI).date()
    code = request.GET.get("period", "month")
    if code not in LABELS:
        code = "month"
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    if first and last and first > last:
        first, last = last, first
    if first and last and (last - first).days > LONGEST:
        first = date.fromordinal(last.toordinal() - LONGEST)
    return period_of(code, today, first, last)


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and EARLIEST <= found <= LATEST else None


def _places(request: HttpRequest, drawn: board.Board) -> dict[str, Any]:
    """Where we are, the way up as far as the reader's sight goes, and what lies below."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    own = [post.area_code for post in actor.posts if post.area_code]
    way = [
        {"name": name, "url": drawn.here(area=code), "current": code == drawn.area}
        for code, name in chain_of(drawn.area)
        if any(code.startswith(mine) for mine in own)
    ]
    below = Area.objects.active().filter(parent__code=drawn.area).order_by("code").values_list("code", "name")
    return {
        "way": way,
        "area": drawn.area,
        "area_name": names_of([drawn.area]).get(drawn.area, ""),
        "below": [{"value": code, "label": name} for code, name in below],
    }


def _periods(request: HttpRequest, drawn: board.Board) -> dict[str, Any]:
    period = drawn.period
    return {
        "period": period,
        "first": period.window.first,
        "last": period.window.last,
        "periods": [
            {"code": code, "label": label, "url": drawn.here(period=code), "current": code == period.code}
            for code, label in LABELS.items()
            if code != "custom"
        ],
    }


def _query(request: HttpRequest, drawn: board.Board) -> str:
    return drawn.here().partition("?")[2]
