"""Lists and registration, one case, its history."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases import dossier
from cases.api.door import ETAG, IF_MATCH, CaseCall, if_match, refusals, sent, tagged
from cases.api.listing import lines
from cases.api.paging import PAGING, CaseCursor, EventCursor
from cases.filters import CaseFilter
from cases.models import Case, Event
from cases.policies import calendar
from cases.serializers import telling
from cases.serializers.given import INTAKE_BODY, record_body
from cases.serializers.shown import (
    AFTER_WRITE,
    CountSerializer,
    DetailSerializer,
    EventSerializer,
    RegisteredSerializer,
    RowSerializer,
)
from cases.services import record, register
from cases.services.door import posts_of
from cases.worklist.tallying import kept_count, may_be_kept

LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, description="事项的地址", response=[200, 201])


class CaseLists(CaseCall, GenericAPIView[Case]):
    """What list and count share: my scope, narrowed."""

    queryset = Case.objects.none()
    filterset_class = CaseFilter
    pagination_class: Any = CaseCursor
    serializer_class = RowSerializer

    def narrowed(self) -> Any:
        """Return my cases as the filters leave them, unordered."""
        return self.filter_queryset(Case.objects.visible_to(self.actor, self.now).order_by())


class CasesView(CaseLists):
    """`GET cases/`, `POST cases/`."""

    @extend_schema(
        operation_id="cases_list",
        summary="事项列表",
        description="本人岗位范围内的事项；按登记时间倒序，用 cursor 翻页。",
        responses={200: RowSerializer(many=True), **refusals(400, 401)},
        tags=["cases"],
    )
    def get(self, request: Request) -> Response:
        """Answer one page; the same number of queries for any number of rows."""
        pages = CaseCursor()
        reading = pages.read(request)
        asked = sorted((name, tuple(values)) for name, values in request.query_params.lists())
        filters = tuple((name, values) for name, values in asked if name not in PAGING)
        found = lines(self.actor, self.now, filters, reading, self.narrowed)
        return pages.get_paginated_response(telling.lines(pages.cut(reading, found), self.now))

    @extend_schema(
        operation_id="cases_create",
        summary="登记",
        description="同一 client_id 再次提交同样的内容返回 200 和第一次的结果；内容不同则 409。",
        request=INTAKE_BODY,
        filters=False,
        parameters=[ETAG, LOCATION],
        responses={201: RegisteredSerializer, 200: RegisteredSerializer, **refusals(400, 401, 403, 409, 413, 415)},
        tags=["cases"],
    )
    def post(self, request: Request) -> Response:
        """Register a matter."""
        body = sent(request)
        given = body.given if body.version is None else {**body.given, "version": body.version}
        made = register(self.actor, given, now=self.now, client_id=body.client_id)
        case = made.case if made.fresh else dossier.as_registered(made.case, calendar())
        told = telling.standing_case(dossier.brief(dossier.fresh(case), self.actor, self.now), self.now)
        response = Response({"query_code": made.query_code, **told}, status=201 if made.fresh else 200)
        response["Location"] = request.build_absolute_uri(f"/api/v1/cases/{case.number}/")
        return tagged(response, case.version)


class CountView(CaseLists):
    """`GET cases/count/`."""

    pagination_class = None

    @extend_schema(
        operation_id="cases_count",
        summary="事项数量",
        description="筛选条件与列表相同；精确数量。",
        filters=True,
        responses={200: CountSerializer, **refusals(400, 401)},
        tags=["cases"],
    )
    def get(self, request: Request) -> Response:
        """Answer how many: by the kept counts where the filters allow, else by counting every one."""
        cases = self.narrowed()
        kept = self._kept(request)
        return Response({"count": cases.count() if kept is None else kept})

    def _kept(self, request: Request) -> int | None:
        """What the kept counts say; the filters have been read and are well formed."""
        asked = {
            name: values for name, values in request.query_params.lists() if any(value.strip() for value in values)
        }
        filters = {name: values for name, values in asked.items() if name in CaseFilter.base_filters}
        if not may_be_kept(filters):
            return None
        read = CaseFilter(request.query_params, queryset=self.queryset, request=request)
        return kept_count(self.actor, self.now, filters, read.window) if read.is_valid() else None


class CaseView(CaseCall):
    """`GET cases/{number}/`, `PATCH cases/{number}/`."""

    @extend_schema(
        operation_id="cases_retrieve",
        summary="一件事项",
        description="联系方式已脱敏；ETag 为版本。allowed_moves 为现在可办的步骤，allowed_records 为可写的记录。",
        parameters=[ETAG],
        responses={200: DetailSerializer, **refusals(401, 404)},
        tags=["cases"],
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer the whole file."""
        case = self.find(number)
        told = telling.detail(dossier.whole(case, self.actor, self.now), self.now)
        return tagged(Response(told), case.version)

    @extend_schema(
        operation_id="cases_amend",
        summary="更正",
        description="类别、等级、地点、标题；须写明理由，更正前后都留在办理记录中。",
        parameters=[IF_MATCH, ETAG],
        request=record_body("amend"),
        responses={200: AFTER_WRITE, **refusals(400, 401, 403, 404, 409, 412, 413, 415)},
        tags=["cases"],
    )
    def patch(self, request: Request, number: str) -> Response:
        """Correct what was taken down wrongly, with a reason."""
        case = self.find(number)
        body = sent(request)
        record(
            case,
            "amend",
            actor=self.actor,
            now=self.now,
            version=body.version,
            client_id=body.client_id,
            if_match=if_match(request, case),
            given=body.given,
        )
        return self.as_it_stands(case)


class EventsView(CaseCall, GenericAPIView[Event]):
    """`GET cases/{number}/events/`."""

    queryset = Event.objects.none()
    filter_backends: Any = []
    pagination_class = EventCursor
    serializer_class = EventSerializer

    @extend_schema(
        operation_id="cases_events",
        summary="办理记录",
        description="从早到晚；分页。居民的评价不向承办单位逐件显示。",
        responses={200: EventSerializer(many=True), **refusals(400, 401, 404)},
        tags=["cases"],
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer one page of the history."""
        case = dossier.is_visible(self.actor, number, self.now)
        ratings = dossier.may_read_rating(frozenset(posts_of(case, self.actor, self.now)))
        page = self.paginate_queryset(case.events.all()) or []
        return self.get_paginated_response([telling.event(found, ratings=ratings) for found in page])
