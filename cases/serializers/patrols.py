"""The shapes of patrols, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.patrols import choices as c
from cases.patrols.reported import KINDS, MOST_FINDINGS
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import Shape

_STRING = {"type": "string"}
_POINT = {
    "type": "object",
    "required": ["point", "state"],
    "properties": {
        "point": {"type": "integer"},
        "state": {"type": "string", "enum": list(c.PointState.values)},
        "words": {**_STRING, "maxLength": 500, "description": "异常的必填，会登记为一件事项"},
        "category": {**_STRING, "maxLength": 20},
    },
    "additionalProperties": False,
}
_FINDING = {
    "type": "object",
    "required": ["client_id", "description"],
    "properties": {
        "client_id": {**_STRING, "maxLength": 40},
        "description": {**_STRING, "maxLength": 2000},
        "point": {"type": "integer"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "category": {**_STRING, "maxLength": 20},
        "level": {**_STRING, "maxLength": 20},
        "address": {**_STRING, "maxLength": 120},
        "attachments": {"type": "array", "items": _STRING, "maxItems": 12},
    },
    "additionalProperties": False,
}
REPORT_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "client_id": CLIENT_ID,
            "points": {"type": "array", "items": _POINT},
            "done": {"type": ["boolean", "null"], "description": "完成了没有；不写就是先保存点位"},
            "reason": {"type": "string", "enum": ["", *c.UndoneReason.values]},
            "words": {**_STRING, "maxLength": 500},
            "findings": {"type": "array", "items": _FINDING, "maxItems": MOST_FINDINGS},
        },
        "additionalProperties": False,
    }
}


class _GridSerializer(Shape):
    """A grid by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class PatrolPointSerializer(Shape):
    """One point with what was found there; by days, no hour, no position."""

    point = serializers.IntegerField()
    name = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    state = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)


class PatrolTaskSerializer(Shape):
    """One task of a grid and a day."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=c.PatrolKind.choices)
    name = serializers.CharField()
    look_for = serializers.CharField(allow_blank=True)
    grid = _GridSerializer()
    opens_on = serializers.DateField()
    day = serializers.DateField()
    state = serializers.ChoiceField(choices=c.PatrolState.choices)
    reason = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    points = PatrolPointSerializer(many=True)
    cases = serializers.ListField(child=serializers.CharField(), help_text="这项任务登记的、本人看得到的事项编号")
