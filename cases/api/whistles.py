"""吹哨报到 for phones: thin over cases.whistling."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import Actor
from cases.api.door import CaseCall, Sent, refusals, sent
from cases.models import TeamRole, Whistle, WhistleCall
from cases.serializers.whistles import (
    ARRIVE_BODY,
    FINISH_BODY,
    RATE_BODY,
    RECALL_BODY,
    START_BODY,
    WHISTLE_BODY,
    TeamRoleSerializer,
    WhistleSerializer,
)
from cases.whistling import queries, services
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

MOST = 100
WRITE = (400, 401, 403, 404, 409, 415)


def told(whistle: Whistle, actor: Actor) -> dict[str, Any]:
    """Return a whistle as the API answers it (`WhistleSerializer`); its case is not named: who may see it, finds it there."""
    return {
        "id": whistle.pk,
        "number": whistle.number,
        "kind": whistle.kind,
        "scale": whistle.scale,
        "place": whistle.place,
        "what": whistle.what,
        "unit": {"code": whistle.unit.code, "name": whistle.unit.name},
        "called_at": whistle.called_at,
        "arrive_by": whistle.arrive_by,
        "finish_by": whistle.finish_by,
        "tentative": whistle.tentative,
        "calls": [_call(call, queries.sees_rates(actor, whistle, call.unit_id)) for call in whistle.calls.all()],
    }


def _call(call: WhistleCall, sees_rates: bool) -> dict[str, Any]:
    return {
        "id": call.pk,
        "unit": {"code": call.unit.code, "name": call.unit.name},
        "stage": call.stage,
        "arrived_at": call.arrived_at,
        "started_at": call.started_at,
        "finished_at": call.finished_at,
        "result": call.result,
        "street_score": call.street_score if sees_rates else None,
        "unit_score": call.unit_score if sees_rates else None,
        "recalled_at": call.recalled_at,
    }


class WhistlesView(CaseCall):
    """`GET whistles/`, `POST whistles/`."""

    @extend_schema(
        operation_id="whistles",
        summary="吹哨单",
        description="本人看得到的吹哨单，新的在前，最多 100 份。tab：mine 待我处理、late 已超期、open 正在处置、all 全部。",
        parameters=[OpenApiParameter("tab", str, enum=[code for code, _label in queries.TABS])],
        responses={200: WhistleSerializer(many=True), **refusals(401, 403)},
        tags=["whistles"],
    )
    def get(self, request: Request) -> Response:
        """Answer what one sees."""
        if not queries.works_here(self.actor):
            raise NotYou(queries.NOT_HERE)
        rows = queries.of_tab(self.actor, request.query_params.get("tab", "all"), self.now)
        return Response([told(whistle, self.actor) for whistle in queries.whole(rows)[:MOST]])

    @extend_schema(
        operation_id="whistle",
        summary="吹哨",
        description="乡镇、街道的负责人或分流员呼叫部门；带 number 的记入该事项的办理经过。",
        request=WHISTLE_BODY,
        responses={201: WhistleSerializer, 200: WhistleSerializer, **refusals(*WRITE)},
        tags=["whistles"],
    )
    def post(self, request: Request) -> Response:
        """Whistle."""
        body = _known(sent(request), ("kind", "scale", "place", "what", "units", "number"))
        made, fresh = services.whistle(self.actor, body.given, now=self.now, client_id=body.client_id or "")
        return Response(told(queries.find(self.actor, made.pk, self.now), self.actor), status=201 if fresh else 200)


def _known(body: Sent, names: tuple[str, ...]) -> Sent:
    """Refuse what nobody asked for: dropping it silently would lose what somebody typed."""
    if unknown := sorted(set(body.given) - set(names)):
        raise Incomplete({name: ["这一步不需要填写这一项，请去掉后再提交。"] for name in unknown})
    return body


class CallStep(CaseCall):
    """One step of one department's part; answers the whole whistle as it stands."""

    names: tuple[str, ...] = ()

    def take(self, call_id: int, given: dict[str, Any]) -> WhistleCall:
        """Make the step."""
        raise NotImplementedError

    def step(self, request: Request, pk: str) -> Response:
        """Find, make, answer."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise NotYours()
        queries.of_call(self.actor, int(pk), self.now)
        call = self.take(int(pk), _known(sent(request), self.names).given)
        return Response(told(queries.find(self.actor, call.whistle_id, self.now), self.actor))


def _described(name: str, summary: str, body: Any) -> Any:
    return extend_schema(
        operation_id=f"whistle_{name}",
        summary=summary,
        request=body,
        responses={200: WhistleSerializer, **refusals(*WRITE)},
        tags=["whistles"],
    )


class ArriveView(CallStep):
    """`POST whistle-calls/{id}/arrive/`."""

    names = ("who",)

    def take(self, call_id: int, given: dict[str, Any]) -> WhistleCall:
        """The street says they came."""
        return services.arrive(self.actor, call_id, given, now=self.now)

    @_described("arrive", "确认报到（吹哨的街道）", ARRIVE_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Confirm the arrival."""
        return self.step(request, pk)


class StartView(CallStep):
    """`POST whistle-calls/{id}/start/`."""

    def take(self, call_id: int, given: dict[str, Any]) -> WhistleCall:
        """The department is at work."""
        return services.start(self.actor, call_id, now=self.now)

    @_described("start", "开始处置（被呼叫的部门）", START_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Begin."""
        return self.step(request, pk)


class FinishView(CallStep):
    """`POST whistle-calls/{id}/finish/`."""

    names = ("result",)

    def take(self, call_id: int, given: dict[str, Any]) -> WhistleCall:
        """The department says what came of it."""
        return services.finish(self.actor, call_id, given, now=self.now)

    @_described("finish", "办结（被呼叫的部门）", FINISH_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Finish."""
        return self.step(request, pk)


class RateView(CallStep):
    """`POST whistle-calls/{id}/rate/`."""

    names = ("score", "words")

    def take(self, call_id: int, given: dict[str, Any]) -> WhistleCall:
        """One side rates the other."""
        return services.rate(self.actor, call_id, given, now=self.now)

    @_described("rate", "双方互评", RATE_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Rate."""
        return self.step(request, pk)


class RecallView(CallStep):
    """`POST whistle-calls/{id}/recall/`."""

    names = ("reason",)

    def take(self, call_id: int, given: dict[str, Any]) -> WhistleCall:
        """The street takes it back."""
        return services.recall(self.actor, call_id, given, now=self.now)

    @_described("recall", "撤回（吹哨的街道）", RECALL_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Take it back."""
        return self.step(request, pk)


class TeamRolesView(CaseCall):
    """`GET team-roles/`."""

    @extend_schema(
        operation_id="team_roles",
        summary="案组角色",
        description="在用的一案多包角色。",
        responses={200: TeamRoleSerializer(many=True), **refusals(401)},
        tags=["workflow"],
    )
    def get(self, request: Request) -> Response:
        """Answer the roles in use; one query."""
        roles = TeamRole.objects.filter(active=True)
        return Response([{"code": role.code, "name": role.name, "about": role.about} for role in roles])
