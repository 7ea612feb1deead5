"""What a resident does to their own matter, as the table allows: send what was missing, take it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import client_address
from accounts.queries import service_actor
from cases.models import Case
from cases.public.lookup import ACTS, Shown, not_opened, result
from cases.public.uploads import photos_of
from cases.services import move
from cases.services.lookup import open_case
from governance_portal.lib.errors import Incomplete, NotYours, Refusal

DONE = {"supplement": "补充的材料已经收到，窗口核对后接着办。", "withdraw": "已经撤回，这件事不再办理。"}
NOT_NOW = "现在不能这样办，事项的状态可能刚刚变了；有疑问请打窗口电话。"
NOTHING = "请写下补充的情况，或者上传照片。"


@never_cache
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Make one of the two moves; number and code open the door again."""
    now = timezone.now()
    name = request.POST.get("act", "")
    try:
        if name not in ACTS:
            raise NotYours()
        number, code = request.POST.get("number", ""), request.POST.get("query_code", "")
        case = open_case(number, code, client_address(request), now)
    except Refusal as refused:
        return not_opened(request, refused)
    given: dict[str, Any] = {
        field: request.POST[field] for field in ("supplement", "note") if request.POST.get(field, "").strip()
    }
    try:
        photos = photos_of(request, now, case) if name == "supplement" else []
        if name == "supplement" and not (photos or given.get("supplement")):
            raise Incomplete({"supplement": [NOTHING]})
        sent = {**given, "attachments": photos} if photos else given
        actor = service_actor("resident")
        move(case, name, actor=actor, now=now, given=sent, client_id=request.POST.get("client_id") or None)
    except Incomplete as refused:
        return result(request, case, now, Shown(given, refused.errors, tried=name, status=400))
    except Refusal as refused:
        return result(request, case, now, Shown(given, refusal=NOT_NOW, tried=name, status=refused.status))
    return result(request, Case.objects.select_related("lead_unit").get(pk=case.pk), now, Shown(done=DONE[name]))
