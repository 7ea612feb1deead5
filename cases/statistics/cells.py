"""What the board's tables are made of: columns, cells with their number and the list they open, rates with their fraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from cases.statistics import wording

Cell = dict[str, Any]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def column(label: str, series: str = "") -> dict[str, str]:
    """A column of numbers; with a `series` (done, open, grey, neutral or "line") the chart draws it."""
    return {"label": label, "series": series}


def count(value: int, url: str = "", tone: str = "") -> Cell:
    """A number of cases that opens its list; of none there is no list."""
    return {"words": wording.number(value), "number": value, "url": url if value else "", "tone": tone}


def words(text: str) -> Cell:
    """Words that the chart does not draw."""
    return {"words": text}


def share(value: Decimal | None) -> Cell:
    """A percentage whose parts stand in the same row."""
    return {"words": wording.rate(value), "number": None if value is None else float(value), "parts": []}


def rate(value: Decimal | None, parts: Sequence[Mapping[str, str]], *, enough: bool = True) -> Cell:
    """A percentage with its fraction; the chart leaves out what rests on too few."""
    return {
        "words": wording.rate(value),
        "parts": parts,
        "number": float(value) if value is not None and enough else None,
    }


def duration(length: timedelta | None) -> Cell:
    """How long something took; the chart draws days."""
    return {"words": time_words(length), "number": None if length is None else round(length / DAY, 2)}


def time_words(length: timedelta | None) -> str:
    """3 days and a half → 3.5 天; under a day in hours, under an hour in minutes; None → —."""
    if length is None:
        return wording.NOTHING
    if length < HOUR:
        return f"{max(0, int(length / MINUTE))} 分钟"
    unit, label = (HOUR, "小时") if length < DAY else (DAY, "天")
    tenths = int(length * 10 / unit + 0.5)
    return f"{tenths // 10}.{tenths % 10} {label}"
