"""Dates, waits and sizes as people say them (look.md "Words"). Pure: `now` is passed in; days are those of Shanghai."""

from datetime import date, datetime, timedelta

from governance_portal.lib.working_days import SHANGHAI

WEEKDAYS = "一二三四五六日"
NEAR_DAYS = {-1: "昨天", 0: "今天", 1: "明天"}


def moment_words(moment: datetime, now: datetime) -> str:
    """Return 「今天 16:30」「昨天 09:05」「11月18日 14:00」「2025年11月18日 14:00」. Both aware, else ``ValueError``."""
    local = _local(moment)
    return f"{_day_words(local, _local(now))} {local:%H:%M}"


def day_words(moment: datetime, now: datetime) -> str:
    """Return the day only: 「今天」「昨天」「11月18日」, with the year when it is another one."""
    return _day_words(_local(moment), _local(now))


def date_words(day: date | str) -> str:
    """Return a date that names no hour: 「2026年11月22日」; also of an ISO date, as the history keeps it (``ValueError``)."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{known.year}年{known.month}月{known.day}日"


def deadline_words(moment: datetime, now: datetime) -> str:
    """Return a time limit's end. A limit of days ends at 24:00: midnight belongs to the day before and names no hour."""
    local = _local(moment)
    if (local.hour, local.minute) == (0, 0):
        return _day_words(local - timedelta(minutes=1), _local(now))
    return moment_words(moment, now)


def full_words(moment: datetime) -> str:
    """Return what is shown on hover and in print: 「2026年11月21日 星期六 16:30」."""
    local = _local(moment)
    return f"{local.year}年{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def until_words(moment: datetime) -> str:
    """Return the full end of a limit: 「2026年12月9日 星期三 24:00」; a midnight belongs to the day that it ends."""
    local = _local(moment)
    if (local.hour, local.minute) != (0, 0):
        return full_words(moment)
    return f"{full_words(local - timedelta(minutes=1)).rsplit(' ', 1)[0]} 24:00"


def wait_words(wait: timedelta) -> str:
    """Return how long something took: 「不到 1 分钟」「35 分钟」「2 小时」「3 天」; rounded down, a negative wait counts as none."""
    minutes = max(int(wait.total_seconds()) // 60, 0)
    if minutes < 1:
        return "不到 1 分钟"
    if minutes < 60:
        return f"{minutes} 分钟"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时"
    return f"{minutes // (24 * 60)} 天"


def size_words(size: int) -> str:
    """Return a file's size in bytes as 「318 KB」 or 「2.4 MB」."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def _day_words(local: datetime, today: datetime) -> str:
    near = NEAR_DAYS.get((local.date() - today.date()).days)
    if near:
        return near
    day = f"{local.month}月{local.day}日"
    return day if local.year == today.year else f"{local.year}年{day}"


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("moment must be aware")
    try:
        return moment.astimezone(SHANGHAI)
    except OverflowError:  # the last hours of the year 9999, the first of the year 1
        return moment.replace(tzinfo=SHANGHAI)
