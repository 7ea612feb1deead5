"""What has happened, for those outside who asked to be told: events and missed dates, in the order they were written.

No text of a resident and nothing personal is in it, and nothing of a complaint about conduct or a report of wrongdoing:
whose system listens is not known here (workflow rule 4). Events brought over from elsewhere (`quiet`) are nobody's news; they
have no outbox row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from cases.choices import OPEN, Nature, Rung, Status
from cases.models import Case, Event, Reminder

PAGE = 500
TOLD_OF = ("", Nature.SERVICE.value)
REGISTERED, MOVED, CLOSED, OVERDUE = "case.registered", "case.moved", "case.closed", "case.overdue"


@dataclass(frozen=True)
class News:
    """One thing that happened. key: unique for ever ("e12", "r7"); row: of the table it comes from."""

    kind: str
    key: str
    row: int
    case_id: int
    area: str
    at: datetime
    data: dict[str, Any]


def newest() -> tuple[int, int]:
    """Return the highest event and reminder there are now."""
    events = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    reminders = Reminder.objects.aggregate(last=Max("pk"))["last"] or 0
    return events, reminders


def moves_after(event: int) -> Iterator[News]:
    """Yield registrations, moves and closings written after that event, the oldest first; two queries a page."""
    while True:
        rows = list(
            Event.objects.filter(pk__gt=event, outbox__isnull=False, case__nature__in=TOLD_OF)
            .select_related("case", "case__lead_unit")
            .order_by("pk")[:PAGE]
        )
        if not rows:
            return
        event = rows[-1].pk
        for row in rows:
            if row.kind == "register" or row.status_before != row.status_after:
                yield _of_event(row)


def misses_after(reminder: int) -> Iterator[News]:
    """Yield dates that were missed, told after that reminder, once per date."""
    while True:
        rows = list(
            Reminder.objects.filter(pk__gt=reminder, deadline__case__nature__in=TOLD_OF)
            .select_related("deadline__case__lead_unit")
            .order_by("pk")[:PAGE]
        )
        if not rows:
            return
        reminder = rows[-1].pk
        for row in rows:
            if row.rung != Rung.BEFORE:
                yield _of_reminder(row)


def _of_event(event: Event) -> News:
    before, after = event.status_before, event.status_after
    kind = MOVED
    if event.kind == "register":
        kind = REGISTERED
    elif after == Status.CLOSED and before != Status.CLOSED:
        kind = CLOSED
    data = {
        **_of_case(event.case),
        "version": event.seq,
        "move": event.kind,
        "status_before": before or None,
        "status": after,
        "open": after in OPEN,
    }
    return News(kind, f"e{event.pk}", event.pk, event.case_id, event.case.area_code, event.at, data)


def _of_reminder(row: Reminder) -> News:
    case = row.deadline.case
    data = {**_of_case(case), "version": case.version, "clock": row.deadline.clock, "missed": row.due_at.isoformat()}
    key = f"d{row.deadline_id}@{int(row.due_at.timestamp())}"
    return News(OVERDUE, key, row.pk, case.pk, case.area_code, row.created_at, data)


def _of_case(case: Case) -> dict[str, Any]:
    """Codes and dates only; no title, no words, no address, no person."""
    return {
        "number": case.number,
        "kind": case.kind,
        "channel": case.channel,
        "category": case.category_id,
        "level": case.level or None,
        "area": case.area_code,
        "lead_unit": case.lead_unit.code if case.lead_unit else None,
        "registered_at": case.registered_at.isoformat(),
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "outcome": case.outcome or None,
    }
