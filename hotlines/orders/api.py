"""`lines/{code}/orders/`: a 12345 platform pushes its orders and asks how they stand."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api.door import LocalTimes, refusals
from hotlines.api.failures import LINES, failed
from hotlines.api.headers import signature_headers
from hotlines.links.api import REFUSED, is_signed
from hotlines.models import Line
from hotlines.orders import pushing
from hotlines.orders.fields import FIELDS
from hotlines.orders.queries import lines

_TEXT = {"type": "string"}
ORDER = {
    "type": "object",
    "required": [field.name for field in FIELDS if field.required],
    "properties": {
        field.name: {**_TEXT, "description": f"{field.label}。{field.help}" if field.help else field.label}
        for field in FIELDS
    },
}
BODY = {
    "application/json": {
        "type": "object",
        "required": ["orders"],
        "properties": {"orders": {"type": "array", "minItems": 1, "maxItems": pushing.MOST, "items": ORDER}},
    }
}
AUTHORIZATION = "Authorization"
HEADERS = [
    OpenApiParameter(AUTHORIZATION, str, OpenApiParameter.HEADER, description="Bearer 加对接密钥；或者用下面三项签名"),
    *signature_headers(required=False),
]


class OrderAnswerSerializer(serializers.Serializer[Any]):
    """What became of one order."""

    number = serializers.CharField(help_text="对方的工单编号")
    result = serializers.ChoiceField(
        choices=[("new", "新登记"), ("known", "已有"), ("changed", "内容有变，已补记"), ("refused", "没有接收")]
    )
    case_number = serializers.CharField(required=False, help_text="本平台的受理编号")
    receipt = serializers.CharField(required=False, help_text="接收回执号，重复推送时不变")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="各项的原因，中文"
    )


class OrdersTakenSerializer(serializers.Serializer[Any]):
    """The answer for a push: how many of each, and one line for each order in their order."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()
    changed = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = OrderAnswerSerializer(many=True)


class OrderStateSerializer(serializers.Serializer[Any]):
    """How one order stands, as its resident reads it; `answer` is the last result or return that was told."""

    number = serializers.CharField()
    case_number = serializers.CharField()
    receipt = serializers.CharField()
    status = serializers.CharField()
    status_text = serializers.CharField()
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField()
    their_due_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    lead_unit = serializers.CharField()
    version = serializers.IntegerField(help_text="内容是第几版")
    answer = serializers.DictField(allow_null=True)


class LineCall(APIView):
    """A call of a line's own system: with the line's key, or signed with it as Standard Webhooks."""

    permission_classes: Any = [AllowAny]
    authentication_classes: Any = []
    parser_classes: Any = [JSONParser]
    renderer_classes: Any = [LocalTimes]

    def line_of(self, request: Request, code: str, now: datetime) -> Line:
        """Return the line whose system calls; NotYou alike for a wrong key and for a line that brings no orders.

        TooMany for who fails too often (hotlines.api.failures).
        """
        found = lines().filter(code=code).first()
        if found is None or not self._proves(request, found, now):
            raise failed(LINES, request._request, REFUSED, now)
        return found

    def _proves(self, request: Request, line: Line, now: datetime) -> bool:
        scheme, _space, key = request.headers.get(AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer":
            return is_signed(line, request._request, request._request.body, now)
        own = str((line.secret or {}).get("key", ""))
        return bool(own) and hmac.compare_digest(key.strip().encode(), own.encode())


class OrdersView(LineCall):
    """`POST lines/{code}/orders/`."""

    @extend_schema(
        operation_id="line_orders",
        summary="推送工单",
        description=(
            "一次 1 至 200 件；每件单独接收，有的没有接收不影响其他。按工单编号去重：同样的内容再推一次什么都不变，"
            "内容变了补记到原事项。201 有新登记，200 都已有，207 有的没有接收，400 都没有接收；原因在各件的 errors 里。"
            "nature、category 用对方自己的词，按列名对照换成本中心的；时间写成 2026-11-21T09:30:00+08:00 或 "
            "2026-11-21 09:30；due 可以写成“5个工作日”。"
        ),
        parameters=HEADERS,
        auth=[],
        request=BODY,
        responses={
            201: OrdersTakenSerializer,
            200: OrdersTakenSerializer,
            207: OrdersTakenSerializer,
            400: OrdersTakenSerializer,
            **refusals(403, 415, 429),
        },
        tags=["lines"],
    )
    def post(self, request: Request, code: str) -> Response:
        """Take them in and answer for each."""
        now = timezone.now()
        line = self.line_of(request, code, now)
        answers = pushing.take(line, pushing.orders_of(request.data), now)
        results = (pushing.NEW, pushing.KNOWN, pushing.CHANGED, pushing.REFUSED)
        counts = {result: sum(answer.result == result for answer in answers) for result in results}
        told = {**counts, "results": [answer.as_dict() for answer in answers]}
        return Response(told, status=pushing.status_of(answers))


class OrderView(LineCall):
    """`GET lines/{code}/orders/{number}/`."""

    @extend_schema(
        operation_id="line_order",
        summary="工单的办理情况",
        description="按对方的工单编号查：办到哪一步、双方的时限、最近一次答复或退回。不含个人信息。",
        parameters=HEADERS,
        auth=[],
        responses={200: OrderStateSerializer, **refusals(403, 404, 429)},
        tags=["lines"],
    )
    def get(self, request: Request, code: str, foreign_number: str) -> Response:
        """Answer how it stands."""
        return Response(pushing.state_of(self.line_of(request, code, timezone.now()), foreign_number))
