"""What the worker runs: fetch, call one service, log. Arguments are ids and nothing else."""

from __future__ import annotations

import logging

from celery import shared_task  # type: ignore[import-untyped]

from cases.services import attachments, clock, indexing

log = logging.getLogger(__name__)


@shared_task(name="cases.tasks.sweep")
def sweep() -> None:
    """Each minute: write down what is owed, pay what waits, also what the broker lost."""
    done = clock.sweep(clock.database_now())
    log.info("sweep owed=%d reminded=%d delivered=%d moved=%d", done.owed, done.reminded, done.delivered, done.moved)


@shared_task(name="cases.tasks.deliver")
def deliver(*, outbox_id: int) -> None:
    """Nudged after a commit: pay one outbox row now instead of at the next sweep."""
    paid = clock.deliver(outbox_id, clock.database_now())
    log.info("deliver outbox=%d paid=%d", outbox_id, paid)


@shared_task(name="cases.tasks.tidy")
def tidy() -> None:
    """Each hour: delete bytes that no row names and uploads that no report claimed; write missing search texts."""
    log.info("tidy files=%d texts=%d", attachments.sweep(clock.database_now()), indexing.heal())
