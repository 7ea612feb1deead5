"""The beat's scheduler: it keeps time by the monotonic clock, and adds nothing to a queue that nobody empties.

Celery's own asks the machine's clock: set back by three days, it sent nothing for three days (`make faults`). Its messages
used to expire instead of piling up, but that compares two machines' clocks: where one was wrong, every message had expired.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.utils.log import get_logger

log = get_logger(__name__)

#: Two hours of all beats: what a worker that comes back has to leaf through.
MOST_WAITING = 1000
_BEGAN, _SINCE = datetime.now(UTC), time.monotonic()


def steady_now() -> datetime:
    """The time as it was when this process began, and what has passed since; no setting of the clock moves it."""
    return _BEGAN + timedelta(seconds=time.monotonic() - _SINCE)


class SteadyEntry(ScheduleEntry):
    """One task and its period."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schedule.nowfun = steady_now  # type: ignore[union-attr]  # an entry of ours has one

    def default_now(self) -> datetime:
        """When it was last run, told in the same time as the schedule's."""
        return steady_now()

    _default_now = default_now


class Metronome(Scheduler):
    """`CELERY_BEAT_SCHEDULER`."""

    Entry = SteadyEntry

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send one nudge, unless too many lie there already."""
        try:
            waiting = self.waiting(producer)
        except Exception as broken:  # the broker is away; the next beat asks again
            log.warning("the broker does not answer (%s)", type(broken).__name__)
            return
        if waiting > MOST_WAITING:
            log.warning("%d tasks wait and no worker takes them; %s is not added", waiting, entry.task)
            return
        super().apply_entry(entry, producer=producer)

    def waiting(self, producer: Any = None) -> int:
        """How many messages lie in the queue."""
        channel = (producer or self.producer).channel
        return int(channel._size(self.app.conf.task_default_queue))  # type: ignore[union-attr]
