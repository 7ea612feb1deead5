"""The demonstration of 探访, 帮扶转介, 民心台账 and 议事: alive, made once, on the demonstration's own ground and people."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from accounts.queries import actor_for
from cases.caring import helping
from cases.caring import queries as caring
from cases.councils import queries
from cases.models import CarePlan, CouncilMeeting
from governance_portal.demo import caring as demo_caring
from governance_portal.demo import councils as demo_councils
from governance_portal.demo.people import make_offices, make_people
from grids.demo import make_territory
from tests.cases.cast import MONDAY


@pytest.mark.usefixtures("db")
def test_its_desks_are_alive_and_made_once(settings: Any) -> None:
    settings.DEMO_PASSWORD = "Ping-lu-2026!"
    make_offices()
    make_people(MONDAY)
    make_territory(MONDAY, 234)
    assert (demo_caring.make(MONDAY), demo_caring.make(MONDAY)) == (10, 0)
    assert (demo_councils.make(MONDAY), demo_councils.make(MONDAY)) == (10, 0)
    worker, today = actor_for(User.objects.get(username="grid_worker"), MONDAY), date(2026, 11, 23)
    mine = caring.plans_of(worker)
    assert (mine.count(), caring.overdue(mine, today).count(), caring.to_go_on_with(worker).count()) == (7, 2, 1)
    assert CarePlan.objects.filter(ended_why="revoked", contact=None).count() == 1
    assert sorted(helping.visible_to(worker).values_list("state", flat=True)) == ["closed", "opened"]
    lawyer = actor_for(User.objects.get(username="legal_aid_1"), MONDAY)
    assert helping.visible_to(lawyer).count() == 1
    assert [queries.of_tab(worker, tab, today).count() for tab in ("open", "late", "done")] == [5, 1, 3]
    assert queries.public_communities() == [("140603100001", 7)]
    assert sorted(CouncilMeeting.objects.values_list("signed_on", flat=True), key=str) == [date(2026, 10, 21), None]
    assert queries.decisions_to_do(worker).count() == 1
