"""The people of a case on its page: masked, shown for a reason and on record, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import request_meta
from accounts.queries import Actor
from cases import choices as c
from cases import queries
from cases.intake import PARTY_FIELDS
from cases.models import Case, Party
from cases.services import amend_contact, unmask
from cases.services.parties import masked, may_amend_contact, may_unmask
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete

HIDDEN_NATURES = (c.Nature.CONDUCT, c.Nature.REPORT)
OTHER_REASON = "其他（请写明）"
#: Why people call; the last one asks for words.
REASONS = ("电话回访", "核实情况", "通知办理进展", "约定上门时间", "通知补充材料", OTHER_REASON)


@staff
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show the contact data of one person of one case for a reason, on record; in place, or as a page without scripts."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    context: dict[str, Any] = {"may_unmask": True, "may_amend": may_amend_contact(case, actor, now)}
    asked = request.POST.get("party", "")
    try:
        rows = unmask(
            case, actor=actor, reason=reason_of(request.POST), now=now, party_uid=asked, **request_meta(request)
        )
    except Incomplete as refused:
        context |= {"errors": refused.errors["reason"], "asked": asked}
        return _answer(request, case, actor, now, context, 400)
    return _answer(request, case, actor, now, {**context, "opened": rows}, 200)


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
        return _answer(request, case, actor, now, {**context, "refused": refused.detail}, 400)
    response = _answer(request, case, actor, now, {**context, "corrected": True}, 200)
    response["X-Case-Version"] = f"{case.version - 1},{case.version}"  # the door's own count, read under its lock
    return response


def reason_of(posted: QueryDict) -> str:
    """The reason that was chosen from the short list, or the words where none of it fits."""
    chosen, words = posted.get("reason", "").strip(), posted.get("reason_other", "").strip()
    if chosen == OTHER_REASON or not chosen:
        return words
    return f"{chosen}：{words}" if words else chosen


def _answer(
    request: HttpRequest, case: Case, actor: Actor, now: datetime, context: dict[str, Any], status: int
) -> HttpResponse:
    template = "cases/_parties.html" if request.headers.get("HX-Request") else "cases/parties.html"
    opened = {row["id"]: row for row in context.get("opened", ())}
    parties = sides_of(case, list(case.parties.all()), context["may_unmask"], opened)
    more = {"case": case, "number": case.number, "title": "当事人", "parties": parties, "reasons": REASONS}
    return render(request, template, {**more, "other_reason": OTHER_REASON, **context}, status=status)


def sides_of(
    case: Case, parties: Iterable[Party], may_see: bool, opened: Mapping[str, dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """People by side, masked but for those just opened; who asked for confidence, or complains about a unit, is not hinted at."""
    rows = [(opened or {}).get(str(party.uid)) or masked(party) for party in parties]
    sides = []
    for side in c.PartySide:
        people = [row for row in rows if row["side"] == side]
        hidden = side == c.PartySide.REPORTER and is_hidden(case) and not may_see
        sides.append(
            {
                "side": side.value,
                "label": str(side.label),
                "people": [] if hidden else [_spoken_party(row, row["id"] in (opened or {})) for row in people],
                "hidden": hidden,
                "none": _none(case, side),
            }
        )
    return sides


def _spoken_party(person: dict[str, Any], is_open: bool) -> dict[str, Any]:
    return {**person, "role_label": str(c.PartyRole(person["role"]).label), "opened": is_open}


def _none(case: Case, side: c.PartySide) -> str:
    if side == c.PartySide.OTHER:
        return "没有登记"
    return "匿名反映" if case.anonymous else "没有登记"


def is_hidden(case: Case) -> bool:
    """Tell whether the reporter is not even hinted at to those who need not call."""
    return case.confidential or case.nature in HIDDEN_NATURES
