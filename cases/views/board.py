"""The leader's board: figures of an area or a unit and a period with their fractions, each opening exactly its cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases.boards import links
from cases.crowds.hot import may_look as may_look_at_hot
from cases.mapping.reach import may_look as may_look_at_map
from cases.models import Category
from cases.statistics import board, page, reach
from cases.statistics.stamp import stamp
from cases.statistics.windows import LABELS, Period, period_of
from cases.supervising.proposing import may_read as may_supervise
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
    """The board; htmx gets its inner part only, so that a change of period keeps the page.

    The page asks for the inner part again with `If-None-Match`: 304 while the stamp stays, which is taken before anything is
    counted, so that what moves in between is told the next time.
    """
    drawn = _drawn(request)
    mark = stamp(drawn)
    inner = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    if inner and _known(request) == mark:
        return _marked(HttpResponse(status=304), drawn, mark)
    context = page.whole(drawn) | _places(request, drawn) | _periods(drawn) | _beside(drawn)
    context |= {"title": "看板", "now": drawn.now, "sheets_url": _query(drawn), "stamp": mark, "clock": _clock(drawn)}
    answer = render(request, "board/_body.html" if inner else "board/show.html", context)
    return _marked(answer, drawn, mark)


def _known(request: HttpRequest) -> str:
    """The stamp the page has; a proxy that compresses makes it weak."""
    return request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')


def _marked(answer: HttpResponse, drawn: board.Board, mark: str) -> HttpResponse:
    answer["ETag"] = f'"{mark}"'
    answer["X-As-Of"] = _clock(drawn)
    return answer


def _clock(drawn: board.Board) -> str:
    return f"{drawn.now.astimezone(SHANGHAI):%H:%M}"


@staff
@require_safe
def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """One table of the board as CSV: the same columns and words as on the screen."""
    drawn = _drawn(request)
    if not page.has(drawn, name):
        raise NotYours()
    table = page.table(drawn, name)
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
    asked = request.GET
    found = reach.reach_of(actor, asked.get("area", ""), asked.get("unit", ""), now)
    part = asked.get("part", "now")
    if part not in board.PARTS or (part == "units" and found.unit):
        part = "now"
    return board.Board(
        found.cases,
        actor,
        found.area,
        _period(request, now),
        now,
        reverse("cases:list"),
        reverse("cases:board"),
        part=part,
        unit=found.unit,
        narrowed=found.narrowed,
        reads_ratings=found.reads_ratings,
        category=_category(asked.get("category", "")),
        exclusions_path=reverse("exclusions:list"),
    )


def _category(code: str) -> str:
    """A category that there is, or none."""
    return code if code and Category.objects.filter(code=code[:20]).exists() else ""


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
    sees = reach.sees_areas(actor)
    way = [
        {
            "name": name,
            "url": drawn.here(area=code, **({"unit": ""} if sees else {})),
            "current": code == drawn.area and not drawn.unit,
        }
        for code, name in chain_of(drawn.area)
        if (any(code.startswith(mine) for mine in own) if sees else drawn.narrowed)
    ]
    if drawn.unit:
        way.append({"name": drawn.unit.short_name or drawn.unit.name, "url": drawn.here(), "current": True})
    below = Area.objects.active().filter(parent__code=drawn.area).order_by("code").values_list("code", "name")
    return {
        "way": way,
        "area": drawn.area if drawn.narrowed else "",
        "area_name": names_of([drawn.area]).get(drawn.area, "") if drawn.narrowed else "主办的",
        "unit": drawn.unit.code if drawn.unit else "",
        "whole_url": drawn.here(unit="", area="") if drawn.unit and sees else "",
        "below": [{"value": code, "label": name} for code, name in below],
    }


def _periods(drawn: board.Board) -> dict[str, Any]:
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


def _beside(drawn: board.Board) -> dict[str, Any]:
    """The pages beside the board that this reader may open."""
    supervises = may_supervise(drawn.actor)
    query = urlencode({"area": drawn.area, "period": drawn.period.code}) if drawn.narrowed else ""
    areas = reach.sees_areas(drawn.actor) and not drawn.unit
    return {
        "supervision_url": reverse("cases:supervision") if supervises else "",
        "checks_url": reverse("cases:checks") if supervises else "",
        "map_url": reverse("mapping:show") if may_look_at_map(drawn.actor) else "",
        "hot_open": may_look_at_hot(drawn.actor),
        "others": _others(query) if areas else [],
    }


def _others(query: str) -> list[dict[str, str]]:
    try:
        return links.nav(query)
    except NoReverseMatch:
        return []


def _query(drawn: board.Board) -> str:
    return drawn.here().partition("?")[2]
