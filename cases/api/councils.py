"""民心台账 and 议事 for phones and for everybody: thin over cases.councils."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals, sent
from cases.councils import meetings, queries, wishes
from cases.models import Wish
from cases.serializers.councils import KIND_BODY, WISH_BODY, DecisionCaseSerializer, PublicWishSerializer
from governance_portal.lib.errors import Incomplete, NotYours
from governance_portal.lib.working_days import day_of

MOST = 100


def told(wish: Wish, today: date) -> dict[str, Any]:
    """Return a wish as everybody reads it."""
    return {
        "id": wish.pk,
        "area": wish.area_code,
        "what": wish.what,
        "unit": wish.unit.name,
        "due_on": wish.due_on,
        "state": wish.state,
        "words": queries.state_words(wish, today),
        "ended_on": wish.ended_on,
        "result": wish.result,
    }


class PublicWishesView(CaseCall):
    """`GET public/wishes/?area=`."""

    authentication_classes: Any = []
    permission_classes: Any = [AllowAny]

    @extend_schema(
        operation_id="public_wishes",
        summary="一个社区公示的心愿",
        description="本人和负责人都同意公示的，没有人名；最多 100 件。",
        parameters=[OpenApiParameter("area", str, required=True, description="社区（村）代码，12 位")],
        responses={200: PublicWishSerializer(many=True)},
        tags=["wishes"],
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Answer them; nothing for a code that is none."""
        condition = queries.community_condition(request.query_params.get("area", "")[:20])
        rows = queries.published().filter(condition).order_by("due_on", "id")[:MOST]
        today = day_of(self.now)
        return Response([told(wish, today) for wish in rows])


class WishesView(CaseCall):
    """`POST wishes/`."""

    @extend_schema(
        operation_id="wish",
        summary="记一个心愿",
        request=WISH_BODY,
        responses={201: PublicWishSerializer, 200: PublicWishSerializer, **refusals(400, 401, 403, 415)},
        tags=["wishes"],
    )
    def post(self, request: Request) -> Response:
        """Write it into the ledger."""
        body = sent(request)
        made, fresh = wishes.take_in(self.actor, body.given, now=self.now, client_id=body.client_id or "")
        return Response(told(made, day_of(self.now)), status=201 if fresh else 200)


class DecisionCaseView(CaseCall):
    """`POST decisions/{id}/case/`."""

    @extend_schema(
        operation_id="decision_case",
        summary="会议决定登记为事项",
        description="一条决定只登记一次；再次提交答复原来的受理编号。",
        request=KIND_BODY,
        responses={
            201: DecisionCaseSerializer,
            200: DecisionCaseSerializer,
            **refusals(400, 401, 403, 404, 409, 415),
        },
        tags=["councils"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Register it, once."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise NotYours()
        given = sent(request).given
        if unknown := sorted(set(given) - {"kind"}):
            raise Incomplete({name: ["这一步不需要填写这一项，请去掉后再提交。"] for name in unknown})
        row, fresh = meetings.become_case(self.actor, int(pk), str(given.get("kind", "")), now=self.now)
        number = row.case.number if row.case else ""
        return Response({"id": row.pk, "number": number, "fresh": fresh}, status=201 if fresh else 200)
