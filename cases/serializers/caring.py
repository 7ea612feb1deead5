"""The shapes of visits, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.caring.choices import Found, VisitorRole
from cases.caring.visiting import NEXT, WORDS_LIMIT
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import Shape

VISIT_BODY = {
    "application/json": {
        "type": "object",
        "required": ["found", "role", "day"],
        "properties": {
            "client_id": CLIENT_ID,
            "found": {"type": "string", "enum": list(Found.values)},
            "role": {"type": "string", "enum": list(VisitorRole.values)},
            "day": {"type": "string", "format": "date"},
            "words": {"type": "string", "maxLength": WORDS_LIMIT, "description": "不写病情、诊断、号码"},
            "then": {"type": "string", "enum": [code for code, _label in NEXT]},
        },
        "additionalProperties": False,
    }
}


class VisitDueSerializer(Shape):
    """A visit that is due, masked."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    title = serializers.CharField(help_text="探访 · 李**")
    day = serializers.DateField()
    overdue = serializers.BooleanField()


class VisitedSerializer(Shape):
    """A visit as it was written down."""

    id = serializers.UUIDField()
    plan = serializers.UUIDField()
    day = serializers.DateField()
    role = serializers.ChoiceField(choices=VisitorRole.choices)
    found = serializers.ChoiceField(choices=Found.choices)
    case_number = serializers.CharField(allow_blank=True)
    next_url = serializers.CharField(allow_blank=True, help_text="接着要填的页面，没有则为空")
