"""The six calls of GeoReport v2 and its discovery, as XML and JSON, errors as the standard's arrays.

400: something is missing or cannot be read; 403: no api_key, or none of ours; 404: nothing of that id, code or
jurisdiction. Beyond the standard: 405, 429 (with Retry-After).
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.audit import client_address
from accounts.limits import hit
from governance_portal.lib.errors import Incomplete, NotYou, NotYours, Refusal, TooMany
from hotlines.api.failures import OPEN311, failed
from hotlines.models import Open311Client, Open311Post, Open311Service
from hotlines.open311 import asking, posting, shapes
from hotlines.open311.keys import client_of

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: When the shape or the services of this endpoint last changed in a way an app should know.
CHANGESET = "2026-11-22T00:00:00+08:00"
READS_A_MINUTE, POSTS_AN_HOUR = 60, 600
FORM = ("application/x-www-form-urlencoded", "multipart/form-data")
LONGEST_KEY = 200
#: What stands where bytes could not be read as UTF-8.
REPLACED = "\ufffd"

View = Callable[..., shapes.Document | tuple[shapes.Document, int]]


def resource(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A call of the standard: counted, in the format of its ending, every refusal an array of errors."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @never_cache
        @functools.wraps(view)
        def answered(request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            try:
                _check(request, methods, now)
                found = view(request, now, **kwargs)
            except Incomplete as refused:
                return _refused(form, 400, [text for texts in refused.errors.values() for text in texts])
            except Refusal as refused:
                response = _refused(form, refused.status, [refused.detail])
                if isinstance(refused, TooMany):
                    response["Retry-After"] = str(refused.retry_after)
                return response
            document, status = found if isinstance(found, tuple) else (found, 200)
            return shapes.answer(document, form, status)

        return answered

    return decorate


class _WrongMethod(Refusal):
    """A method the resource does not have."""

    status = 405
    slug = "wrong-method"
    title = "请求方式不对"
    default_detail = "这个地址不支持这种请求方式；查询用 GET，上报用 POST requests。"


def _check(request: HttpRequest, methods: tuple[str, ...], now: datetime) -> None:
    if any("\0" in text for text in (request.path_info, *_values(request.GET), *_values(request.POST))):
        raise Incomplete({"_": ["有的文字含有无法保存的字符（NUL），请去掉后再提交。"]})
    if request.method not in (*methods, *(("HEAD",) if "GET" in methods else ())):
        raise _WrongMethod()
    if request.method != "POST":
        called = hit("open311", client_address(request), READS_A_MINUTE, 60, now)
        if not called:
            raise TooMany("查询太频繁，请等一分钟再试。", retry_after=called.retry_after)
    given = request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or ""
    if given.strip() and given.strip() != settings.PORTAL_DISTRICT:
        raise NotYours(f"没有这个 jurisdiction_id；这里只有 {settings.PORTAL_DISTRICT}，可以不填。")


def _values(given: QueryDict) -> list[str]:
    return [str(value) for _name, values in given.lists() for value in values]


def _refused(form: str, status: int, sentences: list[str]) -> HttpResponse:
    return shapes.answer(shapes.errors(status, sentences), form, status)


def _caller(request: HttpRequest) -> Open311Client | None:
    """Who asks: a post says so in its form, a reader in the query (what it sent itself is then told in full)."""
    return client_of((request.POST if request.method == "POST" else request.GET).get("api_key", ""))


@resource("GET")
def discovery(request: HttpRequest, _now: datetime) -> shapes.Document:
    """Service discovery: where the endpoint is, in which formats."""
    address = request.build_absolute_uri(reverse("open311:root"))
    endpoint = {
        "specification": SPECIFICATION,
        "url": address.removesuffix("/"),
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    content = {
        "changeset": CHANGESET,
        "contact": f"{settings.CENTRE_NAME} {settings.CENTRE_OFFICE['phone']}".strip(),
        "key_service": "api_key 由区综治中心开通，请持单位证明与中心联系。",
        "endpoints": [endpoint],
    }
    return shapes.Document("discovery", "", content)


@resource("GET")
def services(_request: HttpRequest, _now: datetime) -> shapes.Document:
    """GET services: what may be reported."""
    offered = Open311Service.objects.filter(offered=True, category__active=True).select_related("category__parent")
    rows = [
        {
            "service_code": one.category_id,
            "service_name": one.category.name,
            "description": one.description,
            "metadata": len(one.attributes.all()) > 0,
            "type": "realtime",
            "keywords": one.keywords,
            "group": one.category.parent.name if one.category.parent else one.category.name,
        }
        for one in offered.prefetch_related("attributes")
    ]
    return shapes.services(rows)


@resource("GET")
def definition(_request: HttpRequest, _now: datetime, code: str) -> shapes.Document:
    """GET service definition: its questions."""
    found = Open311Service.objects.filter(category_id=code, offered=True, category__active=True).first()
    if found is None:
        raise NotYours("没有这个 service_code，请重新读取 services。")
    attributes = [
        {
            "variable": one.variable,
            "code": one.code,
            "datatype": one.datatype,
            "required": one.required,
            "datatype_description": one.hint or None,
            "order": order,
            "description": one.description,
            "values": [{"key": key, "name": words} for key, words in one.values().items()],
        }
        for order, one in enumerate(found.attributes.all(), start=1)
    ]
    return shapes.definition({"service_code": found.category_id, "attributes": attributes})


@resource("GET", "POST")
def requests(request: HttpRequest, now: datetime) -> shapes.Document | tuple[shapes.Document, int]:
    """GET requests, and POST request (201)."""
    caller = _caller(request)
    if request.method != "POST":
        return shapes.requests(asking.asked(request.GET, caller, now))
    if request.content_type not in FORM:
        raise Incomplete({"_": ["请用表单格式提交（application/x-www-form-urlencoded，UTF-8）。"]})
    given = request.POST
    if not given.get("api_key"):
        raise NotYou("缺少 api_key；上报需要 api_key（写在表单里，不写在网址里），请与区综治中心联系开通。")
    if REPLACED in "".join(_values(given)):
        raise Incomplete({"_": ["有的文字不是 UTF-8 编码，请改用 UTF-8 提交。"]})
    if caller is None:
        raise failed(OPEN311, request, "api_key 不对，或者已经停用；请与区综治中心联系。", now)
    posted = hit("open311_posts", str(caller.pk), POSTS_AN_HOUR, 3600, now)
    if not posted:
        raise TooMany("一小时内上报太多，请稍后再发。", retry_after=posted.retry_after)
    row = posting.post(caller, given, now, request.headers.get("Idempotency-Key", "")[:LONGEST_KEY])
    answer = {
        "service_request_id": row.case.number,
        "service_notice": posting.NOTICE,
        "account_id": None,
    }
    return shapes.requests([answer]), 201


@resource("GET")
def one_request(request: HttpRequest, _now: datetime, number: str) -> shapes.Document:
    """GET request: one report, as a list of one."""
    rows = asking.one(number, _caller(request))
    if not rows:
        raise NotYours("没有这个 service_request_id；只有通过本接口上报的才能在这里查询。")
    return shapes.requests(rows)


@resource("GET")
def token(_request: HttpRequest, _now: datetime, text: str) -> shapes.Document:
    """GET service_request_id from a token. Ids are given out at once here, so that no app needs it."""
    try:
        found = Open311Post.objects.select_related("case").filter(token=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotYours("没有这个 token。")
    return shapes.requests([{"service_request_id": found.case.number, "token": str(found.token)}])


@csrf_exempt
@never_cache
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below the endpoint: the standard's error in the format it seems to ask for."""
    form = "json" if rest.endswith(".json") else "xml"
    return _refused(form, 404, ["没有这个地址。格式是 xml 或 json，如 services.json、requests.xml。"])
