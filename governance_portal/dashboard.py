"""The first page after the door: the desk of this person's posts; residents see the front page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.queries import Actor
from cases import desks, lanes, public
from cases.crowds.hot import may_look
from cases.services.registering import REGISTRARS
from cases.statistics.reach import units_led
from cases.views import desk as case_desk
from governance_portal import offices
from hotlines.desk import queries as calls

GREETINGS = {Role.CLERK: "登记来访", Role.OPERATOR: "登记来电", Role.GRID_WORKER: "上报事项"}


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Residents see what the centre is; whoever is logged in lands on the desk of their posts."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.user_id:
        return public.home(request)
    if desks.has_cases(actor):
        return _cases(request, actor)
    return render(request, "dashboard/office.html", offices.desk(request, actor, timezone.now()))


def _cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = timezone.now()
    drawn = case_desk.desk(actor, now)
    request.desk_counts = drawn["counts"]  # type: ignore[attr-defined]  # the rail shows the same figures
    request.calls_waiting = _with_calls(actor, drawn, now)  # type: ignore[attr-defined]  # the rail shows the same figure
    context = {**drawn, "title": "工作台", "now": now, "register": _register(actor), "board_url": board_url(actor)}
    context["crowds_url"] = where("crowds:desk") if may_look(actor) else ""
    return render(request, "dashboard/desk.html", context)


@never_cache
@login_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures anew, for the page that asks every minute; says so when they are not what was drawn."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not desks.has_cases(actor):
        return HttpResponse(status=204)
    now = timezone.now()
    context = case_desk.live(actor, now)
    _with_calls(actor, context, now)
    before = request.GET.get("drawn", "")
    return render(request, "dashboard/_figures.html", {**context, "moved": before not in ("", context["drawn"])})


def _with_calls(actor: Actor, drawn: dict[str, Any], now: datetime) -> int | None:
    """An operator's last figure is what waits at the telephone; what was registered today is a column already."""
    if lanes.role_of(actor) != Role.OPERATOR:
        return None
    waits = calls.count(actor, now)
    tile = {"label": "来电和待回电", "value": waits, "unit": "个", "url": reverse("hotlines:desk"), "tone": ""}
    drawn["tiles"] = [*drawn["tiles"][:-1], tile]
    drawn["drawn"] = f"{drawn['drawn']}-{waits}"
    return waits


def _register(actor: Actor) -> dict[str, str] | None:
    """The big first button of whoever takes matters in."""
    if not actor.has(*REGISTRARS):
        return None
    return {"url": reverse("cases:new"), "label": GREETINGS.get(Role(lanes.role_of(actor) or Role.CLERK), "登记")}


BOARD_ROLES = (Role.LEADER, Role.SUPERVISOR, Role.DISPATCHER)


def board_url(actor: Actor) -> str:
    """The leader's board, for those who read it; who leads a unit has the board of what the unit leads."""
    return where("cases:board") if actor.has(*BOARD_ROLES) or units_led(actor) else ""


def where(name: str, *args: Any) -> str:
    """The address of a page, "" while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
