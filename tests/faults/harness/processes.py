"""The portal's own processes, started by the commands that `run_portal` and a container start them by."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence

from governance_portal.management.commands.run_portal import Command as RunPortal
from tests.faults.harness.place import ROOT, Place, log_of, python

PR_SET_PDEATHSIG = 1


def _die_with_the_harness() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """One process with its log; killed and started again at will."""

    def __init__(self, place: Place, name: str, command: Sequence[str], clock: str = "") -> None:
        self.place, self.name, self.command, self.clock = place, name, command, clock
        self.starts, self.kills = 0, 0
        self.killed = False
        self.started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its log is continued."""
        with log_of(self.place, self.name).open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.place.surroundings(self.clock),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_the_harness,
            )
        self.starts += 1
        self.killed = False
        self.started_at = time.monotonic()

    def kill(self) -> None:
        """`kill -9`, with all that it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.kills += 1
            self.killed = True

    def died(self) -> bool:
        """Whether it has ended."""
        return self.process is not None and self.process.poll() is not None

    def said(self, words: str) -> int:
        """How often its log has these words."""
        return log_of(self.place, self.name).read_text(encoding="utf-8", errors="replace").count(words)

    def log_size(self) -> int:
        """How long its log is, in bytes."""
        return log_of(self.place, self.name).stat().st_size


class Portal:
    """Web server, two workers, two beats; whoever dies by himself is started again, as the supervisor does."""

    def __init__(self, place: Place) -> None:
        celery = RunPortal()._celery
        worker = celery("worker", "--pool=threads", "--without-gossip", "--without-mingle")
        self.place = place
        self.web = Process(place, "web", [python(), "manage.py", "serve_web"])
        self.workers = [
            Process(place, f"worker{number}", [*worker, "--hostname", f"worker{number}@%h"], "worker")
            for number in (1, 2)
        ]
        self.beats = [Process(place, f"beat{number}", celery("beat"), "beat") for number in (1, 2)]
        self.deaths: list[str] = []
        self._over = threading.Event()
        self._held = threading.Lock()

    @property
    def everything(self) -> list[Process]:
        """All of them."""
        return [self.web, *self.workers, *self.beats]

    def start(self) -> None:
        """Start all, wait for the web server, and watch."""
        for process in self.everything:
            process.start()
        until = time.monotonic() + 90
        while not self._answers():
            if time.monotonic() > until:
                raise SystemExit(log_of(self.place, "web").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.3)
        threading.Thread(target=self._watch, daemon=True).start()

    def kill_a_worker(self, number: int) -> None:
        """`kill -9` one worker, once it is at work; `_watch` starts it again.

        Not the caller's thread: a child ends with the thread that started it (PR_SET_PDEATHSIG).
        """
        worker, until = self.workers[number % 2], time.monotonic() + 60
        while worker.said(" ready.") < worker.starts and time.monotonic() < until:
            time.sleep(0.2)
        with self._held:
            worker.kill()

    def stop(self) -> None:
        """End all."""
        self._over.set()
        with self._held:
            for process in self.everything:
                process.kill()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.place.ports['web']}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            with self._held:
                for process in self.everything:
                    if not self._over.is_set() and process.died():
                        if not process.killed and process.process is not None:
                            self.deaths.append(f"{process.name} ({process.process.returncode})")
                        process.start()
