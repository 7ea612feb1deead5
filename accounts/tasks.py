"""What the clock does for people: chain the log, sweep what is over, disable accounts nobody uses."""

import logging

from celery import shared_task
from django.core.management import call_command

from accounts import audit, limits, services
from accounts.channels import sending
from governance_portal.lib.moments import agreed_now

log = logging.getLogger(__name__)


@shared_task
def seal_audit() -> str:
    """Every few minutes; answers the new seal, "" when there was nothing to seal."""
    sealed = audit.seal(agreed_now())
    return sealed.root if sealed else ""


@shared_task
def send() -> None:
    """Several times a minute: messages that wait go out, digests whose time has come with them."""
    done = sending.send_waiting(agreed_now())
    log.info("send gathered=%d sent=%d failed=%d given_up=%d", done.gathered, done.sent, done.failed, done.given_up)


@shared_task
def tidy() -> int:
    """Once a day: windows and sessions that are over, old messages, dormant accounts. Answers how many accounts were
    disabled."""
    now = agreed_now()
    log.info("tidy deliveries=%d", sending.forget_sent(now))
    limits.sweep(now)
    call_command("clearsessions")
    return len(services.disable_dormant(now))
