"""Photos that come with a resident's form, without scripts: judged by content, counted against the address."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from accounts.audit import client_address
from accounts.limits import hit
from accounts.queries import service_actor
from cases.models import Case
from cases.services.attachments import store
from governance_portal.lib.errors import Incomplete

FILES_AN_HOUR = 60  # as for the API: one account for both
MOST_AT_ONCE = 6
FIELD = "attachments"


def photos_of(request: HttpRequest, now: datetime, case: Case | None = None) -> list[str]:
    """Keep the photos that were sent and return their ids; Incomplete with a sentence for each that is refused."""
    sent = [upload for upload in request.FILES.getlist(FIELD) if upload.size]
    if len(sent) > MOST_AT_ONCE:
        raise Incomplete({FIELD: [f"一次最多上传 {MOST_AT_ONCE} 张照片，其余的请带到窗口。"]})
    kept, wrong = [], []
    for upload in sent:
        if not hit("public_files", client_address(request), FILES_AN_HOUR, 3600, now):
            raise Incomplete({FIELD: ["一小时内上传的照片太多，请稍后再试，或者把照片带到窗口。"]})
        try:
            file = store(case, upload, actor=service_actor("resident"), now=now, public=True, resident=True)  # type: ignore[arg-type]
        except Incomplete as refused:
            wrong += [f"{upload.name}：{sentence}" for rows in refused.errors.values() for sentence in rows]
        else:
            kept.append(str(file.uid))
    if wrong:
        raise Incomplete({FIELD: wrong})
    return kept
