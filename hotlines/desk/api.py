"""Where a telephone system tells of its calls: `POST telephony/events/`, signed as Standard Webhooks (docs/telephony.md)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api.door import refusals
from governance_portal.lib import webhooks
from governance_portal.lib.errors import Incomplete, NotYou
from hotlines.api.failures import TELEPHONY, failed
from hotlines.api.headers import signature_headers
from hotlines.choices import TelephonyKind
from hotlines.desk import telephony

_TEXT = {"type": "string"}
BODY = {
    "application/json": {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "enum": list(TelephonyKind.values)},
            "timestamp": {"type": "string", "format": "date-time", "description": "事件发生的时间，带时区"},
            "data": {
                "type": "object",
                "required": ["call_id"],
                "properties": {
                    "call_id": {**_TEXT, "maxLength": 64, "description": "话务系统给这个电话的编号"},
                    "extension": {**_TEXT, "maxLength": 20, "description": "分机；没有人坐的分机，所有话务员都看到"},
                    "number": {**_TEXT, "maxLength": 30, "description": "来电号码；隐藏号码留空，照样接听"},
                    "recording": {**_TEXT, "maxLength": 120, "description": "录音编号；录音不进本系统"},
                },
            },
        },
    }
}
NOT_SET_UP = "本系统没有设置话务系统的签名密钥（TELEPHONY_SECRET），不接收来电事件。"


class TakenSerializer(serializers.Serializer[Any]):
    """What is answered: the call's id here, and whether the event was new."""

    call = serializers.UUIDField()
    fresh = serializers.BooleanField()


class TelephonyEventsView(APIView):
    """`POST telephony/events/`."""

    permission_classes: Any = [AllowAny]
    authentication_classes: Any = []
    parser_classes: Any = [JSONParser]

    @extend_schema(
        operation_id="telephony_event",
        summary="话务系统来电事件",
        description="按 Standard Webhooks 签名。同一事件号重复发送只算一次；三种事件先到后到都可以。",
        parameters=signature_headers(),
        auth=[],
        request=BODY,
        responses={200: TakenSerializer, **refusals(400, 403, 409, 415, 429)},
        tags=["telephony"],
    )
    def post(self, request: Request) -> Response:
        """Verify, read, take."""
        now = timezone.now()
        body = request._request.body
        if not settings.TELEPHONY_SECRETS:
            raise NotYou(NOT_SET_UP)
        try:
            event_id = webhooks.verify(settings.TELEPHONY_SECRETS, request.headers, body, now)
        except webhooks.NotSigned as refused:
            raise failed(TELEPHONY, request._request, str(refused), now) from None
        call, fresh = telephony.take(event_id, telephony.read(_read(body)), now)
        return Response({"call": str(call.uid), "fresh": fresh})


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Incomplete({"_": ["正文应为 JSON。"]}) from None
