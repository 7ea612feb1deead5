"""Cards of the case page: what was asked and decided, what came back, 会商, joint tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cases import choices as c
from cases.choices import RequestKind, Status
from cases.dossier import Dossier
from cases.models import Event
from cases.services.routing import named_line
from cases.standing import Standing
from governance_portal.lib.working_days import SHANGHAI

#: Who sees where a matter was sent and why it came back: those who send, and those who steer.
STEERS = frozenset({Standing.DISPATCHER, Standing.SUPERVISOR, Standing.CENTRE_LEAD})
SENT = {"dispatch": "分流", "conclude": "会商指定", "reassign": "改派", "insist": "不同意退回", "return": "退回"}


def cards_of(whole: Dossier, events: Sequence[Event], now: datetime) -> dict[str, Any]:
    """Return `{asked, came_home, consultations, tasks}`; a query for the catalogue only where a matter came back."""
    return {
        "asked": _asked(whole),
        "came_home": _came_home(whole, events, now),
        "consultations": [_consultation(row) for row in whole.consultations],
        "tasks": _tasks(whole, now),
    }


def _asked(whole: Dossier) -> list[dict[str, Any]]:
    reads = whole.standing - {Standing.ASSISTANT}
    return [
        {
            "pk": row.pk,
            "label": f"申请{row.get_kind_display()}",
            "amount": row.amount if row.kind == RequestKind.EXTENSION else None,
            "at": row.requested_at,
            "reason": row.reason,
            "state": _state(row),
            "note": row.decision_note,
            "decided_at": row.decided_at,
            "notice": bool(row.due_after),
        }
        for row in whole.requests
        if reads
    ]


def _state(row: Any) -> str:
    if row.withdrawn_at:
        return "已撤回"
    return "等待批复" if row.approved is None else "同意" if row.approved else "不同意"


def _came_home(whole: Dossier, events: Sequence[Event], now: datetime) -> dict[str, Any] | None:
    """What a dispatcher needs to answer a return: who, why, by which duty, where it has been, what the catalogue says."""
    case = whole.case
    if case.status != Status.RETURNED or not whole.standing & STEERS:
        return None
    last = next((event for event in reversed(events) if event.kind == "return"), None)
    if last is None:
        return None
    line = named_line(case, now)
    unit = last.data.get("from_unit_name") or last.actor_unit
    return {
        "unit": unit,
        "who": last.actor_name,
        "at": last.at,
        "reason": c.ReturnReason(last.data["reason"]).label,
        "basis": last.data["basis"],
        "own": bool(last.data.get("within_own_line")),
        "line": {"unit": line.unit_name, "source": line.source} if line else None,
        "trail": [
            {
                "at": event.at,
                "what": SENT[event.kind],
                "unit": event.data.get("lead_unit_name") or event.data.get("from_unit_name") or "",
                "who": event.actor_name,
            }
            for event in events
            if event.kind in SENT
        ],
    }


def _consultation(row: Any) -> dict[str, Any]:
    said = list(row.units.all())
    return {
        "pk": row.pk,
        "question": row.question,
        "at": row.opened_at,
        "reply_by": row.reply_by,
        "opinions": [
            {"unit": one.unit.name, "text": one.opinion, "who": one.said_by, "at": one.said_at} for one in said
        ],
        "missing": sum(not one.opinion for one in said),
        "referred": row.get_referred_to_display() if row.referred_to else "",
        "why": row.referred_why,
        "number": row.number,
        "minutes": row.minutes,
        "lead": row.lead_unit.name if row.lead_unit else "",
        "assisting": row.assisting_names,
        "term": row.term,
        "line": row.line,
        "is_open": row.closed_at is None,
    }


def _tasks(whole: Dossier, now: datetime) -> list[dict[str, Any]]:
    today = now.astimezone(SHANGHAI).date()
    return [
        {
            "unit": task.unit.name,
            "what": task.what,
            "due_on": task.due_on,
            "late": task.is_undone and task.due_on < today,
            "done_at": task.done_at,
            "done_by": task.done_by.name if task.done_by else "",
            "result": task.result,
        }
        for task in whole.tasks
    ]
