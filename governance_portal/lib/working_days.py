"""Limits and due dates: pure calculations over the published working-day calendar (facts §2.1-2.2).

Counting follows 民法典 §§201, 203 and 民事诉讼法 §85: the starting day is not counted, a limit in days ends at 24:00
of its last day, and a last day on a holiday moves to the next working day. Working days follow the yearly notice of
国务院办公厅 with its 调休; beyond the published year the statutory days are assumed and the result is 暂定.

Every datetime is aware; naive ones are refused with ValueError. Day boundaries are those of Asia/Shanghai.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING_HOURS = ((9, 0, 12, 0), (13, 30, 17, 30))
"""Office hours of a working day, as (from hour, from minute, to hour, to minute)."""

_WINDOWS = tuple((time(h1, m1), time(h2, m2)) for h1, m1, h2, m2 in WORKING_HOURS)
WORKING_DAY_LENGTH = sum(
    (timedelta(hours=h2 - h1, minutes=m2 - m1) for h1, m1, h2, m2 in WORKING_HOURS), start=timedelta()
)
"""One working day in working time (7 hours)."""

_DAY = timedelta(days=1)
_WARN_SHARE = 0.2
_WARN_AT_LEAST = timedelta(hours=4)
_WARN_AT_MOST = 2 * WORKING_DAY_LENGTH
_LONGEST_LIMIT = 36_500

Pause = tuple[datetime, datetime]


def day_of(moment: datetime) -> date:
    """Return the calendar day in Asia/Shanghai that an aware moment belongs to."""
    return moment.astimezone(SHANGHAI).date()


class LimitUnit(StrEnum):
    """How a limit is counted."""

    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time allowed by a rule: ``Limit(5, LimitUnit.WORKING_DAY)``. Zero days means "the same day"."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= _LONGEST_LIMIT:
            raise ValueError(f"a limit is 0 to {_LONGEST_LIMIT}, not {self.amount}")

    def half(self, minimum: int = 3) -> "Limit":
        """Half the limit, rounded up, and never less than ``minimum`` working days (rounds after ``redo``, ``reopen``).

        Units are not comparable without a date, so a half that could be shorter than the minimum in a week without
        holidays becomes the minimum itself, in working days.
        """
        half = Limit(-(-self.amount // 2), self.unit)
        return half if half._holds_working_days(minimum) else Limit(minimum, LimitUnit.WORKING_DAY)

    def _holds_working_days(self, count: int) -> bool:
        if self.unit is LimitUnit.WORKING_DAY:
            return self.amount >= count
        if self.unit is LimitUnit.WORKING_HOUR:
            return timedelta(hours=self.amount) >= count * WORKING_DAY_LENGTH
        if self.unit is LimitUnit.MINUTE:
            days = self.amount // (24 * 60)
        else:
            days = self.amount if self.unit is LimitUnit.NATURAL_DAY else self.amount // 24
        whole_weeks, rest = divmod(count, 5)
        # Any n + 2 running days hold n working days, n at most 5; each further five need a week.
        return days >= whole_weeks * 7 + (rest + 2 if rest else 0)


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends. ``nominal`` is the end before an end on a holiday moved on; ``tentative`` is 暂定."""

    nominal: datetime
    due: datetime
    tentative: bool


