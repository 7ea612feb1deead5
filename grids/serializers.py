"""The territory as the API shows it. Boundaries come only as GeoJSON; lists stay small."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from grids.choices import Datum, GridKind, Level, WorkClass


class AreaSerializer(serializers.Serializer[Any]):
    """``{code, name, level, parent}``; ``parent`` is the code above, null at the district."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    parent = serializers.CharField(source="parent_id", allow_null=True)  # type: ignore[assignment]


class GridSerializer(serializers.Serializer[Any]):
    """A grid as a row; ``community`` is its code."""

    code = serializers.CharField()
    name = serializers.CharField()
    community = serializers.CharField(source="community_id")
    community_name = serializers.CharField(source="community.name")
    kind = serializers.ChoiceField(GridKind.choices)
    work_class = serializers.ChoiceField(WorkClass.choices)
    extent = serializers.CharField()
    supervising_phone = serializers.CharField()


class PositionSerializer(serializers.Serializer[Any]):
    """Where somebody stands: degrees in a datum (``wgs84`` is what phones report)."""

    lng = serializers.FloatField(
        min_value=-180,
        max_value=180,
        error_messages={
            "required": "请给出经度 lng。",
            "invalid": "经度 lng 要是数字。",
            "min_value": "经度 lng 应在 -180 到 180 之间。",
            "max_value": "经度 lng 应在 -180 到 180 之间。",
        },
    )
    lat = serializers.FloatField(
        min_value=-90,
        max_value=90,
        error_messages={
            "required": "请给出纬度 lat。",
            "invalid": "纬度 lat 要是数字。",
            "min_value": "纬度 lat 应在 -90 到 90 之间。",
            "max_value": "纬度 lat 应在 -90 到 90 之间。",
        },
    )
    datum = serializers.ChoiceField(
        Datum.choices,
        default=Datum.WGS84,
        error_messages={"invalid_choice": "坐标系 datum 只能是 wgs84 或 gcj02。"},
    )


FORMATS = (("json", "列表"), ("geojson", "GeoJSON"))


class ShapeQuerySerializer(serializers.Serializer[Any]):
    """How a list is answered: rows, or a FeatureCollection in a datum."""

    format = serializers.ChoiceField(
        FORMATS, default="json", error_messages={"invalid_choice": "格式 format 只能是 json 或 geojson。"}
    )
    datum = serializers.ChoiceField(
        Datum.choices,
        default=Datum.WGS84,
        error_messages={"invalid_choice": "坐标系 datum 只能是 wgs84 或 gcj02。"},
    )


class AreaQuerySerializer(ShapeQuerySerializer):
    """Filters of ``areas/``."""

    parent = serializers.CharField(required=False, allow_blank=True, max_length=12, help_text="上级区域代码")  # type: ignore[assignment]
    level = serializers.ChoiceField(
        Level.choices,
        required=False,
        allow_blank=True,
        error_messages={"invalid_choice": "级别 level 只能是 district、street 或 community。"},
    )


class GridQuerySerializer(ShapeQuerySerializer):
    """Filters of ``grids/``; ``area`` is the code of a district, street or community around them."""

    community = serializers.CharField(required=False, allow_blank=True, max_length=12, help_text="社区（村）代码")
    area = serializers.CharField(required=False, allow_blank=True, max_length=15, help_text="所在区域代码")
