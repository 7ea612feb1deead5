"""The shapes of reception days and their bookings, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.intake import PARTY_LIMITS
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import Shape
from cases.serializers.whistles import _body

KEY_LENGTH = 36
_CODE = {"type": "string", "maxLength": 40}
_NUMBER = {"type": "string", "maxLength": 60, "description": "受理编号"}
#: What a booking may say: number and query code of a matter, or name, phone and the matter in a line.
BOOKING_FIELDS = {
    "client_id": {**CLIENT_ID, "minLength": 1, "maxLength": KEY_LENGTH},
    "name": {"type": "string", "maxLength": PARTY_LIMITS["name"]},
    "phone": {"type": "string", "maxLength": PARTY_LIMITS["phone"]},
    "matter": {"type": "string", "maxLength": 100, "description": "一句话，详细的当面说"},
    "privacy_version": {"type": "string", "maxLength": 20, "description": "留姓名、电话预约的必填"},
    "number": _NUMBER,
    "query_code": _CODE,
}
BOOKING_BODY = _body(["client_id"], **BOOKING_FIELDS)
GIVE_BACK_FIELDS = {
    "phone": {"type": "string", "maxLength": 30},
    "code": {**_CODE, "description": "预约码"},
    "number": _NUMBER,
    "query_code": _CODE,
}
GIVE_BACK_BODY = _body([], **GIVE_BACK_FIELDS)


class ReceptionDaySerializer(Shape):
    """A published reception day; `open`: a place can still be booked."""

    id = serializers.IntegerField()
    leader = serializers.CharField()
    office = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    topics = serializers.CharField(allow_blank=True)
    open = serializers.BooleanField()
    cancelled = serializers.BooleanField()
    cancel_reason = serializers.CharField(allow_blank=True)


class BookedSerializer(Shape):
    """A place on a reception day; `code` gives it back, and is null where number and query code of the matter do."""

    day = serializers.IntegerField()
    leader = serializers.CharField()
    office = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    code = serializers.CharField(allow_null=True)


class GivenBackSerializer(Shape):
    """The day whose place was given back."""

    day = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    cancelled = serializers.BooleanField()
