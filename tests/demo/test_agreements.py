"""The demonstration's agreement: three instalments, one paid, one due in these days, 司法确认 applied for."""

from __future__ import annotations

from datetime import timedelta

from cases.models import Case, Deadline
from cases.services.integrity import faults
from governance_portal.demo import agreements
from tests.demo.conftest import Demo


def test_wages_in_three_instalments_are_watched_over_on_the_closed_case(demo: Demo) -> None:
    made = [agreements.make(demo.now), agreements.make(demo.now + timedelta(hours=5))]
    case = Case.objects.get(title="五名装修工人反映饭馆装修工钱没有结清")
    rows = Deadline.objects.filter(case=case, clock__in=("confirmation_by", "performance_by")).order_by(
        "started_at", "pk"
    )
    found = [(row.clock, row.period, row.running, row.met_at is not None) for row in rows]
    assert (made, case.status, case.outcome, case.instalments_open, list(faults())) == (
        [1, 0],
        "closed",
        "agreed",
        2,
        [],
    )
    assert found == [
        ("confirmation_by", 1, False, True),
        ("performance_by", 1, False, True),
        ("performance_by", 2, True, False),
        ("performance_by", 3, True, False),
    ]
    assert Deadline.objects.get(case=case, clock="performance_by", period=2).warn_at < demo.now
