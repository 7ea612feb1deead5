"""A file of a case, given out only to who may see the case."""

from __future__ import annotations

import uuid

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import queries
from cases.services.attachments import open_file
from cases.views.door import staff
from governance_portal.lib.errors import NotYours


@staff
@require_safe
def download(request: HttpRequest, number: str, uid: uuid.UUID) -> HttpResponseBase:
    """Send one attachment; `?inline=1` shows a picture instead of saving it, nothing else is ever shown in place."""
    case = queries.case_for(request.actor, number, timezone.now())  # type: ignore[attr-defined]
    attachment = case.attachments.filter(uid=uid).first()
    if attachment is None:
        raise NotYours()
    shown = attachment.mime.startswith("image/") and request.GET.get("inline") == "1"
    response = FileResponse(
        open_file(attachment), as_attachment=not shown, filename=attachment.name, content_type=attachment.mime
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
