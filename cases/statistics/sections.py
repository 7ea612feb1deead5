"""The tables of the board, each built from a `Board`: trend, stock, sources, categories, levels, areas …; the unit table is `ranking`

A table is {code, title, first, columns, rows, chart, note, how}: `how` says how each of its figures is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cases.choices import Channel, Level
from cases.statistics import cells, counting, stock, tables
from cases.statistics.board import SMALL, Board
from cases.statistics.cells import Cell, column
from cases.statistics.counting import COMMUNITY_DIGITS, Counts
from cases.statistics.figures import FIGURES, RATES
from cases.statistics.stock import STOCK
from cases.statistics.tables import Row
from cases.statistics.windows import Window, steps_of

LEVEL_NAMES = {6: "街道", 9: "社区", 12: "网格"}
Table = dict[str, Any]


# --- what came, what went ---------------------------------------------------------------------------------------


def stock_of(board: Board) -> Table:
    """存量、新增、化解, as a waterfall: the five figures and, of each, from where to where its bar goes."""
    counts = stock.counted(board.cases, board.period.window, board.now)
    steps = (("stock_start", 1), ("stock_new", 1), ("stock_closed", -1), ("stock_ended", -1), ("stock_end", 0))
    rows: list[dict[str, Any]] = []
    stands = 0
    for name, sign in steps:
        base = 0 if sign == 0 else stands if sign > 0 else stands - counts[name]
        stands = counts[name] if sign == 0 else stands + sign * counts[name]
        words = {1: "加：" if rows else "", -1: "减：", 0: ""}[sign]
        found = cells.count(counts[name], board.opens(name))
        rows.append({"name": f"{words}{STOCK[name].label}", "base": base, "cells": [found]})
    return {
        "code": "stock",
        "title": "存量、新增、化解",
        "chart": "steps",
        "first": "项目",
        "columns": [column("件数", series="open")],
        "rows": rows,
        "note": stock.SAYS,
        "how": how(*STOCK),
    }


def trend(board: Board) -> Table:
    """What came in and what was closed, each on its own day."""
    window = board.period.window
    step = steps_of(window, board.today)
    names = (("registered", "registered"), ("accepted", "accepted_in"), ("closed", "closed_in"))
    rows = [
        {
            "name": _step_words(row["start"], row["end"], step),
            "short": f"{row['start'].month}/{row['start'].day}" if step != "month" else f"{row['start'].month}月",
            "cells": [
                cells.count(row[name], board.opens(figure, Window(row["start"], row["end"]))) for name, figure in names
            ],
        }
        for row in counting.trend(board.cases, window, step)
    ]
    return {
        "code": "trend",
        "title": {"day": "每天", "week": "每周", "month": "每月"}[step] + "的登记与办结",
        "chart": "lines",
        "first": {"day": "日期", "week": "一周", "month": "月份"}[step],
        "columns": [column("登记", series="neutral"), column("受理", series="line"), column("办结", series="done")],
        "rows": rows,
        "note": "登记、受理、办结各按发生的日子计，与何时登记无关。",
        "how": how("registered", "accepted_in", "closed_in"),
        "folded": True,
    }


# --- by one thing -----------------------------------------------------------------------------------------------


def channels(board: Board) -> Table:
    """By the line a matter came in by."""
    labels = dict(Channel.choices)
    rows = _rows(counting.by(board.cases, "channel", board.period.window, board.now), labels)
    return _by(board, "channels", "按来源渠道", "来源", rows, lambda row: {"channel": row.code})


def levels(board: Board) -> Table:
    """By how grave it is."""
    labels = {**dict(Level.choices), "": "尚未定级"}
    rows = _rows(counting.by(board.cases, "level", board.period.window, board.now), labels)
    order = [*Level.values, ""]
    rows.sort(key=lambda row: order.index(row.code))
    return _by(board, "levels", "按等级", "等级", rows, lambda row: {"level": row.code or "none"})


def categories(board: Board) -> Table:
    """By main category; of one of them by its sub-categories."""
    rows = tables.categories(board.cases, board.period.window, board.now)
    main = tables.main_categories(rows)
    chosen = next((row for row in main if row.code == board.category), None) if board.category else None
    if chosen is None:
        with_subs = {row.parent for row in rows if row.parent}
        return _by(
            board,
            "categories",
            "按类别",
            "类别",
            main,
            lambda row: {"category": row.code or "none"},
            lambda row: board.here(part="matters", category=row.code) if row.code in with_subs else "",
        )
    subs = [row for row in rows if chosen.code in (row.code, row.parent)]
    table = _by(board, "categories", f"按类别：{chosen.name}", "类别", subs, lambda row: {"category_only": row.code})
    return table | {"up": {"label": "回到全部类别", "url": board.here(part="matters", category="")}}


def areas(board: Board) -> Table:
    """By the areas right below."""
    rows = tables.areas(board.cases, board.area, board.period.window, board.now)
    label = LEVEL_NAMES[len(board.area)]

    def drill(row: Row) -> str:
        return board.here(area=row.code) if row.code != board.area and len(row.code) <= 15 else ""

    return _by(board, "areas", f"按{label}", label, rows, lambda row: _place(board, row.code), drill)


def _place(board: Board, code: str) -> dict[str, str]:
    if code == board.area:
        return {"area": code, "below": "none"}
    return {"grid": code} if len(code) > COMMUNITY_DIGITS else {"area": code}


def _rows(counted: Mapping[Any, Counts], labels: Mapping[str, str]) -> list[Row]:
    found = [Row(code, labels.get(code, code), counts) for code, counts in counted.items()]
    return sorted(found, key=lambda row: (-row.counts["registered"], row.code))


def _by(
    board: Board,
    code: str,
    title: str,
    first: str,
    rows: list[Row],
    filters: Callable[[Row], dict[str, str]],
    drill: Callable[[Row], str] = lambda _row: "",
) -> Table:
    names = ("registered", "accepted", "closed", "ended", "open", "overdue")
    series = {"closed": "done", "ended": "grey", "open": "open"}
    drawn = [
        {
            "name": row.name,
            "url": drill(row),
            "cells": [
                *(counted(board, row, name, filters(row)) for name in names),
                cells.share(counting.rates(row.counts, ["closure_rate"])["closure_rate"]["value"]),
            ],
        }
        for row in rows
        if row.counts["registered"]
    ]
    return {
        "code": code,
        "title": title,
        "chart": "stack",
        "first": first,
        "columns": [*(column(FIGURES[name].label, series=series.get(name, "")) for name in names), column("办结率")],
        "rows": drawn,
        "small": any(0 < row.counts["registered"] < SMALL for row in rows),
        "note": "登记多少不比高低；横条为受理的事项：办结、终结、在办。",
        "how": how(*names, "closure_rate"),
    }


# --- cells of a row ---------------------------------------------------------------------------------------------


def counted(board: Board, row: Row, name: str, filters: dict[str, str]) -> Cell:
    """A figure of a row that opens its list."""
    tone = "overdue" if name == "overdue" and row.counts[name] else ""
    return cells.count(row.counts[name], board.opens(name, more=filters), tone)


# --- how it is computed -----------------------------------------------------------------------------------------


def how(*names: str) -> list[dict[str, str]]:
    """How these figures and rates are computed, each with its source: what stands behind 「怎么算的」."""
    found = []
    for name in names:
        if known := RATES.get(name):
            found.append({"label": known.label, "formula": known.basis, "source": known.source})
            continue
        figure = FIGURES.get(name) or STOCK[name]
        found.append({"label": figure.label, "formula": figure.counts, "source": figure.source})
    return found


def _step_words(start: date, end: date, step: str) -> str:
    if step == "month":
        return f"{start:%Y}年{start.month}月"
    if start == end:
        return f"{start.month}月{start.day}日"
    return f"{start.month}月{start.day}日—{end.month}月{end.day}日"
