"""`python -m bench`: load cases, measure the floor and the portal, print a table and write docs/performance.md."""

from __future__ import annotations

import argparse
import time

from bench import database, intake, load, pages, phone, plans, report, running
from bench import map as map_

SECONDS, QUICK_SECONDS = 6.0, 1.5
TIMES, QUICK_TIMES = 150, 30


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", default="run", choices=["run", "load", "plans", "drop", "pages", "intake", "map", "phone"]
    )
    parser.add_argument("--cases", type=int, default=100_000, help="how many cases the database holds at least")
    parser.add_argument("--quick", action="store_true", help="10,000 cases, short rows, nothing written to docs/")
    parser.add_argument("--at", default="", help="pages only: the address of a demonstration that runs already")
    asked = parser.parse_args()
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


if __name__ == "__main__":
    main()
