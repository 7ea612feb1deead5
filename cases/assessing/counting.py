"""Counting a quarter for many grids at once: one statement per indicator, whatever the number of grids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Value, When

from cases.assessing.computing import Counted
from cases.assessing.indicators import INDICATORS, OF_THE_GRID
from cases.models import Case as Matter
from cases.statistics.windows import Window

#: `{grid code: {indicator: cases}}`.
ByGrid = dict[str, dict[str, list[Counted]]]


def count(grids: Any, window: Window, now: datetime, indicators: Iterable[str] = tuple(INDICATORS)) -> ByGrid:
    """Return the cases that count, by grid and indicator, in the order of their ids.

    `grids` are codes or a statement that gives codes. A grid without a case is not there.
    """
    matters = Matter.objects.filter(OF_THE_GRID, grid_code__in=grids).order_by("pk")
    found: ByGrid = {}
    for code in indicators:
        looked = INDICATORS[code]
        good = Case(When(looked.good(window, now), then=Value(True)), default=Value(False), output_field=BooleanField())
        rows = matters.filter(looked.counted(window, now)).annotate(good=good)
        for grid_code, pk, is_good in rows.values_list("grid_code", "pk", "good"):
            found.setdefault(grid_code, {}).setdefault(code, []).append((pk, bool(is_good)))
    return found
