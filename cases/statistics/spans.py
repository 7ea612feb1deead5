"""平均办理时长、中位数、P90 off the kept counts: from acceptance to closing without the pauses (`Case.handled_seconds`).

The mean is exact; median and P90 (nearest rank: the ⌈n/2⌉-th, the ⌈0.9 n⌉-th) are as exact as they are told
(`cells.time_words`), since durations are kept so finely (`contributions`). Source: facts §5 平均办理时长.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from cases.statistics import kept
from cases.statistics.durations import NONE, Durations
from cases.statistics.scope import Scope
from cases.statistics.windows import Window


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
