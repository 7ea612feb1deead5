"""Holds the portal's processes together: starts them, sees them die, and leaves none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.2
MAX_RESTARTS = 3
RESTART_WINDOW_SECONDS = 60.0


def _die_with_the_parent() -> None:
    """Ask Linux to end this child should the supervisor itself be killed; elsewhere there is no such promise."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process (with all that it starts, as its own group), and when it had to be started again.

    ``once`` marks a job that may end by itself: its end is told to ``ended`` with the exit status.
    """

    name: str
    command: Sequence[str]
    once: bool = False
    ended: Callable[[int], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the process in a group of its own, so that a Ctrl-C reaches it only through the supervisor."""
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=_die_with_the_parent,
        )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group; one that is already gone is fine."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def is_gone(self) -> bool:
        """Tell whether the process and everything it started have ended."""
        if self.process is None:
            return True
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Supervisor:
    """Runs children in the foreground until it is told to end or one of them will not stay up."""

    def __init__(self, say: Callable[[str], None], *, grace_seconds: float = 10.0) -> None:
        self.say = say
        self.grace_seconds = grace_seconds
        self.children: list[Child] = []
        self.ending = self.failed = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_end)

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def start(self, child: Child) -> Child:
        """Start one child and watch it from now on."""
        self.children.append(child)
        child.start()
        return child

    def wait_for(self, done: Callable[[], bool], seconds: float) -> bool:
        """Watch the children until ``done()``; false when the time is up or the portal is ending."""
        until = time.monotonic() + seconds
        while not self.ending and time.monotonic() < until:
            if done():
                return True
            self._look()
            time.sleep(POLL_SECONDS)
        return False

    def run(self) -> int:
        """Stay until Ctrl-C, TERM or a child that keeps dying; then end everything. Returns the exit status."""
        while not self.ending:
            self._look()
            time.sleep(POLL_SECONDS)
        self.stop()
        return 1 if self.failed else 0

    def _look(self) -> None:
        for child in list(self.children):
            if child.process is None or (status := child.process.poll()) is None:
                continue
            if child.once:
                self.children.remove(child)
                if child.ended:
                    child.ended(status)
            elif not self.ending:
                self._restart(child, status)

    def _restart(self, child: Child, status: int) -> None:
        now = time.monotonic()
        child.restarts = [moment for moment in child.restarts if now - moment < RESTART_WINDOW_SECONDS]
        child.signal(signal.SIGKILL)
        if len(child.restarts) >= MAX_RESTARTS:
            self.say(f"{child.name}反复退出（退出码 {status}），平台停止。请看上面的日志。")
            self.failed = self.ending = True
            return
        child.restarts.append(now)
        self.say(f"{child.name}意外退出（退出码 {status}），正在重新启动。")
        child.start()

    def stop(self) -> None:
        """Ask every group to end, and after the grace period make it."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + self.grace_seconds
        while time.monotonic() < until and not all(child.is_gone() for child in self.children):
            time.sleep(POLL_SECONDS / 2)
        for child in self.children:
            if not child.is_gone():
                self.say(f"{child.name}没有按时结束，强制结束。")
                child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
