"""The worker's part: each new case leaves its trace and is compared with those before it, within a minute."""

from __future__ import annotations

import logging
from datetime import datetime

from cases.crowds import traces
from cases.crowds.finding import suggest

log = logging.getLogger(__name__)

BATCH = 500


def suggest_repeats(now: datetime) -> int:
    """Trace new cases and write down what they may repeat, at most a batch; answers how many cases were looked at.

    Idempotent: the trace is written last, so that a case whose comparison was cut short is compared again.
    """
    cases = traces.untraced(BATCH)
    for case in cases:
        try:
            suggest(case, now)
        except Exception:  # one that cannot be compared must not keep the others from it
            log.exception("case=%d cannot be compared", case.pk)
        traces.keep([case])
    return len(cases)
