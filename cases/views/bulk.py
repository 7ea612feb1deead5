"""One step on many marked cases: choose the step, fill in one form, read what became of each. Works without scripts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.queries import Actor
from cases.dispatching.grouping import Group, groups_of
from cases.views.door import staff
from cases.views.forms import ASKS
from cases.views.moves import given_of
from cases.workflow import Action
from cases.worklist import bulk
from cases.worklist.bulk import Marked, Offer
from cases.worklist.listing import Listing, kept_of, query_of
from governance_portal.lib.errors import Incomplete

SHOWN_ACTIONS = 5
#: Steps that name a lead unit.
PROPOSED_IN = ("dispatch",)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """POST `case`… alone chooses the step, with `action` asks what it needs, with `go` does it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("cases:list"))
    actor, now, listing = _asked(request)
    try:
        cases = bulk.marked(request.POST.getlist("case"), listing.visible, actor, now)
    except Incomplete as refused:
        return _choose(request, listing, [], refusal="".join(refused.errors["case"]), status=400)
    action = bulk.action_of(request.POST.get("action", ""))
    if not cases:
        return _choose(request, listing, [], refusal="还没有选中事项。请在列表里勾选要一起办理的事项。", status=400)
    if action is None:
        return _choose(request, listing, cases)
    if "go" in request.POST:
        return _done(request, listing, action, cases)
    offer = bulk.offer_of(action, cases, now)
    if not offer.can:
        why = "；".join(dict.fromkeys(sentence.rstrip("。") for _case, sentence in offer.refused))
        return _choose(request, listing, cases, refusal=f"选中的事项都不能“{action.label}”：{why}。", status=409)
    return _form(request, listing, offer)


@staff
@require_POST
def offers(request: HttpRequest) -> HttpResponse:
    """The steps that the marked cases allow, as buttons of the bar under the list."""
    actor, now, listing = _asked(request)
    try:
        cases = bulk.marked(request.POST.getlist("case"), listing.visible, actor, now)
    except Incomplete as refused:
        return render(request, "cases/_bulk_ways.html", {"refusal": "".join(refused.errors["case"])})
    found = bulk.offers(cases, now)
    context = {"offers": found[:SHOWN_ACTIONS], "more": len(found) > SHOWN_ACTIONS, "none": not found}
    return render(request, "cases/_bulk_ways.html", context)


def _asked(request: HttpRequest) -> tuple[Actor, Any, Listing]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    return actor, now, Listing(query_of(request.POST.get("list", "")), actor, now)


def _choose(
    request: HttpRequest, listing: Listing, cases: Sequence[Marked], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "title": "批量办理",
        "cases": [one.case for one in cases],
        "offers": bulk.offers(cases, listing.now),
        "refusal": refusal,
        "now": listing.now,
        **_ways_back(listing),
    }
    return render(request, "cases/bulk_choose.html", context, status=status)


def _form(
    request: HttpRequest,
    listing: Listing,
    offer: Offer,
    *,
    given: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    needs = bulk.needs_of(offer)
    proposals = _proposals(offer, listing)
    if given is None and len(proposals) == 1 and proposals[0].unit:
        given = {"lead_unit": proposals[0].unit.code}
    context = {
        "title": f"批量{offer.action.label}",
        "proposals": proposals,
        "action": offer.action,
        "offer": offer,
        "needs": bulk.drawn(offer, needs, listing.now),
        "given": given or {},
        "errors": errors or {},
        "batch": request.POST.get("batch") or uuid.uuid4().hex,
        "confirm": ASKS.get(offer.action.name, "").replace("本件", "这些事项") if offer.action.name in ASKS else "",
        "now": listing.now,
        **_ways_back(listing),
    }
    return render(request, "cases/bulk_form.html", context, status=status)


def _proposals(offer: Offer, listing: Listing) -> list[Group]:
    """What the dispatch catalogue says of the marked cases; nothing where it says nothing."""
    if offer.action.name not in PROPOSED_IN:
        return []
    groups = groups_of([one.case for one in offer.can], listing.now)
    return groups if any(group.unit or group.told for group in groups) else []


def _done(request: HttpRequest, listing: Listing, action: Action, cases: Sequence[Marked]) -> HttpResponse:
    """Every marked case goes to the door, also one that would refuse by now: the door says best why."""
    offer = bulk.offer_of(action, cases, listing.now)
    asked = offer if offer.can else Offer(action, list(cases), [])
    needs = bulk.needs_of(asked)
    given = given_of(request.POST, tuple(needs))
    errors = bulk.check(asked, needs, given)
    if errors and offer.can:
        return _form(request, listing, offer, given=given, errors=errors, status=400)
    report = bulk.run(
        action,
        cases,
        given,
        actor=listing.actor,
        now=listing.now,
        batch=request.POST.get("batch", "")[:32],
        versions=_seen(request),
    )
    report.refused += bulk.lost(request.POST.getlist("case"), cases)
    context = {
        "title": f"批量{action.label}",
        "action": action,
        "report": report,
        "again": [row["number"] for row in report.refused if row["url"]],
        "now": listing.now,
        **_ways_back(listing),
    }
    return render(request, "cases/bulk_report.html", context)


def _seen(request: HttpRequest) -> dict[str, int]:
    """The versions the form was drawn from: who was faster is told, nobody is overwritten."""
    pairs = (text.split(":", 1) for text in request.POST.getlist("seen") if ":" in text)
    return {
        number: int(version)
        for number, version in pairs
        if version.isascii() and version.isdigit() and len(version) < 9
    }


def _ways_back(listing: Listing) -> dict[str, str]:
    kept = kept_of(listing.asked).urlencode()
    return {"here": kept, "back_url": f"{reverse('cases:list')}?{kept}"}
