"""What the worker runs for the lines: fetch, call one service, log. Arguments are ids and nothing else."""

from __future__ import annotations

import logging

from celery import shared_task  # type: ignore[import-untyped]

from governance_portal.lib.moments import agreed_now
from hotlines.desk import chores as calls
from hotlines.links import answering, receiving, transferring
from hotlines.links import sending as links_sending
from hotlines.orders import pulling, rejects, taking, uploading
from hotlines.outward import owing, sending

log = logging.getLogger(__name__)


@shared_task(name="hotlines.tasks.take_orders")
def take_orders(*, batch_id: int) -> None:
    """Nudged when somebody confirms a sheet; the minute's task finds it otherwise."""
    log.info("orders batch=%d through=%s", batch_id, taking.take(batch_id, agreed_now()))


@shared_task(name="hotlines.tasks.tend_orders")
def tend_orders() -> None:
    """Each minute: lines that are asked for their orders, batches nobody works at, sheets and rejects left too long."""
    now = agreed_now()
    fetched, through = pulling.fetch_all(now), taking.take_all(now)
    dropped, expired = uploading.tidy(now), rejects.expire(now)
    log.info("orders fetched=%d batches=%d dropped=%d expired=%d", fetched, through, dropped, expired)


@shared_task(name="hotlines.tasks.tend_calls")
def tend_calls() -> None:
    """Each hour: calls of which no end was told are closed, numbers and events whose time is over forgotten."""
    now = agreed_now()
    log.info("calls closed=%d forgotten=%d", calls.close_silent_calls(now), calls.forget_callers(now))
    log.info("calls events=%d", calls.forget_events(now))


@shared_task(name="hotlines.tasks.tell_subscribers")
def tell_subscribers() -> None:
    """Several times a minute: news becomes messages, messages go out."""
    now = agreed_now()
    owed = owing.owe_news(now)
    sent, failed = sending.send_due(now)
    log.info("outward owed=%d sent=%d failed=%d", owed, sent, failed)


@shared_task(name="hotlines.tasks.tidy")
def tidy() -> None:
    """Each day: messages that arrived long ago go."""
    log.info("tidy outward=%d", sending.forget_sent(agreed_now()))


@shared_task(name="hotlines.tasks.tell_line")
def tell_line(*, case_id: int) -> None:
    """Nudged when a matter of another system moves: what that system must hear is written down; the sweep finds the rest."""
    now = agreed_now()
    log.info(
        "line case=%d owed=%d", case_id, answering.owe_case(case_id, now) + transferring.pass_on_case(case_id, now)
    )


@shared_task(name="hotlines.tasks.speak")
def speak() -> None:
    """Several times a minute: messages to other systems go out."""
    done = links_sending.send_due(agreed_now())
    log.info("links sent=%d failed=%d refused=%d given_up=%d", done.sent, done.failed, done.refused, done.given_up)


@shared_task(name="hotlines.tasks.listen")
def listen() -> None:
    """Each minute: what other systems must hear is found, what lies ready for us is taken in."""
    now = agreed_now()
    owed, passed = answering.sweep_links(now), transferring.sweep_transfers(now)
    came = receiving.receive_all(now)
    log.info("links owed=%d passed=%d fresh=%d heard=%d refused=%d", owed, passed, came.fresh, came.heard, came.refused)
