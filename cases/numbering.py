"""Running numbers: taking one never waits for another intake (design/api.md "Numbers").

PostgreSQL hands them out from a sequence, outside the transaction; SQLite, which has one writer anyway, from a row.
"""

from __future__ import annotations

from django.db import connection


def next_serial() -> int:
    """Return the next running number, never the same twice; gaps are possible after a rolled-back intake."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval('cases_serial')")
        else:
            cursor.execute("UPDATE cases_serial SET value = value + 1 RETURNING value")
        return int(cursor.fetchone()[0])
