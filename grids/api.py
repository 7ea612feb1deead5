"""The territory over the API: areas, grids, and which grid a point lies in. Read only; for whoever is logged in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from governance_portal.lib.errors import NotYours
from grids.models import Area, Grid
from grids.queries import features, locate
from grids.querysets import TerritoryQuerySet
from grids.serializers import (
    AreaQuerySerializer,
    AreaSerializer,
    GridQuerySerializer,
    GridSerializer,
    PositionSerializer,
)

GEO_JSON = "application/geo+json"


class GeoJSONRenderer(JSONRenderer):
    """A FeatureCollection, for clients that ask for it by header."""

    media_type = GEO_JSON
    format = "geojson"


class TerritoryView(APIView):
    """A list as rows or, with ``?format=geojson``, as a FeatureCollection; ``datum`` is that of its coordinates."""

    renderer_classes = [JSONRenderer, GeoJSONRenderer]
    query_class: ClassVar[type[Serializer[Any]]]
    row_class: ClassVar[type[Serializer[Any]]]

    def rows(self, query: dict[str, Any]) -> TerritoryQuerySet[Any]:
        """Those the filters leave, in order of their codes."""
        raise NotImplementedError

    def answer(self, request: Request) -> Response:
        """Two queries for any number of rows (the stamp of the cached outlines, the rows)."""
        asked = self.query_class(data=request.query_params)
        asked.is_valid(raise_exception=True)
        query = asked.validated_data
        rows = self.row_class(self.rows(query), many=True).data
        if query["format"] == "geojson" or request.accepted_renderer.format == "geojson":
            return Response(features(rows, query["datum"]), content_type=GEO_JSON)
        return Response(rows)


class AreasView(TerritoryView):
    """``GET areas/``."""

    query_class = AreaQuerySerializer
    row_class = AreaSerializer

    def rows(self, query: dict[str, Any]) -> TerritoryQuerySet[Area]:
        """Areas in use."""
        given = {"parent_id": query.get("parent"), "level": query.get("level")}
        filters = {key: value for key, value in given.items() if value}
        return Area.objects.active().filter(**filters).defer("boundary").order_by("code")

    @extend_schema(
        summary="区域",
        description="在用的区县、街道、社区（村），按代码排序；format=geojson 时带边界。",
        parameters=[AreaQuerySerializer],
        responses={(200, "application/json"): AreaSerializer(many=True), (200, GEO_JSON): OpenApiTypes.OBJECT},
        tags=["areas"],
    )
    def get(self, request: Request) -> Response:
        """Answer."""
        return self.answer(request)


class GridsView(TerritoryView):
    """``GET grids/``."""

    query_class = GridQuerySerializer
    row_class = GridSerializer

    def rows(self, query: dict[str, Any]) -> TerritoryQuerySet[Grid]:
        """Grids in use."""
        found = Grid.objects.active().within(query.get("area", ""))
        if query.get("community"):
            found = found.filter(community_id=query["community"])
        return found.select_related("community").defer("boundary", "community__boundary").order_by("code")

    @extend_schema(
        summary="网格",
        description="在用的网格，按编码排序；format=geojson 时是 FeatureCollection，编码在 properties.code。",
        parameters=[GridQuerySerializer],
        responses={(200, "application/json"): GridSerializer(many=True), (200, GEO_JSON): OpenApiTypes.OBJECT},
        tags=["grids"],
    )
    def get(self, request: Request) -> Response:
        """Answer."""
        return self.answer(request)


class LocateView(APIView):
    """``GET grids/locate/``."""

    @extend_schema(
        summary="一个位置属于哪个网格",
        description="边界上的点总是归到同一个网格；不在任何网格内返回 404。",
        parameters=[PositionSerializer],
        responses={200: GridSerializer},
        tags=["grids"],
    )
    def get(self, request: Request) -> Response:
        """One grid, or 404 outside of all."""
        position = PositionSerializer(data=request.query_params)
        position.is_valid(raise_exception=True)
        grid = locate(**position.validated_data)
        if grid is None:
            raise NotYours("这个位置不在任何网格内，请核对位置，或直接选择网格。")
        return Response(GridSerializer(grid).data)


urlpatterns = [
    path("areas/", AreasView.as_view(), name="api-areas"),
    path("grids/", GridsView.as_view(), name="api-grids"),
    path("grids/locate/", LocateView.as_view(), name="api-grid-locate"),
]
