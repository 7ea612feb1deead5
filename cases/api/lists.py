"""The table and the lists a client draws its forms from."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases import choices as c
from cases import dossier
from cases.api.door import CaseCall, refusals
from cases.intake import INTAKE
from cases.models import Category
from cases.needs import Need
from cases.queries import PUBLIC_LABELS
from cases.serializers.given import merged
from cases.serializers.shown import CategorySerializer, PersonSerializer, WorkflowSerializer
from cases.services.people import officers_of
from cases.standing import STANDING_LABELS
from cases.workflow import MOVES, RECORDS, Action

CODES: dict[str, Any] = {
    "kind": c.Kind,
    "procedure": c.Procedure,
    "level": c.Level,
    "channel": c.Channel,
    "nature": c.Nature,
    "status": c.Status,
    "stage": c.Stage,
    "outcome": c.Outcome,
    "mode": c.Mode,
    "clock": c.Clock,
    "decline_reason": c.DeclineReason,
    "return_reason": c.ReturnReason,
    "suspend_reason": c.SuspendReason,
    "terminate_reason": c.TerminateReason,
    "receiver": c.Receiver,
    "uncalled_ground": c.UncalledGround,
    "contact_way": c.ContactWay,
    "order_kind": c.OrderKind,
    "request_kind": c.RequestKind,
    "party_side": c.PartySide,
    "party_role": c.PartyRole,
    "category_tree": c.CategoryTree,
}
DATUMS = [{"value": "wgs84", "label": "WGS-84"}, {"value": "gcj02", "label": "GCJ-02"}]
PERSON_FIELDS = [
    {"name": "name", "label": "姓名", "type": "text", "required": False},
    {"name": "phone", "label": "电话", "type": "text", "required": False},
    {"name": "id_number", "label": "证件号", "type": "text", "required": False},
    {"name": "address", "label": "住址", "type": "text", "required": False},
]
PLACE_FIELDS = [
    {"name": "address", "label": "地址", "type": "text", "required": False},
    {"name": "lng", "label": "经度", "type": "number", "required": False},
    {"name": "lat", "label": "纬度", "type": "number", "required": False},
    {"name": "datum", "label": "坐标系", "type": "choice", "required": False, "choices": DATUMS},
    {"name": "area", "label": "街道、社区", "type": "choice", "required": False, "choices_url": "/api/v1/areas/"},
    {"name": "grid", "label": "网格", "type": "choice", "required": False, "choices_url": "/api/v1/grids/"},
]


def _rows(choices: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in choices.choices]


def _need(need: Need) -> dict[str, Any]:
    row = need.as_dict()
    if need.name == "place":
        row["fields"] = PLACE_FIELDS
    elif need.type == "items":
        role = {"name": "role", "label": "身份", "type": "choice", "required": False, "choices": _rows(c.PartyRole)}
        row["fields"] = [*PERSON_FIELDS, role]
    return row


def _action(action: Action) -> dict[str, Any]:
    return {
        "name": action.name,
        "label": action.label,
        "from": [str(status.value) for status in action.sources],
        "to": [str(status.value) for status in action.targets],
        "roles": [str(who.value) for who in action.who],
        "needs": [need.as_dict() for need in merged(action.needs)],
    }


def _status(status: c.Status) -> dict[str, Any]:
    words = PUBLIC_LABELS.get(status, "已办结")
    return {
        "code": status.value,
        "label": str(status.label),
        "stage": str(c.STAGE_OF[status].value),
        "public_label": words.format(unit="××", master="…"),
        "open": status in c.OPEN,
    }


@cache
def workflow() -> dict[str, Any]:
    """Return the whole table in data (`WorkflowSerializer`); it changes with the program only."""
    roles = [{"value": who.value, "label": label} for who, label in STANDING_LABELS.items()]
    return {
        "stages": _rows(c.Stage),
        "statuses": [_status(status) for status in c.Status],
        "moves": [_action(move) for move in MOVES],
        "records": [_action(record) for record in RECORDS],
        "intake": {"needs": [_need(need) for need in INTAKE]},
        "codes": {**{name: _rows(choices) for name, choices in CODES.items()}, "role": roles},
    }


class WorkflowView(CaseCall):
    """`GET workflow/`."""

    @extend_schema(
        operation_id="workflow",
        summary="流程表",
        description="阶段、状态、步骤、登记项和各代码表；客户端据此画出任何表单。",
        responses={200: WorkflowSerializer, **refusals(401)},
        tags=["workflow"],
    )
    def get(self, request: Request) -> Response:
        """Answer the table."""
        return Response(workflow())


class CategoriesView(CaseCall):
    """`GET categories/`."""

    @extend_schema(
        operation_id="categories",
        summary="类别",
        description="在用的类别，按代码排序。",
        parameters=[
            OpenApiParameter("kind", str, enum=c.Kind.values, description="适用的事项大类"),
            OpenApiParameter("tree", str, enum=c.CategoryTree.values, description="所属分类"),
            OpenApiParameter("q", str, description="名称中的字、代码或拼音首字母"),
        ],
        responses={200: CategorySerializer(many=True), **refusals(401)},
        tags=["workflow"],
    )
    def get(self, request: Request) -> Response:
        """Answer all that fit; one query."""
        found = Category.objects.filter(active=True).select_related("parent").order_by("code")
        asked = request.query_params
        if tree := asked.get("tree"):
            found = found.filter(tree=tree.replace("\x00", ""))
        if text := asked.get("q", "").strip().replace("\x00", ""):
            found = found.filter(
                Q(name__contains=text) | Q(pinyin__startswith=text.lower()) | Q(code__istartswith=text)
            )
        kind = asked.get("kind")
        return Response([_category(row) for row in found if not kind or not row.kinds or kind in row.kinds.split()])


def _category(row: Category) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "parent": row.parent.code if row.parent else None,
        "tree": row.tree,
        "kinds": row.kinds.split(),
        "mediable": row.mediable,
    }


class PeopleView(CaseCall):
    """`GET cases/{number}/people/`."""

    @extend_schema(
        operation_id="cases_people",
        summary="可指派的承办人",
        description="主办单位在岗的承办人员；尚无主办单位时为空。",
        responses={200: PersonSerializer(many=True), **refusals(401, 404)},
        tags=["cases"],
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer who can take the case in its lead unit."""
        case = dossier.is_visible(self.actor, number, self.now)
        people = officers_of(case.lead_unit_id, self.now) if case.lead_unit_id else []
        return Response([{"username": person.username, "name": person.name} for person in people])
