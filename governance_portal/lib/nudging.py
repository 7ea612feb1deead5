"""Nudges a worker without waiting for the broker: whoever nudges goes on at once, a thread of the process does the telling.

A broker that is away costs a request nothing, not even a time-out (2 s and more for each of a process's threads, measured).
A nudge that cannot be given is dropped, and for half a minute the broker is not asked again: the sweep finds the row.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from typing import Any

log = logging.getLogger(__name__)

SHRUG_SECONDS = 30.0
#: So many wait at most; more is dropped (the rows wait, too).
MOST_WAITING = 1000
#: Behind the beat's own: a sweep pays all rows at once, and behind hundreds of single rows none came to its turn for six
#: minutes while workers were killed (`make faults`). Redis counts 0 (first) to 9 (last); folders take no notice.
LAST = 9


class Nudger:
    """One thread and its queue; made anew in a process that was forked."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._waiting: queue.Queue[tuple[Any, dict[str, int]]] = queue.Queue(MOST_WAITING)
        self._quiet_until = 0.0
        threading.Thread(target=self._tell, name="nudger", daemon=True).start()

    def put(self, task: Any, ids: dict[str, int]) -> None:
        """Leave a nudge to the thread; dropped where too many wait or the broker is not asked."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._waiting.put_nowait((task, ids))
        except queue.Full:
            log.warning("too many nudges wait; the sweep will find the rows")

    def settle(self) -> None:
        """Wait until every nudge was given or dropped (for tests)."""
        self._waiting.join()

    def _tell(self) -> None:
        while True:
            task, ids = self._waiting.get()
            try:
                if time.monotonic() >= self._quiet_until:
                    task.apply_async(kwargs=ids, retry=False, priority=LAST)
            except Exception as broken:  # whatever a broker says, nobody waits for it
                self._quiet_until = time.monotonic() + SHRUG_SECONDS
                log.warning("the broker does not take nudges (%s); the sweep finds the rows", type(broken).__name__)
            finally:
                self._waiting.task_done()


_lock = threading.Lock()
_nudgers: list[Nudger] = []


def nudger() -> Nudger:
    """The nudger of this process."""
    with _lock:
        if not _nudgers or _nudgers[0].pid != os.getpid():
            _nudgers[:] = [Nudger()]
        return _nudgers[0]


def nudge(task: Any, **ids: int) -> None:
    """Ask a worker to run a task with these row ids, some time soon; never waits, never raises."""
    nudger().put(task, ids)
