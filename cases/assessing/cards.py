"""What the assessment's pages draw: rows of a round, a grid's sheet, totals, appeals. Numbers are read, never compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, Sum

from accounts.queries import Actor
from cases.assessing.access import oversees
from cases.assessing.choices import AppealStage, Grade, Indicator, Stage
from cases.assessing.computing import Figure, compute
from cases.assessing.counting import count
from cases.assessing.indicators import INDICATORS, NEVER_BELOW, NOT_LOOKED_AT, NOT_LOOKED_AT_SOURCE
from cases.assessing.quarters import Quarter, quarter_of, read_quarter
from cases.models import Appeal, AssessmentPlan, AssessmentRound, Case, GridAssessment, GridFigure
from cases.statistics.figures import percent
from grids.models import Duty, Grid

Row = dict[str, Any]
#: So many cases of an indicator are named on the page; a grid has fewer in a quarter.
NAMED = 200
ALL_SHOWN = 40


def whole(rows: QuerySet[GridAssessment]) -> QuerySet[GridAssessment]:
    """Join what a page of grids draws: two statements whatever its length."""
    return rows.select_related("grade").prefetch_related(Prefetch("figures", GridFigure.objects.defer("cases")))


def row_of(one: GridAssessment) -> Row:
    """One grid in the table of a round."""
    cells = {figure.indicator: figure for figure in one.figures.all()}
    grade = getattr(one, "grade", None)
    return {"one": one, "cells": [cells.get(code) for code in Indicator.values], "grade": grade, "errors": {}}


def plan_words(plan: AssessmentPlan | None) -> list[Row]:
    """The indicators of a plan with their weights and what they say."""
    weights = plan.weights if plan else {}
    return [{"looked": INDICATORS[code], "weight": weight} for code, weight in weights.items()]


def explained(plan: AssessmentPlan | None) -> Row:
    """The formula and what is not looked at, for the page."""
    return {
        "plan": plan,
        "plan_rows": plan_words(plan),
        "never_below": NEVER_BELOW,
        "not_looked_at": NOT_LOOKED_AT,
        "not_looked_at_source": NOT_LOOKED_AT_SOURCE,
    }


def labels() -> list[str]:
    """The headings of the table."""
    return [INDICATORS[code].label for code in Indicator.values]


def totals(row: AssessmentRound) -> Row:
    """Of a whole class: numerators and denominators added up, how many grids have which grade; three statements."""
    newest = row.assessments.filter(corrected__isnull=True).order_by()
    sums = {
        one["indicator"]: one
        for one in GridFigure.objects.filter(assessment__in=newest)
        .order_by()
        .values("indicator")
        .annotate(above=Sum("numerator"), below=Sum("denominator"))
    }
    grades: dict[str, int] = {}
    if row.stage in (Stage.DECIDED, Stage.ARCHIVED):
        counted = newest.filter(grade__isnull=False).values("grade__grade").annotate(number=Count("pk"))
        grades = {one["grade__grade"]: one["number"] for one in counted}
    return {
        "grids": newest.count(),
        "rates": [
            {
                "label": INDICATORS[code].label,
                "numerator": sums[code]["above"],
                "denominator": sums[code]["below"],
                "value": percent(sums[code]["above"], sums[code]["below"]),
            }
            for code in Indicator.values
            if code in sums
        ],
        "grades": [(label, grades.get(value, 0)) for value, label in Grade.choices] if grades else [],
    }


# --- one grid -----------------------------------------------------------------------------------------------------


def sheet_of(one: GridAssessment, actor: Actor, now: datetime) -> list[Row]:
    """The indicators of a grid with the cases behind each; who may not open a case does not learn its number.

    How single residents answered is told to the centre only, and of few cases to nobody.
    """
    figures = list(one.figures.all())
    wanted = {pk for figure in figures for pk, _good in figure.cases}
    visible = Case.objects.visible_to(actor, now).filter(pk__in=wanted).order_by()
    known = {case.pk: case for case in visible.only("pk", "number", "title")}
    return [_figure(figure, known, oversees(actor)) for figure in figures]


def _figure(figure: GridFigure, known: Mapping[int, Case], centre: bool) -> Row:
    tells = centre or (figure.indicator != Indicator.SATISFIED and figure.value is not None)
    cases = [
        {"case": known[pk], "good": good, "key": f"{figure.indicator}:{pk}"} for pk, good in figure.cases if pk in known
    ]
    return {
        "figure": figure,
        "looked": INDICATORS[figure.indicator],
        "tells": tells,
        "bad": [row for row in cases if not row["good"]][:NAMED] if tells else [],
        "good": [row for row in cases if row["good"]][:NAMED] if tells else [],
        "cases": [] if tells else cases[:NAMED],
        "unseen": len(figure.cases) - len(cases),
    }


def versions_of(one: GridAssessment) -> list[GridAssessment]:
    """Every row of this grid in this round, the first computed first; one statement."""
    return list(GridAssessment.objects.filter(round=one.round_id, grid_code=one.grid_code).order_by("version"))


def appeals_of(rows: Iterable[GridAssessment], actor: Actor) -> list[Appeal]:
    """The appeals of a grid; a drafted answer is the centre's until it is confirmed. Two statements."""
    found = Appeal.objects.filter(assessment__in=[row.pk for row in rows])
    people = ("made_by", "answered_by", "confirmed_by", "assessment")
    appeals = list(found.select_related(*people).prefetch_related("steps__by").order_by("made_at", "pk"))
    if not oversees(actor):
        for appeal in appeals:
            if appeal.stage != AppealStage.SETTLED:
                appeal.answer, appeal.upheld = "", None
    return appeals


