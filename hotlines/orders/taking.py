"""Imports confirmed batches in the background: a row leaves its batch in the transaction that takes it in.

A worker that is killed leaves the rows it had not taken; when its lease has run out the next one goes on with those.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from governance_portal.lib.errors import Incomplete, Refusal
from hotlines.choices import BatchState, RowState
from hotlines.links.arriving import Taken, take_in
from hotlines.models import OrderBatch, OrderRow
from hotlines.orders.reading import Reader
from hotlines.orders.trouble import BROKEN, PASSING
from hotlines.orders.uploading import reader_of, said

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
CHUNK = 50
#: One run works no longer than this (seconds); the next nudge or minute goes on.
RUN_SECONDS = 240.0


@dataclass
class _Run:
    """One worker's hold on a batch."""

    batch: OrderBatch
    reader: Reader
    now: datetime
    lease: datetime
    began: float = field(default_factory=time.monotonic)

    @property
    def moment(self) -> datetime:
        """The moment given, moved on by what has passed since."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def held(self) -> bool:
        """Hold the batch on; False when somebody else has it."""
        further = self.moment + LEASE
        mine = OrderBatch.objects.filter(pk=self.batch.pk, state=BatchState.RUNNING, leased_until=self.lease)
        if not mine.update(leased_until=further):
            return False
        self.lease = further
        return True


def waiting(now: datetime) -> list[int]:
    """The ids of batches that wait, or whose worker fell silent, the oldest first."""
    return list(OrderBatch.objects.filter(_idle(now)).order_by("pk").values_list("pk", flat=True)[:20])


def _idle(now: datetime) -> Q:
    # A lease that no clock of ours can have written counts for nothing.
    silent = Q(leased_until__isnull=True) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    return Q(state=BatchState.WAITING) | Q(state=BatchState.RUNNING) & silent


def take_all(now: datetime) -> int:
    """Import whatever waits; returns how many batches are through. One that breaks holds up no other."""
    through = 0
    for batch_id in waiting(now):
        try:
            through += take(batch_id, now)
        except Exception:
            log.exception("order batch=%d stopped", batch_id)
    return through


def take(batch_id: int, now: datetime) -> bool:
    """Import a batch that waits; True when it is through. False when somebody else works at it or time is up."""
    lease = now + LEASE
    claimed = OrderBatch.objects.filter(_idle(now), pk=batch_id)
    if not claimed.update(state=BatchState.RUNNING, leased_until=lease):
        return False
    batch = OrderBatch.objects.select_related("line", "mapping").get(pk=batch_id)
    run = _Run(batch, reader_of(batch, now), now, lease)
    while rows := list(_left(batch)[:CHUNK]):
        for row_id in rows:
            _one(run, row_id)
        if not run.held():
            return False
        if time.monotonic() - run.began > RUN_SECONDS:
            OrderBatch.objects.filter(pk=batch.pk, leased_until=run.lease).update(state=BatchState.WAITING)
            return False
    done = {"state": BatchState.DONE, "leased_until": None, "finished_at": run.moment}
    return bool(OrderBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING, leased_until=run.lease).update(**done))


def _left(batch: OrderBatch) -> Any:
    rows = OrderRow.objects.filter(batch=batch, state=RowState.WAITING)
    return rows.order_by("line_no").values_list("pk", flat=True)


def _one(run: _Run, row_id: int) -> None:
    try:
        with transaction.atomic():
            row = OrderRow.objects.select_for_update().filter(pk=row_id, state=RowState.WAITING).first()
            if row is not None:
                take_row(row, run.batch, run.reader, run.moment)
    except Refusal as refused:
        _refuse(row_id, errors_of(refused))
    except PASSING:
        raise  # The row waits; whoever comes after the lease goes on.
    except Exception:  # whatever broke at one row: the others go on, somebody is told
        log.exception("order row=%d failed", row_id)
        _refuse(row_id, {"": [BROKEN]})


def take_row(row: OrderRow, batch: OrderBatch, reader: Reader, now: datetime) -> Taken:
    """Take one row in and out of its batch; a Refusal leaves everything as it was. Inside a transaction that holds the row."""
    order = reader.read(said(row, batch.mapping))
    taken = take_in(batch.line, order.arrival, now)
    what = "new" if taken.fresh else "changed" if taken.changed else "known"
    row.delete()
    OrderBatch.objects.filter(pk=batch.pk).update(**{what: F(what) + 1})
    return taken


def errors_of(refused: Refusal) -> dict[str, list[str]]:
    """The sentences of a refusal by field; what has no field is told of the whole row."""
    if isinstance(refused, Incomplete):
        return {name: list(sentences) for name, sentences in refused.errors.items()}
    return {"": [refused.detail]}


def _refuse(row_id: int, errors: Mapping[str, list[str]]) -> None:
    rows = OrderRow.objects.filter(pk=row_id, state=RowState.WAITING)
    rows.update(state=RowState.REFUSED, errors=dict(errors))
