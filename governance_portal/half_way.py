"""A database that stands between two of the migrations that were put together is refused; nothing is guessed or changed.

What a migration `replaces` has been applied wholly or not at all, or this version knows no way on from there: Django would
leave the tables out and run what follows them.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.management.base import CommandError
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

#: The last file of those that were put together: the last version that has it brings a database to where all are applied.
LAST = "cases/migrations/0038_over_at.py"
HINT = f"先换到还有 {LAST} 的最后一个版本，执行 manage.py migrate，再换回本版（docs/architecture.md）。"


@cache
def put_together() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(app, migration of today) → the (app, migration) of before that it stands for, in their order."""
    on_disk = MigrationLoader(None).disk_migrations
    return {key: list(migration.replaces) for key, migration in on_disk.items() if migration.replaces}


def missing_of(applied: Iterable[tuple[str, str]]) -> list[str]:
    """What a database that stands half-way lacks of the migrations of before ("app.name"); empty: it may go on.

    It may when each of today's finds all that it stands for or nothing of it: also where a new database's ``migrate`` was
    broken off between two of them.
    """
    have = set(applied)
    apart = {app for (app, _name), old in put_together().items() if have & set(old) and not have >= set(old)}
    return sorted(
        f"{app}.{name}"
        for old in put_together().values()
        for app, name in old
        if app in apart and (app, name) not in have
    )


def sentence(alias: str = "default") -> str:
    """Why this database cannot be used by this version, or ""; raises DatabaseError if it does not answer."""
    missing = missing_of(MigrationRecorder(connections[alias]).applied_migrations())
    return f"数据库停在较早的版本，还差 {len(missing)} 个旧的变更，第一个是 {missing[0]}。" if missing else ""


def no_database_stands_half_way(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """For ``check --database`` and, before anything is looked at, ``migrate``."""
    try:
        found = [sentence(alias) for alias in databases or ()]
    except DatabaseError:
        return []  # whoever asked is told by the command itself
    return [Error(text, hint=HINT, id="portal.E008") for text in found if text]


def refuse(using: str = "default", **kwargs: Any) -> None:
    """Raise CommandError; receiver of ``pre_migrate``, for a ``migrate`` that skips the checks."""
    if text := sentence(using):
        raise CommandError(text + HINT)
