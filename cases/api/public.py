"""For residents: report, look up, rate; no account, limits by address and by number (design/api.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.audit import client_address
from accounts.limits import hit
from accounts.queries import service_actor
from cases import dossier, queries
from cases.api.door import LocalTimes, Sent, refusals, sent
from cases.api.files import file_of
from cases.choices import Channel
from cases.conditions import AMEND_WITHIN
from cases.models import Case
from cases.policies import calendar
from cases.serializers.given import (
    LOOKUP_BODY,
    PUBLIC_BODY,
    PUBLIC_FIELDS,
    PUBLIC_FILE_BODY,
    PUBLIC_REQUIRED,
    RATING_BODY,
)
from cases.serializers.shown import PublicFileSerializer, RatedSerializer, ReportedSerializer, TimelineSerializer
from cases.services import rate, register
from cases.services.attachments import store
from cases.services.lookup import CALLS_A_MINUTE, open_case
from governance_portal.lib.errors import Incomplete, NotNow, TooMany

FILES_AN_HOUR = 60
TOO_MANY_CALLS = "操作太频繁，请等一分钟再试；着急时请打窗口电话。"
TOO_MANY_FILES = "一小时内上传的照片太多，请稍后再试，或者把照片带到窗口。"
CANNOT_RATE = "现在还不能评价，请等收到答复后再来；有急事请打窗口电话。"
REPORT_LABELS = {
    "client_id": "请带上提交号，以免重复登记。",
    "kind": "请选择事项大类。",
    "description": "请写下要反映的事。",
    "privacy_version": "请先阅读并同意个人信息处理告知书。",
}


class PublicCall(APIView):
    """A call without an account."""

    permission_classes: Any = [AllowAny]
    authentication_classes: Any = []
    parser_classes: Any = [JSONParser]
    renderer_classes: Any = [LocalTimes]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """One moment, one address, for the whole call."""
        self.now: datetime = timezone.now()
        self.address = client_address(request._request)
        super().initial(request, *args, **kwargs)

    def count_call(self) -> None:
        """Count this call against the address, on the same account as the look-ups (60 a minute)."""
        called = hit("lookup_address", self.address, CALLS_A_MINUTE, 60, self.now)
        if not called:
            raise TooMany(TOO_MANY_CALLS, retry_after=called.retry_after)

    def open(self, body: Sent) -> Case:
        """Return the case that number and code open; every failure answers alike."""
        number, code = body.given.pop("number", ""), body.given.pop("query_code", "")
        return open_case(
            number if isinstance(number, str) else "", code if isinstance(code, str) else "", self.address, self.now
        )


class ReportView(PublicCall):
    """`POST public/cases/`."""

    @extend_schema(
        operation_id="public_report",
        summary="居民上报",
        description="无须登录。不认识的项、状态、等级、单位一律拒收。同一 client_id 重复提交返回第一次的结果。",
        auth=[],
        request=PUBLIC_BODY,
        responses={201: ReportedSerializer, 200: ReportedSerializer, **refusals(400, 409, 413, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request) -> Response:
        """Register what a resident says, and nothing more."""
        self.count_call()
        body = sent(request)
        given = _report(body)
        made = register(service_actor("resident"), given, now=self.now, client_id=body.client_id)
        case = made.case if made.fresh else dossier.as_registered(made.case, calendar())
        answer = {
            "number": case.number,
            "query_code": made.query_code,
            "status": case.status,
            "status_text": queries.public_status(case),
            "registered_at": case.registered_at,
            "due_at": case.due_at,
            "due_tentative": case.due_tentative,
        }
        return Response(answer, status=201 if made.fresh else 200)


def _report(body: Sent) -> dict[str, Any]:
    """Return the registration that a report asks for; Incomplete names every field that is wrong or missing."""
    sent_names = {
        *body.given,
        *(["client_id"] if body.client_id else []),
        *(["version"] if body.version is not None else []),
    }
    errors = {name: ["没有这一项，请去掉后再提交。"] for name in sorted(sent_names - set(PUBLIC_FIELDS))}
    errors |= {name: [REPORT_LABELS[name]] for name in PUBLIC_REQUIRED if name not in sent_names}
    if errors:
        raise Incomplete(errors)
    given = dict(body.given)
    contact = {name: given.pop(name) for name in ("name", "phone") if name in given}
    reporter = {name: value for name, value in contact.items() if value}
    if wrong := [name for name, value in reporter.items() if not isinstance(value, str)]:
        raise Incomplete({name: ["应为文字。"] for name in wrong})
    return {**given, "channel": Channel.WEB.value, **({"reporters": [reporter]} if reporter else {})}


class PublicFilesView(PublicCall):
    """`POST public/attachments/`."""

    parser_classes: Any = [MultiPartParser]

    @extend_schema(
        operation_id="public_attach",
        summary="居民上传照片",
        description="只收照片；把返回的 id 写进上报的 attachments，两天内没有上报的照片会被删除。",
        auth=[],
        request=PUBLIC_FILE_BODY,
        responses={201: PublicFileSerializer, **refusals(400, 413, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request) -> Response:
        """Take one photo."""
        self.count_call()
        taken = hit("public_files", self.address, FILES_AN_HOUR, 3600, self.now)
        if not taken:
            raise TooMany(TOO_MANY_FILES, retry_after=taken.retry_after)
        body = sent(request)
        if unknown := set(body.given) - {"file"}:
            raise Incomplete({name: ["上传照片时没有这一项，请去掉后再提交。"] for name in sorted(unknown)})
        kept = store(
            None,
            file_of(request),
            actor=service_actor("resident"),
            now=self.now,
            public=True,
            resident=True,
            client_id=body.client_id,
        )
        return Response({"id": str(kept.uid), "name": kept.name, "mime": kept.mime, "size": kept.size}, status=201)


class LookupView(PublicCall):
    """`POST public/lookup/`."""

    @extend_schema(
        operation_id="public_lookup",
        summary="居民查询",
        description="编号不存在与查询码不对，回答完全相同。每个编号每小时可错 10 次；正确的查询码总能查到。",
        auth=[],
        request=LOOKUP_BODY,
        responses={200: TimelineSerializer, **refusals(400, 404, 413, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request) -> Response:
        """Answer the white-listed timeline."""
        return Response(queries.public_timeline(self.open(sent(request))))


class RatingView(PublicCall):
    """`POST public/ratings/`."""

    @extend_schema(
        operation_id="public_rate",
        summary="居民评价",
        description="办理结果答复后评价一次，7 天内可以修改。",
        auth=[],
        request=RATING_BODY,
        responses={200: RatedSerializer, **refusals(400, 404, 409, 413, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request) -> Response:
        """Take the rating; a refusal names nobody of the staff."""
        body = sent(request)
        case = self.open(body)
        actor = service_actor("resident")
        try:
            case = rate(case, body.given, actor=actor, now=self.now, client_id=body.client_id)
        except NotNow as refused:
            # Without `current_status` it is the resident's own week that is over; else the staff's history is told.
            raise NotNow(CANNOT_RATE if refused.current_status else refused.detail) from refused
        answer = {
            "number": case.number,
            "status": case.status,
            "status_text": queries.public_status(case),
            "satisfaction": case.satisfaction,
            "resolved": case.resolved,
            "amend_until": (case.rated_at or self.now) + AMEND_WITHIN,
        }
        return Response(answer)
