"""What the gateway received: one row per path and key, whatever was sent how often."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0, UNIQUE (path, key));
CREATE TABLE IF NOT EXISTS refused (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, reason TEXT NOT NULL);
"""


class Store:
    """An SQLite file (or ":memory:") shared by the gateway's threads; it outlives a kill of the gateway."""

    def __init__(self, file: Path | str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)

    def keep(self, path: str, key: str, body: str) -> tuple[int, bool]:
        """Store the message, or count the repeat; answers its id and whether the key had been here."""
        with self._lock:
            row = self._db.execute(
                "INSERT INTO received (path, key, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (path, key) DO UPDATE"
                " SET repeats = repeats + 1, changed = changed + (body <> excluded.body) RETURNING id, repeats",
                (path, key, time.time(), body),
            ).fetchone()
        return int(row[0]), bool(row[1])

    def refuse(self, path: str, key: str, reason: str) -> None:
        """Remember that a message was not taken, and why."""
        with self._lock:
            self._db.execute(
                "INSERT INTO refused (path, key, at, reason) VALUES (?, ?, ?, ?)", (path, key, time.time(), reason)
            )

    def received(self) -> dict[str, Any]:
        """Everything, in the order it came."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, path, key, at, body, repeats, changed FROM received ORDER BY id"
            ).fetchall()
            refused = self._db.execute("SELECT path, key, reason FROM refused ORDER BY id").fetchall()
        names = ("id", "path", "key", "at", "body", "repeats", "changed")
        messages = [dict(zip(names, row, strict=True)) for row in rows]
        for message in messages:
            message["body"] = _loaded(message["body"])
        return {
            "messages": messages,
            "repeats": sum(message["repeats"] for message in messages),
            "changed": sum(message["changed"] for message in messages),
            "refused": [dict(zip(("path", "key", "reason"), row, strict=True)) for row in refused],
        }

    def forget(self) -> None:
        """Empty the store."""
        with self._lock:
            self._db.executescript("DELETE FROM received; DELETE FROM refused;")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _loaded(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
