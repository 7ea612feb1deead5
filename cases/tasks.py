"""What the worker runs: fetch, call one service, log. Arguments are ids and nothing else."""

from __future__ import annotations

import logging

from celery import shared_task  # type: ignore[import-untyped]

from cases import chores as all_chores
from cases.bulletins import asking
from cases.crowds import traces
from cases.services import attachments, clock, drafting, indexing, recounting, retention
from cases.tabling import exporting as tables
from cases.worklist import exporting, presence
from governance_portal.lib.moments import agreed_now

log = logging.getLogger(__name__)


@shared_task(name="cases.tasks.sweep")
def sweep() -> None:
    """Each minute: write down what is owed, pay what waits, also what the broker lost."""
    done = clock.sweep(agreed_now())
    log.info("sweep owed=%d reminded=%d delivered=%d moved=%d", done.owed, done.reminded, done.delivered, done.moved)


@shared_task(name="cases.tasks.chores")
def chores() -> None:
    """Each minute, after the sweep: what each subject does by itself."""
    done = all_chores.run(agreed_now())
    log.info("chores %s", " ".join(f"{name}={count}" for name, count in done.items()))


@shared_task(name="cases.tasks.deliver")
def deliver(*, outbox_id: int) -> None:
    """Nudged after a commit: pay one outbox row now instead of at the next sweep."""
    paid = clock.deliver(outbox_id, agreed_now())
    log.info("deliver outbox=%d paid=%d", outbox_id, paid)


@shared_task(name="cases.tasks.tidy")
def tidy() -> None:
    """Each hour: delete bytes that no row names and uploads that no report claimed; write missing search texts and
    traces; old drafts and outbox rows paid long ago go."""
    log.info("tidy files=%d texts=%d", attachments.sweep(agreed_now()), indexing.heal())
    log.info("tidy traces=%d", traces.heal())
    log.info("tidy drafts=%d", drafting.purge(agreed_now()))
    log.info("tidy outbox=%d", clock.forget_paid(agreed_now()))


@shared_task(name="cases.tasks.write_export")
def write_export(*, export_id: int) -> None:
    """Nudged when somebody asks for a long list; the minute's task finds it otherwise."""
    log.info("export=%d written=%s", export_id, exporting.write(export_id, agreed_now()))


@shared_task(name="cases.tasks.write_table")
def write_table(*, export_id: int) -> None:
    """Nudged when somebody asks for a long table; the minute's task finds it otherwise."""
    log.info("table=%d written=%s", export_id, tables.write(export_id, agreed_now()))


@shared_task(name="cases.tasks.tend_lists")
def tend_lists() -> None:
    """Each minute: who looked at a case is forgotten, exports nobody writes are written, old ones deleted."""
    now = agreed_now()
    written = [exporting.write(export_id, now) for export_id in exporting.waiting(now)]
    log.info("lists forgotten=%d written=%d deleted=%d", presence.forget(now), sum(written), exporting.tidy(now))
    drawn = [tables.write(export_id, now) for export_id in tables.waiting(now)]
    log.info("tables written=%d deleted=%d", sum(drawn), tables.tidy(now))


@shared_task(name="cases.tasks.forget")
def forget() -> None:
    """Each day: contact data whose time is over goes."""
    log.info("forget cases=%d", retention.erase_expired(agreed_now()))


@shared_task(name="cases.tasks.recount")
def recount() -> None:
    """Each two minutes: dates are counted again where somebody edited the calendar."""
    log.info("recount changed=%d", recounting.recount_asked(agreed_now()))


@shared_task(name="cases.tasks.make_bulletin")
def make_bulletin(*, ask_id: int) -> None:
    """Nudged when somebody asks for a bulletin; the minute's chores find it otherwise."""
    log.info("bulletin ask=%d made=%s", ask_id, asking.write(ask_id, agreed_now()))
