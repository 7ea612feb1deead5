"""Ten walk-ins in a real browser by keyboard alone, each with its receipt: keys and decisions counted, no watch."""

import statistics

import pytest

from bench.walk_ins import TEN, Clerk, Ground, serve
from cases.models import Case, Visit
from tests.pages.conftest import Town

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
GROUND = Ground(community="胜利社区", heating="gr", housing="zf")
#: Nobody at the window presses more keys than these, the story aside, or makes more decisions.
MOST_KEYS, MEDIAN_KEYS, MOST_DECISIONS = 110, 75, 8


@pytest.fixture(scope="module")
def matters(town: Town) -> list[Case]:
    """The ten matters, in order."""
    district = town.district
    district.units["heating"].phone = "0349-6021000"
    district.units["heating"].save()
    found = serve(Clerk(town.enter("clerk"), GROUND))
    for tally in found:
        print(f"{tally.name}: {tally.keys} keys, {tally.decisions} decisions, waits {tally.waits:.2f} s")
    assert statistics.median(tally.keys for tally in found) <= MEDIAN_KEYS
    assert max(tally.keys for tally in found) <= MOST_KEYS
    assert max(tally.decisions for tally in found) <= MOST_DECISIONS
    assert town.troubles == []
    return [Case.objects.get(number=tally.number) for tally in found]


def test_each_of_ten_gets_a_number_and_stands_where_the_clerk_put_it(matters: list[Case]) -> None:
    assert [(case.kind, case.status, case.category_code, case.level) for case in matters] == [
        ("dispute", "accepted", "0202", "general"),
        ("dispute", "accepted", "0705", "serious"),
        ("appeal", "accepted", "A0102", "major"),
        ("appeal", "accepted", "A0102", "general"),
        ("appeal", "declined", "A0102", "general"),
        ("hazard", "accepted", "H0301", "general"),
        ("appeal", "accepted", "A0502", "general"),
        ("hazard", "registered", "H0101", "urgent"),
        ("consultation", "follow_up", "C0203", "general"),
        ("appeal", "accepted", "A1201", "general"),
    ]
    assert len(matters) == len(TEN)


def test_who_came_is_kept_as_it_was(matters: list[Case]) -> None:
    roles = [list(case.parties.order_by("position").values_list("role", flat=True)) for case in matters]
    assert roles[:2] == [["person", "person"], ["representative", "representative"]]
    assert (roles[5], roles[6]) == ([], ["agent", "principal"])
    assert [case.visitor_count for case in matters[:2]] == [2, 11]
    assert (matters[0].willing_to_mediate, matters[5].anonymous) == (True, True)
    assert (matters[9].confidential, matters[9].nature, matters[9].complained_unit.code) == (True, "conduct", "housing")  # type: ignore[union-attr]


def test_the_repeat_is_a_decision_of_a_human_and_counted_as_one(matters: list[Case]) -> None:
    assert matters[3].events.get(kind="register").data["related"] == [
        {"number": matters[2].number, "relation": "duplicate"}
    ]
    assert Visit.objects.filter(repeat=True).count() == 1


def test_who_went_to_the_wrong_office_takes_home_where_to_turn(matters: list[Case], town: Town) -> None:
    instead = matters[4].events.get(kind="decline").data["instead"]
    assert instead == "请到区供热服务站\n电话：0349-6021000"


def test_the_urgent_one_was_told_at_once(matters: list[Case]) -> None:
    assert matters[7].events.get(kind="register").data["told"] == ["孙主任（中心负责人）", "老周（分流员）"]
