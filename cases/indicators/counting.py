"""What only the indicators count: their own case figures, and which kind of matter clusters where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from cases.choices import Clock
from cases.mapping.lying import grid_now
from cases.models import Category, Deadline
from cases.statistics.counting import Counts
from cases.statistics.figures import INDICATED, condition, named
from cases.statistics.scope import Scope
from cases.statistics.windows import Window
from grids.queries import names_of


def indicated(scope: Scope, window: Window, now: datetime) -> Counts:
    """Count every figure of the indicators, and 期内受理: one statement for each moment that a window can look at."""
    found: Counts = {}
    figures = {**INDICATED, "accepted_in": named("accepted_in")}
    for days in ("registered", "accepted", "closed", "due"):
        names = [name for name, figure in figures.items() if figure.days == days]
        if days == "due":  # instalments: few, and no column of the case says when
            due = Deadline.objects.filter(window.holds("due_at"), clock=Clock.PERFORMANCE_BY)
            rows = scope.rows.filter(pk__in=due.values("case_id"))
        else:
            rows = scope.rows.filter(window.holds(f"{days}_at"))
        found |= rows.aggregate(**{name: Count("pk", filter=condition(name, window, now)) for name in names})
    return found


@dataclass(frozen=True)
class Cluster:
    """One kind of matter in one grid: how many were accepted in the days, and in the days before."""

    category: str
    category_name: str
    grid: str
    grid_name: str
    count: int
    before: int


def clusters(scope: Scope, window: Window, before: Window, now: datetime, most: int = 10) -> list[Cluster]:
    """Return the largest pairs of category and grid (as it is today), the largest first; three statements with the names."""
    counted = {days: _pairs(scope, days, now) for days in (window, before)}
    pairs = sorted(counted[window].items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    kinds = dict(Category.objects.filter(code__in={kind for (kind, _grid), _n in pairs}).values_list("code", "name"))
    grids = names_of({grid for (_kind, grid), _n in pairs})
    return [
        Cluster(kind, kinds.get(kind, kind), grid, grids.get(grid, grid), count, counted[before].get((kind, grid), 0))
        for (kind, grid), count in pairs
    ]


def concentration(scope: Scope, window: Window, now: datetime, top: int) -> tuple[int, int]:
    """Return how many of the accepted matters lie in the `top` largest pairs of category and grid, and how many there are."""
    pairs = sorted(_pairs(scope, window, now).values(), reverse=True)
    return sum(pairs[:top]), sum(pairs)


def _pairs(scope: Scope, window: Window, now: datetime) -> dict[tuple[str, str], int]:
    rows = scope.rows.filter(condition("accepted", window, now), category__isnull=False).exclude(grid_code="")
    grouped = rows.annotate(place=grid_now()).values("category_id", "place").annotate(number=Count("pk"))
    return {(str(row["category_id"]), row["place"]): row["number"] for row in grouped if row["place"]}
