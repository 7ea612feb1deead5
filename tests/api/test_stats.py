"""`stats/`: the board's figures over the API, within the caller's sight."""

from typing import Any

import pytest

from accounts.choices import Role
from cases.statistics.counting import TOLD
from tests.api.conftest import Phones
from tests.api.phone import register
from tests.cases.cast import COMMUNITY, DISTRICT, STREET, District, at

pytestmark = pytest.mark.django_db

CALLS = (
    *("overview", "trend", "by-category", "by-area", "by-unit"),
    *("by-channel", "by-level", "durations", "stock"),
)


def test_an_overview_has_every_figure_and_rate_of_the_contract(phones: Phones) -> None:
    accepted = register(phones("clerk"))["number"]
    register(phones("clerk"), description="楼道堆放杂物，请清理。")
    phones("clerk").move(accepted, "accept", category="A0102", level="general")
    answer: dict[str, Any] = phones("centre_lead").get("stats/overview/").json()
    counts = {name: answer.pop(name) for name in TOLD}
    assert counts == {
        **{"registered": 2, "accepted": 1, "closed": 0, "ended": 0, "open": 1, "due_soon": 0, "overdue": 0},
        **{"today_registered": 2, "today_accepted": 1, "today_closed": 0},
    }
    nothing = {"value": None, "numerator": 0, "denominator": 0}
    assert answer == {
        "closure_rate": {"value": 0.0, "numerator": 0, "denominator": 1},
        "on_time_rate": nothing,
        "resolution_rate": nothing,
        "satisfaction_rate": nothing,
    }


def test_a_window_keeps_the_cohort_and_not_today(phones: Phones) -> None:
    register(phones("clerk"))
    answer = phones("centre_lead").get("stats/overview/?from=2020-01-01&to=2020-12-31").json()
    assert (answer["registered"], answer["today_registered"]) == (0, 1)


def test_rows_have_names_and_codes(phones: Phones) -> None:
    number = register(phones("clerk"))["number"]
    phones("clerk").move(number, "accept", category="A0102", level="general")
    leader = phones("centre_lead")
    assert [(row["code"], row["name"], row["accepted"]) for row in leader.get("stats/by-area/").json()] == [
        (STREET, "井坪镇", 1)
    ]
    assert [(row["code"], row["parent"]) for row in leader.get("stats/by-category/").json()] == [("A0102", "A01")]
    assert [(row["code"], row["name"]) for row in leader.get("stats/by-unit/").json()] == [("", "尚未分流")]
    trend = leader.get("stats/trend/").json()
    assert (len(trend), trend[-1]["registered"], trend[-1]["accepted"]) == (30, 1, 1)


def test_figures_stay_within_ones_sight(district: District, phones: Phones) -> None:
    district.person("street_lead", "街道领导", Role.LEADER, "street", STREET)
    for call in CALLS:
        assert phones("street_lead").get(f"stats/{call}/?area={COMMUNITY}").status_code == 200
        assert phones("street_lead").get(f"stats/{call}/?area={DISTRICT}").status_code == 404
        assert phones("handler").get(f"stats/{call}/").status_code == 403
        assert phones("").get(f"stats/{call}/").status_code == 401


@pytest.mark.parametrize("query", ["from=x", "to=2026-02-30", "from=2026-11-22&to=2026-11-21", "from=0001-01-01"])
def test_days_that_are_none_are_told(phones: Phones, query: str) -> None:
    answer = phones("centre_lead").get(f"stats/overview/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_figure_narrows_list_and_count_alike(phones: Phones) -> None:
    number = register(phones("clerk"))["number"]
    register(phones("clerk"), description="楼道堆放杂物，请清理。")
    phones("clerk").move(number, "accept", category="A0102", level="general")
    leader = phones("centre_lead")
    assert leader.get("cases/count/?figure=open").json() == {"count": 1}
    assert [row["number"] for row in leader.get("cases/?figure=open").json()["results"]] == [number]
    assert leader.get("cases/count/?figure=registered&from=2020-01-01&to=2020-12-31").json() == {"count": 0}
    assert leader.get("cases/count/?from=2020-01-01&to=2020-12-31").json() == {"count": 0}
    assert leader.get("cases/count/?figure=nonsense").status_code == 400


def test_sources_levels_times_and_stock_are_told_like_the_rest(district: District, phones: Phones) -> None:
    case = district.register(now=at(2, 8))
    district.move(case, "accept", "clerk", at(2, 9), category="A0102", level="general")
    district.move(case, "resolve_on_spot", "clerk", at(2, 11), result="已办", outcome="answered", reply="已答复。")
    district.move(case, "confirm", "follow_up", at(2, 12), satisfaction=4, resolved=True, contacted=True)
    district.register(now=at(3, 8), channel="department")
    leader = phones("centre_lead")
    days = "?from=2026-11-02&to=2026-11-03"
    assert [
        (row["code"], row["name"], row["registered"], row["closure_rate"]["value"])
        for row in leader.get(f"stats/by-channel/{days}").json()
    ] == [("department", "部门移交", 1, None), ("window", "窗口来访", 1, 100.0)]
    assert [(row["code"], row["name"], row["closed"]) for row in leader.get(f"stats/by-level/{days}").json()] == [
        ("general", "一般（蓝）", 1),
        ("", "尚未定级", 0),
    ]
    assert leader.get(f"stats/durations/{days}").json() == {"count": 1, "mean": 10800, "median": 10800, "p90": 10800}
    assert leader.get("stats/durations/?from=2020-01-01&to=2020-01-02").json() == {
        **{"count": 0, "mean": None},
        **{"median": None, "p90": None},
    }
    assert leader.get(f"stats/stock/{days}").json() == {
        **{"stock_start": 0, "stock_new": 1, "stock_closed": 1},
        **{"stock_ended": 0, "stock_end": 0},
    }
