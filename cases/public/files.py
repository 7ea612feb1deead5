"""The attachments a resident may download: those marked public, of their own matter, by a link that ends soon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.models import Attachment, Case
from cases.services.attachments import open_file

SALT = "cases.public.file"
GOOD_FOR_SECONDS = 1800
EXPIRED = "下载链接已经过期。请重新查询，再点一次下载。"


def rows(case: Case, files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Rows of `components/files.html`. The link names keys only: no number, no name, and ends with the query code."""
    return [{"name": file.name, "size": file.size, "url": link(case, file), "about": file.purpose} for file in files]


def link(case: Case, file: Attachment) -> str:
    """A signed address of one file."""
    token = signing.dumps([case.pk, str(file.uid), case.query_issue], salt=SALT)
    return reverse("public:file", args=[token])


@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the file: the link is asked for its age, the file whether it is still public and the code still valid."""
    try:
        case_id, uid, issue = signing.loads(token, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.SignatureExpired:
        return _expired(request)
    except (signing.BadSignature, ValueError) as wrong:
        raise Http404 from wrong
    file = Attachment.objects.filter(case_id=case_id, uid=uid, public=True, case__query_issue=issue).first()
    if file is None:
        return _expired(request)
    response = FileResponse(open_file(file), as_attachment=True, filename=file.name, content_type=file.mime)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _expired(request: HttpRequest) -> HttpResponse:
    ways = [{"url": reverse("public:query"), "label": "重新查询", "primary": True}]
    return render(request, "404.html", {"detail": EXPIRED, "ways": ways}, status=404)
