"""`GET stats/table/`: any table of the builder, counted at the moment of the call over what the caller may see."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.door import CaseCall, refusals
from cases.statistics.counting import area_for
from cases.tabling import counting, drawing
from cases.tabling.asking import FILTERS, LABELS, MOST_MEASURES, SORTS, read
from cases.tabling.counting import PAGE_CELLS
from cases.tabling.dimensions import DIMENSIONS
from cases.tabling.measures import MEASURES
from cases.tabling.shapes import TableSerializer
from cases.tabling.steps import PERIODS


def _choice(name: str, words: str, known: Any, many: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=words, enum=list(known), many=many)


PARAMETERS = [
    _choice("rows", "行：按什么分；不填为 main_category", DIMENSIONS),
    _choice("columns", "列：按什么分；不填为不分列", DIMENSIONS),
    _choice("measure", f"统计什么；不分列时可重复，最多 {MOST_MEASURES} 个；不填为 registered", MEASURES, many=True),
    _choice("period", "时间；不填为 month，custom 用 from、to", PERIODS),
    OpenApiParameter("from", OpenApiTypes.DATE, description="起（含），period=custom 时"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="止（含），period=custom 时"),
    OpenApiParameter("area", str, description="区划或网格代码；不填为本人最大的辖区"),
    *(
        _choice(name, f"只统计这些：{LABELS[name]}", allowed, many=True)
        if allowed
        else OpenApiParameter(name, str, description=f"只统计这些：{LABELS[name]}代码；none 为没有的")
        for name, allowed in FILTERS.items()
    ),
    OpenApiParameter(
        "sort", str, description=f"{'、'.join(sort or '空' for sort in SORTS)}，或 by:列的 key（从多到少）"
    ),
    _choice("zeros", "没有事项的行、列也列出", ["show"]),
]


class TableView(CaseCall):
    """`GET stats/table/`."""

    @extend_schema(
        operation_id="stats_table",
        summary="自定义统计表",
        description=(
            "行 × 列 × 数字 × 条件，按调用人能看到的事项当场统计。合计按事项重新数，比率的合计按分子、分母重算；"
            "时长以秒计，分母为有时长的件数，合计按全部事项重新排；"
            f"每格的 query 打开正好这些事项。行 × 列最多 {PAGE_CELLS} 格，更大的在页面上导出为文件。"
        ),
        parameters=PARAMETERS,
        responses={200: TableSerializer, **refusals(400, 401, 403, 404)},
        tags=["stats"],
    )
    def get(self, request: Request) -> Response:
        """Answer the table; 403 and 404 come before 400."""
        area_for(self.actor, request.query_params.get("area", ""))
        frame = counting.frame_of(read(request.query_params), self.actor, self.now)
        counted = counting.count(frame)
        table = drawing.drawn(counted, "", "")
        totals = {"key": "", "name": table["total_label"], **table["foot"]}
        return Response(
            {
                "name": table["name"],
                "area": frame.area,
                "from": frame.window.first,
                "to": frame.window.last,
                "columns": [{"key": head["key"], "name": head["label"]} for head in table["heads"]],
                "rows": [_row(row) for row in table["rows"]],
                "totals": _row(totals),
            }
        )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    total = _cell(row["total"]) if row["total"] else None
    return {"key": row["key"], "name": row["name"], "cells": [_cell(cell) for cell in row["cells"]], "total": total}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    opens = cell["parts"][0]["url"] if cell["parts"] else cell["url"]
    told: dict[str, Any] = {"value": cell["number"], "numerator": None, "denominator": None}
    if "seconds" in cell:
        told |= {"value": cell["seconds"], "denominator": cell["counts"][0]}
    elif len(cell["counts"]) == 2:
        told |= {"numerator": cell["counts"][0], "denominator": cell["counts"][1]}
    return {**told, "query": opens.partition("?")[2]}
