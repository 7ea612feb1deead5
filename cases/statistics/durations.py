"""平均办理时长、中位数、P90: how long what was closed in the window had taken from its acceptance.

mean = Σ(办结 − 受理 − 暂停) ÷ 办结件数; the door keeps the seconds on the row (`handled_seconds`, cases.tally). Median and P90
are the nearest rank: the ⌈n/2⌉-th and the ⌈0.9 n⌉-th of the sorted times, so that each is the time of a real case.
What was not accepted here (import) has no time. Source: facts §5 平均办理时长.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from cases.querysets import CaseQuerySet
from cases.statistics.terms import CLOSED
from cases.statistics.windows import Window

SAYS = (
    "期内办结的事项从受理到办结的时间（自然时间），暂停计时的不算。中位数、P90 是排在正中、排在九成处的那一件的时间；"
    "没有在本中心受理的导入件不在内。"
)


@dataclass(frozen=True)
class Durations:
    """Of so many cases: the mean, the median, and what nine of ten did not exceed; None of no case."""

    count: int
    mean: timedelta | None
    median: timedelta | None
    p90: timedelta | None


NONE = Durations(0, None, None, None)


def measured(window: Window) -> Q:
    """Closed in the window and accepted here before: what has a time."""
    return window.holds("closed_at") & CLOSED & Q(handled_seconds__isnull=False)


def by(cases: CaseQuerySet, column: str, window: Window) -> dict[Any, Durations]:
    """Return the times per value of a column of the case; one statement."""
    rows = (
        cases.filter(measured(window))
        .annotate(
            how_many=Over(Count("pk"), partition_by=F(column)),
            mean=Over(Avg("handled_seconds"), partition_by=F(column)),
            place=Over(RowNumber(), partition_by=F(column), order_by=[F("handled_seconds").asc(), F("pk").asc()]),
        )
        .annotate(twice=F("place") * 2 - F("how_many"), tenfold=F("place") * 10 - F("how_many") * 9)
        .filter(Q(twice__range=(0, 1)) | Q(tenfold__range=(0, 9)))
        .values_list(column, "how_many", "mean", "handled_seconds", "twice", "tenfold")
    )
    return _read(rows)


def overall(cases: CaseQuerySet, window: Window) -> Durations:
    """Return the times of all of them together; one statement."""
    found = by(cases.annotate(all_of_them=F("pk") - F("pk")), "all_of_them", window)
    return found.get(0, NONE)


def _read(rows: Any) -> dict[Any, Durations]:
    found: dict[Any, dict[str, Any]] = {}
    for group, number, mean, took, twice, tenfold in rows:
        kept = found.setdefault(
            group, {"count": number, "mean": timedelta(seconds=float(mean)), "median": None, "p90": None}
        )
        if twice in (0, 1):
            kept["median"] = timedelta(seconds=took)
        if 0 <= tenfold <= 9:
            kept["p90"] = timedelta(seconds=took)
    return {group: Durations(**kept) for group, kept in found.items()}
