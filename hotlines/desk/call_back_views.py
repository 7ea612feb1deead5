"""The screen of a call-back: the number for a reason on record, what each attempt came to, how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.audit import request_meta
from accounts.queries import Actor
from cases.following_up.services import slots
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete
from hotlines.choices import AttemptResult, CallBackState
from hotlines.desk import call_backs
from hotlines.desk.views import masked, may_enter
from hotlines.models import CallBack


@staff
@require_http_methods(["GET", "POST"])
def call_back(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a call-back; POST `do`: number (show it, on record), attempt, give_up."""
    now = timezone.now()
    actor = may_enter(request)
    row = call_backs.find(actor, uid, now)
    if request.method == "GET":
        return _screen(request, row, now)
    given = {name: request.POST.get(name, "").strip() for name in ("do", "result", "note", "again", "reason")}
    if given["do"] == "number":
        number = call_backs.number_of(row, actor=actor, now=now, meta=request_meta(request))
        return _screen(request, row, now, number=number)
    try:
        words = _write(row, given, actor, now)
    except Incomplete as refused:
        return _screen(request, row, now, given, refused.errors, status=400)
    messages.success(request, words)
    return HttpResponseRedirect(reverse("hotlines:desk"))


def _write(row: CallBack, given: dict[str, str], actor: Actor, now: datetime) -> str:
    if given["do"] == "give_up":
        call_backs.give_up(row, given["reason"], actor=actor, now=now)
        return "已记下，不再回电。"
    done = call_backs.attempt(row, given["result"], given["note"], actor=actor, now=now, again=given["again"])
    return "已回电，了结。" if done.state == CallBackState.DONE else "没打通，已记下，还在话务台上。"


def _screen(
    request: HttpRequest,
    row: CallBack,
    now: datetime,
    given: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    *,
    number: str = "",
    status: int = 200,
) -> HttpResponse:
    chosen = given or {}
    context = {
        "title": "回电",
        "row": row,
        "who": masked(row),
        "number": number,
        "is_owed": row.state == CallBackState.OWED,
        "late": row.due_at < now,
        "tries": row.attempts.select_related("by"),
        "results": [
            {"value": value, "label": label, "chosen": value == chosen.get("result")}
            for value, label in AttemptResult.choices
        ],
        "slots": slots(now),
        "given": chosen,
        "errors": errors or {},
        "now": now,
    }
    return render(request, "hotlines/desk/call_back.html", context, status=status)
