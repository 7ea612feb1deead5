"""When a patrol is due, by the published calendar of 2026 (中秋 9/25–9/27, 国庆 10/1–10/7, 上班 9/20 和 10/10)."""

from datetime import date

import pytest

from cases.patrols.recurrence import Rule, days, foresee, is_holiday, is_shifted, rule_words
from governance_portal.lib.working_days import Calendar, published_days

CALENDAR = Calendar(published_days([2025, 2026]), date(2026, 12, 31))
FROM, TO = date(2026, 9, 14), date(2026, 10, 13)


def friday_and_sunday(special: str, first: date = FROM, last: date | None = TO) -> Rule:
    return Rule("week", first, last, weekdays=frozenset({4, 6}), special=special)


def said(found: list[date]) -> list[str]:
    return [f"{day.month}-{day.day}" for day in found]


def test_a_weekend_belongs_to_the_holiday_it_hangs_together_with_and_a_worked_one_is_shifted() -> None:
    holidays = [date(2026, 9, day) for day in (25, 26, 27)] + [date(2026, 10, day) for day in range(1, 8)]
    month = [date.fromordinal(one) for one in range(date(2026, 9, 1).toordinal(), date(2026, 10, 31).toordinal())]

    assert [day for day in month if is_holiday(day, CALENDAR)] == holidays
    assert [day for day in month if is_shifted(day, CALENDAR)] == [date(2026, 9, 20), date(2026, 10, 10)]


@pytest.mark.parametrize(
    ("special", "due"),
    [
        ("keep", ["9-18", "9-20", "9-25", "9-27", "10-2", "10-4", "10-9", "10-11"]),
        ("skip", ["9-18", "10-9", "10-11"]),
        # 9-20 (a Sunday worked) goes to Monday; 9-25 and 9-27 both to 9-28, once; 10-2 and 10-4 both to 10-8, once.
        ("move", ["9-18", "9-21", "9-28", "10-8", "10-9", "10-11"]),
    ],
)
def test_every_friday_and_sunday_over_a_month_with_two_holidays(special: str, due: list[str]) -> None:
    assert said(days(friday_and_sunday(special), FROM, TO, CALENDAR)) == due


def test_every_working_day_follows_the_calendar_with_its_weekends_that_are_worked() -> None:
    rule = Rule("workdays", date(2026, 10, 1), None, special="skip")

    assert said(days(rule, date(2026, 10, 1), date(2026, 10, 13), CALENDAR)) == [
        "10-8",
        "10-9",
        "10-10",
        "10-12",
        "10-13",
    ]


def test_every_ten_days_counts_from_the_first_one_and_a_month_without_the_31st_ends_it() -> None:
    tenth = Rule("days", date(2026, 11, 3), None, every=10)
    monthly = Rule("month", date(2026, 1, 1), None, month_days=frozenset({1, 31}))

    assert said(days(tenth, date(2026, 11, 1), date(2026, 12, 5), CALENDAR)) == ["11-3", "11-13", "11-23", "12-3"]
    assert said(days(monthly, date(2026, 2, 1), date(2026, 4, 30), CALENDAR)) == [
        *("2-1", "2-28", "3-1", "3-31", "4-1", "4-30")
    ]


def test_nothing_is_due_before_the_first_day_or_after_the_last_also_when_it_would_move_there() -> None:
    rule = friday_and_sunday("move", first=date(2026, 9, 20), last=date(2026, 10, 7))

    assert said(days(rule, date(2026, 9, 1), date(2026, 12, 31), CALENDAR)) == ["9-21", "9-28"]


def test_the_next_days_are_foreseen_in_words() -> None:
    told = foresee(friday_and_sunday("move"), date(2026, 9, 25), date(2026, 10, 10), CALENDAR)

    assert [(f"{one.day:%m-%d}", one.due, one.words, one.tentative) for one in told] == [
        ("09-25", False, "节假日，顺延", False),
        ("09-27", False, "节假日，顺延", False),
        ("09-28", True, "由 9月27日顺延而来", False),
        ("10-02", False, "节假日，顺延", False),
        ("10-04", False, "节假日，顺延", False),
        ("10-08", True, "由 10月4日顺延而来", False),
        ("10-09", True, "", False),
    ]
    assert foresee(Rule("days", date(2027, 3, 1)), date(2027, 3, 1), date(2027, 3, 1), CALENDAR)[0].tentative


def test_a_rule_is_said_as_people_say_it() -> None:
    assert rule_words(friday_and_sunday("move")) == (
        "每周五、周日；遇节假日、调休上班的周末，顺延到之后第一个平常的日子"
    )
    assert rule_words(Rule("workdays", FROM)) == "每个工作日（按公布的放假调休安排）"
    assert rule_words(Rule("days", FROM, every=3)) == "每 3 天一次；遇节假日、调休上班的周末，照常排查"
    assert rule_words(Rule("month", FROM, month_days=frozenset({15, 1}), special="skip")) == (
        "每月 1 日、15 日；遇节假日、调休上班的周末，不排查"
    )
