"""What each way wants to be sent, and how it says yes or no.

Shapes: 企业微信 developer.work.weixin.qq.com/document/path/91770; 钉钉 open.dingtalk.com "自定义机器人安全设置"; 飞书
open.feishu.cn "自定义机器人使用指南"; the short-message gateway and the generic hook are the
portal's own (docs/reliability.md), signed as Standard Webhooks (lib/webhooks.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.choices import Way
from accounts.models import Delivery, GroupChannel
from governance_portal.lib import outbound, webhooks

ADDRESS_GONE, GROUP_OFF = "没有可用的接收地址，不再重试", "群已停用，不再重试"
KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Outcome:
    """How one attempt went; `answer` is in our own words, so that nothing of a person is kept.

    `hopeless`: there is nowhere to send it, so that trying again is no use and says nothing of the way itself.
    """

    arrived: bool
    answer: str
    hopeless: bool = False


def attempt(delivery: Delivery, address: str = "") -> Outcome:
    """Send one message once. `address` is the person's e-mail or mobile number; a group has its own. Never raises."""
    try:
        if delivery.channel == Way.EMAIL:
            return _mail(delivery, address)
        if delivery.channel == Way.SMS:
            return _text(delivery, address)
        return _to_group(delivery)
    except outbound.Unsafe as refused:
        return Outcome(False, f"未发送：{refused}"[:120])
    except outbound.NoAnswer as silent:
        return Outcome(False, str(silent))
    except Exception as broken:  # one broken message must not keep the others from going out
        return Outcome(False, f"内部错误（{type(broken).__name__}）")


def _mail(delivery: Delivery, address: str) -> Outcome:
    if not address:
        return Outcome(False, ADDRESS_GONE, hopeless=True)
    named = {"Message-ID": f"<{delivery.uid}@{_host()}>"}
    subject = f"【{settings.CENTRE_NAME}】{delivery.text}"[:160]
    message = EmailMessage(subject, f"{delivery.text}\n\n{settings.CENTRE_NAME}", to=[address], headers=named)
    try:
        message.send()
    except OSError:  # also what smtplib raises: a refusal may name the reader, so only its kind is told
        return Outcome(False, "邮件服务器没有接收")
    return Outcome(True, "邮件服务器已接收")


def _host() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("<> ") or "portal.invalid"


def _text(delivery: Delivery, address: str) -> Outcome:
    if not settings.SMS_URL:
        return Outcome(False, "没有设置短信网关（SMS_URL）")
    if not address:
        return Outcome(False, ADDRESS_GONE, hopeless=True)
    told = {"id": str(delivery.uid), "to": address, "text": f"【{settings.CENTRE_NAME}】{delivery.text}"}
    return _posted(delivery, settings.SMS_URL, told, secret=settings.SMS_SECRET)


def _to_group(delivery: Delivery) -> Outcome:
    group = delivery.group
    if group is None or not group.active:
        return Outcome(False, GROUP_OFF, hopeless=True)
    url, secret = str((group.sealed or {}).get("url", "")), str((group.sealed or {}).get("secret", ""))
    return _SHAPES[Way(group.kind)](delivery, group, url, secret)


def _wecom(delivery: Delivery, _group: GroupChannel, url: str, _secret: str) -> Outcome:
    return _posted(delivery, url, {"msgtype": "text", "text": {"content": delivery.text}})


def _dingtalk(delivery: Delivery, _group: GroupChannel, url: str, secret: str) -> Outcome:
    if secret:
        stamp = str(int(time.time() * 1000))
        sign = base64.b64encode(_hmac(secret.encode(), f"{stamp}\n{secret}".encode())).decode()
        url += f"{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
    return _posted(delivery, url, {"msgtype": "text", "text": {"content": delivery.text}})


def _feishu(delivery: Delivery, _group: GroupChannel, url: str, secret: str) -> Outcome:
    told: dict[str, Any] = {"msg_type": "text", "content": {"text": delivery.text}}
    if secret:
        stamp = str(int(time.time()))
        sign = base64.b64encode(_hmac(f"{stamp}\n{secret}".encode(), b"")).decode()
        told = {"timestamp": stamp, "sign": sign, **told}
    return _posted(delivery, url, told)


def _webhook(delivery: Delivery, _group: GroupChannel, url: str, secret: str) -> Outcome:
    told = {
        "id": str(delivery.uid),
        "kind": delivery.kind,
        "case_number": delivery.case_number,
        "text": delivery.text,
        "at": delivery.created_at.isoformat(),
    }
    return _posted(delivery, url, told, secret=secret)


_SHAPES: dict[Way, Callable[[Delivery, GroupChannel, str, str], Outcome]] = {
    Way.WECOM: _wecom,
    Way.DINGTALK: _dingtalk,
    Way.FEISHU: _feishu,
    Way.WEBHOOK: _webhook,
}


def _posted(delivery: Delivery, url: str, told: dict[str, Any], secret: str = "") -> Outcome:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", KEY: str(delivery.uid)}
    if secret:
        now = datetime.fromtimestamp(time.time(), UTC)
        headers |= webhooks.sign(webhooks.as_secret(secret), str(delivery.uid), now, body)
    return judged(outbound.post(url, body, headers))


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


def judged(reply: outbound.Reply) -> Outcome:
    """A 2xx whose code (errcode, code, StatusCode: the robots say no with a 200) is 0 or missing has arrived."""
    if 300 <= reply.status < 400:
        return Outcome(False, f"HTTP {reply.status}：对方要求跳转，未跟随")
    if not 200 <= reply.status < 300:
        return Outcome(False, f"HTTP {reply.status}")
    try:
        told = json.loads(reply.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return Outcome(True, f"HTTP {reply.status}")
    code = next((told[name] for name in ("errcode", "code", "StatusCode") if name in told), 0)
    if code not in (0, "0"):
        return Outcome(False, f"对方拒收，代码 {code}" if isinstance(code, int) else "对方拒收")
    repeated = "，对方已收过" if told.get("repeat") is True else ""
    return Outcome(True, f"HTTP {reply.status}{repeated}")
