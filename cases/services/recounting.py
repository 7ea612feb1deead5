"""Dates counted again when the calendar changed: a year's notice was published, a day was edited (workflow.md "Clocks").

No event is written and no clock restarts: the same history is folded over the new calendar, and what comes out is
copied into the row. What was late by a date that was only 暂定 is late no longer if the published date is later.
Each live clock that moved, or is no longer 暂定, leaves a `MovedDate`; afterwards those concerned are told
(`cases.limits.telling`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases import policies
from cases.fold import State, fold
from cases.following_up.consequences import recount_rectifications
from cases.limits import telling
from cases.models import Case, Deadline, MovedDate, Recount
from cases.querysets import CaseQuerySet
from cases.services.door import deadline_values, write_deadlines, write_row
from governance_portal.lib.working_days import SHANGHAI

CHUNK = 500
#: So many cases are counted in one transaction: few enough that nobody waits for their locks.
TOGETHER = 20
#: A wish waits so long: by then no process counts by a calendar that it kept from before the change.
SETTLES = timedelta(seconds=2 * policies.KEEP_SECONDS)
LEASE = timedelta(minutes=10)

Progress = Callable[[int, int], None]
DateRow = tuple[str, int, datetime, bool]


def recount(since: date, wish: Recount | None = None, progress: Progress | None = None) -> int:
    """Count every date on or after a day again, case by case under its lock; returns how many cases changed.

    The dates of bad ratings that are put right are counted with them: they are beside the history.

    `wish` gets a `MovedDate` for each live clock that moved; `progress(seen, total)` is called after each chunk.
    """
    policies.forget()
    touched = touched_by(since)
    total = touched.count() if progress else 0
    changed, seen, after = 0, 0, 0
    while keys := list(touched.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        after = keys[-1]
        changed += sum(_recount_some(keys[at : at + TOGETHER], wish) for at in range(0, len(keys), TOGETHER))
        seen += len(keys)
        if wish is not None:
            Recount.objects.filter(pk=wish.pk).update(claimed_until=timezone.now() + LEASE)
        if progress:
            progress(seen, total)
    recount_rectifications(_midnight(since))
    return changed


def touched_by(since: date) -> CaseQuerySet:
    """Return the cases with a date, or the end of a window, on or after a day."""
    start = _midnight(since)
    dated = Deadline.objects.filter(case=OuterRef("pk"), due_at__gte=start)
    return Case.objects.filter(Exists(dated) | Q(window_until__gte=start) | Q(return_until__gte=start))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def ask(since: date, reason: str = "", asked_by: str = "", now: datetime | None = None) -> Recount:
    """Wish for a recount from a day on; the clock does it."""
    return Recount.objects.create(
        since=since, reason=reason[:120], asked_by=asked_by[:60], asked_at=now or timezone.now()
    )


def recount_asked(now: datetime, progress: Progress | None = None, *, settled: bool = True) -> int:
    """Do what was asked for, all wishes in one pass, and tell those concerned; returns how many cases changed.

    Killed in between, it is done again: counting twice changes nothing, a moved date stands once, a person is told
    once. Without `settled` also wishes of this very minute are done (a command on a quiet system).
    """
    changed = 0
    waiting = Recount.objects.filter(done_at__isnull=True)
    if settled:
        waiting = waiting.filter(asked_at__lte=now - SETTLES)
    wishes = list(waiting.order_by("since"))
    leader = max(wishes, key=lambda wish: wish.pk) if wishes else None
    if leader is not None and _claim(leader, now):
        changed = recount(wishes[0].since, leader, progress)
        others = [wish.pk for wish in wishes if wish.pk != leader.pk]
        with transaction.atomic():
            Recount.objects.filter(pk__in=others).update(done_at=now, changed=changed, done_with=leader, told_at=now)
            Recount.objects.filter(pk=leader.pk).update(done_at=now, changed=changed, claimed_until=None)
    for done in Recount.objects.filter(done_at__isnull=False, told_at__isnull=True).order_by("pk"):
        telling.tell(done, now)
    return changed


def _claim(wish: Recount, now: datetime) -> bool:
    """Of two workers one counts; a worker that died holds it for ten minutes."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    claimed = Recount.objects.filter(free, pk=wish.pk, done_at__isnull=True)
    return bool(claimed.update(claimed_until=timezone.now() + LEASE))


def _recount_some(keys: Iterable[int], wish: Recount | None) -> int:
    """Count a few cases in one transaction, locked in the order of their keys as every door locks them."""
    with transaction.atomic():
        return sum(_recount_one(key, wish) for key in keys)


def _recount_one(key: int, wish: Recount | None) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=key)
    rows = {(row.clock, row.period): row for row in case.deadlines.all()}
    state = fold(case.events.order_by("seq"), policies.calendar())
    changed = [
        clock
        for key, clock in state.clocks.items()
        if key not in rows or any(getattr(rows[key], name) != said for name, said in deadline_values(clock).items())
    ]
    windows = (case.window_until, case.return_until)
    stand = [(row.clock, row.period, row.due_at, row.tentative) for row in rows.values()]
    write_row(case, state)
    write_deadlines(case, changed)
    if wish is not None and (moved := moved_between(stand, state)):
        MovedDate.objects.bulk_create(
            [MovedDate(recount=wish, case=case, **row) for row in moved], ignore_conflicts=True
        )
    return bool(changed) or windows != (case.window_until, case.return_until)


def moved_between(rows: Iterable[DateRow], state: State) -> list[dict[str, object]]:
    """Return what a live clock's row says otherwise than the state: date or 暂定; as the fields of `MovedDate`.

    rows: `(clock, period, due_at, tentative)` as they stand.
    """
    stand: Mapping[tuple[str, int], DateRow] = {(row[0], row[1]): row for row in rows}
    found: list[dict[str, object]] = []
    for key, clock in state.clocks.items():
        row = stand.get(key)
        if row is None or not clock.live or (row[2], row[3]) == (clock.due_at, clock.tentative):
            continue
        dates = {"due_from": row[2], "due_to": clock.due_at}
        tentative = {"tentative_from": row[3], "tentative_to": clock.tentative}
        found.append({"clock": key[0], "period": key[1], **dates, **tentative})
    return found
