"""Reading held reports: who sees which, what waits on a desk, what its resident reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases.models import HeldReport
from cases.querysets import NEVER, below
from cases.reporting.choices import HeldState
from governance_portal.lib.numbers import is_valid_number, matches, parse_number

#: A discarded report is there for its resident to read about for so long; its content goes after a week.
TOLD_FOR = timedelta(days=90)
WAITS = "已收到，正在核实"
NOT_TAKEN = "经核实，没有登记"


def may_judge(actor: Actor) -> bool:
    """Tell whether somebody works at a window: clerks look at held reports."""
    return actor.has(Role.CLERK)


def visible_to(actor: Actor, rows: QuerySet[HeldReport]) -> QuerySet[HeldReport]:
    """Narrow held reports to those of the places whose window this person works at."""
    scope = NEVER
    for post in actor.with_role(Role.CLERK):
        if post.area_code:
            scope |= below("area_code", post.area_code)
    return rows.filter(scope)


def waiting(actor: Actor) -> QuerySet[HeldReport]:
    """Return the rows that wait for this person, oldest first; folded ones are counted by the row they are folded into."""
    shown = HeldReport.objects.filter(state=HeldState.WAITING, folded_into__isnull=True)
    return visible_to(actor, shown).order_by("received_at", "pk")


def waiting_count(actor: Actor) -> int:
    """How many rows wait; one statement."""
    return waiting(actor).count()


def find_held(number: str, code: str) -> HeldReport | None:
    """Return the held or discarded report that this number and query code open; failures take the same work.

    A released one is found as the case that it became.
    """
    parsed = parse_number(number) if is_valid_number(number) else ""
    row = HeldReport.objects.filter(~Q(state=HeldState.RELEASED), number=parsed or "-").first()
    ok = matches(row.number if row else "0" * 14, 1, code)
    return row if row is not None and ok else None


def told_of(row: HeldReport) -> dict[str, Any]:
    """Return what the resident reads of a held report, in the shape of `cases.queries.public_timeline`."""
    waits = row.state == HeldState.WAITING
    return {
        "number": row.number,
        "title": "您反映的事",
        "status": "registered" if waits else "declined",
        "stage": "intake",
        "status_text": WAITS if waits else NOT_TAKEN,
        "registered_at": row.received_at,
        "due_at": None,
        "due_tentative": False,
        "lead_unit": "",
        "reply": "",
        "events": [
            {"at": row.received_at, "label": "已收到", "text": ""},
            *([] if waits else [{"at": row.judged_at, "label": NOT_TAKEN, "text": row.get_discarded_display()}]),
        ],
        "can_rate": False,
        "satisfaction": None,
    }
