"""督办 for phones: drafts to sign or not to send, proposals from putting forward to their result; thin over cases.supervising."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from cases.api.door import CaseCall, refusals, sent
from cases.models import Case, OrderDraft, Proposal
from cases.serializers import telling
from cases.serializers.shown import OrderSerializer
from cases.serializers.supervising import (
    DECISION_BODY,
    DISCARD_BODY,
    PROPOSE_BODY,
    RESULT_BODY,
    SIGN_BODY,
    OneProposalSerializer,
    OrderDraftSerializer,
    SupervisionProposalSerializer,
)
from cases.supervising import drafting, proposing
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

MOST = 100
WRITE = (400, 401, 403, 404, 409, 415)
ONLY_PROPOSERS = "督办建议由督办员或中心负责人提出。"
NOT_HERE = "督办台由督办员、中心负责人和领导使用。"


def _draft(made: OrderDraft) -> dict[str, Any]:
    return {
        "id": made.pk,
        "case": made.case.number,
        "cause": made.cause,
        "unit": made.unit.code if made.unit else None,
        "unit_name": made.unit.name if made.unit else "",
        "problem": made.problem,
        "demand": made.demand,
        "deadline": made.deadline,
        "made_at": made.made_at,
    }


def _proposal(made: Proposal) -> dict[str, Any]:
    names = ("number", "kind", "addressee", "proposed_at", "approved", "issuer", "issuer_number", "listed_until")
    told = {name: getattr(made, name) for name in (*names, "delisted_on", "result")}
    return {"id": made.pk, **told, "unit": made.unit.code, "unit_name": made.unit.name}


class _Supervision(CaseCall):
    def enter(self) -> None:
        """Only whose desk it is."""
        if not proposing.may_read(self.actor):
            raise NotYou(NOT_HERE)


class OrderDraftsView(_Supervision):
    """`GET order-drafts/`."""

    @extend_schema(
        operation_id="order_drafts",
        summary="等签发的督办函",
        description="本人看得到的事项的督办函草稿，早的在前，最多 100 份。",
        responses={200: OrderDraftSerializer(many=True), **refusals(401, 403)},
        tags=["supervision"],
    )
    def get(self, request: Request) -> Response:
        """Answer what waits."""
        self.enter()
        visible = Case.objects.visible_to(self.actor, self.now)
        return Response([_draft(made) for made in drafting.waiting(visible)[:MOST]])


class _One(CaseCall):
    def given(self, request: Request, names: tuple[str, ...]) -> dict[str, Any]:
        """What was sent; a field that nobody asked for is an error."""
        body = sent(request).given
        if unknown := sorted(set(body) - set(names)):
            raise Incomplete({name: ["这一步不需要填写这一项，请去掉后再提交。"] for name in unknown})
        return body

    def key(self, pk: str) -> int:
        """The id."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise NotYours()
        return int(pk)


