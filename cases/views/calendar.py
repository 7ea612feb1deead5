"""The calendar's pages: a year of days, a year's notice read, foreseen and confirmed, the dates that moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases import policies
from cases.desks import has_cases
from cases.limits import importing, moving
from cases.limits.importing import may_keep
from cases.limits.notice import COLUMNS, FIRST_YEAR, LAST_YEAR, OFF, WORKED, Notice, NoticeRow, read_notice
from cases.limits.year import Year, year_of, years_known
from cases.models import CalendarImport, Case, MovedDate, Recount
from cases.views.due import TENTATIVE, until_words
from cases.views.intake_form import choice, text
from cases.views.keepers import keepers, people
from governance_portal.lib.errors import BadFile, Incomplete, NotYours
from governance_portal.lib.sheets import LARGEST_SHEET, csv_pieces
from governance_portal.lib.spoken import date_words
from governance_portal.lib.working_days import day_of

PER_PAGE = 100
RECENT = 6
DAY_KINDS = ((OFF, "休息"), (WORKED, "上班"))


# --- a year -----------------------------------------------------------------------------------------------------


@keepers
@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    """Go to this year."""
    return HttpResponseRedirect(reverse("cases:calendar", args=[day_of(timezone.now()).year]))


@keepers
@require_safe
def show_year(request: HttpRequest, year: int) -> HttpResponse:
    """Twelve months, what is off and worked and by what source, and the form for one day."""
    _check(year)
    return _year_page(request, year, {}, {}, 200)


def _check(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotYours(f"日历从 {FIRST_YEAR} 年到 {LAST_YEAR} 年。")


def _year_page(
    request: HttpRequest, year: int, typed: dict[str, Any], errors: dict[str, list[str]], status: int
) -> HttpResponse:
    now = timezone.now()
    today = day_of(now)
    shown: Year = year_of(year, today)
    context = {
        "title": f"{year} 年工作日历",
        "year": shown,
        "years": [{"year": known, "current": known == year} for known in years_known(today)],
        "names": [f"{month} 月" for month in range(1, 13)],
        "recounts": _recounts(),
        "waiting": CalendarImport.objects.filter(confirmed_at__isnull=True).order_by("-id")[:3],
        "kept": request.GET.get("kept") == "1",
        "errors": errors,
        "f": {
            "date": text(typed, errors, "date", "哪一天", required=True, maximum=10),
            "worked": choice(typed, errors, "worked", "改为", DAY_KINDS, required=True),
            "name": text(typed, errors, "name", "名称", maximum=40),
            "source": text(typed, errors, "source", "依据", required=True, maximum=80),
        },
        "now": now,
    }
    return render(request, "cases/limits/year.html", context, status=status)


def _since(wish: Recount) -> str:
    return f"{date_words(wish.since)} 起重新计算"


def _recounts() -> list[dict[str, Any]]:
    rows = Recount.objects.filter(done_with__isnull=True).order_by("-id")[:RECENT]
    return [
        {"wish": row, "reason": row.reason or _since(row), "url": reverse("cases:moved", args=[row.pk])} for row in rows
    ]


@keepers
@require_safe
def year_sheet(request: HttpRequest, year: int) -> StreamingHttpResponse:
    """The year as a table that the import reads: a pattern to fill in, or what is in force."""
    _check(year)
    spans = year_of(year, day_of(timezone.now())).spans
    rows = [
        [
            str(span.first) if span.first == span.last else f"{span.first}至{span.last}",
            WORKED if span.worked else OFF,
            span.name,
            span.source,
        ]
        for span in spans
    ]
    answer = StreamingHttpResponse(csv_pieces(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="calendar-{year}.csv"'
    return answer


@keepers
@require_POST
def edit_day(request: HttpRequest, year: int) -> HttpResponse:
    """Foresee the edit of one day."""
    _check(year)
    typed = {name: request.POST.get(name, "").strip() for name in ("date", "worked", "name", "source")}
    errors: dict[str, list[str]] = {}
    try:
        day = parse_date(typed["date"])
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        errors["date"] = ["请选一个日期。"]
    if typed["worked"] not in (OFF, WORKED):
        errors["worked"] = ["请选休息或上班。"]
    if not typed["source"]:
        errors["source"] = ["请写依据，如“区政府通知〔2027〕3号”。"]
    for name, most in (("name", 40), ("source", 80)):
        if len(typed[name]) > most:
            errors[name] = [f"最多 {most} 字。"]
    if errors or day is None:
        return _year_page(request, year, typed, errors, 400)
    row = NoticeRow(day, day, typed["worked"] == WORKED, typed["name"], typed["source"])
    try:
        draft = importing.keep_day(row, request.actor, timezone.now())  # type: ignore[attr-defined]
    except Incomplete as refused:
        return _year_page(request, year, typed, refused.errors, 400)
    return HttpResponseRedirect(reverse("cases:calendar-draft", args=[draft.pk]))


# --- a year's notice --------------------------------------------------------------------------------------------


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """Choose a file and a year; a faultless one goes to its preview, a faulty one is told row by row."""
    now = timezone.now()
    typed = request.POST.dict() if request.method == "POST" else {"year": str(_next_year(now))}
    if request.method != "POST":
        return _import_page(request, typed, {}, None, 200)
    upload = request.FILES.get("file")
    year = typed.get("year", "")
    errors: dict[str, list[str]] = {}
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        errors["year"] = ["请填四位数的年份，如 2027。"]
    if upload is None:
        errors["file"] = ["请选择文件（CSV、XLSX 或 JSON）。"]
    elif (upload.size or 0) > LARGEST_SHEET:
        errors["file"] = ["文件超过 20 MB，请核对是不是选错了。"]
    if errors or upload is None:
        return _import_page(request, typed, errors, None, 400)
    try:
        notice = read_notice(upload.read(), int(year), typed.get("source", "").strip()[:80])
    except BadFile as refused:
        return _import_page(request, typed, {"file": [refused.detail]}, None, 400)
    if notice.problems:
        return _import_page(request, typed, {}, notice, 400)
    try:
        draft = importing.keep_notice(notice, request.actor, upload.name or "", now)  # type: ignore[attr-defined]
    except Incomplete as refused:
        return _import_page(request, typed, refused.errors, None, 400)
    return HttpResponseRedirect(reverse("cases:calendar-draft", args=[draft.pk]))


def _next_year(now: datetime) -> int:
    """This year while it is not published, else the next; of the calendar only its last published day is asked."""
    year = day_of(now).year
    return year if policies.calendar().is_tentative(date(year, 12, 31)) else year + 1


def _import_page(
    request: HttpRequest, typed: dict[str, Any], errors: dict[str, list[str]], notice: Notice | None, status: int
) -> HttpResponse:
    context = {
        "title": "导入放假安排",
        "errors": errors,
        "problems": notice.problems if notice else [],
        "read_rows": len(notice.rows) if notice else 0,
        "columns": COLUMNS,
        "sample_year": day_of(timezone.now()).year,
        "f": {
            "year": text(typed, errors, "year", "哪一年", required=True, maximum=4, inputmode="numeric", short=True),
            "file": text({}, errors, "file", "文件", required=True),
            "source": text(typed, errors, "source", "依据（文件里没写时用）", maximum=80),
        },
        "now": timezone.now(),
    }
    return render(request, "cases/limits/import.html", context, status=status)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What a notice would move; POST writes it."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = CalendarImport.objects.filter(pk=pk).select_related("recount").first()
    if found is None:
        raise NotYours()
    if request.method == "POST":
        wish = importing.confirm(pk, actor, now, **audit.request_meta(request))
        return HttpResponseRedirect(reverse("cases:moved", args=[wish.pk]))
    if found.recount_id:
        return HttpResponseRedirect(reverse("cases:moved", args=[found.recount_id]))
    change, foreseen = importing.foresee_draft(found)
    rows = moving.shown_to(foreseen.rows, actor, now)
    context = {
        "title": f"{found.year} 年放假安排：确认前请核对" if found.year else "改一天：确认前请核对",
        "draft": found,
        "rows": [NoticeRow.from_list(row) for row in found.rows],
        "change": change,
        "foreseen": foreseen,
        "ways": foreseen.ways(),
        "moved": [_moved_row(row.number, row.label, row) for row in rows],
        "counts_only": not has_cases(actor),
        "listed": moving.LISTED,
        "back_url": reverse("cases:calendar", args=[found.year or change.since.year]),
        "now": now,
    }
    return render(request, "cases/limits/draft.html", context)


def _moved_row(number: str, label: str, row: moving.Moved | MovedDate) -> dict[str, Any]:
    """A date that moved, as components of the lists read it."""
    way = "same" if row.due_to == row.due_from else "earlier" if row.due_to < row.due_from else "later"
    return {
        "number": number,
        "url": reverse("cases:case", args=[number]),
        "label": label,
        "before": until_words(row.due_from) + (TENTATIVE if row.tentative_from else ""),
        "after": until_words(row.due_to) + (TENTATIVE if row.tentative_to else ""),
        "way": {"same": "转为确定" if not row.tentative_to else "转为暂定", "earlier": "提前", "later": "推后"}[way],
    }


# --- what moved -------------------------------------------------------------------------------------------------


@people
@require_safe
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """The dates that a recount moved: those of the cases that the reader may see; counts for who keeps the calendar."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wish = Recount.objects.filter(pk=pk).select_related("done_with").first()
    if wish is None or not (may_keep(actor) or has_cases(actor)):
        raise NotYours()
    leader = wish.done_with or wish
    everything = moving.kept(leader.pk)
    visible = Case.objects.visible_to(actor, now).values("pk")
    mine = everything.filter(case_id__in=visible).order_by("due_to", "id")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "变动的期限",
        "wish": leader,
        "reason": leader.reason or _since(leader),
        "keeper": may_keep(actor),
        "total": everything.count() if may_keep(actor) else None,
        "counts_only": not has_cases(actor),
        "page": page,
        "rows": [_moved_row(row.case.number, row.get_clock_display(), row) for row in page.object_list],
        "now": now,
    }
    return render(request, "cases/limits/moved.html", context)
