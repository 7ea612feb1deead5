"""What another room computes is read from there; what clusters where is counted here."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cases.hall.visits import seen_by, totals_of
from cases.hazards.queries import Sift, figures_of
from cases.indicators.computing import value_of, words_of
from cases.indicators.counting import clusters
from cases.indicators.registry import INDICATORS
from cases.indicators.shapes import Question, Value
from cases.statistics.counting import cases_of
from cases.statistics.windows import Window
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, MONDAY, District

pytestmark = pytest.mark.django_db

TODAY = MONDAY.date()
THESE_DAYS = Window(TODAY - timedelta(days=6), TODAY)
BEFORE = Window(TODAY - timedelta(days=13), TODAY - timedelta(days=7))


@pytest.fixture
def town(district: District) -> District:
    """Three matters of heating in one grid, one of them by six people, a fourth in no grid, a hazard; one a week ago."""
    for visitors, place in ((6, {"grid": GRID}), (1, {"grid": GRID}), (1, {"grid": GRID}), (1, {"area": COMMUNITY})):
        case = district.register(visitor_count=visitors, place=place)
        district.move(case, "accept", "clerk", category="A0102", level="general")
    hazard = {"kind": "hazard", "channel": "grid", "place": {"grid": GRID}, "reporters": [], "anonymous": True}
    district.register("grid_worker", description="燃气灶没有熄火保护装置。", **hazard)
    earlier = MONDAY - timedelta(days=7)
    case = district.register(now=earlier, place={"grid": GRID})
    district.move(case, "accept", "clerk", earlier, category="A0102", level="general")
    return district


def asked(d: District, who: str = "centre_lead", area: str = DISTRICT, window: Window = THESE_DAYS) -> Question:
    """A question as the page puts it."""
    return Question(cases_of(d.actor(who), area, MONDAY), window)


def test_visits_are_those_of_the_register(town: District) -> None:
    question = asked(town)
    totals = totals_of(seen_by(question.actor, TODAY - timedelta(days=6), TODAY))
    assert (totals.visits, totals.people, totals.joint) == (4, 9, 1)
    assert [value_of(INDICATORS[code], question) for code in ("visits", "visitors", "joint_share")] == [
        Value(4),
        Value(9),
        Value(Decimal("25.0"), 1, 4),
    ]


def test_hazards_are_those_of_the_ledger(town: District) -> None:
    question = asked(town)
    ledger = figures_of(question.actor, Sift(first=THESE_DAYS.first, last=THESE_DAYS.last), MONDAY)
    value = value_of(INDICATORS["hazard_rate"], question)
    assert (value.numerator, value.denominator) == (ledger["closed"], ledger["found"]) == (0, 1)
    assert value_of(INDICATORS["hazards_overdue"], question).number == ledger["overdue"] == 0
    of_grid = value_of(INDICATORS["hazard_rate"], asked(town, area=GRID))
    assert (of_grid.denominator, of_grid.opens) == (1, ("", ""))


def test_who_is_not_shown_a_room_is_told_so(town: District) -> None:
    told = {code: value_of(INDICATORS[code], asked(town)).why for code in ("hot_matters", "gas_households")}
    assert told == {"hot_matters": "您的岗位不看这一项。", "gas_households": "没有登记过入户安检的户数。"}
    assert value_of(INDICATORS["hot_matters"], asked(town, "dispatcher")).number == 1
    assert value_of(INDICATORS["hot_matters"], asked(town, "dispatcher", area="140603101")).number == 0


def test_concentration_is_the_share_of_the_largest_pairs_of_category_and_grid(town: District) -> None:
    question = asked(town)
    value = value_of(INDICATORS["concentration"], question)
    assert (value.numerator, value.denominator) == (3, 3)
    found = clusters(question.scope, THESE_DAYS, BEFORE, MONDAY)
    assert [(row.category, row.grid, row.grid_name, row.count, row.before) for row in found] == [
        ("A0102", GRID, "胜利社区第一网格", 3, 1)
    ]


def test_what_was_accepted_is_compared_with_before_and_a_year_ago(town: District) -> None:
    before = value_of(INDICATORS["accepted_before"], asked(town))
    assert (words_of(INDICATORS["accepted_before"], before), before.numerator, before.denominator) == ("+300.0 %", 4, 1)
    year_ago = value_of(INDICATORS["accepted_year_ago"], asked(town))
    assert (words_of(INDICATORS["accepted_year_ago"], year_ago), year_ago.why) == ("—", "基数为 0。")
    for code in ("accepted_before", "accepted_year_ago"):
        assert value_of(INDICATORS[code], asked(town, window=Window())).why == "没有选定起止日期。"


def test_a_page_asks_as_often_for_one_matter_as_for_thirty(
    town: District, django_assert_max_num_queries: object
) -> None:
    counted = []
    for _ in range(3):  # the first fills what a process keeps
        with django_assert_max_num_queries(60) as asked_for:  # type: ignore[operator]
            question = asked(town)
            for one in INDICATORS.values():
                value_of(one, question)
        counted.append(len(asked_for))
        for _more in range(3):
            case = town.register(place={"grid": GRID})
            town.move(case, "accept", "clerk", category="A0102", level="general")
    assert counted[1] == counted[2]
