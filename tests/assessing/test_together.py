"""Sixteen at once on PostgreSQL: one round, one appeal, one next version of a plan; nobody meets a crash."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from cases import policies
from cases.assessing import appeals, services
from cases.assessing.plans import publish
from cases.models import Appeal, AppealStep, AssessmentPlan, AssessmentRound, GridAssessment
from governance_portal.lib.errors import NotNow
from tests.accounts.conftest import emptied_log  # noqa: F401
from tests.assessing.conftest import AFTER, LATE, handled, with_grids
from tests.assessing.test_course import NEXT, WORDS, answered, appealed
from tests.cases.cast import GRID, District, at, build_district
from tests.cases.test_together import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(emptied_log: None) -> Iterator[District]:  # noqa: F811
    """The cast with real commits."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 一次只有一个写入者")
    policies.forget()
    yield with_grids(build_district())


def test_a_quarter_is_computed_once_and_an_appeal_stands_once(cast: District) -> None:
    actors = [cast.actor(name, AFTER) for name in ("supervisor", "supervisor2")]
    answers = at_once(lambda i: services.begin(actors[i % 2], "2026Q4", "community", now=AFTER))
    kinds = [type(answer).__name__ for answer in answers]
    assert (kinds.count("AssessmentRound"), kinds.count("NotNow")) == (1, 15), answers
    assert (AssessmentRound.objects.count(), GridAssessment.objects.count()) == (1, 1)
    row = AssessmentRound.objects.get()
    services.show(actors[0], row.pk, now=AFTER)
    worker = cast.actor("grid_worker", AFTER)
    answers = at_once(lambda _i: appeals.make(worker, row.pk, GRID, WORDS, now=AFTER))
    assert sorted(made for _appeal, made in answers) == [False] * 15 + [True]
    assert (Appeal.objects.count(), AppealStep.objects.count()) == (1, 1)


def test_two_appeals_of_one_grid_confirmed_at_once_are_corrected_one_after_the_other(cast: District) -> None:
    handled(cast, rated=2, resolved=LATE)
    row = services.begin(cast.actor("supervisor", AFTER), "2026Q4", "community", now=AFTER)
    services.show(cast.actor("supervisor", AFTER), row.pk, now=AFTER)
    two = [answered(cast, appealed(cast, row, by)) for by in ("grid_worker", "community_lead")]
    lead = cast.actor("centre_lead", AFTER)
    answers = at_once(lambda i: appeals.confirm(lead, two[i % 2].pk, now=AFTER))
    kinds = [type(answer).__name__ for answer in answers]
    assert (kinds.count("Appeal"), kinds.count("NotNow")) == (2, 14), answers
    assert list(GridAssessment.objects.filter(grid_code=GRID).values_list("version", flat=True)) == [1, 2, 3]


def test_the_next_plan_is_published_once(cast: District) -> None:
    lead = cast.actor("centre_lead")
    answers = at_once(lambda _i: publish(NEXT, "community", lead, at(23)))
    assert [type(answer) for answer in answers].count(NotNow) == 15, answers
    assert AssessmentPlan.objects.filter(work_class="community").count() == 2
