"""The table: printed, and kept in docs/reliability.md between its marks."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from governance_portal.lib.working_days import SHANGHAI
from tests.faults.harness.filling import UNSURE
from tests.faults.harness.owed import AtTheGateway, Judgement, Owed
from tests.faults.harness.pages import Timed
from tests.faults.harness.people import Answered
from tests.faults.harness.place import ROOT, faketime
from tests.faults.harness.schedule import Happened

DOCUMENT = ROOT / "docs" / "reliability.md"
AIM_MS = 500.0


@dataclass
class Result:
    """A whole run."""

    name: str
    seconds: float
    cases: int
    events: int
    happened: Happened
    answered: Answered
    accepted: int
    lost: int
    owed: Owed
    inbox: Judgement
    gateway: AtTheGateway
    sent: Judgement
    settled: float
    deaths: list[str]
    broken: int

    @property
    def objections(self) -> list[str]:
        """Why the run is not good; empty when it is."""
        found = []
        if self.owed.unknown:
            found.append(f"events the harness cannot judge: {sorted(self.owed.unknown)}")
        for place, told in (("inbox", self.inbox), ("gateway", self.sent)):
            if not told.is_exact:
                found.append(f"{place}: missing {told.missing.total()} {_first(told.missing)},"
                             f" not owed {told.too_many.total()} {_first(told.too_many)}")  # fmt: skip
        if self.gateway.changed:
            found.append(f"{self.gateway.changed} keys came again with another message")
        if self.lost:
            found.append(f"{self.lost} acknowledged steps are not in the history")
        if self.broken:
            found.append(f"{self.broken} cases are not the fold of their events")
        slow = self.happened.silent.percentile(0.99)
        if slow >= AIM_MS and self.happened.quiet.percentile(0.99) < AIM_MS / 2:  # else the machine has other work
            found.append(f"p99 while the broker is silent: {slow:.0f} ms")
        wrong = self.happened.silent.wrong + self.happened.quiet.wrong + self.answered.refused
        if wrong:
            found.append(f"{len(wrong)} wrong answers: {wrong[:3]}")
        return found


def _first(some: object) -> list[object]:
    return sorted(some)[:4]  # type: ignore[call-overload,no-any-return]


def written(result: Result) -> str:
    """The table in Markdown."""
    done, quiet, silent = result.happened, result.happened.quiet, result.happened.silent
    restarts = ", ".join(f"{how} ({seconds:.1f} s away)" for how, seconds in done.restarts)
    skews = ", ".join(done.skews) if faketime() else "skipped: no libfaketime (apt-get install faketime)"
    rows = [
        ("cases, events", f"{result.cases:,}, {result.events:,}"),
        ("clocks (beats), workers", "2, 2"),
        ("worker killed with `kill -9`", f"{done.kills}"),
        ("broker emptied", f"{len(done.emptied)} (messages in it: {', '.join(map(str, done.emptied)) or '–'})"),
        ("broker black-holed", f"{done.silence:.0f} s"),
        ("PostgreSQL restarted", f"{len(done.restarts)}: {restarts}"),
        ("clocks moved while running", skews),
        ("steps acknowledged by the portal, of those lost", f"{len(result.answered.steps) + result.accepted:,}, **{result.lost}**"),
        ("requests sent again after an error, under their key", f"{result.answered.sent_again:,}"),
        ("notices owed (of events + of dates)", f"{result.inbox.owed:,} ({result.owed.events:,} + {result.owed.dates:,})"),
        (f"not judged: rungs that stood for less than {UNSURE.seconds} s", f"{result.owed.unsure.total() // 2}"),
        ("in the inboxes: missing, not owed or double", _pair(result.inbox)),
    ]  # fmt: skip
    rows += [
        ("messages owed, stored by the gateway (one per key)", f"{result.sent.owed:,}, {result.gateway.messages:,}"),
        ("**at the gateway: missing, not owed or double after the key**", f"**{_pair(result.sent)}**"),
        ("repeats that the key stopped", f"{result.gateway.repeats}"),
        ("gateway told to fail, or to cut the line after storing", f"{done.gateway_failures}"),
        ("settled after the last fault", f"{result.settled:.0f} s"),
        ("processes that died by themselves", f"{len(result.deaths)} {' '.join(result.deaths)}"),
        ("cases whose row is not fold(events)", f"{result.broken}"),
        ("page requests while all is well: number, p50, p99", _times(quiet)),
        ("**page requests while the broker hangs: number, p50, p99**", f"**{_times(silent)}**"),
        *((f"of these {kind}", _times(silent, kind)) for kind in ("list", "case", "move")),
    ]
    lines = ["| what | figure |", "| --- | --- |", *(f"| {what} | {figure} |" for what, figure in rows)]
    verdict = "All as promised." if not result.objections else "NOT as promised: " + "; ".join(result.objections)
    if not result.objections and silent.percentile(0.99) >= AIM_MS:
        verdict = (
            f"All as promised but for the pages, which cannot be judged: on this machine, at this load, their p99 is"
            f" {quiet.percentile(0.99):.0f} ms while all is well."
        )
    return f"{_head(result)}\n\n" + "\n".join(lines) + f"\n\n{verdict}"


def _pair(told: Judgement) -> str:
    return f"{told.missing.total()}, {told.too_many.total()}"


def _times(timed: Timed, kind: str = "") -> str:
    count = len(timed.milliseconds[kind]) if kind else timed.count
    return f"{count}, {timed.percentile(0.5, kind):.0f} ms, {timed.percentile(0.99, kind):.0f} ms"


def _head(result: Result) -> str:
    at = datetime.now(SHANGHAI)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return (
        f"The {result.name} run, {at:%Y-%m-%d %H:%M}, commit {_commit()}, {machine}, system load"
        f" {os.getloadavg()[0]:.1f} at its end, {result.seconds:.0f} s in all."
    )


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def marks(name: str) -> tuple[str, str]:
    """What stands before and after a run's table in the document."""
    return f"<!-- {name} run: written by `make faults` only -->", f"<!-- {name} run: end -->"


def keep(name: str, told: str, document: Path = DOCUMENT) -> None:
    """Put the table between its marks; a document without them is refused with ValueError."""
    text = document.read_text(encoding="utf-8")
    begin, end = marks(name)
    before, found, rest = text.partition(begin)
    _old, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{document} has no marks for the {name} run")
    document.write_text(f"{before}{begin}\n\n{told}\n\n{end}{after}", encoding="utf-8")
