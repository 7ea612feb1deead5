"""For every page: who acts, and how many notices wait. Nothing is asked of the database unless the page uses it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.middleware import set_actor
from accounts.queries import unread_count


def people(request: HttpRequest) -> dict[str, Any]:
    """`actor` and `unread_count`: one query each, at first use; 0 for nobody."""
    if not hasattr(request, "actor"):
        set_actor(request)
    actor = request.actor  # type: ignore[attr-defined]
    return {"actor": actor, "unread_count": SimpleLazyObject(lambda: _unread(actor.user_id))}


def _unread(user_id: int | None) -> int:
    return unread_count(user_id) if user_id else 0
