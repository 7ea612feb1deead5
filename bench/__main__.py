"""`python -m bench`: load cases, measure the floor and the portal, print a table and write docs/performance.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from urllib.parse import urlsplit

from bench import database, environment, generating, intake, load, pages, phone, plans, report, running, size
from bench import map as map_

SECONDS, QUICK_SECONDS = 6.0, 1.5
TIMES, QUICK_TIMES = 150, 30


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        default="run",
        choices=["run", "load", "plans", "drop", "pages", "intake", "map", "phone", "generate", "size"],
    )
    parser.add_argument("--cases", type=int, default=100_000, help="how many cases the database holds at least")
    parser.add_argument("--database", default="", help="generate only: the name or the address of the database to fill")
    parser.add_argument("--processes", type=int, default=1, help="generate only: how many processes")
    parser.add_argument("--quick", action="store_true", help="10,000 cases, short rows, nothing written to docs/")
    parser.add_argument("--at", default="", help="pages only: the address of a demonstration that runs already")
    asked = parser.parse_args()
    if asked.what == "generate":
        _on(asked.database or size.name_of(asked.cases))
        generating.generate(asked.cases, asked.processes)
        return
    if asked.what == "size":
        told = size.measure(quick=asked.quick)
        print(told)
        if not asked.quick:
            size.keep(told)
        return
    if asked.what == "drop":
        database.drop()
        return
    if asked.what == "intake":
        told = intake.written(intake.measure())
        print(told)
        if not asked.quick:
            intake.keep(told)
        return
    if asked.what == "map":
        told = map_.written(map_.measure())
        print(told)
        if not asked.quick:
            map_.keep(told)
        return
    if asked.what == "phone":
        light = phone.measure(asked.at)
        told = phone.written(light)
        print(told)
        print("\n".join(phone.missed(light)) or "every budget was met")
        if not asked.quick:
            phone.keep(told)
        return
    if asked.what == "pages":
        told = pages.written(pages.measure(asked.at))
        print(told)
        if not asked.quick:
            pages.keep(told)
        return
    wanted = min(asked.cases, 10_000) if asked.quick else asked.cases
    began = time.perf_counter()
    done = load.load(wanted)
    print(f"loaded {done['cases']:,} cases in {done['seconds']:.0f} s ({done['kept']:,} were there)", flush=True)
    load.verify()
    if asked.what == "plans":
        plans.show()
    elif asked.what == "run":
        found = running.run(QUICK_SECONDS if asked.quick else SECONDS, QUICK_TIMES if asked.quick else TIMES)
        told = report.written(found, done)
        print(told)
        if not asked.quick:
            report.keep(told)
        print(f"bench took {time.perf_counter() - began:.0f} s")


def _on(wanted: str) -> None:
    """Begin anew on another database, as settings name one for a whole process."""
    parts = urlsplit(wanted)
    name = parts.path.lstrip("/")
    if name == environment.NAME:
        return
    changed = {"BENCH_DATABASE": name} | ({"BENCH_POSTGRES": wanted} if parts.scheme else {})
    os.execve(sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]], {**os.environ, **changed})


if __name__ == "__main__":
    main()
