"""Due dates by walking day by day (and minute by minute), from the published notices and the law alone.

A second opinion: nothing of the product is imported here. Slow on purpose; every rule is one plain sentence.

* The starting day is not counted; a limit in days ends at 24:00 of its last day (民法典 §§201, 203; 民诉法 §85).
* Natural days: every day counts; an end on a day off moves to the next working day, and both are told.
* Working days: only working days count. Zero days is the day itself, rolled when it is off.
* Working hours: 09:00-12:00 and 13:30-17:30 of working days. Clock hours and minutes: the clock, day and night.
* A day that ends inside a pause is not counted, and no limit ends on it; hours stand still during a pause.
* 暂定: the day on which it ends (rolled) lies past the last published year; clock hours are never 暂定.

`python -m tests.clock.walker` writes vectors.csv anew; the file is read and checked by people, then by the tests.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8))  # China has had no summer time since 1991
VECTORS = Path(__file__).with_name("vectors.csv")
COLUMNS = ("start", "amount", "unit", "nominal", "due", "tentative", "how")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Pause = tuple[datetime, datetime]
Worked = Callable[[date], bool]

#: (first day off, last day off, weekend days worked for it): 国务院办公厅 2024-11-12 and 2025-11-04 (facts §2.2, JQ).
NOTICES: dict[int, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    2025: (
        ("2025-01-01", "2025-01-01", ()),
        ("2025-01-28", "2025-02-04", ("2025-01-26", "2025-02-08")),
        ("2025-04-04", "2025-04-06", ()),
        ("2025-05-01", "2025-05-05", ("2025-04-27",)),
        ("2025-05-31", "2025-06-02", ()),
        ("2025-10-01", "2025-10-08", ("2025-09-28", "2025-10-11")),
    ),
    2026: (
        ("2026-01-01", "2026-01-03", ("2026-01-04",)),
        ("2026-02-15", "2026-02-23", ("2026-02-14", "2026-02-28")),
        ("2026-04-04", "2026-04-06", ()),
        ("2026-05-01", "2026-05-05", ("2026-05-09",)),
        ("2026-06-19", "2026-06-21", ()),
        ("2026-09-25", "2026-09-27", ()),
        ("2026-10-01", "2026-10-07", ("2026-09-20", "2026-10-10")),
    ),
}
#: 2027 is not published. 《全国年节及纪念日放假办法》 (国务院令第795号) gives 13 days; those on a weekend are made up for on
#: the next working days: 除夕 to 初三 are 02-05 to 02-08 (a Saturday and a Sunday in it: 02-09, 02-10), 05-01 and 05-02 a
#: weekend (05-03, 05-04), 10-02 and 10-03 a weekend (10-04, 10-05); 清明 04-05, 端午 06-09, 中秋 09-15 on weekdays.
BY_LAW_2027 = (
    *("2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10"),
    *("2027-04-05", "2027-05-01", "2027-05-02", "2027-05-03", "2027-05-04", "2027-06-09", "2027-09-15"),
    *("2027-10-01", "2027-10-02", "2027-10-03", "2027-10-04", "2027-10-05"),
)
PUBLISHED_THROUGH = date(2026, 12, 31)


def _span(first: str, last: str) -> set[date]:
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    return {begins + DAY * number for number in range((ends - begins).days + 1)}


OFF = {day for rows in NOTICES.values() for first, last, _ in rows for day in _span(first, last)}
MADE_UP = {date.fromisoformat(day) for rows in NOTICES.values() for _, _, worked in rows for day in worked}
LAW = {date.fromisoformat(day) for day in BY_LAW_2027}


def worked(day: date) -> bool:
    """Whether a day is worked: the notice's word, past it the law's, else its weekday."""
    if not date(2025, 1, 1) <= day <= date(2027, 12, 31):
        raise AssertionError(f"the walker knows 2025 to 2027, not {day}")
    if day in OFF or day in LAW:
        return False
    return day in MADE_UP or day.weekday() < 5


def end_of(day: date) -> datetime:
    """24:00 of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + DAY


def walk(
    start: datetime,
    amount: int,
    unit: str,
    works: Worked = worked,
    published: date = PUBLISHED_THROUGH,
    pauses: Sequence[Pause] = (),
) -> tuple[datetime, datetime, bool]:
    """Return (nominal, due, 暂定)."""
    at = start.astimezone(SHANGHAI)
    if unit in ("hour", "minute"):
        left = timedelta(hours=amount) if unit == "hour" else timedelta(minutes=amount)
        end = _by_the_clock(at, left, pauses)
        return end, end, False
    if unit == "working_hour":
        end = _at_work(at, amount * 60, works, pauses)
        return end, end, end.date() > published
    day = at.date()
    counted = 0
    if amount == 0 and not (unit == "natural_day" and not _stands(day, pauses)):
        day -= DAY
        counted = -1
    while counted < amount:
        day += DAY
        if not _stands(day, pauses) and (unit == "natural_day" or works(day)):
            counted += 1
    last = day
    while _stands(last, pauses) or not works(last):
        last += DAY
    return end_of(day), end_of(last), last > published


