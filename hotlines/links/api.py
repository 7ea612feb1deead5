"""Where another system tells us of its matters by itself: `POST links/<line>/`, signed as Standard Webhooks.

The body is the document of docs/exchange.md; what a fetch would bring, pushed. The same `number` (or `id` of a word)
again is answered alike and counts once.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
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
from governance_portal.lib.errors import Incomplete
from hotlines.api.failures import LINES, failed
from hotlines.api.headers import signature_headers
from hotlines.links.arriving import take_in
from hotlines.links.hearing import hear
from hotlines.links.reading import TRANSFER, read
from hotlines.links.words import Arrival, Unreadable, WordKind
from hotlines.models import Line, LinkMessage

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_PEOPLE = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
FIELDS: dict[str, Any] = {
    "type": {"type": "string", "enum": [TRANSFER, *WordKind.values], "description": "转来的事项，或者关于某件事的话"},
    "id": {**_TEXT, "description": "这条话的编号（type 不是 transfer 时必填）"},
    "about": {**_TEXT, "description": "所说事项的编号：对方编号、reference，或者某封来文的 id"},
    "number": {**_TEXT, "maxLength": 60, "description": "对方编号"},
    "received_at": _TIME,
    "at": _TIME,
    "due_at": {**_TIME, "description": "对方要求的期限"},
    "text": _TEXT,
    "kind": _TEXT,
    "title": _TEXT,
    "description": _TEXT,
    "place": {"type": "object", "additionalProperties": True},
    "applicants": _PEOPLE,
    "respondents": _PEOPLE,
    "papers": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    "cause": {**_TEXT, "description": "诉调：案由"},
    "stage": {**_TEXT, "description": "诉调：pre_filing 或 after_filing"},
    "consent": {"type": "object", "additionalProperties": True, "description": "诉调：当事人是否同意"},
    "reported_at": {**_TEXT, "description": "警调：报警时间"},
    "scene": {**_TEXT, "description": "警调：出警处置"},
    "complicated": {"type": "boolean", "description": "警调：情况复杂"},
    "form": {**_TEXT, "description": "访调：信访形式"},
    "demand": {**_TEXT, "description": "访调：请求"},
}
BODY = {"application/json": {"type": "object", "required": ["type"], "properties": FIELDS}}
#: As much as a fetch or a file brings (links.adapters): papers come inside the document.
MOST_BYTES = 24 * 1024 * 1024
REFUSED = "签名不符，或者没有这条对接；请核对地址、密钥和时钟。"


class LinkTakenSerializer(serializers.Serializer[Any]):
    """What is answered: our number and reference of the matter, the receipt, and whether it was new."""

    number = serializers.CharField()
    reference = serializers.UUIDField(allow_null=True)
    receipt = serializers.CharField()
    fresh = serializers.BooleanField()
    changed = serializers.BooleanField()


class LinkItemsView(APIView):
    """`POST links/<line>/`."""

    permission_classes: Any = [AllowAny]
    authentication_classes: Any = []
    parser_classes: Any = [JSONParser]

    @extend_schema(
        operation_id="link_push",
        summary="对接系统转来事项或回话",
        description="按 Standard Webhooks 签名；内容的格式见 docs/exchange.md。同一编号重复推送只算一次。",
        parameters=signature_headers(),
        auth=[],
        request=BODY,
        responses={200: LinkTakenSerializer, 201: LinkTakenSerializer, **refusals(400, 403, 409, 413, 415, 429)},
        tags=["links"],
    )
    def post(self, request: Request, code: str) -> Response:
        """Verify, read, take in or hear."""
        now = timezone.now()
        line, body = _proven(request._request, code, now)
        try:
            said = read(line, _json(body))
        except Unreadable as trouble:
            raise Incomplete({"_": [str(trouble)]}) from None
        if not isinstance(said, Arrival):
            fresh = hear(line, said, now)
            return Response({"number": "", "reference": None, "receipt": said.key, "fresh": fresh, "changed": False})
        taken = take_in(line, said, now)
        receipt = LinkMessage.objects.filter(link=taken.link, kind="receipt").values_list("uid", flat=True).first()
        told = {
            "number": taken.link.case.number,
            "reference": str(taken.link.uid),
            "receipt": str(receipt or ""),
            "fresh": taken.fresh,
            "changed": taken.changed,
        }
        return Response(told, status=201 if taken.fresh else 200)


def _proven(request: HttpRequest, code: str, now: datetime) -> tuple[Line, bytes]:
    """Return the line that signed a request, and its body, papers and all; NotYou or TooMany (hotlines.api.failures).

    A large body is read only where the line is there and the signature is of now: whose it is, only the body tells.
    """
    line = Line.objects.filter(code=code, is_active=True).first()
    length = request.META.get("CONTENT_LENGTH") or "0"
    told = int(length) if length.isascii() and length.isdigit() else 0
    if told > MOST_BYTES:
        raise RequestDataTooBig("a document of more than a fetch takes")
    large = told > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if large and not (line and webhooks.may_be_signed(request.headers, now)):
        raise failed(LINES, request, REFUSED, now)
    body = request.read(told) if large else request.body
    if line is None or not is_signed(line, request, body, now):
        raise failed(LINES, request, REFUSED, now)
    return line, body


def is_signed(line: Line, request: HttpRequest, body: bytes, now: datetime) -> bool:
    """Tell whether a request is signed with the line's key; a line without one signs nothing. Counts nothing."""
    secret = str((line.secret or {}).get("key", ""))
    try:
        webhooks.verify([secret] if secret else [], request.headers, body, now)
    except (webhooks.NotSigned, ValueError):
        return False
    return True


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Incomplete({"_": ["正文应为 JSON。"]}) from None
