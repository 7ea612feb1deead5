"""What figures and rates are made of: their shapes, the parts of a case's row that statistics look at, rounding.

Pure but for the conditions, which speak of the columns that the door keeps (cases.tally).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q

from cases.choices import Counted, Outcome
from cases.statistics.windows import Window, today_of

#: A unit is ranked from this many judged cases on (facts §5 红黑榜).
SAMPLE = 10
#: 化解成功 and 达成协议 (facts §5).
SETTLED_DISPUTE = (Outcome.FULFILLED, Outcome.AGREED)
HAPPY = 3  # 满意、比较满意、基本满意 of five

ACCEPTED = ~Q(counted="")
OPEN = Q(counted=Counted.OPEN)
CLOSED = Q(counted=Counted.CLOSED)
ENDED = Q(counted=Counted.ENDED)


Where = Callable[[Window, datetime], Q]


def registered_and(condition: Q | Callable[[datetime], Q]) -> Where:
    """Registered in the window, and so; the condition may ask what time it is."""

    def where(window: Window, now: datetime) -> Q:
        return window.holds("registered_at") & (condition(now) if callable(condition) else condition)

    return where


def flow(field: str, condition: Q) -> Where:
    """A moment of the case lies in the window, whenever it was registered."""
    return lambda window, _now: window.holds(field) & condition


def on_today(field: str, condition: Q) -> Where:
    """A moment of the case lies in the day it is, whatever window is asked for."""
    return lambda _window, now: today_of(now).holds(field) & condition


@dataclass(frozen=True)
class Figure:
    """A count. `counts` says in words what is counted, `days` which moment of a case lies in the window:
    `registered` (the cohort), `due`, `accepted`, `closed`, or `today` (whatever window is asked for)."""

    name: str
    label: str
    counts: str
    source: str
    where: Where
    days: str = "registered"


@dataclass(frozen=True)
class Rate:
    """One figure by another; `basis` says the 口径 that must stand beside it."""

    name: str
    label: str
    numerator: str
    denominator: str
    basis: str
    source: str


def percent(numerator: int, denominator: int) -> Decimal | None:
    """Return a percentage with one decimal, rounded half up; None where there is nothing to divide by (shown "—")."""
    if not denominator:
        return None
    return (Decimal(100 * numerator) / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
