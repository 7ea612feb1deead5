"""The shapes of `stats/`: counts, rates with their fraction, and rows of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases.statistics.counting import TOLD
from cases.statistics.figures import FIGURES, RATES
from cases.statistics.stock import STOCK

Shape = serializers.Serializer[Any]
ROW = tuple(name for name in TOLD if FIGURES[name].days == "registered")


class RateSerializer(Shape):
    """A percentage with one decimal, rounded half up; null where the denominator is 0."""

    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()


def _fields(names: tuple[str, ...]) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
    fields: dict[str, Any] = {name: serializers.IntegerField(help_text=FIGURES[name].counts) for name in names}
    return fields | {name: RateSerializer(help_text=rate.basis) for name, rate in RATES.items()}


OverviewSerializer = type("OverviewSerializer", (Shape,), {"__doc__": "The figures of an area.", **_fields(TOLD)})
CountsSerializer = type("CountsSerializer", (Shape,), {"__doc__": "The figures of one row.", **_fields(ROW)})


class PlaceRowSerializer(CountsSerializer):  # type: ignore[misc, valid-type]
    """An area or grid right below the one asked for; its own code: what lies in none of them."""

    code = serializers.CharField()
    name = serializers.CharField()


class CategoryRowSerializer(CountsSerializer):  # type: ignore[misc, valid-type]
    """A category; code "" has none yet."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    parent = serializers.CharField(allow_null=True)


class LeftOutSerializer(Shape):
    """How many matters were granted to be left out of a unit's two rates."""

    on_time_rate = serializers.IntegerField(help_text="不计入按期办结率的件数")
    satisfaction_rate = serializers.IntegerField(help_text="不计入满意率的件数")


class UnitRowSerializer(CountsSerializer):  # type: ignore[misc, valid-type]
    """A lead unit; code "" is with none yet. `on_time_rate` and `satisfaction_rate` are those of the ranking."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    left_out = LeftOutSerializer(help_text="经同意剔除的件数；只从本单位的这两个比率里剔除，其他各数照常计入")


class TrendRowSerializer(Shape):
    """One step of time; each figure on its own day."""

    start = serializers.DateField()
    end = serializers.DateField()
    registered = serializers.IntegerField()
    accepted = serializers.IntegerField()
    closed = serializers.IntegerField()


class ChannelRowSerializer(CountsSerializer):  # type: ignore[misc, valid-type]
    """A channel (来源渠道)."""

    code = serializers.CharField()
    name = serializers.CharField()


class LevelRowSerializer(CountsSerializer):  # type: ignore[misc, valid-type]
    """A level; code "" has none yet."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()


class DurationsSerializer(Shape):
    """How long what was closed had taken, in seconds without pauses; null where nothing was closed."""

    count = serializers.IntegerField(help_text="有时长的办结事项")
    mean = serializers.IntegerField(allow_null=True, help_text="平均，秒")
    median = serializers.IntegerField(allow_null=True, help_text="中位数（排在第 ⌈n÷2⌉ 的一件），秒")
    p90 = serializers.IntegerField(allow_null=True, help_text="P90（排在第 ⌈0.9×n⌉ 的一件），秒")


StockSerializer = type(
    "StockSerializer",
    (Shape,),
    {
        "__doc__": "The waterfall: stock_start + stock_new - stock_closed - stock_ended = stock_end.",
        **{name: serializers.IntegerField(help_text=figure.counts) for name, figure in STOCK.items()},
    },
)
