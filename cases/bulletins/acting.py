"""What is done on the pages of the bulletins: ask for one, ask for it anew, write, sign, correct."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from cases.bulletins import access, asking, services
from cases.bulletins.periods import read_span
from cases.bulletins.views import actor_of, bulletin_page, edit_page, list_page
from cases.tasks import make_bulletin
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.nudging import nudge


def _to(pk: int, mark: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("bulletins:show", args=[pk]) + mark)


@staff
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Ask for a bulletin, or for its draft anew; a worker counts it, the page that follows tells how far it is."""
    now, actor = timezone.now(), actor_of(request)
    area = access.area_for(actor, request.POST.get("area", ""))
    try:
        asked = asking.ask(actor, area, read_span(request.POST.get("period", "")), now, _key(request))
    except Incomplete as refused:
        return list_page(request, now, errors=refused.errors, status=400)
    nudge(make_bulletin, ask_id=asked.pk)
    return HttpResponseRedirect(reverse("bulletins:ask", args=[asked.uid]))


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Write one paragraph; empty words give the generated one back."""
    now, actor = timezone.now(), actor_of(request)
    if request.method != "POST":
        return edit_page(request, pk, section, now)
    access.find(actor, pk)
    words = "" if request.POST.get("restore") else request.POST.get("words", "")
    try:
        row = services.write(actor, pk, section, words, now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return edit_page(request, pk, section, now, errors=refused.errors, status=400)
    own = row.texts.filter(section=section).exists()
    messages.success(request, "已保存您的文字。" if own else "这一段用系统生成的文字。")
    return _to(pk, f"#{section}")


@staff
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the version that was read."""
    now, actor = timezone.now(), actor_of(request)
    access.find(actor, pk)
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    try:
        services.sign(actor, pk, version, request.POST.get("number", ""), now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return bulletin_page(request, pk, now, errors=refused.errors, status=400)
    messages.success(request, "已签发。内容从此不再改动，本区域管理岗位都能查看和下载。")
    return _to(pk)


@staff
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a correction beside what was signed."""
    now, actor = timezone.now(), actor_of(request)
    access.find(actor, pk)
    words = request.POST.get("correction", "")
    try:
        services.correct(actor, pk, words, now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return bulletin_page(request, pk, now, errors=refused.errors, status=400)
    messages.success(request, "更正已附在报告后面，原文没有改动。")
    return _to(pk, "#corrections")
