"""What the database itself refuses: a rewritten history, a status written outside the door, a changed archive."""

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE TABLE cases_serial (value integer NOT NULL)",
    "INSERT INTO cases_serial (value) VALUES (0)",
    """CREATE TRIGGER cases_event_no_update BEFORE UPDATE ON cases_event
       BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END""",
    """CREATE TRIGGER cases_event_no_delete BEFORE DELETE ON cases_event
       BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END""",
    """CREATE TRIGGER cases_case_status_door BEFORE UPDATE OF status ON cases_case
       WHEN NEW.status <> OLD.status AND (NEW.version <= OLD.version OR OLD.status = 'archived')
       BEGIN SELECT RAISE(ABORT, 'a status changes with an event, and an archived case never'); END""",
)
SQLITE_BACK = (
    "DROP TRIGGER cases_case_status_door",
    "DROP TRIGGER cases_event_no_delete",
    "DROP TRIGGER cases_event_no_update",
    "DROP TABLE cases_serial",
)
POSTGRESQL = (
    "CREATE SEQUENCE cases_serial",
    """CREATE FUNCTION cases_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the history is append-only'; END $$""",
    """CREATE TRIGGER cases_event_append_only BEFORE UPDATE OR DELETE ON cases_event
       FOR EACH ROW EXECUTE FUNCTION cases_event_append_only()""",
    """CREATE FUNCTION cases_case_status_door() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.version <= OLD.version OR OLD.status = 'archived' THEN
           RAISE EXCEPTION 'a status changes with an event, and an archived case never';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER cases_case_status_door BEFORE UPDATE OF status ON cases_case
       FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION cases_case_status_door()""",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER cases_case_status_door ON cases_case",
    "DROP FUNCTION cases_case_status_door()",
    "DROP TRIGGER cases_event_append_only ON cases_event",
    "DROP FUNCTION cases_event_append_only()",
    "DROP SEQUENCE cases_serial",
)


def forwards(apps: Any, schema_editor: Any) -> None:
    """Create the triggers and the source of running numbers for this database."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    """Drop them."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
