"""The page of a joint matter: its public name, its residents, its sub-items and how far they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import Actor
from cases import dossier
from cases.crowds import deciding, queries, sheets
from cases.crowds.deciding import Taken
from cases.crowds.preparing import MEASURE, ranges
from cases.crowds.views import row_of, say
from cases.models import Case
from cases.queries import records_for
from cases.services.door import record
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete

Errors = Mapping[str, Sequence[str]]
Act = Callable[[HttpRequest, Case, Actor, datetime], str]
_POSITION = re.compile(r"[0-9]{1,6}")


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Everything of one joint matter."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _page(request, dossier.find(actor, number, now), actor, now)


def _page(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    now: datetime,
    *,
    what: str = "",
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    crowd, places = queries.crowd_of(case), queries.places_of(case)
    offered = {offer.name for offer in records_for(case, actor, now)}
    residents = queries.residents_of(case, actor, now)
    typed = request.POST if what else {}
    context = {
        "title": crowd.name if crowd else case.title,
        "case": case,
        "number": case.number,
        "crowd": crowd,
        "measure": crowd.measure if crowd else MEASURE,
        "places": places,
        "progress": queries.progress_of(places),
        "residents": [row_of(one, None, now) for one in residents],
        "may": {name: name in offered for name in ("crowd", "crowd_end", "items", "items_done", "items_drop", "note")},
        "may_split": "crowd" in offered or "crowd_end" in offered,
        "what": what,
        "errors": errors or {},
        "typed": typed,
        "now": now,
    }
    return render(request, "cases/crowds/crowd.html", context, status=status)


@staff
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """One thing done to a joint matter; a refusal of what was typed is told in its form."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if what not in ACTS:
        raise Http404
    case = dossier.find(actor, number, now)
    try:
        done = ACTS[what](request, case, actor, now)
    except Incomplete as refused:
        return _page(request, case, actor, now, what=what, errors=refused.errors, status=400)
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("crowds:crowd", args=[case.number]) + f"#{WHERE.get(what, what)}")


def _given(request: HttpRequest, *names: str) -> dict[str, Any]:
    return {name: request.POST[name] for name in names if request.POST.get(name, "").strip()}


def _name(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    record(case, "crowd", actor=actor, now=now, given=_given(request, "name", "measure"))
    return "已记下，并入的居民都会看到这个名称。"


def _end(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    record(case, "crowd_end", actor=actor, now=now, given=_given(request, "note"))
    return "已取消共性诉求；并入的事项仍在本件，需要拆开的请在下面拆开。"


def _tell(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    text = request.POST.get("public_text", "").strip()
    if not text:
        raise Incomplete({"public_text": ["请写下要告诉每位居民的话。"]})
    record(case, "note", actor=actor, now=now, given={"public_text": text})
    return "每位居民的查询页都会看到这段话。"


def _items(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    sheet = request.FILES.get("sheet")
    lines = sheets.lines_of(sheet.read()) if sheet else request.POST.get("items", "")
    before = queries.progress_of(queries.places_of(case))
    record(case, "items", actor=actor, now=now, given={"items": lines})
    after = queries.progress_of(queries.places_of(case))
    added = (after.total if after else 0) - (before.total if before else 0)
    return (
        f"新列入 {added} 个子项，现在共 {after.total if after else 0} 个。"
        if added
        else "这些子项都已经列入，没有新的。"
    )


def _ticked(request: HttpRequest) -> str:
    positions = [int(one) for one in request.POST.getlist("position") if _POSITION.fullmatch(one)]
    return ranges(positions) or request.POST.get("items", "")


def _done(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    done = request.POST.get("done", "true")
    record(case, "items_done", actor=actor, now=now, given={"items": _ticked(request), "done": done})
    return "进展已记下，居民的查询页同时更新。"


def _drop(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    given = {"items": _ticked(request), **_given(request, "note")}
    record(case, "items_drop", actor=actor, now=now, given=given)
    return "已取消这些子项。"


def _split(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> str:
    taken: Taken = deciding.split(
        case.number, request.POST.getlist("numbers"), request.POST.get("note", ""), actor=actor, now=now
    )
    say(request, taken, "已拆出，各自恢复办理：")
    return ""


ACTS: Mapping[str, Act] = {
    "name": _name,
    "end": _end,
    "tell": _tell,
    "items": _items,
    "done": _done,
    "drop": _drop,
    "split": _split,
}
#: The part of the page that each belongs to.
WHERE = {"end": "name", "tell": "residents", "done": "items", "drop": "items", "split": "residents"}
