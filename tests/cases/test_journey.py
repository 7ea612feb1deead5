"""A matter goes all the way round between people with different rights."""

import pytest

from cases.fold import COLUMNS, fold
from cases.models import Case
from cases.policies import calendar
from governance_portal.lib.errors import NotNow, NotYou, NotYours
from tests.cases.cast import District, at

pytestmark = pytest.mark.both


def assert_row_is_folded(case: Case) -> None:
    case.refresh_from_db()
    state = fold(case.events.order_by("seq"), calendar())
    assert {name: getattr(case, name) for name in COLUMNS} == {name: getattr(state, name) for name in COLUMNS}


def test_a_walk_in_goes_out_closed_after_a_return_and_an_insistence(district: District) -> None:
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
    district.move(case, "return", "handler", at(23, 11), reason="not_ours", basis="供热归区供热服务站")
    district.move(case, "insist", "dispatcher", at(23, 14), note="职责清单第三条")
    district.move(case, "sign", "handler", at(23, 15))
    district.record(case, "contact", "handler", at(23, 16), way="phone", reached=True)
    district.move(
        case, "resolve", "handler", at(25), result="已更换循环泵", outcome="fulfilled", reply="暖气已恢复供热。"
    )
    district.move(case, "approve", "supervisor", at(25, 15))
    district.move(case, "confirm", "follow_up", at(26), satisfaction=5, resolved=True, contacted=True)
    case.refresh_from_db()
    assert (case.status, case.outcome, case.version, case.late) == ("closed", "fulfilled", 10, False)
    assert case.first_unit == district.units["housing"]
    assert [event.kind for event in case.events.order_by("seq")] == [
        *("register", "accept", "dispatch", "return", "insist"),
        *("sign", "contact", "resolve", "approve", "confirm"),
    ]
    assert_row_is_folded(case)


def test_somebody_without_the_post_is_refused_and_nothing_is_written(district: District) -> None:
    case = district.register()
    with pytest.raises(NotYou):
        district.move(case, "accept", "follow_up", category="A0102", level="general")
    with pytest.raises(NotYours):
        district.move(case, "accept", "handler", category="A0102", level="general")
    case.refresh_from_db()
    assert (case.status, case.version, case.events.count()) == ("registered", 1, 1)


def test_the_second_to_press_is_told_who_moved_it(district: District) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    with pytest.raises(NotNow) as refused:
        district.move(case, "accept", "clerk", category="A0102", level="general")
    assert (refused.value.current_status, refused.value.moved_by) == ("accepted", "小王")
