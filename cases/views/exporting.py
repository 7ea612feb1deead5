"""Exports of the list: a short one answered at once, a long one with its progress, all of them on record."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import request_meta
from accounts.queries import Actor
from cases.choices import ExportState, SheetFormat
from cases.models import Export
from cases.tasks import write_export
from cases.views.door import staff
from cases.worklist import columns, exporting, saved
from cases.worklist.listing import TABS, Listing, query_of
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.nudging import nudge

TYPES = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Write the list in `query` as `format`: up to 2,000 rows at once, more in the background."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("cases:list"))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = request.POST.get("format", "")
    if form not in SheetFormat.values:
        raise Incomplete({"format": ["请选择导出为 Excel 还是 CSV。"]})
    listing = Listing(query_of(request.POST.get("query", "")), actor, timezone.now())
    shown = columns.chosen(saved.preference_of(actor).columns)
    keys = exporting.keys_of(listing)
    if len(keys) > exporting.AT_ONCE:
        asked = exporting.ask(actor, listing.kept, shown, form, len(keys), listing.now)
        exporting.put_on_record(listing, shown, form, len(keys), **request_meta(request))
        nudge(write_export, export_id=asked.pk)
        return HttpResponseRedirect(reverse("cases:export-progress", args=[asked.uid]))
    exporting.put_on_record(listing, shown, form, len(keys), **request_meta(request))
    answer = HttpResponse(exporting.written(listing, shown, form, keys), content_type=TYPES[SheetFormat(form)])
    name = quote(exporting.file_name(listing, form, listing.now))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@staff
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports of the last day."""
    rows = [_row(found) for found in exporting.all_of(request.actor)]  # type: ignore[attr-defined]
    return render(request, "cases/exports.html", {"title": "我的导出", "exports": rows, "now": timezone.now()})


@staff
@require_safe
def progress(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How far an export is; the page may be left. The fragment asks again by itself until it is done."""
    found = exporting.mine(request.actor, uid)  # type: ignore[attr-defined]
    template = "cases/_export.html" if request.headers.get("HX-Request") else "cases/exports.html"
    context = {"title": "我的导出", "exports": [_row(found)], "export": _row(found), "one": True, "now": timezone.now()}
    return render(request, template, context)


@staff
@require_safe
def download(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The file of a finished export, for whoever asked for it."""
    found = exporting.mine(request.actor, uid)  # type: ignore[attr-defined]
    place = exporting.bytes_of(found)
    if place is None:
        raise Http404
    name = f"事项_{timezone.localtime(found.asked_at):%Y%m%d_%H%M}.{found.format}"
    return FileResponse(
        place.open("rb"), as_attachment=True, filename=name, content_type=TYPES[SheetFormat(found.format)]
    )


def _row(found: Export) -> dict[str, Any]:
    query = query_of(found.query)
    return {
        "uid": found.uid,
        "name": TABS.get(query.get("tab", ""), "事项"),
        "format": found.get_format_display(),
        "state": found.state,
        "state_label": found.get_state_display(),
        "done": found.done,
        "total": found.total,
        "percent": found.percent,
        "asked_at": found.asked_at,
        "busy": found.state in (ExportState.WAITING, ExportState.RUNNING),
        "url": reverse("cases:export-file", args=[found.uid]) if found.state == ExportState.DONE else "",
        "list_url": f"{reverse('cases:list')}?{found.query}",
    }
