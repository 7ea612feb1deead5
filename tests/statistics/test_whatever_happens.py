"""Anybody presses anything: after each press the board counts what a plain recount over the histories counts."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from accounts.queries import service_actor
from cases.models import Case
from cases.statistics import counting
from cases.statistics.compacting import compact
from cases.statistics.figures import condition
from cases.statistics.verifying import verify
from cases.statistics.windows import EVER, Window
from tests.cases.cast import COMMUNITY, DISTRICT
from tests.cases.test_state_machine import Portal, stage
from tests.statistics.against import differences
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

    @invariant()
    def the_kept_counts_are_those_of_the_rows(self) -> None:
        if len(self.trace) % 5 != 3:
            return
        scope = counting.cases_of(service_actor("clock"), DISTRICT, self.now)
        assert counting.overview(scope, EVER, self.now) == counting.overview(scope.rows, EVER, self.now), self.trace
        compact(5)

    def teardown(self) -> None:
        """Whatever was pressed, the counts are a recount of the rows."""
        if hasattr(self, "actors"):
            assert verify().first == (), self.trace
            assert differences(service_actor("clock"), (COMMUNITY,), WINDOWS[1:], self.now) == [], self.trace
        super().teardown()


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
