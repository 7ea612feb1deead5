"""Limits, due dates, warnings and their words, over the calendar published for 2024 to 2026."""

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance_portal.lib.working_days import (
    SHANGHAI,
    Calendar,
    Due,
    Limit,
    LimitUnit,
    due,
    published_days,
    remaining_words,
    warn_at,
)

NATURAL_DAY, WORKING_DAY, MINUTE, HOUR, WORKING_HOUR = LimitUnit
CALENDAR = Calendar(published_days(range(2024, 2027)), date(2026, 12, 31))


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def end_of(month: int, day: int, year: int = 2026) -> datetime:
    return at(month, day, 0, year=year) + timedelta(days=1)


# ── the calendar ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_calendar_of_2026_is_that_of_the_notice() -> None:
    """国办 2025-11-04: days off that fall on Monday to Friday, and weekends that are worked."""
    days = published_days([2026])
    assert sorted(f"{day:%m-%d}" for day, worked in days.items() if not worked and day.weekday() < 5) == [
        *["01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04", "05-05"],
        *["06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"],
    ]
    assert sorted(f"{day:%m-%d}" for day, worked in days.items() if worked and day.weekday() >= 5) == [
        *["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ]
    assert len(days) == 365


def test_years_nobody_has_published_are_left_out() -> None:
    days = published_days([2027, 2003, 2025, 2026, 2031])
    assert (min(days), max(days), len(days)) == (date(2025, 1, 1), date(2026, 12, 31), 730)


def test_beyond_the_table_statutory_days_are_off_and_nothing_is_raised() -> None:
    asked = [
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2027, 1, 4),
        date(2027, 2, 8),
        date(2027, 10, 1),
        date(2027, 10, 8),
    ]
    assert [CALENDAR.is_workday(day) for day in asked] == [False, False, True, False, False, True]
    assert [CALENDAR.is_workday(day) for day in (date.min, date(1900, 1, 6), date(2150, 10, 1), date.max)] == [
        *[True, False, True, True],
    ]


def test_days_beyond_the_notice_are_tentative() -> None:
    assert [CALENDAR.is_tentative(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [False, True]
    assert Calendar({}, None).is_tentative(date(2026, 1, 1)) is True


def test_an_edited_day_overrules_the_statutory_guess() -> None:
    calendar = Calendar({date(2027, 2, 8): True, date(2027, 3, 1): False}, date(2027, 12, 31))
    assert [calendar.is_workday(day) for day in (date(2027, 2, 8), date(2027, 3, 1), date(2027, 3, 2))] == [
        *[True, False, True],
    ]


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (at(2, 11), 5, end_of(2, 25)),
        (at(2, 13), 5, end_of(2, 27)),
        (at(9, 24), 3, end_of(9, 30)),
        (at(9, 30), 5, end_of(10, 13)),
        (at(4, 30), 15, end_of(5, 25)),
    ],
)
def test_golden_vectors_in_working_days(start: datetime, days: int, last: datetime) -> None:
    assert due(start, Limit(days, WORKING_DAY), CALENDAR) == Due(last, last, tentative=False)


@pytest.mark.parametrize(
    ("start", "days", "nominal", "rolled"),
    [
        (at(2, 3), 15, end_of(2, 18), end_of(2, 24)),
        (at(8, 6), 60, end_of(10, 5), end_of(10, 8)),
        (at(9, 3), 30, end_of(10, 3), end_of(10, 8)),
    ],
)
def test_golden_vectors_in_natural_days(start: datetime, days: int, nominal: datetime, rolled: datetime) -> None:
    assert due(start, Limit(days, NATURAL_DAY), CALENDAR) == Due(nominal, rolled, tentative=False)


@pytest.mark.parametrize(
    ("said", "start", "limit", "expected"),
    [
        ("the last published day is certain", at(12, 30), Limit(1, WORKING_DAY), (end_of(12, 31), False)),
        ("the day after is not", at(12, 31), Limit(1, WORKING_DAY), (end_of(1, 4, 2027), True)),
        ("a natural limit is unsure too", at(12, 10), Limit(30, NATURAL_DAY), (end_of(1, 11, 2027), True)),
        ("accepted in the last week", at(12, 28), Limit(7, WORKING_DAY), (end_of(1, 7, 2027), True)),
        ("hours do not ask the calendar", at(12, 31, 20), Limit(24, HOUR), (at(1, 1, 20, year=2027), False)),
        ("working hours do", at(12, 31, 17), Limit(1, WORKING_HOUR), (at(1, 4, 9, 30, year=2027), True)),
    ],
)
def test_across_the_turn_of_the_year(said: str, start: datetime, limit: Limit, expected: tuple[datetime, bool]) -> None:
    found = due(start, limit, CALENDAR)
    assert (found.due, found.tentative) == expected, said


def test_a_date_that_was_tentative_is_certain_once_the_notice_is_imported() -> None:
    start, limit = at(2, 3, year=2027), Limit(3, WORKING_DAY)
    before = due(start, limit, CALENDAR)
    notice = published_days([2026]) | {date(2027, 2, 6): True}
    after = due(start, limit, Calendar(notice, date(2027, 12, 31)))
    assert before == Due(end_of(2, 12, 2027), end_of(2, 12, 2027), tentative=True)
    assert after == Due(end_of(2, 11, 2027), end_of(2, 11, 2027), tentative=False)


@pytest.mark.parametrize(
    ("said", "start", "days", "last"),
    [
        ("the same day", at(9, 22), 0, end_of(9, 22)),
        ("the same day, taken in at night", at(9, 22, 23, 59), 0, end_of(9, 22)),
        ("the same day is no day on a Saturday", at(9, 26), 0, end_of(9, 28)),
        ("taken in on a holiday", at(10, 3), 1, end_of(10, 8)),
        ("taken in on a worked Sunday", at(9, 20), 1, end_of(9, 21)),
        ("a worked Sunday counts", at(9, 18), 1, end_of(9, 20)),
        ("a second after midnight is the next day", at(9, 22, 0, 0) + timedelta(seconds=1), 1, end_of(9, 23)),
        ("a second before is the day before", at(9, 22, 0, 0) - timedelta(seconds=1), 1, end_of(9, 22)),
        ("taken in on Friday night", at(9, 11, 22), 2, end_of(9, 15)),
    ],
)
def test_the_starting_day_is_not_counted(said: str, start: datetime, days: int, last: datetime) -> None:
    assert due(start, Limit(days, WORKING_DAY), CALENDAR).due == last, said


def test_the_day_is_that_of_shanghai_whatever_the_zone_of_the_clock() -> None:
    in_utc = datetime(2026, 9, 21, 16, 30, tzinfo=UTC)
    assert due(in_utc, Limit(1, WORKING_DAY), CALENDAR).due == end_of(9, 23)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 9, 21), Limit(1, WORKING_DAY), CALENDAR)  # noqa: DTZ001


