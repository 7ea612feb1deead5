"""Subscribers hear of every registration, move, missed date and closing, once, signed, and of nothing they should not."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from cases.services import clock
from hotlines.choices import MessageState
from hotlines.models import OutwardMessage, Subscriber
from hotlines.outward.owing import owe_news, subscribe
from hotlines.outward.sending import renew_secret, send_again, send_due
from tests.cases.cast import MONDAY, District, at


class Receiver(ThreadingHTTPServer):
    """Keeps what it gets; checks signatures by itself, from the specification alone (standardwebhooks.com)."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def signed_with(self, secret: str) -> bool:
        """Whether all that came is signed with this secret."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        for one in self.got:
            told = f"{one['id']}.{one['timestamp']}.".encode() + one["body"]
            wanted = "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
            if wanted not in one["signature"].split(" "):
                return False
        return True

    def told(self) -> list[tuple[str, str, int]]:
        """`(type, number, version)` of all that came."""
        bodies = [json.loads(one["body"]) for one in self.got]
        return [(body["type"], body["data"]["number"], body["data"]["version"]) for body in bodies]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status < 300:
            names = {"id": "webhook-id", "timestamp": "webhook-timestamp", "signature": "webhook-signature"}
            self.server.got.append({"body": body, **{key: self.headers[name] for key, name in names.items()}})
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver on this machine."""
    made = Receiver()
    settings.OUTBOUND_HOSTS, settings.OUTBOUND_NETWORKS = [made.url], ["127.0.0.0/8"]
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def subscriber(district: District, receiver: Receiver) -> Subscriber:
    """Hears of everything in the district."""
    return listen(receiver)


def listen(receiver: Receiver, name: str = "省平台", **fields: Any) -> Subscriber:
    """Make a subscriber."""
    made = Subscriber(name=name, address=f"{receiver.url}/hook", **{"area_code": "140603", **fields})
    subscribe(made)
    renew_secret(made)
    made.save()
    return made


def test_each_step_that_moves_a_case_is_told_once_signed_and_without_a_word_of_the_resident(
    district: District, receiver: Receiver, subscriber: Subscriber
) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.record(case, "note", "clerk", text="只是内部一记")
    district.move(case, "withdraw", "clerk", note="当事人撤回")
    assert [owe_news(MONDAY), owe_news(MONDAY)] == [3, 0]
    assert send_due(MONDAY) == (3, 0)
    assert receiver.told() == [
        ("case.registered", case.number, 1),
        ("case.moved", case.number, 2),
        ("case.closed", case.number, 4),
    ]
    assert receiver.signed_with(subscriber.secrets["current"])
    body = b"".join(one["body"] for one in receiver.got).decode()
    assert [word for word in ("暖气", "胜利社区", "张三", "13812341234", "撤回") if word in body] == []


def test_a_missed_date_is_told_once_per_date(district: District, receiver: Receiver, subscriber: Subscriber) -> None:
    case = district.register()
    for day in (23, 24, 25, 26, 27, 30):
        now = at(day, 18)
        clock.sweep(now)
        owe_news(now)
    missed = list(OutwardMessage.objects.filter(kind="case.overdue").values_list("case_number", "payload"))
    assert [(number, payload["data"]["clock"]) for number, payload in missed] == [(case.number, "accept_by")]


def test_who_listens_to_a_street_or_to_endings_hears_only_of_these(district: District, receiver: Receiver) -> None:
    street = listen(receiver, "凤凰城镇平台", area_code="140603101")
    endings = listen(receiver, "统计平台", events=["case.closed"])
    case = district.register()
    district.move(case, "withdraw", "clerk", note="当事人撤回")
    owe_news(MONDAY)
    assert street.messages.count() == 0
    assert list(endings.messages.values_list("kind", flat=True)) == ["case.closed"]