class SignatureView(_One):
    """`POST order-drafts/{id}/signature/`."""

    @extend_schema(
        operation_id="order_draft_sign",
        summary="签发督办函",
        request=SIGN_BODY,
        responses={201: OrderSerializer, **refusals(*WRITE)},
        tags=["supervision"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Sign it: it becomes an order."""
        drafting.find(self.actor, self.key(pk), self.now)
        given = self.given(request, ("problem", "demand", "deadline"))
        order = drafting.sign(self.actor, self.key(pk), self.now, given)
        return Response(telling.order(order), status=201)


class DiscardView(_One):
    """`POST order-drafts/{id}/discard/`."""

    @extend_schema(
        operation_id="order_draft_discard",
        summary="不发督办函",
        request=DISCARD_BODY,
        responses={200: OrderDraftSerializer, **refusals(*WRITE)},
        tags=["supervision"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Do not send it."""
        drafting.find(self.actor, self.key(pk), self.now)
        reason = self.given(request, ("reason",)).get("reason", "")
        if not isinstance(reason, str):
            raise Incomplete({"reason": ["不发的理由应为文字。"]})
        return Response(_draft(drafting.discard(self.actor, self.key(pk), self.now, reason)))


class _Proposal(_One):
    def whole(self, made: Proposal) -> dict[str, Any]:
        """One proposal as the API answers it (`OneProposalSerializer`)."""
        visible = Case.objects.visible_to(self.actor, self.now).order_by().values("pk")
        numbers = made.cases.filter(pk__in=visible).order_by("number").values_list("number", flat=True)
        names = ("ground", "advice", "decided_at", "resulted_at")
        return {**_proposal(made), **{name: getattr(made, name) for name in names}, "cases": list(numbers)}

    def logged(self, request: Request, action: str, made: Proposal) -> None:
        """Put on record what was done, as the page does."""
        meta = audit.request_meta(request._request)
        audit.record(self.actor, action, f"proposal:{made.pk}", "", {"number": made.number}, now=self.now, **meta)

    def found(self, pk: str) -> Proposal:
        """The proposal, if this person may read it; NotYours otherwise."""
        return proposing.find(self.actor, self.key(pk))


class ProposalsView(_Supervision, _Proposal):
    """`GET supervision-proposals/`, `POST supervision-proposals/`."""

    @extend_schema(
        operation_id="supervision_proposals",
        summary="约谈、通报、挂牌和建议",
        description="本人辖区的督办建议，新的在前，最多 100 份。",
        responses={200: SupervisionProposalSerializer(many=True), **refusals(401, 403)},
        tags=["supervision"],
    )
    def get(self, request: Request) -> Response:
        """Answer what was proposed."""
        self.enter()
        return Response([_proposal(made) for made in proposing.visible_to(self.actor)[:MOST]])

    @extend_schema(
        operation_id="supervision_propose",
        summary="提出督办建议",
        description="督办员和中心负责人提出；建议文号由系统给出。",
        request=PROPOSE_BODY,
        responses={201: OneProposalSerializer, **refusals(400, 401, 403, 415)},
        tags=["supervision"],
    )
    def post(self, request: Request) -> Response:
        """Put a proposal forward."""
        if not proposing.may_propose(self.actor):
            raise NotYou(ONLY_PROPOSERS)
        given = self.given(request, tuple(need.name for need in proposing.ASKED))
        numbers = given.get("cases") or []
        if not isinstance(numbers, list) or not all(isinstance(number, str) for number in numbers):
            raise Incomplete({"cases": ["应为受理编号的列表。"]})
        made = proposing.propose(self.actor, self.now, {**given, "cases": " ".join(numbers)})
        self.logged(request, "proposal.made", made)
        return Response(self.whole(made), status=201)


class ProposalView(_Proposal):
    """`GET supervision-proposals/{id}/`."""

    @extend_schema(
        operation_id="supervision_proposal",
        summary="一份督办建议",
        responses={200: OneProposalSerializer, **refusals(401, 404)},
        tags=["supervision"],
    )
    def get(self, request: Request, pk: str) -> Response:
        """Answer one."""
        return Response(self.whole(self.found(pk)))


class ProposalDecisionView(_Proposal):
    """`POST supervision-proposals/{id}/decision/`."""

    @extend_schema(
        operation_id="supervision_proposal_decide",
        summary="登记督办建议的决定",
        description="采纳约谈、通报、挂牌的，涉及的每件事项记入作出机关的督办。",
        request=DECISION_BODY,
        responses={200: OneProposalSerializer, **refusals(*WRITE)},
        tags=["supervision"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Keep what was decided."""
        self.found(pk)
        given = self.given(request, tuple(need.name for need in proposing.DECIDED))
        made = proposing.decide(self.actor, self.key(pk), self.now, given)
        self.logged(request, "proposal.decided", made)
        return Response(self.whole(made))


class ProposalResultView(_Proposal):
    """`POST supervision-proposals/{id}/result/`."""

    @extend_schema(
        operation_id="supervision_proposal_result",
        summary="登记督办建议的结果",
        description="挂牌的须写摘牌日期，随之解除所涉事项的督办。",
        request=RESULT_BODY,
        responses={200: OneProposalSerializer, **refusals(*WRITE)},
        tags=["supervision"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Keep the result."""
        self.found(pk)
        given = self.given(request, tuple({need.name: 1 for need in (*proposing.RESULT, *proposing.DELIST)}))
        made = proposing.close(self.actor, self.key(pk), self.now, given)
        self.logged(request, "proposal.closed", made)
        return Response(self.whole(made))
