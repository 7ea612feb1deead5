"""One at a time over all workers: work that may be done twice, but not usefully by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from django.db import connection


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Answer whether nobody else is at it; held until the end, or until the database loses the connection.

    PostgreSQL: an advisory lock of the session, so that a worker that is killed holds up nobody. Elsewhere (SQLite, one
    worker) it is always free. Not a guard of what is written: that is for constraints and row locks.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
    session = connection.connection
    try:
        yield mine
    finally:
        if mine and connection.connection is session and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
