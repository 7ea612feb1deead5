"""The pages 对接: the lines, one line's matters, one matter's messages with sending again, and a line's settings."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases.views.keepers import people
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from hotlines.choices import AdapterKind, Direction, MessageState
from hotlines.links import guarding, queries, sending, setting_up
from hotlines.links.by_hand import said as said_in
from hotlines.links.transferring import receipt_due
from hotlines.links.words import WordKind
from hotlines.models import Link, LinkMessage

PER_PAGE = 50


@people
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every line: whether it speaks, what waits, what needs somebody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    queries.check_entry(actor)
    context = {
        "title": "对接",
        "states": queries.lines(timezone.now()),
        "may_set_up": setting_up.may_set_up(actor),
        "handles": queries.handles(actor),
    }
    return render(request, "hotlines/links/overview.html", context)


@people
@require_safe
def line(request: HttpRequest, code: str) -> HttpResponse:
    """The matters of one line, for who handles them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.handles(actor):
        raise NotYou("这条对接的事项由分流员和中心负责人查看；系统管理员只设置对接。")
    found, now = queries.line_of(code), timezone.now()
    show = request.GET.get("show", "")
    context = {
        "title": found.name,
        "line": found,
        "tabs": [{"show": key, "label": label, "here": key == show} for key, label in queries.shown(found).items()],
        "by_hand": found.adapter == AdapterKind.NONE,
        "page": Paginator(queries.matters(found, actor, show, now), PER_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "now": now,
    }
    return render(request, "hotlines/links/line.html", context)


@people
@require_safe
def matter(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One matter: their number and date beside ours, every message, what they said."""
    return _matter(request, uid, {}, 200)


def _matter(request: HttpRequest, uid: uuid.UUID, errors: dict[str, list[str]], status: int) -> HttpResponse:
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    link = queries.link_of(uid, actor, now)
    rows = [_row(message) for message in link.messages.all()]
    may_read = guarding.may_read(link, actor)
    context = {
        "title": f"{link.line.name} {link.foreign_number}".strip(),
        "link": link,
        "out": link.direction == Direction.OUT,
        "receipt_due": receipt_due(link),
        "return_over": queries.may_not_return(link, now),
        "rows": rows,
        "next": next((row for row in rows if not row["sent"]), None),
        "words": _words(link) if may_read else [],
        "unquoted": _unquoted(link) if may_read else "",
        "by_hand": link.line.adapter == AdapterKind.NONE,
        "errors": errors,
        "now": now,
    }
    return render(request, "hotlines/links/matter.html", context, status=status)


def _words(link: Link) -> list[dict[str, Any]]:
    """What they said, the newest first; numbers masked as in the case's history."""
    return [
        {
            "label": WordKind(word["kind"]).label,
            "at": datetime.fromisoformat(word["at"]),
            "text": mask_text(word["text"]),
        }
        for word in reversed((link.papers or {}).get("words", []))
    ]


def _unquoted(link: Link) -> str:
    """The newest content where it could not be quoted in the case's history, numbers masked."""
    given = (link.papers or {}).get("given", {})
    return mask_text(str(given.get("description", ""))) if guarding.is_guarded(link) else ""


def _row(message: LinkMessage) -> dict[str, Any]:
    words, more = said_in(message)
    return {"message": message, "words": words, "more": more, "sent": message.state == MessageState.SENT}


@people
@require_POST
def message(request: HttpRequest, uid: uuid.UUID, seq: int) -> HttpResponse:
    """Send a message again, or write down that the other side was told otherwise."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    link = queries.link_of(uid, actor, now)
    found = link.messages.filter(seq=seq).first()
    if found is None:
        raise NotYours()
    by_hand = request.POST.get("do") == "told"
    try:
        if by_hand:
            sending.settle_by_hand(found, request.POST.get("note", ""), now)
        else:
            sending.send_again(found, now)
    except Incomplete as refused:
        return _matter(request, uid, refused.errors, 400)
    action = "link_told_by_hand" if by_hand else "link_sent_again"
    audit.record(
        actor,
        action,
        link.case.number,
        "",
        {"line": link.line.code, "seq": seq},
        **audit.request_meta(request),
        now=now,
    )
    said = "已排队重发，一分钟内发出；刷新可看结果。"
    if by_hand:
        said = "已记下。" if link.line.adapter == AdapterKind.NONE else "已记下，后面的消息会接着发送。"
    messages.success(request, said)
    return HttpResponseRedirect(reverse("hotlines:link", args=[uid]))


@people
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, code: str = "") -> HttpResponse:
    """A line's settings, for system administrators; the new key is shown once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not setting_up.may_set_up(actor):
        raise NotYou("对接系统由系统管理员设置，您没有这个岗位。")
    found = queries.line_of(code) if code else None
    given: dict[str, Any] = setting_up.as_given(found)
    errors: dict[str, list[str]] = {}
    saved = None
    if request.method == "POST":
        given = request.POST.dict()
        try:
            saved = setting_up.save(actor, found, given, timezone.now())
        except Incomplete as refused:
            errors = refused.errors
        else:
            if not saved.key:
                messages.success(request, f"已保存“{saved.line.name}”的设置。")
                return HttpResponseRedirect(reverse("hotlines:links"))
    context = {
        "title": f"设置：{found.name}" if found else "新增对接系统",
        "line": saved.line if saved else found,
        "needs": [need.as_dict() for need in setting_up.NEEDS if found is None or need.name != "code"],
        "given": given,
        "errors": errors,
        "saved": saved,
        "push_url": request.build_absolute_uri(reverse("api-link-items", args=[saved.line.code])) if saved else "",
    }
    return render(request, "hotlines/links/settings.html", context, status=400 if errors else 200)
