"""A telephone system tells: every call has one record, whatever comes first, however often, on however many lines."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from governance_portal.lib.errors import Incomplete, NotNow
from governance_portal.lib.webhooks import secret_of
from hotlines.api.failures import TOO_OFTEN
from hotlines.choices import CallBackState, CallResult
from hotlines.desk import chores
from hotlines.desk.simulating import TelephoneSystem, plan
from hotlines.desk.telephony import read
from hotlines.models import CallBack, CallRecord, TelephonyEvent
from tests.cases.cast import District, at
from tests.hotlines.desk.conftest import NINE, PHONE, Tell, posted

pytestmark = pytest.mark.both

ADDRESS = "/api/v1/telephony/events/"
RING = {
    "type": "ringing",
    "timestamp": "2026-11-23T09:00:00+08:00",
    "data": {"call_id": "c1", "extension": "8001", "number": PHONE},
}


def test_a_call_rings_is_answered_and_hung_up_in_one_record(district: District, tell: Tell) -> None:
    tell("ringing")
    tell("answered", at(23, 9, 1))
    call = tell("hung_up", at(23, 9, 6), recording="rec-1")
    call.refresh_from_db()
    assert (call.operator, call.extension, call.result) == (district.people["operator"], "8001", CallResult.RINGING)
    assert (call.started_at, call.answered_at, call.ended_at) == (NINE, at(23, 9, 1), at(23, 9, 6))
    assert (call.recording_name, call.caller, CallRecord.objects.count()) == ("rec-1", {"phone": PHONE}, 1)


@pytest.mark.parametrize(
    "order",
    [("hung_up", "answered", "ringing"), ("answered", "hung_up", "ringing"), ("hung_up", "ringing", "answered")],
)
def test_events_in_any_order_make_the_same_record(tell: Tell, order: tuple[str, ...]) -> None:
    minutes = {"ringing": 0, "answered": 1, "hung_up": 6}
    for kind in order:
        call = tell(kind, at(23, 9, minutes[kind]))
    call.refresh_from_db()
    assert (call.started_at, call.answered_at, call.ended_at) == (NINE, at(23, 9, 1), at(23, 9, 6))
    assert (call.result, CallBack.objects.filter(state=CallBackState.OWED).count()) == (CallResult.RINGING, 0)


def test_an_event_told_twice_is_taken_once(tell: Tell) -> None:
    first = tell("ringing", event_id="same")
    again = tell("ringing", at(23, 9, 5), event_id="same")
    assert (first.pk, TelephonyEvent.objects.count()) == (again.pk, 1)
    with pytest.raises(NotNow):
        tell("ringing", event_id="same", call_id="another")
    assert CallRecord.objects.count() == 1


def test_a_call_at_an_unknown_extension_is_everybodys(district: District, tell: Tell) -> None:
    call = tell("ringing", extension="8999")
    assert call.operator_id is None


def test_a_call_picked_up_elsewhere_goes_to_who_picked_it_up(district: District, tell: Tell) -> None:
    tell("ringing", extension="8001")
    call = tell("answered", extension="8002")
    assert call.operator_id == district.people["operator2"].pk


def test_a_missed_call_is_owed_back_once_a_number_and_settled_when_it_rings_again(tell: Tell) -> None:
    for name, minute in (("c1", 0), ("c2", 3)):
        tell("ringing", at(23, 9, minute), call_id=name)
        tell("hung_up", at(23, 9, minute + 1), call_id=name)
    owed = CallBack.objects.get()
    assert (owed.missed, owed.operator_id, owed.due_at) == (2, None, at(23, 9, 31))
    tell("ringing", at(23, 9, 10), call_id="c3")
    tell("answered", at(23, 9, 11), call_id="c3")
    owed.refresh_from_db()
    assert (owed.state, owed.reason) == (CallBackState.DONE, "来电人又打进来，已接听。")


def test_a_hidden_number_is_welcome_and_is_owed_nothing_when_missed(tell: Tell) -> None:
    tell("ringing", number="")
    call = tell("hung_up", at(23, 9, 1), number="")
    assert (call.result, call.phone_index, CallBack.objects.count()) == (CallResult.MISSED, "", 0)


def test_a_clock_that_is_ahead_is_not_believed(tell: Tell) -> None:
    tell("ringing")
    body = {**RING, "type": "hung_up", "timestamp": "2030-01-01T00:00:00+08:00"}
    assert read(body).at.year == 2030
    call = tell("hung_up", at(23, 9, 2))
    assert call.ended_at == at(23, 9, 2)


def test_a_call_of_which_no_end_was_told_is_closed_by_the_clock(tell: Tell) -> None:
    tell("ringing")
    tell("answered", at(23, 9, 1))
    tell("ringing", call_id="never answered", number="13900001111")
    assert chores.close_silent_calls(at(23, 14)) == 0
    assert chores.close_silent_calls(at(23, 16)) == 2
    ended = list(CallRecord.objects.order_by("pk").values_list("ended_at", "result"))
    assert ended == [(at(23, 9, 1), CallResult.RINGING), (NINE, CallResult.MISSED)]
    assert CallBack.objects.get().call.foreign_id == "never answered"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ([], ["data.call_id", "timestamp", "type"]),
        ({**RING, "type": "busy"}, ["type"]),
        ({**RING, "timestamp": "2026-11-23T09:00:00"}, ["timestamp"]),
        ({**RING, "timestamp": "2026-13-45T09:00:00Z"}, ["timestamp"]),
        ({**RING, "data": {"call_id": "c" * 65}}, ["data.call_id"]),
        ({**RING, "data": {"call_id": "c1", "number": 138}}, ["data.number"]),
        ({**RING, "data": {"call_id": "c1", "number": "1\x00"}}, ["data.number"]),
    ],
)
def test_what_cannot_be_read_is_told_by_its_name(body: Any, wrong: list[str]) -> None:
    with pytest.raises(Incomplete) as refused:
        read(body)
    assert sorted(refused.value.errors) == wrong


# --- the door ---------------------------------------------------------------------------------------------------


def test_a_signed_event_is_taken_and_a_repeat_says_so(district: District, client: Client) -> None:
    now = timezone.now()
    answers = [posted(client, RING, now) for _twice in range(2)]
    assert [(a.status_code, a.json()["fresh"]) for a in answers] == [(200, True), (200, False)]
    assert str(CallRecord.objects.get().uid) == answers[0].json()["call"]


def test_who_does_not_hold_the_secret_is_refused_and_nothing_is_kept(district: District, client: Client) -> None:
    now = timezone.now()
    other = posted(client, RING, now, secret=secret_of(b"another"))
    late = posted(client, RING, now - timedelta(minutes=6))
    unsigned = client.post(ADDRESS, RING, content_type="application/json")
    changed = posted(client, RING, now, **{"webhook-id": "evt_2"})
    assert [a.status_code for a in (other, late, unsigned, changed)] == [403] * 4
    assert late.json()["detail"] == "时间戳与现在相差超过 5 分钟，请校准时钟后重新签名。"
    assert CallRecord.objects.count() == 0


def test_who_fails_often_is_told_to_wait_and_who_signs_is_taken_all_the_same(
    district: District, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotlines.api.failures.FAILURES", 2)
    now, wrong = timezone.now(), secret_of(b"another")
    taken = [posted(client, RING, now, event_id=f"right_{time}").status_code for time in range(3)]
    failed = [posted(client, RING, now, secret=wrong) for _time in range(3)]
    after = posted(client, RING, now, event_id="right_after")
    elsewhere = client.post(ADDRESS, RING, content_type="application/json", REMOTE_ADDR="10.9.8.7")
    assert (taken, [answer.status_code for answer in failed]) == ([200] * 3, [403, 403, 429])
    assert 3590 < int(failed[2]["Retry-After"]) <= 3600
    assert failed[2].json()["detail"] == TOO_OFTEN
    assert (after.status_code, elsewhere.status_code) == (200, 403)


def test_without_a_secret_no_event_is_taken(district: District, client: Client, settings: Any) -> None:
    settings.TELEPHONY_SECRETS = []
    answer = posted(client, RING, timezone.now(), secret=secret_of(b"x"))
    assert (answer.status_code, answer.json()["title"]) == (403, "没有权限")


def test_a_body_that_is_no_json_is_refused_with_a_sentence(district: District, client: Client) -> None:
    answer = posted(client, b"{", timezone.now())
    assert (answer.status_code, answer.json()["detail"]) == (400, "请补充：正文应为 JSON。")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("postgres")
def test_sixty_calls_in_a_minute_from_eight_lines_lose_nothing(district: District) -> None:
    """Every event is told twice at the same moment by two connections, as a system does that is in doubt."""
    sent: list[int] = []

    def post(body: bytes, headers: Any) -> int:
        try:
            answer = Client().post(ADDRESS, body, content_type="application/json", headers=dict(headers))
        finally:
            connections.close_all()
        sent.append(answer.status_code)
        return int(answer.status_code)

    def send(body: bytes, headers: Any) -> int:
        twin = Thread(target=post, args=(body, headers))
        twin.start()
        status = post(body, headers)
        twin.join()
        return status

    system = TelephoneSystem(settings.TELEPHONY_SECRETS[0], send, timezone.now)
    rung = system.run(plan(60, 8, seconds=8))
    calls = list(CallRecord.objects.all())
    assert (rung.taken, rung.lost, len(sent), set(sent)) == (170, 0, 340, {200})
    assert (len(calls), len({call.foreign_id for call in calls})) == (60, 60)
    assert [call.foreign_id for call in calls if call.ended_at is None] == []
    assert sum(call.result == CallResult.MISSED for call in calls) == 10
    assert TelephonyEvent.objects.count() == 170
