"""How long matters take: off the kept counts in the same words as off the rows, without the time they were suspended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case
from cases.statistics import counting, durations
from cases.statistics.cells import time_words
from cases.statistics.compacting import compact
from cases.statistics.durations import NONE, Durations
from cases.statistics.spans import by, handled, of_cells
from cases.statistics.verifying import verify
from cases.statistics.windows import EVER
from tests.cases.cast import COMMUNITY, DISTRICT, MONDAY, District, at
from tests.statistics.test_counting import settled

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SECONDS = (0, 59, 60, 3599, 3600, 3779, 3780, 86219, 86220, 86399, 86400, 90719, 90720, 259_199, 1_000_000)


def test_median_and_p90_are_told_in_the_words_of_the_rows(district: District) -> None:
    case = settled(district, district.register())
    actor = district.actor("centre_lead")
    for seconds in SECONDS:
        Case.objects.filter(pk=case.pk).update(handled_seconds=seconds)
        assert verify().first == ()
        told = handled(counting.cases_of(actor, DISTRICT, MONDAY), EVER, MONDAY)
        assert told.median is not None and told.p90 is not None
        exact = timedelta(seconds=seconds)
        assert (told.count, told.mean, time_words(told.median), time_words(told.p90)) == (
            *(1, exact),
            *(time_words(exact),) * 2,
        )
        compact()


def test_the_rows_summed_up_by_the_database_are_told_in_the_words_of_the_rows(district: District) -> None:
    d = district
    for seconds in SECONDS:
        case = settled(d, d.register(kind="dispute" if seconds % 7 else "appeal", description="邻里纠纷。"))
        Case.objects.filter(pk=case.pk).update(handled_seconds=seconds)
    rows = Case.objects.order_by()
    found = by(rows, ("kind", "level"), EVER)
    for column in ("kind", "level"):
        exact = durations.by(rows, column, EVER)
        assert {
            value: (told.count, told.mean, time_words(told.median), time_words(told.p90))
            for value, told in found[column].items()
        } == {
            value: (told.count, told.mean, time_words(told.median), time_words(told.p90))
            for value, told in exact.items()
        }
    assert len(found["kind"]) == 2


def test_the_nearest_rank_of_ten_and_of_none() -> None:
    cells = [(60 * n, 1, 60 * n) for n in range(10, 0, -1)]
    minutes = timedelta(minutes=1)
    assert of_cells(cells) == Durations(10, 5.5 * minutes, 5 * minutes, 9 * minutes)
    assert of_cells([(60, 0, 0)]) == NONE


def test_a_pause_is_not_handling(district: District) -> None:
    d, case = district, district.register()
    d.move(case, "accept", "clerk", category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler")
    d.move(case, "suspend", "housing_lead", at(24), reason="appraisal", expected_end="2026-12-10")
    d.move(case, "resume", "handler", at(26))
    d.move(case, "resolve", "handler", at(27), result="已办", outcome="fulfilled", reply="已办。")
    d.move(case, "approve", "supervisor", at(27))
    case = d.move(case, "confirm", "follow_up", at(27), satisfaction=4, resolved=True, contacted=True)
    assert case.handled_seconds == 2 * 86400
    told = handled(counting.cases_of(d.actor("centre_lead"), COMMUNITY, at(28)), EVER, at(28))
    assert told == Durations(1, timedelta(days=2), timedelta(days=2), timedelta(days=2))
