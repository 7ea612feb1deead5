"""Pages of 自定义统计表: ready ones, the builder with its table, tables with a name, files of long ones."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import request_meta
from accounts.queries import Actor
from cases.choices import ExportState, SheetFormat
from cases.models import TableExport
from cases.statistics.counting import area_for
from cases.tabling import counting, exporting, keeping
from cases.tabling.asking import Asked, read, read_text
from cases.tabling.keeping import Kept
from cases.tabling.page import Page, within_reach
from cases.tabling.ready import READY
from cases.tasks import write_table
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYours
from governance_portal.lib.nudging import nudge

TYPES = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where to begin: six ready tables, one's own, and those that others share."""
    actor = _actor(request)
    area_for(actor, "")
    own, shared = keeping.all_of(actor)
    make = reverse("tables:make")
    context = {
        "title": "自定义统计表",
        "ready": [{"name": one.name, "about": one.about, "url": f"{make}?{one.asked.query()}"} for one in READY],
        "own": own,
        "shared": shared,
    }
    return render(request, "tabling/home.html", context)


@staff
@require_safe
def make(request: HttpRequest) -> HttpResponse:
    """The builder with its table; htmx gets the table only. A question that cannot be read is answered in its place."""
    actor, saved = _actor(request), request.GET.get("saved", "")
    kept = keeping.find(actor, int(saved)) if saved.isascii() and saved.isdigit() and len(saved) < 10 else None
    asked_for = request.GET.copy()
    if asked_for.get("columns") and "form" in asked_for:  # the form's further numbers are for tables without columns
        asked_for.setlist("measure", asked_for.getlist("measure")[:1])
    try:
        asked = read(asked_for)
    except Incomplete as refused:
        return _mistaken(request, refused, kept)
    frame = counting.frame_of(asked, actor, timezone.now())
    return _drawn(request, Page(frame, kept))


@staff
@require_safe
def saved(request: HttpRequest, pk: int) -> HttpResponse:
    """A saved table, counted now over what its reader may see."""
    return _drawn(request, _saved_page(_actor(request), pk))


def _saved_page(actor: Actor, pk: int, **more: Any) -> Page:
    kept, now = keeping.find(actor, pk), timezone.now()
    asked = read_text(kept.row.query)
    try:
        return Page(counting.frame_of(asked, actor, now), kept, **more)
    except NotYours:  # of an area this reader has no sight of: their own instead, and the page says so
        return Page(counting.frame_of(within_reach(asked), actor, now), kept, elsewhere=True, **more)


def _drawn(request: HttpRequest, page: Page, status: int = 200) -> HttpResponse:
    inner = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    if inner:
        return render(request, "tabling/_table.html", page.inner(), status=status)
    title = page.kept.row.name if page.kept else "做一张统计表"
    return render(request, "tabling/make.html", {"title": title, **page.whole()}, status=status)


def _mistaken(request: HttpRequest, refused: Incomplete, kept: Kept | None) -> HttpResponse:
    sentences = [sentence for rows in refused.errors.values() for sentence in rows]
    if request.headers.get("HX-Request"):
        context: dict[str, Any] = {"table": None, "problem": "".join(sentences), "query": ""}
        return render(request, "tabling/_table.html", context, status=400)
    page = Page(counting.frame_of(Asked(), _actor(request), timezone.now()), kept)
    context = {"title": "做一张统计表", **page.whole(), "table": None, "problem": "".join(sentences), "query": ""}
    return render(request, "tabling/make.html", context, status=400)


# --- with a name ------------------------------------------------------------------------------------------------


