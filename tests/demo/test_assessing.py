"""The demonstration of 网格考核: a decided quarter with one appeal when there is something to appeal about; made once."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.queries import actor_for
from cases.assessing import cards
from cases.models import AssessmentRound, GridGrade
from governance_portal.demo import assessing
from tests.demo.conftest import Demo


@pytest.mark.usefixtures("db")
def test_a_quarter_is_decided_another_class_waits_and_a_worker_reads_his_own_grids(demo: Demo) -> None:
    assert (assessing.make(demo.now), assessing.make(demo.now)) == (2, 0)
    rows = AssessmentRound.objects.order_by("work_class").values_list("quarter", "work_class", "stage")
    assert list(rows) == [
        ("2026Q3", "community", "decided"),
        ("2026Q3", "village", "draft"),
    ]
    decided = AssessmentRound.objects.get(work_class="community")
    assert GridGrade.objects.count() == decided.assessments.filter(corrected__isnull=True).count() > 0
    worker = actor_for(User.objects.get(username="grid_worker"), demo.now)
    running = cards.running(worker, demo.now, cards.duties_of(worker))
    assert {row["quarter"].code for row in running} == {"2026Q4"}
