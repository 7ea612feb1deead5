"""The course of a round: proposed, computed, shown, appealed, graded, decided, archived; who may, who may not, twice at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Notice
from cases.assessing import appeals, services
from cases.assessing.chores import propose_rounds
from cases.assessing.plans import plan_for, publish
from cases.assessing.quarters import Quarter
from cases.models import Appeal, AppealStep, AssessmentPlan, AssessmentRound, GridAssessment, GridGrade
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.assessing.conftest import AFTER, LATER, VILLAGE_GRID, figures
from tests.cases.cast import GRID, District, at

pytestmark = pytest.mark.both
Computed = Callable[..., AssessmentRound]
WORDS = {"words": "十一月二十三日那件因当事人外出逾期，责任不在网格。"}


def appealed(d: District, row: AssessmentRound, by: str = "grid_worker") -> Appeal:
    return appeals.make(d.actor(by, AFTER), row.pk, GRID, WORDS, now=AFTER)[0]


def late_case(appeal: Appeal) -> tuple[str, int]:
    bad = next(pk for pk, good in appeal.assessment.figures.get(indicator="on_time").cases if not good)
    return ("on_time", bad)


def answered(d: District, appeal: Appeal, by: str = "supervisor2") -> Appeal:
    given = {"upheld": "yes", "answer": "核实当事人住院，按规定不计入。"}
    return appeals.answer(d.actor(by, AFTER), appeal.pk, given, [late_case(appeal)], now=AFTER)


# --- proposed -----------------------------------------------------------------------------------------------------


def test_the_clock_proposes_a_quarter_once_after_ten_working_days_and_computes_nothing(district: District) -> None:
    """2026Q4: 1–3 January 2027 are off, so that the tenth working day is Friday the 15th."""
    assert propose_rounds(at(16, 0, month=1, year=2027)) == 0  # no matter was there yet
    district.register(now=at(23))
    assert propose_rounds(at(15, 23, month=1, year=2027)) == 0
    assert propose_rounds(at(16, 0, month=1, year=2027)) == 3
    assert propose_rounds(at(18, month=1, year=2027)) == 0
    rows = AssessmentRound.objects.order_by("work_class").values_list("quarter", "work_class", "stage", "computed_at")
    assert list(rows) == [
        ("2026Q4", "community", "proposed", None),
        ("2026Q4", "dedicated", "proposed", None),
        ("2026Q4", "village", "proposed", None),
    ]
    told = {notice.user.username for notice in Notice.objects.filter(key__contains=":proposed")}
    assert told == {"supervisor", "supervisor2", "centre_lead"}
    assert GridGrade.objects.count() == GridAssessment.objects.count() == 0


# --- shown and appealed -------------------------------------------------------------------------------------------


def test_shown_figures_are_told_to_those_concerned_without_a_figure(shown: AssessmentRound) -> None:
    """20 January and seven days, the last one whole."""
    assert (shown.stage, shown.appeal_until) == ("shown", at(28, 0, month=1, year=2027))
    notices = Notice.objects.filter(key=f"assessment:{shown.pk}:shown")
    assert {notice.user.username for notice in notices} == {"grid_worker", "community_lead"}
    assert not any(number in notices[0].body for number in ("70", "66.7", "%"))


def test_an_appeal_is_answered_by_one_confirmed_by_another_and_the_first_row_stays(
    quarter: District, shown: AssessmentRound
) -> None:
    d = quarter
    appeal = appealed(d, shown)
    answered(d, appeal)
    appeals.confirm(d.actor("centre_lead", AFTER), appeal.pk, now=AFTER)
    first, second = GridAssessment.objects.filter(round=shown).order_by("version")
    assert (first.total, second.total, second.corrects, second.version) == (Decimal("70.0"), Decimal("75.0"), first, 2)
    assert second.sentence.startswith("（30×80.0 + 20×60.0 + 30×80.0）÷（30+20+30）= 75.0")
    assert second.reason == "申诉成立，1 处不计入：核实当事人住院，按规定不计入。"
    assert first.figures.get(indicator="on_time").denominator == 6
    assert figures(shown)[GRID]["on_time"] == (4, 5, Decimal("80.0"))
    steps = list(AppealStep.objects.values_list("kind", "by__username"))
    assert steps == [("made", "grid_worker"), ("answered", "supervisor2"), ("confirmed", "centre_lead")]
    assert Notice.objects.filter(key=f"appeal:{appeal.pk}:settled", user=d.people["grid_worker"]).count() == 1
    with pytest.raises(NotNow):
        appeals.confirm(d.actor("centre_lead", AFTER), appeal.pk, now=AFTER)
    for broken in (
        lambda: AppealStep.objects.update(words="x"),
        lambda: Appeal.objects.filter(pk=appeal.pk).update(answer="x"),
        lambda: AppealStep.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="stays"), transaction.atomic():
            broken()


def test_nobody_decides_an_appeal_alone_or_their_own_and_who_computed_has_no_part(
    quarter: District, shown: AssessmentRound
) -> None:
    d = quarter
    appeal = appealed(d, shown)
    for nobody in ("supervisor", "grid_worker", "two_posts", "community_lead", "street_lead", "leader", "auditor"):
        with pytest.raises(NotYou):
            answered(d, appeal, nobody)
    answered(d, appeal)
    with pytest.raises(NotYou) as alone:
        appeals.confirm(d.actor("supervisor2", AFTER), appeal.pk, now=AFTER)
    assert alone.value.detail.startswith("申诉不由一个人定")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(
            stage="settled", confirmed_by=d.people["supervisor2"], confirmed_at=AFTER
        )
    appeals.send_back(d.actor("centre_lead", AFTER), appeal.pk, {"back": "住院证明没有附上。"}, now=AFTER)
    appeal.refresh_from_db()
    assert (appeal.stage, appeal.answer, appeal.upheld) == ("open", "", None)
    assert GridAssessment.objects.filter(round=shown).count() == 1


def test_only_those_concerned_appeal_in_time_and_once(quarter: District, shown: AssessmentRound) -> None:
    d = quarter
    for stranger in ("villager", "street_lead", "supervisor2", "handler", "leader"):
        with pytest.raises(NotYours):
            appealed(d, shown, stranger)
    with pytest.raises(NotYours):
        appeals.make(d.actor("villager", AFTER), shown.pk, VILLAGE_GRID, WORDS, now=AFTER)
    first = appealed(d, shown)
    assert appeals.make(d.actor("grid_worker", AFTER), shown.pk, GRID, WORDS, now=AFTER) == (first, False)
    appealed(d, shown, "community_lead")
    assert Appeal.objects.count() == 2
    for words in ("", "　", "字" * 2001, "a\x00b"):
        with pytest.raises(Incomplete):
            appeals.make(d.actor("grid_worker", AFTER), shown.pk, GRID, {"words": words}, now=AFTER)
    with pytest.raises(NotNow):
        appeals.make(d.actor("grid_worker", LATER), shown.pk, GRID, WORDS, now=LATER)


@pytest.mark.parametrize(
    ("given", "removed", "field"),
    [
        ({"upheld": "", "answer": "查了"}, [], "upheld"),
        ({"upheld": "yes", "answer": "查了"}, [], "removed"),
        ({"upheld": "no", "answer": "查了"}, ["late"], "removed"),
        ({"upheld": "yes", "answer": "查了"}, [("on_time", 10**17)], "removed"),
        ({"upheld": "no", "answer": " "}, [], "answer"),
    ],
)
def test_an_answer_has_a_verdict_reasons_and_cases_of_this_grid(
    quarter: District, shown: AssessmentRound, given: Any, removed: Any, field: str
) -> None:
    appeal = appealed(quarter, shown)
    chosen = [late_case(appeal) if one == "late" else one for one in removed]
    with pytest.raises(Incomplete) as refused:
        appeals.answer(quarter.actor("supervisor2", AFTER), appeal.pk, given, chosen, now=AFTER)
    assert list(refused.value.errors) == [field]


# --- graded and decided -------------------------------------------------------------------------------------------


def test_people_grade_after_the_appeals_and_another_than_who_computed_decides(
    quarter: District, shown: AssessmentRound
) -> None:
    d = quarter
    one = shown.assessments.get()
    with pytest.raises(NotNow):  # 公示 runs
        services.grade(d.actor("supervisor2", AFTER), shown.pk, {one.pk: ("passed", "")}, now=AFTER)
    appeal = appealed(d, shown)
    who = d.actor("supervisor2", LATER)
    with pytest.raises(Incomplete) as disputed:
        services.grade(who, shown.pk, {one.pk: ("passed", "")}, now=LATER)
    assert disputed.value.errors == {f"grade-{one.pk}": ["申诉还没有办结，办结后再评定。"]}
    answered(d, appeal)
    appeals.confirm(d.actor("centre_lead", AFTER), appeal.pk, now=AFTER)
    newest = shown.assessments.get(corrected__isnull=True)
    with pytest.raises(NotNow):  # the first row is no longer what is graded
        services.grade(who, shown.pk, {one.pk: ("passed", "")}, now=LATER)
    with pytest.raises(NotNow):  # nothing is graded yet
        services.decide(who, shown.pk, now=LATER)
    for wrong, field in ((("best", ""), "grade"), (("too_few", ""), "grade"), (("improve", ""), "words")):
        with pytest.raises(Incomplete) as refused:
            services.grade(who, shown.pk, {newest.pk: wrong}, now=LATER)
        assert list(refused.value.errors) == [f"{field}-{newest.pk}"]
    assert services.grade(who, shown.pk, {newest.pk: ("passed", "")}, now=LATER) == 1
    assert services.grade(who, shown.pk, {newest.pk: ("excellent", "及时")}, now=LATER) == 1
    assert services.grade(who, shown.pk, {newest.pk: ("excellent", "及时")}, now=LATER) == 0
    with pytest.raises(NotYou):
        services.decide(d.actor("supervisor", LATER), shown.pk, now=LATER)
    services.decide(d.actor("centre_lead", LATER), shown.pk, now=LATER)
    with pytest.raises(NotNow):
        services.decide(d.actor("centre_lead", LATER), shown.pk, now=LATER)
    with pytest.raises(Exception, match="stays"), transaction.atomic():
        GridGrade.objects.update(grade="passed")
    services.archive(d.actor("centre_lead", LATER), shown.pk, now=LATER)
    actions = list(
        AuditEntry.objects.filter(target=f"assessment:{shown.pk}").order_by("pk").values_list("action", flat=True)
    )
    assert actions == [
        *("assessment.computed", "assessment.shown", "assessment.appealed", "assessment.answered"),
        *("assessment.confirmed", "assessment.graded", "assessment.graded", "assessment.decided"),
        "assessment.archived",
    ]


def test_few_cases_are_never_graded_down(quarter: District, computed: Computed) -> None:
    d = quarter
    row = services.show(d.actor("supervisor", AFTER), computed("dedicated").pk, now=AFTER)
    one = row.assessments.get()
    for grade in ("improve", "excellent"):
        with pytest.raises(Incomplete):
            services.grade(d.actor("supervisor", LATER), row.pk, {one.pk: (grade, "x")}, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        GridGrade.objects.create(
            assessment=one, grade="improve", words="x", valued=False, graded_by=d.people["supervisor"], graded_at=LATER
        )
    assert services.grade(d.actor("supervisor", LATER), row.pk, {one.pk: ("too_few", "")}, now=LATER) == 1


# --- plans --------------------------------------------------------------------------------------------------------

NEXT = {
    **{"on_time": "25", "at_once": "25", "satisfied": "25", "spot": "25"},
    **{"min_base": "6", "since": "2027Q1", "reason": "区委政法委2027年1号文"},
}


def test_the_next_plan_begins_with_the_next_quarter_and_never_changes_the_past(district: District) -> None:
    d, now = district, at(23)
    before = plan_for("community", Quarter(2026, 4))
    made = publish(NEXT, "community", d.actor("centre_lead"), now)
    held = [plan_for("community", quarter) for quarter in (Quarter(2026, 4), Quarter(2027, 1), Quarter(2030, 2))]
    assert held == [before, made, made]
    assert AssessmentPlan.objects.get(pk=before.pk).until == "2026Q4"  # type: ignore[union-attr]
    with pytest.raises(NotNow):  # sent twice
        publish(NEXT, "community", d.actor("centre_lead"), now)
    assert AssessmentPlan.objects.filter(work_class="community").count() == 2
    for broken in (
        lambda: AssessmentPlan.objects.filter(pk=made.pk).update(spot=24, on_time=26),
        lambda: AssessmentPlan.objects.filter(pk=before.pk).update(until="2027Q4"),  # type: ignore[union-attr]
        lambda: AssessmentPlan.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(Exception, match=r"stays|FOREIGN|foreign"), transaction.atomic():
            broken()
    for nobody in ("supervisor", "grid_worker", "leader", "street_lead"):
        with pytest.raises(NotYou):
            publish(NEXT, "village", d.actor(nobody), now)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"spot": "24"}, "on_time"),
        ({"spot": "-1"}, "spot"),
        ({"spot": "1" * 400}, "spot"),
        ({"spot": "２５"}, "spot"),
        ({"min_base": "1"}, "min_base"),
        ({"since": "2026Q4"}, "since"),
        ({"since": "2099Q1"}, "since"),
        ({"since": "x\x00"}, "since"),
        ({"reason": ""}, "reason"),
        ({"reason": "a\x00"}, "reason"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_at_the_field(district: District, wrong: Any, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        publish({**NEXT, **wrong}, "community", district.actor("centre_lead"), at(23))
    assert list(refused.value.errors) == [field]
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentPlan.objects.create(work_class="village", since="2028Q1", until="2028Q2", on_time=99)
