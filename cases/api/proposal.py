"""What the dispatch catalogue (派单目录) says of a case."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import dossier
from cases.api.door import CaseCall, refusals
from cases.dispatching.proposing import Proposal, propose
from cases.serializers.shown import Shape

NOTHING = Proposal(None, "派单目录里没有适用于本件的行，请按职责选择单位。", "", None)


class UnitNameSerializer(Shape):
    """A unit by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class ProposalSerializer(Shape):
    """A proposed lead unit, why, and by which document."""

    unit = UnitNameSerializer(allow_null=True)
    reason = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    date = serializers.DateField(allow_null=True, help_text="这一行的生效日")
    passed_over = serializers.CharField(help_text="更合适但现在不能办的单位，一句话；没有则为空")


class ProposalView(CaseCall):
    """`GET cases/{number}/proposal/`."""

    @extend_schema(
        operation_id="cases_proposal",
        summary="派单建议",
        description="派单目录对本件的建议：主办单位、理由、依据。只是建议，不限制分流。",
        responses={200: ProposalSerializer, **refusals(401, 404)},
        tags=["cases"],
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer the proposal; without one a reason why."""
        case = dossier.is_visible(self.actor, number, self.now)
        found = propose(case, self.now) or NOTHING
        unit: dict[str, Any] | None = {"code": found.unit.code, "name": found.unit.name} if found.unit else None
        told = {"reason": found.reason, "source": found.source, "date": found.date, "passed_over": found.passed_over}
        return Response({"unit": unit, **told})
