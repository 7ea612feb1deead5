"""The one door over the API, and what is recorded without moving."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.audit import request_meta
from cases.api.door import ETAG, IF_MATCH, CaseCall, Sent, if_match, refusals, sent, uid_of
from cases.models import Case, Event
from cases.serializers import telling
from cases.serializers.given import CONTACT_BODY, MOVE_BODY, REASON_BODY, record_body
from cases.serializers.shown import (
    AFTER_WRITE,
    EventSerializer,
    OrderSerializer,
    PartySerializer,
    ReceiptSerializer,
    RequestSerializer,
    UnmaskedSerializer,
)
from cases.services import amend_contact, move, record, unmask
from cases.services.parties import masked
from governance_portal.lib.errors import Incomplete, NotYours
from governance_portal.lib.numbers import query_code

WRITE = (400, 401, 403, 404, 409, 412, 413, 415)


class MovesView(CaseCall):
    """`POST cases/{number}/moves/`."""

    @extend_schema(
        operation_id="cases_move",
        summary="办理一步",
        description="move 及其所需各项见 allowed_moves；办完后不再可见的，只返回 {number, status, version, visible}。",
        parameters=[IF_MATCH, ETAG],
        request=MOVE_BODY,
        responses={200: AFTER_WRITE, **refusals(*WRITE)},
        tags=["cases"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Make one move."""
        case = self.find_to_write(request, number)
        body = sent(request)
        name = body.given.pop("move", "")
        if not isinstance(name, str):
            raise Incomplete({"move": ["请写明要办的步骤。"]})
        moved = move(
            case,
            name,
            actor=self.actor,
            now=self.now,
            version=body.version,
            if_match=if_match(request, case),
            client_id=body.client_id,
            given=body.given,
        )
        return self.as_it_stands(moved)


class RecordCall(CaseCall):
    """Writes one kind of record and answers its line of the history."""

    kind = ""

    def write(
        self,
        request: Request,
        number: str,
        request_id: str | None = None,
        order_id: str | None = None,
        task_id: str | None = None,
    ) -> tuple[Case, Event]:
        """Write what was sent; a request, order or task that the address names must be one of the case (404)."""
        case = self.find_to_write(request, number)
        in_path: dict[str, int] = {}
        if request_id is not None:
            in_path["request"] = _id_among(case.requests, request_id)
        if order_id is not None:
            in_path["order"] = _id_among(case.orders, order_id)
        if task_id is not None:
            in_path["task"] = _id_among(case.tasks, task_id)
        body = sent(request)
        given = self.heard(body)
        event = record(
            case,
            self.kind,
            actor=self.actor,
            now=self.now,
            version=body.version,
            client_id=body.client_id,
            if_match=if_match(request, case),
            given={**given, **in_path},
        )
        return case, event

    def heard(self, body: Sent) -> dict[str, Any]:
        """Return what was sent, in the needs' own names."""
        spoken = {said: name for name, said in telling.SPOKEN.get(self.kind, {}).items()}
        for name in (*spoken.values(), *telling.IN_PATH.get(self.kind, ())):
            if name in body.given:
                raise Incomplete({name: ["这一步不需要填写这一项，请去掉后再提交。"]})
        return {spoken.get(name, name): value for name, value in body.given.items()}

    def answer(self, event: Event) -> Response:
        """Answer 201 with the line."""
        return Response(telling.event(event, ratings=True), status=201)


def _id_among(rows: Any, text: str) -> int:
    """Return the id that an address names, when the case has such a row."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and rows.filter(pk=int(text)).exists()):
        raise NotYours()
    return int(text)


def described(kind: str, summary: str, shape: Any = EventSerializer, **more: Any) -> Any:
    return extend_schema(
        operation_id=f"cases_{kind}",
        summary=summary,
        parameters=[IF_MATCH],
        request=record_body(kind, **more),
        responses={201: shape, **refusals(*WRITE)},
        tags=["cases"],
    )


class NotesView(RecordCall):
    """`POST cases/{number}/notes/`."""

    kind = "note"

    @described("note", "办理进展")
    def post(self, request: Request, number: str) -> Response:
        """Write a note for colleagues, words for the resident, or both."""
        return self.answer(self.write(request, number)[1])


class ContactsView(RecordCall):
    """`POST cases/{number}/contacts/`."""

    kind = "contact"

    @described("contact", "联系当事人")
    def post(self, request: Request, number: str) -> Response:
        """Write how a party was contacted."""
        return self.answer(self.write(request, number)[1])


class AssignmentsView(RecordCall):
    """`POST cases/{number}/assignments/`."""

    kind = "assign"

    @described("assign", "指派承办人", spoken={"handler": "person"})
    def post(self, request: Request, number: str) -> Response:
        """Give the case to a person of the lead unit."""
        return self.answer(self.write(request, number)[1])


class OpinionsView(RecordCall):
    """`POST cases/{number}/opinions/`."""

    kind = "assist"

    @described("assist", "协办意见")
    def post(self, request: Request, number: str) -> Response:
        """Write an assisting unit's opinion."""
        return self.answer(self.write(request, number)[1])


