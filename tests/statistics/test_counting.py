"""The board counts what a plain recount over the histories counts, whatever has happened to the cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.http import QueryDict

from accounts.choices import Role
from cases.choices import OPEN
from cases.filters import CaseFilter
from cases.models import Case
from cases.statistics import counting, tables
from cases.statistics.figures import FIGURES, condition
from cases.statistics.windows import EVER, Window
from governance_portal.lib.errors import NotYou, NotYours
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, MONDAY, OTHER_STREET, STREET, District, at
from tests.statistics.recount import recount

pytestmark = [pytest.mark.django_db, pytest.mark.both]

THIS_WEEK = Window(date(2026, 11, 23), date(2026, 11, 29))


def settled(d: District, case: Case, **resolve: Any) -> Case:
    """Handle a case to its end within the hour."""
    d.move(case, "accept", "clerk", category="0101" if case.kind == "dispute" else "A0102", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler")
    d.move(case, "resolve", "handler", **{"result": "已办", "outcome": "fulfilled", "reply": "已办。", **resolve})
    d.move(case, "approve", "supervisor")
    return d.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)


def brought_over(d: District, **result: Any) -> Case:
    """A case another system has finished."""
    foreign = {"channel": "hotline", "foreign_source": "12345", "foreign_number": f"N{Case.objects.count()}"}
    given = {"source": "12345", "foreign_number": foreign["foreign_number"], **result}
    return d.move(d.register("integration", **foreign), "import_result", "integration", **given)


@pytest.fixture
def town(district: District) -> District:
    """One case of every fate."""
    d = district
    d.person("politics_lead", "政法委领导", Role.LEADER, "zfw")
    d.register(place={"area": OTHER_STREET, "address": "路口"})
    d.move(d.register(), "accept", "clerk", category="A0102", level="general")
    settled(d, d.register())
    settled(d, d.register(kind="dispute", description="邻居两家因滴水檐争执。"), outcome="agreed")
    settled(d, d.register(kind="dispute", description="兄弟分家析产。"), outcome="guided")
    d.move(d.register(), "decline", "clerk", reason="N7", instead="区供热站")
    accepted_then_declined = d.register()
    d.move(accepted_then_declined, "accept", "clerk", category="A0102", level="general")
    d.move(accepted_then_declined, "decline", "dispatcher", reason="N7", instead="区供热站")
    d.move(d.register(), "withdraw", "clerk", note="不办了")
    withdrawn = d.register()
    d.move(withdrawn, "accept", "clerk", category="A0102", level="general")
    d.move(withdrawn, "withdraw", "clerk", note="不办了")
    for told in ({"on_time": True}, {"on_time": False}, {"outcome": "answered"}, {}):
        brought_over(d, **told)
    return d


@pytest.mark.behaviour(21)
def test_every_fate_is_counted_once(town: District) -> None:
    counts = counting.overview(counting.cases_of(town.actor("centre_lead"), DISTRICT, MONDAY), EVER, MONDAY)
    assert {name: counts[name] for name in ("registered", "accepted", "closed", "ended", "open")} == {
        "registered": 13,
        "accepted": 10,
        "closed": 7,
        "ended": 2,
        "open": 1,
    }
    assert {name: tuple(rate.values()) for name, rate in counting.rates(counts).items()} == {
        "closure_rate": (Decimal("70.0"), 7, 10),
        "on_time_rate": (Decimal("80.0"), 4, 5),
        "resolution_rate": (Decimal("50.0"), 1, 2),
        "satisfaction_rate": (Decimal("100.0"), 3, 3),
    }


def test_the_archive_changes_no_figure_of_the_cohort(town: District) -> None:
    before = counting.overview(Case.objects.order_by(), EVER, MONDAY)
    later = MONDAY + timedelta(days=400)
    for case in Case.objects.exclude(status__in=OPEN):
        town.move(case, "archive", "clock", later)
    after = counting.overview(Case.objects.order_by(), EVER, later)
    cohort = [name for name in counting.COHORT if name not in ("due_soon", "overdue")]
    assert {name: after[name] for name in cohort} == {name: before[name] for name in cohort}
    assert after == {name: count for name, count in recount(Case.objects.all(), EVER, later).items() if name in after}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_opens_the_list_of_what_it_counts(town: District, name: str) -> None:
    now, actor = MONDAY + timedelta(hours=3), town.actor("centre_lead")
    cases = counting.cases_of(actor, STREET, now)
    followed = counting.follow_up_counts(cases, THIS_WEEK, now)
    counts = counting.overview(cases, THIS_WEEK, now) | _flows_of(cases.rows, now) | followed
    asked = QueryDict(f"figure={name}&from=2026-11-23&to=2026-11-29&area={STREET}")
    with freeze(now):
        reader = SimpleNamespace(actor=actor, GET=asked)  # who asks: lists by ratings are for some only
        listed = CaseFilter(asked, queryset=Case.objects.visible_to(actor, now), request=reader)
        assert listed.is_valid(), listed.errors
        assert listed.qs.count() == counts[name] == recount(cases.rows, THIS_WEEK, now)[name]


def _flows_of(cases: Any, now: datetime) -> dict[str, int]:
    return {name: cases.filter(condition(name, THIS_WEEK, now)).count() for name in ("accepted_in", "closed_in")}


@contextmanager
def freeze(now: datetime) -> Iterator[None]:
    """The list asks what time it is."""
    with patch("cases.statistics.filtering.timezone.now", return_value=now):
        yield


def test_an_area_is_what_lies_in_it_and_the_reader_may_see(town: District) -> None:
    lead = town.actor("centre_lead")
    everything = counting.overview(counting.cases_of(lead, DISTRICT, MONDAY), EVER, MONDAY)["registered"]
    streets = tables.areas(counting.cases_of(lead, DISTRICT, MONDAY), DISTRICT, EVER, MONDAY)
    assert [(row.code, row.name, row.counts["registered"]) for row in streets] == [
        (STREET, "井坪镇", everything - 1),
        (OTHER_STREET, "凤凰城镇", 1),
    ]
    communities = tables.areas(counting.cases_of(lead, STREET, MONDAY), STREET, EVER, MONDAY)
    assert [(row.code, row.name, row.counts["registered"]) for row in communities] == [
        (COMMUNITY, "胜利社区", everything - 1)
    ]


def test_the_grids_of_a_community_and_what_lies_in_none(district: District) -> None:
    district.register()
    district.register(place={"grid": GRID})
    cases = counting.cases_of(district.actor("centre_lead"), COMMUNITY, MONDAY)
    rows = tables.areas(cases, COMMUNITY, EVER, MONDAY)
    assert {(row.code, row.name): row.counts["registered"] for row in rows} == {
        (COMMUNITY, "未落到下一级"): 1,
        (GRID, "胜利社区第一网格"): 1,
    }


def test_what_a_reader_may_not_see_is_not_counted(town: District) -> None:
    """A complaint about the centre's own conduct is hidden from the centre's people, from its figures too."""
    town.register(complained_unit="centre", complaint_nature="conduct", description="窗口人员态度不好。")
    counted = [
        counting.overview(counting.cases_of(actor, DISTRICT, MONDAY), EVER, MONDAY)["registered"]
        for actor in (town.actor("centre_lead"), town.actor("politics_lead"))
    ]
    assert counted == [13, 14]


def test_units_and_categories_add_up_to_the_whole(town: District) -> None:
    cases = counting.cases_of(town.actor("centre_lead"), DISTRICT, MONDAY)
    whole = counting.overview(cases, EVER, MONDAY)
    units, categories = tables.units(cases, EVER, MONDAY), tables.categories(cases, EVER, MONDAY)
    for rows in (units, categories, tables.main_categories(categories)):
        names = (*counting.COHORT, *counting.DUE)
        assert {name: sum(row.counts[name] for row in rows) for name in names} == {name: whole[name] for name in names}
    assert {row.name: row.counts["closed"] for row in units} == {"区住房和城乡建设局": 3, "尚未分流": 4}


def test_a_trend_puts_each_moment_on_its_own_day(district: District) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", at(24, 0, 5), category="A0102", level="general")
    district.move(case, "resolve_on_spot", "clerk", at(24, 10), result="已办", outcome="answered", reply="已答复。")
    district.move(case, "confirm", "follow_up", at(25, 23, 59), satisfaction=4, resolved=True, contacted=True)
    rows = counting.trend(Case.objects.order_by(), Window(date(2026, 11, 23), date(2026, 11, 26)), "day")
    assert [(row["start"].day, row["registered"], row["accepted"], row["closed"]) for row in rows] == [
        (23, 1, 0, 0),
        (24, 0, 1, 0),
        (25, 0, 0, 1),
        (26, 0, 0, 0),
    ]


def test_over_rows_an_overview_costs_two_statements_and_a_table_three(
    town: District, django_assert_num_queries: Any
) -> None:
    cases = counting.cases_of(town.actor("centre_lead"), DISTRICT, MONDAY).rows
    with django_assert_num_queries(2):
        counting.overview(cases, THIS_WEEK, MONDAY)
    with django_assert_num_queries(1):
        counting.standing(cases, MONDAY)
    with django_assert_num_queries(3):
        tables.units(cases, THIS_WEEK, MONDAY)


def test_only_posts_with_sight_of_an_area_have_figures(district: District) -> None:
    assert counting.area_for(district.actor("centre_lead"), "") == DISTRICT
    assert counting.area_for(district.actor("centre_lead"), COMMUNITY) == COMMUNITY
    for username in ("handler", "grid_worker", "auditor"):
        with pytest.raises(NotYou):
            counting.area_for(district.actor(username), "")
    district.person("street_lead", "街道领导", Role.LEADER, "street", STREET)
    assert counting.area_for(district.actor("street_lead"), "") == STREET
    for elsewhere in (DISTRICT, OTHER_STREET, "140603999", "x"):
        with pytest.raises(NotYours):
            counting.area_for(district.actor("street_lead"), elsewhere)
