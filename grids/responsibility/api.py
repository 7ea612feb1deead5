"""包保责任 over the API: who answers for which street in a topic, and whether every street is covered."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.queries import Actor
from governance_portal.lib.errors import NotYou
from governance_portal.lib.working_days import SHANGHAI
from grids.responsibility import queries
from grids.responsibility.models import Topic
from grids.responsibility.views import AHEAD, MOST_DAYS, NOT_HERE


class AskedSerializer(serializers.Serializer[Any]):
    """Which topic and which days (both included)."""

    topic = serializers.ChoiceField(choices=Topic.choices, default=Topic.FLOOD.value, help_text="事项")
    first = serializers.DateField(required=False, help_text="从，默认今天")
    last = serializers.DateField(required=False, help_text="到，默认三十天以后")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A period that ends after it begins and is no longer than ten years."""
        first = attrs.get("first") or timezone.now().astimezone(SHANGHAI).date()
        if first.year > 2190:
            raise serializers.ValidationError({"first": "请填近年的日期。"})
        last = attrs.get("last") or first + AHEAD
        if not first <= last <= first + MOST_DAYS:
            raise serializers.ValidationError({"last": "“到”不能早于“从”，最多十年。"})
        return {**attrs, "first": first, "last": last}


class ResponsibilityRowSerializer(serializers.Serializer[Any]):
    """One unit on one street."""

    area = serializers.CharField()
    area_name = serializers.CharField()
    unit = serializers.CharField()
    unit_name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class ResponsibilitySerializer(serializers.Serializer[Any]):
    """The matrix of a topic; `whole`: every street has exactly one unit on every day; else the sentences say where not."""

    topic = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    streets = serializers.IntegerField()
    whole = serializers.BooleanField()
    gaps = serializers.ListField(child=serializers.CharField())
    overlaps = serializers.ListField(child=serializers.CharField())
    rows = ResponsibilityRowSerializer(many=True)


class ResponsibilityView(APIView):
    """`GET responsibility/`."""

    @extend_schema(
        operation_id="responsibility",
        summary="包保责任",
        description="一个事项在一段日期里由哪个单位包保哪个街道（乡镇），以及哪里空缺、重复。",
        parameters=[AskedSerializer],
        responses={200: ResponsibilitySerializer},
        tags=["areas"],
    )
    def get(self, request: Request) -> Response:
        """Answer the matrix; three queries."""
        actor: Actor = self.request.actor  # type: ignore[attr-defined, union-attr]
        if not queries.may_read(actor):
            raise NotYou(NOT_HERE)
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        topic, first, last = (asked.validated_data[name] for name in ("topic", "first", "last"))
        district = queries.kept_area(actor) or queries.district_of(actor)
        streets = queries.streets_of(district)
        rows = list(queries.rows_of(district, topic, first, last))
        found = queries.checked(streets, rows, first, last)
        told = {
            "topic": topic,
            "first": first,
            "last": last,
            "streets": found.streets,
            "whole": found.whole,
            "gaps": [one.sentence for one in found.gaps],
            "overlaps": [one.sentence for one in found.overlaps],
            "rows": [
                {
                    "area": row.area_id,
                    "area_name": row.area.name,
                    "unit": row.unit.code,
                    "unit_name": row.unit.name,
                    "starts_on": row.starts_on,
                    "ends_on": row.ends_on,
                }
                for row in rows
            ],
        }
        return Response(told)


urlpatterns = [path("responsibility/", ResponsibilityView.as_view(), name="api-responsibility")]
