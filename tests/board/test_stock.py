"""存量、新增、化解: the waterfall holds to the case, whatever became of the matters, and each step opens its cases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.http import QueryDict

from cases.filters import CaseFilter
from cases.models import Case
from cases.statistics import counting, stock
from cases.statistics.windows import EVER, Window
from tests.cases.cast import DISTRICT, District, at
from tests.statistics.test_counting import brought_over, freeze

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LATER = at(30)


def taken(d: District, day: int) -> Case:
    """Accepted on a day of November."""
    case = d.register(now=at(day))
    return d.move(case, "accept", "clerk", at(day, 10), category="A0102", level="general")


def closed(d: District, case: Case, day: int) -> Case:
    """Settled at the window and confirmed on a day of November."""
    d.move(case, "resolve_on_spot", "clerk", at(day, 11), result="已办", outcome="answered", reply="已答复。")
    return d.move(case, "confirm", "follow_up", at(day, 12), satisfaction=4, resolved=True, contacted=True)


@pytest.fixture
def month(district: District) -> District:
    """Every fate there is, on known days."""
    d = district
    taken(d, 2)  # open ever since
    closed(d, taken(d, 2), 4)
    closed(d, taken(d, 3), 9)
    d.move(taken(d, 3), "withdraw", "clerk", at(9), note="不办了")
    d.move(taken(d, 4), "decline", "dispatcher", at(9, 15), reason="N7", instead="区供热站")
    d.move(d.register(now=at(4)), "decline", "clerk", at(5), reason="N7", instead="区供热站")  # never accepted
    d.move(taken(d, 4), "merge", "dispatcher", at(10), master=taken(d, 4).number)
    reopened = closed(d, taken(d, 5), 6)
    d.move(reopened, "reopen", "supervisor", at(9), reason="诉求人反映未解决")
    brought_over(d, closed_at="2026-11-05T10:00:00+08:00")
    return d


def counted(first: int, last: int, now: datetime = LATER) -> list[int]:
    """The five figures of some days of November."""
    window = Window(date(2026, 11, first), date(2026, 11, last))
    return list(stock.counted(Case.objects.order_by(), window, now).values())


def test_each_fate_stands_in_its_step(month: District) -> None:
    assert {days: counted(*days) for days in ((1, 1), (2, 4), (5, 8), (9, 9), (10, 30), (1, 30))} == {
        (1, 1): [0, 0, 0, 0, 0],
        (2, 4): [0, 7, 1, 0, 6],
        (5, 8): [6, 1, 0, 0, 7],  # the one that was reopened since has been open all the time
        (9, 9): [7, 0, 1, 2, 4],
        (10, 30): [4, 0, 0, 1, 3],
        (1, 30): [0, 8, 2, 3, 3],
    }


def test_the_identity_holds_over_any_days(month: District) -> None:
    for first in range(1, 12):
        for length in (0, 1, 4, 9):
            start, new, over, ended, end = counted(first, first + length)
            assert start + new - over - ended == end, (first, length)
            assert counted(first + length + 1, 30)[0] == end, (first, length)


def test_the_kept_counts_tell_the_same_steps_in_one_statement(
    month: District, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    scope = counting.cases_of(month.actor("centre_lead"), DISTRICT, LATER)
    windows = [Window(date(2026, 11, first), date(2026, 11, last)) for first in (1, 2, 5, 9, 10) for last in (10, 30)]
    for window in [*windows, EVER, Window(None, date(2026, 11, 8)), Window(date(2026, 11, 8), None)]:
        with django_assert_num_queries(1):
            told = stock.counted(scope, window, LATER)
        assert told == stock.counted(scope.rows, window, LATER), window


def test_without_days_everything_is_new_and_what_lies_open_is_left(month: District) -> None:
    assert list(stock.counted(Case.objects.order_by(), EVER, LATER).values()) == [0, 8, 2, 3, 3]


@pytest.mark.parametrize("name", stock.STOCK)
def test_each_step_opens_the_list_of_what_it_counts(month: District, name: str) -> None:
    asked = QueryDict(f"figure={name}&from=2026-11-09&to=2026-11-10&area={DISTRICT}")
    actor = month.actor("centre_lead")
    with freeze(LATER):
        reader = SimpleNamespace(actor=actor, GET=asked)
        listed = CaseFilter(asked, queryset=Case.objects.visible_to(actor, LATER), request=reader)
        assert listed.is_valid(), listed.errors
        window = Window(date(2026, 11, 9), date(2026, 11, 10))
        assert listed.qs.count() == stock.counted(Case.objects.order_by(), window, LATER)[name]


def test_the_archive_moves_no_step(month: District) -> None:
    before = counted(5, 9)
    late = LATER + timedelta(days=400)
    for case in Case.objects.filter(status__in=("closed", "declined", "merged")):
        month.move(case, "archive", "clock", late)
    assert counted(5, 9, late) == before
