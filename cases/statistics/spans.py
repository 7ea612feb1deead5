"""平均办理时长、中位数、P90 off the kept counts: from acceptance to closing without the pauses (`Case.handled_seconds`).

The mean is exact; median and P90 (nearest rank: the ⌈n/2⌉-th, the ⌈0.9 n⌉-th) are as exact as they are told
(`cells.time_words`), since durations are kept so finely (`contributions`). Source: facts §5 平均办理时长.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Sum, Value, When
from django.db.models.functions import Cast

from cases.querysets import CaseQuerySet
from cases.statistics import kept
from cases.statistics.durations import NONE, Durations, measured
from cases.statistics.scope import Scope
from cases.statistics.windows import Window

MINUTE, HOUR, DAY = 60, 3600, 86400
TENTH_OF_HOUR, TENTH_OF_DAY = HOUR // 10, DAY // 10


def handled(scope: Scope, window: Window, now: datetime) -> Durations:
    """How long what was closed in the window had taken; one statement, over the rows where no counts are kept."""
    if scope.is_kept("duration"):
        cells = kept.by(scope, "duration", window, now)
        found = [(int(key), sums["handled"], sums["handled_seconds"]) for key, sums in cells.items()]
    else:
        from_rows = scope.rows.filter(window.holds("closed_at"), counted="closed", handled_seconds__isnull=False)
        lasted = from_rows.values_list("handled_seconds", flat=True)
        found = [(seconds, 1, seconds) for seconds in lasted if seconds is not None]
    return of_cells(found)


def by(rows: CaseQuerySet, columns: tuple[str, ...], window: Window) -> dict[str, dict[Any, Durations]]:
    """The same per value of each of these columns of the case; one statement over what was closed in the window.

    The database sums up equal durations, as finely as they are told; nothing is sorted there.
    """
    cells = (
        rows.filter(measured(window))
        .annotate(told=told())
        .values("told", *columns)
        .annotate(number=Count("pk"), lasted=Sum("handled_seconds"))
    )
    found: dict[str, dict[Any, Counter[int]]] = {name: {} for name in columns}
    sums: dict[str, Counter[Any]] = {name: Counter() for name in columns}
    for cell in cells.order_by():
        for name in columns:
            found[name].setdefault(cell[name], Counter())[cell["told"]] += cell["number"]
            sums[name][cell[name]] += cell["lasted"]
    return {
        name: {value: _of_counter(counter, sums[name][value]) for value, counter in values.items()}
        for name, values in found.items()
    }


def told() -> Any:
    """Seconds as they are told: whole minutes under an hour, tenths of an hour under a day, tenths of a day, half up.

    What `contributions` keeps (`_BUCKET`), for the ORM.
    """
    took = F("handled_seconds")

    def tenths(of: int) -> Any:
        return Cast((took + of // 2) / of * of, IntegerField())

    return Case(
        When(handled_seconds__lt=HOUR, then=Cast(took / MINUTE * MINUTE, IntegerField())),
        When(handled_seconds__lt=DAY - TENTH_OF_HOUR // 2, then=tenths(TENTH_OF_HOUR)),
        When(handled_seconds__lt=DAY, then=Value(DAY - 1)),  # 24.0 小时 is said of no day
        default=tenths(TENTH_OF_DAY),
        output_field=IntegerField(),
    )


def _of_counter(numbers: Counter[int], total: int) -> Durations:
    ranked = sorted(numbers.items())
    (seconds, number), *rest = ranked
    return of_cells([(seconds, number, total), *((more, count, 0) for more, count in rest)])


def of_cells(cells: Iterable[tuple[int, int, int]]) -> Durations:
    """Return the durations of `(seconds as they are told, how many, their sum in seconds)`; pure."""
    ranked = sorted((cell for cell in cells if cell[1]), key=lambda cell: cell[0])
    count = sum(number for _seconds, number, _sum in ranked)
    if not count:
        return NONE
    mean = timedelta(seconds=sum(total for _seconds, _number, total in ranked) / count)
    return Durations(count, mean, _ranked(ranked, -(-count // 2)), _ranked(ranked, -(-count * 9 // 10)))


def _ranked(ranked: list[tuple[int, int, int]], place: int) -> timedelta:
    passed = 0
    for seconds, number, _sum in ranked:
        passed += number
        if passed >= place:
            return timedelta(seconds=seconds)
    raise ValueError(place)
