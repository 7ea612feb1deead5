"""The operator's desk: who rings, whose call is owed, what was done today; and the strip that every page of an operator has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import Actor
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_phone
from governance_portal.lib.spoken import moment_words, wait_words
from hotlines import services
from hotlines.choices import CallBackWhy, CallResult
from hotlines.desk import call_backs, queries, sitting
from hotlines.models import CallBack, CallRecord

MOST_ROWS = 30
HIDDEN = "隐藏号码"
ONLY_OPERATORS = "话务台由话务员使用，您没有这个岗位。"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def may_enter(request: HttpRequest) -> Actor:
    """Return the operator; NotYou for everybody else."""
    actor = actor_of(request)
    if not queries.may_enter(actor):
        raise NotYou(ONLY_OPERATORS)
    return actor


def masked(row: CallRecord | CallBack) -> str:
    """The caller's number as it may be shown."""
    return mask_phone(str((row.caller or {}).get("phone", ""))) or HIDDEN


@staff
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Calls that wait, call-backs that are owed, what was done today."""
    now = timezone.now()
    return _desk(request, may_enter(request), now)


def _desk(
    request: HttpRequest, actor: Actor, now: datetime, errors: dict[str, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    owed, done = call_backs.owed(actor, now), queries.today(actor, now)
    context = {
        "title": "话务台",
        "rows": [call_row(row, now) for row in queries.waiting(actor)[:MOST_ROWS]],
        "owed": [_owed_row(row, now) for row in owed[:MOST_ROWS]],
        "owed_count": owed.count(),
        "done": [_done_row(row) for row in done[:MOST_ROWS]],
        "done_count": done.count(),
        "missed": [call_row(row, now) for row in queries.unclaimed(actor, now)[:MOST_ROWS]],
        "extension": queries.extension_of(actor),
        "errors": errors or {},
        "now": now,
    }
    return render(request, "hotlines/desk/desk.html", context, status=status)


def call_row(call: CallRecord, now: datetime) -> dict[str, Any]:
    """One call as a line: `{url, who, state, words, mine, claim_url}`."""
    if call.ended_at is not None:
        state, words = "ended", "已挂断，请登记结果" if call.result == CallResult.RINGING else "未接"
    elif call.answered_at is not None:
        state, words = "talking", f"通话 {wait_words(now - call.answered_at)}"
    else:
        state, words = "ringing", "正在响铃"
    return {
        "url": reverse("hotlines:call", args=[call.uid]),
        "claim_url": reverse("hotlines:claim", args=[call.uid]) if call.operator_id is None else "",
        "who": masked(call),
        "state": state,
        "words": words,
        "extension": call.extension,
        "at": call.started_at,
    }


def _owed_row(row: CallBack, now: datetime) -> dict[str, Any]:
    late = row.due_at < now
    missed = row.why == CallBackWhy.MISSED
    return {
        "url": reverse("hotlines:call-back", args=[row.uid]),
        "who": masked(row),
        "about": row.about or (f"打进来 {row.missed} 次没有接到" if missed else ""),
        "number": row.case.number if row.case else "",
        "when": f"应在 {moment_words(row.due_at, now)} 前" if late else f"{moment_words(row.due_at, now)} 前",
        "late": late,
    }


def _done_row(call: CallRecord) -> dict[str, Any]:
    return {
        "url": reverse("hotlines:call", args=[call.uid]),
        "who": masked(call),
        "result": call.get_result_display(),
        "number": call.case.number if call.case else "",
        "at": call.started_at,
    }


@login_required
@require_safe
def incoming(request: HttpRequest) -> HttpResponse:
    """The strip of calls that wait, for the page that asks every two seconds; 304 while nothing changed (one statement)."""
    actor = actor_of(request)
    if not queries.may_enter(actor):
        return HttpResponse(status=204)
    stamp, rows = queries.stamp(actor)
    tag = f'"{stamp}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        now = timezone.now()
        answer = render(request, "hotlines/desk/_incoming.html", {"calls": [call_row(row, now) for row in rows]})
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@staff
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a call by hand, where no telephone system tells of it; the number may be left out."""
    now = timezone.now()
    actor = may_enter(request)
    try:
        call = services.answer(actor, phone=request.POST.get("phone", "").strip(), now=now)
    except Incomplete as refused:
        return _desk(request, actor, now, refused.errors, status=400)
    return HttpResponseRedirect(reverse("hotlines:call", args=[call.uid]))


@staff
@require_POST
def sit(request: HttpRequest) -> HttpResponse:
    """Say at which extension one sits."""
    now = timezone.now()
    actor = may_enter(request)
    try:
        row = sitting.sit_at(actor, request.POST.get("extension", ""), now)
    except Incomplete as refused:
        return _desk(request, actor, now, refused.errors, status=400)
    words = f"您现在坐 {row.extension} 分机，这个分机来电会在您的页面弹出。" if row else "已退出分机，来电不再弹给您。"
    messages.success(request, words)
    return HttpResponseRedirect(reverse("hotlines:desk"))


@staff
@require_POST
def claim(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a call that nobody has."""
    actor = may_enter(request)
    call = sitting.claim(queries.find(actor, uid), actor)
    return HttpResponseRedirect(reverse("hotlines:call", args=[call.uid]))
