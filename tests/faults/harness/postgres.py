"""A PostgreSQL cluster of the run's own, so that it may be restarted, crashed and given a wrong clock."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

import psycopg2

from tests.faults.harness.place import Place


class NoPostgres(RuntimeError):
    """This machine has no PostgreSQL server programs."""


def binaries() -> Path:
    """Where Debian (or the PATH) keeps initdb and pg_ctl, the newest version; raises ``NoPostgres``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).parent
    raise NoPostgres("没有 PostgreSQL 服务程序：apt-get install postgresql")


def _as_owner(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Cluster:
    """initdb, start, restart, stop; it listens on loopback only and trusts it."""

    def __init__(self, place: Place) -> None:
        self.place, self.port, self.bin = place, place.ports["postgres"], binaries()
        self.data = place.folder / "postgres" / "data"

    def make(self) -> None:
        """Make the cluster and its database, and start it."""
        self.data.parent.mkdir()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.data.parent, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--pgdata", str(self.data), "--username=postgres", "--auth=trust", "--encoding=UTF8")
        self.start()
        where = {"port": self.port, "host": "127.0.0.1", "user": "postgres", "dbname": "postgres"}
        with contextlib.closing(psycopg2.connect(**where)) as plain:
            plain.autocommit = True
            plain.cursor().execute("CREATE DATABASE portal")

    def start(self) -> None:
        """Start and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run("pg_ctl", "start", "-w", "-t", "60", "-o", options)

    def restart(self, how: str) -> float:
        """Restart, "fast" or "immediate" (a crash with recovery); answers how many seconds it was away."""
        began = time.monotonic()
        self._run("pg_ctl", "stop", "-w", "-m", how)
        self.start()
        return time.monotonic() - began

    def stop(self) -> None:
        """Stop for good; one that does not run is fine."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-w", "-m", "immediate", check=False)

    def _run(self, program: str, *words: str, check: bool = True) -> None:
        command = [str(self.bin / program), *words]
        if program == "pg_ctl":
            command += ["--pgdata", str(self.data), "--log", str(self.data.parent / "log"), "--silent"]
        clock = self.place.clocks["postgres"].surroundings(self.place.folder / "shims") if "start" in words else {}
        named = [f"{name}={value}" for name, value in clock.items() if name != "PYTHONPATH"]
        subprocess.run(
            _as_owner(["env", *named, *command]),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=check,
            timeout=120,
        )
