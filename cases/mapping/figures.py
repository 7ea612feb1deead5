"""The map's figures: one statement for every area and grid at once, by the board's predicates.

Grouped by (area, grid as it is today): some 750 rows for 506 grids, summed here for any level. A figure of an area is the
list's `area=`, of a grid the list's `grid=`; both agree to the row, since predicate and condition are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from cases.mapping.lying import grid_now
from cases.mapping.reach import COMMUNITY_DIGITS, GRID_DIGITS
from cases.querysets import CaseQuerySet
from cases.statistics.figures import FIGURES, condition
from cases.statistics.windows import EVER, Window, today_of

NAMES = COLUMN_NAMES = ("open", "due_soon", "overdue", "accepted")
Counts = dict[str, int]


def year_until(now: datetime) -> Window:
    """The 365 days until today: what "近一年" means here."""
    today = today_of(now).last
    assert today is not None  # noqa: S101
    return Window(today - timedelta(days=364), today)


def window_of(name: str, now: datetime) -> Window:
    """In which days a figure of the map counts: 受理 in the last year, the others as they stand now."""
    return year_until(now) if name == "accepted" else EVER


def opens(name: str, code: str, now: datetime) -> str:
    """The list of exactly what a figure of an area or grid counts."""
    place = "grid" if len(code) == GRID_DIGITS else "area"
    query = {"tab": "all", "figure": name, place: code}
    days = window_of(name, now)
    query |= {word: str(day) for word, day in (("from", days.first), ("to", days.last)) if day}
    return f"{reverse('cases:list')}?{urlencode(query)}"


@dataclass(frozen=True)
class Measure:
    """What the map is coloured by. `value` reads it off counts and residents; None where it cannot be said."""

    code: str
    label: str
    basis: str
    value: Callable[[Mapping[str, int], int | None], float | None]


def per_thousand(number: int, residents: int | None) -> float | None:
    """Matters for each 1,000 residents, one decimal, rounded half up; None where nobody entered the residents."""
    if not residents:
        return None
    return float((Decimal(1000 * number) / residents).quantize(Decimal("0.1"), ROUND_HALF_UP))


MEASURES: Mapping[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure("open", "在办", "在办 = " + FIGURES["open"].counts, lambda counts, _people: counts["open"]),
        Measure("overdue", "超时", FIGURES["overdue"].counts, lambda counts, _people: counts["overdue"]),
        Measure(
            "rate",
            "每千人受理",
            "近一年登记并受理的事项 ÷ 人口 × 1,000；人口没有填的不算",
            lambda counts, people: per_thousand(counts["accepted"], people),
        ),
    )
}


class Tally:
    """The counts of every area and grid within some cases; `of` sums them for a code of any level.

    `window`: the days that every figure counts in, instead of those of the map.
    """

    def __init__(
        self, cases: CaseQuerySet, now: datetime, names: Iterable[str] = NAMES, window: Window | None = None
    ) -> None:
        self.names = tuple(names)
        self._cases, self._now, self._window = cases, now, window

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """`{area_code, lies, …counts}`; one statement."""
        counts: dict[str, Any] = {
            name: Count("pk", filter=condition(name, self._window or window_of(name, self._now), self._now))
            for name in self.names
        }
        grouped = self._cases.order_by().annotate(lies=grid_now()).values("area_code", "lies")
        rows: Any = grouped.annotate(**counts)
        return list(rows)

    @cached_property
    def _sums(self) -> dict[str, Counts]:
        sums: dict[str, Counts] = {}
        for row in self.rows:
            area, grid = row["area_code"], row["lies"]
            codes = {area[:length] for length in (6, 9, COMMUNITY_DIGITS) if len(area) >= length}
            for code in (*codes, grid) if grid else codes:
                counts = sums.setdefault(code, dict.fromkeys(self.names, 0))
                for name in self.names:
                    counts[name] += row[name]
        return sums

    def of(self, code: str) -> Counts:
        """The counts of an area or grid; zeros where nothing lies."""
        return self._sums.get(code) or dict.fromkeys(self.names, 0)

    def codes(self) -> frozenset[str]:
        """Every code that anything lies in."""
        return frozenset(self._sums)

    def elsewhere(self, area: str, children: Iterable[str]) -> Counts:
        """What lies in the area and in none of its children."""
        rest = dict(self.of(area))
        for child in children:
            for name, number in self.of(child).items():
                rest[name] -= number
        return rest


# --- colours ----------------------------------------------------------------------------------------------------

STEPS = 5


def breaks(values: Iterable[float | None]) -> list[float]:
    """The upper ends of at most five steps over the values above 0: about as many places in each, no end twice."""
    known = sorted(value for value in values if value)
    if not known:
        return []
    ends = [known[min(len(known) * step // STEPS, len(known)) - 1] for step in range(1, STEPS + 1)]
    return sorted({*ends[:-1], known[-1]} - {0})


def step_of(value: float | None, ends: list[float]) -> int:
    """0 for nothing, else which step (1 up) a value falls into; -1 where it cannot be said."""
    if value is None:
        return -1
    return 0 if not value else next((step for step, end in enumerate(ends, 1) if value <= end), len(ends))


def legend(ends: list[float], whole: bool) -> list[dict[str, Any]]:
    """`{step, words}` of each step, 0 first: 「0」「1–2」「3–7」; with decimals 「0.1–2.5」."""
    words = [{"step": 0, "words": "0"}]
    low = 1.0 if whole else 0.1
    for step, end in enumerate(ends, 1):
        words.append({"step": step, "words": words_of(end) if end <= low else f"{words_of(low)}–{words_of(end)}"})
        low = end + (1 if whole else 0.1)
    return words


def words_of(value: float) -> str:
    """A figure as it is written: whole ones without a decimal."""
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
