"""The rows of the page: each indicator with its value, the lists it opens, and how it stands to before and to a year ago."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from cases.indicators.computing import list_of, of_counts, value_of, words_of
from cases.indicators.counting import clusters
from cases.indicators.registry import in_groups, matching
from cases.indicators.shapes import Group, Indicator, Question, Unit, Value
from cases.statistics import wording
from cases.statistics.figures import FIGURES, percent
from cases.statistics.windows import YEAR_AGO, Period

Row = dict[str, Any]


def chapters(question: Question, period: Period, words: str) -> list[dict[str, Any]]:
    """Return the groups that hold any indicator in whose words these occur; an empty one is left out."""
    wanted = matching(words)
    found = []
    for code, label, indicators in in_groups():
        rows = [row_of(one, question, period) for one in indicators if one.code in wanted]
        if rows:
            hot = _clusters(question, period) if code == Group.HOT and not words.strip() else []
            found.append({"code": code, "label": label, "rows": rows, "clusters": hot})
    return found


def row_of(indicator: Indicator, question: Question, period: Period) -> Row:
    """One indicator as the page draws it."""
    value = value_of(indicator, question)
    return {
        "code": indicator.code,
        "label": indicator.label,
        "words": words_of(indicator, value),
        "why": value.why,
        "parts": list(_parts(indicator, value)),
        "opens": value.opens[0] if value.opens and value.denominator is None else "",
        "changes": [] if value.number is None else _changes(indicator, value, question, period),
        "formula": indicator.formula,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
        "days": indicator.days,
        "basis": indicator.basis,
        "golden": indicator.golden,
        "source": indicator.base,
    }


def _parts(indicator: Indicator, value: Value) -> Iterator[dict[str, str]]:
    """Numerator and denominator, each with its list."""
    if value.numerator is None or value.denominator is None:
        return
    opens = value.opens or ("", "")
    for number, url, words in zip(
        (value.numerator, value.denominator), opens, (indicator.numerator, indicator.denominator), strict=True
    ):
        yield {"value": wording.number(number), "url": url if number else "", "label": words.partition("：")[0]}


def _changes(indicator: Indicator, value: Value, question: Question, period: Period) -> list[dict[str, str]]:
    """Against the period before and the same days a year ago: of what is counted over days, not of how things stand."""
    if indicator.stands or not set(indicator.figures) or not set(indicator.figures) <= COMPARABLE:
        return []
    windows = [(period.before, period.before_label)]
    if period.is_compared_twice:
        windows.append((period.year_ago, YEAR_AGO))
    found = []
    for window, label in windows:
        earlier = of_counts(indicator, question.once(f"overview {window}", partial(question.overview, window)))
        found.append({"against": label, **_change(indicator, value, earlier, label)})
    return found


def _change(indicator: Indicator, value: Value, earlier: Value, label: str) -> dict[str, str]:
    if indicator.unit == Unit.PERCENT:
        change = wording.change_of_rate(value.number, earlier.number, label)  # type: ignore[arg-type]
    else:
        change = wording.change_of_count(int(value.number or 0), int(earlier.number or 0), label)
    return {"words": change.words, "trend": change.trend}


#: The board's own figures over days: kept, so that three windows cost little.
COMPARABLE = {name for name, figure in FIGURES.items() if figure.days in ("registered", "due")}


def _clusters(question: Question, period: Period) -> list[Row]:
    """热点 by 类别 × 网格 with 环比."""
    rows = clusters(question.scope, question.window, period.before, question.now)
    whole = question.counts["accepted"]
    return [
        {
            "category": row.category_name,
            "grid": row.grid_name,
            "count": wording.number(row.count),
            "url": f"{list_of('accepted', row.grid, question.window)}&category={row.category}",
            "share": wording.rate(percent(row.count, whole)),
            "change": wording.change_of_count(row.count, row.before, period.before_label).words,
        }
        for row in rows
    ]
