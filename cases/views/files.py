"""The files of a case: added in place, several at once, each refused with its own sentence; given out to who may see it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import Actor
from cases import queries
from cases.models import Attachment, Case
from cases.services.attachments import PAPERS, open_file, open_small, shown_to, store
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYours

PURPOSES = ("现场照片", "整改后照片", *PAPERS)
#: A small version never changes; a day in the reader's own browser is enough.
SMALL_FOR = 86_400


def file_row(attachment: Attachment, case: Case) -> dict[str, Any]:
    """A row of components/files.html."""
    url = reverse("cases:file", args=[case.number, attachment.uid])
    by = attachment.uploaded_by
    about = [attachment.purpose, by.name if by else ""]
    return {
        "name": attachment.name,
        "size": attachment.size,
        "url": url,
        "shown_url": f"{url}?inline=1" if attachment.mime.startswith("image/") else "",
        "thumb_url": f"{url}?small=1" if attachment.mime.startswith("image/") else "",
        "about": " · ".join(word for word in about if word),
        "at": attachment.uploaded_at,
        "reader": "居民可见" if attachment.public else "内部",
        "public": attachment.public,
    }


@staff
@require_safe
def download(request: HttpRequest, number: str, uid: uuid.UUID) -> HttpResponseBase:
    """Send one attachment; `?inline=1` shows a picture, `?small=1` its small version; nothing else is shown in place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    case = queries.case_for(actor, number, now)
    attachment = shown_to(case, actor, now).filter(uid=uid).first()
    if attachment is None:
        raise NotYours()
    picture = attachment.mime.startswith("image/")
    if picture and request.GET.get("small") == "1":
        response = FileResponse(open_small(attachment), as_attachment=False, content_type="image/jpeg")
        response["Cache-Control"] = f"private, max-age={SMALL_FOR}"
    else:
        shown = picture and request.GET.get("inline") == "1"
        response = FileResponse(
            open_file(attachment), as_attachment=not shown, filename=attachment.name, content_type=attachment.mime
        )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff
@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Take the files that were sent, one event each; whatever is refused is told beside its name, the others stay.

    A script sends them one by one (header X-Upload) and gets the row of each; without scripts the page comes back.
    """
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    purpose = request.POST.get("purpose", "").strip()[:40]
    key = request.POST.get("client_id", "")
    rows, refused = [], 0
    for place, sent in enumerate(request.FILES.getlist("files")):
        try:
            kept = store(
                case,
                sent,  # type: ignore[arg-type]
                actor=actor,
                now=now,
                purpose=purpose,
                public=request.POST.get("public") == "1",
                client_id=f"{key}-{place}" if key else None,
            )
        except Incomplete as refusal:
            refused += 1
            sentence = "；".join(row.rstrip("。") for found in refusal.errors.values() for row in found)
            rows.append({"name": sent.name, "refused": f"{sentence}。"})
        else:
            kept.uploaded_by = request.user  # type: ignore[assignment]
            rows.append(file_row(kept, case))
    if request.headers.get("X-Upload"):
        return _one_by_one(request, case, rows, 400 if refused else 200)
    if not rows:
        rows = [{"name": "没有选文件", "refused": "请先选择要上传的文件。"}]
    elif not refused:
        return redirect(f"{reverse('cases:case', args=[number])}#files")
    context = {"case": case, "number": number, "title": "上传附件", "rows": rows, "refused": refused}
    return render(request, "cases/files.html", context, status=400)


def _one_by_one(request: HttpRequest, case: Case, rows: list[dict[str, Any]], status: int) -> HttpResponse:
    response = render(request, "components/files.html", {"files": rows, "bare": True}, status=status)
    if status == 200:
        tell_version(response, case)
    return response


def tell_version(response: HttpResponse, case: Case) -> None:
    """Tell the page that its own record took the case one version on; silent when somebody else wrote in between."""
    after = Case.objects.filter(pk=case.pk).values_list("version", flat=True).get()
    if after == case.version + 1:
        response["X-Case-Version"] = f"{case.version},{after}"