@pytest.mark.parametrize("amount", [-1, 36_501])
def test_a_limit_nobody_can_mean_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="0 to 36500"):
        Limit(amount, WORKING_DAY)


# ── hours ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "start", "limit", "expected"),
    [
        ("half an hour", at(9, 22, 11, 45), Limit(30, MINUTE), at(9, 22, 12, 15)),
        ("minutes across midnight", at(9, 30, 23, 45), Limit(30, MINUTE), at(10, 1, 0, 15)),
        ("across midnight", at(9, 22, 23, 30), Limit(2, HOUR), at(9, 23, 1, 30)),
        ("over a weekend, the clock does not care", at(9, 26, 9), Limit(24, HOUR), at(9, 27, 9)),
        ("within the morning", at(9, 22, 9, 15), Limit(2, WORKING_HOUR), at(9, 22, 11, 15)),
        ("over lunch", at(9, 22, 11), Limit(2, WORKING_HOUR), at(9, 22, 14, 30)),
        ("ending as the morning does", at(9, 22, 10), Limit(2, WORKING_HOUR), at(9, 22, 12)),
        ("into the next day", at(9, 22, 16, 30), Limit(4, WORKING_HOUR), at(9, 23, 12)),
        ("from the night", at(9, 22, 22), Limit(1, WORKING_HOUR), at(9, 23, 10)),
        ("over a holiday", at(9, 30, 17), Limit(1, WORKING_HOUR), at(10, 8, 9, 30)),
        ("from within a holiday", at(10, 3, 11), Limit(4, WORKING_HOUR), at(10, 8, 14, 30)),
        ("on a worked Saturday", at(10, 10, 9), Limit(7, WORKING_HOUR), at(10, 10, 17, 30)),
        ("no time at all", at(10, 3, 11), Limit(0, WORKING_HOUR), at(10, 3, 11)),
    ],
)
def test_limits_in_hours(said: str, start: datetime, limit: Limit, expected: datetime) -> None:
    assert due(start, limit, CALENDAR) == Due(expected, expected, tentative=False), said


