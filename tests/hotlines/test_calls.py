"""A call becomes a case, joins one, or ends; the lines call the matter's door and no other."""

import pytest

from cases.models import Case
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from hotlines import services
from hotlines.choices import CallResult
from hotlines.models import CallRecord
from tests.cases.cast import COMMUNITY, District, at

pytestmark = pytest.mark.both

REPORT = {
    "kind": "appeal",
    "description": "胜利社区二号楼前路灯三天不亮，老人晚上出门不便。",
    "place": {"area": COMMUNITY},
    "reporters": [{"name": "张三", "phone": "13812341234"}],
}


def ring(district: District, phone: str = "138 1234 1234") -> CallRecord:
    return services.answer(district.actor("operator"), phone=phone, now=at(23, 9))


def test_a_call_opens_a_case_whose_number_says_hotline(district: District) -> None:
    call = ring(district)
    made = services.open_case(call, REPORT, actor=district.actor("operator"), now=at(23, 9, 4))
    call.refresh_from_db()
    assert (call.result, call.case, call.ended_at) == (CallResult.OPENED, made.case, at(23, 9, 4))
    assert (made.case.channel, made.case.number[6], made.case.status) == ("hotline", "4", "registered")


@pytest.mark.behaviour(7)
def test_a_refused_intake_leaves_the_call_ringing_and_no_case(district: District) -> None:
    call = ring(district)
    with pytest.raises(Incomplete):
        services.open_case(call, {**REPORT, "description": ""}, actor=district.actor("operator"), now=at(23, 9, 4))
    call.refresh_from_db()
    assert (call.result, Case.objects.count()) == (CallResult.RINGING, 0)


def test_a_call_joins_a_case_as_a_line_of_its_history(district: District) -> None:
    case = district.register()
    services.join_case(ring(district), case.number, "今天仍未修好", actor=district.actor("operator"), now=at(23, 10))
    last = case.events.order_by("-seq")[0]
    assert (last.kind, last.data["text"], last.actor_name) == ("note", "来电补充：今天仍未修好", "小周")


def test_a_case_out_of_sight_cannot_be_joined_and_the_call_goes_on(district: District) -> None:
    call = ring(district)
    with pytest.raises(NotYours):
        services.join_case(call, "26112310000010", "x", actor=district.actor("operator"), now=at(23, 10))
    call.refresh_from_db()
    assert call.result == CallResult.RINGING


def test_a_call_is_settled_once(district: District) -> None:
    call = services.finish(ring(district), "answered", "告知取暖费缴纳方式", now=at(23, 9, 3))
    with pytest.raises(NotNow) as refused:
        services.finish(call, "dropped", now=at(23, 9, 4))
    assert refused.value.detail == "这个来电已经处理为“当场答复”，不能再次处理。"


def test_a_number_is_recognised_without_being_readable_in_the_table(district: District) -> None:
    first, second = ring(district, "13812341234"), ring(district, "+86 138-1234-1234")
    assert first.phone_index == second.phone_index != ""
    stored = CallRecord.objects.filter(pk=first.pk).values_list("caller", flat=True).get()
    assert b"13812341234" not in bytes(stored)
    assert first.caller == {"phone": "13812341234"}


def test_only_operators_and_clerks_answer(district: District) -> None:
    with pytest.raises(NotYou):
        services.answer(district.actor("handler"), phone="", now=at(23, 9))
