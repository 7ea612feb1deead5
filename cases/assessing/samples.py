"""网格考核 in a demonstration: the last quarter that can be over by now, decided after one appeal; another class as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Notice, User
from accounts.queries import Actor, actor_for
from cases.assessing import appeals, services
from cases.assessing.access import classes_with_grids
from cases.assessing.choices import Grade, Stage
from cases.assessing.chores import proposed_from
from cases.assessing.quarters import Quarter, quarter_of
from cases.models import AssessmentRound, GridAssessment
from grids.choices import WorkClass
from grids.models import Duty

#: From computing to deciding: 公示 of seven days, over a holiday a few more.
COURSE = timedelta(days=20)


@dataclass(frozen=True)
class Words:
    """What is said: the appeal, its answer, the words beside grades."""

    appeal: str
    answer: str
    grade: str


def lay_samples(usernames: Mapping[str, str], words: Words, now: datetime) -> int:
    """Make the rounds through the doors; answers how many, 0 where there are some already.

    usernames: who `computes`, `answers` and `decides` (three of the centre).
    """
    if AssessmentRound.objects.exclude(stage=Stage.PROPOSED).exists():  # what the clock proposed is nothing yet
        return 0
    quarter = quarter_of(now).before
    while proposed_from(quarter) + COURSE > now:
        quarter = quarter.before
    begun = proposed_from(quarter) + timedelta(hours=10)

    def who(part: str, moment: datetime) -> Actor:
        return actor_for(User.objects.get(username=usernames[part]), moment)

    row = services.begin(who("computes", begun), quarter.code, WorkClass.COMMUNITY, now=begun)
    services.show(who("computes", begun), row.pk, now=begun)
    row.refresh_from_db()
    _appeal(row, quarter, words, who("answers", begun), who("decides", begun), begun + timedelta(days=1))
    over = (row.appeal_until or begun) + timedelta(hours=10)
    newest = list(row.assessments.filter(corrected__isnull=True).order_by("grid_code"))
    given = {one.pk: (_grade(one), words.grade if _is_full(one) else "") for one in newest}
    services.grade(who("answers", over), row.pk, given, now=over)
    services.decide(who("decides", over), row.pk, now=over)
    made = 1
    for work_class in sorted(classes_with_grids() - {WorkClass.COMMUNITY.value}):
        services.begin(who("computes", begun), quarter.code, work_class, now=begun)
        made += 1
    told = Notice.objects.filter(read_at__isnull=True, created_at__lt=now)
    told.filter(Q(key__startswith="assessment:") | Q(key__startswith="appeal:")).update(read_at=now)
    return made


def _is_full(one: GridAssessment) -> bool:
    return one.total is not None and one.total >= 95


def _grade(one: GridAssessment) -> str:
    """What the people of the demonstration concluded."""
    if one.total is None:
        return Grade.TOO_FEW.value
    return Grade.EXCELLENT.value if _is_full(one) else Grade.PASSED.value


def _appeal(
    row: AssessmentRound, quarter: Quarter, words: Words, answers: Actor, confirms: Actor, now: datetime
) -> None:
    """One grid worker appeals about a matter that was not counted as good, and is right; without one nobody appeals."""
    served = (
        Duty.objects.overlapping(quarter.first, quarter.next.first)
        .select_related("user", "grid")
        .order_by("grid__code")
    )
    workers = {duty.grid.code: duty.user for duty in served}
    for one in row.assessments.filter(grid_code__in=workers).prefetch_related("figures").order_by("grid_code"):
        bad = [(figure.indicator, pk) for figure in one.figures.all() for pk, good in figure.cases if not good]
        if bad:
            actor = actor_for(workers[one.grid_code], now)
            made, _new = appeals.make(actor, row.pk, one.grid_code, {"words": words.appeal}, now=now)
            later = now + timedelta(days=1)
            given = {"upheld": "yes", "answer": words.answer}
            appeals.answer(answers, made.pk, given, bad[:1], now=later)
            appeals.confirm(confirms, made.pk, now=later + timedelta(hours=2))
            return
