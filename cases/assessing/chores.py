"""The clock's part: ten working days after a quarter its rounds are proposed. It computes nothing and grades nobody."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.notices import notify
from cases import policies
from cases.assessing.access import classes_with_grids, overseers
from cases.assessing.quarters import Quarter, quarter_of
from cases.models import AssessmentRound, Case
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due
from grids.choices import WorkClass

#: So long follow-ups and spot checks of the quarter's last closings have time to come in.
WAIT = Limit(10, LimitUnit.WORKING_DAY)


def proposed_from(quarter: Quarter) -> datetime:
    """Return the moment from which a quarter is proposed: after the tenth working day that follows it."""
    ends = datetime.combine(quarter.last, time(), SHANGHAI) + timedelta(hours=12)
    return due(ends, WAIT, policies.calendar()).due


def propose_rounds(now: datetime) -> int:
    """Propose the last quarter for each class that has grids, once; tells who runs the assessment. Answers how many.

    A round that is there, proposed or computed, is not proposed again: one to three statements a minute.
    """
    quarter = quarter_of(now).before
    if now < proposed_from(quarter):
        return 0
    there = set(AssessmentRound.objects.filter(quarter=quarter.code).values_list("work_class", flat=True))
    missing = [code for code in WorkClass.values if code not in there]
    if not missing or not Case.objects.filter(registered_at__lt=quarter.window.ends).exists():
        return 0  # a new centre is not asked about a time before its first matter
    has_grids = classes_with_grids()
    return sum(_propose(quarter, code, now) for code in missing if code in has_grids)


def _propose(quarter: Quarter, work_class: str, now: datetime) -> int:
    with transaction.atomic():
        row, made = AssessmentRound.objects.get_or_create(
            quarter=quarter.code, work_class=work_class, defaults={"proposed_at": now}
        )
        if made:
            title = f"{quarter.label}{row.get_work_class_display()}可以考核了"
            body = "请核对考核办法后计算。计算只给出各项数字，评定由人作出。"
            notify(overseers(now), f"assessment:{row.pk}:proposed", title, body, kind="other", now=now)
    return int(made)
