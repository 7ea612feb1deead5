"""The follow-up desk, read: who is to be called, who waits for what, within what this person may see.

Nobody is shown a case they handled (workflow.md rule 5), nobody one of another area.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import RedoRequestState, Status
from cases.desks import NEVER, not_handled_by
from cases.following_up.risks import weighed
from cases.models import Case, FollowUp, LookBack, Rectification, RedoRequest
from cases.querysets import CaseQuerySet, below
from governance_portal.lib.working_days import SHANGHAI

CALLERS = (Role.FOLLOW_UP_OFFICER,)
#: Who may verify a bad rating and look back: callers, and who checks (never who handled).
KEEPERS = (Role.FOLLOW_UP_OFFICER, Role.SUPERVISOR)
ENDED = (Status.CLOSED, Status.ARCHIVED)


def may_enter(actor: Actor) -> bool:
    """Tell whether the follow-up desk is this person's: follow-up officers, supervisors, the centre's lead."""
    return actor.has(*KEEPERS) or actor.leads_centre


def cases_of(actor: Actor, now: datetime, roles: tuple[str, ...]) -> CaseQuerySet:
    """Return the cases whose desk lies in the area of such a post, without those this person handled."""
    mine = NEVER
    for post in actor.posts:
        of_centre = post.leads_centre and Role.SUPERVISOR in roles
        if (post.role in roles or of_centre) and post.area_code:
            mine |= below("desk_area", post.area_code)
    return Case.objects.visible_to(actor, now).order_by().filter(mine & not_handled_by(actor.user_id))


def open_rows(actor: Actor, now: datetime) -> QuerySet[FollowUp]:
    """Return the follow-ups that run, of this person's area, not theirs to have handled."""
    cases = cases_of(actor, now, CALLERS).filter(status=Status.FOLLOW_UP)
    return FollowUp.objects.filter(case__in=cases.values("pk"), round=F("case__round"), ended_at__isnull=True)


def to_call(actor: Actor, now: datetime) -> QuerySet[FollowUp]:
    """Return who is to be called, the most urgent first; an agreed time that has not come is left out by `ready`.

    A case whose second redo waits for a decision is not called again meanwhile.
    """
    rows = open_rows(actor, now).filter(called=True, case__redo_request="")
    return weighed(rows.select_related("case__category", "case__lead_unit", "caller"), now)


def ready(rows: QuerySet[FollowUp], now: datetime) -> QuerySet[FollowUp]:
    """Leave out who is not to be tried before a later time."""
    return rows.filter(Q(not_before__isnull=True) | Q(not_before__lte=now))


def put_off(rows: QuerySet[FollowUp], now: datetime) -> QuerySet[FollowUp]:
    """Those who are tried again later, the nearest first."""
    return rows.filter(not_before__gt=now).order_by("not_before", "pk")


def free(rows: QuerySet[FollowUp], actor: Actor, now: datetime) -> QuerySet[FollowUp]:
    """Those nobody else is on the phone with."""
    return rows.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(caller_id=actor.user_id))


def next_to_call(actor: Actor, now: datetime, after: str = "") -> FollowUp | None:
    """Return the next one for this person, None when there is none."""
    return free(ready(to_call(actor, now), now), actor, now).exclude(case__number=after).first()


def left_to_rate(actor: Actor, now: datetime) -> QuerySet[FollowUp]:
    """Return who was not drawn and may rate himself until a date, the nearest first."""
    rows = open_rows(actor, now).filter(called=False)
    return rows.select_related("case__category", "case__lead_unit").order_by("rate_until", "pk")


def row_of(case: Case) -> FollowUp | None:
    """Return the follow-up of this round of a case."""
    return FollowUp.objects.select_related("caller", "policy").filter(case=case, round=case.round).first()


def redo_requests(actor: Actor, now: datetime) -> QuerySet[RedoRequest]:
    """Return the requests that wait for a decision or a countersignature, the oldest first."""
    cases = cases_of(actor, now, KEEPERS).filter(status=Status.FOLLOW_UP).exclude(redo_request="")
    rows = RedoRequest.objects.filter(case__in=cases.values("pk"), round=F("case__round"), signed_at__isnull=True)
    return rows.select_related("case__lead_unit", "asked_by", "decided_by").order_by("asked_at", "pk")


def request_waits_for(row: RedoRequest) -> str:
    """Return for what a request waits, as the case says it."""
    return RedoRequestState.ASKED if row.approved is None else RedoRequestState.REFUSED


def rectifications(actor: Actor, now: datetime) -> QuerySet[Rectification]:
    """Return the bad ratings that are not put right yet, the nearest date first."""
    cases = cases_of(actor, now, KEEPERS)
    rows = Rectification.objects.filter(case__in=cases.values("pk"), closed_at__isnull=True)
    return rows.select_related("case__lead_unit", "unit").order_by("due_at", "pk")


def late_rectifications(now: datetime) -> QuerySet[Rectification]:
    """Return the bad ratings whose fifteen working days are over (for the desk of 督办); narrow it by `case__in`."""
    late = Rectification.objects.filter(closed_at__isnull=True, due_at__lt=now)
    return late.select_related("case__lead_unit", "unit").order_by("due_at", "pk")


def look_backs(actor: Actor, now: datetime) -> QuerySet[LookBack]:
    """Return the dates of looking back that have come, the oldest first; those of a reopened case are gone."""
    cases = cases_of(actor, now, KEEPERS).filter(status__in=ENDED)
    rows = LookBack.objects.filter(case__in=cases.values("pk"), round=F("case__round"), done_at__isnull=True)
    due = rows.filter(due_on__lte=now.astimezone(SHANGHAI).date())
    return due.select_related("case__lead_unit", "case__category").order_by("due_on", "pk")


def look_backs_ahead(actor: Actor, now: datetime) -> int:
    """How many dates of looking back lie ahead."""
    cases = cases_of(actor, now, KEEPERS).filter(status__in=ENDED)
    rows = LookBack.objects.filter(case__in=cases.values("pk"), round=F("case__round"), done_at__isnull=True)
    return rows.filter(due_on__gt=now.astimezone(SHANGHAI).date()).count()


def counts_of(actor: Actor, now: datetime) -> dict[str, int]:
    """Return `{calls, later, unrated, redo, bad, back}`: what waits on each part of the desk."""
    calls = to_call(actor, now)
    return {
        "calls": ready(calls, now).count(),
        "later": put_off(calls, now).count(),
        "unrated": left_to_rate(actor, now).count(),
        "redo": redo_requests(actor, now).count(),
        "bad": rectifications(actor, now).count(),
        "back": look_backs(actor, now).count(),
    }


def waiting(actor: Actor, now: datetime) -> int:
    """How many wait for this person, for the rail: calls for a follow-up officer, decisions for the others; one or two statements."""
    total = ready(to_call(actor, now), now).count() if actor.has(*CALLERS) else 0
    return total + (redo_requests(actor, now).count() if actor.has(Role.SUPERVISOR) or actor.leads_centre else 0)


def told_of(case: Case) -> dict[str, Any]:
    """Return `{attempts, missed_days}` of this round for the screen of the call."""
    return {"missed_days": len(set(case.unreached_days)), "last_day": max(case.unreached_days, default="")}
