"""平均时长、中位时长、P90 of the cells: how long what was closed in the days had taken, without the pauses.

A cell keeps how many took how long, as finely as a duration is told (`cells.time_words`; the kept counts are as fine), and
the sum of the very seconds. So a total is of the cases of all its cells: a mean is their mean, a median the middle one of
them all, and none is made of the cells' own. The n-th smallest of rounded durations is the rounded n-th smallest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Q, Sum

from cases.querysets import CaseQuerySet
from cases.statistics import spans
from cases.statistics.durations import Durations, measured
from cases.statistics.windows import Window

#: The part of a cell's counts that says how many have a duration; those beside it are told by their own seconds.
LASTED = "lasted"
#: The list of these matters: closed in the days, and accepted here.
OPENS: Mapping[str, str] = {"accepted_after": "1990-01-01"}


def grouped(
    cases: CaseQuerySet, groups: Mapping[str, Any], window: Window, most: int
) -> Iterator[tuple[Any, Any, Mapping[str, int]]] | None:
    """Yield `(row, column, counts)`; one statement. None where there are more than `most` of them."""
    found = (
        cases.filter(measured(window), Q(closed_at__isnull=False))
        .annotate(**groups, took=spans.told())
        .values(*groups, "took")
        .annotate(n=Count("pk"), together=Sum("handled_seconds"))
    )
    rows: list[Any] = list(found[: most + 1])
    return None if len(rows) > most else (_counts(row) for row in rows)


def _counts(row: Mapping[str, Any]) -> tuple[Any, Any, Mapping[str, int]]:
    took = row["took"]
    counts = {LASTED: row["n"], f"{LASTED}:{took}": row["n"], f"{LASTED}+{took}": row["together"]}
    return row["row_key"], row.get("column_key", ""), counts


def of(counts: Mapping[str, int]) -> Durations:
    """Read the durations off the counts of a cell or of a total."""
    mark = f"{LASTED}:"
    taken = [name.removeprefix(mark) for name in counts if name.startswith(mark)]
    return spans.of_cells((int(took), counts[f"{mark}{took}"], counts[f"{LASTED}+{took}"]) for took in taken)
