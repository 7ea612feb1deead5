"""The page of one case: one look tells where it stands, who has it, until when, and what is expected of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases import choices as c
from cases import dossier, queries
from cases.crowds.cards import card_of
from cases.deciding.cards import cards_of
from cases.dossier import Dossier
from cases.hazards.cards import hazard_card
from cases.matching import decided_at_window
from cases.models import Case, Deadline, Event
from cases.patrols import queries as patrols
from cases.ranking.cards import exclusion_card
from cases.reviewing.views import reviews_of
from cases.services.linking import may_ask_others, may_link
from cases.services.parties import may_unmask_as
from cases.services.retention import may_hold
from cases.standing import Standing
from cases.supervising.cards import checks_of, order_card
from cases.views.agreement import agreement_group
from cases.views.contact import OTHER_REASON, REASONS, is_hidden, sides_of
from cases.views.door import staff
from cases.views.due import TENTATIVE, due_of, until_words
from cases.views.files import PURPOSES, file_row
from cases.views.history import stages_of
from cases.views.moves import buttons_of
from cases.views.related import related_of
from cases.views.together import together_shown
from cases.views.whereabouts import notes_of, whereabouts_of
from cases.worklist import following
from governance_portal.lib import spoken
from governance_portal.lib.masking import mask_address
from grids.queries import beside, chain_of

UNIT_STANDINGS = {Standing.OFFICER, Standing.IN_CHARGE, Standing.LEAD, Standing.MEDIATOR, Standing.ASSISTANT}
MAY_PRINT_RECEIPT = {Standing.CLERK, Standing.OPERATOR}
#: Who hands the answer over; the handling unit does not hold the query code, which opens the rating.
MAY_HAND_OVER = frozenset({Standing.CLERK, Standing.OPERATOR, Standing.FOLLOW_UP_OFFICER})
#: Whose date is the resident's: the last of these.
RESIDENTS_CLOCKS = (c.Clock.ACCEPT_BY, c.Clock.RESOLVE_BY)
ANSWERED = (c.Status.FOLLOW_UP, c.Status.CLOSED, c.Status.ARCHIVED)


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The case page; `?only=public` keeps of the history what the resident reads."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = dossier.whole(dossier.find(actor, number, now), actor, now)
    told = described(whole, now, public_only=request.GET.get("only") == "public")
    context = {
        **told,
        **buttons_of(whole.case, whole.moves, whole.records, whole.requests, whole.tasks),
        "may_attach": any(offer.name == "attach" for offer in whole.records),
        "purposes": PURPOSES,
        "reasons": REASONS,
        "other_reason": OTHER_REASON,
        "receipt": bool(whole.standing & MAY_PRINT_RECEIPT),
        **follow_up_ways(whole.case, whole.standing),
        "may_hold": may_hold(actor),
        "drafts_done": request.session.pop("drafts_done", []) if "drafts_done" in request.session else [],
        **related_of(whole, actor, now),
        **cards_of(whole, told["events"], now),
        **reviews_of(whole, told["events"], actor, now),
        **checks_of(whole),
        **together_shown(whole, actor, now),
        **patrols.shown(whole.case, actor),
        **following.of(request, number),
        **card_of(whole, actor, now),
        **hazard_card(whole),
        **exclusion_card(whole, actor, now),
    }
    here = context["expected"]
    context["where"] = whereabouts_of(whole.case, context["events"], here["label"] if here else "", now)
    context["decided"] = decided_at_window(context["events"], actor, now)
    context["may_merge"] = any(offer.name == "merge" for offer in whole.moves)
    return render(request, "cases/case.html", context)


def follow_up_ways(case: Case, standing: frozenset[Standing]) -> dict[str, str]:
    """Where the call is made and where the answer is printed, for those who do it; "" for everybody else."""
    calls = case.status == c.Status.FOLLOW_UP and Standing.FOLLOW_UP_OFFICER in standing
    hands_over = case.status in ANSWERED and bool(case.resolved_at) and bool(standing & MAY_HAND_OVER)
    return {
        "call_url": reverse("cases:following_up:call", args=[case.number]) if calls else "",
        "answer_url": reverse("cases:following_up:answer", args=[case.number]) if hands_over else "",
    }


def described(whole: Dossier, now: datetime, *, public_only: bool = False) -> dict[str, Any]:
    """Return what page and paper say of a case alike: head, facts, people, files, orders, history; people masked."""
    case = whole.case
    events = queries.history(case)
    files = {str(attachment.uid): attachment for attachment in whole.attachments}
    may_see = may_unmask_as(case, whole.standing)
    return {
        "case": case,
        "title": case.title,
        "number": case.number,
        "now": now,
        "events": events,
        "status_label": case.get_status_display(),
        "due": due_of(case, now),
        "notes": notes_of(case, events),
        "orders": [order_card(order, events, now) for order in whole.orders],
        "groups": _groups(whole, events, now),
        "parties": sides_of(case, whole.parties, may_see),
        "may_unmask": may_see,
        "may_link": may_link(whole.standing),
        "may_ask_others": may_ask_others(case, whole.standing),
        "files": [file_row(attachment, case) for attachment in whole.attachments],
        "public_only": public_only,
        "stages": stages_of(
            events,
            files,
            lambda found: file_row(found, case),
            ratings=not whole.standing or bool(whole.standing - UNIT_STANDINGS),
            now=now,
            public_only=public_only,
            is_open=case.is_open,
            known={case.category.code: case.category.name} if case.category else {},
        ),
    }


# --- facts ------------------------------------------------------------------------------------------------------


def _groups(whole: Dossier, events: Sequence[Event], now: datetime) -> list[dict[str, Any]]:
    agreement = agreement_group(whole.case, whole.deadlines, events, now)
    groups = (_matter(whole.case, whole.deadlines), _place(whole.case), _handling(whole), agreement)
    return [group for group in groups if group["rows"]]


def _until(case: Case, deadlines: Sequence[Deadline]) -> str:
    """Until when: the date, 暂定 past the published year, and the day before the roll where a holiday moved it (民法典 §203)."""
    if not case.due_at:
        return ""
    clock = max(
        (row for row in deadlines if row.clock in RESIDENTS_CLOCKS),
        key=lambda row: (RESIDENTS_CLOCKS.index(row.clock), row.period),
        default=None,
    )
    words = until_words(case.due_at) + (TENTATIVE if case.due_tentative else "")
    if clock is None or clock.nominal_at == clock.due_at:
        return words
    return f"{words}；名义到期 {until_words(clock.nominal_at)}，遇节假日顺延"


def _matter(case: Case, deadlines: Sequence[Deadline]) -> dict[str, Any]:
    category = str(case.category) if case.category_id else "尚未归类"
    rows = [
        {"label": "大类", "value": case.get_kind_display()},
        {"label": "类别", "value": category},
        {
            "label": "等级",
            "template": "cases/_level.html",
            "with": {"level": case.level, "label": case.get_level_display()},
        },
        {"label": "来源", "value": case.get_channel_display()},
        {"label": "程序", "value": case.get_procedure_display()},
        {"label": "登记", "value": spoken.full_words(case.registered_at)},
    ]
    if case.due_at:
        rows.append({"label": "办结期限" if case.accepted_at else "受理期限", "value": _until(case, deadlines)})
    if case.outcome:
        rows.append({"label": "化解结果", "value": case.get_outcome_display()})
    if case.willing_to_mediate is not None and case.kind == c.Kind.DISPUTE:
        rows.append({"label": "调解", "value": "愿意调解" if case.willing_to_mediate else "不愿调解"})
    if case.complained_unit_id:
        rows.append({"label": "被投诉单位", "value": f"{case.complained_unit}（{case.get_nature_display()}）"})
    return {"title": "事项", "rows": rows}


def _place(case: Case) -> dict[str, Any]:
    chain = [name for _code, name in chain_of(case.grid_code or case.area_code)]
    named = [beside(name, *chain[:place]) for place, name in enumerate(chain)]
    return {
        "title": "地点",
        "rows": [
            {"label": "属地", "value": " · ".join(named[1:] or named)},
            {"label": "地址", "value": case.address if not is_hidden(case) else mask_address(case.address)},
        ],
    }


def _handling(whole: Dossier) -> dict[str, Any]:
    case, rows = whole.case, []
    if case.first_unit_id:
        rows.append({"label": "首接单位", "value": str(case.first_unit)})
    if case.lead_unit_id:
        rows.append({"label": "主办单位", "value": str(case.lead_unit)})
        rows.append({"label": "协办单位", "value": "、".join(row.unit.name for row in whole.assisting)})
        rows.append({"label": "承办人", "value": case.handler.name if case.handler else "尚未签收"})
        rows.append({"label": "方式", "value": case.get_mode_display()})
    return {"title": "办理", "rows": [row for row in rows if row["value"]]}
