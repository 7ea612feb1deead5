"""网格考核 for phones: read-only, one's own grids; nothing is decided here (国办函〔2026〕12号)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.assessing import access, cards
from cases.assessing.choices import Stage
from cases.models import GridAssessment
from cases.serializers.assessing import OwnAssessmentSerializer
from governance_portal.lib.errors import NotYou


def _shown(one: GridAssessment) -> dict[str, Any]:
    decided = one.round.stage in (Stage.DECIDED, Stage.ARCHIVED)
    grade = getattr(one, "grade", None) if decided else None
    return {
        "grid": one.grid_code,
        "grid_name": one.grid_name,
        "quarter": one.round.quarter,
        "stage": one.round.stage,
        "total": one.total,
        "sentence": one.sentence,
        "grade": grade.grade if grade else "",
        "words": grade.words if grade else "",
        "appeal_until": one.round.appeal_until,
    }


def _running(row: dict[str, Any]) -> dict[str, Any]:
    figures = [
        {"indicator": one["looked"].code, "weight": one["weight"], "sentence": one["sentence"]}
        for one in row["figures"]
    ]
    return {
        "grid": row["grid"].code,
        "grid_name": row["grid"].name,
        "quarter": row["quarter"].code,
        "figures": figures,
    }


class OwnAssessmentView(CaseCall):
    """`GET assessments/mine/`."""

    @extend_schema(
        operation_id="own_assessment",
        summary="本网格考核",
        description="本人服务的网格：本季度到今天的算式，公示和评定过的各季度。只读；只有本人的网格。",
        responses={200: OwnAssessmentSerializer, **refusals(401, 403)},
        tags=["assessments"],
    )
    def get(self, request: Request) -> Response:
        """Answer one's own."""
        duties = cards.duties_of(self.actor)
        if not duties and not access.works_in_grids(self.actor):
            raise NotYou("这里是网格上的人员看本网格考核的地方；您没有服务过的网格。")
        running = [_running(row) for row in cards.running(self.actor, self.now, duties)]
        return Response({"running": running, "rounds": [_shown(one) for one in cards.own_rounds(duties)]})
