"""The table of limits, for who keeps it."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.limits import versions
from cases.limits.importing import check_keeper
from cases.serializers.limits import LimitSerializer, limit


class LimitsView(CaseCall):
    """`GET limits/`."""

    @extend_schema(
        operation_id="limits",
        summary="时限规定",
        description="现行的时限规定，按时限分组，通用的在前；中心负责人和系统管理员可读。",
        responses={200: LimitSerializer(many=True), **refusals(401, 403)},
        tags=["workflow"],
    )
    def get(self, request: Request) -> Response:
        """Answer every line once; one query."""
        check_keeper(self.actor)
        return Response([limit(line) for _label, lines in versions.table(timezone.now()) for line in lines])
