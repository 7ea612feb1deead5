"""The demonstration of 重复和热点: two groups wait for a decision, one joint matter has its pieces; made once."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.queries import actor_for
from cases.crowds import deciding
from cases.models import Crowd, SubItem
from cases.queries import registered_as
from governance_portal.demo import crowds
from tests.demo.conftest import Demo


@pytest.mark.usefixtures("db")
def test_two_groups_of_repeats_wait_and_a_joint_matter_has_its_pieces(demo: Demo) -> None:
    assert (crowds.make(demo.now), crowds.make(demo.now)) == (crowds.MATTERS, 0)
    made = registered_as("demo:crowds:")
    assert [case.status for case in made] == [*["registered"] * 5, "accepted", "merged", "merged"]
    dispatcher = actor_for(User.objects.get(username="dispatcher"), demo.now)
    ours = {case.pk: place for place, case in enumerate(made, 1)}
    pairs = deciding.waiting(dispatcher, demo.now).filter(case__in=ours, other__in=ours)
    assert sorted((ours[pair.case_id], ours[pair.other_id]) for pair in pairs) == [(2, 1), (3, 1), (3, 2), (5, 4)]
    crowd = Crowd.objects.get(case=made[5])
    assert (crowd.name, crowd.measure) == ("古城社区东区单元门更换", "樘")
    pieces = SubItem.objects.filter(case=made[5])
    assert (pieces.count(), pieces.filter(done_at__isnull=False).count()) == (12, 4)
