"""The inbox: told once per key, however often it is sent; and what leaves the portal because of it, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.channels.planning import Message, Planner, Told
from accounts.models import Notice, User
from accounts.queries import unread_count as unread_of
from governance_portal.lib.prepared import as_stored

_COLUMNS = ("user_id", "key", "title", "body", "case_number", "kind", "created_at")
#: So many rows go into one statement (SQLite takes 32,766 values).
_AT_ONCE = 2000


def notify(
    user_ids: Iterable[int],
    key: str,
    title: str,
    body: str = "",
    case_number: str = "",
    kind: str = "case",
    now: datetime | None = None,
    *,
    urgent: bool = False,
    outside: str = "",
) -> int:
    """Put a notice into each inbox, at most one per person and `key`; answers how many were new.

    In the caller's transaction it also writes down the messages (e-mail, SMS, robots) that each person chose. `kind` is a
    code of `NoticeKind`, any other counts as `other`. `urgent` does not wait for quiet hours. Outside only the number and
    fixed words are told: those of the kind, or `outside`, in which no person may be named.
    """
    message = Message(frozenset(user_ids), key, title, body, case_number, kind, urgent, outside)
    return tell([message], now or timezone.now())


def tell(messages: Sequence[Message], now: datetime, planner: Planner | None = None) -> int:
    """Put many pieces of news into many inboxes and plan their messages; answers how many notices were new.

    A constant number of statements. A `planner` kept from call to call does not read people and groups again.
    """
    by_key = {message.key: message for message in messages}
    rows = [
        (user_id, message.key, message.title[:120], message.body, message.case_number, message.kind, now)
        for message in messages
        for user_id in sorted(message.user_ids)
    ]
    if not rows:
        return 0
    with transaction.atomic(savepoint=False):
        told = [Told(pk, user_id, by_key[key]) for pk, user_id, key in _stored(rows)]
        (planner or Planner(now)).plan(told)
    return len(told)


def _stored(rows: Sequence[tuple[Any, ...]]) -> list[tuple[int, int, str]]:
    """Store the rows that are new and return their id, user and key.

    Two workers telling the same thing at once: UNIQUE(user, key) keeps the first, the second is dropped.
    """
    quote, table = connection.ops.quote_name, Notice._meta.db_table
    columns = ", ".join(quote(name) for name in _COLUMNS)
    one = f"({', '.join(['%s'] * len(_COLUMNS))})"
    found: list[tuple[int, int, str]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            cursor.execute(
                f"INSERT INTO {quote(table)} ({columns}) VALUES {', '.join([one] * len(part))}"  # noqa: S608
                " ON CONFLICT (user_id, key) DO NOTHING RETURNING id, user_id, key",
                [as_stored(value) for row in part for value in row],
            )
            found += cursor.fetchall()
    return found


def unread_count(user: User) -> int:
    """How many notices wait; one query."""
    return unread_of(user.pk)


def mark_read(user: User, notice_id: int, now: datetime) -> bool:
    """True when the notice is theirs (already read or not); the first reading's time stays."""
    mine = Notice.objects.filter(pk=notice_id, user_id=user.pk)
    return bool(mine.filter(read_at__isnull=True).update(read_at=now)) or mine.exists()


def mark_all_read(user: User, now: datetime) -> int:
    """How many were unread."""
    return Notice.objects.filter(user_id=user.pk, read_at__isnull=True).update(read_at=now)
