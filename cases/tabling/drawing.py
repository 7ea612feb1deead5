"""A counted table as plain values for page, paper, sheet and API: each figure in words, with the list it opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from cases.indicators.lasting import seconds
from cases.statistics import cells, wording
from cases.statistics.counting import COMMUNITY_DIGITS
from cases.statistics.durations import Durations
from cases.statistics.figures import named, percent
from cases.tabling import lasting
from cases.tabling.asking import LABELS, SORTS
from cases.tabling.counting import Counted, Frame
from cases.tabling.dimensions import Value
from cases.tabling.measures import Measure
from cases.tabling.steps import PERIODS
from governance_portal.lib.sheets import Cell as SheetCell
from grids.queries import name_of

#: Below this many a rate says little: it is shown, and never leads a sorted table (facts §5 红黑榜).
SAMPLE = 10
#: A count below this may point at a person (facts §5.1).
SMALL = 3
#: Filters whose values hold each other: the longer code is the narrower.
NESTED = ("area", "category")
SERIES = ("done", "open", "neutral", "grey")

Cell = dict[str, Any]


def drawn(counted: Counted, list_path: str, here: str) -> dict[str, Any]:
    """The whole table: `{heads, rows, foot, chart, small, …}`; `list_path` is the list's address, `here` the table's own."""
    frame = counted.frame
    rows = [_row(counted, row, list_path) for row in ordered(counted)]
    foot = _line(counted, None, list_path)
    counts = [number for row in rows for cell in row["cells"] for number in cell["counts"]]
    return {
        "name": name_of_table(frame),
        "first": frame.rows.label,
        "heads": _heads(counted, here),
        "totals": bool(frame.columns),
        "total_label": "全部" if frame.measures[0].is_rate or frame.measures[0].which else "合计",
        "rows": rows,
        "foot": foot,
        "chart": _chart(frame),
        "small": any(0 < number < SMALL for number in counts),
        "small_below": SMALL,
        "durations": any(one.which for one in frame.measures),
        "sample": SAMPLE,
        "bases": [(one.label, one.basis) for one in frame.measures],
        "cell_count": len(counted.rows) * max(1, len(counted.columns)),
    }


def name_of_table(frame: Frame) -> str:
    """「类别（大类）× 街道：登记」."""
    columns = f" × {frame.columns.label}" if frame.columns else ""
    return f"{frame.rows.label}{columns}：{'、'.join(one.label for one in frame.measures)}"


def period_words(frame: Frame) -> str:
    """「本月（2026年11月1日—22日）」."""
    window, label = frame.window, PERIODS[frame.asked.period]
    if not (window.first or window.last):
        return label if frame.asked.period == "ever" else "全部时间"
    ends = [f"{day.year}年{day.month}月{day.day}日" if day else "" for day in (window.first, window.last)]
    days = ends[0] if ends[0] == ends[1] else f"{ends[0] or '最早'}—{ends[1] or '现在'}"
    return days if frame.asked.period == "custom" else f"{label}（{days}）"


def place_words(frame: Frame) -> str:
    """The name of the area."""
    return name_of(frame.area) or frame.area


def filter_words(frame: Frame, named_codes: Mapping[str, str]) -> list[str]:
    """「来源渠道：窗口来访、网格上报」 for each filter; `named_codes` names units and categories."""
    found = []
    for name, values in frame.asked.filters.items():
        words = [named_codes.get(f"{name}:{value}", value) for value in values]
        found.append(f"{LABELS[name]}：{'、'.join(words)}")
    return found


# --- order ------------------------------------------------------------------------------------------------------


def ordered(counted: Counted) -> list[Value]:
    """The rows in the order asked for; without one, time and code lists as they are, all else the largest first."""
    sort, frame = counted.frame.asked.sort, counted.frame
    measure = frame.measures[0]
    if not sort:
        if frame.rows.moment or (frame.rows.section in ("属地", "办理", "事项") and frame.rows.kept != "category"):
            return counted.rows
        sort = "most"
    column = ""
    if sort.startswith("by:"):
        named_measure = next((one for one in frame.measures if one.name == sort[3:]), None)
        measure, column = named_measure or measure, "" if named_measure else sort[3:]
    down = sort != "least"

    def place(row: Value) -> tuple[bool, Decimal, str]:
        counts = counted.cells.get((row.key, column)) if column else counted.row_totals.get(row.key)
        counts = counts or Counter()
        enough, value = _weight(measure, counts)
        return not enough, -value if down else value, row.order

    return sorted(counted.rows, key=place)


def _weight(measure: Measure, counts: Mapping[str, int]) -> tuple[bool, Decimal]:
    """Whether a cell rests on enough to lead a sorted table, and by what it is sorted."""
    if measure.which:
        found = lasting.of(counts)
        return found.count >= SAMPLE, Decimal(_seconds(found, measure) or -1)
    if not measure.is_rate:
        return True, Decimal(counts.get(measure.parts[0], 0))
    above, below = (counts.get(part, 0) for part in measure.parts)
    return below >= SAMPLE, Decimal(above) / below if below else Decimal(-1)


# --- cells ------------------------------------------------------------------------------------------------------


def _heads(counted: Counted, here: str) -> list[dict[str, Any]]:
    frame = counted.frame
    if not frame.columns:
        made = [(one.name, one.label) for one in frame.measures]
    else:
        made = [(column.key, column.name) for column in counted.columns]
    found = []
    for at, (key, label) in enumerate(made):
        sort = f"by:{key}"
        found.append(
            {
                "label": label,
                "key": key,
                "url": f"{here}?{frame.asked.query(sort=sort)}",
                "sorted": frame.asked.sort == sort,
                "series": SERIES[at] if not frame.columns and at < len(_in_chart(frame)) else "",
            }
        )
    return found


def _row(counted: Counted, row: Value, list_path: str) -> dict[str, Any]:
    return {"name": row.name, "key": row.key, **_line(counted, row, list_path)}


def _line(counted: Counted, row: Value | None, list_path: str) -> dict[str, Any]:
    """The cells of a row, or of the bottom line (`row` None), with the row's own total where there are columns."""
    frame = counted.frame
    opened = frame.rows.opens(row.key) if row else {}
    whole = counted.whole if row is None else counted.row_totals.get(row.key, Counter())
    if not frame.columns:
        return {"cells": [_cell(frame, one, whole, opened, list_path) for one in frame.measures], "total": None}
    measure, made = frame.measures[0], []
    for column in counted.columns:
        counts: Mapping[str, int] = (
            counted.column_totals.get(column.key, {}) if row is None else counted.cells.get((row.key, column.key), {})
        )
        merged = merge(opened, frame.columns.opens(column.key)) if counts else {}
        made.append(_cell(frame, measure, counts, merged, list_path))
    return {"cells": made, "total": _cell(frame, measure, whole, opened, list_path)}


