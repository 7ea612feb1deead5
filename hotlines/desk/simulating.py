"""A telephone system for whoever has none: so many lines that ring, are answered and hung up, told as the real one tells.

Invented numbers only, some hidden. `send` carries one signed event; whoever gives it decides how (HTTP, a test's client). What
was not taken is sent again with the same id, as a real system does, until `TRIES` are over.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from governance_portal.lib.webhooks import sign

#: Sends one body with its headers, answers the HTTP status; may raise OSError.
Send = Callable[[bytes, Mapping[str, str]], int]
TRIES = 5
#: Of so many calls one rings from a hidden number, one is hung up before it is answered.
HIDDEN_EACH, MISSED_EACH = 9, 6
OK = range(200, 300)


@dataclass(frozen=True)
class Planned:
    """One call: who rings where, whether it is answered, after how many seconds what follows."""

    number: str
    extension: str
    answered: bool = True
    rings: float = 0.0
    talks: float = 0.0
    call_id: str = field(default_factory=lambda: f"sim-{uuid.uuid4().hex[:20]}")


@dataclass
class Rung:
    """What came of a run: events taken, events that were never taken, repeats needed."""

    taken: int = 0
    lost: int = 0
    repeats: int = 0
    calls: list[Planned] = field(default_factory=list)


def plan(
    calls: int, lines: int, *, seconds: float = 60.0, extension: int = 8001, number: int = 0
) -> list[list[Planned]]:
    """Plan so many calls over so many lines within about so many seconds: each line's calls in order."""
    each = -(-calls // lines)
    slot = seconds / max(each, 1)
    planned: list[list[Planned]] = [[] for _line in range(lines)]
    for place in range(calls):
        line = place % lines
        planned[line].append(
            Planned(
                number="" if place % HIDDEN_EACH == HIDDEN_EACH - 1 else f"1390000{number + place:04d}",
                extension=str(extension + line),
                answered=place % MISSED_EACH != MISSED_EACH - 1,
                rings=slot * 0.2,
                talks=slot * 0.6,
            )
        )
    return planned


class TelephoneSystem:
    """Rings lines at the portal; every event has its id and is signed."""

    def __init__(self, secret: str, send: Send, now: Callable[[], datetime]) -> None:
        self.secret, self.send, self.now = secret, send, now
        self.rung = Rung()
        self._lock = threading.Lock()

    def run(self, lines: Sequence[Sequence[Planned]]) -> Rung:
        """Play every line in a thread of its own and wait for all."""
        threads = [threading.Thread(target=self._line, args=(calls,), daemon=True) for calls in lines if calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.rung

    def ring(self, call: Planned) -> bool:
        """Tell that a call rings."""
        return self.tell("ringing", call)

    def pick_up(self, call: Planned) -> bool:
        """Tell that somebody answered."""
        return self.tell("answered", call)

    def hang_up(self, call: Planned) -> bool:
        """Tell that it is over, with the recording's name when somebody had answered."""
        return self.tell("hung_up", call, recording=f"rec-{call.call_id}" if call.answered else "")

    def tell(self, kind: str, call: Planned, recording: str = "") -> bool:
        """Send one event until it is taken; whether it was."""
        at, event_id = self.now(), f"evt_{uuid.uuid4().hex}"
        data = {"call_id": call.call_id, "extension": call.extension, "number": call.number, "recording": recording}
        body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
        for attempt in range(TRIES):
            try:
                status = self.send(body, sign(self.secret, event_id, self.now(), body))
            except OSError:
                status = 0
            if status in OK:
                self._count(taken=1, repeats=attempt)
                return True
            time.sleep(min(0.2 * 2**attempt, 2.0))
        self._count(lost=1, repeats=TRIES)
        return False

    def _line(self, calls: Sequence[Planned]) -> None:
        for call in calls:
            self.ring(call)
            time.sleep(call.rings)
            if call.answered:
                self.pick_up(call)
                time.sleep(call.talks)
            self.hang_up(call)
            with self._lock:
                self.rung.calls.append(call)

    def _count(self, *, taken: int = 0, lost: int = 0, repeats: int = 0) -> None:
        with self._lock:
            self.rung.taken += taken
            self.rung.lost += lost
            self.rung.repeats += repeats
