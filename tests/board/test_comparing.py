"""环比 and 同比 side by side: right for more, fewer, the same, nothing before; one of them where both are the same days."""

from __future__ import annotations

from datetime import date

import pytest

from cases.statistics.windows import Window, period_of
from tests.board.conftest import Clock, Enter
from tests.cases.cast import District, at

pytestmark = pytest.mark.django_db


def test_both_stand_beside_each_figure(district: District, client_of: Enter, clock: Clock) -> None:
    clock.now = at(23, year=2027)
    for month, year, number in ((11, 2027, 3), (10, 2027, 2), (11, 2026, 3)):
        for _ in range(number):
            district.register(now=at(10, month=month, year=year))
    then = at(10, year=2027)
    district.move(district.register(now=then), "accept", "clerk", then, category="A0102", level="general")
    tiles = {tile["label"]: tile for tile in client_of("centre_lead").get("/board/?period=month").context["cohort"]}
    assert [tuple(change.values()) for change in tiles["登记"]["changes"]] == [
        ("环比", "+2 件（+100.0 %）", "比上月同期多 2 件（+100.0 %）", "up"),
        ("同比", "+1 件（+33.3 %）", "比去年同期多 1 件（+33.3 %）", "up"),
    ]
    assert [tuple(change.values()) for change in tiles["受理"]["changes"]] == [
        ("环比", "+1 件（—）", "比上月同期多 1 件（—）", "up"),
        ("同比", "+1 件（—）", "比去年同期多 1 件（—）", "up"),
    ]
    assert [change["short"] for change in tiles["办结"]["changes"]] == ["持平", "持平"]


def test_rates_are_compared_in_points_and_a_period_without_any_is_a_dash(
    district: District, client_of: Enter, clock: Clock
) -> None:
    district.move(district.register(now=at(10)), "accept", "clerk", at(10), category="A0102", level="general")
    rates = client_of("centre_lead").get("/board/?period=month").context["rates"]
    assert [tuple(change.values()) for change in rates[0]["changes"]] == [
        ("环比", "—", "上月同期没有可比的数 —", ""),
        ("同比", "—", "去年同期没有可比的数 —", ""),
    ]


def test_of_a_year_both_are_the_same_days(district: District, client_of: Enter, clock: Clock) -> None:
    tiles = client_of("centre_lead").get("/board/?period=year").context["cohort"]
    assert [change["kind"] for change in tiles[0]["changes"]] == ["同比"]


def test_a_year_ago_are_the_same_days_and_of_the_29th_of_february_the_28th() -> None:
    assert period_of("month", date(2026, 11, 22)).year_ago == Window(date(2025, 11, 1), date(2025, 11, 22))
    assert period_of("custom", date(2026, 11, 22), date(2028, 2, 29), date(2028, 3, 1)).year_ago == Window(
        date(2027, 2, 28), date(2027, 3, 1)
    )