class Calendar:
    """Which days are worked: a table of published days, and the statutory holidays beyond it.

    ``days`` maps a date to True (worked) or False (off); ``published_through`` is the last date the yearly notice
    covers, None when there is none at all (then everything is tentative).
    """

    __slots__ = ("_flags", "_last_published", "published_through")

    def __init__(self, days: Mapping[date, bool], published_through: date | None) -> None:
        self.published_through = published_through
        self._last_published = published_through.toordinal() if published_through else 0
        self._flags = {day.toordinal(): worked for day, worked in days.items()}

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked. Never raises: off the table it is Monday to Friday less statutory holidays."""
        return self._is_workday(day.toordinal())

    def is_tentative(self, day: date) -> bool:
        """Whether the day lies beyond the published notice, so that 调休 may still change it."""
        return day.toordinal() > self._last_published

    def _is_workday(self, ordinal: int) -> bool:
        flag = self._flags.get(ordinal)
        if flag is None:
            flag = self._flags[ordinal] = _is_statutory_workday(ordinal)
        return flag


def due(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """When ``limit`` from ``start`` ends, leaving out ``pauses`` (from, to), which may overlap and come in any order.

    Days: the starting day is excluded and the end is the midnight after the last day; a day that ends inside a pause
    is not counted; natural days ending on a non-working day move to the next working day. Hours: pauses are added.
    A pause that begins after the limit has run out changes nothing: it never clears lateness already reached.
    """
    local = _local(start)
    spans = _merged(pauses)
    if limit.unit in (LimitUnit.HOUR, LimitUnit.MINUTE):
        end = _after_hours(local, _running_time(limit), spans)
        return Due(end, end, tentative=False)
    if limit.unit is LimitUnit.WORKING_HOUR:
        end = _after_working_time(local, timedelta(hours=limit.amount), calendar, spans)
        return Due(end, end, calendar.is_tentative(end.date()))
    paused_days = [(p1.toordinal(), p2.toordinal()) for p1, p2 in spans]
    first = local.toordinal() + (1 if limit.amount else 0)
    nominal_day = _nth_day(first, max(limit.amount, 1), paused_days, calendar, limit.unit)
    due_day = _nth_day(nominal_day, 1, paused_days, calendar, LimitUnit.WORKING_DAY)
    return Due(_end_of(nominal_day), _end_of(due_day), due_day > calendar._last_published)


def warn_at(start: datetime, due: Due, limit: Limit, calendar: Calendar) -> datetime:
    """When 即将超时 begins: remaining ≤ 20 % of the limit, at least 4 working hours, at most 2 working days.

    The share of a limit in natural days is measured back from its nominal end, so that a roll-forward over a holiday
    does not swallow the warning (facts §2.1). Never before ``start``.
    """
    local = _local(start)
    if limit.unit in (LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR):
        unit = WORKING_DAY_LENGTH if limit.unit is LimitUnit.WORKING_DAY else timedelta(hours=1)
        # No further back than two working days: the walk would be long and its end not used.
        length = min(limit.amount * _WARN_SHARE * unit, _WARN_AT_MOST)
        share = _before_working_time(due.due, length, calendar, local)
    elif limit.unit is LimitUnit.NATURAL_DAY:
        share = due.nominal - timedelta(days=limit.amount) * _WARN_SHARE
    else:
        share = due.due - _running_time(limit) * _WARN_SHARE
    latest = _before_working_time(due.due, _WARN_AT_LEAST, calendar, local)
    earliest = _before_working_time(due.due, _WARN_AT_MOST, calendar, local)
    return _local(max(local, earliest, min(share, latest)))


def remaining_words(now: datetime, due_at: datetime, calendar: Calendar, tentative: bool = False) -> str:
    """In words: 「还剩 3 个工作日」「今天 16:30 前」「已超时 2 个工作日」; a tentative one adds （暂定）."""
    here, end = _local(now), _local(due_at)
    words = _overdue_words(here, end, calendar) if here > end else _left_words(here, end, calendar)
    return f"{words}（暂定）" if tentative else words


def passed_words(begins: datetime, ends: datetime, calendar: Calendar) -> str:
    """How long something took: 「35 分钟」「5 小时」「3 个工作日」; a day or more over a holiday alone is 「2 天」."""
    first, last = _local(begins), _local(ends)
    minutes = max((last - first) // timedelta(minutes=1), 0)
    if minutes < 60:
        return f"{minutes} 分钟" if minutes else "不到 1 分钟"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时"
    days = _working_days_between(first.date(), last.date(), calendar)
    return f"{days} 个工作日" if days else f"{minutes // (24 * 60)} 天"


def published_days(years: Iterable[int]) -> dict[date, bool]:
    """Each day of the given years as chinesecalendar has it, True for worked; years it does not have are left out."""
    days: dict[date, bool] = {}
    for year in sorted(set(years)):
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            continue
        first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        days |= {day: chinese_calendar.is_workday(day) for day in map(date.fromordinal, range(first, after))}
    return days


#: What chinesecalendar calls a holiday, as the notices do.
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def holiday_name(day: date) -> str:
    """Why a published day is off or worked: 「春节」「春节调休」; "" for an ordinary day and for a year not published."""
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    known = _NAMES.get(str(name), str(name)) if name else ""
    return known if off or not known else f"{known}调休"


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _nth_day(first: int, count: int, paused: Sequence[tuple[int, int]], calendar: Calendar, unit: LimitUnit) -> int:
    """The ordinal of the ``count``-th counted day from ``first`` on. Paused (from, to): from ≤ day < to is left out."""
    natural = unit is LimitUnit.NATURAL_DAY
    if natural and not paused:
        return first + count - 1
    flags, is_workday = calendar._flags, calendar._is_workday
    day = first
    while True:
        for p1, p2 in paused:
            if p1 <= day < p2:
                day = p2
        # The flag is looked up here first: a call per day would be half the cost of due().
        if natural or flags.get(day) or is_workday(day):
            count -= 1
            if not count:
                return day
        day += 1


@lru_cache(maxsize=64)
def _statutory_holidays(year: int) -> frozenset[int]:
    """Ordinals of the year's public holidays with their days in lieu; empty for years the package does not know."""
    return frozenset(day.toordinal() for day in holidays.country_holidays("CN", years=[year]) if day.year == year)


