"""The inbox: told once per key, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import Notice, User
from accounts.queries import unread_count as unread_of


def notify(
    user_ids: Iterable[int],
    key: str,
    title: str,
    body: str = "",
    case_number: str = "",
    kind: str = "case",
    now: datetime | None = None,
) -> int:
    """Put a notice into each inbox, at most one per person and `key`; answers how many were new. Two statements."""
    at = now or timezone.now()
    wanted = set(user_ids)
    known = set(Notice.objects.filter(user_id__in=wanted, key=key).values_list("user_id", flat=True))
    rows = [
        Notice(
            user_id=user_id, key=key, title=title[:120], body=body, case_number=case_number, kind=kind, created_at=at
        )
        for user_id in sorted(wanted - known)
    ]
    # Two workers telling the same thing at once: UNIQUE(user, key) keeps the first, the second is dropped.
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


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
