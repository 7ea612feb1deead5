"""Residents' pages: what the centre is, and how their matter stands, by number and query code; no account, no script needed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import client_address
from accounts.queries import service_actor
from cases import queries
from cases.choices import STAGE_OF, Stage, Status
from cases.models import Case, Event
from cases.services import rate
from cases.services.lookup import open_case
from cases.views.due import until_words
from cases.views.receipt import grouped
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotNow, Refusal, TooMany
from governance_portal.lib.numbers import parse_code, parse_number

HOME = "/"
RATING = [need.as_dict() for need in TABLE["rate"].needs]
MERGED_NEXT = "这件事已与另一件合并办理，办结后一并告诉您。"
NEXT = {
    Status.REGISTERED: "窗口正在核对，受理后会转交办理单位。",
    Status.INCOMPLETE: "请按下面的说明补充材料，可以到窗口，也可以打窗口电话。",
    Status.DECLINED: "这件事由其他机关办理，去哪里、怎么提，见下面的说明。",
    Status.ACCEPTED: "正在安排办理单位，安排好会显示在这里。",
    Status.CONSULTING: "几家单位正在商量由谁办理。",
    Status.DISPATCHED: "等待办理单位签收。",
    Status.RETURNED: "正在重新安排办理单位。",
    Status.HANDLING: "办理单位正在办理，可能会给您打电话。",
    Status.SUSPENDED: "正在等待鉴定、听证等，完成后继续办理。",
    Status.SUPERVISION: "办理结果正在审核，审核后答复您。",
    Status.FOLLOW_UP: "请看答复，并在下面评价；工作人员也可能给您打电话回访。",
    Status.CLOSED: "这件事已办完。有新的情况，请打窗口电话。",
    Status.ARCHIVED: "这件事已办完并归档。有新的情况，请打窗口电话。",
    Status.MERGED: MERGED_NEXT,
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the centre is, and the two ways in."""
    return render(request, "public/home.html", {"title": "有事请找综治中心", "public_home_url": HOME})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def query(request: HttpRequest) -> HttpResponse:
    """Ask for number and code (POST, so that neither is in an address), and show how the matter stands."""
    if request.method != "POST":
        return _form(request, {}, {}, 200)
    return _opened(request, timezone.now())


def _opened(request: HttpRequest, now: datetime) -> HttpResponse:
    number, code = request.POST.get("number", ""), request.POST.get("query_code", "")
    errors: dict[str, list[str]] = {}
    if not number.strip():
        errors["number"] = ["请填写受理编号，印在回执上，共 14 位数字。"]
    if not code.strip():
        errors["query_code"] = ["请填写查询码，印在回执上，共 10 位数字。"]
    if errors:
        return _form(request, {"number": number}, errors, 400)
    try:
        case = open_case(number, code, client_address(request), now)
    except TooMany as refused:
        response = _form(request, {"number": number}, {"query_code": [refused.detail]}, refused.status)
        response["Retry-After"] = str(refused.retry_after)
        return response
    except Refusal as refused:
        return _form(request, {"number": number}, {"query_code": [refused.detail]}, refused.status)
    return _result(request, case, now, {}, {}, "", 200)


@never_cache
@require_POST
def rating(request: HttpRequest) -> HttpResponse:
    """Take the resident's rating; number and code open the door again, nothing of them is kept in a session."""
    now = timezone.now()
    number, code = request.POST.get("number", ""), request.POST.get("query_code", "")
    try:
        case = open_case(number, code, client_address(request), now)
    except Refusal as refused:
        return _form(request, {"number": number}, {"query_code": [refused.detail]}, refused.status)
    given = {
        name: request.POST[name]
        for name in ("satisfaction", "resolved", "comment")
        if request.POST.get(name, "").strip()
    }
    actor = service_actor("resident")
    try:
        rate(case, given, actor=actor, now=now, client_id=request.POST.get("client_id") or None)
    except Incomplete as refused:
        return _result(request, case, now, given, refused.errors, "", 400)
    except Refusal as refused:
        said = refused.detail if isinstance(refused, NotNow) and "7 天" in refused.detail else CANNOT_RATE
        return _result(request, case, now, given, {}, said, refused.status)
    case.refresh_from_db()
    return _result(request, case, now, {}, {}, "", 200, thanked=True)


CANNOT_RATE = "现在还不能评价，请等收到答复后再来；有急事请打窗口电话。"


# --- drawing ----------------------------------------------------------------------------------------------------


def _form(request: HttpRequest, values: dict[str, str], errors: dict[str, list[str]], status: int) -> HttpResponse:
    context = {"title": "查询办理进度", "values": values, "errors": errors, "public_home_url": HOME}
    return render(request, "public/query.html", context, status=status)


def _result(
    request: HttpRequest,
    case: Case,
    now: datetime,
    values: dict[str, Any],
    errors: dict[str, list[str]],
    refusal: str,
    status: int,
    *,
    thanked: bool = False,
) -> HttpResponse:
    context = {
        **told_of(case, now),
        "title": case.title,
        "public_home_url": HOME,
        "rating": RATING,
        "values": values,
        "errors": errors,
        "refusal": refusal,
        "thanked": thanked,
        "typed_number": parse_number(request.POST.get("number", "")),
        "typed_code": parse_code(request.POST.get("query_code", "")),
        "client_id": str(uuid.uuid4()),
    }
    return render(request, "public/result.html", context, status=status)


def told_of(case: Case, now: datetime, events: Sequence[Event] | None = None) -> dict[str, Any]:
    """Return what `public/_told.html` draws: all that the resident reads of a matter, and nothing else.

    The look-up page and the preview of a move (cases.views.foreseen) both come here; events: the history to tell when it
    is not the stored one.
    """
    view = queries.public_timeline(case, events)
    return {
        "view": view,
        "number": grouped(case.number),
        "path_notes": _notes(view),
        "ended": case.status in (Status.DECLINED, Status.MERGED),
        "next_words": NEXT[Status(case.status)],
        "until": until_words(view["due_at"]) if view["due_at"] else "",
        "unit_phone": case.lead_unit.phone if case.lead_unit_id and case.lead_unit else "",
        "files": [file for file in case.attachments.all() if file.public],
        "now": now,
    }


def _notes(view: dict[str, Any]) -> dict[str, str]:
    """Words under each of the five, from the white-listed events only: the last of each stage, with its day."""
    notes: dict[str, str] = {}
    for event in view["events"]:
        stage = STAGE_BY_WORDS.get(event["label"])
        if stage:
            at = timezone.localtime(event["at"])
            notes[stage.value] = f"{at.month}月{at.day}日 {event['label']}"
    here = STAGE_OF[Status(view["status"])]
    if here != Stage.DONE:
        notes[here.value] = view["status_text"]
    return notes


#: Which of the five words a public event stands under.
STAGE_BY_WORDS = {
    "已登记": Stage.INTAKE,
    "需要补充材料": Stage.INTAKE,
    "已收到补充材料": Stage.INTAKE,
    "已受理": Stage.INTAKE,
    "已转交办理单位": Stage.ROUTING,
    "正在协调办理单位": Stage.ROUTING,
    "办理单位已签收": Stage.HANDLING,
    "继续办理": Stage.HANDLING,
    "重新办理": Stage.HANDLING,
    "已答复，等待您评价": Stage.SUPERVISION,
    "已办结": Stage.FOLLOW_UP,
}
