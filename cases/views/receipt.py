"""The receipt of a registration: number, query code, QR, until when, what happens next; printed in two parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.queries import Actor
from cases import queries
from cases.choices import Clock
from cases.models import Case
from cases.services.door import posts_of
from cases.standing import Standing
from cases.views.door import staff
from cases.views.due import until_words
from governance_portal.lib.errors import NotYou
from governance_portal.lib.numbers import format_code, query_code

MAY_PRINT = frozenset({Standing.CLERK, Standing.OPERATOR})
PAPERS = {"a4": "A4 两联", "a5": "A5", "roll": "80 毫米小票"}
PARTS = ("群众联", "存根联")


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of one case, for who registers; every view of a query code leaves an audit entry."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    if not MAY_PRINT & set(posts_of(case, actor, now)):
        raise NotYou("回执由窗口受理员或话务员打印。")
    meta = audit.request_meta(request)
    audit.record(actor, "receipt", f"case:{case.number}", "", {"issue": case.query_issue}, now=now, **meta)
    paper = request.GET.get("paper", "a4")
    paper = paper if paper in PAPERS else "a4"
    return render(request, "cases/receipt.html", _context(request, case, actor, paper, now))


def _context(request: HttpRequest, case: Case, actor: Actor, paper: str, now: datetime) -> dict[str, Any]:
    code = query_code(case.number, case.query_issue)
    # The fragment never reaches a server, so neither number nor code is written to a log.
    address = request.build_absolute_uri(reverse("public:query")) + f"#n={case.number}&c={code}"
    return {
        "case": case,
        "title": f"受理回执 {case.number}",
        "number": grouped(case.number),
        "code": format_code(code),
        "qr": segno.make(address, error="m").svg_data_uri(border=2, dark="#000"),
        "promise": promise_of(case),
        "next_words": next_of(case),
        "clerk": actor.name,
        "paper": paper,
        "papers": [{"code": code_, "label": label, "current": code_ == paper} for code_, label in PAPERS.items()],
        "parts": PARTS if paper == "a4" else PARTS[:1],
        "back_url": reverse("cases:case", args=[case.number]),
        "new_url": reverse("cases:new"),
        "reissue_url": reverse("cases:record", args=[case.number, "reissue"]),
        "issue": case.query_issue,
        "just_registered": request.GET.get("new") == "1",
        "now": now,
    }


def grouped(number: str) -> str:
    """`26112310000017` → `261123 1 000001 7`: day, channel, running number, check digit."""
    return f"{number[:6]} {number[6]} {number[7:13]} {number[13]}"


def promise_of(case: Case) -> dict[str, str]:
    """Until when, in words: the rolled date, and the nominal one where it was a holiday; 暂定 past the published year."""
    name = Clock.RESOLVE_BY if case.accepted_at else Clock.ACCEPT_BY
    clock = case.deadlines.filter(clock=name).order_by("-period").first()
    if clock is None:
        return {}
    words = until_words(clock.due_at) + "前" + ("（暂定，以公布的放假安排为准）" if clock.tentative else "")
    if clock.nominal_at.date() != clock.due_at.date():
        words += f"；原为{until_words(clock.nominal_at)}，遇节假日顺延"
    return {"label": "答复期限" if case.accepted_at else "告知是否受理", "words": words}


def next_of(case: Case) -> str:
    """What happens next, for the person who takes the paper home."""
    if not case.accepted_at:
        return "窗口核对后告诉您是否受理；受理后转交办理单位，办结后请您评价。"
    unit = case.lead_unit.name if case.lead_unit_id and case.lead_unit else "办理单位"
    return f"由{unit}办理，办好后答复您，并请您评价。"
