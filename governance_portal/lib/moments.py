"""What time it is: the database's clock decides what is due, and where three clocks can be asked, the middle one of them.

One machine's clock that is wrong by days would chase and archive cases days early, or nobody at all, whichever machine it
is (`make faults` moves each). A task hears three: the database's, its own machine's, and that of who sent the task.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import current_task
from django.db import connection
from django.utils import timezone

log = logging.getLogger(__name__)

#: Clocks that differ by more than this are told of in the log.
APART = timedelta(minutes=2)
#: The header of a task's message in which its sender's clock stands, in seconds since 1970.
SENT_AT = "sent_at"


def agreed(database: datetime, here: datetime, sender: datetime | None) -> datetime:
    """Return the middle one of three clocks: any one of them may be wrong, by any amount. Of two, the database's.

    A message that lay in the queue for long tells an old time; as long as the other two agree, theirs counts.
    """
    return database if sender is None else sorted((database, here, sender))[1]


def agreed_now() -> datetime:
    """Return the time on which a task acts: of the database, this machine and the task's sender, the middle one."""
    database, here, sender = database_now(), timezone.now(), _sent_at()
    now = agreed(database, here, sender)
    if abs(database - now) > APART or abs(here - now) > APART:
        log.warning("clocks differ: database %+.0f s, this machine %+.0f s", *_apart(now, database, here))
    return now


def _apart(now: datetime, *clocks: datetime) -> list[float]:
    return [(clock - now).total_seconds() for clock in clocks]


def _sent_at() -> datetime | None:
    """The sender's clock as the message of the present task tells it."""
    request: Any = getattr(current_task, "request", None)
    told = getattr(request, SENT_AT, None)
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else None


def database_now() -> datetime:
    """Return the database's clock, aware; on SQLite it is this machine's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