def _stands(day: date, pauses: Sequence[Pause]) -> bool:
    """Whether the day ends inside a pause."""
    return any(begins.astimezone(SHANGHAI) < end_of(day) <= ends.astimezone(SHANGHAI) for begins, ends in pauses)


def _by_the_clock(at: datetime, left: timedelta, pauses: Sequence[Pause]) -> datetime:
    whole = left // MINUTE
    while whole:
        if not any(begins <= at < ends for begins, ends in pauses):
            whole -= 1
        at += MINUTE
    return at


def _at_work(at: datetime, minutes: int, works: Worked, pauses: Sequence[Pause]) -> datetime:
    while minutes:
        clock = at.hour * 60 + at.minute
        open_ = 9 * 60 <= clock < 12 * 60 or 13 * 60 + 30 <= clock < 17 * 60 + 30
        if works(at.date()) and open_ and not any(begins <= at < ends for begins, ends in pauses):
            minutes -= 1
        at += MINUTE
    return at


# --- the vectors ------------------------------------------------------------------------------------------------

#: facts §2.2, computed there with the library: start, amount, unit, nominal, due.
GOLDEN = (
    ("2026-02-11T10:00", 5, "working_day", "2026-02-25", "2026-02-25"),
    ("2026-02-13T10:00", 5, "working_day", "2026-02-27", "2026-02-27"),
    ("2026-09-24T10:00", 3, "working_day", "2026-09-30", "2026-09-30"),
    ("2026-09-30T10:00", 5, "working_day", "2026-10-13", "2026-10-13"),
    ("2026-04-30T10:00", 15, "working_day", "2026-05-25", "2026-05-25"),
    ("2026-02-03T10:00", 15, "natural_day", "2026-02-18", "2026-02-24"),
    ("2026-08-06T10:00", 60, "natural_day", "2026-10-05", "2026-10-08"),
    ("2026-09-03T10:00", 30, "natural_day", "2026-10-03", "2026-10-08"),
)
#: The beginnings to walk from, and why each is there.
STARTS = (
    ("2025-01-24T09:30", "Friday before the worked Sunday of 春节 2025"),
    ("2025-01-27T23:59", "the last minute before 春节 2025"),
    ("2025-02-03T11:00", "inside 春节 2025"),
    ("2025-04-03T16:00", "the day before 清明 2025"),
    ("2025-04-25T10:00", "Friday before the worked Sunday 04-27"),
    ("2025-09-26T14:00", "Friday before the worked Sunday 09-28"),
    ("2025-09-30T17:00", "the last hour before 国庆 2025"),
    ("2025-12-24T08:00", "over 元旦 2026 with its worked Sunday"),
    ("2025-12-31T17:15", "the last quarter of an hour of 2025"),
    ("2026-02-11T10:00", "over 春节 2026, both worked Saturdays"),
    ("2026-02-14T11:30", "on the worked Saturday itself"),
    ("2026-02-20T09:00", "inside 春节 2026"),
    ("2026-04-30T12:30", "at noon before 劳动节 2026"),
    ("2026-05-08T16:45", "Friday before the worked Saturday 05-09"),
    ("2026-06-18T10:00", "the day before 端午 2026"),
    ("2026-09-18T09:00", "Friday before the worked Sunday 09-20"),
    ("2026-09-24T10:00", "the day before 中秋 2026"),
    ("2026-09-30T13:00", "between the office hours before 国庆 2026"),
    ("2026-11-23T09:00", "an ordinary Monday"),
    ("2026-12-18T10:00", "the last weeks of the published year"),
    ("2026-12-28T10:00", "the last week of the published year"),
    ("2026-12-31T17:00", "the last hour of the published year"),
    ("2027-02-03T10:00", "before 春节 2027, which nobody has published"),
)
LIMITS = (
    *((amount, "working_day") for amount in (1, 5, 7)),
    *((amount, "natural_day") for amount in (0, 15, 60)),
    *((amount, "working_hour") for amount in (4, 10)),
    (24, "hour"),
)


def rows() -> list[tuple[str, ...]]:
    """Return the golden vectors as they were given, then what the walker finds for every beginning and limit."""
    found = [
        (start, str(amount), unit, f"{nominal}T24:00", f"{due}T24:00", "no", "facts §2.2")
        for start, amount, unit, nominal, due in GOLDEN
    ]
    for text, why in STARTS:
        for amount, unit in LIMITS:
            nominal, due, tentative = walk(moment(text), amount, unit)
            told = (written(nominal), written(due), "yes" if tentative else "no")
            found.append((text, str(amount), unit, *told, f"walked: {why}"))
    return found


def moment(text: str) -> datetime:
    """Read `2026-02-11T10:00` of Shanghai; `T24:00` is the end of the day."""
    day, _, clock = text.partition("T")
    if clock == "24:00":
        return end_of(date.fromisoformat(day))
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def written(at: datetime) -> str:
    """The other way; a midnight belongs to the day that it ends."""
    if (at.hour, at.minute) == (0, 0):
        return f"{(at - MINUTE).date()}T24:00"
    return f"{at:%Y-%m-%dT%H:%M}"


def read() -> list[tuple[str, ...]]:
    """Return the rows of the file."""
    with VECTORS.open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


if __name__ == "__main__":
    with VECTORS.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())
