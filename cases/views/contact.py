"""The people of a case on its page: masked, shown for a reason and on record, corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import request_meta
from accounts.queries import Actor
from cases import choices as c
from cases import queries
from cases.intake import PARTY_FIELDS
from cases.models import Case
from cases.services import amend_contact, unmask
from cases.services.parties import masked, may_amend_contact, may_unmask
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete

HIDDEN_NATURES = (c.Nature.CONDUCT, c.Nature.REPORT)


@staff
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show the contact data of one case for a reason, on record; in place, or as a page without scripts."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    context: dict[str, Any] = {"may_unmask": True, "may_amend": may_amend_contact(case, actor, now)}
    try:
        rows = unmask(case, actor=actor, reason=request.POST.get("reason", ""), now=now, **request_meta(request))
    except Incomplete as refused:
        context |= {"parties": parties_of(case, actor, now, True), "errors": refused.errors["reason"]}
        return _answer(request, case, context, 400)
    return _answer(request, case, context | {"parties": _opened(case, rows), "opened": True}, 200)


@staff
@require_POST
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct one person's contact data (更正); the answer is masked again."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    given = {name: request.POST[name].strip() for name in PARTY_FIELDS if name in request.POST}
    context: dict[str, Any] = {"may_unmask": may_unmask(case, actor, now)}
    try:
        amend_contact(
            case, request.POST.get("party", ""), given, actor=actor, reason=request.POST.get("reason", ""), now=now
        )
    except Incomplete as refused:
        context["refused"] = refused.detail
    else:
        context["corrected"] = True
    context["parties"] = parties_of(case, actor, now, context["may_unmask"])
    return _answer(request, case, context, 400 if "refused" in context else 200)


def _answer(request: HttpRequest, case: Case, context: dict[str, Any], status: int) -> HttpResponse:
    template = "cases/_parties.html" if request.headers.get("HX-Request") else "cases/parties.html"
    return render(request, template, {"case": case, "number": case.number, **context}, status=status)


def parties_of(case: Case, actor: Actor, now: datetime, may_see: bool) -> list[dict[str, Any]]:
    """People by side, masked; who asked for confidence, or complains about a unit, is not even hinted at."""
    rows = list(case.parties.all())
    sides = []
    for side in c.PartySide:
        people = [masked(party) for party in rows if party.side == side]
        hidden = side == c.PartySide.REPORTER and is_hidden(case) and not may_see
        sides.append(
            {
                "side": side.value,
                "label": str(side.label),
                "people": [] if hidden else [_spoken_party(person) for person in people],
                "hidden": hidden,
                "none": _none(case, side),
            }
        )
    return sides


def _spoken_party(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "role_label": str(c.PartyRole(person["role"]).label)}


def _none(case: Case, side: c.PartySide) -> str:
    if side == c.PartySide.OTHER:
        return "没有登记"
    return "匿名反映" if case.anonymous else "没有登记"


def is_hidden(case: Case) -> bool:
    """Tell whether the reporter is not even hinted at to those who need not call."""
    return case.confidential or case.nature in HIDDEN_NATURES


def _opened(case: Case, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "side": side.value,
            "label": str(side.label),
            "people": [_spoken_party(row) for row in rows if row["side"] == side],
            "hidden": False,
            "none": _none(case, side),
        }
        for side in c.PartySide
    ]
