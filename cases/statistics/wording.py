"""Figures as people read them: thousands, percentages with their fraction, and how much more or less than before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cases.statistics.figures import percent

NOTHING = "—"


@dataclass(frozen=True)
class Change:
    """Against the period before: the words, and `up`, `down`, `flat` or "" for the arrow."""

    words: str
    trend: str


def number(value: int) -> str:
    """18407 → 18,407."""
    return f"{value:,}"


def rate(value: Decimal | None) -> str:
    """99.2 → 99.2 %; None → —."""
    return NOTHING if value is None else f"{value} %"


def change_of_count(now: int, before: int, against: str) -> Change:
    """How many more or fewer; the share only where there is a base (基数 0 → "—")."""
    if now == before:
        return Change(f"与{against}持平", "flat")
    more = now > before
    share = percent(abs(now - before), before)
    sign = "+" if more else "−"
    told = NOTHING if share is None else f"{sign}{share} %"
    return Change(
        f"比{against}{'多' if more else '少'} {number(abs(now - before))} 件（{told}）", "up" if more else "down"
    )


def change_of_rate(now: Decimal | None, before: Decimal | None, against: str) -> Change:
    """The difference of two percentages is in 百分点 (facts §5); without one of them there is none."""
    if now is None or before is None:
        return Change(f"{against}没有可比的数 {NOTHING}", "")
    if now == before:
        return Change(f"与{against}持平", "flat")
    return Change(
        f"比{against}{'高' if now > before else '低'} {abs(now - before)} 个百分点", "up" if now > before else "down"
    )