# ── pauses ──────────────────────────────────────────────────────────────────────────────────────────────────────

FIVE = Limit(5, WORKING_DAY)  # from Monday 09-07: until Monday 09-14


@pytest.mark.parametrize(
    ("said", "pauses", "last"),
    [
        ("none", [], end_of(9, 14)),
        ("within one day", [(at(9, 8, 9), at(9, 8, 17))], end_of(9, 14)),
        ("over one midnight", [(at(9, 8, 17), at(9, 9, 9))], end_of(9, 15)),
        ("two", [(at(9, 8, 17), at(9, 9, 9)), (at(9, 10, 9), at(9, 11, 9))], end_of(9, 16)),
        (
            "the same two, the other way round",
            [(at(9, 10, 9), at(9, 11, 9)), (at(9, 8, 17), at(9, 9, 9))],
            end_of(9, 16),
        ),
        ("overlapping", [(at(9, 8), at(9, 10)), (at(9, 9), at(9, 11))], end_of(9, 17)),
        ("one inside the other", [(at(9, 8), at(9, 11)), (at(9, 9), at(9, 10))], end_of(9, 17)),
        ("over a weekend, which would not have counted", [(at(9, 12), at(9, 14, 9))], end_of(9, 14)),
        ("on the last day, until the next", [(at(9, 14, 16), at(9, 15, 9))], end_of(9, 15)),
        ("after the limit ran out: lateness stays", [(at(9, 15, 9), at(9, 30))], end_of(9, 14)),
        ("before the start", [(at(9, 1), at(9, 3))], end_of(9, 14)),
        ("from before the start", [(at(9, 1), at(9, 8, 9))], end_of(9, 14)),
        ("reversed, which says nothing", [(at(9, 11), at(9, 8))], end_of(9, 14)),
        ("a month", [(at(9, 8), at(10, 8, 9))], end_of(10, 13)),
    ],
)
def test_days_that_end_in_a_pause_are_not_counted(
    said: str, pauses: list[tuple[datetime, datetime]], last: datetime
) -> None:
    assert due(at(9, 7), FIVE, CALENDAR, pauses).due == last, said


def test_a_pause_moves_the_nominal_and_the_rolled_end() -> None:
    found = due(at(9, 3), Limit(30, NATURAL_DAY), CALENDAR, [(at(9, 10), at(9, 12))])
    assert found == Due(end_of(10, 5), end_of(10, 8), tentative=False)


def test_an_end_is_not_rolled_into_a_pause() -> None:
    found = due(at(9, 3), Limit(30, NATURAL_DAY), CALENDAR, [(at(10, 4), at(10, 9, 9))])
    assert found == Due(end_of(10, 3), end_of(10, 9), tentative=False)


@pytest.mark.parametrize(
    ("said", "limit", "pauses", "expected"),
    [
        ("added", Limit(24, HOUR), [(at(9, 7, 12), at(9, 7, 15))], at(9, 8, 13)),
        ("minutes", Limit(30, MINUTE), [(at(9, 7, 10, 10), at(9, 7, 11))], at(9, 7, 11, 20)),
        ("too late for no time at all", Limit(0, HOUR), [(at(9, 7), at(9, 7, 15))], at(9, 7)),
        ("counted once", Limit(24, HOUR), [(at(9, 7, 12), at(9, 7, 15)), (at(9, 7, 14), at(9, 7, 16))], at(9, 8, 14)),
        ("from before", Limit(24, HOUR), [(at(9, 7, 8), at(9, 7, 11))], at(9, 8, 11)),
        ("too late", Limit(24, HOUR), [(at(9, 8, 10), at(9, 8, 18))], at(9, 8, 10)),
        (
            "one after another",
            Limit(2, HOUR),
            [(at(9, 7, 11), at(9, 7, 13)), (at(9, 7, 13, 30), at(9, 7, 14))],
            at(9, 7, 14, 30),
        ),
        ("working hours", Limit(2, WORKING_HOUR), [(at(9, 7, 11), at(9, 7, 14))], at(9, 7, 15)),
        ("at lunch, for nothing", Limit(3, WORKING_HOUR), [(at(9, 7, 12), at(9, 7, 13, 30))], at(9, 7, 14, 30)),
        ("days long", Limit(2, WORKING_HOUR), [(at(9, 7, 11), at(9, 9, 16, 30))], at(9, 9, 17, 30)),
    ],
)
def test_pauses_in_hours(said: str, limit: Limit, pauses: list[tuple[datetime, datetime]], expected: datetime) -> None:
    assert due(at(9, 7), limit, CALENDAR, pauses).due == expected, said


