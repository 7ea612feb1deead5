"""Days, weeks, months, quarters and years of Asia/Shanghai, and the periods a table is asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cases.statistics.windows import DAY, LABELS, Window, period_of

STEPS: Mapping[str, str] = {"day": "日期", "week": "周", "month": "月份", "quarter": "季度", "year": "年份"}
#: What a table may look at, beside the periods of the board: whole ones that are over, and everything.
OVER: Mapping[str, str] = {
    "last_week": "上周",
    "last_month": "上月",
    "last_quarter": "上季",
    "last_year": "去年",
    "twelve_months": "近 12 个月",
    "ever": "全部时间",
}
PERIODS: Mapping[str, str] = {
    **{code: label for code, label in LABELS.items() if code != "custom"},
    **OVER,
    "custom": "自定日期",
}
#: So many steps of a time at most stand in a table as zeros.
MOST_STEPS = 400


def first_of(day: date, step: str) -> date:
    """The first day of the step a day lies in."""
    if step == "week":
        return day - day.weekday() * DAY
    if step == "month":
        return day.replace(day=1)
    if step == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def next_of(start: date, step: str) -> date:
    """The first day of the step after; `start` is a first day."""
    if step in ("day", "week"):
        return start + (DAY if step == "day" else 7 * DAY)
    months = {"month": 1, "quarter": 3, "year": 12}[step]
    place = start.year * 12 + start.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def last_of(start: date, step: str) -> date:
    """The last day of a step."""
    return next_of(start, step) - DAY


def name_of_step(start: date, step: str) -> str:
    """What people call a step: 2026年11月2日—8日, 2026年第4季度."""
    if step == "year":
        return f"{start.year}年"
    if step == "quarter":
        return f"{start.year}年第{(start.month + 2) // 3}季度"
    if step == "month":
        return f"{start.year}年{start.month}月"
    told = f"{start.year}年{start.month}月{start.day}日"
    if step == "day":
        return told
    end = last_of(start, step)
    return f"{told}—{'' if end.month == start.month else f'{end.month}月'}{end.day}日"


def starts_in(window: Window, step: str) -> list[date]:
    """The first days of the steps that touch a window with two ends; none where there are too many to read."""
    if not (window.first and window.last) or (window.last - window.first).days > 40 * MOST_STEPS:
        return []
    found, start = [], first_of(window.first, step)
    while start <= window.last:
        found.append(start)
        start = next_of(start, step)
    return found if len(found) <= MOST_STEPS else []


def window_of(period: str, today: date, first: date | None, last: date | None) -> Window:
    """The days of a period that is asked for by name, or of the given days."""
    if period == "ever":
        return Window()
    if period == "custom":
        return Window(first, last)
    if period == "twelve_months":
        start = first_of(today, "month")
        place = start.year * 12 + start.month - 12
        return Window(date(place // 12, place % 12 + 1, 1), today)
    if period in OVER:
        step = period.removeprefix("last_")
        last = first_of(today, step) - DAY
        return Window(first_of(last, step), last)
    return period_of(period, today).window
