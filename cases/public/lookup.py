"""How a resident's matter stands, by number and query code; the rating of what came of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import client_address
from accounts.queries import service_actor
from cases import queries
from cases.models import Case, HeldReport
from cases.public import files
from cases.public.telling import copied, rating_is_open, told_of
from cases.reporting.choices import HeldState
from cases.reporting.queries import told_of as waiting_told
from cases.reviewing.queries import AGAINST, chance_of
from cases.services import rate
from cases.services.lookup import UnderReview, open_case
from cases.views.receipt import grouped
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotNow, Refusal, TooMany
from governance_portal.lib.numbers import parse_code, parse_number
from governance_portal.lib.spoken import until_words

HOME = "/"
RATING = [need.as_dict() for need in TABLE["rate"].needs]


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
    except UnderReview as waits:
        return _waiting(request, waits.held)
    except Refusal as refused:
        return not_opened(request, refused)
    return result(request, case, now, Shown())


def _waiting(request: HttpRequest, held: HeldReport) -> HttpResponse:
    told = waiting_told(held)
    context = {
        "title": told["status_text"],
        "public_home_url": HOME,
        "number": grouped(held.number),
        "waits": held.state == HeldState.WAITING,
        "view": told,
    }
    return render(request, "public/waiting.html", context)


@never_cache
@require_POST
def rating(request: HttpRequest) -> HttpResponse:
    """Take the resident's rating; number and code open the door again, nothing of them is kept in a session."""
    now = timezone.now()
    number, code = request.POST.get("number", ""), request.POST.get("query_code", "")
    try:
        case = open_case(number, code, client_address(request), now)
    except Refusal as refused:
        return not_opened(request, refused)
    given = {
        name: request.POST[name]
        for name in ("satisfaction", "resolved", "comment")
        if request.POST.get(name, "").strip()
    }
    actor = service_actor("resident")
    try:
        rate(case, given, actor=actor, now=now, client_id=request.POST.get("client_id") or None)
    except Incomplete as refused:
        return result(request, case, now, Shown(given, refused.errors, tried="rate", status=400))
    except Refusal as refused:
        said = refused.detail if isinstance(refused, NotNow) and "7 天" in refused.detail else CANNOT_RATE
        return result(request, case, now, Shown(given, refusal=said, tried="rate", status=refused.status))
    case.refresh_from_db()
    return result(request, case, now, Shown(done="谢谢您的评价，已经收到；7 天内可以修改。"))


CANNOT_RATE = "现在还不能评价，请等收到答复后再来；有急事请打窗口电话。"


# --- drawing ----------------------------------------------------------------------------------------------------


def not_opened(request: HttpRequest, refused: Refusal) -> HttpResponse:
    """The form again, with the sentence at the code: alike for an unknown number and a wrong code."""
    number = request.POST.get("number", "")
    response = _form(request, {"number": number}, {"query_code": [refused.detail]}, refused.status)
    if isinstance(refused, TooMany):
        response["Retry-After"] = str(refused.retry_after)
    return response


def _form(request: HttpRequest, values: dict[str, str], errors: dict[str, list[str]], status: int) -> HttpResponse:
    context = {"title": "查询办理进度", "values": values, "errors": errors, "public_home_url": HOME}
    return render(request, "public/query.html", context, status=status)


@dataclass
class Shown:
    """What the page of a matter says besides how it stands: what was typed, what was wrong with it, what was done."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    refusal: str = ""
    done: str = ""
    tried: str = ""
    status: int = 200


def result(request: HttpRequest, case: Case, now: datetime, shown: Shown) -> HttpResponse:
    """Draw the matter; number and code stand in the forms of the page, so that nothing of them is kept in a session."""
    told = told_of(case, now)
    context = {
        **told,
        "title": case.title,
        "public_home_url": HOME,
        "files": files.rows(case, told["files"]),
        "rate": rating_is_open(case, told["view"], now),
        "rating": RATING,
        "ways": ways_of(case, now),
        "review_chance": _review_chance(case, now),
        "copied": copied(told, settings.CENTRE_NAME, settings.CENTRE_OFFICE["phone"]),
        "shown": shown,
        "typed_number": parse_number(request.POST.get("number", "")),
        "typed_code": parse_code(request.POST.get("query_code", "")),
        "client_id": str(uuid.uuid4()),
    }
    return render(request, "public/result.html", context, status=shown.status)


#: What a resident may do to a matter of theirs, and how it is said; whether now, the table says.
ACTS = {
    "supplement": ("补充材料", "说明补充的情况，或者上传照片；补齐后窗口接着办。", "提交补充"),
    "withdraw": ("不想办了，撤回", "撤回后不再办理；以后要办，需要重新反映。", "确认撤回"),
}


def _review_chance(case: Case, now: datetime) -> dict[str, str] | None:
    """The form for 复查 or 复核, while the law gives it: `{word, until, client_id}`."""
    if case.procedure not in AGAINST:
        return None
    chance = chance_of(case, queries.history(case), now)
    if chance is None or chance.why_not or chance.until is None:
        return None
    return {"word": chance.word, "until": until_words(chance.until), "client_id": str(uuid.uuid4())}


def ways_of(case: Case, now: datetime) -> list[dict[str, Any]]:
    """The forms a resident is offered now: `{name, title, about, go, client_id, needs}`, as the table allows."""
    offered = {offer.name: offer for offer in queries.moves_for(case, service_actor("resident"), now)}
    return [
        {
            "name": name,
            "title": title,
            "about": about,
            "go": go,
            "client_id": str(uuid.uuid4()),
            "needs": [need.as_dict() for need in offered[name].needs if name == "withdraw" or need.name != "note"],
        }
        for name, (title, about, go) in ACTS.items()
        if name in offered
    ]
