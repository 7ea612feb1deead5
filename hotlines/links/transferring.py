"""A case that is passed out (移送) goes over the line to who gets it, when there is one; their receipt is waited for.

Read off the history: the move `transfer` opens an outgoing link and its message, whoever made it and wherever, and a
sweep finds what a killed worker missed. Nothing goes to the body that is complained about (rule 4).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.choices import UnitKind
from cases.choices import Nature, Receiver
from cases.queries import history, passed_out
from governance_portal.lib.masking import mask_text
from hotlines.choices import Direction, LineKind, MessageKind
from hotlines.links.answering import write
from hotlines.links.providing import is_withheld, provide
from hotlines.links.telling import Telling, cause_of
from hotlines.models import Line, Link

log = logging.getLogger(__name__)

#: Whose line a receiver is. 110, 119 and 120 are called by telephone; what follows on paper goes to the police's line.
LINE_OF: Mapping[str, LineKind] = {
    Receiver.POLICE.value: LineKind.POLICE,
    Receiver.JUDICIAL.value: LineKind.COURT,
    Receiver.PETITION.value: LineKind.PETITION,
}
BODY_OF = {LineKind.POLICE: UnitKind.POLICE, LineKind.COURT: UnitKind.COURT, LineKind.PETITION: UnitKind.PETITION}
#: So far back the sweep looks for what was passed out.
LOOK_BACK = timedelta(days=3)


def pass_on(case: Any, now: datetime) -> Link | None:
    """Open the outgoing link of a case's last transfer, once; None where no line leads there."""
    events = history(case)
    event = next((one for one in reversed(events) if one.kind == "transfer"), None)
    if event is None:
        return None
    line = _line_for(case, str(event.data.get("receiver", "")))
    if line is None:
        return None
    with transaction.atomic():
        link, fresh = Link.objects.get_or_create(
            line=line, case=case, direction=Direction.OUT, cause=cause_of(event), defaults={"received_at": event.at}
        )
        if fresh:
            locked = Link.objects.select_for_update(of=("self",)).select_related("line").get(pk=link.pk)
            write(locked, [Telling(MessageKind.TRANSFER, cause_of(event), _told(locked, event.at, now))], now)
    return link


def _line_for(case: Any, receiver: str) -> Line | None:
    kind = LINE_OF.get(receiver)
    if kind is None or _about_them(case, kind):
        return None
    lines = Line.objects.filter(kind=kind, is_active=True).order_by("code")
    return lines.exclude(links__in=Link.objects.filter(case=case, direction=Direction.IN)).first()


def _about_them(case: Any, kind: LineKind) -> bool:
    about = case.complained_unit
    return about is not None and case.nature in (Nature.CONDUCT, Nature.REPORT) and about.kind == BODY_OF[kind]


def _told(link: Link, at: datetime, now: datetime) -> dict[str, Any]:
    """The matter; numbers of phones and cards stand beside the people they belong to or nowhere."""
    case = link.case
    place = {"area": case.area_code} if is_withheld(case) else {"address": case.address, "area": case.area_code}
    return {
        "at": at.isoformat(),
        "words": f"移送{link.line.name}",
        "title": mask_text(case.title),
        "description": mask_text(case.description),
        "matter": str(case.get_kind_display()),
        "category": case.category.name if case.category else "",
        "place": place,
        "registered_at": case.registered_at.isoformat(),
        **provide(link, f"移送{link.line.name}办理", now),
    }


def pass_on_case(case_id: int, now: datetime) -> int:
    """Open the outgoing link of one case where it was passed out; answers how many."""
    return sum(pass_on(case, now) is not None for case in passed_out(now - LOOK_BACK).filter(pk=case_id))


def sweep_transfers(now: datetime) -> int:
    """Open what is missing for the cases passed out of late; answers how many."""
    late = Link.objects.filter(direction=Direction.OUT, case=OuterRef("pk"), received_at__gte=OuterRef("closed_at"))
    return sum(_passed_on(case, now) for case in passed_out(now - LOOK_BACK).exclude(Exists(late)))


def _passed_on(case: Any, now: datetime) -> bool:
    """One case that cannot be passed on must not keep the others from it."""
    try:
        return pass_on(case, now) is not None
    except Exception:
        log.exception("case=%d cannot be passed on", case.pk)
        return False


def overdue_receipts(now: datetime) -> list[Link]:
    """Return the matters that we passed on and whose receipt has been waited for too long, the oldest first."""
    waiting = Link.objects.filter(direction=Direction.OUT, receipt_at__isnull=True, answered_at__isnull=True)
    found = waiting.select_related("line", "case").order_by("received_at")
    return [link for link in found if receipt_due(link) < now]


def receipt_due(link: Link) -> datetime:
    """Return by when their receipt is expected."""
    return link.received_at + timedelta(hours=link.line.receipt_hours)
