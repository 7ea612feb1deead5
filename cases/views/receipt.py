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
from cases.choices import Clock, Outcome, PartyRole, PartySide, Receiver, Status
from cases.models import Case, Event
from cases.services.door import posts_of
from cases.standing import Standing
from cases.views.door import staff
from cases.views.due import until_words
from governance_portal.lib.errors import NotYou
from governance_portal.lib.numbers import format_code, query_code

MAY_PRINT = frozenset({Standing.CLERK, Standing.OPERATOR})
PAPERS = {"a4": "A4 两联", "a5": "A5", "roll": "80 毫米小票"}
PARTS = ("群众联", "存根联")
#: Lines to sign on one sheet; who is more than that signs on a second one.
SIGNING_LINES = 24


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


@staff
@require_safe
def representatives(request: HttpRequest, number: str) -> HttpResponse:
    """推选代表书 of a joint visit (信访工作条例 §20 ¶3): representatives by name, lines for everybody to sign; on record."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    if not MAY_PRINT & set(posts_of(case, actor, now)):
        raise NotYou("推选代表书由窗口受理员或话务员打印。")
    chosen = [party for party in case.parties.filter(side=PartySide.REPORTER) if party.role == PartyRole.REPRESENTATIVE]
    audit.record(
        actor,
        "unmask",
        f"case:{case.number}",
        "打印推选代表书",
        {"parties": len(chosen)},
        now=now,
        **audit.request_meta(request),
    )
    return render(
        request,
        "cases/representatives.html",
        {
            "case": case,
            "title": f"推选代表书 {case.number}",
            "number": grouped(case.number),
            "chosen": [(party.contact or {}) for party in chosen],
            "signers": range(min(max(case.visitor_count - len(chosen), 6), SIGNING_LINES)),
            "back_url": reverse("cases:receipt", args=[case.number]),
            "now": now,
        },
    )


def _context(request: HttpRequest, case: Case, actor: Actor, paper: str, now: datetime) -> dict[str, Any]:
    code = query_code(case.number, case.query_issue)
    # The fragment never reaches a server, so neither number nor code is written to a log.
    address = request.build_absolute_uri(reverse("public:query")) + f"#n={case.number}&c={code}"
    events = list(case.events.order_by("seq"))
    first = events[0]
    joint = case.parties.filter(role=PartyRole.REPRESENTATIVE).exists()
    return {
        "case": case,
        "title": f"受理回执 {case.number}",
        "number": grouped(case.number),
        "code": format_code(code),
        "qr": segno.make(address, error="m").svg_data_uri(border=2, dark="#000"),
        "promise": promise_of(case),
        "next_words": next_of(case),
        "turn_to": turn_to(case, events),
        "reply": reply_of(case, events),
        "told": first.data.get("told", []),
        "told_at": first.at,
        "joint_url": reverse("cases:representatives", args=[case.number]) if joint else "",
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
    if case.status == Status.DECLINED:
        return "这件事由下面写的单位办理。对本中心不予受理有意见的，可凭本回执到窗口申请复审。"
    if case.outcome == Outcome.TRANSFERRED:
        return "已移送有权机关办理，由其答复您；移送情况可凭本回执查询。"
    if case.status in (Status.FOLLOW_UP, Status.SUPERVISION, Status.CLOSED) and case.resolved_at:
        return "已当场答复。对答复满意不满意，都可以扫码评价，工作人员也可能回访您。"
    if not case.accepted_at:
        return "窗口核对后告诉您是否受理；受理后转交办理单位，办结后请您评价。"
    unit = case.lead_unit.name if case.lead_unit_id and case.lead_unit else "办理单位"
    return f"由{unit}办理，办好后答复您，并请您评价。"


def turn_to(case: Case, events: list[Event]) -> str:
    """Where somebody at the wrong office turns, as the clerk wrote it; "" for everybody else."""
    last = next((event for event in reversed(events) if event.kind in ("decline", "transfer")), None)
    if last is None:
        return ""
    if last.kind == "transfer":
        return f"已移送：{Receiver(last.data['receiver']).label}" if case.outcome == Outcome.TRANSFERRED else ""
    return str(last.data.get("instead", "")) if case.status == Status.DECLINED else ""


def reply_of(case: Case, events: list[Event]) -> str:
    """The answer given on the spot; another one is printed as a letter, not here."""
    return next((str(event.data.get("reply", "")) for event in events if event.kind == "resolve_on_spot"), "")
