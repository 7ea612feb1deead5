"""Dates counted again when the calendar changed: a year's notice was published, a day was edited (workflow.md "Clocks").

No event is written and no clock restarts: the same history is folded over the new calendar, and what comes out is
copied into the row. What was late by a date that was only 暂定 is late no longer if the published date is later.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cases import policies
from cases.fold import fold
from cases.models import Case, Deadline, Recount
from cases.services.door import write_deadlines, write_row
from governance_portal.lib.working_days import SHANGHAI

CHUNK = 500


def recount(since: date) -> int:
    """Count every date on or after a day again, case by case under its lock; returns how many cases changed."""
    policies.forget()
    start = datetime.combine(since, time(), SHANGHAI)
    dated = Deadline.objects.filter(case=OuterRef("pk"), due_at__gte=start)
    touched = Case.objects.filter(Exists(dated) | Q(window_until__gte=start) | Q(return_until__gte=start))
    changed, after = 0, 0
    while keys := list(touched.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        after = keys[-1]
        changed += sum(_recount_one(key) for key in keys)
    return changed


def ask(since: date) -> None:
    """Wish for a recount from a day on; the clock does it."""
    Recount.objects.create(since=since)


def recount_asked(now: datetime) -> int:
    """Do what was asked for, all wishes in one pass; for the clock. Returns how many cases changed.

    Killed in between, it is done again: counting twice changes nothing.
    """
    waiting = list(Recount.objects.filter(done_at__isnull=True).order_by("since"))
    if not waiting:
        return 0
    changed = recount(waiting[0].since)
    Recount.objects.filter(pk__in=[wish.pk for wish in waiting]).update(done_at=now, changed=changed)
    return changed


def _recount_one(key: int) -> bool:
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=key)
        before = _dates_of(case)
        state = fold(case.events.order_by("seq"), policies.calendar())
        write_row(case, state)
        write_deadlines(case, state.clocks.values())
        return before != _dates_of(case)


def _dates_of(case: Case) -> tuple[object, ...]:
    rows = case.deadlines.order_by("clock", "period").values_list("due_at", "warn_at", "tentative", "late_at")
    return (case.due_at, case.window_until, case.return_until, *rows)
