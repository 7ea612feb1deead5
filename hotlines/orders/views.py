"""The pages of the import: choose a sheet, look at what would happen, confirm, watch, read the report."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import request_meta
from accounts.queries import Actor
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import Incomplete, NotYours
from governance_portal.lib.nudging import nudge
from governance_portal.lib.sheets import LARGEST_SHEET
from hotlines.choices import BatchSource, BatchState
from hotlines.links.by_hand import lines_with_words
from hotlines.models import OrderBatch
from hotlines.orders import queries, rejects, uploading
from hotlines.orders.door import takers
from hotlines.orders.mappings import in_force
from hotlines.tasks import take_orders

RECENT = 15
BUSY = (BatchState.WAITING, BatchState.RUNNING)


@takers
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a line and a sheet; a readable one goes to its preview, or to its mapping when its columns are new."""
    if request.method != "POST":
        return _start_page(request, {}, {}, 200)
    typed = request.POST.dict()
    upload = request.FILES.get("file")
    errors: dict[str, list[str]] = {}
    line = queries.lines().filter(code=typed.get("line", "")).first()
    if line is None:
        errors["line"] = ["请选择是哪个系统的工单。"]
    if upload is None:
        errors["file"] = ["请选择文件（XLSX 或 CSV）。"]
    elif (upload.size or 0) > LARGEST_SHEET:
        errors["file"] = ["表格超过 20 MB。请拆分成几个文件导入。"]
    if errors or line is None or upload is None:
        return _start_page(request, typed, errors, 400)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        batch = uploading.keep(line, upload.read(), upload.name or "", actor=actor, now=timezone.now())
    except Incomplete as refused:
        return _start_page(request, typed, refused.errors, 400)
    name = "hotlines:order-batch" if batch.mapping_id else "hotlines:order-columns"
    return HttpResponseRedirect(reverse(name, args=[batch.uid]))


def _start_page(request: HttpRequest, typed: dict[str, Any], errors: dict[str, list[str]], status: int) -> HttpResponse:
    lines = list(queries.lines())
    rows = [(line.code, line.name) for line in lines]
    first = rows[0][0] if len(rows) == 1 else ""
    context = {
        "title": "工单导入",
        "lines": lines,
        "mappings": [{"line": line, "mapping": in_force(line)} for line in lines],
        "batches": [row_of(batch) for batch in queries.batches()[:RECENT]],
        "rejects": queries.rejects_waiting(),
        "to_tell": lines_with_words(request.actor, timezone.now()),  # type: ignore[attr-defined]
        "errors": errors,
        "f": {
            "line": choice(typed, errors, "line", "哪个系统的工单", rows, required=True, default=first),
            "file": text({}, errors, "file", "文件", required=True),
        },
        "now": timezone.now(),
    }
    return render(request, "hotlines/orders/start.html", context, status=status)


def row_of(batch: OrderBatch) -> dict[str, Any]:
    """A batch as the pages draw it; `batch` with its counts (queries.batches)."""
    waiting, refused, dismissed = batch.waiting, batch.refused, batch.dismissed  # type: ignore[attr-defined]
    settled = batch.total - waiting
    return {
        "batch": batch,
        "name": batch.file_name or ("接口收取" if batch.source == BatchSource.PULL else "工单表"),
        "url": reverse("hotlines:order-batch", args=[batch.uid]),
        "busy": batch.state in BUSY,
        "draft": batch.state == BatchState.DRAFT,
        "waiting": waiting,
        "refused": refused,
        "dismissed": dismissed,
        "settled": settled,
        "percent": settled * 100 // batch.total if batch.total else 100,
    }


@takers
@require_safe
def show(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A batch: what confirming would do, or how far it is, or what came of it."""
    now = timezone.now()
    batch = queries.batch_of(uid)
    row = row_of(batch)
    if not row["draft"]:
        template = (
            "hotlines/orders/_progress.html" if request.headers.get("HX-Request") else "hotlines/orders/batch.html"
        )
        context = {"title": f"导入：{row['name']}", "row": row, "listed": _first_rejects(batch), "now": now}
        return render(request, template, context)
    if batch.mapping is None:
        return HttpResponseRedirect(reverse("hotlines:order-columns", args=[batch.uid]))
    foreseen = uploading.foresee(batch, now)
    context = {
        "title": "导入前请核对",
        "row": row,
        "foreseen": foreseen,
        "taken": foreseen.new + foreseen.changed,
        "unmapped": foreseen.natures.most_common() + foreseen.categories.most_common(),
        "more_refusals": foreseen.refused - len(foreseen.refusals),
        "now": now,
    }
    return render(request, "hotlines/orders/preview.html", context)


def _first_rejects(batch: OrderBatch) -> list[dict[str, Any]]:
    rows = queries.rejects().filter(batch=batch)[:RECENT]
    return [rejects.brief(row) for row in rows]


@takers
@require_POST
def confirm(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Import it, in the background."""
    batch = queries.batch_of(uid)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    uploading.confirm(batch, actor=actor, now=timezone.now(), **request_meta(request))
    nudge(take_orders, batch_id=batch.pk)
    return HttpResponseRedirect(reverse("hotlines:order-batch", args=[uid]))


@takers
@require_POST
def drop(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Do not import it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    uploading.drop(queries.batch_of(uid), actor=actor, now=timezone.now())
    return HttpResponseRedirect(reverse("hotlines:orders"))


@takers
@require_POST
def download(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The refused rows as a table, to be mended at the other side; on record."""
    now = timezone.now()
    batch = queries.batch_of(uid)
    if not batch.refused:  # type: ignore[attr-defined]
        raise NotYours("这次导入没有待修正的行。")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pieces = rejects.sheet(batch, actor=actor, now=now, **request_meta(request))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = quote(f"待修正工单_{timezone.localtime(now):%Y%m%d_%H%M}.csv")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
