"""探访 for phones: what is due, and a visit written down, also long after it was made and sent twice. Thin over cases.caring."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals, sent, uid_of
from cases.caring import queries, visiting
from cases.caring.helping import opening_posts
from cases.serializers.caring import VISIT_BODY, VisitDueSerializer, VisitedSerializer
from governance_portal.lib.working_days import day_of


class VisitsDueView(CaseCall):
    """`GET visits/`."""

    @extend_schema(
        operation_id="visits_due",
        summary="今天要探访的",
        description="到期和今天到期的探访，姓名遮盖，最多 50 位；没有探访岗位的为空。",
        responses={200: VisitDueSerializer(many=True), **refusals(401)},
        tags=["visits"],
    )
    def get(self, request: Request) -> Response:
        """Answer what is due."""
        return Response(queries.visits_due_for(self.actor, day_of(self.now)))


class VisitView(CaseCall):
    """`POST visits/{id}/`: id is the plan's, as `GET visits/` gives it."""

    @extend_schema(
        operation_id="visit",
        summary="登记探访",
        description="同一提交号重复提交只算一次，答复相同。then：help 接着开帮扶转介（另填同意），case 登记为事项，none 当面已经解决。",
        request=VISIT_BODY,
        responses={
            201: VisitedSerializer,
            200: VisitedSerializer,
            **refusals(400, 401, 403, 404, 409, 415),
        },
        tags=["visits"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Write it down."""
        body, plan = sent(request), uid_of(pk)
        made = visiting.visit(self.actor, str(plan), body.given, now=self.now, client_id=body.client_id or "")
        visit = made.visit
        told = {
            "id": visit.uid,
            "plan": plan,
            "day": visit.day,
            "role": visit.role,
            "found": visit.found,
            "case_number": made.case_number,
            "next_url": f"{reverse('help:new')}?visit={visit.uid}"
            if made.then == "help" and opening_posts(self.actor)
            else "",
        }
        return Response(told, status=201 if made.fresh else 200)
