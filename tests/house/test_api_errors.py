"""Every refusal of the API is a problem with a Chinese sentence, whoever raised it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions

from governance_portal.api_errors import handler
from governance_portal.lib.errors import Incomplete, TooMany

URN = "urn:governance-portal:problem:"


def answer(exc: Exception) -> tuple[Any, dict[str, str]]:
    """The body and the headers the API answers with."""
    response = handler(exc, {})
    assert response is not None
    assert (response.content_type, response.status_code) == ("application/problem+json", response.data["status"])
    return response.data, dict(response.headers)


@pytest.mark.parametrize(
    ("raised", "status", "slug", "sentence"),
    [
        (Http404("no Case matches"), 404, "not-yours", "没有找到，或不在您的查看范围内。"),
        (PermissionDenied(), 403, "not-you", "您没有进行这项操作的权限。"),
        (exceptions.PermissionDenied(), 403, "not-you", "您没有进行这项操作的权限。"),
        (exceptions.NotAuthenticated(), 401, "not-authenticated", "请先登录，再进行这项操作。"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed", "这个地址不支持这种操作。"),
        (
            exceptions.UnsupportedMediaType("text/x"),
            415,
            "unsupported-media-type",
            "不支持这种提交格式，请使用 JSON 或表单。",
        ),
        (RequestDataTooBig("request too large"), 413, "too-large", "上传的内容过大，请压缩后重试。"),
    ],
)
def test_a_framework_refusal_becomes_a_sentence(raised: Exception, status: int, slug: str, sentence: str) -> None:
    body, _ = answer(raised)

    assert (body["status"], body["type"], body["detail"]) == (status, URN + slug, sentence)
    assert list(body) == ["type", "title", "status", "detail"]


def test_nested_errors_are_named_by_their_path() -> None:
    detail = {
        "place": {"lng": ["请填写经度"]},
        "reporters": [{}, {"phone": ["号码有误"]}],
        "non_field_errors": ["重复"],
    }

    assert answer(exceptions.ValidationError(detail))[0] == {
        "type": URN + "incomplete",
        "title": "内容不完整",
        "status": 400,
        "detail": "提交的内容有误，请检查后重试。",
        "errors": {"place.lng": ["请填写经度"], "reporters.1.phone": ["号码有误"], "_": ["重复"]},
    }


def test_a_refusal_of_our_own_keeps_its_words_and_its_fields() -> None:
    body, headers = answer(Incomplete({"lead_unit": ["请选择主办单位"]}))

    assert (body["errors"], body["detail"]) == ({"lead_unit": ["请选择主办单位"]}, "请补充：请选择主办单位。")
    assert "Retry-After" not in headers


@pytest.mark.parametrize("raised", [TooMany("请一小时后再试。", retry_after=90), exceptions.Throttled(wait=89.5)])
def test_too_many_says_how_long_to_wait(raised: Exception) -> None:
    body, headers = answer(raised)

    assert (body["status"], headers["Retry-After"]) == (429, "90")


def test_an_unknown_error_is_left_to_the_log() -> None:
    assert handler(ZeroDivisionError(), {}) is None
