"""What is said when no view answers: pages in words with a way back, and problems for whoever asked the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from governance_portal.api_errors import PROBLEM_JSON, problem

LOST = "没有这一页，网址可能抄错了或者已经失效。"
LOST_STAFF = "没有这一页，或者不在您的管辖范围内。请核对编号，或从列表里查找。"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    if _by_api(request):
        return _problem(404)
    context: dict[str, Any] = {"detail": LOST_STAFF, "ways": _staff_ways()}
    if not _logged_in(request):
        context = {"detail": LOST, "ways": _resident_ways()}
    return render(request, "404.html", context, status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _problem(403) if _by_api(request) else render(request, "403.html", status=403)


def misread(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself could not be read."""
    if _by_api(request):
        return _problem(400)
    said = {"detail": "浏览器发来的内容读不懂，没有办成。请返回上一页刷新后再试。", "title": "内容有误"}
    return render(request, "403.html", said, status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """500: nothing may be asked of the database here."""
    if _by_api(request):
        return _problem(500)
    return render(None, "500.html", status=500)  # type: ignore[arg-type]  # without context processors


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's mark does not fit: the page is old, or somebody logged in anew in another window."""
    if _by_api(request):
        return _problem(403)
    ways = [{"url": "/", "label": "回到首页", "primary": True}, {"url": reverse("accounts:login"), "label": "重新登录"}]
    return render(request, "403_csrf.html", {"ways": ways if _was_staff(request) else _resident_ways()}, status=403)


def _by_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int) -> HttpResponse:
    return JsonResponse(
        problem(status), status=status, content_type=PROBLEM_JSON, json_dumps_params={"ensure_ascii": False}
    )


def _logged_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


def _was_staff(request: HttpRequest) -> bool:
    return _logged_in(request) or not request.path.startswith("/query")


def _staff_ways() -> list[dict[str, Any]]:
    return [
        {"url": "/", "label": "回到工作台", "primary": True},
        {"url": f"{reverse('cases:list')}?tab=all", "label": "全部事项"},
    ]


def _resident_ways() -> list[dict[str, Any]]:
    return [
        {"url": "/", "label": "回到首页", "primary": True},
        {"url": reverse("public:query"), "label": "查询办理进度"},
    ]
