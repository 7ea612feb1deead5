"""The demonstration's grid worker finds a lively day on the phone; made once."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.queries import actor_for
from cases.models import HandOver
from cases.phone.today import Day, sections_of
from governance_portal.demo import phone
from tests.demo.conftest import Demo


@pytest.mark.usefixtures("db")
def test_the_grid_worker_has_a_matter_from_one_of_three_and_gave_one(demo: Demo) -> None:
    assert (phone.make(demo.now), phone.make(demo.now)) == (len(phone.MATTERS), 0)
    worker = actor_for(User.objects.get(username="grid_worker"), demo.now)
    day = {one.code: one.total for one in sections_of(Day(worker, demo.now))}
    assert (day["handed"], day["given"], day["mine"] >= len(phone.MATTERS)) == (1, 1, True)
    assert HandOver.objects.filter(taken_at__isnull=False).count() == 1
