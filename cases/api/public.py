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
from cases import dossier, intake, queries
from cases.api.door import LocalTimes, Sent, refusals, sent
from cases.api.files import file_of
from cases.choices import Channel
from cases.conditions import AMEND_WITHIN
from cases.models import Case
from cases.needs import is_blank
from cases.policies import calendar
from cases.reporting.proof import challenge
from cases.reporting.queries import told_of as waiting_told
from cases.reporting.receiving import Received, receive
from cases.reporting.weather import expected
from cases.serializers.given import (
    CHALLENGE_BODY,
    LOOKUP_BODY,
    PUBLIC_BODY,
    PUBLIC_FIELDS,
    PUBLIC_FILE_BODY,
    PUBLIC_REQUIRED,
    RATING_BODY,
)
from cases.serializers.shown import (
    ChallengeSerializer,
    PublicFileSerializer,
    RatedSerializer,
    ReportedSerializer,
    TimelineSerializer,
)
from cases.services import rate
from cases.services.attachments import store
from cases.services.lookup import CALLS_A_MINUTE, UnderReview, open_case
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
        proof = given.pop("proof", "")
        made = receive(given, client_id=body.client_id or "", address=self.address, proof=proof, now=self.now)
        answer = {"number": made.number, "query_code": made.query_code, **_told_of(made)}
        return Response(answer, status=201 if made.fresh else 200)


def _told_of(made: Received) -> dict[str, Any]:
    if made.held is not None:
        told = waiting_told(made.held)
        return {name: told[name] for name in ("status", "status_text", "registered_at", "due_at", "due_tentative")}
    case = made.case if made.fresh else dossier.as_registered(made.case, calendar())
    return {
        "status": case.status,
        "status_text": queries.public_status(case),
        "registered_at": case.registered_at,
        "due_at": case.due_at,
        "due_tentative": case.due_tentative,
    }


class ChallengeView(PublicCall):
    """`POST public/challenges/`."""

    @extend_schema(
        operation_id="public_challenge",
        summary="居民上报前的校验题",
        description="提交量异常时要求校验：找一个 nonce，使 SHA-256（challenge~nonce）以 bits 个零位开头，"
        "把 challenge~nonce 写进上报的 proof。asked 为 false 时不用算。没有校验的也收，先人工核实。",
        auth=[],
        request=CHALLENGE_BODY,
        responses={200: ChallengeSerializer, **refusals(400, 413, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request) -> Response:
        """Answer whether a proof is asked now, and the challenge for this submission key."""
        self.count_call()
        body = sent(request)
        if body.given or body.version is not None:
            raise Incomplete({name: ["没有这一项，请去掉后再提交。"] for name in sorted(body.given)})
        if not body.client_id:
            raise Incomplete({"client_id": [REPORT_LABELS["client_id"]]})
        asked = expected(self.address, self.now)
        line = challenge(body.client_id, asked.bits, self.now) if asked.asked else ""
        return Response({"asked": asked.asked, "challenge": line, "bits": asked.bits})


def _report(body: Sent) -> dict[str, Any]:
    """Return the registration that a report asks for; Incomplete names every field that is wrong or missing."""
    sent_names = {
        *body.given,
        *(["client_id"] if body.client_id else []),
        *(["version"] if body.version is not None else []),
    }
    blank = {name for name, value in body.given.items() if is_blank(value)}
    errors = {name: ["没有这一项，请去掉后再提交。"] for name in sorted(sent_names - set(PUBLIC_FIELDS))}
    errors |= {name: [REPORT_LABELS[name]] for name in PUBLIC_REQUIRED if name not in sent_names - blank}
    given = {name: value for name, value in body.given.items() if name in PUBLIC_FIELDS}
    contact: dict[str, Any] = {name: given.pop(name) for name in ("name", "phone") if name in given}
    reporter = {name: value for name, value in contact.items() if value}
    texts = dict(reporter)
    if "proof" in given:
        texts["proof"] = given["proof"]
    errors |= {name: ["应为文字。"] for name, value in texts.items() if not isinstance(value, str)}
    told = {**given, "channel": Channel.WEB.value, **({"reporters": [reporter]} if reporter else {})}
    for name, sentences in intake.check({name: value for name, value in told.items() if name != "proof"})[1].items():
        at = "phone" if name == "reporters" and sentences[0].startswith("电话") else name
        if at not in errors and not (at == "reporters" and errors.keys() & reporter.keys()):
            errors[at] = sentences
    if errors:
        raise Incomplete(errors)
    return told


class PublicFilesView(PublicCall):
    """`POST public/attachments/`."""

    parser_classes: Any = [MultiPartParser]

    @extend_schema(
        operation_id="public_attach",
        summary="居民上传照片",
        description="只收照片；把返回的 id 写进上报的 attachments，四天内没有上报的照片会被删除。",
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
        """Answer the white-listed timeline; of a held report that it waits."""
        try:
            return Response(queries.public_timeline(self.open(sent(request))))
        except UnderReview as waits:
            return Response(waiting_told(waits.held))


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
