"""From counts to values: one rule for all. 0 ÷ 0 is none ("—"), percentages round half up to one decimal (facts §5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from cases.indicators.elsewhere import GRID_DIGITS, share
from cases.indicators.shapes import Indicator, Question, Unit, Value
from cases.statistics import wording
from cases.statistics.figures import HAPPY, named, percent
from cases.statistics.windows import Window


def of_counts(indicator: Indicator, counts: Mapping[str, int], *opens: str) -> Value:
    """Return the value of an indicator that is made of case figures; KeyError where one is missing."""
    if len(indicator.figures) == 1:
        return Value(counts[indicator.figures[0]], opens=opens)
    above, of = indicator.figures
    return share(counts[above], counts[of], *opens)


def value_of(indicator: Indicator, asked: Question) -> Value:
    """Return the value of an indicator for an area and days, with the lists it opens."""
    if indicator.compute:
        return indicator.compute(asked)
    counts = asked.standing if indicator.stands else asked.counts
    window = indicator.window or asked.window
    return of_counts(indicator, counts, *(list_of(figure, asked.area, window) for figure in indicator.figures))


def list_of(figure: str, area: str, window: Window) -> str:
    """The address of the list of exactly what a figure counts."""
    return f"{reverse('cases:list')}?{urlencode({'tab': 'all', **query_of(figure, area, window)})}"


def query_of(figure: str, area: str, window: Window) -> dict[str, str]:
    """What list, count, export and API are asked for to give exactly what a figure counts."""
    query = {"figure": figure, "grid" if len(area) == GRID_DIGITS else "area": area}
    if named(figure).days != "today":
        query |= {name: str(day) for name, day in (("from", window.first), ("to", window.last)) if day}
    return query


def words_of(indicator: Indicator, value: Value) -> str:
    """A value as people read it: 「99.2 %」「1,742 批次」「—」; a change stands with its sign."""
    if value.number is None:
        return wording.NOTHING
    if indicator.unit == Unit.PERCENT:
        changes = indicator.code in ("accepted_year_ago", "accepted_before")
        return wording.signed(Decimal(value.number)) if changes else wording.rate(Decimal(value.number))
    return f"{value.number:,} {Unit(indicator.unit).label}"


def satisfaction(ratings: Mapping[int, int], levels: int = 5) -> Decimal | None:
    """满意率 of `{rating: how many}`; the best rating is the number of levels.

    Of five levels 非常满意, 满意 and 基本满意 (5, 4, 3), of three 满意 and 基本满意 (3, 2) ÷ 有效评价. ValueError for other scales
    and for a rating that is none of theirs.
    """
    lowest = {5: HAPPY, 3: 2}.get(levels)
    if lowest is None or any(not 1 <= rating <= levels for rating in ratings):
        raise ValueError(f"no such scale: {levels} with {sorted(ratings)}")
    return percent(sum(number for rating, number in ratings.items() if rating >= lowest), sum(ratings.values()))
