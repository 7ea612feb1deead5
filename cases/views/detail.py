"""The page of one case: head, facts, history, moves; and what else is opened from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases import choices as c
from cases import queries
from cases.choices import STAGE_OF, Stage, Status
from cases.models import Attachment, Case, Event
from cases.services.door import posts_of
from cases.services.parties import may_unmask
from cases.standing import Standing
from cases.views.contact import is_hidden, parties_of
from cases.views.door import staff
from cases.views.due import due_of, until_words
from cases.views.history import stages_of
from cases.views.moves import ASKS, address_of
from governance_portal.lib import spoken
from governance_portal.lib.masking import mask_address
from grids.queries import chain_of

#: A move whose `primary` is at most this is what the status waits for; from RARE_FROM on it is behind 更多.
EXPECTED_UP_TO, RARE_FROM = 10, 60
RARE_MOVES = {"consult", "suspend", "terminate", "merge", "withdraw", "archive", "escalate", "transfer", "decline"}
RARE_RECORDS = {"reissue", "amend", "order", "perform"}
UNIT_STANDINGS = {Standing.OFFICER, Standing.IN_CHARGE, Standing.LEAD, Standing.MEDIATOR, Standing.ASSISTANT}
MONTHS_DAY = "%-m月%-d日"


@staff
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The case page."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    return render(request, "cases/case.html", _context(request, case, actor, now))


def _context(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    standing = frozenset(posts_of(case, actor, now))
    events = queries.history(case)
    files = {str(attachment.uid): attachment for attachment in case.attachments.all()}
    may_see = may_unmask(case, actor, now)
    due = due_of(case, now)
    return {
        "case": case,
        "title": case.title,
        "number": case.number,
        "now": now,
        "status_label": case.get_status_display(),
        "due": due,
        "notes": _notes(case, events),
        "order_url": "#orders",
        "orders": _orders(case) if any(event.kind == "order" for event in events) else [],
        "groups": _groups(case),
        "parties": parties_of(case, actor, now, may_see),
        "may_unmask": may_see,
        "files": [file_row(attachment, case) for attachment in files.values()],
        "stages": stages_of(
            events,
            files,
            lambda found: file_row(found, case),
            ratings=not standing or bool(standing - UNIT_STANDINGS),
            now=now,
        ),
        "receipt": bool(standing & {Standing.CLERK, Standing.OPERATOR}),
        "drafts_done": request.session.pop("drafts_done", []) if "drafts_done" in request.session else [],
        **_moves(case, actor, now),
    }


def file_row(attachment: Attachment, case: Case) -> dict[str, Any]:
    """A row of components/files.html."""
    url = reverse("cases:file", args=[case.number, attachment.uid])
    about = [attachment.purpose, "居民可见" if attachment.public else ""]
    return {
        "name": attachment.name,
        "size": attachment.size,
        "url": url,
        "thumb_url": f"{url}?inline=1" if attachment.mime.startswith("image/") else "",
        "about": " · ".join(word for word in about if word),
    }


# --- moves ------------------------------------------------------------------------------------------------------


def _moves(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    offers = queries.moves_for(case, actor, now)
    records = [offer for offer in queries.records_for(case, actor, now) if _is_useful(case, offer.name)]
    expected = offers[0] if offers and offers[0].action.primary <= EXPECTED_UP_TO else None
    rest = [offer for offer in offers if offer is not expected]
    rare = [offer for offer in rest if offer.action.primary >= RARE_FROM or offer.name in RARE_MOVES]
    plain_records = [offer for offer in records if offer.name not in RARE_RECORDS]
    return {
        "expected": _button(case, expected) if expected else None,
        "others": [_button(case, offer) for offer in rest if offer not in rare],
        "records": [_button(case, offer) for offer in plain_records],
        "rare": [_button(case, offer) for offer in [*rare, *(o for o in records if o.name in RARE_RECORDS)]],
    }


def _is_useful(case: Case, name: str) -> bool:
    """A decision needs something to decide."""
    return name != "decide" or case.requests.filter(approved__isnull=True).exists()


def _button(case: Case, offer: queries.Offer) -> dict[str, Any]:
    return {
        "name": offer.name,
        "label": offer.label,
        "url": address_of(case, offer.action),
        "confirm": ASKS.get(offer.name, ""),
    }


# --- facts ------------------------------------------------------------------------------------------------------


def _groups(case: Case) -> list[dict[str, Any]]:
    return [group for group in (_matter(case), _place(case), _handling(case)) if group["rows"]]


def _matter(case: Case) -> dict[str, Any]:
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
        words = until_words(case.due_at) + ("（暂定）" if case.due_tentative else "")
        rows.append({"label": "办结期限" if case.accepted_at else "受理期限", "value": words})
    if case.outcome:
        rows.append({"label": "化解结果", "value": case.get_outcome_display()})
    if case.willing_to_mediate is not None and case.kind == c.Kind.DISPUTE:
        rows.append({"label": "调解", "value": "愿意调解" if case.willing_to_mediate else "不愿调解"})
    if case.complained_unit_id:
        rows.append({"label": "被投诉单位", "value": f"{case.complained_unit}（{case.get_nature_display()}）"})
    if case.master_id and case.master:
        rows.append(
            {"label": "已并入", "value": case.master.number, "url": reverse("cases:case", args=[case.master.number])}
        )
    return {"title": "事项", "rows": rows}


def _place(case: Case) -> dict[str, Any]:
    chain = chain_of(case.grid_code or case.area_code)
    return {
        "title": "地点",
        "rows": [
            {"label": "属地", "value": " · ".join(name for _code, name in chain[1:] or chain)},
            {"label": "地址", "value": case.address if not is_hidden(case) else mask_address(case.address)},
        ],
    }


def _handling(case: Case) -> dict[str, Any]:
    rows = []
    if case.first_unit_id:
        rows.append({"label": "首接单位", "value": str(case.first_unit)})
    if case.lead_unit_id:
        rows.append({"label": "主办单位", "value": str(case.lead_unit)})
        assisting = "、".join(row.unit.name for row in case.assisting_rows.select_related("unit"))
        if assisting:
            rows.append({"label": "协办单位", "value": assisting})
        rows.append({"label": "承办人", "value": case.handler.name if case.handler else "尚未签收"})
        rows.append({"label": "方式", "value": case.get_mode_display()})
    return {"title": "办理", "rows": [row for row in rows if row["value"]]}


def _orders(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "number": order.number,
            "label": order.get_kind_display(),
            "demand": order.demand,
            "deadline": spoken.full_words(order.deadline),
            "issuer": f"{order.issuer} {order.issuer_number}".strip(),
            "response": order.response,
            "lifted": order.lifted_at,
            "is_open": order.lifted_at is None,
        }
        for order in case.orders.all()
    ]


def _notes(case: Case, events: list[Event]) -> dict[str, str]:
    """The small words under the five: the day a stage was left, and where it is now."""
    notes: dict[str, str] = {}
    for event in events:
        if event.status_before and STAGE_OF[Status(event.status_before)] != STAGE_OF[Status(event.status_after)]:
            left = STAGE_OF[Status(event.status_before)]
            notes[left.value] = f"{timezone.localtime(event.at):{MONTHS_DAY}}"
    here = STAGE_OF[Status(case.status)]
    if here != Stage.DONE:
        notes[here.value] = str(case.get_status_display())
    return notes
