"""领导接访 for whoever has no account: the published days, a place on one, and giving it back; thin over cases.reception."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import service_actor
from cases.api.door import Sent, refusals, sent
from cases.api.public import PublicCall
from cases.models import ReceptionDay
from cases.reception import booking
from cases.reception.queries import published
from cases.serializers.receptions import (
    BOOKING_BODY,
    BOOKING_FIELDS,
    GIVE_BACK_BODY,
    GIVE_BACK_FIELDS,
    KEY_LENGTH,
    BookedSerializer,
    GivenBackSerializer,
    ReceptionDaySerializer,
)
from governance_portal.lib.errors import Incomplete, NotYours

AGREE = "请先阅读并同意个人信息处理告知书。"
MISSING = {
    "phone": "请填写预约时留的电话，或者受理编号。",
    "code": "请填写预约码，10 位数字。",
    "query_code": "请填写查询码，印在回执上。",
}


def _told(day: ReceptionDay) -> dict[str, Any]:
    return {
        "leader": day.leader,
        "office": day.office,
        "starts_at": timezone.localtime(day.begins_at),
        "ends_at": timezone.localtime(day.ends_at),
        "place": day.place,
    }


def _texts(body: Sent, names: Mapping[str, Any]) -> dict[str, str]:
    """Return what was sent as text by name; Incomplete at once for every name that is unknown or no text."""
    named = {*body.given, *(["version"] if body.version is not None else [])}
    errors = {name: ["没有这一项，请去掉后再提交。"] for name in sorted(named - set(names))}
    errors |= {name: ["应为文字。"] for name, value in body.given.items() if not isinstance(value, str | None)}
    if errors:
        raise Incomplete(errors)
    return {name: (value or "").strip() for name, value in body.given.items()}


class ReceptionDaysView(PublicCall):
    """`GET public/reception-days/`."""

    @extend_schema(
        operation_id="public_reception_days",
        summary="领导接访日",
        description="已公布的接访日，今天起 60 天内。无须登录。",
        auth=[],
        responses={200: ReceptionDaySerializer(many=True), **refusals(429)},
        tags=["public"],
    )
    def get(self, request: Request) -> Response:
        """Answer the published days."""
        self.count_call()
        return Response(
            [
                {
                    "id": one.day.pk,
                    **_told(one.day),
                    "topics": one.day.topics,
                    "open": one.open,
                    "cancelled": one.day.cancelled_at is not None,
                    "cancel_reason": one.day.cancel_reason,
                }
                for one in published(self.now)
            ]
        )


class BookingsView(PublicCall):
    """`POST public/reception-days/{id}/bookings/`."""

    @extend_schema(
        operation_id="public_reception_book",
        summary="预约领导接访",
        description="凭受理编号和查询码，或者留姓名、电话和一句话；同一电话约没约过，回答完全相同。"
        "同一 client_id 重复提交返回第一次的结果。",
        auth=[],
        request=BOOKING_BODY,
        responses={201: BookedSerializer, 200: BookedSerializer, **refusals(400, 404, 409, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Book one place."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise NotYours()
        body = sent(request)
        given = _texts(body, BOOKING_FIELDS)
        by_number = bool(given.get("number") or given.get("query_code"))
        errors = {} if by_number else booking.contact_errors(given)
        if not body.client_id or len(body.client_id) > KEY_LENGTH:
            errors["client_id"] = ["请带上提交号（不超过 36 个字符），以免重复预约。"]
        if not by_number and not given.get("privacy_version"):
            errors["privacy_version"] = [AGREE]
        if errors:
            self.count_call()
            raise Incomplete(errors)
        made = booking.by_resident(
            service_actor("resident"),
            int(pk),
            given,
            address=self.address,
            now=self.now,
            client_id=body.client_id or "",
        )
        answer = {"day": made.day.pk, **_told(made.day), "code": None if by_number else made.code}
        return Response(answer, status=201 if made.fresh else 200)


class GiveBackView(PublicCall):
    """`POST public/reception-days/cancellations/`."""

    @extend_schema(
        operation_id="public_reception_give_back",
        summary="取消接访预约",
        description="凭电话和预约码，或者受理编号和查询码；所有不成功的情形回答相同。",
        auth=[],
        request=GIVE_BACK_BODY,
        responses={200: GivenBackSerializer, **refusals(400, 404, 409, 415, 429)},
        tags=["public"],
    )
    def post(self, request: Request) -> Response:
        """Give one place back."""
        given = _texts(sent(request), GIVE_BACK_FIELDS)
        names = ("number", "query_code") if given.get("number") else ("phone", "code")
        missing = {name: [words] for name, words in MISSING.items() if name in names and not given.get(name)}
        if missing:
            self.count_call()
            raise Incomplete(missing)
        key, code = (given[name] for name in names)
        found = booking.cancel_by_resident(key, code, address=self.address, now=self.now)
        starts_at = timezone.localtime(found.day.begins_at)
        return Response({"day": found.day_id, "starts_at": starts_at, "cancelled": True})
