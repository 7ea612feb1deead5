"""Reception days for residents: who receives when and where (信访工作条例 §18), booking and giving back; no log-in, no scripts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import client_address
from accounts.queries import service_actor
from cases.intake import PRIVACY_VERSION
from cases.reception import booking, queries
from governance_portal.lib.errors import Incomplete, NotYours, Refusal, TooMany
from governance_portal.lib.numbers import format_code

HOME = "/"
FIELDS = ("number", "query_code", "name", "phone", "matter", "how")
AGREE = "请先阅读个人信息处理告知书，并勾选“已阅读并同意”。"


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """The published days."""
    now = timezone.now()
    context = {"title": "领导接访日", "public_home_url": HOME, "days": queries.published(now), "now": now}
    return render(request, "public/reception_days.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one day; POST books once per form, however often it is sent."""
    now = timezone.now()
    try:
        day = queries.find_published(pk, now)
    except NotYours as refused:
        return _gone(request, refused)
    if request.method != "POST":
        return _form(request, day, {"how": request.GET.get("how", "")}, {}, "", 200, now)
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    given = {name: typed[name] for name in (("number", "query_code") if typed["how"] == "number" else FIELDS[2:5])}
    typed["agree"] = request.POST.get("agree", "")
    errors: dict[str, list[str]] = {}
    if typed["how"] == "number":
        if not typed["number"]:
            errors["number"] = ["请填写受理编号，印在回执上，共 14 位数字。"]
        if not typed["query_code"]:
            errors["query_code"] = ["请填写查询码，印在回执上，共 10 位数字。"]
    else:
        errors = booking.contact_errors(given) | ({} if typed["agree"] else {"agree": [AGREE]})
    if errors:
        return _form(request, day, typed, errors, "", 400, now)
    actor, key = service_actor("resident"), request.POST.get("client_id", "")[:36]
    try:
        made = booking.by_resident(actor, pk, given, address=client_address(request), now=now, client_id=key)
    except Incomplete as refused:
        return _form(request, day, typed, refused.errors, "", 400, now)
    except Refusal as refused:
        response = _form(request, day, typed, {}, refused.detail, refused.status, now)
        return _retry(response, refused)
    context = {
        "title": "约好了",
        "public_home_url": HOME,
        "day": made.day,
        "code": format_code(made.code),
        "by_number": typed["how"] == "number",
        "now": now,
    }
    return render(request, "public/reception_booked.html", context)


def _form(
    request: HttpRequest,
    day: queries.PublicDay,
    values: dict[str, Any],
    errors: dict[str, list[str]],
    refusal: str,
    status: int,
    now: datetime,
) -> HttpResponse:
    context = {
        "title": "预约领导接访",
        "public_home_url": HOME,
        "day": day,
        "values": values,
        "by_number": values.get("how") == "number",
        "errors": errors,
        "refusal": refusal,
        "privacy_version": PRIVACY_VERSION,
        "client_id": ("" if refusal else request.POST.get("client_id")) or str(uuid.uuid4()),
        "now": now,
    }
    return render(request, "public/reception_book.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """Give a place back; every failure reads alike."""
    now = timezone.now()
    context: dict[str, Any] = {"title": "取消接访预约", "public_home_url": HOME, "now": now, "errors": {}, "values": {}}
    if request.method != "POST":
        return render(request, "public/reception_cancel.html", context)
    key, code = request.POST.get("key", "").strip(), request.POST.get("code", "").strip()
    context["values"] = {"key": key}
    if not key or not code:
        wanted = (("key", key, "请填写手机号，或者受理编号。"), ("code", code, "请填写预约码，或者查询码。"))
        context["errors"] = {name: [sentence] for name, typed, sentence in wanted if not typed}
        return render(request, "public/reception_cancel.html", context, status=400)
    try:
        found = booking.cancel_by_resident(key, code, address=client_address(request), now=now)
    except Refusal as refused:
        context["errors"] = {"code": [refused.detail]}
        return _retry(render(request, "public/reception_cancel.html", context, status=refused.status), refused)
    context |= {"title": "已经取消", "day": found.day, "by_number": found.case_id is not None, "done": True}
    return render(request, "public/reception_cancel.html", context)


def _retry(response: HttpResponse, refused: Refusal) -> HttpResponse:
    if isinstance(refused, TooMany):
        response["Retry-After"] = str(refused.retry_after)
    return response


def _gone(request: HttpRequest, refused: NotYours) -> HttpResponse:
    ways = [{"url": "/reception-days/", "label": "看看别的接访日", "primary": True}]
    return render(request, "404.html", {"detail": refused.detail, "ways": ways}, status=404)
