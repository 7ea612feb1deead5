"""The board's tables of what came of matters: how long they took, how residents answered, where they were settled,
which grids are pressed, which subjects come again and again, what is under supervision."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

from cases.boards import levels
from cases.choices import Kind, Level
from cases.crowds import hot
from cases.mapping.lying import grid_now
from cases.statistics import cells, counting, durations, spans, wording
from cases.statistics.board import Board
from cases.statistics.cells import column
from cases.statistics.figures import FOLLOW_UP_RATES, HAPPY, OF_RATINGS, OPEN, condition
from cases.statistics.scope import Scope
from cases.statistics.sections import Table, how
from cases.statistics.terms import SAMPLE
from cases.statistics.windows import EVER
from cases.supervising import watching
from grids.queries import names_of

#: Grids of the table of heat; the map has all of them.
MOST = 20
#: What stands in the strip of 督办: none of them depends on the minute but the date of an answer.
ORDERS = ("unanswered", "order_late", "answered", "unhappy", "joint", "repeated", "doubtful")
#: Watches whose list is for those only who read ratings.
BY_RATING = ("unhappy",)
#: What narrows a list to what was accepted here, and so has a time.
TIMED = {"accepted_after": "1990-01-01"}
SATISFACTION = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}


def lengths(board: Board) -> Table:
    """How long what was closed took: all of it, by kind and by level."""
    window = board.period.window
    rows: list[tuple[str, durations.Durations, dict[str, str]]]
    whole = (
        spans.handled(board.cases, window, board.now)
        if isinstance(board.cases, Scope)
        else durations.overall(board.rows, window)
    )
    rows = [("全部", whole, {})]
    found_by = spans.by(board.rows, ("kind", "level"), window)
    kinds, graves = found_by["kind"], found_by["level"]
    rows += [(str(kind.label), kinds[kind.value], {"kind": kind.value}) for kind in Kind if kind.value in kinds]
    rows += [(f"等级：{one.label}", graves[one.value], {"level": one.value}) for one in Level if one.value in graves]
    drawn = [
        {
            "name": name,
            "cells": [
                cells.count(found.count, board.opens("closed_in", more={**filters, **TIMED})),
                cells.duration(found.mean),
                cells.duration(found.median),
                cells.duration(found.p90),
            ],
        }
        for name, found, filters in rows
        if found.count
    ]
    return {
        "code": "durations",
        "title": "办理时长",
        "chart": "bars",
        "first": "事项",
        "columns": [
            column("办结（有时长）"),
            column("平均"),
            column("中位数", series="done"),
            column("P90", series="open"),
        ],
        "rows": drawn,
        "note": durations.SAYS + "横条以天计。",
        "how": [
            {"label": "平均", "formula": "Σ（办结 − 受理 − 暂停）÷ 办结件数", "source": "facts §5 平均办理时长"},
            {
                "label": "中位数、P90",
                "formula": "从短到长排，第 ⌈n÷2⌉ 件、第 ⌈0.9×n⌉ 件的时长",
                "source": "facts §5 平均办理时长",
            },
        ],
    }


def satisfaction(board: Board) -> Table:
    """How residents rated what was closed; of a unit's own board only where no single answer can be told."""
    rows = board.rows.filter(condition("rated_closed", board.period.window, board.now))
    found = dict(rows.values_list("satisfaction").annotate(number=Count("pk")).order_by())
    total = sum(found.values())
    shown = total and (board.reads_ratings or total >= SAMPLE)
    drawn = [
        {
            "name": label,
            "cells": [
                cells.words(wording.number(found.get(value, 0))) | {"number": found.get(value, 0)},
                cells.share(counting.percent(found.get(value, 0), total)),
            ],
        }
        for value, label in SATISFACTION.items()
    ]
    return {
        "code": "satisfaction",
        "title": "满意度",
        "chart": "bars",
        "first": "评价",
        "columns": [column("件数", series="done"), column("占有效评价")],
        "rows": drawn if shown else [],
        "blank": f"这段时间办结的事项还没有评价，或不满 {SAMPLE} 件。",
        "note": f"期内办结、作了评价的 {wording.number(total)} 件；{SATISFACTION[HAPPY]}以上为满意。" if shown else "",
        "how": how("rated_closed", "satisfied_closed"),
    }


def follow_up(board: Board) -> Table:
    """响应率、解决率、满意率、回访率、参评率 over what was closed."""
    drawn = []
    for one in counting.follow_up_rates(board.cases, board.period.window, board.now):
        known = FOLLOW_UP_RATES[one["name"]]
        hidden = known.numerator in OF_RATINGS and not board.reads_ratings and one["denominator"] < SAMPLE
        parts = [
            {"value": wording.number(one[part]), "url": board.opens(figure)}
            for part, figure in (("numerator", known.numerator), ("denominator", known.denominator))
        ]
        cell = cells.rate(None if hidden else one["value"], parts if one["denominator"] and not hidden else [])
        drawn.append({"name": one["label"], "cells": [cell, cells.words(one["basis"]) | {"text": True}]})
    return {
        "code": "follow-up",
        "title": "回访",
        "chart": "rate",
        "first": "指标",
        "columns": [column("比率", series="done"), {"label": "口径", "series": "", "text": True}],
        "rows": drawn,
        "note": "按办结时间统计；未接通的单独列，不进满意率的分母。",
        "how": [
            {"label": known.label, "formula": known.basis, "source": known.source} for known in FOLLOW_UP_RATES.values()
        ],
    }


