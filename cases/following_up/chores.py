"""What the clock does for the follow-up: closes what nobody calls, by policy; makes dates of looking back known.

Each is idempotent, bounded to a batch, and its moves go through the door as the clock's (cases.chores).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from accounts.channels.planning import Message
from accounts.choices import Role
from accounts.queries import Actor, service_actor
from cases import choices as c
from cases.choices import Status
from cases.following_up.approving import approvable
from cases.following_up.queries import ENDED
from cases.following_up.services import plan_anew
from cases.models import Case, FollowUp, LookBack, Rectification
from cases.services.door import move
from cases.services.recipients import Recipients
from cases.services.telling_once import tell_once
from governance_portal.lib.errors import Refusal
from governance_portal.lib.working_days import SHANGHAI

BATCH = 500


def plan_follow_ups(now: datetime) -> int:
    """Make the row of each case that waits for its follow-up without one (from before there were rows)."""
    known = FollowUp.objects.filter(round=F("case__round")).values("case_id")
    waiting = Case.objects.filter(status=Status.FOLLOW_UP).exclude(pk__in=known).order_by("pk")[:BATCH]
    return len([plan_anew(case, now) for case in waiting])


def close_uncalled_by_policy(now: datetime) -> int:
    """Close what the policy wants nobody to call, once the resident has had his days to rate."""
    rows = FollowUp.objects.filter(called=False, ended_at__isnull=True, rate_until__lte=now, round=F("case__round"))
    found = rows.filter(case__status=Status.FOLLOW_UP, case__redo_request="").select_related("case")
    clock = service_actor("clock")
    return sum(_closed(row, clock, now) for row in found.order_by("rate_until", "pk")[:BATCH])


def _closed(row: FollowUp, clock: Actor, now: datetime) -> int:
    try:
        move(row.case, "close_uncalled", actor=clock, now=now, given={"ground": ground_of(row.case)})
    except Refusal:
        return 0  # moved by somebody this moment: the next run sees what is left
    return 1


def ground_of(case: Case) -> str:
    """Return on which ground a case is closed without a call."""
    if case.nobody_to_ask:
        return c.UncalledGround.NO_REPORTER.value
    if case.anonymous:
        return c.UncalledGround.ANONYMOUS.value
    if case.satisfaction is not None:
        return c.UncalledGround.RATED_ON_SPOT.value
    if case.kind in (c.Kind.CONSULTATION, c.Kind.SUGGESTION):
        return c.UncalledGround.NOT_RATED.value
    return c.UncalledGround.NOT_SAMPLED.value


def approve_by_policy(now: datetime) -> int:
    """Approve what a policy lets the clock approve: none unless a centre says so, and never a hazard (finder ≠ verifier)."""
    waiting = approvable(now)
    if waiting is None:
        return 0
    clock = service_actor("clock")
    return sum(_approved(case, clock, now) for case in waiting.order_by("resolved_at", "pk")[:BATCH])


def _approved(case: Case, clock: Actor, now: datetime) -> int:
    try:
        move(case, "approve", actor=clock, now=now)
    except Refusal:
        return 0  # moved by somebody this moment
    return 1


def tell_looking_back(now: datetime) -> int:
    """Tell the follow-up officers of each dispute whose date has come; once."""
    today = now.astimezone(SHANGHAI).date()
    rows = LookBack.objects.filter(due_on__lte=today, done_at__isnull=True, told_at__isnull=True)
    rows = rows.filter(round=F("case__round"), case__status__in=ENDED)
    rows = rows.select_related("case__complained_unit").order_by("due_on", "pk")
    return tell_once(rows, "told_at", _looked_back, now, BATCH)


def _looked_back(row: LookBack, recipients: Recipients) -> Message:
    people = recipients.role(Role.FOLLOW_UP_OFFICER, row.case.desk_area)
    body = f"办结已满 {row.days} 天，请问一问现在是否稳定。"
    if row.case.kind == c.Kind.HAZARD:
        people |= recipients.role(Role.SUPERVISOR, row.case.desk_area)
        body = f"隐患销号已满 {row.days} 天，请到现场看一看整改有没有保持住。"
    return _message(row.case, people, recipients, f"look_back:{row.pk}", "回头看", body)


def tell_late_rectifications(now: datetime) -> int:
    """Tell follow-up officers and supervisors, once, of a bad rating whose fifteen working days are over."""
    rows = Rectification.objects.filter(closed_at__isnull=True, due_at__lt=now, late_told_at__isnull=True)
    rows = rows.select_related("case__complained_unit").order_by("due_at", "pk")
    return tell_once(rows, "late_told_at", _late_rectification, now, BATCH)


def _late_rectification(row: Rectification, recipients: Recipients) -> Message:
    area, ended = row.case.desk_area, row.due_at.astimezone(SHANGHAI)
    people = recipients.role(Role.FOLLOW_UP_OFFICER, area) | recipients.role(Role.SUPERVISOR, area)
    body = f"应在 {ended:%m月%d日 %H:%M} 前整改完，请尽快办理并再次回访。"
    key = f"rectification_late:{row.pk}:{row.due_at:%Y%m%d}"
    return _message(row.case, people, recipients, key, "差评整改已超期", body, "overdue")


def _message(
    case: Case, people: frozenset[int], recipients: Recipients, key: str, what: str, body: str, kind: str = "case"
) -> Message:
    """News of a case for those who did not handle it."""
    told = recipients.allowed(case, people - set(case.handled_by))
    return Message(told, key, f"{case.number} {what}", body, case.number, kind)
