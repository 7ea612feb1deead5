"""What the clock does for people: chain the log, sweep what is over, disable accounts nobody uses."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import audit, limits, services


@shared_task
def seal_audit() -> str:
    """Every few minutes; answers the new seal, "" when there was nothing to seal."""
    sealed = audit.seal(timezone.now())
    return sealed.root if sealed else ""


@shared_task
def tidy() -> int:
    """Once a day: windows and sessions that are over, dormant accounts. Answers how many accounts were disabled."""
    now = timezone.now()
    limits.sweep(now)
    call_command("clearsessions")
    return len(services.disable_dormant(now))