def settled(board: Board) -> Table:
    """小事不出网格: at which level matters were settled, with each level's share."""
    window = board.period.window
    found = levels.settled_at(board.rows, window, board.now)
    drawn = []
    for one in found:
        query = {"tab": "all", "figure": "closed_in", "settled": one["code"], **board.place()}
        query |= {name: str(day) for name, day in (("from", window.first), ("to", window.last)) if day}
        count = cells.count(one["count"], f"{board.list_path}?{urlencode(query)}")
        drawn.append({"name": one["label"], "cells": [count, cells.share(one["share"])]})
    return {
        "code": "settled",
        "title": "在哪一级化解",
        "chart": "bars",
        "first": "层级",
        "columns": [column("化解", series="done"), column("占比")],
        "rows": drawn if any(one["count"] for one in found) else [],
        "note": levels.SAYS,
        "how": [
            {
                "label": "基层化解占比",
                "formula": "某一级化解 ÷ 各级化解合计（东至：镇 67.12 %、村 18.13 %）",
                "source": "facts §5 基层化解占比",
            }
        ],
    }


def heat(board: Board) -> Table:
    """The grids where most lies open now, with what was registered in the period and what is overdue."""
    found = _pressed(board)[:MOST]
    names = names_of([row["group"] for row in found])
    place = {"unit": board.unit.code} if board.unit else {}
    drawn = []
    for row in found:
        here = {**place, "grid": row["group"]}
        drawn.append(
            {
                "name": names.get(row["group"], row["group"]),
                "cells": [
                    cells.count(row["open"], _in_grid(board, "open", here)),
                    cells.count(row["overdue"], _in_grid(board, "overdue", here), "overdue" if row["overdue"] else ""),
                    cells.count(row["registered"], _in_grid(board, "registered", here, period=True)),
                ],
            }
        )
    return {
        "code": "heat",
        "title": "网格在办",
        "chart": "bars",
        "first": "网格",
        "columns": [column("在办", series="open"), column("超时"), column("期内登记")],
        "rows": drawn,
        "note": f"此刻在办最多的 {MOST} 个网格，不论何时登记；全部网格看地图。登记多少不比高低。",
        "how": how("open", "overdue", "registered"),
    }


def _pressed(board: Board) -> list[dict[str, Any]]:
    """`{group, open, overdue, registered}` of every grid that anything of it lies in, the most pressed first."""
    if isinstance(board.cases, Scope) and board.cases.is_kept("grid"):
        running = counting.by(board.cases, "grid", EVER, board.now)
        came = counting.by(board.cases, "grid", board.period.window, board.now)
        rows = [
            {name: running.get(grid, {}).get(name, 0) for name in ("open", "overdue")}
            | {"group": grid, "registered": came.get(grid, {}).get("registered", 0)}
            for grid in {**running, **came}
        ]
    else:
        rows = _pressed_over_rows(board)
    rows = [row for row in rows if row["group"] and (row["open"] or row["registered"])]
    return sorted(rows, key=lambda row: (-row["open"], -row["overdue"], -row["registered"], row["group"]))


def _pressed_over_rows(board: Board) -> list[dict[str, Any]]:
    running = {"open": condition("open", EVER, board.now), "overdue": condition("overdue", EVER, board.now)}
    came = condition("registered", board.period.window, board.now)
    grouped: Any = (
        board.rows.filter(OPEN | came)
        .exclude(grid_code="")
        .annotate(group=grid_now())
        .values("group")
        .annotate(**{name: Count("pk", filter=where) for name, where in (*running.items(), ("registered", came))})
    )
    return list(grouped)


def _in_grid(board: Board, figure: str, here: dict[str, str], period: bool = False) -> str:
    query = {"tab": "all", "figure": figure, **here}
    if period:
        window = board.period.window
        query |= {name: str(day) for name, day in (("from", window.first), ("to", window.last)) if day}
    return f"{board.list_path}?{urlencode(query)}"


def subjects(board: Board) -> list[dict[str, Any]]:
    """Hot matters of the area: the same kind at the same place again and again (cases.crowds.hot)."""
    inside = board.area if board.narrowed else ""
    return [
        {"place": one.place, "category": one.category, "name": f"{one.place_name}：{one.category_name}"}
        | {"count": one.count, "open": one.open, "days": one.days}
        for one in hot.in_sight(board.actor, board.now)
        if one.place.startswith(inside)
    ]


def orders(board: Board) -> list[dict[str, Any]]:
    """What is watched and ordered (督办), as the desk of 督办 counts it."""
    codes = [code for code in ORDERS if board.reads_ratings or code not in BY_RATING]
    found = watching.counts(board.rows, board.now, codes)
    return [
        {
            "label": watching.WATCHES[code].label,
            "value": wording.number(found[code]),
            "url": f"{board.list_path}?{urlencode({'tab': 'all', 'watch': code, **board.place()})}",
            "tone": watching.WATCHES[code].tone if found[code] else "",
            "says": watching.WATCHES[code].means,
        }
        for code in codes
    ]
