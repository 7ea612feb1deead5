"""Over what a bulletin is counted: the cases of an area in the three windows of a period, at a moment.

Every count is a predicate of `cases.statistics.figures` over whole days of Asia/Shanghai. What came in and what was
closed count on their own day. A list of three numbers is `[period, period before, same period a year ago]`, None where
nothing was registered yet. Of all cases of the area, whoever makes the bulletin: it is a total, no list, and nothing of
it names a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, Q

from accounts.queries import service_actor
from cases.bulletins.periods import Span
from cases.querysets import CaseQuerySet
from cases.statistics import counting, kept
from cases.statistics.counting import Counts
from cases.statistics.figures import OPEN, condition
from cases.statistics.windows import Window
from governance_portal.lib.working_days import SHANGHAI, day_of

#: Fewer complaints against one unit than this say nothing of the unit and may point at a person (facts §5.1).
FEWEST = 3
Figures = dict[str, Any]
Triple = list[int | None]


class Counting:
    """The cases of an area in the three windows of a span, at a moment."""

    def __init__(self, area: str, span: Span, now: datetime) -> None:
        self.area, self.span, self.now = area, span, now
        self.actor = service_actor("clock")
        self.scope = counting.cases_of(self.actor, area, now)
        self.cases: CaseQuerySet = self.scope.rows.filter(registered_at__lte=now)
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

    @cached_property
    def counts(self) -> dict[str, Counts]:
        """What is kept of the area as a whole: of each window by its place, of everything until now as "ever"."""
        asked = {str(place): window for place, window in enumerate(self.windows)} | {"ever": self.until_now}
        if self.scope.is_kept():
            return kept.totals(self.scope, asked, self.now)
        return {
            name: {**counting.overview(self.cases, days, self.now), **counting.flows(self.cases, days, self.now)}
            for name, days in asked.items()
        }

    @property
    def until_now(self) -> Window:
        """Everything; what a bulletin that is made for an earlier day cannot know is not in it."""
        return Window(None, day_of(self.now))

    def named(self, names: Iterable[str]) -> dict[str, Triple]:
        """Figures that are kept, in each window."""
        return {
            name: [self.counts[str(place)][name] if there else None for place, there in enumerate(self.there)]
            for name in names
        }

    def grouped(self, cube: str, group: Any, names: Sequence[str]) -> dict[Any, dict[str, Triple]]:
        """Count figures per value of a key in each window, of what anything was counted under; one statement a window.

        cube: the key under which they are kept; group: what it is as an expression, where they are not.
        """
        rows: dict[Any, dict[str, Triple]] = {}
        for place, (window, there) in enumerate(zip(self.windows, self.there, strict=True)):
            if not there:
                continue
            is_kept, by_rows = self.scope.is_kept(cube), self._by_rows
            found = kept.by(self.scope, cube, window, self.now) if is_kept else by_rows(group, names, window)
            for value, counts in found.items():
                if any(counts[name] for name in names):
                    known = rows.setdefault(
                        value, {name: [0 if here else None for here in self.there] for name in names}
                    )
                    for name in names:
                        known[name][place] = counts[name]
        return rows

    def _by_rows(self, group: Any, names: Iterable[str], window: Window) -> dict[Any, Counts]:
        holds = {name: condition(name, window, self.now) for name in names}
        any_of = Q()
        for one in holds.values():
            any_of |= one
        counts = {f"n_{name}": Count("pk", filter=one) for name, one in holds.items()}
        found: Any = self.cases.filter(any_of).annotate(group=group).values("group").annotate(**counts)
        return {row["group"]: {name: row[f"n_{name}"] for name in holds} for row in found}

    def standing(self, cube: str, group: Any) -> dict[Any, int]:
        """How many are open per value of a key; one statement."""
        if self.scope.is_kept(cube):
            found = kept.by(self.scope, cube, self.until_now, self.now)
            return {value: counts["open"] for value, counts in found.items() if counts["open"]}
        rows = self.cases.filter(OPEN).annotate(group=group).values("group").annotate(many=Count("pk"))
        return {row["group"]: row["many"] for row in rows}
