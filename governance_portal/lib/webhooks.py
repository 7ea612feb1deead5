"""Signed messages between systems, as the Standard Webhooks specification has them (standardwebhooks.com, v1).

Three headers: `webhook-id` names the message (the same in each repeat), `webhook-timestamp` is seconds since 1970, and
`webhook-signature` holds one or more `v1,<base64>` divided by spaces: HMAC-SHA256 of `id.timestamp.body`. A secret is
written `whsec_` and base64. Several secrets may be in force while one is changed for another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
#: A message older or newer than this was kept and sent again by somebody.
TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 64


class NotSigned(Exception):
    """The message is not from who holds the secret, or not of now; the sentence says which, for who sends it."""


def secret_of(key: bytes) -> str:
    """Write a key as a secret."""
    return PREFIX + base64.b64encode(key).decode("ascii")


def as_secret(text: str) -> str:
    """Write what two sides agreed on as a secret: `whsec_…` as it is, any other text as its own bytes."""
    return text if text.startswith(PREFIX) else secret_of(text.encode())


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers. ValueError for a secret that is not base64."""
    stamp = str(int(at.timestamp()))
    return {ID: message_id, TIMESTAMP: stamp, SIGNATURE: f"v1,{_signature(secret, message_id, stamp, body)}"}


def may_be_signed(headers: Mapping[str, str], now: datetime) -> bool:
    """Tell whether the headers alone, before a body is read, allow that a message is signed within five minutes."""
    try:
        _named(headers, now)
    except NotSigned:
        return False
    return bool(headers.get(SIGNATURE))


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the message's id when one of the secrets signed it within five minutes; NotSigned otherwise."""
    message_id, stamp = _named(headers, now)
    given = [part[3:] for part in headers.get(SIGNATURE, "").split(" ") if part.startswith("v1,")]
    wanted = [_signature(secret, message_id, stamp, body) for secret in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in wanted):
        raise NotSigned("签名不符，请核对密钥和签名的内容（编号.时间戳.正文）。")
    return message_id


def _named(headers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    """The id and the time of a message, if they can be those of one sent now; NotSigned otherwise."""
    message_id, stamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not message_id or len(message_id) > LONGEST_ID or not message_id.isascii():
        raise NotSigned("缺少 webhook-id，或者超过 64 个字符。")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise NotSigned("缺少 webhook-timestamp（1970 年以来的秒数）。")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise NotSigned("时间戳与现在相差超过 5 分钟，请校准时钟后重新签名。")
    return message_id, stamp


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as wrong:
        raise ValueError("a webhook secret is whsec_ and base64") from wrong
    told = f"{message_id}.{stamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, told, hashlib.sha256)).decode("ascii")
