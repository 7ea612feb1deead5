"""Figures as people read them: thousands, percentages with their fraction, and how much more or less than before.

同比、环比 = (this − before) ÷ before; a base of 0 has none ("—"); two percentages differ by 百分点 (facts §5). `change_of_…`
speak on a board, `told_…` in the running text of a report. `before` None: there was no period before (首期).
"""

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


def growth(now: int, before: int | None) -> Decimal | None:
    """Return (now − before) ÷ before in percent, rounded half up away from 0 to one decimal; None without a base."""
    if not before:
        return None
    share = percent(abs(now - before), before)
    return -share if share and now < before else share


def signed(value: Decimal | None) -> str:
    """3.5 → +3.5 %, −15.5 with a real minus; None → —."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value)} %"


def points(now: Decimal | None, before: Decimal | None) -> str:
    """The difference of two rates: +3.0 百分点; — where one of them is none."""
    if now is None or before is None:
        return NOTHING
    sign = "+" if now > before else "−" if now < before else ""
    return f"{sign}{abs(now - before)} 百分点"


def change_of_count(now: int, before: int | None, against: str) -> Change:
    """How many more or fewer; the share only where there is a base (基数 0 → "—")."""
    if before is None:
        return Change(f"{against}没有可比的数 {NOTHING}", "")
    if now == before:
        return Change(f"与{against}持平", "flat")
    more = now > before
    share = percent(abs(now - before), before)
    told = NOTHING if share is None else f"{'+' if more else '−'}{share} %"
    return Change(
        f"比{against}{'多' if more else '少'} {number(abs(now - before))} 件（{told}）", "up" if more else "down"
    )


def change_of_rate(now: Decimal | None, before: Decimal | None, against: str) -> Change:
    """The difference of two percentages is in 百分点 (facts §5); without one of them there is none."""
    if before is None:
        return Change(f"{against}没有可比的数 {NOTHING}", "")
    if now is None:
        return Change(f"这段时间没有可比的数 {NOTHING}", "")
    if now == before:
        return Change(f"与{against}持平", "flat")
    return Change(
        f"比{against}{'高' if now > before else '低'} {abs(now - before)} 个百分点", "up" if now > before else "down"
    )


def told_count(now: int, before: int | None, against: str, unit: str = "件") -> str:
    """How a count changed, for a sentence: 「比上月下降 15.5 %」「与上月持平」.

    A change too small for one decimal, a base of 0 and a first period are told in numbers or said to be so.
    """
    if before is None:
        return f"{against}没有数据，不作比较"
    if now == before:
        return f"与{against}持平" if now else f"与{against}持平，均为 0 {unit}"
    more = now > before
    if not before:
        return f"{against}为 0 {unit}，增加 {number(now)} {unit}"
    share = growth(now, before)
    if not share:
        return f"与{against}基本持平，{'多' if more else '少'} {number(abs(now - before))} {unit}"
    return f"比{against}{'上升' if more else '下降'} {abs(share)} %"


def told_rate(now: Decimal | None, before: Decimal | None, against: str) -> str:
    """How a rate changed, for a sentence: 「比上月提高 3.0 个百分点」."""
    if now is None:
        return "没有可除的数，不作比较"
    if before is None:
        return f"{against}没有可比的数，不作比较"
    if now == before:
        return f"与{against}持平"
    return f"比{against}{'提高' if now > before else '降低'} {abs(now - before)} 个百分点"
