"""``python -m tests.faults.harness [--long] [--keep] [--seed N]``: runs, prints the table; exit status 1 when a promise broke."""

from __future__ import annotations

import argparse
import random
import sys

import django

from tests.faults.harness.place import Place


def main() -> int:
    """Become one of the portal's own processes (its settings, the run's database), then run."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.harness", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the whole of it, about a quarter of an hour")
    parser.add_argument("--keep", action="store_true", help="write the table into docs/reliability.md")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="when the kills fall")
    asked = parser.parse_args()
    place = Place()
    place.apply()
    django.setup()
    from tests.faults.harness import report
    from tests.faults.harness.run import run

    result = run("long" if asked.long else "short", place, asked.seed)
    told = report.written(result)
    print(told, flush=True)
    if asked.keep:
        report.keep(result.name, told)
    return 1 if result.objections else 0


if __name__ == "__main__":
    sys.exit(main())
