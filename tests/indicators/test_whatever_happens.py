"""Anybody presses anything: the indicators' figures are what a second reading of the histories says."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from cases.models import Case
from cases.statistics.figures import INDICATED, condition
from cases.statistics.windows import EVER, Window
from tests.cases.test_state_machine import Portal, stage
from tests.indicators.second import recounted

__all__ = ["stage"]

pytestmark = [pytest.mark.django_db, pytest.mark.both]

WINDOWS = (EVER, Window(date(2026, 11, 30), date(2026, 12, 6)))


class Indicated(Portal):
    """After each press every figure of the indicators is what the histories say."""

    @invariant()
    def the_figures_are_those_of_the_histories(self) -> None:
        for window in WINDOWS:
            wanted = {name: Count("pk", filter=condition(name, window, self.now)) for name in INDICATED}
            found = Case.objects.order_by().aggregate(**wanted)
            assert found == recounted(Case.objects.all(), window, self.now), self.trace


def test_the_indicators_are_a_recount_of_the_histories_whatever_is_pressed(
    stage: None, db: None, long_run: bool
) -> None:
    run_state_machine_as_test(
        Indicated,
        settings=settings(
            max_examples=300 if long_run else 3,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
