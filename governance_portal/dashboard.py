"""The first page after the door, and the rail of every page: what this person's posts work with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from accounts import post_choice
from accounts.choices import Role
from accounts.queries import Actor
from cases import desks, public
from cases.services.registering import REGISTRARS


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Residents see what the centre is; staff go to their work list, administrators to their configuration."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.user_id:
        return public.home(request)
    if not desks.has_cases(actor) and actor.posts:
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(reverse("cases:list"))


def rail(request: HttpRequest) -> dict[str, Any]:
    """`nav` and `person` for the frame (a context processor); asked of the database only where a page draws them."""
    return {
        "nav": SimpleLazyObject(lambda: _items(request)),
        "person": SimpleLazyObject(lambda: _person(request)),
        "search_url": reverse("cases:list"),
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


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here, items = request.path, []
    if desks.has_cases(actor):
        items.append(_item(here, reverse("cases:list"), "事项", "list", count=_waiting(request, actor)))
    if actor.has(*REGISTRARS):
        items.append(_item(here, reverse("cases:new"), "登记", "plus"))
    if actor.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        items.append(_item(here, reverse("admin:index"), "系统配置", "settings"))
    if actor.has(Role.AUDITOR):
        items.append(_item(here, reverse("admin:accounts_auditentry_changelist"), "审计", "eye"))
    items.append(_item(here, reverse("inbox"), "通知", "bell"))
    return items


def _item(here: str, url: str, label: str, icon: str, count: int | None = None) -> dict[str, Any]:
    active = here == url or (label == "事项" and here.startswith(url) and not here.startswith(f"{url}new/"))
    return {"url": url, "label": label, "icon": icon, "count": count, "active": active}


def _waiting(request: HttpRequest, actor: Actor) -> int:
    """How many wait for this person; the work list has counted already."""
    counts = getattr(request, "desk_counts", None)
    return int(counts["mine"]) if counts else desks.desk_of(actor, timezone.now()).order_by().count()
