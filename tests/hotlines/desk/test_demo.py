"""The desk of the demonstration has something of everything, made through the doors, once."""

from __future__ import annotations

from collections import Counter

import pytest

from accounts.choices import Role
from governance_portal.demo import calls as demo
from hotlines.choices import CallBackState
from hotlines.desk import knowledge
from hotlines.models import CallBack, CallRecord, KnownAnswer
from tests.cases.cast import District, at, build_district

NOW = at(23, 15)


@pytest.fixture
def district(db: None) -> District:
    """The cast, with every unit that answers for something."""
    made = build_district()
    for code in {row.unit for row in demo.ANSWERS} - set(made.units):
        made.unit(code, f"演示单位{code}", "department")
    made.person("operator2", "小郑", Role.OPERATOR, "centre")
    return made


def test_twelve_answers_and_a_day_of_calls_are_made_once(district: District) -> None:
    made = [demo.make(NOW), demo.make(NOW)]
    assert made == [24, 0]
    assert (KnownAnswer.objects.count(), knowledge.in_force(NOW).count()) == (12, 11)
    assert Counter(CallRecord.objects.values_list("result", flat=True)) == {
        "answered": 5,
        "passed": 1,
        "dropped": 2,
        "missed": 3,
        "ringing": 1,
    }
    assert CallRecord.objects.filter(result="answered", answered_from__isnull=True).count() == 1
    owed = CallBack.objects.filter(state=CallBackState.OWED)
    assert sorted(owed.values_list("why", "missed")) == [("missed", 1), ("missed", 2), ("promised", 0)]
