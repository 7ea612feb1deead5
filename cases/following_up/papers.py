"""Paper of the follow-up: 回访记录表 (facts §4.1 D25), and the answer with the way to rate it."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.queries import Actor
from cases import queries as reading
from cases.choices import Outcome, PartySide, Status
from cases.following_up import services
from cases.following_up.views import FIVE_TO_THREE
from cases.models import Case, Event, FollowUp, LookBack
from cases.public.telling import ANSWERED, told_of
from cases.services.door import posts_of
from cases.services.parties import masked
from cases.views.detail import MAY_HAND_OVER
from cases.views.door import staff
from cases.views.receipt import grouped
from governance_portal.lib.errors import NotNow, NotYou
from governance_portal.lib.numbers import format_code, query_code


@staff
@require_safe
def record(request: HttpRequest, number: str) -> HttpResponse:
    """回访记录表: the answers of this round, or lines to write on where there are none yet. People are masked."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = reading.case_for(actor, number, now)
    services.need_keeper(case, actor, now)
    events = reading.history(case)
    row = FollowUp.objects.filter(case=case).order_by("-round").first()
    since = row.opened_at if row else case.registered_at
    tries = [event for event in events if event.kind == "contact" and event.at >= since]
    said = _said(case, events)
    audit.record(actor, "print_follow_up", f"case:{number}", "", {}, now=now, **audit.request_meta(request))
    context = {
        "title": f"回访记录表 {number}",
        "case": case,
        "number": grouped(case.number),
        "people": [masked(party) for party in case.parties.filter(side=PartySide.REPORTER)],
        "others": [masked(party) for party in case.parties.filter(side=PartySide.OTHER)],
        "row": row,
        "why": _why(row),
        "tries": tries,
        "five": [
            {"label": label, "three": three, "chosen": case.satisfaction == int(five)}
            for five, label, three in FIVE_TO_THREE
        ],
        "contacted": said.get("contacted"),
        "words": said.get("note", ""),
        "performed": _performed(case, events),
        "looks": LookBack.objects.filter(case=case, done_at__isnull=False).order_by("done_at"),
        "back_url": reverse("cases:case", args=[number]),
        "printed_by": actor.name,
        "now": now,
    }
    return render(request, "cases/following_up/record.html", context)


def _why(row: FollowUp | None) -> str:
    if row is None:
        return ""
    if not row.called:
        return "抽访未抽中"
    return "按规定必须回访" if row.must else f"抽中回访（抽取比例 {row.share}%）"


def _said(case: Case, events: list[Event]) -> dict[str, Any]:
    found = [event for event in events if event.kind in ("confirm", "close_explained")]
    return dict(found[-1].data) if found and case.status != Status.FOLLOW_UP else {}


def _performed(case: Case, events: list[Event]) -> str:
    told = [event for event in events if event.kind == "perform" and event.data.get("performed") is not None]
    last = told[-1] if told else None
    if last is None:
        return "" if case.outcome != Outcome.AGREED else "达成协议，待履行"
    words = "按约履行" if last.data["performed"] else "没有按约履行"
    return f"{words}，{'已全部履行' if last.data['complete'] else '尚未履行完'}"


@staff
@require_safe
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """答复 to be handed over: the words the resident reads, what can be done against it, and a code to rate it with.

    Number and query code stand in the fragment of the address, which no server and no log ever gets (as the receipt).
    """
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = reading.case_for(actor, number, now)
    if not MAY_HAND_OVER & set(posts_of(case, actor, now)):
        raise NotYou("答复由窗口受理员、话务员或回访员打印；上面有居民的查询码。")
    told = told_of(case, now)
    if case.status not in ANSWERED or not told["view"]["reply"]:
        raise NotNow("还没有给居民的答复，审核通过后才能打印。", current_status=case.status)
    code = query_code(case.number, case.query_issue)
    address = request.build_absolute_uri(reverse("public:query")) + f"#n={case.number}&c={code}"
    detail = {"issue": case.query_issue}
    audit.record(actor, "print_answer", f"case:{number}", "", detail, now=now, **audit.request_meta(request))
    context = {
        **told,
        "title": f"答复 {number}",
        "case": case,
        "code": format_code(code),
        "qr": segno.make(address, error="m").svg_data_uri(border=2, dark="#000"),
        "may_rate": told["view"]["can_rate"],
        "back_url": reverse("cases:case", args=[number]),
        "now": now,
    }
    return render(request, "cases/following_up/answer.html", context)
