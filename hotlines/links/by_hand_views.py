"""The page 待告知的答复 of a line without an interface: the list, the sheet to fill in from, and "told"."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.queries import Actor
from cases.views.keepers import people
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import SHANGHAI
from hotlines.links import by_hand
from hotlines.models import Line


@people
@require_http_methods(["GET", "HEAD", "POST"])
def to_tell(request: HttpRequest, code: str) -> HttpResponse:
    """What waits to be told over a line; POST says which of it are told."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    line = by_hand.line_by_hand(code, actor)
    if request.method != "POST":
        return _page(request, line, now)
    note, uids = request.POST.get("note", ""), request.POST.getlist("message")
    try:
        done = by_hand.settle_listed(line, uids, note, actor, now, **audit.request_meta(request))
    except Incomplete as refused:
        return _page(request, line, now, errors=refused.errors, note=note, ticked=set(uids))
    messages.success(request, done.words())
    if not by_hand.to_tell(line, actor, now).filter(pk__in=request.session.get(_key(line), ())).exists():
        request.session.pop(_key(line), None)
    return HttpResponseRedirect(reverse("hotlines:line-to-tell", args=[code]))


def _page(
    request: HttpRequest,
    line: Line,
    now: datetime,
    *,
    errors: dict[str, list[str]] | None = None,
    note: str = "",
    ticked: set[str] | None = None,
) -> HttpResponse:
    found = by_hand.to_tell(line, request.actor, now)  # type: ignore[attr-defined]
    listed = list(found[: by_hand.MOST])
    downloaded = request.session.get(_key(line))
    context = {
        "title": f"待告知的答复：{line.name}",
        "line": line,
        "rows": [_row(message, downloaded, ticked) for message in listed],
        "more": found.count() - len(listed) if len(listed) == by_hand.MOST else 0,
        "most": by_hand.MOST,
        "errors": errors or {},
        "note": note,
        "longest": by_hand.LONGEST_NOTE,
    }
    return render(request, "hotlines/links/to_tell.html", context, status=400 if errors else 200)


def _row(message: Any, downloaded: list[int] | None, ticked: set[str] | None) -> dict[str, Any]:
    """Ticked are those of the sheet that was downloaded last; what came up after it is marked and left for the next."""
    words, more = by_hand.said(message)
    late = downloaded is not None and message.pk not in downloaded
    chosen = not late if ticked is None else str(message.uid) in ticked
    return {"message": message, "words": words, "more": more, "late": late, "ticked": chosen}


def _key(line: Line) -> str:
    return f"told_sheet:{line.code}"


@people
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The same list as a sheet, on record."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    line = by_hand.line_by_hand(code, actor)
    listed = list(by_hand.to_tell(line, actor, now)[: by_hand.MOST])
    request.session[_key(line)] = [message.pk for message in listed]
    detail = {"line": code, "rows": len(listed)}
    audit.record(actor, "export_to_tell", f"line:{code}", "", detail, **audit.request_meta(request), now=now)
    response = HttpResponse(b"".join(by_hand.sheet(listed)), content_type="text/csv; charset=utf-8")
    name = f"待告知的答复-{line.name}-{now.astimezone(SHANGHAI):%Y%m%d%H%M}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
