"""The shapes of `stats/`: counts, rates with their fraction, and rows of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases.statistics.counting import TOLD
from cases.statistics.figures import FIGURES, RATES

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


class UnitRowSerializer(CountsSerializer):  # type: ignore[misc, valid-type]
    """A lead unit; code "" is with none yet."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()


class TrendRowSerializer(Shape):
    """One step of time; each figure on its own day."""

    start = serializers.DateField()
    end = serializers.DateField()
    registered = serializers.IntegerField()
    accepted = serializers.IntegerField()
    closed = serializers.IntegerField()
