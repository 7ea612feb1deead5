"""The shapes of wishes and decisions, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.councils.choices import Agreed, HeardAt, WishState
from cases.councils.wishes import WHAT_LIMIT
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import Shape

WISH_BODY = {
    "application/json": {
        "type": "object",
        "required": ["area", "what", "heard_at", "heard_on", "owner", "due_on", "agreed"],
        "properties": {
            "client_id": CLIENT_ID,
            "area": {"type": "string", "description": "社区（村）代码，12 位"},
            "what": {"type": "string", "maxLength": WHAT_LIMIT, "description": "写事，不写人"},
            "heard_at": {"type": "string", "enum": list(HeardAt.values)},
            "heard_on": {"type": "string", "format": "date"},
            "owner": {"type": "string", "description": "单位代码，或者 单位代码/登录名"},
            "due_on": {"type": "string", "format": "date"},
            "agreed": {"type": "string", "enum": list(Agreed.values)},
        },
        "additionalProperties": False,
    }
}
KIND_BODY = {
    "application/json": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "enum": ["appeal", "hazard", "suggestion"]}},
        "additionalProperties": False,
    }
}


class PublicWishSerializer(Shape):
    """A wish as everybody reads it."""

    id = serializers.IntegerField()
    area = serializers.CharField()
    what = serializers.CharField()
    unit = serializers.CharField(help_text="责任单位")
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices=WishState.choices)
    words = serializers.CharField(help_text="办到哪一步")
    ended_on = serializers.DateField(allow_null=True)
    result = serializers.CharField(allow_blank=True)


class DecisionCaseSerializer(Shape):
    """A decision and the case it became."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    fresh = serializers.BooleanField(help_text="是不是这一次登记的")
