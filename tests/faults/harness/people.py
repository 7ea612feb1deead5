"""People who go on working while things break: each sends again, under the same key, until he is answered."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.faults.harness.filling import ACCEPT, DISPATCH, PLAIN, Filled, report

RESOLVE = {"result": "更换循环泵后恢复供热。", "outcome": "fulfilled", "reply": "暖气已恢复供热。"}
#: Who takes which step of a whole journey; every third case stays where an urgent clock has begun to run.
JOURNEY = (
    ("clerk", "accept", PLAIN),
    ("dispatcher", "dispatch", DISPATCH),
    ("handler", "sign", {}),
    ("handler", "resolve", RESOLVE),
    ("supervisor", "approve", {}),
)
LEFT = (("clerk", "accept", ACCEPT),)


@dataclass
class Answered:
    """What the portal has acknowledged: (number, step), and what people met on the way."""

    steps: list[tuple[str, str]] = field(default_factory=list)
    sent_again: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, number: str, step: str) -> None:
        """The portal said yes."""
        with self.lock:
            self.steps.append((number, step))


class Desks:
    """A few people at once, each with a case after another, `pause` seconds between two steps."""

    def __init__(self, port: int, filled: Filled, count: int = 2, pause: float = 0.4) -> None:
        self.port, self.filled, self.pause = port, filled, pause
        self.answered = Answered()
        self._over = threading.Event()
        self._turn = 0
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]

    def open(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End, each after the step he is at."""
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=120)
        if any(thread.is_alive() for thread in self._threads):
            raise SystemExit("a desk was never answered")

    def _work(self) -> None:
        while not self._over.is_set():
            with self.answered.lock:
                self._turn += 1
                turn = self._turn
            told = self._until_answered("clerk", "/api/v1/cases/", report(turn), 201)
            if told is None:
                continue
            number = str(told["number"])
            self.answered.note(number, "register")
            for who, step, given in LEFT if turn % 3 == 0 else JOURNEY:
                if self._over.wait(self.pause):
                    return
                if self._until_answered(who, f"/api/v1/cases/{number}/moves/", {"move": step, **given}, 200) is None:
                    break
                self.answered.note(number, step)

    def _until_answered(self, who: str, path: str, body: dict[str, Any], wanted: int) -> dict[str, Any] | None:
        """The answer; None when the portal refused, which is kept."""
        whole = json.dumps({**body, "client_id": str(uuid.uuid4())})
        headers = {"Authorization": f"Token {self.filled.tokens[who]}", "Content-Type": "application/json"}
        for attempt in range(600):
            self.answered.sent_again += bool(attempt)
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
                line.request("POST", path, whole.encode(), headers)
                answer = line.getresponse()
                text = answer.read().decode()
                line.close()
            except (OSError, http.client.HTTPException):
                time.sleep(0.5)
                continue
            if answer.status == wanted:
                told: dict[str, Any] = json.loads(text)
                return told
            if answer.status < 500:
                self.answered.refused.append(f"{path} {answer.status} {text[:300]}")
                return None
            time.sleep(0.5)
        return None
