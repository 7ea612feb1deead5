"""With which post somebody works: one session, one choice, every post until one is chosen.

The choice only takes rights away for a while; who somebody is, what they handled and which second step they need stay
those of the person.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from accounts.actors import Actor, PostView
from accounts.choices import Role
from governance_portal.lib.errors import NotYou

KEY = "portal_post"
ALL = "all"
ALL_LABEL = "全部岗位"
ENDED = "您选用的岗位已经结束，现按全部岗位显示；可在右上角重新选择。"


def narrowed(request: HttpRequest, whole: Actor) -> Actor:
    """The person in the post they chose; a choice that is held no longer is forgotten, and they are told."""
    session = getattr(request, "session", None)
    chosen = session.get(KEY) if session is not None and whole.posts else None
    if chosen is None or session is None:
        return whole.only(None)
    if not any(post.id == chosen for post in whole.posts):
        del session[KEY]
        messages.info(request, ENDED, fail_silently=True)
    return whole.only(chosen)


def choose(request: HttpRequest, whole: Actor, wanted: str) -> PostView | None:
    """Keep the choice for this session; None is every post. NotYou for a post that is not held today."""
    if wanted == ALL:
        request.session.pop(KEY, None)
        return None
    for post in whole.posts:
        if str(post.id) == wanted:
            request.session[KEY] = post.id
            return post
    raise NotYou("您今天不在这个岗位上，请刷新页面后重新选择。")


def offered(whole: Actor, current: Actor) -> list[dict[str, Any]]:
    """Rows `{id, label, current}` of the menu; empty when there is nothing to choose."""
    if len(whole.posts) < 2:
        return []
    chosen = current.posts[0].id if len(current.posts) == 1 else None
    rows: list[dict[str, Any]] = [{"id": ALL, "label": ALL_LABEL, "current": chosen is None}]
    return rows + [{"id": post.id, "label": label(post), "current": post.id == chosen} for post in whole.posts]


def label(post: PostView) -> str:
    """承办人 · 井坪司法所; a deputy reads whose post it is."""
    words = f"{Role(post.role).label} · {post.unit_name}"
    return f"代{post.acting_for} · {words}" if post.acting_for else words
