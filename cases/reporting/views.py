"""待核实 for clerks: what waits, one with those folded into it; release, discard, take a discarding back. Works without scripts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import Actor
from cases.choices import Kind
from cases.models import HeldReport
from cases.reporting import judging
from cases.reporting.choices import Discarded, HeldState
from cases.reporting.queries import may_judge, visible_to, waiting
from cases.services.attachments import open_small
from cases.views.door import staff
from cases.views.receipt import grouped
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from grids.queries import name_of

PER_PAGE = 50
ONLY_CLERKS = "待核实的上报由窗口受理员核实，您没有这个岗位。"
NONE_CHOSEN = "还没有选中。请勾选要核实的上报，再点放行或者丢弃。"
SCOPES = (
    (judging.ONE, "只是选中的"),
    (judging.ALIKE, "文字相近的也一起"),
    (judging.FOLDED, "归在下面的全部一起"),
)
KINDS = dict(Kind.choices)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not may_judge(actor):
        raise NotYou(ONLY_CLERKS)
    return actor


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; `?tab=discarded`: what was discarded in the last week and can come back."""
    return _list(request, _actor(request), timezone.now(), request.GET.get("tab", ""))


def _list(
    request: HttpRequest, actor: Actor, now: datetime, tab: str, errors: Mapping[str, list[str]] | None = None
) -> HttpResponse:
    gone = tab == "discarded"
    rows = _discarded(actor, now) if gone else waiting(actor)
    page = Paginator(rows.annotate(photos=Count("attachments")), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "待核实的上报",
        "gone": gone,
        "page": page,
        "rows": [_row(row) for row in page],
        "waits": waiting(actor).count(),
        "back": _discarded(actor, now).count(),
        **_form(request, errors),
    }
    return render(request, "cases/reporting/held.html", context, status=400 if errors else 200)


def _discarded(actor: Actor, now: datetime) -> QuerySet[HeldReport]:
    since = now - judging.COMES_BACK_WITHIN
    rows = HeldReport.objects.filter(state=HeldState.DISCARDED, judged_at__gte=since, content__isnull=False)
    return visible_to(actor, rows).order_by("-judged_at", "-pk")


def _form(request: HttpRequest, errors: Mapping[str, list[str]] | None) -> dict[str, Any]:
    return {
        "scopes": SCOPES,
        "scope": request.POST.get("scope", judging.ONE),
        "reasons": Discarded.choices,
        "why": request.POST.get("why", ""),
        "chosen": request.POST.getlist("uid"),
        "errors": errors or {},
    }


def _row(row: HeldReport) -> dict[str, Any]:
    """A held report as the list draws it; who sent it is said only as far as a judgement needs it."""
    content = row.content or {}
    left = content.get("reporters") or []
    return {
        "row": row,
        "uid": str(row.uid),
        "number": grouped(row.number),
        "kind": KINDS.get(content.get("kind", ""), ""),
        "text": content.get("description", ""),
        "place": " ".join(
            part for part in (name_of(row.area_code), (content.get("place") or {}).get("address")) if part
        ),
        "contact": "留了联系方式" if left else "匿名" if content.get("anonymous") else "没有留联系方式",
        "others": row.count - 1,
    }


@staff
@require_safe
def show(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One report with all it says, its photos, and those that were folded into it."""
    actor = _actor(request)
    row = visible_to(actor, HeldReport.objects.filter(uid=uid, content__isnull=False)).first()
    if row is None:
        raise NotYours()
    folded = row.folded.filter(state=HeldState.WAITING).annotate(photos=Count("attachments")).order_by("pk")
    page = Paginator(folded, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "待核实的上报",
        "one": _row(row),
        "pictures": [
            {"url": reverse("cases:held-photo", args=[row.uid, file.uid]), "name": file.name}
            for file in row.attachments.all()
        ],
        "page": page,
        "rows": [_row(other) for other in page],
        "gone": row.state == HeldState.DISCARDED,
        **_form(request, None),
    }
    return render(request, "cases/reporting/held_report.html", context)


@staff
@require_safe
def picture(request: HttpRequest, uid: uuid.UUID, photo: uuid.UUID) -> HttpResponseBase:
    """A photo of a held report, small: enough to judge it by."""
    row = visible_to(_actor(request), HeldReport.objects.filter(uid=uid)).first()
    file = row.attachments.filter(uid=photo).first() if row else None
    if file is None:
        raise NotYours()
    response = FileResponse(open_small(file), as_attachment=False, content_type="image/jpeg")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """`act`: release, discard (with `why`) or restore the rows of `uid`; `scope` says which others go along."""
    actor, now = _actor(request), timezone.now()
    act, uids = request.POST.get("act", ""), _uids(request.POST.getlist("uid"))
    tab = "discarded" if act == "restore" else ""
    if not uids:
        return _list(request, actor, now, tab, {"uid": [NONE_CHOSEN]})
    if act == "restore":
        done = judging.restore(actor, uids, now).done
        messages.success(request, f"已恢复 {done} 件，回到待核实。")
        return HttpResponseRedirect(reverse("cases:held"))
    keys = judging.meant(actor, uids, request.POST.get("scope", judging.ONE))
    try:
        told = judging.release(actor, keys, now) if act == "release" else _discard(request, actor, keys, now)
    except Incomplete as refused:
        return _list(request, actor, now, tab, refused.errors)
    if told.done:
        words = (
            "已放行 {} 件，登记好了，在“待受理”里。"
            if act == "release"
            else "已丢弃 {} 件，七天内可以在“已丢弃”里恢复。"
        )
        messages.success(request, words.format(told.done))
    for sentence in told.refused:
        messages.error(request, sentence)
    if len(keys) == judging.AT_ONCE:
        messages.warning(request, f"一次最多 {judging.AT_ONCE} 件，还有的请再点一次。")
    return HttpResponseRedirect(reverse("cases:held"))


def _discard(request: HttpRequest, actor: Actor, keys: list[int], now: datetime) -> judging.Judged:
    return judging.discard(actor, keys, request.POST.get("why", ""), now)


def _uids(given: list[str]) -> list[str]:
    """Those that are ids; anything else is nobody's row."""
    found = []
    for text in given[: judging.AT_ONCE]:
        try:
            found.append(str(uuid.UUID(text)))
        except ValueError:
            continue
    return found
