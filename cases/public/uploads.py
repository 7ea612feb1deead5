"""Photos that come with a resident's form, without scripts: judged by content, counted against the address."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from accounts.audit import client_address
from accounts.limits import hit
from accounts.queries import service_actor
from cases.models import Attachment, Case
from cases.services.attachments import store
from governance_portal.lib.errors import Incomplete

FILES_AN_HOUR = 60  # as for the API: one account for both
MOST_AT_ONCE = 6
FIELD = "attachments"


def photos_of(request: HttpRequest, now: datetime, case: Case | None = None) -> list[str]:
    """Keep the photos that were sent and return their ids; Incomplete with a sentence for each that is refused."""
    kept, wrong = taken(request, now, case)
    if wrong:
        raise Incomplete({FIELD: wrong})
    return kept


def unclaimed(uids: list[str]) -> list[str]:
    """Those of a resident's photos that no report has yet, in their order."""
    free = Attachment.objects.filter(uid__in=uids, case__isnull=True, held__isnull=True)
    found = {str(uid) for uid in free.values_list("uid", flat=True)}
    return [uid for uid in uids if uid in found]


def taken(
    request: HttpRequest, now: datetime, case: Case | None = None, *, before: int = 0
) -> tuple[list[str], list[str]]:
    """Keep the photos that can be kept: their ids, and a sentence for each that is refused. `before`: so many came already."""
    sent = [upload for upload in request.FILES.getlist(FIELD) if upload.size]
    if len(sent) + before > MOST_AT_ONCE:
        return [], [f"一次最多上传 {MOST_AT_ONCE} 张照片，其余的请带到窗口。"]
    kept: list[str] = []
    wrong: list[str] = []
    for upload in sent:
        if not hit("public_files", client_address(request), FILES_AN_HOUR, 3600, now):
            return kept, [*wrong, "一小时内上传的照片太多，请稍后再试，或者把照片带到窗口。"]
        try:
            file = store(case, upload, actor=service_actor("resident"), now=now, public=True, resident=True)  # type: ignore[arg-type]
        except Incomplete as refused:
            wrong += [f"{upload.name}：{sentence}" for rows in refused.errors.values() for sentence in rows]
        else:
            kept.append(str(file.uid))
    return kept, wrong