def _is_statutory_workday(ordinal: int) -> bool:
    day = date.fromordinal(ordinal)
    return day.weekday() < 5 and ordinal not in _statutory_holidays(day.year)


def _end_of(ordinal: int) -> datetime:
    """24:00 of the day."""
    return datetime.combine(date.fromordinal(ordinal + 1), time(), SHANGHAI)


# ── hours ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _running_time(limit: Limit) -> timedelta:
    """The length of a limit that runs by the clock, day and night."""
    return timedelta(minutes=limit.amount) if limit.unit is LimitUnit.MINUTE else timedelta(hours=limit.amount)


def _after_hours(start: datetime, length: timedelta, spans: Sequence[Pause]) -> datetime:
    at = start
    for p1, p2 in spans:
        running = max(p1 - at, timedelta())
        if length <= running:
            break
        length -= running
        at = max(at, p2)
    return at + length


def _after_working_time(start: datetime, length: timedelta, calendar: Calendar, spans: Sequence[Pause]) -> datetime:
    if not length:
        return start
    ordinal = start.toordinal()
    while True:
        for opens, closes in _windows_of(ordinal, calendar):
            for begins, ends in _without(max(opens, start), closes, spans):
                if length <= ends - begins:
                    return begins + length
                length -= ends - begins
        ordinal += 1


def _before_working_time(end: datetime, length: timedelta, calendar: Calendar, floor: datetime) -> datetime:
    """The earliest moment from which at most ``length`` of working time is left until ``end``; not before ``floor``."""
    end = _local(end)
    ordinal = end.toordinal()
    while ordinal >= floor.toordinal():
        for opens, closes in reversed(_windows_of(ordinal, calendar)):
            worked = min(closes, end) - opens
            if worked > length:
                return max(min(closes, end) - length, floor)
            length -= max(worked, timedelta())
        ordinal -= 1
    return floor


def _windows_of(ordinal: int, calendar: Calendar) -> list[Pause]:
    if not calendar._is_workday(ordinal):
        return []
    day = date.fromordinal(ordinal)
    return [
        (datetime.combine(day, opens, SHANGHAI), datetime.combine(day, closes, SHANGHAI)) for opens, closes in _WINDOWS
    ]


def _without(begins: datetime, ends: datetime, spans: Sequence[Pause]) -> list[Pause]:
    """The pieces of begins…ends outside the (merged) pauses."""
    pieces: list[Pause] = []
    for p1, p2 in spans:
        if begins < min(p1, ends):
            pieces.append((begins, min(p1, ends)))
        begins = max(begins, p2)
    if begins < ends:
        pieces.append((begins, ends))
    return pieces


# ── both ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI)


def _merged(pauses: Sequence[Pause]) -> list[Pause]:
    """Pauses in local time, sorted, overlapping ones joined; empty or reversed ones say nothing and are dropped."""
    merged: list[Pause] = []
    for p1, p2 in sorted((_local(p1), _local(p2)) for p1, p2 in pauses):
        if p2 <= p1:
            continue
        if merged and p1 <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], p2))
        else:
            merged.append((p1, p2))
    return merged


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _last_day(end: datetime) -> date:
    """The day a deadline belongs to: 24:00 belongs to the day it ends."""
    return (end - timedelta(microseconds=1)).date()


def _working_days_between(after: date, through: date, calendar: Calendar) -> int:
    return sum(calendar._is_workday(day) for day in range(after.toordinal() + 1, through.toordinal() + 1))


def _left_words(now: datetime, end: datetime, calendar: Calendar) -> str:
    last = _last_day(end)
    clock = "24:00" if last != end.date() else f"{end:%H:%M}"
    if last <= now.date():
        return f"今天 {clock} 前"
    if clock != "24:00" and last - now.date() == _DAY:
        return f"明天 {clock} 前"
    left = _working_days_between(now.date(), last, calendar)
    return f"还剩 {left} 个工作日" if left else f"{last.month} 月 {last.day} 日 {clock} 前"


def _overdue_words(now: datetime, end: datetime, calendar: Calendar) -> str:
    late = _working_days_between(_last_day(end), now.date(), calendar)
    if late:
        return f"已超时 {late} 个工作日"
    minutes = max(1, (now - end) // timedelta(minutes=1))
    if minutes < 60:
        return f"已超时 {minutes} 分钟"
    hours = minutes // 60
    return f"已超时 {hours} 小时" if hours < 24 else f"已超时 {hours // 24} 天"
