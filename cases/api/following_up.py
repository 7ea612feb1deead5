"""The follow-up for phones: the queue of calls, a second redo asked for and decided, the rates; thin over cases.following_up."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.choices import Role
from cases.api.door import CaseCall, refusals
from cases.api.stats import WINDOW, StatsCall
from cases.api.writing import RecordCall, described
from cases.following_up import queries
from cases.following_up.risks import reasons_of
from cases.serializers.following_up import FollowUpRateSerializer, FollowUpSerializer
from cases.statistics import counting
from governance_portal.lib.errors import NotYou

MOST = 100


def _line(row: Any, call: CaseCall) -> dict[str, Any]:
    names = ("must", "share", "settled", "risk", "opened_at", "attempts", "not_before")
    busy = bool(row.claimed_until and row.claimed_until > call.now and row.caller_id != call.actor.user_id)
    told = {name: getattr(row, name) for name in names}
    return {"number": row.case.number, "title": row.case.title, **told, "reasons": reasons_of(row), "busy": busy}


class FollowUpsView(CaseCall):
    """`GET follow-ups/`."""

    @extend_schema(
        operation_id="follow_ups",
        summary="待回访",
        description="本人要回访的事项，按风险和等待时间排序，最多 100 件；本人经办过的不在内。",
        responses={200: FollowUpSerializer(many=True), **refusals(401, 403)},
        tags=["follow-up"],
    )
    def get(self, request: Request) -> Response:
        """Answer the queue."""
        if not self.actor.has(Role.FOLLOW_UP_OFFICER):
            raise NotYou("回访由回访员办理，您没有这个岗位。")
        return Response([_line(row, self) for row in queries.to_call(self.actor, self.now)[:MOST]])


class RedoRequestsView(RecordCall):
    """`POST cases/{number}/redo-requests/`."""

    kind = "ask_redo"

    @described("ask_redo", "申请再次重办")
    def post(self, request: Request, number: str) -> Response:
        """Ask the supervisor for a second redo."""
        return self.answer(self.write(request, number)[1])


class RedoDecisionView(RecordCall):
    """`POST cases/{number}/redo-requests/decision/`."""

    kind = "decide_redo"

    @described("decide_redo", "批复重办申请")
    def post(self, request: Request, number: str) -> Response:
        """Decide it; a refusal is explained in writing."""
        return self.answer(self.write(request, number)[1])


class FollowUpRatesView(StatsCall):
    """`GET stats/follow-up/`."""

    @extend_schema(
        operation_id="stats_follow_up",
        summary="回访各率",
        description="响应率、解决率、满意率、回访率、参评率，按办结时间，带分子和分母。",
        parameters=WINDOW,
        responses={200: FollowUpRateSerializer(many=True), **refusals(400, 401, 403, 404)},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Answer the five rates."""
        cases, _area, window = self.asked(request)
        return Response(counting.follow_up_rates(cases, window, self.now))
