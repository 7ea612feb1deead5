"""The demonstration of 剔除: requests of invented departments, made through the doors, once, the same each time."""

from __future__ import annotations

import pytest

from cases.models import RankingExclusion
from governance_portal.demo import ranking
from tests.demo.conftest import Demo


@pytest.mark.usefixtures("db")
def test_one_is_granted_one_refused_one_waits(demo: Demo) -> None:
    assert (ranking.make(demo.now), ranking.make(demo.now)) == (3, 0)
    rows = RankingExclusion.objects.order_by("pk")
    assert list(rows.values_list("figure", "ground", "stage")) == [
        ("on_time", "force_majeure", "granted"),
        ("satisfied", "not_ours", "refused"),
        ("on_time", "wrong_data", "open"),
    ]
    assert all(row.decided_by_id != row.asked_by_id for row in rows)
