"""Sixteen press at once: a decision is one case, a visit is one visit; on SQLite's file and on PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.choices import Role
from cases.caring import plans, visiting
from cases.councils import meetings
from cases.models import CareVisit, Case
from governance_portal.lib.errors import NotNow
from tests.accounts.conftest import emptied_log  # noqa: F401  (a fixture)
from tests.caring.conftest import PLAN, WELL
from tests.cases.cast import COMMUNITY, MONDAY, District
from tests.cases.test_together import at_once, cast  # noqa: F401  (a fixture)
from tests.councils.conftest import DECISION, MEETING, MINUTES

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptied_log"),
]


@pytest.fixture
def town(cast: District) -> Iterator[District]:  # noqa: F811
    """The cast with real commits; what councils never give back is emptied afterwards, so that the database can be."""
    yield cast
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'cases_council%'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for table in ("cases_councildecision", "cases_councilmeeting"):
            cursor.execute(f"DELETE FROM {table}")
        for _name, sql in triggers:
            cursor.execute(sql)


def test_a_decision_that_two_people_press_is_one_case(town: District) -> None:
    town.person("community_lead", "吕书记", Role.HANDLER, "community", COMMUNITY, lead=True)
    town.person("grid_worker2", "小邓", Role.GRID_WORKER, "community", COMMUNITY)
    two = [town.actor(name) for name in ("grid_worker", "grid_worker2")]
    held = meetings.call_meeting(two[0], MEETING, now=MONDAY)[0]
    meetings.write_minutes(two[0], held.pk, MINUTES, now=MONDAY)
    decision = meetings.decide(two[0], held.pk, DECISION, now=MONDAY)
    meetings.sign(town.actor("community_lead"), held.pk, now=MONDAY)
    answers = at_once(lambda place: meetings.become_case(two[place % 2], decision.pk, "appeal", now=MONDAY))
    case = Case.objects.get()
    assert {(row.case_id) for row, _fresh in answers} == {case.pk}
    assert sum(fresh for _row, fresh in answers) == 1


def test_a_visit_that_two_people_write_down_is_one_visit(town: District) -> None:
    town.person("grid_worker2", "小邓", Role.GRID_WORKER, "community", COMMUNITY)
    two = [town.actor(name) for name in ("grid_worker", "grid_worker2")]
    plan = plans.agree(two[0], PLAN, now=MONDAY)[0]

    def send(place: int) -> Any:
        return visiting.visit(two[place % 2], str(plan.uid), WELL, now=MONDAY, client_id=f"k{place % 2}")

    answers = at_once(send)
    won = [one for one in answers if isinstance(one, visiting.Visited)]
    lost = [one for one in answers if isinstance(one, NotNow)]
    assert (len(won) + len(lost), sum(one.fresh for one in won), CareVisit.objects.count()) == (16, 1, 1)
    assert {one.detail for one in lost} == {visiting.ONCE}
