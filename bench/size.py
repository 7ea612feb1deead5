"""`python -m bench size`: what stays as fast with ten million cases as with a hundred thousand, and what does not.

Measures every database that `python -m bench generate` has filled, each in a process of its own (settings name one
database), over HTTP with one client and with eight, next to the same question in plain SQL over an ideal table
(`bench.size_floor`), and keeps the tables in docs/performance.md. `--quick` measures shorter and writes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from typing import Any

import psycopg2

from bench import database, environment, report, written_down
from bench.generating import CHUNKS, chunk_size
from governance_portal.lib.working_days import SHANGHAI

SIZES = (100_000, 1_000_000, 10_000_000)
BEGIN, END = "<!-- size: what follows is written by `python -m bench size` -->", "<!-- size: end -->"
CLIENTS = (1, 8)
#: (row, clients) → p50 in ms at most; the board's is a p95 (issue 7, design/performance.md).
AIMS = {"list": 12, "community": 12, "unit": 12, "filtered": 12, "rare": 12, "detail": 8, "register": 6}
AIMS |= {"board_month": 50, "board_year": 50, "common_2": 60, "rare_2": 5}
OF_P95 = {"board_month", "board_year"}
NAMES = {
    "board_month": "board, a month",
    "board_year": "board, a year",
    "streets_month": "by street, a month",
    "board_page": "board page (HTML), a month",
    "drill": "drill-down: closed of a month",
    "list": "list, newest 50, district",
    "community": "list, newest 50, a community",
    "unit": "list, newest 50, a unit's officer",
    "filtered": "list, status + unit",
    "rare": "list, channel + level",
    "list_page": "list page (HTML)",
    "count": "count, district",
    "count_filtered": "count, status + unit",
    "common_2": "search, 2 characters, common",
    "rare_2": "search, 2 characters, rare",
    "common_4": "search, 4 characters, common",
    "rare_4": "search, 4 characters, rare",
    "detail": "detail",
    "register": "register",
    "move": "move (accept)",
}


def name_of(cases: int) -> str:
    """Return the name of the database with so many cases."""
    return f"portal_bench_{cases}"


def measure(quick: bool) -> str:
    """Measure what is there; the tables, in Markdown."""
    found = {size: _apart(size, quick) for size in SIZES if is_complete(size)}
    if not found:
        raise SystemExit("nothing to measure: `python -m bench generate --cases 1000000` first")
    return told(found)


def is_complete(cases: int) -> bool:
    """Tell whether the database of this size is filled and has its indexes."""
    url = database._as_libpq(environment.database_url()).rsplit("/", 1)[0]
    try:
        plain = psycopg2.connect(f"{url}/{name_of(cases)}")
    except psycopg2.OperationalError:
        return False
    with plain, plain.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_index')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute("SELECT (SELECT count(*) FROM bench_chunk), (SELECT count(*) FROM bench_index)")
        chunks, indexes = cursor.fetchone()
    plain.close()
    return bool(chunks >= min(CHUNKS, -(-cases // chunk_size(cases))) and not indexes)


def _apart(cases: int, quick: bool) -> dict[str, Any]:
    """Measure one database in a process of its own."""
    environ = {**os.environ, "BENCH_DATABASE": name_of(cases)}
    command = [sys.executable, "-m", "bench.size_run", str(cases), *(["--quick"] if quick else [])]
    ran = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer


# --- telling ----------------------------------------------------------------------------------------------------


def told(found: dict[int, dict[str, Any]]) -> str:
    """The tables of all sizes."""
    day, some = datetime.now(SHANGHAI), next(iter(found.values()))
    parts = [
        f"{day:%Y-%m-%d %H:%M}, commit {written_down.commit()}; {some['machine']}. Loads are those of the machine over one minute.",
        _data(found),
    ]
    for clients in CLIENTS:
        parts.append(f"### {clients} client{'s' if clients > 1 else ''}\n\n{_table(found, clients)}")
    parts.append(f"### What a move costs more because of the kept counts\n\n{_moves(found)}")
    return "\n\n".join(parts)


def _data(found: dict[int, dict[str, Any]]) -> str:
    head = ("cases", "open", "events", "GB", "B a case", "kept counts", "load before", "after", "additions s")
    rows = [
        (
            f"{cases:,}",
            f"{one['open']:,}",
            f"{one['events']:,}",
            f"{one['bytes'] / 1e9:.1f}",
            f"{one['bytes'] / cases:,.0f}",
            one["kept"],
            f"{one['load'][0]:.1f}",
            f"{one['load'][1]:.1f}",
            f"{one['yardstick']:.2f}",
        )
        for cases, one in found.items()
    ]
    return report._markdown(head, rows)


def _table(found: dict[int, dict[str, Any]], clients: int) -> str:
    head = ["", *(f"{cases:,}: floor p50 | ours p50 | p95 | ratio" for cases in found), "statements", "aim"]
    head = [part for cell in head for part in cell.split(" | ")]
    rows = [
        _row(name, found, clients) for name in NAMES if any(f"{name} {clients}" in o["ours"] for o in found.values())
    ]
    return report._markdown(head, rows)


def _row(name: str, found: dict[int, dict[str, Any]], clients: int) -> list[str]:
    cells = [NAMES[name]]
    for one in found.values():
        ours, below = one["ours"].get(f"{name} {clients}"), one["floor"].get(f"{name} {clients}")
        if not ours:
            cells += ["–"] * 4
            continue
        floor = f"{below[0]:.2f}" if below else "–"
        ratio = f"{ours[0] / below[0]:,.1f} ×" if below and below[0] else "–"
        cells += [floor, f"{ours[0]:.1f}", f"{ours[1]:.1f}", ratio]
    told_of = [str(one["statements"].get(name, "–")) for one in found.values() if f"{name} {clients}" in one["ours"]]
    return [*cells, "/".join(dict.fromkeys(told_of)), _aim(name, found, clients)]


def _aim(name: str, found: dict[int, dict[str, Any]], clients: int) -> str:
    if name not in AIMS or clients > 1:
        return "–"
    which = 1 if name in OF_P95 else 0
    last = [one["ours"][f"{name} 1"] for one in found.values() if f"{name} 1" in one["ours"]][-1]
    met = "met" if last[which] <= AIMS[name] else "missed"
    return f"≤ {AIMS[name]} ms{' p95' if which else ''}: {met}"


def _moves(found: dict[int, dict[str, Any]]) -> str:
    head = ("cases", "rounds", "with ms", "without ms", "more", "aim ≤ 15 %")
    rows = []
    for cases, one in found.items():
        if not (kept := one.get("moves")):
            continue
        more = kept["with"] / kept["without"] - 1
        met = "met" if more <= 0.15 else "missed"
        rows.append(
            (f"{cases:,}", kept["rounds"], f"{kept['with']:.2f}", f"{kept['without']:.2f}", f"{more:+.1%}", met)
        )
    if not rows:
        return "No triggers keep counts in these databases."
    return report._markdown(head, [[str(cell) for cell in row] for row in rows])


def keep(text: str) -> None:
    """Put the tables into the document."""
    written_down.keep(text, BEGIN, END, "At size", "python -m bench size")
