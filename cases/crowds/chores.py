"""The worker's part: each new case leaves its trace and is compared with those before it, within a minute."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from cases.crowds import traces
from cases.crowds.finding import suggest

log = logging.getLogger(__name__)

BATCH = 500
#: One run compares no longer than this (seconds): a flood of like reports must not hold the other chores up.
LONGEST = 10.0


def suggest_repeats(now: datetime) -> int:
    """Trace new cases and write down what they may repeat, at most a batch and `LONGEST`; answers how many were looked at.

    Idempotent: the trace is written last, so that a case whose comparison was cut short is compared again.
    """
    began, looked_at = time.monotonic(), 0
    for case in traces.untraced(BATCH):
        if time.monotonic() - began > LONGEST:
            break
        looked_at += 1
        try:
            suggest(case, now)
        except Exception:  # one that cannot be compared must not keep the others from it
            log.exception("case=%d cannot be compared", case.pk)
        traces.keep([case])
    return looked_at
