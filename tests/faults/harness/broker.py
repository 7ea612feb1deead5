"""The run's Redis, and the proxy in front of it that can fall silent: it takes connections and never answers."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from pathlib import Path


class Redis:
    """A redis-server that keeps nothing."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
        self.process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while True:
            try:
                self._say("PING")
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _say(self, words: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(words.encode() + b"\r\n")
            return line.recv(4096).decode()

    def waiting(self) -> int:
        """How many messages lie in the portal's queue, at all priorities (kombu keeps a list for each)."""
        names = ["portal", *(f"portal\\x06\\x16{priority}" for priority in (3, 6, 9))]
        answers = [self._say(f'LLEN "{name}"').strip() for name in names]
        return sum(int(answer.lstrip(":")) for answer in answers if answer.startswith(":"))

    def empty(self) -> int:
        """Throw everything away; answers how many messages lay in the queue."""
        lost = self.waiting()
        self._say("FLUSHALL")
        return lost

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


class Proxy:
    """Passes bytes both ways; while `silent` it accepts, holds what it is sent, and passes nothing on."""

    def __init__(self, port: int, behind: int) -> None:
        self.behind = behind
        self._open = threading.Event()
        self._open.set()
        self._ears = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self._listen, daemon=True).start()

    def fall_silent(self) -> None:
        """Answer nobody from now on."""
        self._open.clear()

    def speak_again(self) -> None:
        """Pass on what was held and go on."""
        self._open.set()

    def stop(self) -> None:
        """Take no more connections."""
        self._open.set()
        with contextlib.suppress(OSError):
            self._ears.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept; closing alone does not
        self._ears.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self._ears.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller:
            self._open.wait()
            try:
                server = socket.create_connection(("127.0.0.1", self.behind), timeout=5)
            except OSError:
                return
            with server:
                server.settimeout(None)
                back = threading.Thread(target=self._pump, args=(server, caller), daemon=True)
                back.start()
                self._pump(caller, server)
                back.join()  # each pump, as it ends, shuts both lines down and so ends the other

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                self._open.wait()
                sink.sendall(piece)
        for line in (source, sink):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
