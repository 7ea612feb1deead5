"""Sends what subscribers are owed, signed as Standard Webhooks has it; claimed with a lease, tried again ever later.

A message says which version of the case it tells of: they may arrive in another order, and a receiver keeps the newest.
"""

from __future__ import annotations

import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from governance_portal.lib import outbound, webhooks
from governance_portal.lib.errors import NotNow
from governance_portal.lib.leasing import Run, claimable, wait_after
from hotlines.choices import OWED, MessageState
from hotlines.models import OutwardMessage, Subscriber

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.DELIVERY_LEASE)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=4)
#: 30 s, 1, 2 … minutes, then every four hours: about two days (Standard Webhooks asks for tries over days).
MOST_ATTEMPTS = 20
BATCH = 200
KEPT = timedelta(days=90)
TAKEN = range(200, 300)


def send_due(now: datetime) -> tuple[int, int]:
    """Send what is due; answers how many arrived and how many did not. Safe twice at once, late, or after a kill.

    A subscriber that failed three times in a row is left alone for the rest of the run, its rows not even read.
    """
    run, after, sent, failed = Run(now), 0, 0, 0
    silent: set[int] = set()
    while not run.over():
        due = _due(now).filter(pk__gt=after).exclude(subscriber__in=silent)
        rows = list(due.select_related("subscriber").order_by("pk")[:BATCH])
        if not rows:
            break
        after = rows[-1].pk
        for row in rows:
            if run.over() or row.subscriber_id in silent:
                continue
            arrived = _one(row, run.moment)
            if arrived is None:
                continue
            sent, failed = sent + arrived, failed + (not arrived)
            run.heard(row.subscriber_id, answered=arrived)
            if run.leaves_alone(row.subscriber_id):
                silent.add(row.subscriber_id)
    return sent, failed


def _due(now: datetime) -> QuerySet[OutwardMessage]:
    return OutwardMessage.objects.filter(
        claimable(now, LEASE, LONGEST_WAIT + timedelta(minutes=1)), state__in=OWED, subscriber__is_active=True
    )


def _one(row: OutwardMessage, now: datetime) -> bool | None:
    """Whether it arrived; None when another worker has it."""
    lease = now + LEASE
    claim = {"state": MessageState.SENDING, "claimed_until": lease, "attempts": F("attempts") + 1}
    if not _due(now).filter(pk=row.pk).update(**claim):
        return None
    row.attempts += 1
    arrived, answer = _speak(row, now)
    values: dict[str, Any] = {"claimed_until": None, "answer": answer[:120]}
    if arrived:
        values |= {"state": MessageState.SENT, "sent_at": now}
    elif row.attempts >= MOST_ATTEMPTS:
        values |= {"state": MessageState.GIVEN_UP}
        log.error("outward=%d given up after %d attempts", row.pk, row.attempts)
    else:
        again = now + wait_after(row.attempts, FIRST_WAIT, LONGEST_WAIT)
        values |= {"state": MessageState.FAILED, "next_attempt_at": again}
    OutwardMessage.objects.filter(pk=row.pk, state=MessageState.SENDING, claimed_until=lease).update(**values)
    return arrived


def _speak(row: OutwardMessage, now: datetime) -> tuple[bool, str]:
    body = json.dumps(row.payload, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        reply = outbound.post(row.subscriber.address, body, headers(row.subscriber, str(row.uid), now, body))
    except outbound.Unsafe as refused:
        return False, f"未发送：{refused}"
    except outbound.NoAnswer as silent:
        return False, str(silent)
    if reply.status in TAKEN:
        return True, "对方已接收"
    return False, f"对方答复 {reply.status}"


def headers(subscriber: Subscriber, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of one message: signed with the current secret and, while it is being changed, the previous."""
    signed: dict[str, str] = {}
    for name in ("current", "previous"):
        if secret := (subscriber.secrets or {}).get(name):
            one = webhooks.sign(secret, message_id, now, body)
            before = signed.get(webhooks.SIGNATURE)
            signed |= one
            if before:
                signed[webhooks.SIGNATURE] = f"{before} {one[webhooks.SIGNATURE]}"
    return {"Content-Type": "application/json; charset=utf-8", **signed}


def renew_secret(subscriber: Subscriber) -> str:
    """Give a new secret and return it, once; the one before signs along until the next renewal."""
    fresh = webhooks.secret_of(secrets.token_bytes(32))
    before = (subscriber.secrets or {}).get("current")
    subscriber.secrets = {"current": fresh, **({"previous": before} if before else {})}
    return fresh


def send_again(row: OutwardMessage, now: datetime) -> None:
    """Have one tried once more by hand, under its old id. NotNow while it is being sent."""
    free = OutwardMessage.objects.filter(pk=row.pk).exclude(state=MessageState.SENDING, claimed_until__gte=now)
    if not free.update(state=MessageState.WAITING, next_attempt_at=now, claimed_until=None, answer=""):
        raise NotNow("这条消息正在发送，请稍后刷新，看过结果再决定是否重发。")


def forget_sent(now: datetime, most: int = 20_000) -> int:
    """Delete what arrived ninety days ago; what did not stays to be seen."""
    old = OutwardMessage.objects.filter(state=MessageState.SENT, sent_at__lt=now - KEPT).order_by("pk")
    return OutwardMessage.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:most])).delete()[0]
