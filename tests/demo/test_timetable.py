"""Days of a story become moments that are plausible and never in the future."""

from datetime import date, datetime

import pytest

from governance_portal.demo.timetable import Timetable
from governance_portal.lib.working_days import SHANGHAI, Calendar, published_days

CALENDAR = Calendar(published_days([2026]), date(2026, 12, 31))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def test_days_are_counted_in_working_days_and_today_may_be_a_sunday() -> None:
    timetable = Timetable(at(22, 10), CALENDAR)

    assert [timetable.day(offset) for offset in (-6, -1, 0, 1, 5)] == [
        date(2026, 11, 13),
        date(2026, 11, 20),
        date(2026, 11, 22),
        date(2026, 11, 23),
        date(2026, 11, 27),
    ]


def test_the_week_of_the_national_day_is_stepped_over() -> None:
    timetable = Timetable(at(9, 10, month=10), CALENDAR)

    assert timetable.day(-2) == date(2026, 9, 30)


def test_hours_of_other_days_are_kept() -> None:
    assert Timetable(at(23, 10), CALENDAR).moment(-1, "16:40") == at(20, 16, 40)


@pytest.mark.parametrize("now", [at(23, 0, 5), at(23, 8, 40), at(23, 10), at(23, 18, 29), at(23, 23)])
def test_what_happens_today_has_happened_in_order(now: datetime) -> None:
    timetable = Timetable(now, CALENDAR)
    moments = [timetable.moment(0, hour) for hour in ("8:50", "9:35", "9:50", "11:20", "18:30")]

    assert moments == sorted(moments)
    assert all(moment.date() == now.date() and moment <= now for moment in moments)


def test_late_in_the_evening_today_keeps_its_hours() -> None:
    assert Timetable(at(23, 20), CALENDAR).moment(0, "9:35") == at(23, 9, 35)
