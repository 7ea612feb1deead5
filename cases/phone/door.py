"""What every page of the phone passes, and what its frame draws: the bottom bar for these posts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.choices import Role
from accounts.queries import Actor
from cases.views.door import staff

View = Callable[..., HttpResponseBase]
#: (address, label, icon, large, only for those who handle cases)
BAR: tuple[tuple[str, str, str, bool, bool], ...] = (
    ("/m/", "今天", "today", False, False),
    ("/m/cases/", "办件", "inbox", False, True),
    ("/m/report/", "上报", "plus", True, False),
    ("/map/", "地图", "map", False, True),
    ("/m/me/", "我的", "user", False, False),
)


def only_reports(actor: Actor) -> bool:
    """Tell whether somebody is on the phone as a volunteer only (红袖章, 楼栋长): he reports and sees what he reported.

    Source: workflow.md "Who sees what"; what is handed to him in the grid he sees while it is his (cases.phone.handing).
    """
    return bool(actor.posts) and all(post.role == Role.VOLUNTEER for post in actor.posts)


def bar_of(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Return the bottom bar: `[{url, label, icon, big, active}]`; the page under the longest address is the active one."""
    few = only_reports(actor)
    shown = [row for row in BAR if not (row[4] and few)]
    fitting = [row[0] for row in shown if path == row[0] or (row[0] != "/m/" and path.startswith(row[0]))]
    here = max(fitting, key=len, default="")
    return [
        {"url": url, "label": label, "icon": icon, "big": big, "active": url == here}
        for url, label, icon, big, _ in shown
    ]


def phone(view: View) -> View:
    """Let in people whose posts work with cases, and tell the template its bar (`request.phone_bar`).

    Refusals are pages and sentences, as at every staff page (`cases.views.door.staff`).
    """

    @staff
    @wraps(view)
    def barred(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase | HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        request.phone_bar = bar_of(actor, request.path)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return barred