# --- one's own ----------------------------------------------------------------------------------------------------


def running(actor: Actor, now: datetime, duties: list[Duty]) -> list[Row]:
    """The figures of the quarter that runs, of the grids somebody serves in it: two statements and one per indicator.

    No value in all and no share of content residents: read daily, it would tell who answered what.
    """
    quarter = quarter_of(now)
    codes = sorted({duty.grid.code for duty in duties if _served(duty, quarter)})
    if not codes:
        return []
    grids = list(Grid.objects.filter(code__in=codes).order_by("code"))
    plans = {
        plan.work_class: plan
        for plan in AssessmentPlan.objects.filter(since__lte=quarter.code).order_by("since")
        if not plan.until or plan.until >= quarter.code
    }
    counted = count(codes, quarter.window, now)
    rows = []
    for grid in grids:
        plan = plans.get(grid.work_class)
        if plan is not None:
            result = compute(plan.weights, plan.min_base, counted.get(grid.code, {}))
            rows.append(
                {"grid": grid, "plan": plan, "quarter": quarter, "figures": [_so_far(one) for one in result.figures]}
            )
    return rows


def _so_far(figure: Figure) -> Row:
    looked, sentence = INDICATORS[figure.indicator], figure.sentence
    if figure.indicator == Indicator.SATISFIED:
        sentence = f"{looked.denominator} {figure.denominator} 件；比率到季末公示时给出，平时不显示，免得看出是谁的评价"
    return {"looked": looked, "weight": figure.weight, "sentence": sentence}


def _served(duty: Duty, quarter: Quarter) -> bool:
    return duty.starts_on < quarter.next.first and (duty.ends_on is None or duty.ends_on > quarter.first)


def duties_of(actor: Actor) -> list[Duty]:
    """Every duty somebody has or had; one statement."""
    return list(Duty.objects.filter(user_id=actor.user_id or 0).select_related("grid").order_by("grid__code"))


def own_rounds(duties: list[Duty]) -> list[GridAssessment]:
    """What was shown of the grids somebody served in the quarter of it, the newest quarter first; one statement."""
    codes = {duty.grid.code for duty in duties}
    rows = GridAssessment.objects.filter(
        grid_code__in=codes, corrected__isnull=True, round__stage__in=(Stage.SHOWN, Stage.DECIDED, Stage.ARCHIVED)
    )
    found = []
    for one in rows.select_related("round", "grade").order_by("-round__quarter", "grid_code"):
        quarter = read_quarter(one.round.quarter)
        if quarter and any(duty.grid.code == one.grid_code and _served(duty, quarter) for duty in duties):
            found.append(one)
    return found[:ALL_SHOWN]
