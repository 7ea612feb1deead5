"""The pages of refused rows: the list, one row to mend or to dismiss."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import request_meta
from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete, Refusal
from hotlines.models import OrderRow
from hotlines.orders import queries, rejects
from hotlines.orders.door import takers
from hotlines.orders.rejects import KEPT_FOR, LONGEST_REASON

PER_PAGE = 50


@takers
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every row that waits to be mended, the oldest batch first."""
    page = Paginator(queries.rejects(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "待修正的工单",
        "page": page,
        "rows": [rejects.brief(row) for row in page.object_list],
        "done": request.GET.get("done", ""),
        "kept_for": KEPT_FOR.days,
        "case_url": _case_url(request.GET.get("case", "")),
        "now": timezone.now(),
    }
    return render(request, "hotlines/orders/rejects.html", context)


def _case_url(number: str) -> str:
    return reverse("cases:case", args=[number]) if number.isascii() and number.isdigit() and len(number) == 14 else ""


@takers
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One row with its cells: correct and take in, or dismiss."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = queries.reject_of(uid)
    if request.method != "POST":
        rejects.open_to_mend(row, actor, now, **request_meta(request))
        return _page(request, row, {}, 200)
    if "dismiss" in request.POST:
        try:
            rejects.dismiss(row, request.POST.get("reason", ""), actor=actor, now=now)
        except Incomplete as refused:
            return _page(request, row, refused.errors, 400)
        return HttpResponseRedirect(reverse("hotlines:order-rejects") + "?done=dismissed")
    cells = {
        str(field["heading"]): request.POST[str(field["name"])]
        for field in rejects.fields_of(row)
        if field["name"] in request.POST
    }
    try:
        taken = rejects.mend(row, cells, actor=actor, now=now)
    except Refusal:
        return _page(request, queries.reject_of(uid), {"mend": ["还有几处需要更正。"]}, 400)
    done = "new" if taken.fresh else "changed" if taken.changed else "known"
    address = reverse("hotlines:order-rejects")
    return HttpResponseRedirect(f"{address}?done={done}&case={taken.link.case.number}")


def _page(request: HttpRequest, row: OrderRow, errors: dict[str, Any], status: int) -> HttpResponse:
    context = {
        "title": f"修正第 {row.line_no} 行",
        "row": row,
        "brief": rejects.brief(row),
        "fields": rejects.fields_of(row),
        "general": rejects.general_errors(row),
        "errors": errors,
        "reason": request.POST.get("reason", ""),
        "longest_reason": LONGEST_REASON,
        "kept_for": KEPT_FOR.days,
        "now": timezone.now(),
    }
    return render(request, "hotlines/orders/mend.html", context, status=status)
