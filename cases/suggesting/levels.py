"""A level proposed with its reasons; a human sets it. The level is a property of the matter, never of a person.

Facts §3.5: how many people are concerned, injury or talk of it, repetition, how long, how much, who needs care.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cases.choices import Level

LEVEL_WORDS = Path(__file__).parents[1] / "data" / "level_words.csv"
ORDER = (Level.GENERAL, Level.MAJOR, Level.SERIOUS, Level.URGENT)
#: From so many people on, the level that is proposed (facts §3.5: ≥5, ≥10, ≥30).
CROWDS = ((30, Level.URGENT), (10, Level.SERIOUS), (5, Level.MAJOR))
#: From so much money (yuan) on.
SUMS = ((1_000_000, Level.SERIOUS), (100_000, Level.MAJOR))
#: From so many earlier visits of the same people for the same matter on.
REPEATED_FROM = 2
UNITS = {"": 1, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}
DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_SUM = re.compile(
    r"([0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十]{1,3})[多来几余]?(千|百万|万|亿)?[多余]?(?:元|块|块钱)"
)
_MONTHS = re.compile(r"([0-9]+|[一二两三四五六七八九十]{1,3})个多?月")  # 七月 is a date
_CROWD = re.compile(r"([0-9]{1,4})[多余来]?(?:个|名|户|位)?(?:人|工人|业主|居民|群众|村民|农民工|户)")
LONG_MONTHS = 6


@dataclass(frozen=True)
class LevelProposal:
    """The level the facts speak for, and each of them in words."""

    level: str
    reasons: tuple[str, ...]

    @property
    def label(self) -> str:
        """The level's word."""
        return str(Level(self.level).label)

    @property
    def reason(self) -> str:
        """Say why."""
        return "；".join(self.reasons) if self.reasons else "没有看到需要提级的情形"


@lru_cache(maxsize=1)
def level_words() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return `[(level, reason, words)]` as shipped."""
    with LEVEL_WORDS.open(encoding="utf-8", newline="") as lines:
        return tuple((row["level"], row["reason"], tuple(row["words"].split())) for row in csv.DictReader(lines))


def propose_level(story: str, people: int = 1, repeats: int = 0) -> LevelProposal:
    """Return the highest level that a fact speaks for, with all reasons of raising it.

    people: who came, as counted; the story may name more. repeats: earlier matters of the same people on the same.
    """
    found: list[tuple[Level, str]] = []
    story = re.sub(r"\s+", "", story)
    crowd = max([people, *(int(number) for number in _CROWD.findall(story))])
    found += [(level, f"涉及 {crowd} 人") for least, level in CROWDS if crowd >= least][:1]
    for code, reason, words in level_words():
        said = [word for word in words if word in story]
        if said:
            found.append((Level(code), f"{reason}（{'、'.join(f'“{word}”' for word in said)}）"))
    if repeats >= REPEATED_FROM:
        found.append((Level.MAJOR, f"同一件事已来过 {repeats} 次"))
    if months := [number for number in map(_number, _MONTHS.findall(story)) if number >= LONG_MONTHS]:
        found.append((Level.MAJOR, f"已持续 {max(months):g} 个月"))
    total = max((_number(number) * UNITS[unit] for number, unit in _SUM.findall(story)), default=0)
    found += [(level, f"涉及金额约 {_money(total)}") for least, level in SUMS if total >= least][:1]
    level = max((level for level, _reason in found), key=ORDER.index, default=Level.GENERAL)
    return LevelProposal(str(level.value), tuple(reason for _level, reason in found))


def _number(text: str) -> float:
    """Read 8, 3.5, 八, 十一 or 三十."""
    if text[0].isascii():
        return float(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return float(DIGITS[text[0]])
    return float(DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0))


def _money(total: float) -> str:
    return f"{total / 10_000:g} 万元" if total >= 10_000 else f"{total:g} 元"
