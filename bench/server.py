"""The portal as a centre runs it: gunicorn with two workers and Redis, on loopback, ended with the bench."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command

from bench.environment import FOLDER, REDIS_PORT, free_port, variables
from governance_portal import web_server
from governance_portal.environment import BASE_DIR

PATIENCE = 60  # seconds


@contextlib.contextmanager
def broker() -> Iterator[None]:
    """Run a Redis of our own for as long as needed; where there is none, the portal's folders do."""
    if not REDIS_PORT:
        yield
        return
    options = ("--port", str(REDIS_PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield
    finally:
        _end(process)


def collect() -> None:
    """Gather the static files that the pages name."""
    call_command("collectstatic", verbosity=0, interactive=False)


@contextlib.contextmanager
def portal() -> Iterator[int]:
    """Run the web server; gives its port."""
    port = free_port()
    os.environ |= {"BIND": "127.0.0.1", "PORT": str(port)}
    log = (FOLDER / "web.log").open("w")
    process = subprocess.Popen(
        web_server.command(), cwd=BASE_DIR, env={**os.environ, **variables()}, stdout=log, stderr=log
    )
    try:
        _await(port, process)
        yield port
    finally:
        _end(process)
        log.close()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 5):
        if process.poll() is not None:
            raise SystemExit(f"the web server ended at once; see {FOLDER / 'web.log'}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the web server does not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Workers:
    """The worker processes of the server at a port, as /proc tells; none where there is no /proc."""

    folders: tuple[Path, ...]

    @classmethod
    def at(cls, port: int) -> Workers:
        """Find them: children of the one that was started with this port."""
        return cls(tuple(folder for folder in Path("/proc").glob("[0-9]*") if _is_worker(folder, port)))

    def memory(self) -> list[float]:
        """Return the resident memory of each, in MB."""
        return [int((f / "status").read_text().split("VmRSS:")[1].split()[0]) / 1024 for f in self.folders]

    def seconds(self) -> float:
        """Return the processor time they have used, user and system."""
        fields = [(folder / "stat").read_text().rsplit(")", 1)[1].split() for folder in self.folders]
        return sum(int(row[11]) + int(row[12]) for row in fields) / os.sysconf("SC_CLK_TCK")


def _is_worker(folder: Path, port: int) -> bool:
    try:
        parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        lines = [(folder / "cmdline").read_bytes(), Path(f"/proc/{parent}/cmdline").read_bytes()]
    except (OSError, IndexError, ValueError):
        return False
    return all(b"gunicorn" in line and f":{port}".encode() in line for line in lines)
