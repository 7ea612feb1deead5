"""The shapes of a hazard's file, its lists and what is to be looked at again, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.hazards.again import RESULTS
from cases.hazards.choices import HazardClass
from cases.serializers.shown import Shape

LOOK_BODY = {
    "application/json": {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {"type": "string", "enum": [code for code, _label in RESULTS]},
            "note": {
                "type": "string",
                "maxLength": 1000,
                "description": "有反弹、再次出现的必填；写地方和设施，不写人",
            },
            "number": {"type": "string", "maxLength": 30, "description": "已作为新隐患登记的，它的受理编号"},
        },
        "additionalProperties": False,
    }
}


class HazardUnitSerializer(Shape):
    """The unit that answers."""

    code = serializers.CharField()
    name = serializers.CharField()


class HazardItemSerializer(Shape):
    """One line of the three lists."""

    item = serializers.IntegerField()
    problem = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)
    unit = HazardUnitSerializer()
    person = serializers.CharField()
    measure = serializers.CharField()
    due_on = serializers.DateField()
    result = serializers.CharField(allow_blank=True)
    done_at = serializers.DateTimeField(allow_null=True)


class HazardFileSerializer(Shape):
    """The file of a hazard."""

    hazard_class = serializers.ChoiceField(choices=HazardClass.choices)
    detail = serializers.CharField(allow_blank=True)
    unit = HazardUnitSerializer()
    person = serializers.CharField()
    term = serializers.DateField()
    plan = serializers.CharField()
    measure = serializers.CharField(allow_blank=True)


class HazardSerializer(Shape):
    """A hazard with its lists; `file` is null until somebody has opened it."""

    number = serializers.CharField()
    file = HazardFileSerializer(allow_null=True)
    items = HazardItemSerializer(many=True)


class ReinspectionSerializer(Shape):
    """A closed hazard to look at again."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField()
    due_on = serializers.DateField()
    result = serializers.CharField(allow_blank=True)
