"""The limits in force, as the API publishes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases import choices as c
from cases.limits.lawful import UNITS
from cases.limits.versions import Line
from cases.serializers.shown import Shape

CLOCKS = [*c.Clock.choices, *c.Window.choices]


class LimitSerializer(Shape):
    """One line of the table; an empty field of its scope matches everything."""

    clock = serializers.ChoiceField(CLOCKS)
    kind = serializers.ChoiceField(c.Kind.choices, allow_blank=True)
    procedure = serializers.ChoiceField(c.Procedure.choices, allow_blank=True)
    category = serializers.CharField(allow_blank=True, help_text="类别代码的开头")
    level = serializers.ChoiceField(c.Level.choices, allow_blank=True)
    channel = serializers.ChoiceField(c.Channel.choices, allow_blank=True)
    amount = serializers.IntegerField(allow_null=True, help_text="空为不设")
    unit = serializers.ChoiceField([(code, code) for code in UNITS])
    extension_amount = serializers.IntegerField()
    extension_times = serializers.IntegerField()
    extension_by = serializers.ChoiceField([("lead", "lead"), ("centre_lead", "centre_lead")])
    legal_base = serializers.CharField(allow_blank=True)
    statutory = serializers.BooleanField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


def limit(line: Line) -> dict[str, Any]:
    """Return what holds now of a line (`LimitSerializer`)."""
    return {name: getattr(line.current, name) for name in map(str, LimitSerializer().fields)}
