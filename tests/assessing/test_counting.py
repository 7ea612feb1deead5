"""A quarter counted by hand: what is counted for a grid and what is not, small bases, frozen numbers, nobody in them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction

from cases.assessing import services
from cases.assessing.computing import compute
from cases.assessing.counting import count
from cases.assessing.quarters import Quarter, read_quarter
from cases.models import AssessmentPlan, AssessmentRound, GridAssessment, GridFigure, GridGrade
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.assessing.conftest import (
    AFTER,
    SCHOOL_GRID,
    VILLAGE_GRID,
    figures,
    handled,
    settle_self,
)
from tests.cases.cast import GRID, MONDAY, District, at

pytestmark = pytest.mark.both
Computed = Callable[..., AssessmentRound]
FOURTH = Quarter(2026, 4)


def test_three_grids_of_three_classes_count_as_the_hand_does(quarter: District, computed: Computed) -> None:
    """Six due, one late and one not done; five closed, one sent back and one redone; four of five content; two checks."""
    assert figures(computed("community")) == {
        GRID: {
            "on_time": (4, 6, Decimal("66.7")),
            "at_once": (3, 5, Decimal("60.0")),
            "satisfied": (4, 5, Decimal("80.0")),
            "spot": (1, 2, None),
        }
    }
    assert figures(computed("village")) == {
        VILLAGE_GRID: {
            "on_time": (5, 5, Decimal("100.0")),
            "at_once": (5, 5, Decimal("100.0")),
            "satisfied": (5, 5, Decimal("100.0")),
            "spot": (0, 0, None),
        }
    }
    assert figures(computed("dedicated")) == {
        SCHOOL_GRID: {
            "on_time": (2, 2, None),
            "at_once": (2, 2, None),
            "satisfied": (0, 2, None),
            "spot": (0, 0, None),
        }
    }
    told = list(GridAssessment.objects.order_by("pk").values_list("grid_name", "total", "sentence"))
    assert told == [
        (
            "胜利社区第一网格",
            Decimal("70.0"),
            "（30×66.7 + 20×60.0 + 30×80.0）÷（30+20+30）= 70.0；抽查合格率样本不足，权重由其他各项分担",
        ),
        (
            "向阳堡村第一网格",
            Decimal("100.0"),
            "（35×100.0 + 20×100.0 + 30×100.0）÷（35+20+30）= 100.0；抽查合格率样本不足，权重由其他各项分担",
        ),
        ("第一中学网格", None, "各项样本不足，不计算"),
    ]
    sentences = list(GridFigure.objects.filter(assessment__grid_code=GRID).values_list("sentence", flat=True))
    assert sentences == [
        "按期办结 4 ÷ 应办结 6 = 66.7%",
        "一次办结 3 ÷ 期内办结 5 = 60.0%",
        "基本满意以上 4 ÷ 有效评价 5 = 80.0%",
        "已抽查 2 件，少于 5 件，样本不足，不计算",
    ]


def test_registering_many_and_settling_them_oneself_changes_nothing(quarter: District) -> None:
    before = count([GRID], FOURTH.window, AFTER)
    for _one in range(6):
        settle_self(quarter)
    assert count([GRID], FOURTH.window, AFTER) == before


def test_few_cases_neither_hurt_nor_help(quarter: District) -> None:
    """A value below the base is none, and the others share its weight; without any there is no value at all."""
    weights = {"on_time": 50, "at_once": 0, "satisfied": 50, "spot": 0}
    bad = [(pk, False) for pk in range(4)]
    good = [(pk, True) for pk in range(10)]
    result = compute(weights, 5, {"on_time": good, "satisfied": bad})
    assert (result.total, [figure.value for figure in result.figures]) == (Decimal("100.0"), [Decimal("100.0"), None])
    assert "件，少于 5 件，样本不足" in result.figures[1].sentence
    assert compute(weights, 5, {"satisfied": bad}).total is None
    # Half of many is half of few.
    few = [(pk, pk % 2 == 0) for pk in range(6)]
    many = [(pk, pk % 2 == 0) for pk in range(600)]
    assert compute(weights, 5, {"on_time": few}).total == compute(weights, 5, {"on_time": many}).total


def test_what_was_computed_stays_when_cases_change_later(quarter: District, computed: Computed) -> None:
    row = computed()
    before = figures(row)
    case = handled(quarter, now=at(1, month=12))
    quarter.move(case, "reopen", "supervisor", at(5, month=12), reason="又漏了")
    assert figures(row) == before
    for broken in (
        lambda: GridFigure.objects.update(numerator=0),
        lambda: GridAssessment.objects.update(total=None),
        lambda: GridFigure.objects.all().delete(),
        lambda: AssessmentRound.objects.filter(pk=row.pk).update(computed_at=at(1)),
        lambda: AssessmentRound.objects.filter(pk=row.pk).delete(),
        lambda: GridFigure.objects.create(
            assessment=row.assessments.get(), indicator="more", numerator=2, denominator=1, weight=1, sentence="x"
        ),
    ):
        with pytest.raises(Exception) as refused, transaction.atomic():
            broken()
        assert isinstance(refused.value, IntegrityError | models.ProtectedError) or "stays" in str(refused.value)


def test_it_is_computed_once_after_the_quarter_by_the_centre_only(quarter: District, computed: Computed) -> None:
    with pytest.raises(Incomplete) as early:
        computed(now=at(31, month=12))
    assert early.value.errors == {"quarter": ["2026 年第四季度还没有结束，结束后再计算。"]}
    for nobody in ("grid_worker", "street_lead", "leader", "dispatcher", "two_posts", "auditor"):
        with pytest.raises(NotYou):
            computed(by=nobody)
    computed()
    with pytest.raises(NotNow) as twice:
        computed(by="supervisor2")
    assert twice.value.detail.startswith("这一季度的考核现在是“草稿”")
    assert AssessmentRound.objects.count() == 1
    for wrong in (("2026Q5", "community"), ("", "community"), ("2026Q4", "people")):
        with pytest.raises(Incomplete):
            services.begin(quarter.actor("supervisor"), *wrong, now=AFTER)


def test_no_column_holds_a_person_beside_those_who_did_a_step() -> None:
    """What is computed and graded is about a grid: no row of it knows whom it would be about."""
    for model in (GridAssessment, GridFigure, AssessmentPlan):
        related = {field.name: field.related_model.__name__ for field in model._meta.fields if field.is_relation}
        assert "User" not in related.values(), related
    people = [
        field.name
        for model in (AssessmentRound, GridGrade)
        for field in model._meta.fields
        if field.is_relation and field.related_model.__name__ == "User"
    ]
    assert people == ["computed_by", "shown_by", "decided_by", "archived_by", "graded_by"]
    names = {field.name for model in (GridAssessment, GridFigure, GridGrade) for field in model._meta.fields}
    assert not names & {"user", "person", "worker", "score", "rank", "points", "place"}


def test_quarters_are_read_and_follow_one_another() -> None:
    assert [read_quarter(code) for code in ("2026Q4", "2026Q5", "1999Q1", "２０２６Q4", "")] == [
        FOURTH,
        *[None] * 4,
    ]
    assert (FOURTH.next.code, Quarter(2026, 1).before.code, FOURTH.label) == ("2027Q1", "2025Q4", "2026 年第四季度")
    assert (FOURTH.window.first, FOURTH.window.last) == (at(1, month=10).date(), at(31, month=12).date())
    assert not FOURTH.is_over(at(31, 23, 59, month=12)) and FOURTH.is_over(at(1, 0, month=1, year=2027))


__all__ = ["MONDAY"]
