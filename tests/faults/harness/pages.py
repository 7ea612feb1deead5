"""How long pages take: a list, a case, and a move, by a log-in session, with the connection kept as browsers keep it."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults.harness.filling import PLAIN, Filled

CSRF = "f" * 32


@dataclass
class Timed:
    """Milliseconds of each request by kind, and what was not answered as it should be."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {"list": [], "case": [], "move": []})
    wrong: list[str] = field(default_factory=list)

    def percentile(self, share: float, kind: str = "") -> float:
        """The share-th of all requests, or of one kind."""
        rows = sorted(self.milliseconds[kind] if kind else [one for rows in self.milliseconds.values() for one in rows])
        return rows[min(int(len(rows) * share), len(rows) - 1)] if rows else float("nan")

    @property
    def count(self) -> int:
        """How many requests there were."""
        return sum(len(rows) for rows in self.milliseconds.values())


class Readers:
    """People at pages: look at the list, open a case, accept it; then the next one."""

    def __init__(self, port: int, filled: Filled) -> None:
        self.port, self.session = port, filled.sessions["clerk"]
        self._numbers: Iterator[str] = iter(filled.waiting)
        self._lock = threading.Lock()
        self.accepted: list[tuple[str, str]] = []

    def time(self, seconds: float, people: int = 2, pause: float = 0.15) -> Timed:
        """Let them work for so long."""
        timed, until = Timed(), time.monotonic() + seconds
        threads = [threading.Thread(target=self._work, args=(timed, until, pause)) for _ in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return timed

    def _work(self, timed: Timed, until: float, pause: float) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.monotonic() < until:
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                timed.wrong.append("no case is left to accept")
                return
            self._ask(line, timed, "list", "/cases/", None, 200)
            self._ask(line, timed, "case", f"/cases/{number}/", None, 200)
            time.sleep(pause)
            form = urllib.parse.urlencode({**PLAIN, "client_id": str(uuid.uuid4())})
            if self._ask(line, timed, "move", f"/cases/{number}/moves/accept/", form, 302):
                self.accepted.append((number, "accept"))
            time.sleep(pause)
        line.close()

    def _ask(
        self, line: http.client.HTTPConnection, timed: Timed, kind: str, path: str, form: str | None, wanted: int
    ) -> bool:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            line.request("GET" if form is None else "POST", path, form, headers)
            answer = line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            line.close()
            timed.wrong.append(f"{path} {type(error).__name__}")
            return False
        timed.milliseconds[kind].append((time.perf_counter() - began) * 1000)
        if answer.status != wanted:
            timed.wrong.append(f"{path} {answer.status} {text[:200].decode(errors='replace')}")
        return answer.status == wanted
