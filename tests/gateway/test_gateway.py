"""The gateway the channels are tried against: a key is stored once, and it fails in the ways the world fails."""

import base64
import hmac
import json
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.gateway.server import Gateway
from tests.gateway.signing import dingtalk_sign, feishu_sign, signature

SMS = {"to": "13800000000", "text": "PL2611230001 受理时限即将到期"}
ROBOT_BODIES = {
    "wecom": {"msgtype": "text", "text": {"content": "2 件即将到期"}},
    "dingtalk": {"msgtype": "markdown", "markdown": {"title": "时限", "text": "2 件即将到期"}},
    "feishu": {"msg_type": "text", "content": {"text": "2 件即将到期"}},
}


def post(gateway: Gateway, path: str, told: Any, key: str = "k1", **headers: str) -> tuple[int, dict[str, Any]]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(gateway.url + path, body, {"Idempotency-Key": key, **named} if key else named)
    try:
        with urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_key_is_stored_once_and_answered_alike_ever_after(gateway: Gateway) -> None:
    assert post(gateway, "/sms", SMS) == (200, {"id": 1, "repeat": False})
    assert post(gateway, "/sms", SMS) == (200, {"id": 1, "repeat": True})
    assert post(gateway, "/sms", SMS, key="k2") == (200, {"id": 2, "repeat": False})
    assert post(gateway, "/sms", {**SMS, "text": "另一句"}, key="k2") == (200, {"id": 2, "repeat": True})
    with urlopen(gateway.url + "/received", timeout=5) as answer:
        told = json.load(answer)
    stored = [(row["key"], row["repeats"], row["changed"], row["body"]) for row in told["messages"]]
    assert stored == [("k1", 1, 0, SMS), ("k2", 1, 1, SMS)]
    assert (told["repeats"], told["changed"], told["refused"]) == (2, 1, [])


def test_without_a_key_or_in_another_shape_nothing_is_stored(gateway: Gateway) -> None:
    assert post(gateway, "/sms", SMS, key="") == (400, {"error": "no Idempotency-Key"})
    assert post(gateway, "/sms", {"to": "138"}) == (400, {"error": "to and text are needed"})
    assert post(gateway, "/sms", b"to=138") == (400, {"error": "not JSON"})
    assert post(gateway, "/telegram", SMS) == (404, {"error": "no such path"})
    assert post(gateway, "/robot/wecom", {"msgtype": "text"}) == (
        200,
        {"errcode": 40008, "errmsg": "invalid message type"},
    )
    assert gateway.received() == []
    assert [row["reason"] for row in gateway.store.received()["refused"]] == [
        "no Idempotency-Key",
        "to and text are needed",
        "not JSON",
        "no such path",
        "invalid message type",
    ]


def test_each_robot_is_answered_in_its_own_words(gateway: Gateway) -> None:
    answers = {name: post(gateway, f"/robot/{name}", body)[1] for name, body in ROBOT_BODIES.items()}
    assert answers == {
        "wecom": {"errcode": 0, "errmsg": "ok", "id": 1, "repeat": False},
        "dingtalk": {"errcode": 0, "errmsg": "ok", "id": 2, "repeat": False},
        "feishu": {"code": 0, "msg": "success", "data": {}, "id": 3, "repeat": False},
    }
    gateway.behave("reject")
    assert post(gateway, "/robot/feishu", ROBOT_BODIES["feishu"], key="k2") == (
        200,
        {"code": 93000, "msg": "told to refuse", "data": {}},
    )


def test_a_robot_that_asks_for_a_signature_checks_it(gateway: Gateway) -> None:
    good = dingtalk_sign(gateway.secret, "1763800000000").replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    ding = "/robot/dingtalk?access_token=t&timestamp=1763800000000&sign="
    assert post(gateway, ding + good, ROBOT_BODIES["dingtalk"])[1]["errcode"] == 0
    assert post(gateway, ding + "wrong", ROBOT_BODIES["dingtalk"])[1]["errcode"] == 310000
    signed = {**ROBOT_BODIES["feishu"], "timestamp": "1763800000", "sign": feishu_sign(gateway.secret, "1763800000")}
    assert post(gateway, "/robot/feishu", signed)[1]["code"] == 0
    assert post(gateway, "/robot/feishu", {**signed, "timestamp": "1763800001"})[1]["code"] == 19021