def _cell(frame: Frame, measure: Measure, counts: Mapping[str, int], opened: Mapping[str, str], list_path: str) -> Cell:
    numbers = [counts.get(part, 0) for part in measure.parts]
    if measure.which:
        opened = merge(opened, lasting.OPENS)
    urls = [
        list_url(frame, figure, opened, list_path) if number else ""
        for figure, number in zip(measure.lists, numbers, strict=True)
    ]
    if measure.which:
        return _duration(measure, lasting.of(counts), urls[0])
    if not measure.is_rate:
        number = numbers[0]
        return {"words": wording.number(number), "number": number, "url": urls[0], "counts": numbers, "parts": []}
    value = percent(*numbers)
    parts = [
        {"value": wording.number(number), "url": url, "number": number}
        for number, url in zip(numbers, urls, strict=True)
    ]
    return {
        "words": wording.rate(value),
        "number": None if value is None else float(value),
        "value": value,
        "url": "",
        "counts": numbers,
        "parts": parts if numbers[1] else [],
    }


def _duration(measure: Measure, found: Durations, url: str) -> Cell:
    """How long it took in the words of the board, with how many matters it is of; `number` is days."""
    parts = [{"value": f"{wording.number(found.count)} 件", "url": url, "number": found.count}]
    return {
        **cells.duration(getattr(found, measure.which)),
        "seconds": _seconds(found, measure),
        "url": "",
        "counts": [found.count],
        "parts": parts if found.count else [],
    }


def _seconds(found: Durations, measure: Measure) -> int | None:
    return seconds(getattr(found, measure.which))


def list_url(frame: Frame, figure: str, opened: Mapping[str, str], list_path: str) -> str:
    """The list of exactly what a cell counts."""
    return f"{list_path}?{list_query(frame, figure, opened)}"


