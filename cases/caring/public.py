"""A referral for the person it is about: seen and ended with number and query code; no log-in, no scripts, no name on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import audit, limits
from accounts.audit import client_address
from accounts.queries import service_actor
from cases.caring.choices import HelpState
from cases.caring.helping import end_by_person, expire
from cases.models import HelpReferral
from cases.services.lookup import CALLS_A_MINUTE, NOT_FOUND, TOO_MANY_CALLS, TOO_MANY_WRONG, WRONG_AN_HOUR
from governance_portal.lib.errors import NotYours, Refusal, TooMany
from governance_portal.lib.numbers import matches, parse_code, parse_number
from governance_portal.lib.working_days import day_of

FIRST_ISSUE = 1


def open_help(number: str, code: str, address: str, now: datetime) -> HelpReferral:
    """Return the referral that a number and its code open; limits and answers as for a case (cases.services.lookup).

    TooMany (429), NotYours (404): alike for an unknown number and a wrong code. Call it outside a transaction.
    """
    called = limits.hit("lookup_address", address, CALLS_A_MINUTE, 60, now)
    if not called:
        raise TooMany(TOO_MANY_CALLS, retry_after=called.retry_after)
    parsed = parse_number(number)
    row = HelpReferral.objects.select_related("unit").filter(number=parsed or "-").first()
    right = matches(row.number if row else "0" * 14, FIRST_ISSUE, code)
    if row is not None and right:
        return row
    wrong = limits.hit("lookup_wrong", parsed or number.strip()[:40], WRONG_AN_HOUR, 3600, now)
    if not wrong:
        raise TooMany(TOO_MANY_WRONG, retry_after=wrong.retry_after)
    raise NotYours(NOT_FOUND)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def query(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; show how it stands; with `end` the person ends it."""
    context: dict[str, Any] = {"title": "帮扶转介查询", "public_home_url": "/", "values": {}, "errors": {}}
    if request.method != "POST":
        return render(request, "public/help.html", context)
    now, number, code = timezone.now(), request.POST.get("number", ""), request.POST.get("query_code", "")
    context["values"] = {"number": number[:30].replace("\x00", "")}
    wanted = (
        ("number", number, "请填写转介编号，共 14 位数字。"),
        ("query_code", code, "请填写查询码，共 10 位数字。"),
    )
    if missing := {name: [sentence] for name, typed, sentence in wanted if not typed.strip()}:
        return render(request, "public/help.html", context | {"errors": missing}, status=400)
    try:
        row = open_help(number, code, client_address(request), now)
    except Refusal as refused:
        shown = render(
            request, "public/help.html", context | {"errors": {"query_code": [refused.detail]}}, status=refused.status
        )
        if isinstance(refused, TooMany):
            shown["Retry-After"] = str(refused.retry_after)
        return shown
    resident = service_actor("resident")
    if row.expires_on < day_of(now) and expire(row, actor=service_actor("clock"), now=now):
        row.refresh_from_db()
    if request.POST.get("end") == "1":
        end_by_person(row, actor=resident, now=now)
        row.refresh_from_db()
    audit.record(resident, "help_look", f"help:{row.number}", now=now)
    context |= {
        "row": row,
        "answer": (row.answer or {}).get("words", ""),
        "closed": row.state == HelpState.CLOSED,
        "typed_number": row.number,
        "typed_code": parse_code(code),
    }
    return render(request, "public/help.html", context)
