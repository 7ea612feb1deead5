"""Anybody presses anything: after each press the board counts what a plain recount over the histories counts."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from cases.models import Case
from cases.statistics import counting
from cases.statistics.figures import condition
from cases.statistics.windows import EVER, Window
from tests.cases.test_state_machine import Portal, stage
from tests.statistics.recount import recount

__all__ = ["stage"]

pytestmark = [pytest.mark.django_db, pytest.mark.both]

WINDOWS = (EVER, Window(date(2026, 11, 30), date(2026, 12, 6)))


class Counted(Portal):
    """Anybody presses anything; after each press every figure is what the histories say."""

    @invariant()
    def the_figures_are_those_of_the_histories(self) -> None:
        for window in WINDOWS:
            cases = Case.objects.order_by()
            counts = counting.overview(cases, window, self.now) | _flows(window, self.now)
            counts |= counting.follow_up_counts(cases, window, self.now)
            assert counts == recount(Case.objects.all(), window, self.now), self.trace
            assert counts["accepted"] == counts["closed"] + counts["ended"] + counts["open"]
            assert counts["due_soon"] + counts["overdue"] <= counts["open"]
            assert counts["on_time"] <= counts["due_closed"]


def _flows(window: Window, now: datetime) -> dict[str, int]:
    names = ("accepted_in", "closed_in")
    return {name: Case.objects.filter(condition(name, window, now)).count() for name in names}


def test_the_figures_are_a_recount_of_the_histories_whatever_is_pressed(stage: None, db: None, long_run: bool) -> None:
    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=500 if long_run else 6,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
