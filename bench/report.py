"""The table of a run, printed and kept in docs/performance.md between two marks; the words around it are people's."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import connection

from bench.running import CLIENTS, ROWS, Result
from governance_portal.environment import BASE_DIR
from governance_portal.lib.working_days import SHANGHAI

DOCUMENT = BASE_DIR / "docs" / "performance.md"
BEGIN, END = "<!-- bench: what follows is written by `make bench` -->", "<!-- bench: end -->"
NAMES = {
    "register": "register (POST cases/)",
    "move": "move (accept)",
    "list": "list, newest 50, whole district",
    "filtered": "list of 50, status + unit",
    "unit list": "list, newest 50, one unit's officer",
    "detail": "detail",
    "lookup": "resident's look-up",
    "list page": "list page (HTML, 30 rows)",
    "case page": "case page (HTML)",
}
#: (row, clients) → ("ms" at most, or "/s" at least); from design/performance.md, where they are for 10⁶ cases.
AIMS = {
    ("register", 1): ("ms", 6),
    ("register", 8): ("/s", 300),
    ("list", 1): ("ms", 12),
    ("filtered", 1): ("ms", 12),
    ("detail", 1): ("ms", 8),
    ("detail", 8): ("/s", 300),
    ("move", 8): ("/s", 250),
}
STATEMENTS = {"register": 8, "list": 12, "filtered": 12, "unit list": 12, "list page": 12, "detail": 10, "move": 10}
MEMORY, DISK = 110, 2500


def written(found: Result, loaded: dict[str, float]) -> str:
    """Return the whole generated part as Markdown."""
    parts = [_setting(found, loaded)]
    for clients in CLIENTS:
        parts.append(f"### {clients} client{'s' if clients > 1 else ''}\n\n{_table(found, clients)}")
    parts.append(f"### Where the time goes (one caller, same process, no socket)\n\n{_layers(found)}")
    return "\n\n".join(parts)


def _setting(found: Result, loaded: dict[str, float]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    day = datetime.now(SHANGHAI)
    load = f"{found.load_before:.1f} before, {found.load_after:.1f} after"
    added = f" Loading {loaded['cases']:,.0f} of them took {loaded['seconds']:.0f} s." if loaded["cases"] else ""
    memory = ", ".join(f"{size:.0f}" for size in found.memory) or "not measured"
    return (
        f"{day:%Y-%m-%d %H:%M}, commit {_commit()}; {os.cpu_count()} cores, {_memory():.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}, PostgreSQL {version}; "
        f"{found.cases:,} cases with {found.events:,} events.{added}\n\n"
        f"System load (1 min) {load}; five million additions in Python take {found.yardstick:.2f} s of processor time. "
        f"Warm worker: {memory} MB resident (aim ≤ {MEMORY}). "
        f"Disk per case, history and indexes included: {found.bytes_per_case:,.0f} B "
        f"(aim ≤ {DISK:,}; {found.events / max(found.cases, 1):.1f} events a case)."
    )


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    changed = subprocess.run(
        [*command[:1], "status", "--porcelain", "-uno"], cwd=BASE_DIR, capture_output=True, check=False
    )
    return (answer.stdout.strip() or "unknown") + (" with changes" if changed.stdout else "")


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _table(found: Result, clients: int) -> str:
    rows = []
    for row in ROWS:
        ours, below = found.ours[row, clients], found.floor.get((row, clients))
        ratio = f"{ours.p50 / below.p50:,.0f} ×" if below else "–"
        under = (f"{below.p50:.2f}", f"{below.p95:.2f}", f"{below.rate:,.0f}") if below else ("–", "–", "–")
        own = (f"{ours.p50:.1f}", f"{ours.p95:.1f}", f"{ours.rate:,.0f}")
        processor = f"{found.processor[row, clients]:.1f}"
        rows.append((NAMES[row], *under, *own, processor, ratio, _aim(row, clients, found), _statements(row, found)))
    head = ("", "floor p50 ms", "p95", "/s", "ours p50 ms", "p95", "/s", "web CPU ms", "ratio", "aim", "statements")
    return _markdown(head, rows)


def _aim(row: str, clients: int, found: Result) -> str:
    if (row, clients) not in AIMS:
        return "–"
    unit, wanted = AIMS[row, clients]
    ours = found.ours[row, clients]
    met = ours.p50 <= wanted if unit == "ms" else ours.rate >= wanted
    return f"{'≤' if unit == 'ms' else '≥'} {wanted} {unit}: {'met' if met else 'missed'}"


def _statements(row: str, found: Result) -> str:
    count, wanted = found.statements[row], STATEMENTS.get(row)
    return f"{count} (aim ≤ {wanted})" if wanted else str(count)


def _layers(found: Result) -> str:
    rows = [(name, f"{f.p50:.1f}", f"{f.p95:.1f}") for name, f in found.layers.items()]
    return _markdown(("", "p50 ms", "p95"), rows)


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] + ["---:"] * (len(names) - 1), *[list(row) for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def keep(told: str, document: Path = DOCUMENT) -> None:
    """Put the generated part into the document, between its marks; the rest stays as it is."""
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")
