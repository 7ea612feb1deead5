"""The network as a page: layers, members with what they hold, how it was on a day; its keeping by the centre's lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Unit
from accounts.queries import Actor
from cases.boards import keeping, network
from cases.boards.asking import asked_of
from cases.boards.links import tabs
from cases.boards.views import actor_of
from cases.models import NetworkMember
from cases.needs import Need
from cases.statistics import counting, wording
from cases.statistics.counting import COMMUNITY_DIGITS
from cases.statistics.scope import Scope
from cases.views.door import staff
from cases.views.forms import given_of
from governance_portal.lib.errors import Incomplete, NotNow
from governance_portal.lib.working_days import day_of
from grids.models import Area
from grids.queries import names_of

Errors = Mapping[str, list[str]]
#: What a form's POST does: it returns where to go and what to say.
Act = Callable[[dict[str, Any]], str]


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The network of today, or of the day asked for (`?on=`)."""
    now, actor = timezone.now(), actor_of(request)
    board = asked_of(request.GET, actor, now, reverse("boards:network"))
    today = day_of(now)
    day = _day(request.GET.get("on", "")) or today
    layers = network.network_on(day)
    held = network.holding(counting.cases_of(actor, board.area, now), now) if day == today else None
    names = names_of({row.area_code for layer in layers for row in layer.members if row.area_code})
    context = {
        "title": "解纷网络",
        "formula": network.formula(layers),
        "layers": [
            {
                "row": layer.row,
                "symbol": layer.symbol,
                "count": len(layer.members),
                "members": [_member(row, names, held, board.scope) for row in layer.members],
            }
            for layer in layers
        ],
        "total": sum(len(layer.members) for layer in layers),
        "day": day,
        "is_today": day == today,
        "keeps": keeping.keeps(actor),
        "tabs": tabs("network", board),
        "now": now,
    }
    return render(request, "board/network.html", context)


def _member(
    row: NetworkMember, names: Mapping[str, str], held: Mapping[int, Mapping[str, int]] | None, scope: Scope
) -> dict[str, Any]:
    area = names.get(row.area_code, "")
    drawn: dict[str, Any] = {"row": row, "area": "" if area in row.called else area, "cells": None}
    if held is not None and row.unit is not None:
        counts = held.get(row.unit_id or 0, {"open": 0, "overdue": 0})
        drawn["cells"] = [
            {
                "words": wording.number(counts[name]),
                "url": _list(name, row.unit.code, scope.area) if counts[name] else "",
                "late": name == "overdue" and counts[name] > 0,
            }
            for name in ("open", "overdue")
        ]
    return drawn


def _list(figure: str, unit: str, area: str) -> str:
    place = "grid" if len(area) > COMMUNITY_DIGITS else "area"
    query = {"tab": "all", "figure": figure, "unit": unit, place: area}
    return f"{reverse('cases:list')}?{urlencode(query)}"


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 2000 <= found.year < 2200 else None


# --- keeping ------------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def new_layer(request: HttpRequest) -> HttpResponse:
    """Add a layer."""
    now, actor = timezone.now(), actor_of(request)
    keeping.need_keeper(actor)

    def act(given: dict[str, Any]) -> str:
        return f"已增加“{keeping.add_layer(given, actor=actor, now=now).name}”一层。"

    start = {"position": network.layers_on(day_of(now)).count() + 1, "measure": "个", "open_ended": "no"}
    about = {"title": "增加一层", "button": "增加", "intro": "网络由哪些层、哪些成员组成，按本区文件填写。"}
    return form_page(request, keeping.LAYER, _fields(keeping.LAYER), {**start, "from": str(day_of(now))}, act, about)


