"""The bench's databases are filled past the triggers and counted once: what comes out must be what the triggers keep."""

from __future__ import annotations

import pytest
from django.db import connection

from bench import generating
from cases.models import TallyCount, TallyDelta
from cases.statistics.compacting import compact
from cases.statistics.verifying import verify
from tests.cases.cast import GRID, OTHER_STREET, District, at
from tests.statistics.test_counting import settled

pytestmark = [pytest.mark.django_db, pytest.mark.services]
CELL = ("cube", "area", "grain", "start", "key", "registered", "closed_in", "handled_seconds", "judged", "on_time")


@pytest.fixture
def town(district: District) -> District:
    """Cases that lie in a street, a community and a grid, open and closed, in two months."""
    if connection.vendor != "postgresql":
        pytest.skip("COPY 和 SET LOCAL 只有 PostgreSQL 有")
    district.register(place={"area": OTHER_STREET, "address": "路口"})
    district.register(place={"grid": GRID}, now=at(24, 9, 0, month=10))
    settled(district, district.register())
    settled(district, district.register(kind="dispute", description="邻居两家因滴水檐争执。"), outcome="agreed")
    return district


def test_days_summed_up_into_larger_areas_and_months_are_what_the_triggers_kept(town: District) -> None:
    while compact():
        pass
    kept = list(TallyCount.objects.order_by(*CELL[:5]).values_list(*CELL))
    assert {row[2] for row in kept} == {"day", "month"}
    TallyCount.objects.all().delete()
    generating._count()
    counted = list(TallyCount.objects.order_by(*CELL[:5]).values_list(*CELL))
    nothing = (0,) * 5
    assert [row for row in counted if row[5:] != nothing] == [row for row in kept if row[5:] != nothing]
    assert (TallyDelta.objects.count(), verify().number) == (0, 0)


def test_who_has_counted_does_not_count_again(town: District) -> None:
    compact()
    before = TallyCount.objects.count()
    assert (generating._count(), TallyCount.objects.count()) == (0.0, before)
