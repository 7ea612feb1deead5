"""隐患 for phones: a hazard's file and lists, what is to be looked at again; thin over cases.hazards and the door."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases import dossier
from cases.api.door import CaseCall, refusals, sent
from cases.api.writing import RecordCall, described
from cases.hazards import again, queries
from cases.models import Case, HazardFile, LookBack
from cases.serializers.hazards import LOOK_BODY, HazardSerializer, ReinspectionSerializer
from governance_portal.lib.errors import NotYours

MOST = 200
FILE = ("hazard_class", "detail", "person", "term", "plan", "measure")
ITEM = ("problem", "basis", "person", "measure", "due_on", "result", "done_at")


def _unit(row: Any) -> dict[str, str]:
    return {"code": row.unit.code, "name": row.unit.name}


def told(case: Case) -> dict[str, Any]:
    """Return a hazard as the API answers it (`HazardSerializer`)."""
    file = HazardFile.objects.select_related("unit").filter(case=case).first()
    items = queries.items_of(case)
    return {
        "number": case.number,
        "file": {**{name: getattr(file, name) for name in FILE}, "unit": _unit(file)} if file else None,
        "items": [
            {"item": row.position, **{name: getattr(row, name) for name in ITEM}, "unit": _unit(row)} for row in items
        ],
    }


class HazardView(RecordCall):
    """`GET`, `POST cases/{number}/hazard/`."""

    kind = "hazard"

    @extend_schema(
        operation_id="cases_hazard_read",
        summary="隐患档案和清单",
        responses={200: HazardSerializer, **refusals(401, 404)},
        tags=["hazards"],
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer the file and its lines; 404 for what is no hazard."""
        case = dossier.is_visible(self.actor, number, self.now)
        if case.finder_id is None:
            raise NotYours()
        return Response(told(case))

    @described("hazard", "隐患档案")
    def post(self, request: Request, number: str) -> Response:
        """Open or change the file."""
        return self.answer(self.write(request, number)[1])


class HazardItemsView(RecordCall):
    """`POST cases/{number}/hazard/items/`."""

    kind = "hazard_item"

    @described("hazard_item", "列入清单")
    def post(self, request: Request, number: str) -> Response:
        """Enter a line."""
        return self.answer(self.write(request, number)[1])


class HazardResultsView(RecordCall):
    """`POST cases/{number}/hazard/results/`."""

    kind = "hazard_done"

    @described("hazard_done", "整改结果")
    def post(self, request: Request, number: str) -> Response:
        """Write what came of a line."""
        return self.answer(self.write(request, number)[1])


class HazardRemovalsView(RecordCall):
    """`POST cases/{number}/hazard/removals/`."""

    kind = "hazard_drop"

    @described("hazard_drop", "移出清单")
    def post(self, request: Request, number: str) -> Response:
        """Take a line off."""
        return self.answer(self.write(request, number)[1])


def look_told(row: LookBack) -> dict[str, Any]:
    """Return one look as the API answers it (`ReinspectionSerializer`)."""
    case = row.case
    shown = {"number": case.number, "title": case.title, "address": queries.place_of(case)}
    return {"id": row.pk, **shown, "days": row.days, "due_on": row.due_on, "result": row.result}


class ReinspectionsView(CaseCall):
    """`GET re-inspections/`."""

    @extend_schema(
        operation_id="re_inspections",
        summary="要回头看的隐患",
        description="已销号、今天或以前到期、本人可以去看的，早到期的在前，最多 200 处；本人经办整改的不在内。",
        responses={200: ReinspectionSerializer(many=True), **refusals(401)},
        tags=["hazards"],
    )
    def get(self, request: Request) -> Response:
        """Answer what is due."""
        rows = queries.re_inspections_for(self.actor, queries.today_of(self.now), self.now)
        return Response([look_told(row) for row in rows[:MOST]])


class ReinspectionView(CaseCall):
    """`POST re-inspections/{id}/`."""

    @extend_schema(
        operation_id="re_inspection",
        summary="登记回头看",
        request=LOOK_BODY,
        responses={200: ReinspectionSerializer, **refusals(400, 401, 404, 409, 415)},
        tags=["hazards"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Write how it stands now."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise NotYours()
        return Response(look_told(again.look_again(int(pk), sent(request).given, actor=self.actor, now=self.now)))
