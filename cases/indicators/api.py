"""`GET stats/indicators/`: every indicator with its definition and its value, as the page shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import refusals
from cases.api.stats import WINDOW, StatsCall
from cases.indicators.computing import query_of, value_of
from cases.indicators.registry import INDICATORS
from cases.indicators.shapes import Group, Indicator, Question, Unit
from cases.statistics.counting import cases_of

Shape = serializers.Serializer[Any]


class FigureListSerializer(Shape):
    """One figure an indicator is made of: its name, and the query of `cases/` and `cases/count/` that gives its cases."""

    figure = serializers.CharField()
    query = serializers.DictField(child=serializers.CharField())


class IndicatorSerializer(Shape):
    """An indicator. `value` null: there is none (nothing to divide by, or not for this post), `why` says it."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours; DRF's own attribute of that name
    group = serializers.ChoiceField(choices=Group.choices)
    unit = serializers.ChoiceField(choices=Unit.choices)
    formula = serializers.CharField(help_text="公式，用文字写")
    numerator_words = serializers.CharField(allow_blank=True, help_text="分子（或所数的）是什么")
    denominator_words = serializers.CharField(allow_blank=True, help_text="分母是什么")
    days = serializers.CharField(help_text="哪个时间须在起止日期内")
    basis = serializers.CharField(allow_blank=True, help_text="口径")
    golden = serializers.CharField(allow_blank=True, help_text="算例")
    source = serializers.CharField(help_text="依据")  # type: ignore[assignment]  # the same
    value = serializers.FloatField(allow_null=True, help_text="百分率四舍五入到一位小数")
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    why = serializers.CharField(allow_blank=True, help_text="没有值的原因")
    lists = FigureListSerializer(many=True, help_text="分子、分母各是哪些事项；不是事项的为空")


class IndicatorsView(StatsCall):
    """`GET stats/indicators/`."""

    @extend_schema(
        operation_id="stats_indicators",
        summary="指标",
        description="每个指标的名称、公式、口径、依据，和所选区域、时间的值；与“指标说明”页一致。",
        parameters=WINDOW,
        responses={200: IndicatorSerializer(many=True), **refusals(400, 401, 403, 404)},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Answer every indicator, in the order of the page."""
        _cases, area, window = self.asked(request)
        question = Question(cases_of(self.actor, area, self.now), window)
        return Response([told(one, question) for one in INDICATORS.values()])


def told(indicator: Indicator, question: Question) -> dict[str, Any]:
    """One indicator as the API tells it."""
    value = value_of(indicator, question)
    days = indicator.window or question.window
    return {
        "code": indicator.code,
        "label": indicator.label,
        "group": str(indicator.group),
        "unit": str(indicator.unit),
        "formula": indicator.formula,
        "numerator_words": indicator.numerator,
        "denominator_words": indicator.denominator,
        "days": indicator.days,
        "basis": indicator.basis,
        "golden": indicator.golden,
        "source": indicator.base,
        "value": None if value.number is None else float(value.number),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "why": value.why,
        "lists": [{"figure": name, "query": query_of(name, question.area, days)} for name in indicator.figures],
    }