@staff
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a table under a name, shared or not."""
    actor = _actor(request)
    asked = read_text(request.POST.get("query", ""))
    frame = counting.frame_of(asked, actor, timezone.now())
    try:
        row = keeping.save(actor, request.POST.get("name", ""), asked, **_whom(request))
    except Incomplete as refused:
        return _drawn(request, Page(frame, errors=refused.errors, typed=request.POST.dict()), 400)  # type: ignore[arg-type]
    messages.success(request, f"已保存统计表“{row.name}”。")
    return HttpResponseRedirect(reverse("tables:saved", args=[row.pk]))


def _whom(request: HttpRequest) -> dict[str, Any]:
    unit = request.POST.get("unit", "")
    return {
        "share": request.POST.get("share", ""),
        "unit_id": int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        "role": request.POST.get("role", ""),
    }


@staff
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one's own table, share it otherwise, keep the question on the screen under it."""
    actor = _actor(request)
    query = request.POST.get("query", "")
    asked = read_text(query) if "renew" in request.POST and query else None
    try:
        row = keeping.change(actor, pk, name=request.POST.get("name", ""), asked=asked, **_whom(request))
    except Incomplete as refused:
        typed = request.POST.dict()
        return _drawn(request, _saved_page(actor, pk, errors=refused.errors, typed=typed), 400)
    messages.success(request, f"统计表“{row.name}”已更新。")
    return HttpResponseRedirect(reverse("tables:saved", args=[row.pk]))


@staff
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one's own copy of a table that is shared."""
    row = keeping.copy(_actor(request), pk)
    messages.success(request, f"已另存为我的统计表“{row.name}”。")
    return HttpResponseRedirect(reverse("tables:saved", args=[row.pk]))


@staff
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own table."""
    messages.success(request, f"已删除统计表“{keeping.remove(_actor(request), pk)}”。")
    return HttpResponseRedirect(reverse("tables:home"))


# --- files ------------------------------------------------------------------------------------------------------


@staff
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The table as Excel or CSV: a small one at once, a long one in the background."""
    form = request.POST.get("format", "")
    if form not in SheetFormat.values:
        raise Incomplete({"format": ["请选择导出为 Excel 还是 CSV。"]}, "请选择导出为 Excel 还是 CSV。")
    frame = counting.frame_of(read_text(request.POST.get("query", "")), _actor(request), timezone.now())
    try:
        counted = counting.count(frame)
    except counting.TooLarge:
        asked = exporting.ask(frame, form)
        exporting.put_on_record(frame, form, None, **request_meta(request))
        nudge(write_table, export_id=asked.pk)
        return HttpResponseRedirect(reverse("tables:export-progress", args=[asked.uid]))
    exporting.put_on_record(frame, form, len(counted.rows) * len(counted.columns), **request_meta(request))
    answer = HttpResponse(exporting.written(counted, form), content_type=TYPES[SheetFormat(form)])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(exporting.file_name(frame, form))}"
    return answer


@staff
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """One's own files of the last week."""
    rows = [_row(found) for found in exporting.all_of(_actor(request))]
    return render(request, "tabling/exports.html", {"title": "导出的统计表", "exports": rows, "now": timezone.now()})


@staff
@require_safe
def progress(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How far a file is; the page may be left. The fragment asks again by itself until it is done."""
    row = _row(exporting.mine(_actor(request), uid))
    template = "tabling/_export.html" if request.headers.get("HX-Request") else "tabling/exports.html"
    context = {"title": "导出的统计表", "exports": [row], "export": row, "one": True, "now": timezone.now()}
    return render(request, template, context)


@staff
@require_safe
def download(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The file, for whoever asked for it."""
    found = exporting.mine(_actor(request), uid)
    place = exporting.place_of(found)
    if place is None:
        raise Http404
    name = f"统计表_{timezone.localtime(found.asked_at):%Y%m%d_%H%M}.{found.format}"
    return FileResponse(
        place.open("rb"), as_attachment=True, filename=name, content_type=TYPES[SheetFormat(found.format)]
    )


def _row(found: TableExport) -> dict[str, Any]:
    return {
        "uid": found.uid,
        "name": found.name,
        "format": found.get_format_display(),
        "state_label": found.get_state_display(),
        "done": found.done,
        "total": found.total,
        "percent": found.percent,
        "asked_at": found.asked_at,
        "until": found.asked_at + exporting.KEPT_FOR,
        "busy": found.state in (ExportState.WAITING, ExportState.RUNNING),
        "said": found.said or exporting.NOT_WRITTEN,
        "url": reverse("tables:export-file", args=[found.uid]) if found.state == ExportState.DONE else "",
        "table_url": f"{reverse('tables:make')}?{found.query}",
    }