def test_a_hook_is_believed_only_when_it_is_signed_and_fresh(gateway: Gateway) -> None:
    body, now = json.dumps({"kind": "due_soon"}).encode(), str(int(time.time()))

    def hook(timestamp: str, sign: str) -> tuple[int, dict[str, Any]]:
        return post(gateway, "/hook", body, webhook_id="m1", webhook_timestamp=timestamp, webhook_signature=sign)

    def signed(timestamp: str, secret: str = gateway.secret) -> str:
        return signature(secret, "m1", timestamp, body)

    long_ago = str(int(now) - 3600)
    assert post(gateway, "/hook", body) == (401, {"error": "not signed"})
    assert hook(now, signed(now, "another")) == (401, {"error": "the signature is not ours"})
    assert hook(long_ago, signed(now)) == (401, {"error": "the signature is not ours"})
    assert hook(long_ago, signed(long_ago)) == (
        401,
        {"error": "the timestamp is too far away"},
    )
    # Not by our own function: what is signed is the id, the timestamp and the bytes, with dots between.
    digest = hmac.digest(gateway.secret.encode(), f"m1.{now}.".encode() + body, "sha256")
    by_hand = "v1," + base64.b64encode(digest).decode()
    assert hook(now, by_hand) == (200, {"id": 1, "repeat": False})


@pytest.mark.parametrize(("mode", "status"), [("error500", 500), ("reject", 422)])
def test_told_to_fail_it_stores_nothing(gateway: Gateway, mode: str, status: int) -> None:
    gateway.behave(mode, times=2)
    assert [post(gateway, "/sms", SMS)[0] for _ in range(3)] == [status, status, 200]
    assert [row["repeats"] for row in gateway.received()] == [0]


def test_told_to_drop_or_to_be_slow_it_has_stored_what_the_sender_does_not_know(gateway: Gateway) -> None:
    gateway.behave("drop", times=1)
    with pytest.raises(RemoteDisconnected):
        post(gateway, "/sms", SMS)
    assert post(gateway, "/sms", SMS) == (200, {"id": 1, "repeat": True})
    gateway.behave("slow", path="/sms", seconds=0.3)
    start = time.monotonic()
    assert post(gateway, "/sms", SMS, key="k2") == (200, {"id": 2, "repeat": False})
    assert 0.3 <= time.monotonic() - start < 3
    assert post(gateway, "/robot/wecom", ROBOT_BODIES["wecom"])[0] == 200


def test_how_it_behaves_is_told_over_http_and_a_word_it_does_not_know_is_refused(gateway: Gateway) -> None:
    assert post(gateway, "/behave", {"mode": "error500"}) == (200, {"mode": "error500"})
    assert post(gateway, "/sms", SMS)[0] == 500
    assert post(gateway, "/behave", {"mode": "sulk"})[0] == 400
    with urlopen(Request(gateway.url + "/received", method="DELETE"), timeout=5):
        assert gateway.store.received() == {"messages": [], "repeats": 0, "changed": 0, "refused": []}


def test_a_mail_is_kept_under_its_message_id(gateway: Gateway) -> None:
    mail = EmailMessage()
    mail["To"], mail["From"], mail["Subject"], mail["Message-ID"] = "a@b.invalid", "p@b.invalid", "时限", "<k1@portal>"
    mail.set_content("2 件即将到期\n.\n")
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", gateway.mail_port, timeout=5) as line:
            line.send_message(mail)
    stored = [(row["key"], row["repeats"], row["body"]) for row in gateway.received("mail")]
    assert stored == [("<k1@portal>", 1, {"to": "a@b.invalid", "subject": "时限", "text": "2 件即将到期\n."})]


def test_as_a_program_it_keeps_its_store_through_a_kill(tmp_path: Path) -> None:
    def started() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.gateway", "--port", "0", "--store", str(tmp_path / "g.sqlite3")],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        return process, process.stdout.readline().split()[0]

    answers = []
    for _ in range(2):
        process, url = started()
        with process:
            request = Request(url + "/sms", json.dumps(SMS).encode(), {"Idempotency-Key": "k1"})
            with urlopen(request, timeout=5) as answer:
                answers.append(json.load(answer))
            process.kill()
    assert answers == [{"id": 1, "repeat": False}, {"id": 1, "repeat": True}]
