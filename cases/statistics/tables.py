"""Counts with names: the rows of the board's tables and of `stats/by-…/`, the largest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Unit
from cases.models import Category
from cases.statistics import counting
from cases.statistics.counting import Cases, Counts
from cases.statistics.windows import Window
from grids.queries import names_of

#: Of each rate that leaves something out, the figure that says how much.
LEFT_OUT = ("due_closed", "rated")
LeftOut = Mapping[int | None, Mapping[str, int]]


@dataclass(frozen=True)
class Row:
    """One row: `code` "" has none yet (no unit, no category)."""

    code: str
    name: str
    counts: Counts
    parent: str | None = None
    #: Of a unit, as the ranking counts: how many matters were left out, by the denominator (`LEFT_OUT`).
    left_out: Mapping[str, int] = field(default_factory=dict)


def areas(cases: Cases, area: str, window: Window, now: datetime) -> list[Row]:
    """The areas below one (of a community its grids); what lies in none of them stands under its own code."""
    counted = counting.by_area(cases, area, window, now)
    names = names_of(counted)
    rows = [
        Row(code or area, names.get(code, code) if code not in ("", area) else "未落到下一级", counts)
        for code, counts in counted.items()
    ]
    return _largest_first(rows)


def units(cases: Cases, window: Window, now: datetime) -> list[Row]:
    """The lead units."""
    return _units(counting.by_unit(cases, window, now))


def ranked_units(cases: Cases, window: Window, now: datetime) -> list[Row]:
    """The lead units as the ranking counts them: without what each was granted to leave out (`left_out` says how much).

    Every other count of a row is that of `units`.
    """
    counted, out = counting.by_unit(cases, window, now), counting.excluded_by_unit(cases, window, now)
    for pk, counts in counted.items():
        counts.update((name, max(0, counts[name] - number)) for name, number in out.get(pk, {}).items())
    return _units(counted, {pk: {name: counts[name] for name in LEFT_OUT} for pk, counts in out.items()})


def _units(counted: Mapping[int | None, Counts], left_out: LeftOut | None = None) -> list[Row]:
    known = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[pk for pk in counted if pk])}
    rows = [
        Row(known[pk].code, known[pk].short_name or known[pk].name, counts, left_out=(left_out or {}).get(pk, {}))
        if pk
        else Row("", "尚未分流", counts)
        for pk, counts in counted.items()
    ]
    return _largest_first(rows)


def categories(cases: Cases, window: Window, now: datetime) -> list[Row]:
    """The categories as they stand on the cases."""
    counted = counting.by_category(cases, window, now)
    known = {
        row.code: row for row in Category.objects.select_related("parent").filter(code__in=[c for c in counted if c])
    }
    rows = []
    for code, counts in counted.items():
        category = known.get(code or "")
        parent = category.parent.code if category and category.parent else None
        rows.append(Row(code or "", category.name if category else "尚未归类", counts, parent))
    return _largest_first(rows)


def main_categories(rows: list[Row]) -> list[Row]:
    """The same by the category above."""
    names = dict(
        Category.objects.filter(code__in={row.parent for row in rows if row.parent}).values_list("code", "name")
    )
    found: dict[str, Row] = {}
    for row in rows:
        code = row.parent or row.code
        kept = found.setdefault(code, Row(code, names.get(code, row.name), dict.fromkeys(row.counts, 0)))
        for name, number in row.counts.items():
            kept.counts[name] += number
    return _largest_first(list(found.values()))


def _largest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.counts["registered"], -row.counts["due_closed"], row.code))
