"""Turns news into tasks, and answers what the floor below asks.

A nudge that cannot be given is shrugged off: the sweep finds the row (design/safety.md)."""

from __future__ import annotations

import logging
import time
from datetime import date, datetime
from typing import Any

from django.dispatch import receiver
from kombu.exceptions import OperationalError

from accounts.models import Post, User
from accounts.signals import cases_handed_over, person_leaving
from cases.models import Case, Event
from cases.services.leaving import hand_over, objection
from cases.signals import case_moved
from cases.tasks import deliver

log = logging.getLogger(__name__)
SHRUG_SECONDS = 30.0
_quiet = {"until": 0.0}


@receiver(case_moved, sender=Case, dispatch_uid="nudge_the_worker")
def nudge_the_worker(case: Case, event: Event, **_signal: Any) -> None:
    """Ask a worker to deliver at once; after a broker that did not answer, ask nothing for half a minute."""
    if time.monotonic() < _quiet["until"]:
        return
    try:
        deliver.apply_async(kwargs={"outbox_id": event.outbox.pk}, retry=False)
    except (OperationalError, OSError):
        _quiet["until"] = time.monotonic() + SHRUG_SECONDS
        log.warning("the broker does not answer; the sweep will deliver")


@receiver(person_leaving, dispatch_uid="nobody_leaves_with_open_cases")
def nobody_leaves_with_open_cases(user: User, on: date, post: Post | None, **_signal: Any) -> str:
    """Object while somebody still has open cases (workflow.md "Who sees what")."""
    return objection(user, post)


@receiver(cases_handed_over, dispatch_uid="hand_cases_over")
def hand_cases_over(from_user: User, to_user: User, now: datetime, **_signal: Any) -> int:
    """Give all open cases of one person to another."""
    return hand_over(from_user, to_user, now)
