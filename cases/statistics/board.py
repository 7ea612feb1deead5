"""What the board shows, as plain values: tiles, tables and the trend, each figure with the address of its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from cases.statistics import counting, tables, wording
from cases.statistics.counting import COMMUNITY_DIGITS, Cases, Counts
from cases.statistics.figures import FIGURES, RATES
from cases.statistics.tables import Row
from cases.statistics.windows import Period, Window, steps_of
from governance_portal.lib.working_days import SHANGHAI

#: A unit is ranked from this many judged cases on (facts §5 红黑榜).
SAMPLE = 10
#: A count below this may point at a person (facts §5.1).
SMALL = 3
COHORT = ("registered", "accepted", "closed", "ended", "open")
STANDING = ("open", "due_soon", "overdue", "today_registered", "today_accepted", "today_closed")
TONES = {"due_soon": "soon", "overdue": "overdue"}
LEVEL_NAMES = {6: "街道", 9: "社区", 12: "网格"}

Cell = dict[str, Any]


@dataclass(frozen=True)
class Board:
    """The board of one area and period over the cases one person may see there."""

    cases: Cases
    area: str
    period: Period
    now: datetime
    list_path: str
    path: str
    asked_period: str = ""

    def whole(self) -> dict[str, Any]:
        """Everything on the page."""
        drawn = [build() for build in self.tables.values()]
        return {
            "standing": self.standing(),
            "cohort": self.cohort(),
            "rates": self.rates(),
            "trend": drawn[0],
            "sections": drawn[1:],
            "before": self.period.before_label,
            "small": any(table.get("small") for table in drawn),
            "small_below": SMALL,
        }

    @property
    def tables(self) -> Mapping[str, Callable[[], dict[str, Any]]]:
        """The tables by name, as the page shows them from top to bottom."""
        places = {} if len(self.area) > COMMUNITY_DIGITS else {"areas": self.areas}
        return {"trend": self.trend, **places, "categories": self.categories, "units": self.units}

    # -- addresses -----------------------------------------------------------------------------------------------

    def here(self, **changes: str) -> str:
        """This board with some names changed."""
        window, period = self.period.window, changes.get("period", self.period.code)
        query = {"area": changes.get("area", self.area), "period": period}
        if period == "custom":
            query |= {"from": str(window.first), "to": str(window.last)}
        return f"{self.path}?{urlencode(query)}"

    def opens(self, figure: str, window: Window | None = None, more: Mapping[str, str] | None = None) -> str:
        """The list of exactly what a figure counts."""
        days = window or self.period.window
        place = "grid" if len(self.area) > COMMUNITY_DIGITS else "area"
        query = {"tab": "all", "figure": figure, place: self.area, **(more or {})}
        if FIGURES[figure].days != "today":
            query |= {name: str(day) for name, day in (("from", days.first), ("to", days.last)) if day}
        return f"{self.list_path}?{urlencode(query)}"

    # -- large figures -------------------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> Counts:
        """Of the period."""
        return counting.overview(self.cases, self.period.window, self.now)

    @cached_property
    def before(self) -> Counts:
        """Of the period before."""
        return counting.overview(self.cases, self.period.before, self.now)

    def standing(self) -> list[dict[str, Any]]:
        """How things stand now, whenever they were registered."""
        counts = counting.standing(self.cases, self.now)
        return [
            {
                "label": FIGURES[name].label,
                "about": FIGURES[name].counts,
                "value": wording.number(counts[name]),
                "url": self.opens(name, Window()),
                "tone": TONES.get(name, "") if counts[name] else "",
            }
            for name in STANDING
        ]

    def cohort(self) -> list[dict[str, Any]]:
        """What was registered in the period and where it stands."""
        return [
            {
                "label": FIGURES[name].label,
                "about": FIGURES[name].counts,
                "value": wording.number(self.counts[name]),
                "url": self.opens(name),
                "change": wording.change_of_count(self.counts[name], self.before[name], self.period.before_label),
            }
            for name in COHORT
        ]

    def rates(self) -> list[dict[str, Any]]:
        """The four rates with their fractions."""
        found = []
        now, before = counting.rates(self.counts), counting.rates(self.before)
        for rate in RATES.values():
            change = wording.change_of_rate(
                now[rate.name]["value"], before[rate.name]["value"], self.period.before_label
            )
            found.append(
                {
                    "label": rate.label,
                    "basis": rate.basis,
                    "value": wording.rate(now[rate.name]["value"]),
                    "parts": [
                        {
                            "label": FIGURES[name].label,
                            "value": wording.number(self.counts[name]),
                            "url": self.opens(name),
                        }
                        for name in (rate.numerator, rate.denominator)
                    ],
                    "change": change,
                }
            )
        return found

    # -- tables --------------------------------------------------------------------------------------------------

    def trend(self) -> dict[str, Any]:
        """What came in and what was closed, each on its own day."""
        window = self.period.window
        step = steps_of(window, self.now.astimezone(SHANGHAI).date())
        rows = [
            {
                "name": _step_words(row["start"], row["end"], step),
                "short": f"{row['start'].month}/{row['start'].day}" if step != "month" else f"{row['start'].month}月",
                "cells": [
                    _cell(row[name], self.opens(figure, Window(row["start"], row["end"])))
                    for name, figure in (
                        ("registered", "registered"),
                        ("accepted", "accepted_in"),
                        ("closed", "closed_in"),
                    )
                ],
            }
            for row in counting.trend(self.cases, window, step)
        ]
        return {
            "code": "trend",
            "title": {"day": "每天", "week": "每周", "month": "每月"}[step] + "的登记与办结",
            "chart": "lines",
            "first": {"day": "日期", "week": "一周", "month": "月份"}[step],
            "columns": [
                _column("登记", series="neutral"),
                _column("受理", series=""),
                _column("办结", series="done"),
            ],
            "rows": rows,
            "note": "登记、受理、办结各按发生的日子计，与何时登记无关。",
        }

    def areas(self) -> dict[str, Any]:
        """By the areas right below."""
        rows = tables.areas(self.cases, self.area, self.period.window, self.now)
        return self._by(
            "areas",
            f"按{LEVEL_NAMES[len(self.area)]}",
            LEVEL_NAMES[len(self.area)],
            rows,
            lambda row: self._place(row.code),
            lambda row: self.here(area=row.code) if row.code != self.area and len(row.code) < 15 else "",
        )

    def _place(self, code: str) -> dict[str, str]:
        if code == self.area:
            return {"area": code, "below": "none"}
        return {"grid": code} if len(code) > COMMUNITY_DIGITS else {"area": code}

    def categories(self) -> dict[str, Any]:
        """By main category."""
        rows = tables.main_categories(tables.categories(self.cases, self.period.window, self.now))
        return self._by(
            "categories",
            "按类别",
            "类别",
            rows,
            lambda row: {"category": row.code or "none"},
            lambda _row: "",
        )

    def _by(
        self,
        code: str,
        title: str,
        first: str,
        rows: list[Row],
        filters: Callable[[Row], dict[str, str]],
        drill: Callable[[Row], str],
    ) -> dict[str, Any]:
        names = ("registered", "accepted", "closed", "ended", "open", "overdue")
        series = {"closed": "done", "ended": "grey", "open": "open"}
        drawn = [
            {
                "name": row.name,
                "url": drill(row),
                "cells": [
                    *(self._counted(row, name, filters(row)) for name in names),
                    self._rate(row, "closure_rate", None) | {"parts": []},  # both parts are columns of this row
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
            "columns": [
                *(_column(FIGURES[name].label, series=series.get(name, "")) for name in names),
                _column("办结率"),
            ],
            "rows": drawn,
            "small": any(0 < row.counts["registered"] < SMALL for row in rows),
            "note": "登记多少不比高低；横条为受理的事项：办结、终结、在办。",
        }

    def units(self) -> dict[str, Any]:
        """By lead unit: ranked by what came out, where there is enough to judge by; never by how much came in."""
        rows = [row for row in tables.units(self.cases, self.period.window, self.now) if row.code]
        judged = [row for row in rows if row.counts["due_closed"] >= SAMPLE]
        judged.sort(
            key=lambda row: (-row.counts["on_time"] / row.counts["due_closed"], -row.counts["due_closed"], row.code)
        )
        rest = [row for row in rows if row.counts["due_closed"] < SAMPLE]
        drawn = []
        for row in [*judged, *rest]:
            where = {"unit": row.code}
            drawn.append(
                {
                    "name": row.name,
                    "url": "",
                    "cells": [
                        {"words": str(_place_in(judged, row)) if row in judged else wording.NOTHING},
                        self._rate(row, "on_time_rate", where),
                        *(self._counted(row, name, where) for name in ("accepted", "closed", "open", "overdue")),
                        self._rate(row, "satisfaction_rate", where),
                    ],
                }
            )
        return {
            "code": "units",
            "title": "按主办单位",
            "chart": "rate",
            "first": "单位",
            "columns": [
                _column("名次"),
                _column("按期办结率", series="done"),
                *(_column(FIGURES[name].label) for name in ("accepted", "closed", "open", "overdue")),
                _column("满意率"),
            ],
            "rows": drawn,
            "small": False,
            "note": (
                f"名次只比按期办结率（{RATES['on_time_rate'].basis}），应办结满 {SAMPLE} 件才排，相同的并列；"
                "只比单位，不比个人。因不可抗力逾期的，可向中心说明后剔除。"
            ),
        }

    def _counted(self, row: Row, name: str, filters: dict[str, str]) -> Cell:
        return _cell(
            row.counts[name],
            self.opens(name, more=filters),
            "overdue" if name == "overdue" and row.counts[name] else "",
        )

    def _rate(self, row: Row, name: str, filters: dict[str, str] | None) -> Cell:
        rate, found = RATES[name], counting.rates(row.counts, [name])[name]
        parts = [
            {"value": wording.number(row.counts[part]), "url": self.opens(part, more=filters) if filters else ""}
            for part in (rate.numerator, rate.denominator)
        ]
        value = found["value"]
        enough = found["denominator"] >= (SAMPLE if name == "on_time_rate" else 1)
        return {
            "words": wording.rate(value),
            "parts": parts if found["denominator"] else [],
            "number": float(value) if value is not None and enough else None,
        }


def _step_words(start: date, end: date, step: str) -> str:
    if step == "month":
        return f"{start:%Y}年{start.month}月"
    if start == end:
        return f"{start.month}月{start.day}日"
    return f"{start.month}月{start.day}日—{end.month}月{end.day}日"


def _column(label: str, series: str = "") -> dict[str, str]:
    return {"label": label, "series": series}


def _cell(value: int, url: str, tone: str = "") -> Cell:
    return {"words": wording.number(value), "number": value, "url": url if value else "", "tone": tone}


def _place_in(judged: list[Row], row: Row) -> int:
    """The place in the ranking; equal rates share one."""
    mine = row.counts["on_time"] * 1.0 / row.counts["due_closed"]
    return 1 + sum(other.counts["on_time"] / other.counts["due_closed"] > mine for other in judged)


# --- as a sheet -------------------------------------------------------------------------------------------------


def sheet_head(table: Mapping[str, Any]) -> list[str]:
    """The header of a table's CSV; a rate that shows its fraction has it in two columns beside it."""
    fractions, head = _with_fraction(table), [str(table["first"])]
    for place, column in enumerate(table["columns"]):
        head.append(column["label"])
        if place in fractions:
            head += [f"{column['label']}分子", f"{column['label']}分母"]
    return head


def sheet_rows(table: Mapping[str, Any]) -> Iterator[list[str | int]]:
    """The lines of a table's CSV."""
    fractions = _with_fraction(table)
    for row in table["rows"]:
        line: list[str | int] = [row["name"]]
        for place, cell in enumerate(row["cells"]):
            line.append(cell["number"] if isinstance(cell.get("number"), int) else cell["words"])
            if place in fractions:
                line += [int(part["value"].replace(",", "")) for part in cell["parts"]] or ["", ""]
        yield line


def _with_fraction(table: Mapping[str, Any]) -> set[int]:
    return {place for row in table["rows"] for place, cell in enumerate(row["cells"]) if cell.get("parts")}
