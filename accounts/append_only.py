"""Database triggers that refuse UPDATE and DELETE (and TRUNCATE of a filled table), for SQLite and PostgreSQL.

Usable by every app's migrations:
`migrations.RunPython(partial(protect, table="cases_event"), partial(release, table="cases_event"))`.
"""

from __future__ import annotations

from typing import Any

SENTENCE = "append-only"


def protect(apps: Any, schema_editor: Any, *, table: str) -> None:
    """Install the triggers; installing twice does no harm."""
    release(apps, schema_editor, table=table)
    statements = _postgresql(table) if schema_editor.connection.vendor == "postgresql" else _sqlite(table)
    _run(schema_editor, statements)


def release(apps: Any, schema_editor: Any, *, table: str) -> None:
    """Remove the triggers: for a migration backwards, and for tests that empty their database."""
    if schema_editor.connection.vendor == "postgresql":
        names = [f"DROP TRIGGER IF EXISTS {table}_{kind}_refused ON {table}" for kind in ("change", "truncate")]
    else:
        names = [f"DROP TRIGGER IF EXISTS {table}_{kind}_refused" for kind in ("update", "delete")]
    _run(schema_editor, names)


def _run(schema_editor: Any, statements: list[str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{kind}_refused BEFORE {kind.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is {SENTENCE}'); END"
        for kind in ("update", "delete")
    ]


def _postgresql(table: str) -> list[str]:
    # TRUNCATE of an empty table is let through: that is how Django's test runner cleans up.
    body = (
        f"BEGIN IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {table}) THEN "  # noqa: S608  our own table's name
        f"RAISE EXCEPTION '{table} is {SENTENCE}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL; END"
    )
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {table}_change_refused BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_truncate_refused BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]
