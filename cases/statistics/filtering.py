"""`figure`, `from`, `to` for list, count, export and API: exactly the cases that a figure counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.utils import timezone

from cases.querysets import CaseQuerySet, ratings_read_by
from cases.statistics.figures import CHOICES, OF_RATINGS, RANKED, condition
from cases.statistics.windows import Window

DAY_FORMATS = ["%Y-%m-%d"]
NOT_A_DAY = {"invalid": "请按“2026-11-21”的样子填写日期。"}
FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)
LISTED = (*CHOICES, *((figure.name, figure.label) for figure in RANKED.values()))


def _day(label: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(method="in_days", label=label, input_formats=DAY_FORMATS, error_messages=NOT_A_DAY)


class FigureFilter(django_filters.FilterSet):
    """A figure in its days. Without a figure the days are those of the registration.

    All three are one condition, because a figure says itself which moment of a case must lie in the days.
    """

    figure = django_filters.ChoiceFilter(choices=LISTED, method="in_figure", label="统计数字的名称")
    to = _day("统计止（含）")

    def in_figure(self, cases: CaseQuerySet, _name: str, figure: str) -> CaseQuerySet:
        """What the figure counts at this moment."""
        found = cases.filter(condition(figure, self.window, timezone.now()))
        return found.filter(ratings_read_by(self.request.actor)) if figure in OF_RATINGS else found

    def in_days(self, cases: CaseQuerySet, name: str, _day: date) -> CaseQuerySet:
        """Registered in these days, unless a figure has its own moment."""
        data = self.form.cleaned_data
        if data.get("figure") or (name == "to" and data.get("from")):
            return cases
        return cases.filter(self.window.holds("registered_at"))

    @property
    def window(self) -> Window:
        """The days asked for; none that a calendar could not count."""
        data: dict[str, Any] = self.form.cleaned_data
        first, last = data.get("from"), data.get("to")
        return Window(min(max(first, FIRST), LAST) if first else None, min(max(last, FIRST), LAST) if last else None)


# "from" is a word of Python: it cannot be written as an attribute of the class.
FigureFilter.declared_filters["from"] = _day("统计起（含）")
