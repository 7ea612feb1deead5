"""Turns news into tasks, and answers what the floor below asks.

A nudge that cannot be given is shrugged off: the sweep finds the row (design/safety.md)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import Post, User
from accounts.signals import cases_handed_over, person_leaving
from cases.choices import OPEN
from cases.models import Case, Event
from cases.phone.handing import end_with
from cases.services.leaving import hand_over, objection
from cases.signals import case_moved
from cases.tasks import deliver
from governance_portal.lib.nudging import nudge


@receiver(case_moved, sender=Case, dispatch_uid="nudge_the_worker")
def nudge_the_worker(case: Case, event: Event, **_signal: Any) -> None:
    """Ask a worker to deliver at once; the request does not wait until it has been asked."""
    nudge(deliver, outbox_id=event.outbox.pk)


@receiver(person_leaving, dispatch_uid="nobody_leaves_with_open_cases")
def nobody_leaves_with_open_cases(user: User, on: date, post: Post | None, **_signal: Any) -> str:
    """Object while somebody still has open cases (workflow.md "Who sees what")."""
    return objection(user, post)


@receiver(cases_handed_over, dispatch_uid="hand_cases_over")
def hand_cases_over(from_user: User, to_user: User, now: datetime, **_signal: Any) -> int:
    """Give all open cases of one person to another."""
    return hand_over(from_user, to_user, now)


@receiver(case_moved, sender=Case, dispatch_uid="end_hand_overs")
def end_hand_overs(case: Case, event: Event, **_signal: Any) -> None:
    """What lies with another of the grid's three ends with the matter (their sight of it has ended already)."""
    if event.status_before != event.status_after and case.status not in OPEN:
        end_with(case, event.at)