# ── properties ──────────────────────────────────────────────────────────────────────────────────────────────────

moments = st.integers(0, 60 * 24 * 420).map(lambda minutes: at(1, 20) + timedelta(minutes=minutes))
amounts = st.integers(0, 90)
units = st.sampled_from(LimitUnit)
pause_lists = st.lists(
    st.tuples(moments, st.integers(-600, 60 * 24 * 20)).map(lambda p: (p[0], p[0] + timedelta(minutes=p[1]))),
    max_size=4,
)
unhurried = settings(deadline=None, derandomize=True, max_examples=100)


@unhurried
@given(moments, moments, amounts, units, pause_lists)
def test_a_later_start_never_ends_earlier(
    one: datetime, other: datetime, amount: int, unit: LimitUnit, pauses: list[tuple[datetime, datetime]]
) -> None:
    first, second = (due(start, Limit(amount, unit), CALENDAR, pauses) for start in sorted([one, other]))
    assert first.nominal <= second.nominal
    assert first.due <= second.due


@unhurried
@given(moments, amounts, amounts, units, pause_lists)
def test_a_longer_limit_never_ends_earlier(
    start: datetime, one: int, other: int, unit: LimitUnit, pauses: list[tuple[datetime, datetime]]
) -> None:
    first, second = (due(start, Limit(amount, unit), CALENDAR, pauses) for amount in sorted([one, other]))
    assert first.nominal <= second.nominal
    assert first.due <= second.due


@unhurried
@given(moments, amounts, units, pause_lists, pause_lists)
def test_a_pause_never_makes_it_earlier_nor_clears_lateness(
    start: datetime,
    amount: int,
    unit: LimitUnit,
    pauses: list[tuple[datetime, datetime]],
    more: list[tuple[datetime, datetime]],
) -> None:
    limit = Limit(amount, unit)
    before = due(start, limit, CALENDAR, pauses)
    assert due(start, limit, CALENDAR, pauses + more).due >= before.due
    too_late = [(max(p1, before.due), max(p2, before.due)) for p1, p2 in more]
    assert due(start, limit, CALENDAR, pauses + too_late) == before


@unhurried
@given(moments, amounts, units, pause_lists, st.randoms(use_true_random=False))
def test_the_order_of_pauses_does_not_matter(
    start: datetime, amount: int, unit: LimitUnit, pauses: list, random
) -> None:
    shuffled = random.sample(pauses, len(pauses))
    assert due(start, Limit(amount, unit), CALENDAR, shuffled) == due(start, Limit(amount, unit), CALENDAR, pauses)


@unhurried
@given(moments, amounts, units, pause_lists)
def test_the_end_is_after_the_start_and_day_limits_end_after_a_working_day(
    start: datetime, amount: int, unit: LimitUnit, pauses: list[tuple[datetime, datetime]]
) -> None:
    found = due(start, Limit(amount, unit), CALENDAR, pauses)
    assert start <= found.nominal <= found.due
    if unit in (NATURAL_DAY, WORKING_DAY):
        assert (found.due.hour, found.due.minute) == (0, 0)
        assert CALENDAR.is_workday((found.due - timedelta(minutes=1)).date())


# ── half of it ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("limit", "half"),
    [
        (Limit(7, WORKING_DAY), Limit(4, WORKING_DAY)),
        (Limit(5, WORKING_DAY), Limit(3, WORKING_DAY)),
        (Limit(1, WORKING_DAY), Limit(3, WORKING_DAY)),
        (Limit(60, NATURAL_DAY), Limit(30, NATURAL_DAY)),
        (Limit(15, NATURAL_DAY), Limit(8, NATURAL_DAY)),
        (Limit(9, NATURAL_DAY), Limit(5, NATURAL_DAY)),
        (Limit(7, NATURAL_DAY), Limit(3, WORKING_DAY)),
        (Limit(24, HOUR), Limit(3, WORKING_DAY)),
        (Limit(240, HOUR), Limit(120, HOUR)),
        (Limit(30, MINUTE), Limit(3, WORKING_DAY)),
        (Limit(14_400, MINUTE), Limit(7_200, MINUTE)),
        (Limit(41, WORKING_HOUR), Limit(21, WORKING_HOUR)),
        (Limit(40, WORKING_HOUR), Limit(3, WORKING_DAY)),
    ],
)
def test_half_a_limit_is_at_least_three_working_days(limit: Limit, half: Limit) -> None:
    assert limit.half() == half


