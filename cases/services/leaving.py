"""Nobody leaves with open cases unassigned (workflow.md "Who sees what")."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Post, User
from accounts.queries import service_actor
from cases.choices import Status
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.services.door import record

IN_HAND = (Status.HANDLING, Status.SUSPENDED)


def _in_hand(user: User) -> CaseQuerySet:
    return Case.objects.filter(handler_id=user.pk, status__in=IN_HAND).order_by("pk")


def objection(user: User, post: Post | None) -> str:
    """Say why somebody cannot leave (or end this post) yet; "" when nothing is left undone."""
    cases = _in_hand(user)
    if post is not None:
        cases = cases.filter(lead_unit_id=post.unit_id)
    count = cases.count()
    return f"{user.name}还有 {count} 件未办结的事项，请先办结，或者交接给同单位的人员。" if count else ""


def hand_over(from_user: User, to_user: User, now: datetime) -> int:
    """Assign every open case of one person to another, by the door, in the clock's name; returns how many.

    Raises Incomplete when the other is no officer of a case's lead unit; nothing is half done (the caller's transaction).
    """
    clock = service_actor("clock")
    cases = list(_in_hand(from_user))
    for case in cases:
        record(case, "assign", actor=clock, now=now, given={"handler": to_user.username, "note": "离岗交接"})
    return len(cases)
