"""What the clock does for the statistics: it puts together what was moved (cases.statistics.compacting)."""

from __future__ import annotations

from datetime import datetime

from cases.statistics.compacting import BATCH, compact

#: So many batches in one run; the next minute goes on.
BATCHES = 4


def compact_counts(_now: datetime) -> int:
    """Put together the changes that wait; answers how many."""
    done = 0
    for _ in range(BATCHES):
        found = compact()
        done += found
        if found < BATCH:
            break
    return done
