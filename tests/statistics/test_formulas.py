"""The formulas on the figures that real centres have published (facts §9), and the days they look at."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.statistics.figures import FIGURES, RATES, percent, rate_of
from cases.statistics.windows import Window, next_step, period_of, step_start, steps_of
from tests.cases.cast import at

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("above", "below", "printed"),
    [
        (18260, 18407, "99.2"),  # S0, 平鲁: 累计办结率
        (538, 559, "96.2"),  # S3, 安源
        (1627, 1678, "97.0"),  # 东至
        (8037, 8696, "92.4"),  # 长治: 化解率
        (842, 869, "96.9"),  # 黄石
        (134, 138, "97.1"),  # 渝水
        (149, 154, "96.8"),  # 渝水: 96.753…
        (46, 46, "100.0"),  # S0: 隐患整改
        (1, 2000, "0.1"),  # 0.05 goes up: half up, not to even
        (3, 2000, "0.2"),
        (0, 7, "0.0"),
    ],
)
def test_percentages_are_rounded_half_up_to_one_decimal(above: int, below: int, printed: str) -> None:
    assert percent(above, below) == Decimal(printed)


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=10**9))
def test_a_percentage_is_the_nearest_tenth_and_of_two_as_near_the_larger(above: int, below: int) -> None:
    found, exact = percent(above, below), Fraction(100 * above, below)
    assert found is not None
    assert found.as_tuple().exponent == -1
    assert -Fraction(1, 20) < Fraction(found) - exact <= Fraction(1, 20) if exact else found == 0


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=0, max_value=999))
def test_exactly_half_a_tenth_goes_up(scale: int, tenths: int) -> None:
    """(2·tenths + 1) ÷ 2000 is tenths and a half tenths of a percent, however large both numbers are."""
    assert percent((2 * tenths + 1) * scale, 2000 * scale) == Decimal(tenths + 1) / 10


def test_nothing_by_nothing_is_no_percentage() -> None:
    assert percent(0, 0) is None
    counts = dict.fromkeys(FIGURES, 0)
    assert [rate_of(name, counts) for name in RATES] == [{"value": None, "numerator": 0, "denominator": 0}] * 4


def test_every_rate_is_made_of_figures_that_have_a_list() -> None:
    assert {figure for rate in RATES.values() for figure in (rate.numerator, rate.denominator)} <= set(FIGURES)


@pytest.mark.behaviour(21)
def test_a_window_holds_both_its_days_by_the_clock_of_shanghai() -> None:
    window = Window(date(2026, 11, 21), SUNDAY)
    assert [window.contains(moment) for moment in (at(21, 0), at(22, 23, 59), at(20, 23, 59), at(23, 0), None)] == [
        *(True, True),
        *(False, False, False),
    ]
    assert (Window().contains(at(1)), Window().contains(None)) == (True, False)


@pytest.mark.parametrize(
    ("code", "window", "before", "words"),
    [
        ("day", ("2026-11-22", "2026-11-22"), ("2026-11-21", "2026-11-21"), "昨日"),
        ("week", ("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15"), "上周同期"),
        ("month", ("2026-11-01", "2026-11-22"), ("2026-10-01", "2026-10-22"), "上月同期"),
        ("quarter", ("2026-10-01", "2026-11-22"), ("2026-07-01", "2026-08-22"), "上季同期"),
        ("year", ("2026-01-01", "2026-11-22"), ("2025-01-01", "2025-11-22"), "去年同期"),
    ],
)
def test_a_running_period_is_compared_with_as_many_days(
    code: str, window: tuple[str, str], before: tuple[str, str], words: str
) -> None:
    period = period_of(code, SUNDAY)
    assert (period.window, period.before, period.before_label) == (_days(window), _days(before), words)


def test_the_end_of_a_short_month_is_the_end_of_the_comparison() -> None:
    assert period_of("month", date(2026, 3, 31)).before == _days(("2026-02-01", "2026-02-28"))
    assert period_of("year", date(2024, 12, 31)).before == _days(("2023-01-01", "2023-12-31"))


def test_chosen_days_are_compared_with_those_just_before() -> None:
    period = period_of("custom", SUNDAY, date(2026, 11, 1), date(2026, 11, 10))
    assert (period.before, period.before_label) == (_days(("2026-10-22", "2026-10-31")), "前 10 天")


def test_a_trend_is_drawn_by_day_week_or_month() -> None:
    assert [
        steps_of(_days(pair), SUNDAY)
        for pair in (("2026-11-01", "2026-11-30"), ("2026-08-01", "2026-11-22"), ("2026-01-01", "2026-12-31"))
    ] == ["day", "week", "month"]
    assert (step_start(SUNDAY, "week"), next_step(date(2026, 12, 1), "month")) == (date(2026, 11, 16), date(2027, 1, 1))


def _days(pair: tuple[str, str]) -> Window:
    return Window(date.fromisoformat(pair[0]), date.fromisoformat(pair[1]))
