"""`stats/`: the board's figures over what the caller may see, exact at the moment of the call (design/api.md)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.choices import Channel, Level
from cases.serializers.stats import (
    ROW,
    CategoryRowSerializer,
    ChannelRowSerializer,
    DurationsSerializer,
    LevelRowSerializer,
    OverviewSerializer,
    PlaceRowSerializer,
    StockSerializer,
    TrendRowSerializer,
    UnitRowSerializer,
)
from cases.statistics import counting, durations, stock, tables
from cases.statistics.figures import RATES
from cases.statistics.tables import Row
from cases.statistics.windows import DAY, Window, steps_of
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import SHANGHAI

NOT_A_DAY = "请按“2026-11-21”的样子填写日期。"
FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)
#: A trend over years has this many days at most; nobody reads more, and each step is a row.
LONGEST = 3700
WINDOW = [
    OpenApiParameter("area", str, description="区划或网格代码；不填为本人最大的辖区"),
    OpenApiParameter("from", OpenApiTypes.DATE, description="起（含），按登记时间；按期办结率按期限"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="止（含）"),
]


def day_of(text: str, name: str) -> date | None:
    """Return the day that a parameter names, None when it is empty; Incomplete (400) when it is none."""
    if not text:
        return None
    try:
        found = parse_date(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        found = None
    if found is None or not FIRST <= found <= LAST:
        raise Incomplete({name: [NOT_A_DAY]})
    return found


def window_of(first: str, last: str) -> Window:
    """Return the window between two days as they were sent."""
    window = Window(day_of(first, "from"), day_of(last, "to"))
    if window.first and window.last and window.first > window.last:
        raise Incomplete({"from": ["起始日期晚于截止日期。"]})
    return window


class StatsCall(CaseCall):
    """What every call of `stats/` shares: whose cases, of which area, in which days."""

    def asked(self, request: Request) -> tuple[Any, str, Window]:
        """Return the cases, the area and the window; 403 and 404 come before 400."""
        area = counting.area_for(self.actor, request.query_params.get("area", ""))
        window = window_of(request.query_params.get("from", ""), request.query_params.get("to", ""))
        return counting.cases_of(self.actor, area, self.now), area, window


def _row(row: Row, **more: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        **more,
        **{name: row.counts[name] for name in ROW},
        **_rates(row.counts),
    }


def _rates(counts: counting.Counts) -> dict[str, Any]:
    return {
        name: {**rate, "value": None if rate["value"] is None else float(rate["value"])}
        for name, rate in counting.rates(counts).items()
    }


def _published(answer: Any, name: str, summary: str, description: str, many: bool = True) -> Any:
    return extend_schema(
        operation_id=f"stats_{name}",
        summary=summary,
        description=description,
        parameters=WINDOW,
        responses={200: answer(many=True) if many else answer, **refusals(400, 401, 403, 404)},
        tags=["stats"],
    )


class OverviewView(StatsCall):
    """`GET stats/overview/`."""

    @_published(
        OverviewSerializer,
        "overview",
        "总览",
        "受理 = 办结 + 终结 + 在办。按登记时间统计，今日各数不受起止日期限制；分母为 0 时比率为空。",
        many=False,
    )
    def get(self, request: Request) -> Response:
        """Answer the figures and rates; two statements beyond the log-in."""
        cases, _area, window = self.asked(request)
        counts = counting.overview(cases, window, self.now)
        return Response({**{name: counts[name] for name in counting.TOLD}, **_rates(counts)})


class TrendView(StatsCall):
    """`GET stats/trend/`."""

    @_published(TrendRowSerializer, "trend", "趋势", "登记、受理、办结各按其发生的日子；不填起止日期为最近 30 天。")
    def get(self, request: Request) -> Response:
        """Answer a row a day, week or month, by the length of the window."""
        cases, _area, window = self.asked(request)
        today = self.now.astimezone(SHANGHAI).date()
        last = window.last or max(today, window.first or today)
        window = Window(window.first or last - 29 * DAY, last)
        if (last - (window.first or last)).days > LONGEST:
            raise Incomplete({"from": ["趋势最多看十年，请缩短起止日期。"]})
        return Response(counting.trend(cases, window, steps_of(window, today)))


class ByCategoryView(StatsCall):
    """`GET stats/by-category/`."""

    @_published(CategoryRowSerializer, "by_category", "按类别", "事项现在所归的类别；parent 为上一级。")
    def get(self, request: Request) -> Response:
        """Answer a row a category, the largest first."""
        cases, _area, window = self.asked(request)
        return Response([_row(row, parent=row.parent) for row in tables.categories(cases, window, self.now)])


class ByAreaView(StatsCall):
    """`GET stats/by-area/`."""

    @_published(PlaceRowSerializer, "by_area", "按区域", "下一级区域，社区之下为网格；未落到下一级的列在本级代码下。")
    def get(self, request: Request) -> Response:
        """Answer a row an area, the largest first."""
        cases, area, window = self.asked(request)
        return Response([_row(row) for row in tables.areas(cases, area, window, self.now)])


class ByUnitView(StatsCall):
    """`GET stats/by-unit/`."""

    @_published(
        UnitRowSerializer,
        "by_unit",
        "按主办单位",
        "事项现在的主办单位；尚未分流的代码为空。按期办结率和满意率为剔除后的，剔除了几件见 left_out。",
    )
    def get(self, request: Request) -> Response:
        """Answer a row a unit, the largest first."""
        cases, _area, window = self.asked(request)
        return Response([_row(row, left_out=_left_out(row)) for row in tables.ranked_units(cases, window, self.now)])


def _left_out(row: Row) -> dict[str, int]:
    return {rate: row.left_out.get(RATES[rate].denominator, 0) for rate in ("on_time_rate", "satisfaction_rate")}


class ByChannelView(StatsCall):
    """`GET stats/by-channel/`."""

    @_published(ChannelRowSerializer, "by_channel", "按来源渠道", "事项登记时的来源渠道；没有事项的渠道不列。")
    def get(self, request: Request) -> Response:
        """Answer a row a channel, the largest first."""
        cases, _area, window = self.asked(request)
        rows = _keyed(counting.by(cases, "channel", window, self.now), dict(Channel.choices))
        return Response([_row(row) for row in sorted(rows, key=lambda row: (-row.counts["registered"], row.code))])


class ByLevelView(StatsCall):
    """`GET stats/by-level/`."""

    @_published(LevelRowSerializer, "by_level", "按等级", "事项现在的等级，由轻到重；尚未定级的代码为空，列在最后。")
    def get(self, request: Request) -> Response:
        """Answer a row a level, the slightest first."""
        cases, _area, window = self.asked(request)
        rows = _keyed(counting.by(cases, "level", window, self.now), {**dict(Level.choices), "": "尚未定级"})
        order = [*Level.values, ""]
        return Response([_row(row) for row in sorted(rows, key=lambda row: order.index(row.code))])


def _keyed(counted: dict[Any, counting.Counts], labels: dict[str, str]) -> list[Row]:
    return [Row(code, str(labels[code]), counts) for code, counts in counted.items() if counts["registered"]]


class DurationsView(StatsCall):
    """`GET stats/durations/`."""

    @_published(DurationsSerializer, "durations", "办理时长", f"按办结时间统计。{durations.SAYS}单位为秒。", many=False)
    def get(self, request: Request) -> Response:
        """Answer mean, median and P90 in seconds; null where nothing was closed."""
        cases, _area, window = self.asked(request)
        found = durations.overall(cases.rows, window)
        lengths = {"mean": found.mean, "median": found.median, "p90": found.p90}
        told = {name: None if length is None else round(length.total_seconds()) for name, length in lengths.items()}
        return Response({"count": found.count, **told})


class StockView(StatsCall):
    """`GET stats/stock/`."""

    @_published(StockSerializer, "stock", "存量、新增、化解", stock.SAYS, many=False)
    def get(self, request: Request) -> Response:
        """Answer the five figures of the waterfall; one statement."""
        cases, _area, window = self.asked(request)
        return Response(stock.counted(cases, window, self.now))
