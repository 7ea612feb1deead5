"""A resident reports without an account and without scripts: six questions, then number and query code."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit import client_address
from accounts.limits import hit
from accounts.queries import service_actor
from cases import choices as c
from cases.intake import PRIVACY_VERSION
from cases.public.uploads import photos_of
from cases.services import register
from cases.views.choices import places
from cases.views.receipt import grouped, promise_of
from governance_portal.lib.errors import Incomplete, Refusal, TooMany
from governance_portal.lib.numbers import format_code

REPORTS_AN_HOUR = 20
TOO_MANY = "一小时内反映的次数太多，请稍后再试；着急时请打窗口电话。"
#: What each kind is, in the words of whoever comes.
KINDS = (
    (c.Kind.APPEAL, "民生诉求", "供热、道路、物业、社保……要解决一件事"),
    (c.Kind.DISPUTE, "矛盾纠纷", "和邻居、单位、商家等起了争执，想请人调解"),
    (c.Kind.HAZARD, "安全隐患", "哪里危险，怕出事"),
    (c.Kind.CONSULTATION, "政策咨询", "想问怎么办、找谁办"),
    (c.Kind.SUGGESTION, "意见建议", "对我们或者对本地工作的投诉、意见和建议"),
)
AGREE = "请先阅读个人信息处理告知书，并勾选“已阅读并同意”。"
#: Fields of a registration → the question they are told at.
ASKED_AT = {"place": "address", "area": "area", "reporters": "name", "client_id": "description"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; POST registers once per form, however often it is sent."""
    if request.method != "POST":
        return _form(request, {"kind": request.GET.get("kind", "")}, {}, "", 200)
    now = timezone.now()
    given = {
        name: request.POST.get(name, "").strip() for name in ("kind", "description", "area", "address", "name", "phone")
    }
    given |= {name: request.POST.get(name, "") for name in ("anonymous", "confidential", "agree")}
    try:
        made = _register(request, given, now)
    except Incomplete as refused:
        return _form(request, given, _told_at(refused.errors), "", 400)
    except TooMany as refused:
        response = _form(request, given, {}, refused.detail, 429)
        response["Retry-After"] = str(refused.retry_after)
        return response
    except Refusal as refused:
        return _form(request, given, {}, refused.detail, refused.status)
    address = request.build_absolute_uri(reverse("public:query")) + f"#n={made.case.number}&c={made.query_code}"
    context = {
        "title": "已经收到",
        "public_home_url": "/",
        "number": grouped(made.case.number),
        "code": format_code(made.query_code),
        "plain_number": made.case.number,
        "plain_code": made.query_code,
        "promise": promise_of(made.case),
        "qr": segno.make(address, error="m").svg_data_uri(border=2, dark="#000"),
    }
    return render(request, "public/reported.html", context)


def _register(request: HttpRequest, given: Mapping[str, str], now: datetime) -> Any:
    errors: dict[str, list[str]] = {}
    if given["kind"] not in c.Kind.values:
        errors["kind"] = ["请选一类，拿不准就选“民生诉求”。"]
    if not given["description"]:
        errors["description"] = ["请写下要反映的事：什么时间、什么地点、什么事、有什么请求。"]
    if not given["agree"]:
        errors["agree"] = [AGREE]
    if errors:
        raise Incomplete(errors)
    taken = hit("public_reports", client_address(request), REPORTS_AN_HOUR, 3600, now)
    if not taken:
        raise TooMany(TOO_MANY, retry_after=taken.retry_after)
    body: dict[str, Any] = {
        "kind": given["kind"],
        "channel": c.Channel.WEB.value,
        "description": given["description"],
        "privacy_version": PRIVACY_VERSION,
        "place": {name: given[name] for name in ("area", "address") if given[name]},
        "anonymous": bool(given["anonymous"]),
        "confidential": bool(given["confidential"]),
    }
    reporter = {} if given["anonymous"] else {name: given[name] for name in ("name", "phone") if given[name]}
    photos = photos_of(request, now)
    body |= {"reporters": [reporter]} if reporter else {}
    body |= {"attachments": photos} if photos else {}
    return register(service_actor("resident"), body, now=now, client_id=request.POST.get("client_id") or None)


def _told_at(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for name, sentences in errors.items():
        head, _, rest = name.partition(".")
        last = rest.rpartition(".")[2]
        told.setdefault(last if last in ("phone", "name", "area", "address") else ASKED_AT.get(head, head), []).extend(
            sentences
        )
    return told


def _form(
    request: HttpRequest, values: Mapping[str, str], errors: dict[str, list[str]], refusal: str, status: int
) -> HttpResponse:
    suggesting = values.get("kind") == c.Kind.SUGGESTION
    context = {
        "title": "投诉建议" if suggesting else "我要反映",
        "public_home_url": "/",
        "values": values,
        "errors": errors,
        "refusal": refusal,
        "kinds": [{"code": kind.value, "label": label, "about": about} for kind, label, about in KINDS],
        "areas": places(""),
        "privacy_version": PRIVACY_VERSION,
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
    }
    return render(request, "public/report.html", context, status=status)
