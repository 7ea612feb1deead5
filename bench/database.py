"""The bench's own database: made, migrated, and reached without Django where the floor is measured."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

from bench.environment import NAME, SERVER, database_url


def connect() -> Any:
    """Return a plain psycopg2 connection to the bench's database."""
    return psycopg2.connect(_as_libpq(database_url()))


def _as_libpq(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme="postgresql"))


def ensure() -> None:
    """Make the database where it is missing and bring its tables up to date."""
    server = psycopg2.connect(_as_libpq(SERVER))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    server.close()
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def drop() -> None:
    """Remove the bench's database."""
    connection.close()
    server = psycopg2.connect(_as_libpq(SERVER))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
    server.close()
