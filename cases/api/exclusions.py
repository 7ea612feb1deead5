"""申诉剔除 for phones: thin over cases.ranking."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals, sent
from cases.models import RankingExclusion
from cases.ranking import access, listing, services
from cases.ranking.choices import Ranked
from cases.serializers.exclusions import ASK_BODY, DECIDE_BODY, REVOKE_BODY, ExclusionSerializer
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

MOST = 100
WRITE = (400, 401, 403, 404, 409, 415)


class ExclusionCall(CaseCall):
    """What the calls about requests share."""

    def told(self, row: RankingExclusion, decidable: frozenset[int]) -> dict[str, Any]:
        """Return a request as the API answers it (`ExclusionSerializer`)."""
        return {
            "id": row.pk,
            "number": row.case.number,
            "unit": {"code": row.unit.code, "name": row.unit.name},
            "figure": row.figure,
            "ground": row.ground,
            "words": row.words,
            "attempt": row.attempt,
            "stage": row.stage,
            "may_decide": row.pk in decidable,
            "steps": [
                {"kind": step.kind, "at": step.at, "by": step.by.name, "words": step.words} for step in row.steps.all()
            ],
        }

    def answered(self, pk: int, status: int = 200) -> Response:
        """Answer a request as it stands."""
        row = access.find(self.actor, pk, self.now)
        return Response(self.told(row, access.decidable(self.actor, [row], self.now)), status=status)

    def given(self, request: Request, *names: str) -> dict[str, Any]:
        """Return what was sent; Incomplete for what nobody asked for: dropping it would lose what somebody typed."""
        body = sent(request).given
        if unknown := sorted(set(body) - set(names)):
            raise Incomplete({name: ["这一步不需要填写这一项，请去掉后再提交。"] for name in unknown})
        return body

    def pk_of(self, text: str) -> int:
        """Return the id in an address; NotYours for none, and for a request that is not this person's to read."""
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise NotYours()
        return access.find(self.actor, int(text), self.now).pk


class ExclusionsView(ExclusionCall):
    """`GET exclusions/`."""

    @extend_schema(
        operation_id="exclusions",
        summary="剔除申请",
        description="本人看得到的剔除申请，新的在前，最多 100 份。给了 figure 和起止日期的，为单位表在这些天里剔除的那几件。",
        parameters=[
            OpenApiParameter("tab", str, enum=[code for code, _label in listing.TABS], description="不填为待决定"),
            OpenApiParameter("unit", str, description="单位代码"),
            OpenApiParameter("area", str, description="区划或网格代码"),
            OpenApiParameter("figure", str, enum=list(Ranked.values)),
            OpenApiParameter("from", OpenApiTypes.DATE),
            OpenApiParameter("to", OpenApiTypes.DATE),
        ],
        responses={200: ExclusionSerializer(many=True), **refusals(400, 401, 403)},
        tags=["exclusions"],
    )
    def get(self, request: Request) -> Response:
        """Answer what one reads."""
        if not access.may_enter(self.actor):
            raise NotYou(access.NOT_HERE)
        asked = listing.asked_of(request.query_params.dict())
        rows = listing.rows_of(self.actor, asked, self.now).select_related("case", "unit")
        found = list(rows.prefetch_related("steps__by")[:MOST])
        decidable = access.decidable(self.actor, found, self.now)
        return Response([self.told(row, decidable) for row in found])


class AskExclusionView(ExclusionCall):
    """`POST cases/{number}/exclusions/`."""

    @extend_schema(
        operation_id="exclusion_ask",
        summary="申请剔除",
        description="主办单位申请把这件事项不计入本单位的按期办结率（已计为逾期的）或满意率（已办结的，不论评价）。",
        request=ASK_BODY,
        responses={201: ExclusionSerializer, 200: ExclusionSerializer, **refusals(*WRITE)},
        tags=["exclusions"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask; the same words sent again are the same request (200)."""
        self.find(number)
        given = self.given(request, "figure", "ground", "words")
        made, fresh = services.ask(self.actor, number, given, now=self.now)
        return self.answered(made.pk, 201 if fresh else 200)


class DecideExclusionView(ExclusionCall):
    """`POST exclusions/{id}/decision/`."""

    @extend_schema(
        operation_id="exclusion_decide",
        summary="决定剔除申请",
        description="没有经办、没有审核过这件事项的区级督办员或中心负责人决定；中心主办的由区领导决定。",
        request=DECIDE_BODY,
        responses={200: ExclusionSerializer, **refusals(*WRITE)},
        tags=["exclusions"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Grant or refuse."""
        found = self.pk_of(pk)
        services.decide(self.actor, found, self.given(request, "granted", "answer"), now=self.now)
        return self.answered(found)


class RevokeExclusionView(ExclusionCall):
    """`POST exclusions/{id}/revocation/`."""

    @extend_schema(
        operation_id="exclusion_revoke",
        summary="恢复计入",
        description="已剔除的事项恢复计入，写明理由。",
        request=REVOKE_BODY,
        responses={200: ExclusionSerializer, **refusals(*WRITE)},
        tags=["exclusions"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Count it again."""
        found = self.pk_of(pk)
        services.take_back(self.actor, found, self.given(request, "why"), now=self.now)
        return self.answered(found)
