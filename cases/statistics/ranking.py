"""The unit table of the board: ranked by what came out, where there is enough to judge by; never by how much came in.

What a unit was granted to leave out (cases.ranking) counts in neither part of its two rates here, and nowhere else: each
rate says 「剔除 n 件」 with the list of what and why, and its parts open exactly what is still counted (figures `ranked_…`).
Source: facts §5 红黑榜: outcome measures, a minimum sample, counts beside the rate, tie rules, 申诉/剔除; units, no person.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from cases.ranking.choices import Ranked
from cases.statistics import cells, counting, tables, wording
from cases.statistics.board import Board
from cases.statistics.cells import Cell, column
from cases.statistics.figures import EXCLUDABLE, FIGURES, OF_RATINGS, RATES
from cases.statistics.sections import counted, how
from cases.statistics.tables import Row
from cases.statistics.terms import SAMPLE

COUNTED = ("accepted", "closed", "open", "overdue")
TIES = "比率相同的并列（按没有四舍五入的数比），后面的名次空出来：两家并列第 1，下一家是第 3"
SAYS = (
    f"名次只比按期办结率（{RATES['on_time_rate'].basis}），剔除后应办结满 {SAMPLE} 件才排；{TIES}。只比单位，不比个人。"
    "因不可抗力等原因，主办单位可以申请把一件不计入本单位的按期办结率或满意率，由没有经办的督办员或中心负责人决定；"
    "剔除只影响本表，全区的总数、比率和指标照常计入。"
)


def on_time(row: Row) -> float:
    """The share that a unit is ranked by; equal shares are equal numbers, of however many matters."""
    return row.counts["on_time"] / row.counts["due_closed"]


def judged(rows: list[Row]) -> list[Row]:
    """The units with enough to judge by, the best first; of equals the one with more matters stands first."""
    found = [row for row in rows if row.code and row.counts["due_closed"] >= SAMPLE]
    return sorted(found, key=lambda row: (-on_time(row), -row.counts["due_closed"], row.code))


def place(row: Row, among: list[Row]) -> int:
    """The rank: how many are better, and one; equals share it."""
    return 1 + sum(on_time(other) > on_time(row) for other in among)


def units(board: Board) -> dict[str, Any]:
    """By lead unit."""
    rows = [row for row in tables.ranked_units(board.cases, board.period.window, board.now) if row.code]
    ranked = judged(rows)
    rest = [row for row in rows if row not in ranked]
    drawn = [
        {
            "name": row.name,
            "url": board.here(part="", unit=row.code),
            "cells": [
                cells.words(str(place(row, ranked)) if row in ranked else wording.NOTHING),
                _rate(board, row, "on_time_rate", "due_closed"),
                *(counted(board, row, name, {"unit": row.code}) for name in COUNTED),
                _rate(board, row, "satisfaction_rate", "rated"),
            ],
        }
        for row in [*ranked, *rest]
    ]
    return {
        "code": "units",
        "title": "按主办单位",
        "chart": "rate",
        "first": "单位",
        "columns": [
            column("名次"),
            {**column("按期办结率", series="done"), "left_out": True},
            *(column(FIGURES[name].label) for name in COUNTED),
            {**column("满意率"), "left_out": True},
        ],
        "rows": drawn,
        "note": SAYS,
        "how": how("on_time_rate", "satisfaction_rate", *COUNTED),
        "more": {"label": "剔除申请", "url": board.exclusions_path} if board.exclusions_path else None,
    }


def _rate(board: Board, row: Row, name: str, whole: str) -> Cell:
    """A rate with its fraction, each part opening its list, and how many were left out of it with the list of why."""
    known, found = RATES[name], counting.rates(row.counts, [name])[name]
    if known.numerator in OF_RATINGS and not board.reads_ratings and found["denominator"] < SAMPLE:
        return cells.words(wording.NOTHING)
    parts = [
        {
            "value": wording.number(row.counts[part]),
            "url": board.opens(f"ranked_{part}", more={"unit": row.code}),
        }
        for part in (known.numerator, known.denominator)
    ]
    enough = found["denominator"] >= (SAMPLE if name == "on_time_rate" else 1)
    cell = cells.rate(found["value"], parts if found["denominator"] else [], enough=enough)
    number = row.left_out.get(whole, 0)
    return {**cell, "left_out": {"number": number, "url": _why(board, row, EXCLUDABLE[whole]) if number else ""}}


def _why(board: Board, row: Row, figure: Ranked) -> str:
    """The list of what was left out, in the days and the area of this board."""
    if not board.exclusions_path or (figure == Ranked.SATISFIED and not board.reads_ratings):
        return ""
    days = board.period.window
    query = {"tab": "granted", **board.place(), "unit": row.code, "figure": figure.value}
    query |= {name: str(day) for name, day in (("from", days.first), ("to", days.last)) if day}
    return f"{board.exclusions_path}?{urlencode(query)}"
