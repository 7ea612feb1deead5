"""Dates, waits and sizes as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from governance_portal.lib.spoken import (
    date_words,
    day_words,
    deadline_words,
    full_words,
    moment_words,
    size_words,
    until_words,
    wait_words,
)
from governance_portal.lib.working_days import SHANGHAI

NOW = datetime(2026, 11, 21, 16, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 21, 16, 30, tzinfo=SHANGHAI), "今天 16:30"),
        (datetime(2026, 11, 20, 9, 5, tzinfo=SHANGHAI), "昨天 09:05"),
        (datetime(2026, 11, 22, 0, 0, tzinfo=SHANGHAI), "明天 00:00"),
        (datetime(2026, 11, 18, 14, 0, tzinfo=SHANGHAI), "11月18日 14:00"),
        (datetime(2025, 11, 21, 14, 0, tzinfo=SHANGHAI), "2025年11月21日 14:00"),
        (datetime(2026, 11, 20, 16, 30, tzinfo=UTC), "今天 00:30"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert moment_words(moment, NOW) == words


def test_a_limit_of_days_ends_with_its_last_day_and_names_no_hour() -> None:
    assert [
        deadline_words(datetime(2026, 11, 22, 0, 0, tzinfo=SHANGHAI), NOW),
        deadline_words(datetime(2026, 12, 10, 0, 0, tzinfo=SHANGHAI), NOW),
        deadline_words(datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI), NOW),
        deadline_words(datetime(2026, 11, 21, 16, 30, tzinfo=SHANGHAI), NOW),
    ] == ["今天", "12月9日", "12月31日", "今天 16:30"]


def test_the_full_form_names_year_and_weekday() -> None:
    assert full_words(NOW) == "2026年11月21日 星期六 16:05"


def test_the_day_alone_leaves_the_hour_out() -> None:
    assert day_words(datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI), NOW) == "11月18日"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "不到 1 分钟"),
        (0, "不到 1 分钟"),
        (35, "35 分钟"),
        (60, "1 小时"),
        (23 * 60 + 59, "23 小时"),
        (3 * 1440, "3 天"),
    ],
)
def test_a_wait_is_said_in_its_largest_whole_unit(minutes: int, words: str) -> None:
    assert wait_words(timedelta(minutes=minutes)) == words


def test_a_size_is_said_in_kilobytes_or_megabytes() -> None:
    assert [size_words(1), size_words(318_000), size_words(2_516_582)] == ["1 KB", "311 KB", "2.4 MB"]


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        moment_words(datetime(2026, 11, 21), NOW)  # noqa: DTZ001  that is the fault


def test_a_date_is_said_with_its_year_whether_typed_or_kept_as_text() -> None:
    assert (date_words(date(2026, 11, 2)), date_words("2027-01-31")) == ("2026年11月2日", "2027年1月31日")
    with pytest.raises(ValueError, match="Invalid isoformat"):
        date_words("昨天")


def test_a_date_at_the_end_of_all_calendars_is_told_and_breaks_no_page() -> None:
    assert until_words(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) == "9999年12月31日 星期五 23:59"
