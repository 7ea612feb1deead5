"""响应率、解决率、满意率、回访率、参评率: exact, each with its fraction; who was not reached is shown and not in the denominator."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from cases.following_up import services
from cases.models import Case, FollowUpPolicy
from cases.statistics.counting import follow_up_counts, follow_up_rates
from cases.statistics.figures import FOLLOW_UP, condition
from cases.statistics.windows import EVER, Window
from tests.cases.cast import District, at
from tests.statistics.recount import recount

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(desk: District, waiting: Callable[..., Case]) -> District:
    """Nine matters closed in November in every way, one that still waits."""

    def said(case: Case, satisfaction: int, resolved: bool) -> None:
        given = {"satisfaction": satisfaction, "resolved": resolved, "contacted": True}
        services.answered(case, given, actor=desk.actor("follow_up", at(24)), now=at(24))

    for satisfaction, resolved in ((5, True), (3, True), (2, False), (4, False)):
        said(waiting(), satisfaction, resolved)
    missed = waiting()
    for day in (24, 25):
        services.missed(missed, "next_morning", actor=desk.actor("follow_up", at(day)), now=at(day))
    services.unreached(missed, actor=desk.actor("follow_up", at(25, 10)), now=at(25, 10))
    own = waiting()
    desk.record(own, "rate", "resident", at(24), satisfaction=5, resolved=True)
    desk.move(own, "confirm", "resident", at(24), satisfaction=5, resolved=True)
    FollowUpPolicy.objects.update(share=0)
    desk.move(waiting(), "close_uncalled", "clock", at(26), ground="not_sampled")
    late = desk.register(now=at(2))
    desk.move(late, "accept", "clerk", at(2), category="A0102", level="general")
    desk.move(late, "dispatch", "dispatcher", at(2), lead_unit="housing", mode="forward")
    desk.move(late, "sign", "handler", at(2))
    desk.record(late, "contact", "handler", at(9), way="phone", reached=True)  # two working days were allowed
    desk.move(late, "resolve", "handler", at(9), result="已办", outcome="fulfilled", reply="已办。")
    desk.move(late, "approve", "supervisor", at(9))
    desk.move(late, "close_uncalled", "clock", at(26), ground="not_sampled")
    prompt = desk.register(now=at(23))
    desk.move(prompt, "accept", "clerk", at(23), category="A0102", level="general")
    desk.move(prompt, "dispatch", "dispatcher", at(23), lead_unit="housing", mode="forward")
    desk.move(prompt, "sign", "handler", at(23))
    desk.record(prompt, "contact", "handler", at(23, 11), way="phone", reached=True)
    desk.move(prompt, "resolve", "handler", at(23, 12), result="已办", outcome="fulfilled", reply="已办。")
    desk.move(prompt, "approve", "supervisor", at(23, 12))
    desk.move(prompt, "close_uncalled", "clock", at(26), ground="not_sampled")
    waiting()
    return desk


def test_every_rate_is_exact_and_says_its_fraction(town: District) -> None:
    found = follow_up_rates(Case.objects.all(), Window(at(1).date(), at(30).date()), at(27))
    told = {row["label"]: (row["value"], row["numerator"], row["denominator"]) for row in found}
    assert told == {
        "响应率": (Decimal("11.1"), 1, 9),
        "解决率": (Decimal("60.0"), 3, 5),
        "满意率": (Decimal("80.0"), 4, 5),
        "回访率": (Decimal("80.0"), 4, 5),
        "参评率": (Decimal("55.6"), 5, 9),
    }
    assert {row["unreached"] for row in found} == {1}


def test_each_figure_opens_the_cases_it_counts(town: District) -> None:
    counts = follow_up_counts(Case.objects.all(), EVER, at(27))
    opened = {one.name: Case.objects.filter(condition(one.name, EVER, at(27))).count() for one in FOLLOW_UP}
    assert {name: counts[name] for name in opened} == opened


def test_the_counts_are_those_of_a_recount_of_the_histories(town: District) -> None:
    counts, told = follow_up_counts(Case.objects.all(), EVER, at(27)), recount(Case.objects.all(), EVER, at(27))
    assert counts == {name: told[name] for name in counts}
    assert [name for name, number in counts.items() if not number] == []


def test_where_nothing_was_closed_there_is_no_rate(desk: District) -> None:
    found = follow_up_rates(Case.objects.all(), EVER, at(27))
    assert [(row["value"], row["denominator"]) for row in found] == [(None, 0)] * 5
