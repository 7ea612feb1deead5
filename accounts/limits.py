"""Counting tries exactly, across processes: one statement per try, on SQLite and PostgreSQL.

A cache would be quicker and wrong: with four workers 20 of 5 allowed calls went through (design/safety.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import RateWindow

# A window opens with its first try and ends `seconds` later; the row is then begun anew.
_UPSERT = """
INSERT INTO accounts_ratewindow (scope, bucket, started_ms, expires_ms, hits) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (scope, bucket) DO UPDATE SET
    hits = CASE WHEN accounts_ratewindow.expires_ms <= %s THEN 1 ELSE accounts_ratewindow.hits + 1 END,
    started_ms = CASE WHEN accounts_ratewindow.expires_ms <= %s THEN excluded.started_ms
                      ELSE accounts_ratewindow.started_ms END,
    expires_ms = CASE WHEN accounts_ratewindow.expires_ms <= %s THEN excluded.expires_ms
                      ELSE accounts_ratewindow.expires_ms END
RETURNING hits, expires_ms
"""


@dataclass(frozen=True)
class Hit:
    """The answer to one try; true when it may go on. `retry_after`: seconds until the next one may (0 when it may)."""

    allowed: bool
    count: int
    retry_after: int

    def __bool__(self) -> bool:
        return self.allowed


def hit(scope: str, key: str, limit: int, seconds: int, now: datetime) -> Hit:
    """Count one try of `key` and say whether it is among the first `limit` within `seconds`.

    Call it outside a transaction that may be rolled back: what is rolled back was not counted.
    """
    at = _milliseconds(now)
    values: list[str | int] = [scope, _bucket(scope, key), at, at + seconds * 1000, at, at, at]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, values)
        count, expires = cursor.fetchone()
    return _answer(count <= limit, count, expires, at)


def peek(scope: str, key: str, limit: int, now: datetime) -> Hit:
    """Whether another try would be allowed, without counting one."""
    at = _milliseconds(now)
    row = RateWindow.objects.filter(scope=scope, bucket=_bucket(scope, key), expires_ms__gt=at).first()
    return Hit(True, 0, 0) if row is None else _answer(row.hits < limit, row.hits, row.expires_ms, at)


def forget(scope: str, key: str) -> None:
    """Begin anew, e.g. after a success."""
    RateWindow.objects.filter(scope=scope, bucket=_bucket(scope, key)).delete()


def sweep(now: datetime) -> int:
    """Delete windows that are over; for the clock. Answers how many."""
    return RateWindow.objects.filter(expires_ms__lte=_milliseconds(now)).delete()[0]


def _answer(allowed: bool, count: int, expires: int, at: int) -> Hit:
    return Hit(allowed, count, 0 if allowed else max(1, -(-(expires - at) // 1000)))


def _bucket(scope: str, key: str) -> str:
    return hashlib.sha256(f"{scope}\0{key}".encode()).hexdigest()


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)
