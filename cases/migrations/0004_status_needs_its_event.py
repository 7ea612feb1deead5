"""A status in the row needs its event in the history, in the database too: `version` alone could be counted up."""

from typing import Any

from django.db import migrations

SAID = "a status changes with an event, and an archived case never"
NO_EVENT = """NOT EXISTS (SELECT 1 FROM cases_event
       WHERE case_id = NEW.id AND seq = NEW.version AND status_after = NEW.status)"""
SQLITE = (
    "DROP TRIGGER cases_case_status_door",
    f"""CREATE TRIGGER cases_case_status_door BEFORE UPDATE OF status ON cases_case
       WHEN NEW.status <> OLD.status AND (NEW.version <= OLD.version OR OLD.status = 'archived' OR {NO_EVENT})
       BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
)
SQLITE_BACK = (
    "DROP TRIGGER cases_case_status_door",
    f"""CREATE TRIGGER cases_case_status_door BEFORE UPDATE OF status ON cases_case
       WHEN NEW.status <> OLD.status AND (NEW.version <= OLD.version OR OLD.status = 'archived')
       BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
)
FUNCTION = """CREATE OR REPLACE FUNCTION cases_case_status_door() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.version <= OLD.version OR OLD.status = 'archived' {more} THEN
           RAISE EXCEPTION '{said}';
         END IF;
         RETURN NEW;
       END $$"""
POSTGRESQL = (FUNCTION.format(more=f"OR {NO_EVENT}", said=SAID),)
POSTGRESQL_BACK = (FUNCTION.format(more="", said=SAID),)


def forwards(apps: Any, schema_editor: Any) -> None:
    """Let the trigger ask for the event."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    """Let it ask for the version only."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_defaults")]
    operations = [migrations.RunPython(forwards, backwards)]