def list_query(frame: Frame, figure: str, opened: Mapping[str, str]) -> str:
    """The same as a query: the area and the filters of the table, narrowed by what its row and column hold."""
    found: dict[str, list[str]] = {"tab": ["all"], "figure": [figure]}
    if named(figure).days != "today":
        window = frame.window
        found |= {name: [str(day)] for name, day in (("from", window.first), ("to", window.last)) if day}
    found["grid" if len(frame.area) > COMMUNITY_DIGITS else "area"] = [frame.area]
    found |= {name: list(values) for name, values in frame.asked.filters.items()}
    for name, value in opened.items():
        found[name] = [_narrower(name, found[name][0], value) if name in found else value]
    return urlencode([(name, value) for name, values in found.items() for value in values])


def merge(row: Mapping[str, str], column: Mapping[str, str]) -> dict[str, str]:
    """The filters of a row and of a column together: of two codes, or two spans of days, the narrower."""
    found = dict(row)
    for name, value in column.items():
        found[name] = _narrower(name, found[name], value) if name in found else value
    return found


def _narrower(name: str, one: str, other: str) -> str:
    if name.endswith("_after"):
        return max(one, other)
    if name.endswith("_before"):
        return min(one, other)
    return one if name in NESTED and one.startswith(other) else other


# --- chart and sheet --------------------------------------------------------------------------------------------


def _in_chart(frame: Frame) -> list[Measure]:
    """The measures a chart can draw on one scale: those like the first."""
    first = frame.measures[0]
    alike = [one for one in frame.measures if one.is_rate == first.is_rate and one.unit == first.unit]
    return alike[:1] if first.is_rate and not frame.rows.moment else alike


def _chart(frame: Frame) -> str:
    """How a one-dimensional table is drawn: `lines` over time, `rate`, `times` or bars; "" for rows × columns."""
    if frame.columns:
        return ""
    if frame.rows.moment:
        return "lines"
    if frame.measures[0].which:
        return "times"
    return "rate" if frame.measures[0].is_rate else "bars"


def sheet_head(table: Mapping[str, Any], measures: Sequence[Measure]) -> list[str]:
    """The header of the file; a rate has its fraction beside it, a duration its days and of how many matters it is."""
    found = [str(table["first"])]
    for at, head in enumerate([*table["heads"], *([{"label": table["total_label"]}] if table["totals"] else [])]):
        measure, label = measures[0 if table["totals"] else at], head["label"]
        if measure.which:
            found += [label, f"{label}（天）", f"{label}件数"]
        else:
            found += [f"{label}（%）", f"{label}分子", f"{label}分母"] if measure.is_rate else [label]
    return found


def sheet_rows(table: Mapping[str, Any]) -> Iterator[list[SheetCell]]:
    """The lines of the file, the total last."""
    for row in (*table["rows"], {"name": table["total_label"], **table["foot"]}):
        line: list[SheetCell] = [row["name"]]
        for cell in (*row["cells"], *([row["total"]] if row["total"] else [])):
            line += _sheet_cells(cell)
        yield line


def _sheet_cells(cell: Cell) -> list[SheetCell]:
    if "seconds" in cell:
        return [cell["words"], wording.NOTHING if cell["number"] is None else cell["number"], *cell["counts"]]
    if len(cell["counts"]) == 2:
        return [wording.NOTHING if cell["value"] is None else cell["value"], *cell["counts"]]
    return [cell["number"]]


def sheet_notes(frame: Frame, named_codes: Mapping[str, str], now_words: str) -> list[list[SheetCell]]:
    """What must be said with the figures: of what, over which days, by which rule, for whose eyes."""
    found: list[list[SheetCell]] = [[], ["统计表", name_of_table(frame)], ["区域", place_words(frame)]]
    found.append(["时间", period_words(frame)])
    found += [["条件", words] for words in filter_words(frame, named_codes)]
    found += [["口径", f"{one.label}：{one.basis}"] for one in frame.measures]
    anew = "，时长的合计按全部事项重新排" if any(one.which for one in frame.measures) else ""
    found.append(["说明", f"按导出人能看到的事项统计，数据截至 {now_words}；比率的合计按分子、分母重新计算{anew}。"])
    return found


def sort_choices(asked: str) -> list[dict[str, Any]]:
    """The orders a select offers."""
    return [{"value": value, "label": label, "chosen": value == asked} for value, label in SORTS.items()]
