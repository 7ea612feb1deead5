"""`map/` of the API: the figures of an area's parts and grids, and cases as points; both as the page shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.mapping import drawing
from cases.mapping.figures import COLUMN_NAMES
from cases.mapping.opened import Opened
from cases.mapping.reach import reach_of
from cases.mapping.views import dots_of, measure_of

AREA = OpenApiParameter("area", str, description="区划或网格代码；不填为本人最大的辖区")
BY = OpenApiParameter("by", str, enum=["open", "overdue", "rate"], description="在办、超时、近一年每千人受理")
BBOX = OpenApiParameter("bbox", str, required=True, description="西,南,东,北（WGS-84 度）")


class MapFiguresView(CaseCall):
    """`GET map/figures/`."""

    @extend_schema(
        operation_id="map_figures",
        summary="一图：各处的数字",
        description="与 cases/ 用 area= 或 grid= 加 figure= 所列的事项逐件一致；不在本人范围内的为空。",
        parameters=[AREA, BY],
        responses={200: OpenApiTypes.OBJECT, **refusals(401, 403, 404)},
        tags=["map"],
    )
    def get(self, request: Request) -> Response:
        """Answer `{area, shapes, parts: [{code, name, open, due_soon, overdue, accepted, rate}], grids: {code: [value, step]}}`."""
        reach = reach_of(self.actor, self.now)
        area = reach.area(request.query_params.get("area", "")[:15])
        opened = Opened(self.actor, reach, area, measure_of(request), self.now)
        told = opened.told()
        parts = [self._part(opened, code, name, people) for code, name, people in opened.children]
        return Response({"area": area, "shapes": drawing.stamp(), "parts": parts, "grids": told["cells"]})

    def _part(self, opened: Opened, code: str, name: str, people: int | None) -> dict[str, Any]:
        known = opened.reach.knows(code)
        counts = opened.tally.of(code)
        figures: dict[str, Any] = {column: counts[column] if known else None for column in COLUMN_NAMES}
        return {"code": code, "name": name, **figures, "residents": people}


class MapPointsView(CaseCall):
    """`GET map/points/`."""

    @extend_schema(
        operation_id="map_points",
        summary="一图：单件事项",
        description="社区和网格一级，最近登记的 500 件；调解、保密、投诉举报的不在内。",
        parameters=[AREA, BY, BBOX],
        responses={200: OpenApiTypes.OBJECT, **refusals(400, 401, 403, 404)},
        tags=["map"],
    )
    def get(self, request: Request) -> Response:
        """Answer `{points: [[lng, lat, state, number, title, url]], more}`."""
        return Response(dots_of(self.actor, request.query_params.get("area", "")[:15], request, self.now))
