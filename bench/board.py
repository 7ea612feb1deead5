"""The board beside its floor: `python -m bench.board` measures what is loaded and writes its own part of docs/performance.md.

The floor answers the same question in plain psycopg2 from a set of rows that is counted already: one row an area and
day, made for the run. That is as fast as a board can be; what the portal counts, it counts from the cases at that moment.
"""

from __future__ import annotations

import os
import statistics as numbers
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import database, report
from cases.models import Case
from cases.statistics import counting
from cases.statistics.windows import EVER, Window
from governance_portal.lib.working_days import SHANGHAI

BEGIN, END = "<!-- board: what follows is written by `python -m bench.board` -->", "<!-- board: end -->"
FLOOR = """
DROP TABLE IF EXISTS bench_board_cell;
CREATE TABLE bench_board_cell AS
SELECT area_code AS area, (registered_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS registered,
    count(*) FILTER (WHERE counted <> '') AS accepted, count(*) FILTER (WHERE counted = 'closed') AS closed,
    count(*) FILTER (WHERE counted = 'ended') AS ended, count(*) FILTER (WHERE counted = 'open') AS open
FROM cases_case GROUP BY 1, 2;
CREATE INDEX ON bench_board_cell (day);
ANALYZE bench_board_cell;
"""
ASKED = """SELECT sum(registered), sum(accepted), sum(closed), sum(ended), sum(open) FROM bench_board_cell
WHERE area >= %s AND area < %s AND day BETWEEN %s AND %s"""
TIMES = 15


def run() -> str:
    """Measure and return the table."""
    load = os.getloadavg()[0]
    plain = database.connect()
    plain.autocommit = True
    cursor = plain.cursor()
    cursor.execute(FLOOR)
    newest: datetime = Case.objects.order_by("-registered_at").values_list("registered_at", flat=True)[0]
    area = Case.objects.values_list("area_code", flat=True)[0][:6]
    today, oldest = newest.date(), (newest - timedelta(days=36500)).date()
    cases = Case.objects.within(area).order_by()
    windows = {
        "one day": Window(today, today),
        "30 days": Window(today - timedelta(days=29), today),
        "a year": Window(today - timedelta(days=364), today),
        "ever": EVER,
    }
    rows = []
    for name, window in windows.items():
        first, last = window.first or oldest, window.last or today + timedelta(days=1)
        below = _timed(lambda: _floor(cursor, area, first, last))  # noqa: B023
        ours = _timed(lambda: counting.overview(cases, window, newest))  # noqa: B023
        with CaptureQueriesContext(connection) as asked:
            counts = counting.overview(cases, window, newest)
        _agree(cursor, area, first, last, counts)
        rows.append((f"overview, {name}", *below, *ours, f"{ours[0] / below[0]:,.0f} ×", len(asked)))
        parts = _timed(lambda: counting.by_area(cases, area, window, newest))  # noqa: B023
        rows.append((f"by street, {name}", "–", "–", *parts, "–", 2))
    rows.append(
        ("now (open, due soon, overdue, today)", "–", "–", *_timed(lambda: counting.standing(cases, newest)), "–", 1)
    )
    cursor.execute("DROP TABLE bench_board_cell")
    plain.close()
    head = ("", "floor p50 ms", "p95", "ours p50 ms", "p95", "ratio", "statements")
    said = f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, {Case.objects.count():,} cases, PostgreSQL, one caller in the same process; "
    said += f"system load (1 min) {load:.1f} before, {os.getloadavg()[0]:.1f} after, 2 cores."
    return f"{said}\n\n{report._markdown(head, [[_cell(cell) for cell in row] for row in rows])}"


def _floor(cursor: Any, area: str, first: Any, last: Any) -> Any:
    cursor.execute(ASKED, [area, area[:-1] + chr(ord(area[-1]) + 1), first, last])
    return cursor.fetchone()


def _agree(cursor: Any, area: str, first: Any, last: Any, counts: dict[str, int]) -> None:
    """A floor that answers something else would be no floor."""
    names = ("registered", "accepted", "closed", "ended", "open")
    floor = [int(value or 0) for value in _floor(cursor, area, first, last)]
    if floor != [counts[name] for name in names]:
        raise SystemExit(f"the floor says {floor}, the board {[counts[name] for name in names]}")


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    work()
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return numbers.median(found), sorted(found)[int(len(found) * 0.95)]


def _cell(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def keep(told: str) -> None:
    """Put the table between its marks."""
    text = report.DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    report.DOCUMENT.write_text(f"{before.rstrip()}\n\n{BEGIN}\n\n{told}\n\n{END}{after or chr(10)}", encoding="utf-8")


if __name__ == "__main__":
    found = run()
    print(found)
    if "--keep" in sys.argv:
        keep(found)
