"""Messages leave the portal as rows: every way in its own shape, tried again, given up, sent again by hand; over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from pytest_django import Settings

from accounts import notices
from accounts.channels import sending
from accounts.channels.preferences import Choice, Preferences, keep
from accounts.choices import DeliveryState
from accounts.models import Delivery, DigestEntry, Notice
from accounts.models.deliveries import GroupChannel
from cases.services import clock
from governance_portal.lib.errors import NotNow
from tests.cases.cast import District, at
from tests.gateway.server import Gateway
from tests.notices.conftest import MakeGroup, with_mobile

pytestmark = pytest.mark.both

NUMBER = "26112310000017"
SIGN = "【平鲁区社会治安综合治理中心】"


def tell(district: District, who: str, now: Any = None, **more: Any) -> None:
    given = {
        "key": "k1",
        "title": f"{NUMBER} 办结时限已超时",
        "body": "张三的事",
        "case_number": NUMBER,
        "kind": "overdue",
    }
    notices.notify([district.people[who].pk], now=now or at(23, 9), **{**given, **more})


def states() -> list[tuple[str, str, int, str]]:
    return list(Delivery.objects.order_by("pk").values_list("channel", "state", "attempts", "answer"))


def told(gateway: Gateway) -> list[dict[str, Any]]:
    return [row["body"] if isinstance(row["body"], dict) else json.loads(row["body"]) for row in gateway.received()]


# --- shapes -----------------------------------------------------------------------------------------------------


def test_a_short_message_carries_number_and_what_to_do_signed_and_keyed(district: District, outside: Gateway) -> None:
    with_mobile(district, "handler")
    tell(district, "handler")
    assert outside.received() == []  # nothing is sent where the news is told
    done = sending.send_waiting(at(23, 9))
    row = Delivery.objects.get()
    assert (done.sent, states()) == (1, [("sms", "sent", 1, "HTTP 200")])
    (message,) = outside.received("/sms")
    assert message["key"] == str(row.uid)
    text = f"{SIGN}事项 {NUMBER} 已超时，请尽快办理。"
    assert told(outside) == [{"id": str(row.uid), "to": "13900000001", "text": text}]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("wecom", {"msgtype": "text", "text": {"content": f"事项 {NUMBER} 已超时，请尽快办理。"}}),
        ("dingtalk", {"msgtype": "text", "text": {"content": f"事项 {NUMBER} 已超时，请尽快办理。"}}),
        ("feishu", {"msg_type": "text", "content": {"text": f"事项 {NUMBER} 已超时，请尽快办理。"}}),
    ],
)
def test_each_robot_is_spoken_to_in_its_own_shape_and_signature(
    district: District, group: MakeGroup, outside: Gateway, kind: str, body: dict[str, Any]
) -> None:
    group(kind, "housing")
    tell(district, "handler")
    sending.send_waiting(at(23, 9))
    assert states() == [(kind, "sent", 1, "HTTP 200")]
    (sent,) = told(outside)
    assert {name: sent[name] for name in body} == body
    GroupChannel.objects.all().delete()
    wrong = group(kind, "housing")
    wrong.sealed = {**(wrong.sealed or {}), "secret": "another"}
    wrong.save()
    tell(district, "handler", key="k2")
    sending.send_waiting(at(23, 9))
    refused = {"wecom": ("wecom", "sent", 1, "HTTP 200")}  # 企业微信 has no signature: its key is in the address
    codes = {"dingtalk": "310000", "feishu": "19021"}
    otherwise = (kind, "failed", 1, f"对方拒收，代码 {codes.get(kind)}")
    assert states()[-1] == refused.get(kind, otherwise)


def test_a_webhook_is_signed_and_a_wrong_key_is_refused_by_the_receiver(
    district: District, group: MakeGroup, outside: Gateway
) -> None:
    channel = group("webhook")
    tell(district, "handler")
    sending.send_waiting(at(23, 9))
    row = Delivery.objects.get()
    assert told(outside) == [
        {
            "id": str(row.uid),
            "kind": "overdue",
            "case_number": NUMBER,
            "text": f"事项 {NUMBER} 已超时，请尽快办理。",
            "at": row.created_at.isoformat(),
        }
    ]
    channel.sealed = {**(channel.sealed or {}), "secret": "another"}
    channel.save()
    tell(district, "handler", key="k2")
    sending.send_waiting(at(23, 9))
    assert states()[-1] == ("webhook", "failed", 1, "HTTP 401")


def test_a_mail_goes_to_the_address_that_was_chosen_with_the_row_s_key_as_its_id(district: District, db: None) -> None:
    keep(district.people["handler"], Preferences(email="laoli@example.invalid"))
    tell(district, "handler")
    sending.send_waiting(at(23, 9))
    row = Delivery.objects.get(channel="email")
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["laoli@example.invalid"], f"{SIGN}事项 {NUMBER} 已超时，请尽快办理。")
    assert sent.extra_headers["Message-ID"].startswith(f"<{row.uid}@")
    assert states() == [("email", "sent", 1, "邮件服务器已接收")]


def test_a_mail_arrives_at_the_gateway_s_mail_server(district: District, outside: Gateway, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", outside.mail_port
    keep(district.people["handler"], Preferences(email="laoli@example.invalid"))
    tell(district, "handler")
    sending.send_waiting(at(23, 9))
    assert (len(outside.received("mail")), states()) == (1, [("email", "sent", 1, "邮件服务器已接收")])
    assert str(Delivery.objects.get().uid) in outside.received("mail")[0]["key"]


def test_no_person_and_nothing_of_the_matter_leaves_the_portal(
    district: District, group: MakeGroup, outside: Gateway
) -> None:
    with_mobile(district, "handler")
    for kind in ("wecom", "dingtalk", "feishu", "webhook"):
        group(kind)
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler", at(23, 11))
    for day in range(24, 31):
        clock.sweep(at(day, 9))
        sending.send_waiting(at(day, 9, 1))
    texts = " ".join(json.dumps(body, ensure_ascii=False) for body in told(outside))
    people = [user.name for user in district.people.values()] + ["张三", "13812341234", "三号楼", "暖气", "供热"]
    assert (len(outside.received()) > 10, [word for word in people if word in texts]) == (True, [])


# --- when it does not arrive ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "answer"), [("error500", "HTTP 500"), ("reject", "HTTP 422"), ("drop", "连不上对方，或连接中断")]
)
def test_what_did_not_arrive_is_tried_again_later_with_the_same_key(
    district: District, outside: Gateway, mode: str, answer: str
) -> None:
    with_mobile(district, "handler")
    outside.behave(mode, times=2)
    tell(district, "handler")
    seen, attempts = [], [timedelta(0), timedelta(seconds=29), timedelta(seconds=31), timedelta(seconds=92)]
    for later in attempts:
        sending.send_waiting(at(23, 9) + later)
        seen.append(states()[0][1:])
    repeated = "，对方已收过" if mode == "drop" else ""
    assert seen == [
        ("failed", 1, answer),
        ("failed", 1, answer),
        ("failed", 2, answer),
        ("sent", 3, f"HTTP 200{repeated}"),
    ]
    assert len(outside.received("/sms")) == 1  # once, however often it was tried


def test_a_receiver_that_does_not_answer_holds_nobody_up_for_longer_than_the_limit(
    district: District, outside: Gateway, settings: Settings
) -> None:
    settings.OUTBOUND_TIMEOUT = 0.5
    with_mobile(district, "handler")
    outside.behave("slow", times=1, seconds=3)
    tell(district, "handler")
    sending.send_waiting(at(23, 9))
    assert states() == [("sms", "failed", 1, "对方没有在时限内应答")]


def test_after_ten_attempts_it_is_given_up_and_an_administrator_sees_it(district: District, outside: Gateway) -> None:
    with_mobile(district, "handler")
    outside.behave("error500")
    tell(district, "handler")
    now = at(23, 9)
    for _ in range(12):
        sending.send_waiting(now)
        now += timedelta(hours=2)
        now = now.replace(hour=9) + timedelta(days=1) if now.hour > 20 else now
    assert (states(), sending.undelivered()) == ([("sms", "given_up", 10, "HTTP 500")], 1)
    uid = Delivery.objects.get().uid
    outside.behave("ok")
    sending.send_again(Delivery.objects.get(), now)
    sending.send_waiting(now)
    assert (states(), sending.undelivered()) == ([("sms", "sent", 11, "HTTP 200")], 0)
    assert [UUID(row["key"]) for row in outside.received("/sms")] == [uid]


@pytest.mark.parametrize("way", ["sms", "email"])
def test_who_has_no_address_any_more_is_given_up_at_once_and_keeps_nobody_else_waiting(
    district: District, outside: Gateway, way: str
) -> None:
    people = ["handler", "handler2", "housing_lead", "heating_man"]
    for name in people:
        reached = with_mobile(district, name)
        keep(reached, Preferences(email="laoli@example.invalid" if way == "email" else "", mobile=reached.phone))
        tell(district, name, key=f"k:{name}")
    Delivery.objects.exclude(channel=way).delete()
    for name in people[:3]:
        with_mobile(district, name, "")
        keep(district.people[name], Preferences())
    done = sending.send_waiting(at(23, 9))
    assert (done.given_up, done.sent, done.failed, sending.undelivered()) == (3, 1, 0, 3)
    assert states()[:3] == [(way, "given_up", 1, "没有可用的接收地址，不再重试")] * 3


def test_a_group_that_was_switched_off_is_given_up_at_once(
    district: District, group: MakeGroup, outside: Gateway
) -> None:
    channel = group("wecom", "housing")
    tell(district, "handler")
    channel.active = False
    channel.save()
    sending.send_waiting(at(23, 9))
    assert (states(), outside.received()) == ([("wecom", "given_up", 1, "群已停用，不再重试")], [])


def test_waits_double_from_half_a_minute_to_an_hour() -> None:
    waits = [sending.wait_after(attempts).total_seconds() for attempts in range(1, 10)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_receiver_that_fails_is_left_alone_for_the_rest_of_the_run_and_others_are_served(
    district: District, group: MakeGroup, outside: Gateway
) -> None:
    with_mobile(district, "handler")
    group("wecom")
    outside.behave("error500", path="/sms")
    for number in range(6):
        tell(district, "handler", key=f"k{number}")
    sending.send_waiting(at(23, 9))
    tried = [state for channel, state, attempts, _ in states() if channel == "sms" and attempts]
    assert (tried, len(outside.received("/robot/wecom"))) == (["failed"] * 3, 6)


# --- killed, twice, late ----------------------------------------------------------------------------------------


@pytest.mark.behaviour(13)
def test_a_message_whose_sender_was_killed_is_taken_again_when_the_lease_is_over(
    district: District, outside: Gateway
) -> None:
    with_mobile(district, "handler")
    tell(district, "handler")
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_until=at(23, 9, 2), attempts=1)
    assert sending.send_waiting(at(23, 9, 1)).sent == 0
    assert sending.send_waiting(at(23, 9, 3)).sent == 1
    assert sending.send_waiting(at(23, 9, 30)).sent == 0
    assert len(outside.received("/sms")) == 1


def test_times_that_a_clock_days_ahead_has_written_do_not_hold_a_message_for_days(
    district: District, outside: Gateway
) -> None:
    with_mobile(district, "handler")
    tell(district, "handler", now=at(26, 9))
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_until=at(26, 9, 2), attempts=1)
    assert sending.send_waiting(at(23, 9)).sent == 1


def test_what_is_being_sent_cannot_be_sent_again_by_hand(district: District, outside: Gateway) -> None:
    with_mobile(district, "handler")
    tell(district, "handler")
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_until=at(23, 9, 2))
    with pytest.raises(NotNow):
        sending.send_again(Delivery.objects.get(), at(23, 9, 1))


@pytest.mark.behaviour(13)
def test_the_same_news_told_twice_is_one_message(district: District, group: MakeGroup, outside: Gateway) -> None:
    with_mobile(district, "handler")
    group("wecom", "housing")
    for _ in range(2):
        tell(district, "handler")
        sending.send_waiting(at(23, 9))
    assert sorted(state[0] for state in states()) == ["sms", "wecom"]
    assert len(outside.received()) == 2


def test_messages_that_arrived_are_forgotten_after_ninety_days_and_those_that_did_not_stay(
    district: District, outside: Gateway
) -> None:
    with_mobile(district, "handler")
    tell(district, "handler")
    sending.send_waiting(at(23, 9))
    tell(district, "handler", key="k2")
    assert sending.forget_sent(at(23, 9) + timedelta(days=89)) == 0
    assert sending.forget_sent(at(23, 9) + timedelta(days=91)) == 1
    assert states() == [("sms", "waiting", 0, "")]


# --- groups -----------------------------------------------------------------------------------------------------


def test_a_group_hears_of_its_own_unit_area_and_kinds_only(district: District, group: MakeGroup) -> None:
    group("wecom", "housing")
    group("dingtalk", "street")
    group("feishu", area_code="140603101")
    group("webhook", kinds="due_soon order")
    tell(district, "handler")
    assert [row[0] for row in states()] == ["wecom"]
    tell(district, "handler_other", key="k2", kind="order")
    assert sorted(row[0] for row in states()) == ["feishu", "webhook", "wecom"]


def test_many_late_cases_at_once_are_one_message_to_a_group(
    district: District, group: MakeGroup, outside: Gateway
) -> None:
    group("wecom", "centre", kinds="overdue")
    numbers = [district.register(now=at(23, 9)).number for _ in range(7)]
    clock.sweep(at(24, 9))
    sending.send_waiting(at(24, 9))
    text = f"7 件事项已超时，请尽快办理：{'、'.join(numbers[:5])} 等。"
    assert [body["text"]["content"] for body in told(outside)] == [text]
    assert Notice.objects.filter(kind="overdue", user__username="clerk").count() == 7


def test_a_group_that_was_switched_off_gets_nothing(district: District, group: MakeGroup, outside: Gateway) -> None:
    group("wecom", active=False)
    tell(district, "handler")
    assert (states(), outside.received()) == ([], [])


def test_a_test_message_is_tried_once(group: MakeGroup, outside: Gateway) -> None:
    outside.behave("error500", times=1)
    channel = group("wecom")
    for _ in range(2):
        sending.send_test(channel, at(23, 9))
        sending.send_waiting(at(23, 9))
    assert states() == [("wecom", "given_up", 1, "HTTP 500"), ("wecom", "sent", 1, "HTTP 200")]


# --- digests ----------------------------------------------------------------------------------------------------


def test_what_waits_for_the_digest_is_one_message_at_its_time(district: District, outside: Gateway) -> None:
    user = with_mobile(district, "handler")
    daily = {kind: Choice("digest", ("sms",)) for kind in ("overdue", "due_soon")}
    keep(user, Preferences(mobile=user.phone, kinds=daily))
    tell(district, "handler", at(23, 9))
    tell(district, "handler", at(23, 10), key="k2", case_number="26112310000025")
    tell(district, "handler", at(23, 11), key="k3", kind="due_soon", case_number="26112310000033")
    tell(district, "handler", at(23, 12), key="k4", kind="urgent", case_number="26112310000041")
    runs = [sending.send_waiting(now) for now in (at(23, 12), at(24, 8, 29), at(24, 8, 30), at(24, 8, 31))]
    assert [(run.gathered, run.sent) for run in runs] == [(0, 1), (0, 0), (1, 1), (0, 0)]
    tell(district, "handler", at(24, 8, 30), key="k5")  # just too late: the next day's
    assert sending.send_waiting(at(24, 9)).sent == 0
    texts = [body["text"].removeprefix(SIGN) for body in told(outside)]
    assert texts == [
        "事项 26112310000041 为重大紧急事项，请立即登录平台查看处置。",
        f"每日汇总：1 件事项即将到期，请抓紧办理：26112310000033。2 件事项已超时，请尽快办理：{NUMBER}、26112310000025。",
    ]
    assert DigestEntry.objects.filter(gathered_at__isnull=True).count() == 1
