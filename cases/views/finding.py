"""The search of the top bar. It comes by POST, so that what was typed is judged before it stands in any address: words and
numbers go on to the list, a phone or an ID number never leaves the body of the request."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import request_meta
from accounts.queries import Actor
from cases.choices import PartySide
from cases.models import Case
from cases.search import NOT_HERE, NUMBER_LENGTH, CannotSearch, matching, names_a_person, person_kind
from cases.services import person_search
from cases.services.person_search import KINDS
from cases.views.door import staff
from cases.views.due import due_of
from governance_portal.lib.errors import Incomplete

LONGEST = 100
KEY = "person_searches"
MOST_KEPT, KEPT_SECONDS = 5, 1800
MOST_ROWS = 100
REASONS = ("来访人在窗口", "来电人在线", "回访核实")


@staff
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Send on: a number or its end to its case, words to the list, a phone or ID number to the question why."""
    text = request.POST.get("q", "").strip()[:LONGEST]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if kind := person_kind(text):
        person_search.may_search(actor)
        return HttpResponseRedirect(reverse("cases:person", args=[_kept(request, kind, text)]))
    if names_a_person(text):
        messages.error(request, NOT_HERE)
        return HttpResponseRedirect(reverse("cases:list"))
    if number := _only(actor, text):
        return HttpResponseRedirect(reverse("cases:case", args=[number]))
    return HttpResponseRedirect(f"{reverse('cases:list')}?{urlencode({'tab': 'all', 'q': text})}")


def _only(actor: Actor, text: str) -> str:
    """The number of the only case whose number is meant; "" when there are several, or words were typed."""
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH):
        return ""
    try:
        found = matching(Case.objects.visible_to(actor, timezone.now()).order_by(), text)
    except CannotSearch:
        return ""
    numbers = list(found.values_list("number", flat=True)[:2])
    return numbers[0] if len(numbers) == 1 else ""


# --- a person ---------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, token: str) -> HttpResponse:
    """Ask why, then show the matters of the person; half an hour long, in this session only."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person_search.may_search(actor)
    asked = _find(request, token, now)
    context: dict[str, Any] = {
        "title": f"按{KINDS[asked['kind']]}查找",
        "what": KINDS[asked["kind"]],
        "masked": asked["masked"],
        "reasons": REASONS,
        "now": now,
    }
    if request.method == "POST":
        try:
            asked["reason"] = person_search.put_on_record(
                actor, asked["kind"], asked["hashes"], request.POST.get("reason", ""), now, **request_meta(request)
            )
        except Incomplete as refused:
            return render(request, "cases/person.html", {**context, "errors": refused.errors["reason"]}, status=400)
        request.session.modified = True
        return HttpResponseRedirect(reverse("cases:person", args=[token]))
    if asked["reason"]:
        context |= {"reason": asked["reason"], **_found(actor, asked["hashes"], now)}
    return render(request, "cases/person.html", context)


def _kept(request: HttpRequest, kind: str, text: str) -> str:
    """Keep the question in the session, as hashes and a masked form; return the word it is called by."""
    token = secrets.token_urlsafe(12)
    kept = {
        "kind": kind,
        "hashes": person_search.hashes_of(kind, text),
        "masked": person_search.masked_form(kind, text),
        "reason": "",
        "at": timezone.now().isoformat(),
    }
    earlier = list(request.session.get(KEY, {}).items())[1 - MOST_KEPT :]
    request.session[KEY] = {**dict(earlier), token: kept}
    return token


def _find(request: HttpRequest, token: str, now: datetime) -> dict[str, Any]:
    asked: dict[str, Any] | None = request.session.get(KEY, {}).get(token)
    at = parse_datetime(asked["at"]) if asked else None
    if asked is None or at is None or (now - at).total_seconds() > KEPT_SECONDS:
        raise Http404
    return asked


def _found(actor: Actor, hashes: list[str], now: datetime) -> dict[str, Any]:
    found = person_search.cases_of(actor, hashes, now)
    rows = found.select_related("lead_unit", "category").prefetch_related("parties").order_by("-registered_at", "-pk")
    return {"total": found.count(), "rows": [_row(case, set(hashes), now) for case in rows[:MOST_ROWS]]}


def _row(case: Case, hashes: set[str], now: datetime) -> dict[str, Any]:
    sides = {party.side for party in case.parties.all() if hashes & {party.phone_index, party.id_index}}
    due = due_of(case, now)
    return {
        "url": reverse("cases:case", args=[case.number]),
        "number": case.number,
        "title": case.title,
        "category": case.category.name if case.category else case.get_kind_display(),
        "unit": (case.lead_unit.short_name or case.lead_unit.name) if case.lead_unit else "",
        "side": "反映人" if PartySide.REPORTER in sides else "对方当事人",
        "registered_at": case.registered_at,
        "stage": case.stage,
        "status": case.status,
        "status_label": case.get_status_display(),
        "orders": case.orders_open,
        "due": due,
    }