def test_complaints_about_conduct_and_what_came_before_are_nobodys_news(district: District, receiver: Receiver) -> None:
    district.register()
    subscriber = listen(receiver)
    district.register(kind="suggestion", complained_unit="housing", complaint_nature="conduct")
    owe_news(MONDAY)
    assert subscriber.messages.count() == 0


def test_an_event_written_late_under_a_lower_number_is_still_told(
    district: District, receiver: Receiver, subscriber: Subscriber
) -> None:
    first, second = district.register(), district.register()
    owe_news(MONDAY)
    subscriber.messages.filter(case_number=first.number).delete()  # as if its transaction had not yet committed
    assert owe_news(MONDAY + timedelta(minutes=5)) == 1
    assert set(subscriber.messages.values_list("case_number", flat=True)) == {first.number, second.number}
    for minutes in (11, 23):
        owe_news(MONDAY + timedelta(minutes=minutes))
    subscriber.messages.all().delete()
    assert owe_news(MONDAY + timedelta(minutes=24)) == 0


def test_the_far_side_down_for_an_hour_hears_everything_afterwards_under_the_same_ids(
    district: District, receiver: Receiver, subscriber: Subscriber
) -> None:
    receiver.status = 503
    numbers = [district.register().number for _ in range(5)]
    owe_news(MONDAY)
    for minute in range(0, 60, 5):
        send_due(MONDAY + timedelta(minutes=minute))
    assert receiver.got == []
    ids = {str(uid) for uid in OutwardMessage.objects.values_list("uid", flat=True)}
    receiver.status = 200
    for minute in range(60, 400, 10):
        send_due(MONDAY + timedelta(minutes=minute))
    assert sorted(number for _kind, number, _version in receiver.told()) == sorted(numbers)
    assert {one["id"] for one in receiver.got} == ids
    assert set(OutwardMessage.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_a_worker_killed_after_speaking_sends_again_under_the_same_id(
    district: District, receiver: Receiver, subscriber: Subscriber
) -> None:
    district.register()
    owe_news(MONDAY)
    send_due(MONDAY)
    OutwardMessage.objects.update(
        state=MessageState.SENDING, claimed_until=MONDAY + timedelta(seconds=60), sent_at=None
    )
    assert send_due(MONDAY) == (0, 0)
    assert send_due(MONDAY + timedelta(minutes=10)) == (1, 0)
    assert len({one["id"] for one in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_a_new_secret_signs_beside_the_old_one(district: District, receiver: Receiver, subscriber: Subscriber) -> None:
    old = subscriber.secrets["current"]
    new = renew_secret(subscriber)
    subscriber.save()
    district.register()
    owe_news(MONDAY)
    send_due(MONDAY)
    assert (receiver.signed_with(old), receiver.signed_with(new), len(receiver.got)) == (True, True, 1)


def test_given_up_after_two_days_and_sent_again_by_hand(
    district: District, receiver: Receiver, subscriber: Subscriber
) -> None:
    receiver.status = 500
    district.register()
    owe_news(MONDAY)
    for hour in range(0, 24 * 4):
        for minute in (0, 20, 40):
            send_due(MONDAY + timedelta(hours=hour, minutes=minute))
    row = OutwardMessage.objects.get()
    assert (row.state, row.attempts, row.answer) == (MessageState.GIVEN_UP, 20, "对方答复 500")
    receiver.status = 200
    later = MONDAY + timedelta(days=5)
    send_again(row, later)
    assert send_due(later) == (1, 0)


def test_who_was_switched_off_for_a_season_hears_what_happens_from_now_on(
    district: District, receiver: Receiver, subscriber: Subscriber
) -> None:
    owe_news(MONDAY)
    district.register()
    assert owe_news(MONDAY + timedelta(days=60)) == 0
    later = district.register()
    assert owe_news(MONDAY + timedelta(days=60, minutes=1)) == 1
    assert [row.case_number for row in subscriber.messages.all()] == [later.number]