class PerformancesView(RecordCall):
    """`POST cases/{number}/performances/`."""

    kind = "perform"

    @described("perform", "履行登记")
    def post(self, request: Request, number: str) -> Response:
        """Write whether an agreement was kept."""
        return self.answer(self.write(request, number)[1])


class RequestsView(RecordCall):
    """`POST cases/{number}/requests/`."""

    kind = "request"

    @described("request", "申请延期、暂停计时、签发", RequestSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Ask the lead to decide."""
        case, event = self.write(request, number)
        return Response(telling.request(case.requests.get(pk=event.data["request"])), status=201)


class DecisionView(RecordCall):
    """`POST cases/{number}/requests/{id}/decision/`."""

    kind = "decide"

    @described("decide", "批复申请", RequestSerializer, without=("request",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Decide a request."""
        case, event = self.write(request, number, request_id=pk)
        return Response(telling.request(case.requests.get(pk=event.data["request"])), status=201)


class OrdersView(RecordCall):
    """`POST cases/{number}/orders/`."""

    kind = "order"

    @described("order", "督办", OrderSerializer, without=("clock",))
    def post(self, request: Request, number: str) -> Response:
        """Lay an order on the case."""
        return _order(*self.write(request, number))


class ResponseView(RecordCall):
    """`POST cases/{number}/orders/{id}/response/`."""

    kind = "respond"

    @described("respond", "督办回复", OrderSerializer, without=("order",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Answer an order."""
        return _order(*self.write(request, number, order_id=pk))


class RenewalView(RecordCall):
    """`POST cases/{number}/orders/{id}/renewal/`."""

    kind = "renew"

    @described("renew", "再次督办", OrderSerializer, without=("order",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Demand again what was answered insufficiently."""
        return _order(*self.write(request, number, order_id=pk))


class LiftView(RecordCall):
    """`POST cases/{number}/orders/{id}/lift/`."""

    kind = "lift"

    @described("lift", "解除督办", OrderSerializer, without=("order",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Lift an order."""
        return _order(*self.write(request, number, order_id=pk))


def _order(case: Case, event: Event) -> Response:
    found = case.orders.select_related("unit").get(pk=event.data["order"])
    return Response(telling.order(found), status=201)


class QueryCodeView(RecordCall):
    """`POST cases/{number}/query-code/`."""

    kind = "reissue"

    @described("reissue", "补打回执", ReceiptSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Issue a new query code; the one before no longer opens the case."""
        case, _event = self.write(request, number)
        case.refresh_from_db(fields=["query_issue"])
        return Response({"number": case.number, "query_code": query_code(case.number, case.query_issue)}, status=201)


class UnmaskView(CaseCall):
    """`POST cases/{number}/unmask/`."""

    @extend_schema(
        operation_id="cases_unmask",
        summary="查看联系方式",
        description="限须联系当事人的岗位；逐件说明理由，留有记录。",
        request=REASON_BODY,
        responses={200: UnmaskedSerializer, **refusals(400, 401, 403, 404, 413, 415)},
        tags=["cases"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Show contact data, on record."""
        case = self.find(number)
        reason = sent(request).given.get("reason", "")
        shown = unmask(
            case,
            actor=self.actor,
            reason=reason if isinstance(reason, str) else "",
            now=self.now,
            **request_meta(request._request),
        )
        return Response({"parties": shown})


class PartyView(CaseCall):
    """`PATCH cases/{number}/parties/{id}/`."""

    @extend_schema(
        operation_id="cases_amend_contact",
        summary="更正联系方式",
        request=CONTACT_BODY,
        responses={200: PartySerializer, **refusals(400, 401, 403, 404, 413, 415)},
        tags=["cases"],
    )
    def patch(self, request: Request, number: str, uid: str) -> Response:
        """Correct a party's contact data; answers it masked."""
        case = self.find(number)
        given = sent(request).given
        reason = given.pop("reason", "")
        wrong = {name: ["这一项不能更正，请去掉后再提交。"] for name in given if name not in CONTACT_FIELDS}
        wrong |= {name: ["应为文字。"] for name, value in given.items() if not isinstance(value, str)}
        if wrong:
            raise Incomplete(wrong)
        party = amend_contact(
            case,
            str(uid_of(uid)),
            given,
            actor=self.actor,
            reason=reason if isinstance(reason, str) else "",
            now=self.now,
        )
        return Response(masked(party))


CONTACT_FIELDS = ("name", "phone", "id_number", "address")
