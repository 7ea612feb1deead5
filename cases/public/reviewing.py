"""A resident asks for 复查 or 复核 from the page of the answered case; works without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import client_address
from accounts.queries import service_actor
from cases.public.lookup import Shown, not_opened, result
from cases.reviewing.services import apply
from cases.services.lookup import open_case
from governance_portal.lib.errors import Incomplete, Refusal
from governance_portal.lib.numbers import format_code

TRIED = "ask_review"


@never_cache
@require_POST
def ask_review(request: HttpRequest) -> HttpResponse:
    """Register the request; number and code open the door again, and the new number and code are shown once."""
    now = timezone.now()
    try:
        number, code = request.POST.get("number", ""), request.POST.get("query_code", "")
        case = open_case(number, code, client_address(request), now)
    except Refusal as refused:
        return not_opened(request, refused)
    given = {"reason": request.POST.get("reason", "")}
    try:
        key = request.POST.get("client_id") or None
        made = apply(case, given, actor=service_actor("resident"), now=now, client_id=key)
    except Incomplete as refused:
        return result(request, case, now, Shown(given, refused.errors, tried=TRIED, status=400))
    except Refusal as refused:
        return result(request, case, now, Shown(given, refusal=refused.detail, tried=TRIED, status=refused.status))
    done = (
        f"申请已经收到。新的受理编号 {made.case.number}，查询码 {format_code(made.query_code)}，"
        "请抄下来或者拍照，以后凭它们查询。"
    )
    return result(request, case, now, Shown(done=done))
