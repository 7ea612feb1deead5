"""What a table is asked for, read from an address and written back to one; it holds names and codes, never figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dateparse import parse_date

from cases import choices as c
from cases.filters import NONE
from cases.statistics.windows import Window
from cases.tabling.dimensions import DIMENSIONS
from cases.tabling.measures import MEASURES
from cases.tabling.steps import PERIODS, window_of
from governance_portal.lib.errors import Incomplete

#: Filters of the list that a table takes, each with what it allows; () takes a code.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "category": (),
    "unit": (),
    "channel": tuple(c.Channel.values),
    "level": (*c.Level.values, NONE),
    "kind": tuple(c.Kind.values),
}
LABELS = {"category": "类别", "unit": "主办单位", "channel": "来源渠道", "level": "等级", "kind": "事项大类"}
CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")
AREA = re.compile(r"[0-9]{6,15}")
SORTS: Mapping[str, str] = {"": "常用次序", "most": "从多到少", "least": "从少到多"}
SORTED_BY = re.compile(r"by:[0-9A-Za-z_-]{1,40}")
FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)
MOST_MEASURES = 4
LONGEST_QUERY = 1000
NAMES = ("rows", "columns", "measure", "period", "from", "to", "area", *FILTERS, "sort", "zeros")


@dataclass(frozen=True)
class Asked:
    """One table: rows × columns ("" none) × measures (several only without columns), its days, place and filters."""

    rows: str = "main_category"
    columns: str = ""
    measures: tuple[str, ...] = ("registered",)
    period: str = "month"
    first: date | None = None
    last: date | None = None
    area: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    zeros: bool = False

    def window(self, today: date) -> Window:
        """The days it looks at, on this day."""
        return window_of(self.period, today, self.first, self.last)

    def pairs(self) -> list[tuple[str, str]]:
        """Its names and values, in one order, without what is empty."""
        found = [("rows", self.rows), ("columns", self.columns)]
        found += [("measure", name) for name in self.measures]
        found.append(("period", self.period))
        if self.period == "custom":
            found += [("from", str(self.first or "")), ("to", str(self.last or ""))]
        found.append(("area", self.area))
        found += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        found += [("sort", self.sort), ("zeros", "show" if self.zeros else "")]
        return [(name, value) for name, value in found if value]

    def query(self, **changes: Any) -> str:
        """The address of this table, or of one changed a little."""
        return urlencode((replace(self, **changes) if changes else self).pairs())

    def swapped(self) -> Asked:
        """Rows for columns."""
        return replace(self, rows=self.columns, columns=self.rows, sort="") if self.columns else self


def read(data: QueryDict) -> Asked:
    """Read a table from an address or a form; what is not there is as in a new one. Incomplete (400) names each fault."""
    errors: dict[str, list[str]] = {}
    usual = Asked()
    rows = _one_of(data, "rows", DIMENSIONS, usual.rows, "没有这一行的项目，请从“行”里选一项。", errors)
    columns = _one_of(data, "columns", DIMENSIONS, "", "没有这一列的项目，请从“列”里选一项。", errors)
    if columns and columns == rows:
        errors["columns"] = ["行和列不能是同一项，请换一项。"]
    measures = tuple(dict.fromkeys(name for name in data.getlist("measure") if name)) or usual.measures
    if any(name not in MEASURES for name in measures):
        errors["measure"] = ["没有这个数字，请从“统计什么”里选。"]
    elif columns and len(measures) > 1:
        errors["measure"] = ["有列的时候一次统计一个数字；要几个数字并排，请把“列”改为“不分列”。"]
    elif len(measures) > MOST_MEASURES:
        errors["measure"] = [f"一张表最多并排 {MOST_MEASURES} 个数字。"]
    period = _one_of(data, "period", PERIODS, usual.period, "没有这个时间，请从“时间”里选。", errors)
    first, last = _day(data, "from", period, errors), _day(data, "to", period, errors)
    if first and last and first > last:
        errors["from"] = ["起始日期晚于截止日期。"]
    area = data.get("area", "").strip()
    if area and not AREA.fullmatch(area):
        errors["area"] = ["没有这个区域，请从“区域”里选。"]
    filters = _filters(data, errors)
    sort = data.get("sort", "")
    if sort not in SORTS and not SORTED_BY.fullmatch(sort):
        sort = ""
    if errors:
        raise Incomplete(errors)
    return Asked(rows, columns, measures, period, first, last, area, filters, sort, data.get("zeros") == "show")


def read_text(text: str) -> Asked:
    """Read a table that was kept as text."""
    return read(QueryDict(text.lstrip("?")[:LONGEST_QUERY]))


def _one_of(
    data: QueryDict, name: str, known: Iterable[str], usual: str, told: str, errors: dict[str, list[str]]
) -> str:
    asked = data.get(name, "")
    if asked and asked not in known:
        errors[name] = [told]
    return asked or usual


def _day(data: QueryDict, name: str, period: str, errors: dict[str, list[str]]) -> date | None:
    text = data.get(name, "").strip()
    if not text or period != "custom":
        return None
    try:
        found = parse_date(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        found = None
    if found is None or not FIRST <= found <= LAST:
        errors[name] = ["请按“2026-11-21”的样子填写日期。"]
    return found


def _filters(data: QueryDict, errors: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, allowed in FILTERS.items():
        values: Sequence[str] = list(dict.fromkeys(value.strip() for value in data.getlist(name) if value.strip()))
        wrong = [value for value in values if (value not in allowed if allowed else not CODE.fullmatch(value))]
        if wrong or (not allowed and len(values) > 1):
            errors[name] = [f"“{LABELS[name]}”的条件看不懂，请重新选。"]
        elif values:
            found[name] = tuple(values)
    return found
