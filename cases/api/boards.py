"""`stats/bands/`, `stats/settled-at/`, `network/`: what the boards beside the main board show, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.api.stats import WINDOW, StatsCall, window_of
from cases.boards import bands, levels, network
from cases.boards.asking import Asked
from cases.models import NetworkMember
from cases.serializers.boards import BandSerializer, NetworkLayerSerializer, SettledAtSerializer
from cases.statistics import counting
from cases.statistics.windows import Period
from governance_portal.lib.working_days import day_of


class BandsView(CaseCall):
    """`GET stats/bands/`."""

    @extend_schema(
        operation_id="stats_bands",
        summary="三端闭环",
        description="前端排查、中端调处、末端问效各项比率和分子分母。不填起止日期为自始至今。",
        parameters=WINDOW,
        responses={200: BandSerializer(many=True), **refusals(400, 401, 403, 404)},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Answer the three bands."""
        area = counting.area_for(self.actor, request.query_params.get("area", ""))
        window = window_of(request.query_params.get("from", ""), request.query_params.get("to", ""))
        asked = Asked(self.actor, self.now, area, Period("custom", "", window, window, ""), "")
        return Response(
            [
                {"code": band["code"], "title": band["title"], "lines": [_line(line) for line in band["lines"]]}
                for band in bands.bands_of(asked)
            ]
        )


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    above, under = ([part["number"] for part in line["parts"]] or [None, None])[:2]
    value = line["value"]
    return {
        **{name: line[name] for name in ("code", "label", "basis", "source")},
        "value": None if value is None else float(value),
        "numerator": above,
        "denominator": under,
    }


class SettledAtView(StatsCall):
    """`GET stats/settled-at/`."""

    @extend_schema(
        operation_id="stats_settled_at",
        summary="在哪一级化解",
        description=levels.SAYS,
        parameters=WINDOW,
        responses={200: SettledAtSerializer(many=True), **refusals(400, 401, 403, 404)},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Answer the four levels from the grid up."""
        cases, _area, window = self.asked(request)
        return Response(
            [
                {
                    "code": row["code"],
                    "label": row["label"],
                    "count": row["count"],
                    "share": None if row["share"] is None else float(row["share"]),
                }
                for row in levels.settled_at(cases, window, self.now)
            ]
        )


class NetworkView(CaseCall):
    """`GET network/`."""

    @extend_schema(
        operation_id="network",
        summary="解纷网络",
        description="今天的各层和成员，在办和超时只数调用者看得到的事项。维护在网页上，由中心负责人办理。",
        responses={200: NetworkLayerSerializer(many=True), **refusals(401, 403)},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Answer the layers from the top down."""
        area = counting.area_for(self.actor, "")
        held = network.holding(counting.cases_of(self.actor, area, self.now), self.now)
        return Response(
            [
                {
                    "id": layer.row.pk,
                    "name": layer.row.name,
                    "symbol": layer.symbol,
                    "count": len(layer.members),
                    "measure": layer.row.measure,
                    "members": [_member(row, held) for row in layer.members],
                }
                for layer in network.network_on(day_of(self.now))
            ]
        )


def _member(row: NetworkMember, held: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    counts = held.get(row.unit_id, {"open": 0, "overdue": 0}) if row.unit_id else {"open": None, "overdue": None}
    return {
        "id": row.pk,
        "name": row.called,
        "unit": {"code": row.unit.code, "name": row.unit.name} if row.unit else None,
        "area": row.area_code,
        "duty": row.duty,
        "contact_post": row.contact_post,
        "mode": row.mode,
        "since": row.starts_on,
        **counts,
    }
