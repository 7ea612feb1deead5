"""Cases as the API tells them: plain dictionaries in the shapes of `cases.serializers.shown`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import Unit
from cases.choices import STAGE_OF, Clock, Status
from cases.dossier import Dossier, due_state, event_data
from cases.models import Attachment, Case, Deadline, Event, HandlerRequest, SupervisionOrder
from cases.queries import Offer
from cases.services.parties import masked, may_unmask_as
from cases.workflow import TABLE
from grids.queries import names_of

#: Where each record is written; a record that is not here has a move's button or comes from elsewhere.
RECORD_PATHS: Mapping[str, tuple[str, str]] = {
    "assign": ("POST", "assignments/"),
    "note": ("POST", "notes/"),
    "contact": ("POST", "contacts/"),
    "request": ("POST", "requests/"),
    "decide": ("POST", "requests/{request}/decision/"),
    "assist": ("POST", "opinions/"),
    "withdraw_request": ("POST", "requests/{request}/withdrawal/"),
    "request_decline": ("POST", "decline-requests/"),
    "opinion": ("POST", "consultation/opinions/"),
    "refer": ("POST", "consultation/referrals/"),
    "task": ("POST", "tasks/"),
    "task_done": ("POST", "tasks/{task}/completion/"),
    "task_drop": ("POST", "tasks/{task}/cancellation/"),
    "amend": ("PATCH", ""),
    "order": ("POST", "orders/"),
    "respond": ("POST", "orders/{order}/response/"),
    "renew": ("POST", "orders/{order}/renewal/"),
    "lift": ("POST", "orders/{order}/lift/"),
    "perform": ("POST", "performances/"),
    "attach": ("POST", "attachments/"),
    "reissue": ("POST", "query-code/"),
}
#: What an endpoint calls a need by another name, or takes from its own address.
SPOKEN = {"assign": {"handler": "person"}}
IN_PATH = {
    "withdraw_request": ("request",),
    "task_done": ("task",),
    "task_drop": ("task",),
    "decide": ("request",),
    "respond": ("order",),
    "renew": ("order",),
    "lift": ("order",),
}


class Line(NamedTuple):
    """What a row of the list shows, read as these columns alone (cases.api.listing); `id` and `key` are its place."""

    id: int
    key: datetime
    number: str
    title: str
    kind: str
    channel: str
    category: str | None
    category_name: str | None
    level: str
    status: str
    area_code: str
    grid_code: str
    lead_unit: str | None
    lead_unit_name: str | None
    handler: str | None
    handler_name: str | None
    registered_at: datetime
    due_at: datetime | None
    due_warn_at: datetime | None
    due_tentative: bool
    due_running: bool
    orders_open: int
    version: int

    @classmethod
    def of(cls, case: Case) -> Line:
        """Return the line of a case whose category, lead unit and handler are joined."""
        category, unit, handler = case.category, case.lead_unit, case.handler
        return cls(
            id=case.pk,
            key=case.registered_at,
            number=case.number,
            title=case.title,
            kind=case.kind,
            channel=case.channel,
            category=case.category_code,
            category_name=category.name if category else "",
            level=case.level,
            status=case.status,
            area_code=case.area_code,
            grid_code=case.grid_code,
            lead_unit=unit.code if unit else None,
            lead_unit_name=unit.name if unit else "",
            handler=handler.username if handler else None,
            handler_name=handler.name if handler else "",
            registered_at=case.registered_at,
            due_at=case.due_at,
            due_warn_at=case.due_warn_at,
            due_tentative=case.due_tentative,
            due_running=case.due_running,
            orders_open=case.orders_open,
            version=case.version,
        )


_STATUS_LABELS = {status.value: str(status.label) for status in Status}
_STAGES = {status.value: str(stage.value) for status, stage in STAGE_OF.items()}


def lines(page: Iterable[Line], now: datetime) -> list[dict[str, Any]]:
    """Return list rows; names of places are asked for at once."""
    found = list(page)
    names = names_of({code for line in found for code in (line.area_code, line.grid_code) if code})
    return [_row(line, names, now) for line in found]


def _names_at_hand(case: Case) -> Mapping[str, str]:
    """Return the names that came with a case of `dossier.find`; asked for otherwise."""
    if "area_name" not in case.__dict__:
        return names_of({code for code in (case.area_code, case.grid_code) if code})
    return {case.grid_code: case.__dict__["grid_name"], case.area_code: case.__dict__["area_name"]}


def _row(line: Line, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return one row (`RowSerializer`)."""
    return {
        "number": line.number,
        "name": line.title,
        "title": line.title,
        "kind": line.kind,
        "channel": line.channel,
        "category": line.category or None,
        "category_name": line.category_name or "",
        "level": line.level or None,
        "status": line.status,
        "status_label": _STATUS_LABELS[line.status],
        "stage": _STAGES[line.status],
        "area": line.area_code,
        "area_name": names.get(line.area_code, ""),
        "grid": line.grid_code or None,
        "grid_name": names.get(line.grid_code, ""),
        "lead_unit": line.lead_unit,
        "lead_unit_name": line.lead_unit_name or "",
        "handler": line.handler,
        "handler_name": line.handler_name or "",
        "received_at": line.registered_at,
        "due_at": line.due_at,
        "due_tentative": line.due_tentative,
        "due_state": due_state(line, now),
        "orders_open": line.orders_open,
        "version": line.version,
    }


