"""Files of a case: sent one at a time, given out only to who may see the case."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases import dossier
from cases.api.door import CaseCall, refusals, sent, uid_of
from cases.needs import Need
from cases.serializers import telling
from cases.serializers.given import FILE_BODY
from cases.serializers.shown import AttachmentSerializer
from cases.services.attachments import open_file, shown_to, store
from governance_portal.lib.errors import Incomplete, NotYours

PUBLIC = Need("public", "居民可见", "boolean", required=False)
PURPOSE = Need("purpose", "用途", "text", required=False, maximum=40)
FIELDS = {"file", "purpose", "public"}


def file_of(request: Request) -> UploadedFile:
    """Return the one file that was sent; Incomplete without it."""
    found = request.FILES.get("file")
    if not isinstance(found, UploadedFile):
        raise Incomplete({"file": ["请选择要上传的文件。"]})
    return found


def cleaned(need: Need, given: Any) -> Any:
    """Return one field in its type, None when it was left empty; Incomplete with its sentence."""
    if given in (None, ""):
        return None
    try:
        return need.clean(given)
    except ValueError as refusal:
        raise Incomplete({need.name: [str(refusal)]}) from refusal


class AttachmentsView(CaseCall):
    """`GET`, `POST cases/{number}/attachments/`."""

    parser_classes: Any = [MultiPartParser]

    @extend_schema(
        operation_id="cases_attachments",
        summary="附件列表",
        responses={200: AttachmentSerializer(many=True), **refusals(401, 404)},
        tags=["cases"],
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer all files of the case."""
        case = dossier.is_visible(self.actor, number, self.now)
        return Response([telling.attachment(found, case) for found in shown_to(case, self.actor, self.now)])

    @extend_schema(
        operation_id="cases_attach",
        summary="上传附件",
        description="每次一个文件，最大 20 MB；按内容判断类型，照片去除位置信息。",
        request=FILE_BODY,
        responses={201: AttachmentSerializer, **refusals(400, 401, 403, 404, 409, 413, 415)},
        tags=["cases"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Take one file."""
        case = self.find(number)
        body = sent(request)
        if unknown := set(body.given) - FIELDS:
            raise Incomplete({name: ["上传附件时没有这一项，请去掉后再提交。"] for name in sorted(unknown)})
        kept = store(
            case,
            file_of(request),
            actor=self.actor,
            now=self.now,
            purpose=cleaned(PURPOSE, body.given.get("purpose")) or "",
            public=bool(cleaned(PUBLIC, body.given.get("public"))),
            client_id=body.client_id,
        )
        return Response(telling.attachment(kept, case), status=201)


class AttachmentView(CaseCall):
    """`GET cases/{number}/attachments/{id}/`."""

    @extend_schema(
        operation_id="cases_attachment",
        summary="下载附件",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **refusals(401, 404)},
        tags=["cases"],
    )
    def get(self, request: Request, number: str, uid: str) -> FileResponse:
        """Send the bytes, never to be shown in place."""
        case = dossier.is_visible(self.actor, number, self.now)
        found = shown_to(case, self.actor, self.now).filter(uid=uid_of(uid)).first()
        if found is None:
            raise NotYours()
        response = FileResponse(
            open_file(found), as_attachment=True, filename=found.name, content_type="application/octet-stream"
        )
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
        return response
