"""Every refusal of the API as ``application/problem+json`` (RFC 9457), its ``detail`` a sentence for the user."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response

from governance_portal.lib.errors import Refusal

PROBLEM_JSON = "application/problem+json"
# status → (slug, title, sentence); the sentence stands when the refusal brings none in Chinese of its own.
PROBLEMS: dict[int, tuple[str, str, str]] = {
    400: ("incomplete", "内容不完整", "提交的内容有误，请检查后重试。"),
    401: ("not-authenticated", "需要登录", "请先登录，再进行这项操作。"),
    403: ("not-you", "没有权限", "您没有进行这项操作的权限。"),
    404: ("not-yours", "没有找到", "没有找到，或不在您的查看范围内。"),
    405: ("method-not-allowed", "不支持的操作", "这个地址不支持这种操作。"),
    406: ("not-acceptable", "不支持的格式", "不能按所要求的格式返回内容。"),
    409: ("not-now", "现在不能办理", "当前状态不能进行这项操作，请刷新后再看。"),
    412: ("stale", "内容已更新", "内容已被他人更新，请刷新后再操作。"),
    413: ("too-large", "内容过大", "上传的内容过大，请压缩后重试。"),
    415: ("unsupported-media-type", "不支持的格式", "不支持这种提交格式，请使用 JSON 或表单。"),
    429: ("too-many", "操作过于频繁", "操作过于频繁，请稍后再试。"),
    500: ("failed", "系统出错", "系统出错，您的操作没有完成，请稍后再试。"),
}


def problem(status: int, detail: str = "", **extra: Any) -> dict[str, Any]:
    """Return the body of a refusal that the framework raised, in the shape of ``Refusal.as_problem``."""
    slug, title, sentence = PROBLEMS.get(status, PROBLEMS[400])
    return {
        "type": f"urn:governance-portal:problem:{slug}",
        "title": title,
        "status": status,
        "detail": detail or sentence,
        **extra,
    }


def handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; ``None`` (an unknown error) leaves it to Django's 500 and the log."""
    body, headers = _described(exc)
    if body is None:
        return None
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM_JSON)


def _described(exc: Exception) -> tuple[dict[str, Any] | None, dict[str, str]]:
    if isinstance(exc, Refusal):
        body = exc.as_problem()
        return body, {"Retry-After": str(body["retry_after"])} if "retry_after" in body else {}
    if isinstance(exc, Http404):
        return problem(404), {}
    if isinstance(exc, PermissionDenied):
        return problem(403), {}
    if isinstance(exc, RequestDataTooBig):
        return problem(413), {}
    if isinstance(exc, exceptions.ValidationError):
        return problem(400, errors=dict(_sentences(exc.detail))), {}
    if isinstance(exc, exceptions.ParseError):
        return problem(400, "提交的内容无法读取，请检查格式。", errors={}), {}
    if isinstance(exc, exceptions.APIException):
        return problem(exc.status_code), _headers(exc)
    return None, {}


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def _sentences(detail: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Flatten DRF's nested errors: ``{"place": {"lng": [...]}}`` becomes ``("place.lng", [...])``, unnamed ``_``."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            part = "" if key == "non_field_errors" else str(key)
            yield from _sentences(value, ".".join(filter(None, (name, part))))
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for index, item in enumerate(detail):
            yield from _sentences(item, f"{name}.{index}" if name else str(index))
    elif detail:
        yield name or "_", [str(item) for item in (detail if isinstance(detail, list) else [detail])]


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer a log-in that axes has paused: the API as a problem, a page as a sentence."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    sentence = f"密码输错次数过多，请 {minutes} 分钟后再试；急用请联系系统管理员。"
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(problem(429, sentence, retry_after=minutes * 60), status=429)
        response["Content-Type"] = PROBLEM_JSON
    else:
        ways = [{"url": "/", "label": "回到首页", "primary": True}]
        context = {"detail": sentence, "ways": ways, "title": "登录暂停"}
        response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
