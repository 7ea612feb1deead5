"""Six tables to begin with: a name, what it is for, and its question."""

from __future__ import annotations

from dataclasses import dataclass

from cases.tabling.asking import Asked


@dataclass(frozen=True)
class Ready:
    """One of them."""

    name: str
    about: str
    asked: Asked


READY: tuple[Ready, ...] = (
    Ready("类别 × 街道", "什么事、在哪里多", Asked("main_category", "street", ("registered",), "month")),
    Ready("来源 × 月份", "从哪条线来、逐月怎样", Asked("channel", "registered_month", ("registered",), "year")),
    Ready(
        "单位的按期办结率",
        "各主办单位应办结、按期办结",
        Asked("unit", "", ("on_time_rate", "closed_in", "open", "overdue"), "month"),
    ),
    Ready("等级 × 状态", "重大、紧急的事项办到哪一步", Asked("level", "status", ("accepted",), "year")),
    Ready(
        "街道的办结率",
        "受理、办结、在办和办结率",
        Asked("street", "", ("accepted", "closed", "open", "closure_rate"), "month"),
    ),
    Ready(
        "纠纷类别的化解率",
        "哪类纠纷化解得了",
        Asked("main_category", "", ("disputes", "resolved", "resolution_rate"), "year", filters={"kind": ("dispute",)}),
    ),
)
