"""The shapes of one's own grids' assessment, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.assessing.choices import Grade, Indicator, Stage
from cases.serializers.shown import Shape


class _OwnFigureSerializer(Shape):
    """One indicator: the formula with its numbers."""

    indicator = serializers.ChoiceField(choices=Indicator.choices)
    weight = serializers.IntegerField()
    sentence = serializers.CharField()


class RunningAssessmentSerializer(Shape):
    """A grid in the quarter that runs; no value in all."""

    grid = serializers.CharField()
    grid_name = serializers.CharField()
    quarter = serializers.CharField(help_text="如 2026Q4")
    figures = _OwnFigureSerializer(many=True)


class ShownAssessmentSerializer(Shape):
    """A grid in a quarter that was shown or decided."""

    grid = serializers.CharField()
    grid_name = serializers.CharField()
    quarter = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    total = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True, help_text="样本不足为空")
    sentence = serializers.CharField()
    grade = serializers.ChoiceField(choices=Grade.choices, allow_blank=True, help_text="定案前为空")
    words = serializers.CharField(allow_blank=True)
    appeal_until = serializers.DateTimeField(allow_null=True)


class OwnAssessmentSerializer(Shape):
    """One's own grids, nobody else's."""

    running = RunningAssessmentSerializer(many=True)
    rounds = ShownAssessmentSerializer(many=True)
