"""How long matters took: mean, median and P90 by the nearest rank, without the time a clock stood still."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.models import Case
from cases.statistics import cells, durations
from cases.statistics.durations import Durations
from cases.statistics.windows import EVER
from tests.cases.cast import District, at

pytestmark = [pytest.mark.django_db, pytest.mark.both]
HOUR = timedelta(hours=1)


def settle(d: District, hours: int, **given: Any) -> None:
    """Accepted at eight and closed so many hours later."""
    case = d.register(now=at(23, 8), **given)
    d.move(case, "accept", "clerk", at(23, 8), category="A0102", level="general")
    late = at(23, 8) + hours * HOUR
    d.move(case, "resolve_on_spot", "clerk", late, result="已办", outcome="answered", reply="已答复。")
    d.move(case, "confirm", "follow_up", late, satisfaction=4, resolved=True, contacted=True)


def test_the_median_and_p90_are_times_of_real_cases(district: District) -> None:
    for hours in (1, 2, 3, 10):
        settle(district, hours)
    settle(district, 7, channel="department")
    by_channel = durations.by(Case.objects.order_by(), "channel", EVER)
    assert by_channel == {
        "window": Durations(4, 4 * HOUR, 2 * HOUR, 10 * HOUR),
        "department": Durations(1, 7 * HOUR, 7 * HOUR, 7 * HOUR),
    }
    assert durations.overall(Case.objects.order_by(), EVER) == Durations(5, 4.6 * HOUR, 3 * HOUR, 10 * HOUR)


def test_of_nothing_there_is_no_time(district: District) -> None:
    district.register()
    assert durations.overall(Case.objects.order_by(), EVER) == Durations(0, None, None, None)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 分钟"), (59, "59 分钟"), (60, "1.0 小时"), (90, "1.5 小时"), (24 * 60, "1.0 天"), (84 * 60, "3.5 天")],
)
def test_a_time_is_told_in_the_unit_people_would_use(minutes: int, words: str) -> None:
    assert cells.time_words(timedelta(minutes=minutes)) == words
    assert cells.time_words(None) == "—"
