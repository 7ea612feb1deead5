"""The shapes of the bulletins, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.bulletins.choices import Kind, Section, State
from cases.serializers.shown import Shape


class BulletinRowSerializer(Shape):
    """One bulletin in the list."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    period = serializers.CharField(help_text="2026-10、2026Q3、2026")
    label = serializers.CharField(help_text="2026年10月")
    area = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    made_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    number = serializers.CharField(allow_blank=True, help_text="文号")


class _CellSerializer(Shape):
    """What stands in a cell."""

    words = serializers.CharField()
    number = serializers.FloatField(allow_null=True, help_text="文字和“—”为空")
    form = serializers.ChoiceField(
        choices=("", "count", "percent", "change", "points", "days"), help_text="件数、百分数、增减百分数、百分点、天"
    )


class _ColumnSerializer(Shape):
    """A column's heading."""

    label = serializers.CharField()
    text = serializers.BooleanField(help_text="true：文字列")


class _TableSerializer(Shape):
    """A table; `summed`: its last row is the sum."""

    code = serializers.CharField()
    title = serializers.CharField()
    columns = _ColumnSerializer(many=True)
    rows = serializers.ListField(child=_CellSerializer(many=True))
    summed = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class _PartSerializer(Shape):
    """A section."""

    code = serializers.ChoiceField(choices=Section.choices)
    heading = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    tables = _TableSerializer(many=True)


class _CorrectionSerializer(Shape):
    """What was corrected beside it."""

    words = serializers.CharField()
    by = serializers.CharField()
    on = serializers.DateField()


class BulletinSerializer(BulletinRowSerializer):
    """A whole bulletin, word for word as it was signed."""

    title = serializers.CharField()
    subtitle = serializers.CharField()
    issuer = serializers.CharField()
    dated = serializers.DateField()
    parts = _PartSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    corrections = _CorrectionSerializer(many=True)
