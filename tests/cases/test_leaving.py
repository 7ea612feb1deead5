"""Somebody leaves: nothing that was in hand stays in nobody's."""

from datetime import date

import pytest

from accounts.services import hand_over, leave
from cases.models import Case
from governance_portal.lib.errors import Incomplete, NotNow
from tests.cases.cast import District, at


def in_hand(district: District) -> Case:
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
    return district.move(case, "sign", "handler", at(23, 11))


def test_somebody_with_a_case_in_hand_cannot_leave_before_it_is_handed_over(district: District) -> None:
    case = in_hand(district)
    handler, colleague = district.people["handler"], district.people["handler2"]
    with pytest.raises(NotNow) as refused:
        leave(None, handler, on=date(2026, 11, 24), now=at(24))
    assert refused.value.detail == "老李还有 1 件未办结的事项，请先办结，或者交接给同单位的人员。"
    leave(None, handler, on=date(2026, 11, 24), now=at(24), to_user=colleague)
    case.refresh_from_db()
    last = case.events.order_by("-seq")[0]
    assert (case.handler, last.kind, last.actor_name, last.data["note"]) == (colleague, "assign", "时钟", "离岗交接")


def test_a_case_is_not_handed_to_somebody_of_another_unit(district: District) -> None:
    case = in_hand(district)
    with pytest.raises(Incomplete):
        hand_over(None, from_user=district.people["handler"], to_user=district.people["handler_other"], now=at(24))
    case.refresh_from_db()
    assert (case.handler, case.events.count()) == (district.people["handler"], 4)
