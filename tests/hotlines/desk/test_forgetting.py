"""Whoever called is forgotten: with the case it became, or six months after; what it was about stays."""

from __future__ import annotations

import pytest

from cases.services import retention
from hotlines import services
from hotlines.desk import call_backs, chores, queries
from hotlines.models import CallBack, CallRecord, TelephonyEvent
from tests.cases.cast import District, at
from tests.cases.test_retention import AFTER_THREE_YEARS, ended
from tests.hotlines.desk.conftest import NINE, PHONE, Tell

pytestmark = [pytest.mark.django_db, pytest.mark.behaviour(17)]
IN_MAY, IN_JUNE = at(20, month=5, year=2027), at(1, month=6, year=2027)


def test_a_call_without_a_case_is_forgotten_after_six_months(district: District) -> None:
    call = services.answer(district.actor("operator", NINE), phone=PHONE, now=NINE, recording="rec-1")
    services.finish(call, "dropped", f"请打 {PHONE}", now=NINE)
    done = [chores.forget_callers(moment) for moment in (IN_MAY, IN_JUNE, IN_JUNE)]
    row = CallRecord.objects.get()
    assert done == [0, 1, 0]
    assert (row.caller, row.phone_index, row.recording, row.summary) == ({}, "", None, "请打 138****1234")
    assert (row.started_at, row.result, row.forgotten_at) == (NINE, "dropped", IN_JUNE)


def test_a_call_begun_by_hand_that_nobody_settled_is_closed_and_forgotten(district: District) -> None:
    operator = district.actor("operator", NINE)
    services.answer(operator, phone=PHONE, now=NINE)
    closed = [chores.close_silent_calls(moment) for moment in (at(23, 14), at(23, 16), at(23, 17))]
    row = CallRecord.objects.get()
    assert (closed, row.ended_at, row.result, queries.waiting(operator).count()) == ([0, 1, 0], NINE, "ringing", 1)
    done = [chores.forget_callers(moment) for moment in (IN_MAY, IN_JUNE, IN_JUNE)]
    row.refresh_from_db()
    assert (done, row.caller, row.phone_index, queries.waiting(operator).count()) == ([0, 1, 0], {}, "", 0)


def test_a_call_closed_by_the_clock_may_still_be_settled(district: District) -> None:
    call = services.answer(district.actor("operator", NINE), phone=PHONE, now=NINE)
    chores.close_silent_calls(at(23, 16))
    services.finish(call, "dropped", now=at(23, 17))
    call.refresh_from_db()
    assert (call.result, call.ended_at) == ("dropped", at(23, 17))


def test_where_the_sound_lies_is_not_written_again_after_it_was_forgotten(tell: Tell) -> None:
    call = tell("hung_up", at(23, 9, 1))
    chores.forget(call, at(23, 9, 2))
    call = tell("answered", at(23, 9, 3), recording="rec-1")
    assert (call.recording, call.caller) == (None, {})


def test_nobody_who_is_still_owed_a_call_is_forgotten(district: District, tell: Tell) -> None:
    tell("ringing")
    tell("hung_up", at(23, 9, 1))
    kept = chores.forget_callers(IN_JUNE)
    call_backs.give_up(CallBack.objects.get(), "号码是空号", actor=district.actor("operator", NINE), now=IN_JUNE)
    gone = chores.forget_callers(IN_JUNE)
    owed = CallBack.objects.get()
    assert (kept, gone, owed.caller, owed.phone_index, owed.reason) == (0, 1, {}, "", "号码是空号")


def test_a_case_takes_the_numbers_of_its_calls_and_call_backs_along(district: District) -> None:
    operator = district.actor("operator", NINE)
    first = services.answer(operator, phone=PHONE, now=NINE)
    case = ended(district)
    services.join_case(first, case.number, "再次来电", actor=operator, now=NINE)
    call_backs.promise(first, "next_morning", "告知进度", actor=operator, now=NINE, case_id=case.pk)
    other = services.answer(operator, phone=PHONE, now=NINE)
    call_backs.promise(other, "next_morning", "告知结果", actor=operator, now=NINE, case_id=case.pk)
    retention.erase_expired(AFTER_THREE_YEARS)
    first.refresh_from_db()
    assert (first.caller, first.phone_index, first.case) == ({}, "", case)
    assert [(row.caller, row.phone_index) for row in CallBack.objects.all()] == [({}, ""), ({}, "")]


def test_events_go_when_no_system_sends_them_again(tell: Tell) -> None:
    tell("ringing")
    dropped = [chores.forget_events(moment) for moment in (at(22, month=12), at(24, month=12))]
    assert (dropped, TelephonyEvent.objects.count(), CallRecord.objects.count()) == ([0, 1], 0, 1)


def test_the_number_is_sealed_in_every_table(district: District, tell: Tell) -> None:
    tell("ringing")
    tell("hung_up", at(23, 9, 1), recording=f"{PHONE}.wav")
    stored = [
        bytes(CallRecord.objects.values_list("caller", flat=True).get()),
        bytes(CallRecord.objects.values_list("recording", flat=True).get()),
        bytes(CallBack.objects.values_list("caller", flat=True).get()),
    ]
    assert [PHONE.encode() in token for token in stored] == [False] * 3
