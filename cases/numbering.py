"""Running numbers: taking one never waits for another intake (design/api.md "Numbers").

PostgreSQL hands them out from a sequence, outside the transaction; SQLite, which has one writer anyway, from a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Keys:
    """What a registration is given before it is written; keys are None where the database gives them as it writes."""

    serial: int
    case: int | None = None
    event: int | None = None
    outbox: int | None = None


#: With its keys known, a registration goes to PostgreSQL as one message (governance_portal.lib.prepared.together).
_KEYS = (
    "SELECT nextval('cases_serial'), nextval('cases_case_id_seq'), nextval('cases_event_id_seq'),"
    " nextval('cases_outbox_id_seq')"
)


def next_keys() -> Keys:
    """Return the next running number and, on PostgreSQL, the keys of the rows it is written with; one statement."""
    if connection.vendor != "postgresql":
        return Keys(next_serial())
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        return Keys(*cursor.fetchone())


def next_serial() -> int:
    """Return the next running number, never the same twice; gaps are possible after a rolled-back intake."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval('cases_serial')")
        else:
            cursor.execute("UPDATE cases_serial SET value = value + 1 RETURNING value")
        return int(cursor.fetchone()[0])
