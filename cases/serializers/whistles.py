"""The shapes of whistles and team roles, for the API's published description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases import choices as c
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import Shape

_STRING = {"type": "string"}


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "application/json": {
            "type": "object",
            **({"required": required} if required else {}),
            "properties": properties,
            "additionalProperties": False,
        }
    }


WHISTLE_BODY = _body(
    ["kind", "scale", "place", "what", "units"],
    client_id=CLIENT_ID,
    kind={"type": "string", "enum": list(c.WhistleKind.values)},
    scale={"type": "string", "enum": list(c.WhistleScale.values)},
    place={**_STRING, "maxLength": 120},
    what={**_STRING, "maxLength": 5000, "description": "不写姓名、电话"},
    units={"type": "array", "items": _STRING, "minItems": 1, "maxItems": 12, "description": "单位代码"},
    number={**_STRING, "description": "关联事项的受理编号"},
)
ARRIVE_BODY = _body([], who={**_STRING, "maxLength": 60})
START_BODY = _body([])
FINISH_BODY = _body(["result"], result={**_STRING, "maxLength": 5000})
RATE_BODY = _body(
    ["score"],
    score={"type": "integer", "minimum": 1, "maximum": 5},
    words={**_STRING, "maxLength": 500, "description": "评 1、2 分的必填"},
)
RECALL_BODY = _body(["reason"], reason={**_STRING, "maxLength": 200})


class _UnitSerializer(Shape):
    """A unit by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class WhistleCallSerializer(Shape):
    """One department's part."""

    id = serializers.IntegerField()
    unit = _UnitSerializer()
    stage = serializers.ChoiceField(choices=c.WhistleStage.choices)
    arrived_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField(allow_blank=True)
    street_score = serializers.IntegerField(allow_null=True, help_text="只有双方和督办、领导看得到，其他人为空")
    unit_score = serializers.IntegerField(allow_null=True, help_text="只有双方和督办、领导看得到，其他人为空")
    recalled_at = serializers.DateTimeField(allow_null=True)


class WhistleSerializer(Shape):
    """A whistle with each department's part."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=c.WhistleKind.choices)
    scale = serializers.ChoiceField(choices=c.WhistleScale.choices)
    place = serializers.CharField()
    what = serializers.CharField()
    unit = _UnitSerializer()
    called_at = serializers.DateTimeField()
    arrive_by = serializers.DateTimeField()
    finish_by = serializers.DateTimeField()
    tentative = serializers.BooleanField()
    calls = WhistleCallSerializer(many=True)


class TeamRoleSerializer(Shape):
    """A part in a case's team."""

    code = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
