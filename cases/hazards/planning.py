"""When a closed hazard is looked at again (回头看): dates by class after closing, and so often while a season lasts.

The rows are those of following_up (`LookBack`), so that there is one list of what is to be looked at again. A season is not
planned ahead: each day's chore makes the rows of that day, so that a season which is lengthened goes on by itself.
Source: facts §8 row 1.11 (汛期不过，检查不停，整改不止).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases import choices as c
from cases.choices import Status
from cases.models import Case, HazardFile, LookBack, ReinspectionRule
from governance_portal.lib.working_days import SHANGHAI

#: Endings after which there is nothing to look at.
NOTHING_DONE = (c.Outcome.WITHDRAWN, c.Outcome.TRANSFERRED, c.Outcome.TERMINATED, c.Outcome.MERGED)


def plan_reinspections(case: Case, round_: int, closed: datetime) -> None:
    """Make the rows of a hazard that was verified and closed at this moment; the same again makes none."""
    of_case = HazardFile.objects.filter(case=case).values_list("hazard_class", flat=True).first() or ""
    rules = ReinspectionRule.objects.filter(hazard_class__in=("", of_case), days__isnull=False)
    day = closed.astimezone(SHANGHAI).date()
    rows = [
        LookBack(case=case, round=round_, days=days, due_on=day + timedelta(days=days))
        for days in sorted({days for days in rules.values_list("days", flat=True) if days is not None})
    ]
    LookBack.objects.bulk_create(rows, ignore_conflicts=True)


def plan_season(now: datetime, most: int) -> int:
    """Make today's rows of every season that lasts: closed hazards not looked at, and not due, for its interval."""
    today, made = now.astimezone(SHANGHAI).date(), 0
    for rule in ReinspectionRule.objects.filter(every__isnull=False, begins_on__lte=today, ends_on__gte=today):
        rows = [
            LookBack(case=case, round=case.round, days=(today - _closed_on(case)).days, due_on=today)
            for case in waiting_for(rule, today)[: most - made]
        ]
        LookBack.objects.bulk_create(rows, ignore_conflicts=True)
        made += len(rows)
    return made


def waiting_for(rule: ReinspectionRule, today: date) -> QuerySet[Case]:
    """Closed hazards of a rule's class whose last look, or closing, lies its interval back; none that waits already."""
    since = today - timedelta(days=rule.every or 0)
    rows = LookBack.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))
    waits = rows.filter(done_at__isnull=True, due_on__lte=today)
    looked = rows.filter(Q(done_at__gte=_begins(since + timedelta(days=1))) | Q(due_on__gt=since, due_on__lte=today))
    found = Case.objects.filter(
        kind=c.Kind.HAZARD,
        status__in=(Status.CLOSED, Status.ARCHIVED),
        closed_at__lt=_begins(since + timedelta(days=1)),
    ).exclude(outcome__in=NOTHING_DONE)
    if rule.hazard_class:
        found = found.filter(hazard__hazard_class=rule.hazard_class)
    return found.filter(~Exists(waits), ~Exists(looked)).order_by(F("closed_at"), "pk")


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _closed_on(case: Case) -> date:
    assert case.closed_at is not None  # noqa: S101 - told to the type checker: the query asked for it
    return case.closed_at.astimezone(SHANGHAI).date()
