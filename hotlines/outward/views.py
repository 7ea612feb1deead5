"""Pages of what leaves: the exchange file, the record of provisions, and the form that adds to it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases.needs import Need
from cases.queries import case_for
from cases.views.door import answer, staff
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.sheets import csv_pieces
from governance_portal.lib.spoken import full_words
from hotlines.choices import ProvisionWay
from hotlines.models import Provision
from hotlines.outward import exchange as files
from hotlines.outward import provisions as records

PER_PAGE = 50
HEAD = ("时间", "受理编号", "接收方", "提供的内容", "目的", "依据", "方式", "经办人")
GIVING = (
    Need("receiver", "接收方", "text", maximum=80, help="单位全称，如：平鲁区人民法院。"),
    Need("fields", "提供了哪些内容", "choices", choices=tuple(records.FIELDS.items())),
    Need("purpose", "为什么提供", "text", maximum=120),
    Need("basis", "依据", "text", maximum=120, help="当事人同意、法条，或者文件名称和文号。"),
    Need("way", "怎么提供的", "choice", choices=tuple((way.value, way.label) for way in records.BY_HAND)),
)


@staff
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest) -> HttpResponseBase:
    """The form; POST answers the file."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        if not files.may_exchange(actor):
            raise NotYou("交换数据由分流员和中心负责人导出，您没有这些岗位。")
        return _exchange_page(request, files.starting_with(now), {}, 200)
    given = request.POST.dict()
    try:
        ready = files.export(actor, given, now)
    except Incomplete as refused:
        return _exchange_page(request, given, refused.errors, 400)
    detail = {"rows": ready.count, "personal": ready.personal}
    audit.record(actor, "export_exchange", "exchange", "", detail, **audit.request_meta(request), now=now)
    response = StreamingHttpResponse(ready.pieces, content_type=ready.mime)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(ready.name)}"
    return response


def _exchange_page(request: HttpRequest, given: Any, errors: dict[str, list[str]], status: int) -> HttpResponse:
    context = {
        "title": "交换数据",
        "needs": [need.as_dict() for need in files.NEEDS],
        "why": [need.as_dict() for need in files.WHY],
        "may_read": records.may_read(request.actor),  # type: ignore[attr-defined]
        "given": given,
        "errors": errors,
    }
    return render(request, "hotlines/outward/exchange.html", context, status=status)


@login_required
@never_cache
@require_safe
def provisions(request: HttpRequest) -> HttpResponseBase:
    """The record, the newest first; ?format=csv gives all of it as a sheet."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not records.may_read(actor):
        return answer(request, NotYou("个人信息提供记录由中心负责人和审计员查看，您没有这些岗位。"))
    found = records.read_by(actor)
    if number := request.GET.get("number", "").replace(" ", "")[:14]:
        found = found.filter(case_number=number)
    if request.GET.get("format") == "csv":
        audit.record(
            actor,
            "export_provisions",
            "provisions",
            "",
            {"rows": found.count()},
            **audit.request_meta(request),
            now=now,
        )
        response = StreamingHttpResponse(csv_pieces(HEAD, map(_line, found.iterator())), content_type="text/csv")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('个人信息提供记录.csv')}"
        return response
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "个人信息提供记录",
        "page": page,
        "rows": [(row, records.field_words(row.fields)) for row in page],
        "number": number,
        "may_open": actor.posts and not actor.has(Role.AUDITOR),
        "may_exchange": files.may_exchange(actor),
    }
    return render(request, "hotlines/outward/provisions.html", context)


def _line(row: Provision) -> tuple[str, ...]:
    return (
        full_words(row.at),
        row.case_number,
        row.receiver,
        records.field_words(row.fields),
        row.purpose,
        row.basis,
        ProvisionWay(row.way).label,
        row.by.name,
    )


@staff
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, number: str) -> HttpResponseBase:
    """Write down what was given of a case on paper or by word."""
    now: datetime = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, number, now)
    if not actor.has(*records.GIVERS):
        raise NotYou("登记个人信息提供由经办的工作人员办理，您没有这样的岗位。")
    given: dict[str, Any] = {"client_id": str(uuid.uuid4())}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        given = {**request.POST.dict(), "fields": request.POST.getlist("fields")}
        try:
            records.write_down(actor, number, given, given["fields"], now)
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, "已记入个人信息提供记录。")
            return HttpResponseRedirect(reverse("cases:case", args=[case.number]))
    context = {
        "title": "登记个人信息提供",
        "case": case,
        "needs": [need.as_dict() for need in GIVING],
        "given": given,
        "errors": errors,
    }
    return render(request, "hotlines/outward/give.html", context, status=400 if errors else 200)
