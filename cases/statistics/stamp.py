"""A cheap mark of everything the board's figures depend on: as long as it stays, no figure has moved.

A few statements, whatever the board counts. In it: who asks, with which posts, for what; the day it is; the last event, the last
change that the kept counts were told of, the last date moved by a recount, the last version of a grid, what was left alone or
discarded, what was left out of the ranking; on PostgreSQL the transactions that were under way (a number given earlier may be
committed later: then this list has changed); of what depends on the minute, which dates have passed by now, as how many and
which was the last.

It errs on one side only: it may change though no figure of this area did.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Subquery

from cases.crowds.rules import rules
from cases.models import (
    Case,
    Event,
    ExclusionStep,
    HotDismissal,
    MovedDate,
    OrderDraft,
    SpotCheck,
    SupervisionOrder,
    TallyDelta,
)
from cases.statistics.board import Board
from grids.editing.models import GridVersion


def _last(rows: QuerySet[Any], column: str = "pk") -> Subquery:
    return Subquery(rows.order_by(f"-{column}").values(column)[:1])


def stamp(board: Board) -> str:
    """Return the mark of a board at its moment, as the value of an ETag."""
    asked = (
        board.actor.user_id,
        board.actor.posts,
        board.here(),
        str(board.today),
        board.reads_ratings,
        str(board.period.before),
    )
    parts = (asked, _moved(), _under_way(), _passed(board))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _moved() -> tuple[Any, ...]:
    """What was written last, in each table that a figure is read off; one statement, and the rules of hot matters."""
    discarded = OrderDraft.objects.filter(discarded_at__isnull=False)
    judged = SpotCheck.objects.filter(genuine__isnull=False)
    lasts = {
        "event": _last(Event.objects.all()),
        "delta": _last(TallyDelta.objects.all()),
        "moved": _last(MovedDate.objects.all()),
        "grid": _last(GridVersion.objects.all()),
        "left": _last(HotDismissal.objects.all(), "dismissed_at"),
        "draft": _last(OrderDraft.objects.all()),
        "discarded": _last(discarded, "discarded_at"),
        "check": _last(judged),
        "excluded": _last(ExclusionStep.objects.all()),
    }
    row = Event.objects.order_by("pk").annotate(**{f"last_{name}": found for name, found in lasts.items()})
    found = row.values_list(*(f"last_{name}" for name in lasts))[:1]
    known = rules()
    return (list(found), known.hot_days, known.hot_count)


def _under_way() -> str:
    """The transactions that write now, of PostgreSQL; SQLite has one writer, whose numbers are in the order of commits.

    Each holds the lock of its own number from its first write on. (A snapshot does not do: it names none that began after the
    last one that ended.) Asked after `_moved`: whoever wrote a smaller number than the last one seen there and has not
    committed is still in this list.
    """
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transactionid::text FROM pg_locks WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' "
            "AND granted ORDER BY 1"
        )
        return ",".join(row[0] for row in cursor.fetchall())


def _passed(board: Board) -> tuple[Any, ...]:
    """Which dates have passed by now; without an event, they only become more."""
    now = board.now
    running = Case.objects.filter(due_running=True).filter(Q(due_at__lt=now) | Q(due_warn_at__lte=now)).order_by()
    late = Q(due_at__lt=now)
    orders = SupervisionOrder.objects.filter(responded_at__isnull=True, deadline__lt=now).order_by()
    dates = running.aggregate(
        number=Count("pk"), late=Count("pk", filter=late), last=Max("due_at", filter=late), warned=Max("due_warn_at")
    )
    return (tuple(dates.values()), tuple(orders.aggregate(number=Count("pk"), last=Max("deadline")).values()))
