"""The frame around every staff page: the rail, the bottom bar of phones, the person in the corner."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import post_choice
from accounts.choices import ADMIN_ROLES, Role
from accounts.queries import Actor
from cases import desks, lanes
from cases.services.registering import REGISTRARS
from governance_portal.dashboard import board_url, where

Item = dict[str, Any]


def rail(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `phone_nav` and `person` (a context processor); asked of the database only where a page draws them."""
    items = SimpleLazyObject(lambda: _items(request))
    return {
        "nav": items,
        "phone_nav": SimpleLazyObject(lambda: _phone(list(items))),
        "person": SimpleLazyObject(lambda: _person(request)),
        "search_url": where("cases:search") or reverse("cases:list"),
        "notices_url": reverse("inbox"),
        "notices_count_url": reverse("inbox-count"),
    }


def _person(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole: Actor = getattr(request, "whole_actor", actor)
    words = post_choice.label(actor.posts[0]) if actor.posts else ""
    more = f" 等 {len(actor.posts)} 个岗位" if len(actor.posts) > 1 else ""
    return {
        "name": actor.name,
        "post": words + more,
        "posts": post_choice.offered(whole, actor),
        "switch_url": reverse("accounts:switch_post"),
    }


def _items(request: HttpRequest) -> list[Item]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    items = [_item("工作台", reverse("home"), "today", key="home")]
    if desks.has_cases(actor):
        items += _case_items(request, actor)
    if actor.has(*ADMIN_ROLES):
        items += _admin_items(request)
    items.append(_item("通知", reverse("inbox"), "bell", key="inbox"))
    _mark(request, items)
    return items


def _case_items(request: HttpRequest, actor: Actor) -> list[Item]:
    items = []
    if actor.has(*REGISTRARS):
        items.append(_item("登记", reverse("cases:new"), "plus", key="new"))
    counts = _counts(request, actor)
    for queue in lanes.queues_of(actor):
        address = f"{reverse('cases:list')}?{queue.query}"
        items.append(_item(queue.label, address, "inbox", count=counts.get(queue.code), key=queue.code))
    items.append(_item("全部事项", f"{reverse('cases:list')}?tab=all", "list", key="all"))
    if actor.has(Role.CLERK, Role.OPERATOR):
        items += _known(("来访登记簿", "hall:visits", "users"), ("今天谁坐班", "hall:roster", "building"))
    if actor.has(Role.DISPATCHER):
        items += _known(("派单目录", "cases:catalogue", "split"))
    if board := board_url(actor):
        items.append(_item("看板", board, "chart", key="board"))
    return items


def _admin_items(request: HttpRequest) -> list[Item]:
    """One line for each page this administrator has, as the configuration itself says."""
    icons = {"user": "users", "post": "user", "unit": "building", "auditentry": "eye", "auditseal": "shield"}
    items = []
    for app in admin.site.get_app_list(request):
        for model in app["models"]:
            if model.get("admin_url"):
                icon = icons.get(model["object_name"].lower(), "settings")
                items.append(_item(str(model["name"]), model["admin_url"], icon, key=model["object_name"]))
    return items


def _known(*rows: tuple[str, str, str]) -> list[Item]:
    """Those of these pages that there are."""
    return [_item(label, where(name), icon, key=name) for label, name, icon in rows if where(name)]


def _item(label: str, url: str, icon: str, *, key: str, count: int | None = None) -> Item:
    return {"url": url, "label": label, "icon": icon, "key": key, "count": count, "active": False}


def _mark(request: HttpRequest, items: list[Item]) -> None:
    """Mark where we are: the line whose address and query fit best."""
    best, weight = None, 0
    asked = set(parse_qsl(request.META.get("QUERY_STRING", "")))
    for item in items:
        path, _, query = item["url"].partition("?")
        wanted = set(parse_qsl(query))
        whole = request.path == path
        fits = (whole or (len(path) > 1 and request.path.startswith(path))) and wanted <= asked
        score = 1 + len(path) + len(wanted) + (2 if whole else 0)
        if fits and score > weight:
            best, weight = item, score
    if best is None:
        best = next((item for item in items if request.path.startswith("/cases/") and item["key"] == "all"), None)
    if best:
        best["active"] = True


def _counts(request: HttpRequest, actor: Actor) -> dict[str, int]:
    """How many wait in each queue; the desk and the list have counted already."""
    known: dict[str, int] = getattr(request, "desk_counts", None) or {}
    queues = lanes.queues_of(actor)
    if all(queue.code in known for queue in queues):
        return known
    return lanes.queue_counts(actor, timezone.now())


def _phone(items: list[Item]) -> list[Item]:
    """At most four in the bottom bar, the registration large in the middle; the rest is behind 更多."""
    known = {item["key"]: item for item in items}
    queue = next((item for item in items if item["count"] is not None), None)
    order = [known.get("home"), queue or known.get("all"), known.get("new"), known.get("inbox")]
    chosen = [item for item in order if item]
    if len(chosen) < 4 and known.get("all") and known["all"] not in chosen:
        chosen.insert(2, known["all"])
    return [{**item, "big": item["key"] == "new"} for item in chosen]
