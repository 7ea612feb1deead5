"""When a patrol is due: pure calculations over a rule and the official calendar (facts §2.2, §8 rows 0.10 and 2.3).

A *special* day is one that the yearly notice made unlike its weekday: a holiday (with the weekend it hangs together
with), or a weekend that is worked for it (调休上班). A rule says what becomes of a patrol that falls on one: kept,
left out, or moved to the next day that is not special. Days are plain dates of Asia/Shanghai; nothing here asks the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cases.patrols.choices import PatrolRepeat, SpecialDay
from governance_portal.lib.working_days import Calendar

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As RFC 5545 names them, Monday first."""
WEEKDAY_WORDS = "一二三四五六日"
SATURDAY = 5
#: No run of special days is longer (Spring Festival is nine); a calendar that says otherwise ends the search.
LONGEST_RUN = 40
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence from `first` to `last` (both included; None is open).

    `repeat` is a code of PatrolRepeat; `every` counts days for DAYS; `weekdays` are 0 (Monday) to 6 for WEEK; `month_days`
    1 to 31 for MONTH, a day that a month does not have is its last. `special` is a code of SpecialDay; it is not asked for
    WORKDAYS, which follows the calendar anyway, 调休 included.
    """

    repeat: str
    first: date
    last: date | None = None
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    special: str = SpecialDay.KEEP.value


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One day on which something is due, or would have been: `due`, and why in words ("" for an ordinary day)."""

    day: date
    due: bool
    words: str
    tentative: bool


def is_holiday(day: date, calendar: Calendar) -> bool:
    """Tell whether a day is off for a holiday: not a weekend that would be off anyway.

    A weekend belongs to the holiday it hangs together with: its unbroken run of days off holds a Monday to Friday.
    """
    if calendar.is_workday(day):
        return False
    return day.weekday() < SATURDAY or any(_run_has_weekday(day, way, calendar) for way in (_DAY, -_DAY))


def _run_has_weekday(day: date, way: timedelta, calendar: Calendar) -> bool:
    for _step in range(LONGEST_RUN):
        day += way
        if calendar.is_workday(day):
            return False
        if day.weekday() < SATURDAY:
            return True
    return False


def is_shifted(day: date, calendar: Calendar) -> bool:
    """Tell whether a Saturday or Sunday is worked for a holiday (调休上班)."""
    return day.weekday() >= SATURDAY and calendar.is_workday(day)


def is_special(day: date, calendar: Calendar) -> bool:
    """Tell whether the notice made this day unlike its weekday."""
    return is_shifted(day, calendar) or is_holiday(day, calendar)


def falls_on(rule: Rule, day: date, calendar: Calendar) -> bool:
    """Tell whether the rule names this day, before any rule about special days; within first and last."""
    if day < rule.first or (rule.last is not None and day > rule.last):
        return False
    if rule.repeat == PatrolRepeat.WORKDAYS:
        return calendar.is_workday(day)
    if rule.repeat == PatrolRepeat.DAYS:
        return (day - rule.first).days % max(rule.every, 1) == 0
    if rule.repeat == PatrolRepeat.WEEK:
        return day.weekday() in rule.weekdays
    if rule.repeat == PatrolRepeat.MONTH:
        ends = (day + _DAY).day == 1
        return day.day in rule.month_days or (ends and any(wanted > day.day for wanted in rule.month_days))
    return False


def is_due(rule: Rule, day: date, calendar: Calendar) -> bool:
    """Tell whether a patrol is due on this day, special days considered. Two that are moved to one day are one."""
    if rule.repeat == PatrolRepeat.WORKDAYS or rule.special == SpecialDay.KEEP:
        return falls_on(rule, day, calendar)
    if is_special(day, calendar):
        return False
    return falls_on(rule, day, calendar) or _moved_to(rule, day, calendar) is not None


def _moved_to(rule: Rule, day: date, calendar: Calendar) -> date | None:
    """Return the last special day right before `day` whose patrol moved to it, None without."""
    if rule.special != SpecialDay.MOVE or (rule.last is not None and day > rule.last):
        return None
    before = day - _DAY
    for _step in range(LONGEST_RUN):
        if not is_special(before, calendar):
            return None
        if falls_on(rule, before, calendar):
            return before
        before -= _DAY
    return None


def days(rule: Rule, start: date, end: date, calendar: Calendar) -> list[date]:
    """Return the days from `start` to `end` (both included) on which a patrol is due, in order."""
    return [day for day in _each(start, end) if is_due(rule, day, calendar)]


def _each(start: date, end: date) -> Iterator[date]:
    for ordinal in range(start.toordinal(), end.toordinal() + 1):
        yield date.fromordinal(ordinal)


def foresee(rule: Rule, start: date, end: date, calendar: Calendar) -> list[Foreseen]:
    """Return the days from `start` to `end` on which something is due or left out, each with its reason in words."""
    found = []
    for day in _each(start, end):
        due, named = is_due(rule, day, calendar), falls_on(rule, day, calendar)
        if due or named:
            found.append(Foreseen(day, due, _why(rule, day, due, named, calendar), calendar.is_tentative(day)))
    return found


def _why(rule: Rule, day: date, due: bool, named: bool, calendar: Calendar) -> str:
    if rule.repeat == PatrolRepeat.WORKDAYS:
        return "调休上班，照常排查" if is_shifted(day, calendar) else ""
    if due and not named and (came := _moved_to(rule, day, calendar)):
        return f"由 {came.month}月{came.day}日顺延而来"
    if not is_special(day, calendar):
        return ""
    what = "节假日" if is_holiday(day, calendar) else "调休上班的周末"
    if due:
        return f"{what}，照常排查"
    return f"{what}，顺延" if rule.special == SpecialDay.MOVE else f"{what}，不排查"


def rule_words(rule: Rule) -> str:
    """Return the rule as people say it: 「每周五、周日；遇节假日、调休上班的周末，顺延到之后第一个平常的日子」."""
    if rule.repeat == PatrolRepeat.WORKDAYS:
        return "每个工作日（按公布的放假调休安排）"
    if rule.repeat == PatrolRepeat.ONCE:
        return "截止日前完成一次"
    if rule.repeat == PatrolRepeat.DAYS:
        words = "每天" if rule.every == 1 else f"每 {rule.every} 天一次"
    elif rule.repeat == PatrolRepeat.WEEK:
        words = "每" + "、".join(f"周{WEEKDAY_WORDS[day]}" for day in sorted(rule.weekdays))
    else:
        words = "每月 " + "、".join(f"{day} 日" for day in sorted(rule.month_days))
    return f"{words}；遇节假日、调休上班的周末，{SpecialDay(rule.special).label}"
