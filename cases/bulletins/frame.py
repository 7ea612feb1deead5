"""Over what a bulletin is counted: the cases of an area in the three windows of a period, at a moment.

Every count is a predicate of `cases.statistics.figures` over whole days of Asia/Shanghai. What came in and what was
closed count on their own day. A list of three numbers is `[period, period before, same period a year ago]`, None where
nothing was registered yet. Of all cases of the area, whoever makes the bulletin: it is a total, no list, and nothing of
it names a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q

from accounts.queries import service_actor
from cases.bulletins.periods import Span
from cases.querysets import CaseQuerySet
from cases.statistics import counting
from cases.statistics.figures import condition
from cases.statistics.windows import Window
from governance_portal.lib.working_days import SHANGHAI

#: Fewer complaints against one unit than this say nothing of the unit and may point at a person (facts §5.1).
FEWEST = 3
Figures = dict[str, Any]
Triple = list[int | None]


class Counting:
    """The cases of an area in the three windows of a span, at a moment."""

    def __init__(self, area: str, span: Span, now: datetime) -> None:
        self.area, self.span, self.now = area, span, now
        self.actor = service_actor("clock")
        self.cases: CaseQuerySet = counting.cases_of(self.actor, area, now).rows.filter(registered_at__lte=now)
        begun = self.cases.aggregate(first=Min("registered_at"))["first"]
        self.begun: date | None = begun.astimezone(SHANGHAI).date() if begun else None
        self.windows = (span.window, span.before.window, span.year_ago.window)
        self.there = tuple(n == 0 or self._was_there(window) for n, window in enumerate(self.windows))

    def _was_there(self, window: Window) -> bool:
        return self.begun is not None and window.last is not None and self.begun <= window.last

    def three(self, count: Callable[[Window], Mapping[str, int]]) -> dict[str, Triple]:
        """Count in each window that has something to count."""
        found = [count(window) if there else None for window, there in zip(self.windows, self.there, strict=True)]
        return {name: [one[name] if one is not None else None for one in found] for name in found[0] or {}}

    def grouped(self, group: Any, names: Iterable[str]) -> dict[Any, dict[str, Triple]]:
        """Count figures per value of an expression in each window; one statement a window."""
        rows: dict[Any, dict[str, Triple]] = {}
        for place, (window, there) in enumerate(zip(self.windows, self.there, strict=True)):
            if not there:
                continue
            holds = {name: condition(name, window, self.now) for name in names}
            any_of = Q()
            for one in holds.values():
                any_of |= one
            counts = {f"n_{name}": Count("pk", filter=one) for name, one in holds.items()}
            found: Any = self.cases.filter(any_of).annotate(group=group).values("group").annotate(**counts)
            for row in found:
                kept = rows.setdefault(
                    row["group"], {name: [0 if here else None for here in self.there] for name in names}
                )
                for name in names:
                    kept[name][place] = row[f"n_{name}"]
        return rows
