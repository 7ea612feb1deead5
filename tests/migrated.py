"""The migrations are run once for all: every worker's database, and every file the browser is shown, is a copy.

Two workers with two databases each would run them four times (docs/architecture.md says what once costs).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from tests.services import POSTGRES_URL

ROOT = Path(__file__).resolve().parents[1]


def _migrate(url: str) -> None:
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    command = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(command, cwd=ROOT, env=surroundings, check=True, timeout=900)


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def file_in(folder: Path) -> Path:
    """Return a migrated file in the folder that the workers of a run share; the first to ask makes it."""
    place = folder / "migrated.sqlite3"
    with _one_at_a_time(folder):
        if not place.exists():
            part = folder / "migrating.sqlite3"
            _migrate(f"sqlite:///{part}")
            with contextlib.closing(sqlite3.connect(part)) as whole:
                whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                whole.execute("PRAGMA journal_mode=DELETE")
            part.rename(place)
    return place


@contextlib.contextmanager
def database_of(folder: Path) -> Iterator[str]:
    """Give the name of a migrated database that the workers of a run share; who made it drops it at the end."""
    told, mine = folder / "migrated.name", False
    with _one_at_a_time(folder):
        if not told.exists():
            name, mine = f"migrated_{os.getpid()}", True
            _said(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
            base = os.environ.get("DATABASE_URL", POSTGRES_URL)
            _migrate(f"{base.rpartition('/')[0]}/{name}")
            told.write_text(name, encoding="ascii")
    name = told.read_text(encoding="ascii")
    yield name
    if mine:
        _said(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _said(*statements: str) -> None:
    with contextlib.closing(psycopg2.connect(os.environ.get("DATABASE_URL", POSTGRES_URL))) as plain:
        plain.autocommit = True
        for statement in statements:
            plain.cursor().execute(statement)
