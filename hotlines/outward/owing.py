"""News becomes rows: for each subscriber, once per cause, whoever looks and however often.

Numbers of rows are given out before their transactions commit, so that a lower one may appear after a higher. What was
seen is therefore looked at again for ten minutes, longer than any transaction lives, and only then counts as settled.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice

from django.db import transaction

from cases.services.news import CLOSED, MOVED, OVERDUE, REGISTERED, News, misses_after, moves_after, newest
from hotlines.models import OutwardMessage, Subscriber

log = logging.getLogger(__name__)

#: What may be asked for, and in which words.
KINDS = {REGISTERED: "登记", MOVED: "办理进展", OVERDUE: "超时", CLOSED: "办结"}
SETTLING = timedelta(minutes=10)
#: Who was switched off for so long hears what happens from now on: a month's news at once helps nobody.
FORGOTTEN = timedelta(days=30)
BATCH = 500


def subscribe(subscriber: Subscriber) -> None:
    """Begin with what happens from now on; for a row that is about to be saved for the first time."""
    subscriber.settled_event, subscriber.settled_reminder = newest()


def owe_news(now: datetime) -> int:
    """Write the messages that are owed and not yet there; answers how many were new."""
    made = 0
    for pk in Subscriber.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            subscriber = Subscriber.objects.select_for_update().get(pk=pk)
            made += _owe(subscriber, now)
    return made


def _owe(subscriber: Subscriber, now: datetime) -> int:
    last_event, last_reminder = newest()
    if subscriber.seen_at is not None and now - subscriber.seen_at > FORGOTTEN:
        subscriber.settled_event, subscriber.settled_reminder = last_event, last_reminder
    news = chain(moves_after(subscriber.settled_event), misses_after(subscriber.settled_reminder))
    made = sum(_write(subscriber, batch, now) for batch in _batches(one for one in news if _wants(subscriber, one)))
    _advance(subscriber, last_event, last_reminder, now)
    return made


def _wants(subscriber: Subscriber, news: News) -> bool:
    return news.area.startswith(subscriber.area_code) and (not subscriber.events or news.kind in subscriber.events)


def _write(subscriber: Subscriber, batch: list[News], now: datetime) -> int:
    causes = [one.key for one in batch]
    known = set(subscriber.messages.filter(cause__in=causes).values_list("cause", flat=True))
    fresh = {one.key: one for one in batch if one.key not in known}
    OutwardMessage.objects.bulk_create(
        OutwardMessage(
            subscriber=subscriber,
            kind=one.kind,
            cause=one.key,
            case_number=one.data["number"],
            payload={"type": one.kind, "timestamp": one.at.isoformat(), "data": one.data},
            next_attempt_at=now,
            created_at=now,
        )
        for one in fresh.values()
    )
    return len(fresh)


def _advance(subscriber: Subscriber, last_event: int, last_reminder: int, now: datetime) -> None:
    """Settle what was seen ten minutes ago. A clock that went back waits; it never settles too early."""
    if subscriber.seen_at is not None and now - subscriber.seen_at < SETTLING and subscriber.seen_at <= now:
        return
    if subscriber.seen_at is not None and subscriber.seen_at <= now:
        subscriber.settled_event = max(subscriber.settled_event, subscriber.seen_event)
        subscriber.settled_reminder = max(subscriber.settled_reminder, subscriber.seen_reminder)
    subscriber.seen_event, subscriber.seen_reminder, subscriber.seen_at = last_event, last_reminder, now
    subscriber.save(
        update_fields=["settled_event", "settled_reminder", "seen_event", "seen_reminder", "seen_at"],
    )


def _batches(news: Iterable[News]) -> Iterator[list[News]]:
    rest = iter(news)
    while batch := list(islice(rest, BATCH)):
        yield batch
