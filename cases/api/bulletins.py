"""`bulletins/`: 月报、季报、年报, read-only: signed ones of one's areas, drafts of those one writes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.bulletins import access, services
from cases.bulletins.choices import Kind
from cases.bulletins.periods import read_span
from cases.models import Bulletin
from cases.serializers.bulletins import BulletinRowSerializer, BulletinSerializer
from governance_portal.lib.errors import Incomplete, NotYours

MOST = 100


def _row(row: Bulletin) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "period": row.period,
        "label": read_span(row.period).label,
        "area": row.area_code,
        "state": row.state,
        "made_at": row.made_at,
        "signed_at": row.signed_at,
        "number": row.number,
    }


class BulletinsView(CaseCall):
    """`GET bulletins/`."""

    @extend_schema(
        operation_id="bulletins",
        summary="月报、季报、年报",
        description="本人辖区签发了的报告，期末近的在前，最多 100 份；督办员和中心负责人另有草稿。",
        parameters=[OpenApiParameter("kind", str, enum=list(Kind.values), description="种类；不填为全部")],
        responses={200: BulletinRowSerializer(many=True), **refusals(400, 401, 403)},
        tags=["bulletins"],
    )
    def get(self, request: Request) -> Response:
        """Answer the list."""
        found = access.readable(self.actor).defer("document").order_by("-last", "kind", "area_code")
        kind = request.query_params.get("kind", "")
        if kind and kind not in Kind.values:
            raise Incomplete({"kind": ["种类应为 month、quarter 或 year。"]})
        return Response([_row(row) for row in (found.filter(kind=kind) if kind else found)[:MOST]])


class BulletinView(CaseCall):
    """`GET bulletins/{id}/`."""

    @extend_schema(
        operation_id="bulletin",
        summary="一份报告",
        description="签发的全文（段落和表格，数字已定），后附更正。",
        responses={200: BulletinSerializer, **refusals(401, 403, 404)},
        tags=["bulletins"],
    )
    def get(self, request: Request, pk: str) -> Response:
        """Answer one."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
            raise NotYours()
        row = access.find(self.actor, int(pk))
        whole = services.document_of(row).as_json()
        return Response({**whole, **_row(row)})
