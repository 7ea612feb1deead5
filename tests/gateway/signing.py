"""What a receiver checks: the signature of the generic webhook and those of the robots.

Written from the receivers' documents, not from the sender's code, so that a mistake there is found here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

SECRET = "gateway-secret-0123456789"


def signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """`webhook-signature` of Standard Webhooks, keyed with what `whsec_` and base64 write."""
    told = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


def standard_objection(
    secret: str, message_id: str, stamp: str, given: str, body: bytes, now: float, tolerance: float
) -> str | None:
    """Why a message signed as Standard Webhooks is not believed, or None; the key is what `whsec_` and base64 write."""
    if not (message_id and stamp.isdigit() and given):
        return "not signed"
    if not any(hmac.compare_digest(one, signature(secret, message_id, stamp, body)) for one in given.split(" ")):
        return "the signature is not ours"
    return "the timestamp is too far away" if abs(now - int(stamp)) > tolerance else None


def dingtalk_sign(secret: str, timestamp_ms: str) -> str:
    """钉钉 "加签": base64 of HMAC-SHA256 over "timestamp\\nsecret", keyed with the secret."""
    told = f"{timestamp_ms}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


def feishu_sign(secret: str, timestamp: str) -> str:
    """飞书 "签名校验": base64 of HMAC-SHA256 over nothing, keyed with "timestamp\\nsecret"."""
    return base64.b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
