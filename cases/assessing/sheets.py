"""A round as a sheet, in the order of the grids' codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.assessing.cards import labels
from cases.assessing.choices import Indicator, Stage
from cases.models import AssessmentRound, GridAssessment
from governance_portal.lib.sheets import Cell


def head() -> list[str]:
    """The heading row."""
    each = [f"{label}{part}" for label in labels() for part in ("分子", "分母", "（%）", "权重")]
    return ["网格编码", "网格", *each, "计算值", "算式", "更正", "评定", "评语"]


def lines(row: AssessmentRound, rows: Iterable[GridAssessment]) -> Iterator[list[Cell]]:
    """One line per grid; of few cases no numerator, a grade only once it is decided."""
    decided = row.stage in (Stage.DECIDED, Stage.ARCHIVED)
    for one in rows:
        figures = {figure.indicator: figure for figure in one.figures.all()}
        cells: list[Cell] = [one.grid_code, one.grid_name]
        for code in Indicator.values:
            figure = figures.get(code)
            if figure is None:
                cells += ["", "", "", 0]
            elif figure.value is None:
                cells += ["", figure.denominator, "样本不足", figure.weight]
            else:
                cells += [figure.numerator, figure.denominator, figure.value, figure.weight]
        grade = getattr(one, "grade", None) if decided else None
        cells += [
            one.total if one.total is not None else "样本不足",
            one.sentence,
            one.reason,
            grade.get_grade_display() if grade else "",
            grade.words if grade else "",
        ]
        yield cells