@staff
@require_http_methods(["GET", "POST"])
def layer(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a layer right."""
    now, actor = timezone.now(), actor_of(request)
    keeping.need_keeper(actor)
    row = network.find_layer(pk)

    def act(given: dict[str, Any]) -> str:
        return f"已改“{keeping.change_layer(pk, given, actor=actor, now=now).name}”。"

    start = {name: getattr(row, name) for name in ("name", "position", "measure", "note")}
    start["open_ended"] = "yes" if row.open_ended else "no"
    about = {
        "title": f"层级：{row.name}",
        "button": "保存",
        "intro": "名称、次序和量词的修改留在日志里，成员不受影响。",
        "end_url": reverse("boards:layer-end", args=[pk]),
        "end_word": "结束这一层",
        "end_says": "成员都结束或改到别的层以后，才能结束一层；历史照样查得到。",
        "ended": row.ends_on,
    }
    return form_page(request, keeping.CHANGED_LAYER, _fields(keeping.CHANGED_LAYER), start, act, about)


@staff
@require_POST
def end_layer(request: HttpRequest, pk: int) -> HttpResponse:
    """End a layer."""
    now, actor = timezone.now(), actor_of(request)
    try:
        row = keeping.end_layer(pk, given_of(request.POST, keeping.ENDING), actor=actor, now=now)
    except (Incomplete, NotNow) as refused:
        messages.error(request, said(refused))
        return HttpResponseRedirect(reverse("boards:layer", args=[pk]))
    messages.success(request, f"“{row.name}”到 {row.ends_on:%Y-%m-%d} 结束。")
    return HttpResponseRedirect(reverse("boards:network"))


@staff
@require_http_methods(["GET", "POST"])
def new_member(request: HttpRequest) -> HttpResponse:
    """Add a member."""
    now, actor = timezone.now(), actor_of(request)
    keeping.need_keeper(actor)

    def act(given: dict[str, Any]) -> str:
        made = keeping.add_member(given, actor=actor, now=now)
        return f"已把{made.called}加入“{made.layer.name}”。"

    start = {"layer": request.GET.get("layer", ""), "mode": keeping.NOT_SITTING, "from": str(day_of(now))}
    about = {
        "title": "增加成员",
        "button": "增加",
        "intro": "一个单位在网络里只占一处；联系人写岗位，不写姓名和个人手机。",
    }
    return form_page(request, keeping.MEMBER, _member_fields(actor, now), start, act, about)


@staff
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member with its history; the keeper changes it from a day on."""
    now, actor = timezone.now(), actor_of(request)
    asked_of({}, actor, now, "")  # who has no sight of an area has no board either
    row = network.find_member(pk)
    lasts = row.ends_on is None or row.ends_on > day_of(now)

    def act(given: dict[str, Any]) -> str:
        made = keeping.change_member(pk, given, actor=actor, now=now)
        return f"已变更{made.called}，从 {made.starts_on:%Y-%m-%d} 起。"

    start = {
        "layer": str(row.layer_id),
        "unit": row.unit.code if row.unit else "",
        "name": row.name,
        "area": row.area_code,
        "duty": row.duty,
        "contact_post": row.contact_post,
        "mode": row.mode or keeping.NOT_SITTING,
        "from": str(max(day_of(now), row.starts_on)),
    }
    about = {
        "title": row.called,
        "button": "变更",
        "intro": "从所填的那天起按新的内容，之前的一条保留为历史；就在开始的那天改，算更正。",
        "end_url": reverse("boards:member-end", args=[pk]),
        "end_word": "结束这个成员",
        "end_says": "从所填的那天起不再是网络成员，历史照样查得到。",
        "ended": row.ends_on,
        "member": row,
        "area_name": names_of([row.area_code]).get(row.area_code, ""),
        "history": network.history_of(row),
        "keeps": keeping.keeps(actor) and lasts,
    }
    if request.method == "POST":
        keeping.need_keeper(actor)
    return form_page(request, keeping.MEMBER, _member_fields(actor, now) if about["keeps"] else [], start, act, about)


@staff
@require_POST
def end_member(request: HttpRequest, pk: int) -> HttpResponse:
    """End a member."""
    now, actor = timezone.now(), actor_of(request)
    try:
        row = keeping.end_member(pk, given_of(request.POST, keeping.ENDING), actor=actor, now=now)
    except (Incomplete, NotNow) as refused:
        messages.error(request, said(refused))
        return HttpResponseRedirect(reverse("boards:member", args=[pk]))
    messages.success(request, f"{row.called}到 {row.ends_on:%Y-%m-%d} 结束。")
    return HttpResponseRedirect(reverse("boards:network"))


def said(refused: Incomplete | NotNow) -> str:
    """Return a refusal as one sentence."""
    if isinstance(refused, Incomplete):
        return "".join(text for texts in refused.errors.values() for text in texts)
    return refused.detail


def form_page(
    request: HttpRequest,
    needs: tuple[Need, ...],
    fields: list[dict[str, Any]],
    start: dict[str, Any],
    act: Act,
    about: dict[str, Any],
) -> HttpResponse:
    """Draw a form of this room, or do what was sent and go back to its page; refusals stand on the form."""
    back = str(about.get("back_url") or reverse("boards:network"))
    given, errors, refusal, status = start, {}, "", 200
    if request.method == "POST":
        given = given_of(request.POST, needs)
        try:
            done = act(given)
        except Incomplete as refused:
            errors, status = dict(refused.errors), 400
        except NotNow as refused:
            refusal, status = refused.detail, refused.status
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {
        "keeps": True,
        **about,
        "fields": fields,
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "back_url": back,
        "today": day_of(timezone.now()),
    }
    return render(request, "board/network_form.html", context, status=status)


def _fields(needs: tuple[Need, ...]) -> list[dict[str, Any]]:
    return [need.as_dict() for need in needs]


def _member_fields(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The member's fields with the layers, units and areas there are."""
    district = next((post.area_code[:6] for post in actor.posts if post.leads_centre), "")
    units = Unit.objects.filter(active=True).order_by("code").values_list("code", "name")
    areas = Area.objects.active().filter(code__startswith=district).order_by("code").values_list("code", "name")
    layers = [(str(row.pk), row.name) for row in network.layers_on(day_of(now))]
    offered = {"layer": layers, "unit": list(units), "area": list(areas)}
    return [
        {**need.as_dict(), "type": "choice", "choices": [{"value": v, "label": w} for v, w in offered[need.name]]}
        if need.name in offered
        else need.as_dict()
        for need in keeping.MEMBER
    ]
