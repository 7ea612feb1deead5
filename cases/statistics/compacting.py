"""Putting together what was moved: rows of `TallyDelta` become increments of `TallyCount` and go, in one transaction.

Whenever it runs, the sum of both is the same: who reads sees it before or after. Killed, it has done nothing; twice at
once, each takes other rows (PostgreSQL) or waits for the other (SQLite).
"""

from __future__ import annotations

from django.db import connection, transaction

from cases.contributions import DIMENSIONS, MEASURES, added_to_counts, cells_of

#: So many changes are put together by one statement.
BATCH = 5000

_COLUMNS = ", ".join(("day", *DIMENSIONS, "bucket", *MEASURES))


def compact(limit: int = BATCH) -> int:
    """Put together at most so many changes, the oldest first; answers how many."""
    vendor = connection.vendor
    with transaction.atomic(), connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(
                f"""WITH gone AS (
                    DELETE FROM cases_tallydelta WHERE id IN (
                        SELECT id FROM cases_tallydelta ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                    RETURNING {_COLUMNS}
                ), added AS ({added_to_counts(cells_of("gone", vendor))})
                SELECT COUNT(*) FROM gone""",  # noqa: S608
                [limit],
            )
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT COUNT(*), MAX(id) FROM (SELECT id FROM cases_tallydelta ORDER BY id LIMIT %s)", [limit])
        found, last = cursor.fetchone()
        if not found:
            return 0
        source = f"(SELECT {_COLUMNS} FROM cases_tallydelta WHERE id <= {int(last)})"  # noqa: S608
        cursor.execute(added_to_counts(cells_of(source, vendor)))
        cursor.execute("DELETE FROM cases_tallydelta WHERE id <= %s", [last])
        return int(found)