# ── 即将超时 ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "start", "limit", "expected"),
    [
        ("a fifth of seven days: 9.8 working hours", at(9, 1), Limit(7, WORKING_DAY), at(9, 9, 14, 42)),
        ("at least four working hours", at(9, 7), Limit(1, WORKING_DAY), at(9, 8, 12)),
        ("at most two working days", at(9, 1), Limit(20, WORKING_DAY), at(9, 24, 17, 30)),
        ("a fifth of five natural days", at(9, 7), Limit(5, NATURAL_DAY), at(9, 13, 0) - timedelta(days=1)),
        ("at most two working days before a natural end", at(9, 7), Limit(15, NATURAL_DAY), at(9, 20, 17, 30)),
        ("before the holiday, when the end rolls over it", at(8, 6), Limit(60, NATURAL_DAY), at(9, 29, 17, 30)),
        ("four working hours of a day and a night", at(9, 7), Limit(24, HOUR), at(9, 7, 14, 30)),
        ("a fifth of a hundred hours", at(9, 12, 8), Limit(100, HOUR), at(9, 15, 16)),
        ("from the start when the limit is short", at(9, 7), Limit(2, HOUR), at(9, 7)),
        ("from the start when it is minutes", at(9, 7, 20), Limit(30, MINUTE), at(9, 7, 20)),
        ("working hours", at(9, 7, 9), Limit(7, WORKING_HOUR), at(9, 7, 12)),
        ("the same day", at(9, 7, 9), Limit(0, WORKING_DAY), at(9, 7, 12)),
    ],
)
def test_when_the_warning_begins(said: str, start: datetime, limit: Limit, expected: datetime) -> None:
    assert warn_at(start, due(start, limit, CALENDAR), limit, CALENDAR) == expected, said


@unhurried
@given(moments, st.integers(1, 90), units)
def test_the_warning_lies_between_start_and_end(start: datetime, amount: int, unit: LimitUnit) -> None:
    limit = Limit(amount, unit)
    end = due(start, limit, CALENDAR)
    assert start <= warn_at(start, end, limit, CALENDAR) <= end.due


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "due_at", "words"),
    [
        (at(9, 7), end_of(9, 14), "还剩 5 个工作日"),
        (at(9, 11, 18), end_of(9, 14), "还剩 1 个工作日"),
        (at(9, 14, 9), end_of(9, 14), "今天 24:00 前"),
        (end_of(9, 14), end_of(9, 14), "今天 24:00 前"),
        (at(9, 14, 9), at(9, 14, 16, 30), "今天 16:30 前"),
        (at(9, 14, 20), at(9, 15, 8), "明天 08:00 前"),
        (at(9, 11, 20), at(9, 13, 8), "9 月 13 日 08:00 前"),
        (at(10, 1, 9), at(10, 4, 0), "10 月 3 日 24:00 前"),
        (at(9, 14, 16, 31), at(9, 14, 16, 30), "已超时 1 分钟"),
        (at(9, 14, 16, 30) + timedelta(seconds=5), at(9, 14, 16, 30), "已超时 1 分钟"),
        (at(9, 14, 20), at(9, 14, 16, 30), "已超时 3 小时"),
        (at(9, 12, 9), end_of(9, 11), "已超时 9 小时"),
        (at(9, 13, 9), end_of(9, 11), "已超时 1 天"),
        (at(9, 16, 9), end_of(9, 14), "已超时 2 个工作日"),
        (at(10, 8, 9), end_of(9, 30), "已超时 1 个工作日"),
    ],
)
def test_what_is_left_in_words(now: datetime, due_at: datetime, words: str) -> None:
    assert remaining_words(now, due_at, CALENDAR) == words


def test_a_tentative_date_says_so() -> None:
    assert remaining_words(at(12, 30), end_of(1, 5, 2027), CALENDAR, tentative=True) == "还剩 3 个工作日（暂定）"


# ── speed ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_due_date_costs_far_less_than_a_query() -> None:
    start, limit = at(11, 6), Limit(60, WORKING_DAY)
    best = min(timeit.repeat(lambda: due(start, limit, CALENDAR), number=200, repeat=5)) / 200
    assert best < 0.000_1
