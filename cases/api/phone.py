"""What the grid worker's phone sends: a photo, a report with what follows at once. Both may come twice, or after a kill."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases import queries
from cases.api.door import CaseCall, refusals, sent
from cases.api.files import file_of
from cases.choices import Level, Status
from cases.phone import reporting
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import PublicFileSerializer
from governance_portal.lib.errors import Incomplete

NO_KEY = "请带上提交号，以免重复。"
KEY = {**CLIENT_ID, "minLength": 1}
_PHOTOS = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": reporting.MOST_PHOTOS}
_TEXT = {"type": "string"}
PHOTO_BODY = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file", "client_id"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "client_id": KEY,
            "after": {"type": "boolean", "description": "整改后的照片"},
        },
    }
}
REPORT_BODY = {
    "application/json": {
        "type": "object",
        "required": ["client_id", "category", "description"],
        "properties": {
            "client_id": KEY,
            "category": {**_TEXT, "description": "类别代码；事项大类由它定"},
            "description": {**_TEXT, "maxLength": 5000},
            "place": {
                "type": "object",
                "properties": {
                    **{name: _TEXT for name in ("address", "datum", "area", "grid")},
                    "lng": {"type": "number"},
                    "lat": {"type": "number"},
                },
            },
            "level": {**_TEXT, "enum": list(Level.values)},
            "reporters": {
                "type": "array",
                "items": {"type": "object", "properties": {name: _TEXT for name in reporting.PERSON_FIELDS}},
            },
            "way": {**_TEXT, "enum": [reporting.REPORT, reporting.SETTLE], "description": "上报或自办自结"},
            "result": {**_TEXT, "maxLength": 5000},
            "photos": _PHOTOS,
            "photos_after": _PHOTOS,
        },
        "additionalProperties": False,
    }
}


class FiledSerializer(serializers.Serializer[Any]):
    """What a phone's report gets back."""

    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    status_text = serializers.CharField()
    title = serializers.CharField()
    grid = serializers.CharField()
    photos = serializers.IntegerField()


def _key(client_id: str | None) -> str:
    if not client_id:
        raise Incomplete({"client_id": [NO_KEY]})
    return client_id


class PhonePhotosView(CaseCall):
    """`POST phone/photos/`."""

    parser_classes: Any = [MultiPartParser]

    @extend_schema(
        operation_id="phone_photo",
        summary="手机上报的照片",
        description="先传照片，再在上报里写明编号；同一提交号、同一内容只留一份。",
        request=PHOTO_BODY,
        responses={201: PublicFileSerializer, **refusals(400, 401, 403, 413, 415)},
        tags=["phone"],
    )
    def post(self, request: Request) -> Response:
        """Keep one photo until its report comes."""
        reporting.refuse_others(self.actor)
        body = sent(request)
        kept = reporting.keep_photo(
            self.actor,
            file_of(request),
            after=body.given.get("after") in ("true", "1", True),
            now=self.now,
            client_id=_key(body.client_id),
        )
        return Response({"id": str(kept.uid), "name": kept.name, "mime": kept.mime, "size": kept.size}, status=201)


class PhoneReportsView(CaseCall):
    """`POST phone/reports/`."""

    @extend_schema(
        operation_id="phone_report",
        summary="手机上报",
        description="登记并随即受理或者自办自结，要么都成，要么都不成。同一提交号重复提交返回第一次的结果。",
        request=REPORT_BODY,
        responses={201: FiledSerializer, 200: FiledSerializer, **refusals(400, 401, 403, 409, 413, 415)},
        tags=["phone"],
    )
    def post(self, request: Request) -> Response:
        """File a report."""
        reporting.refuse_others(self.actor)
        body = sent(request)
        given = body.given if body.version is None else {**body.given, "version": body.version}
        filed = reporting.file(self.actor, given, now=self.now, client_id=_key(body.client_id))
        case = filed.case
        told = {
            "number": case.number,
            "status": case.status,
            "status_text": queries.public_status(case),
            "title": case.title,
            "grid": case.grid_code,
            "photos": filed.photos,
        }
        return Response(told, status=201 if filed.fresh else 200)
