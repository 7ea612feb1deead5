"""The database refuses two overlapping duties of the same person, grid and kind: exclusion constraint or triggers.

Used by `migrations/0002_refusals`. Django's SQLite table rebuilds drop triggers, so a later migration that alters ``Duty`` runs
``refuse_overlaps`` again (a test asks the database itself).
"""

from __future__ import annotations

from typing import Any

NAME = "duty_does_not_overlap"

# Ranges bring their own GiST operators, so no extension is needed; the list of kinds is hashed into one.
_POSTGRESQL = f"""
ALTER TABLE grids_duty ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(user_id, user_id, '[]') WITH &&,
    int8range(grid_id, grid_id, '[]') WITH &&,
    int4range(hashtext(kind::text), hashtext(kind::text), '[]') WITH &&,
    daterange(starts_on, ends_on, '[)') WITH &&
)"""

# Nothing here comes from outside: the names are this file's own.
_SQLITE = f"""
CREATE TRIGGER {NAME}_{{event}} BEFORE {{statement}} ON grids_duty
WHEN (NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on) AND EXISTS (
    SELECT 1 FROM grids_duty old
    WHERE old.user_id = NEW.user_id AND old.grid_id = NEW.grid_id AND old.kind = NEW.kind {{others}}
      AND (old.ends_on IS NULL OR (old.ends_on > NEW.starts_on AND old.ends_on > old.starts_on))
      AND (NEW.ends_on IS NULL OR NEW.ends_on > old.starts_on)
)
BEGIN SELECT RAISE(ABORT, '{NAME}'); END"""  # noqa: S608


def refuse_overlaps(apps: Any, schema_editor: Any) -> None:
    """Install the rule; installing twice does no harm."""
    allow_overlaps(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        statements = [_POSTGRESQL]
    else:
        statements = [
            _SQLITE.format(event="insert", statement="INSERT", others=""),
            _SQLITE.format(event="update", statement="UPDATE", others="AND old.id <> NEW.id"),
        ]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def allow_overlaps(apps: Any, schema_editor: Any) -> None:
    """Remove the rule (a migration backwards)."""
    if schema_editor.connection.vendor == "postgresql":
        statements = [f"ALTER TABLE grids_duty DROP CONSTRAINT IF EXISTS {NAME}"]
    else:
        statements = [f"DROP TRIGGER IF EXISTS {NAME}_{event}" for event in ("insert", "update")]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