def standing_case(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """Return a case as it stands (`CaseSerializer`)."""
    case, shows = dossier.case, dossier.shows_rating
    return {
        **_row(Line.of(case), _names_at_hand(case), now),
        "visible": True,
        "procedure": case.procedure,
        "outcome": case.outcome or None,
        "mode": case.mode or None,
        "description": case.description,
        "place": {
            "address": case.address,
            "lng": case.lng,
            "lat": case.lat,
            "datum": case.datum or None,
            "area": case.area_code,
            "grid": case.grid_code or None,
        },
        "desk_area": case.desk_area,
        "anonymous": case.anonymous,
        "confidential": case.confidential,
        "willing_to_mediate": case.willing_to_mediate,
        "visitor_count": case.visitor_count,
        "complained_unit": _named(case.complained_unit),
        "complaint_nature": case.nature or None,
        "first_unit": _named(case.first_unit),
        "accepted_at": case.accepted_at,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "late": case.late,
        "round": case.round,
        "designated": case.designated,
        "step": _step(case),
        "satisfaction": case.satisfaction if shows else None,
        "resolved": case.resolved if shows else None,
        "rated_at": case.rated_at if shows else None,
        "master": case.master.number if case.master else None,
        "can_unmask": may_unmask_as(case, dossier.standing),
        "allowed_moves": [offer.as_dict() for offer in dossier.moves],
        "allowed_records": [_record(offer, case) for offer in dossier.records if offer.name in RECORD_PATHS],
    }


def detail(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """Return one case with all that belongs to it (`DetailSerializer`)."""
    case = dossier.case
    return {
        **standing_case(dossier, now),
        "parties": [masked(party) for party in dossier.parties],
        "assisting_units": [_named(row.unit) for row in dossier.assisting],
        "deadlines": [deadline(found) for found in dossier.deadlines],
        "orders": [order(found) for found in dossier.orders],
        "requests": [request(found) for found in dossier.requests],
        "attachments": [attachment(found, case) for found in dossier.attachments],
        "links": {"master": case.master.number if case.master else None, "merged": dossier.merged},
    }


def _named(unit: Unit | None) -> dict[str, str] | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def _step(case: Case) -> dict[str, Any] | None:
    if not case.step_clock or case.step_due_at is None:
        return None
    return {
        "clock": case.step_clock,
        "label": str(Clock(case.step_clock).label),
        "due_at": case.step_due_at,
        "tentative": case.step_tentative,
    }


def _record(offer: Offer, case: Case) -> dict[str, Any]:
    method, path = RECORD_PATHS[offer.name]
    spoken, in_path = SPOKEN.get(offer.name, {}), IN_PATH.get(offer.name, ())
    needs = [need.as_dict() for need in offer.needs if need.name not in in_path]
    for need in needs:
        need["name"] = spoken.get(need["name"], need["name"])
    if offer.name == "attach":
        needs = ATTACH_NEEDS
    where = f"/api/v1/cases/{case.number}/{path}"
    return {"name": offer.name, "label": offer.label, "needs": needs, "method": method, "url": where}


#: A file is sent as itself (multipart), not as the id it will get.
ATTACH_NEEDS = [
    {"name": "file", "label": "附件", "type": "photos", "required": True, "help": "每次一个文件，最大 20 MB。"},
    {"name": "purpose", "label": "用途", "type": "text", "required": False},
    {"name": "public", "label": "居民可见", "type": "boolean", "required": False},
]


def deadline(found: Deadline) -> dict[str, Any]:
    """Return one clock (`DeadlineSerializer`)."""
    names = ("clock", "period", "started_at", "nominal_at", "due_at", "tentative", "running", "met_at", "late_at")
    return {**{name: getattr(found, name) for name in names}, "label": found.get_clock_display()}


def order(found: SupervisionOrder) -> dict[str, Any]:
    """Return one supervision order (`OrderSerializer`)."""
    return {
        "id": found.pk,
        "number": found.number,
        "kind": found.kind,
        "unit": found.unit.code if found.unit else None,
        "unit_name": found.unit.name if found.unit else "",
        "problem": found.problem,
        "demand": found.demand,
        "deadline": found.deadline,
        "issuer": found.issuer,
        "issuer_number": found.issuer_number,
        "issued_at": found.issued_at,
        "response": found.response,
        "responded_at": found.responded_at,
        "renewed": found.renewed,
        "lifted_at": found.lifted_at,
        "lift_note": found.lift_note,
    }


def request(found: HandlerRequest) -> dict[str, Any]:
    """Return one request (`RequestSerializer`)."""
    names = ("id", "kind", "amount", "reason", "expected_end", "requested_at", "approved", "decided_at")
    more = ("public_reason", "decision_note", "due_before", "due_after", "withdrawn_at")
    return {name: getattr(found, name) for name in (*names, *more)}


def attachment(found: Attachment, case: Case) -> dict[str, Any]:
    """Return one file (`AttachmentSerializer`); `uploaded_by` must be joined."""
    return {
        "id": str(found.uid),
        "name": found.name,
        "mime": found.mime,
        "size": found.size,
        "purpose": found.purpose,
        "public": found.public,
        "uploaded_at": found.uploaded_at,
        "uploaded_by": found.uploaded_by.name if found.uploaded_by else "",
        "url": f"/api/v1/cases/{case.number}/attachments/{found.uid}/",
    }


def event(found: Event, *, ratings: bool) -> dict[str, Any]:
    """Return one line of the history (`EventSerializer`)."""
    return {
        "seq": found.seq,
        "kind": found.kind,
        "label": TABLE[found.kind].label,
        "at": found.at,
        "actor": found.actor_name,
        "actor_role": found.actor_role,
        "actor_unit": found.actor_unit,
        "acting_for": found.acting_for,
        "status_before": found.status_before,
        "status_after": found.status_after,
        "data": event_data(found, ratings=ratings),
    }
