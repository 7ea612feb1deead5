"""The columns of the work list: what may be shown, what is shown without a choice, what each says in an export.

Screen and export read the same row (`cases.worklist.rows`): an export holds every column and every date that the
screen shows (design/behaviours.md 27).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance_portal.lib.sheets import Cell


@dataclass(frozen=True)
class Column:
    """One column. sorts: codes of `paging.SORTS`, upward and downward; sheet: `(heading, key of the row)` per cell."""

    code: str
    label: str
    sheet: tuple[tuple[str, str], ...]
    sorts: tuple[str, str] | tuple[()] = ()
    fixed: bool = False


ALL: tuple[Column, ...] = (
    Column("number", "编号", (("受理编号", "number"),), ("newest", "oldest"), fixed=True),
    Column("matter", "事项", (("事项", "title"), ("类别", "category")), fixed=True),
    Column("reporter", "来访人", (("来访人", "reporter"),)),
    Column("place", "属地 / 网格", (("属地", "place"), ("网格", "grid")), ("area", "area_last")),
    Column("who", "承办", (("承办人", "handler"), ("主办单位", "unit")), ("unit", "unit_last")),
    Column(
        "state",
        "状态",
        (("状态", "status_label"), ("因何退回", "back_label"), ("督办中", "orders_label")),
        ("status", "status_last"),
    ),
    Column(
        "due", "时限", (("时限", "due_told"), ("时限至", "due_full"), ("对方时限", "theirs_full")), ("due", "due_last")
    ),
    Column("step", "当前步骤", (("当前步骤", "step_told"), ("当前步骤至", "step_full")), ("step", "step_last")),
    Column("first", "首接", (("首接单位", "first_unit"),)),
    Column("level", "等级", (("等级", "level_label"),), ("level", "level_last")),
    Column("channel", "来源", (("来源", "channel_label"),)),
    Column("source", "来源系统", (("来源系统", "source"), ("对方编号", "source_number"))),
    Column("registered", "登记时间", (("登记时间", "registered_full"),), ("newest", "oldest")),
    Column("resolved", "办结上报", (("办结上报时间", "resolved_full"),)),
    Column("closed", "办结时间", (("办结时间", "closed_full"), ("化解结果", "outcome_label"))),
    Column("visitors", "人数", (("来访人数", "visitors"),)),
)
BY_CODE: Mapping[str, Column] = {column.code: column for column in ALL}
USUAL = ("number", "matter", "place", "who", "state", "due")
MOST = 9


def chosen(codes: Iterable[str]) -> list[Column]:
    """Return the columns of these codes in the table's own order; number and matter are always there."""
    wanted = set(codes) & set(BY_CODE) or set(USUAL)
    return [column for column in ALL if column.fixed or column.code in wanted]


def headings(columns: Iterable[Column]) -> list[str]:
    """Return the headings of an export with these columns."""
    return [heading for column in columns for heading, _key in column.sheet]


def cells(columns: Iterable[Column], row: Mapping[str, Cell]) -> list[Cell]:
    """Return one line of an export."""
    return [row[key] for column in columns for _heading, key in column.sheet]
