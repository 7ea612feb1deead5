"""The demonstration's follow-up desk has something of everything, and a second run makes nothing."""

from __future__ import annotations

import pytest

from cases.following_up import chores, queries
from cases.following_up.risks import reasons_of
from cases.models import Case
from governance_portal.demo import following_up as demo
from tests.cases.cast import District, at

pytestmark = pytest.mark.django_db


def test_the_desk_of_the_demonstration_has_risks_one_missed_one_request_one_bad_rating_and_one_look_back(
    district: District,
) -> None:
    now = at(27, 15)
    assert (demo.make(now), demo.make(now)) == (len(demo.MATTERS), 0)
    caller, supervisor = district.actor("follow_up", now), district.actor("supervisor", now)
    rows = {row.case.title[:4]: (reasons_of(row), row.attempts) for row in queries.to_call(caller, now)}
    assert rows == {
        "供热站抢": (["重大", "被督办", "集体访"], 0),
        "小区东门": (["自评不满意"], 0),
        "高层自来": ([], 1),
        "地库车位": ([], 0),
    }
    assert [row.wanted for row in queries.redo_requests(supervisor, now)] == ["要求每天清运两次，并公示清运时间。"]
    assert sorted(row.verdict for row in queries.rectifications(supervisor, now)) == ["", "founded"]
    assert [row.days for row in queries.look_backs(caller, now)] == [30]
    assert chores.tell_looking_back(now) == 1
    assert Case.objects.count() == len(demo.MATTERS)
