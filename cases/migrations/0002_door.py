"""What goes round the door is refused: a rewritten history, a status without its event, a changed archive.

And the source of running numbers. A status needs its event, as `version` alone could be counted up.
Whoever has SQLite make `cases_event` or `cases_case` anew (a migration that alters them) makes the triggers anew.
"""

from django.db import migrations

from governance_portal.lib.migrating import statements

SAID = "a status changes with an event, and an archived case never"
NO_EVENT = """NOT EXISTS (SELECT 1 FROM cases_event
       WHERE case_id = NEW.id AND seq = NEW.version AND status_after = NEW.status)"""

DOOR = statements(
    sqlite=(
        "CREATE TABLE cases_serial (value integer NOT NULL)",
        "INSERT INTO cases_serial (value) VALUES (0)",
        """CREATE TRIGGER cases_event_no_update BEFORE UPDATE ON cases_event
       BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END""",
        """CREATE TRIGGER cases_event_no_delete BEFORE DELETE ON cases_event
       BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END""",
        f"""CREATE TRIGGER cases_case_status_door BEFORE UPDATE OF status ON cases_case
       WHEN NEW.status <> OLD.status AND (NEW.version <= OLD.version OR OLD.status = 'archived' OR {NO_EVENT})
       BEGIN SELECT RAISE(ABORT, '{SAID}'); END""",
    ),
    sqlite_back=(
        "DROP TRIGGER cases_case_status_door",
        "DROP TRIGGER cases_event_no_delete",
        "DROP TRIGGER cases_event_no_update",
        "DROP TABLE cases_serial",
    ),
    postgresql=(
        "CREATE SEQUENCE cases_serial",
        """CREATE FUNCTION cases_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the history is append-only'; END $$""",
        """CREATE TRIGGER cases_event_append_only BEFORE UPDATE OR DELETE ON cases_event
       FOR EACH ROW EXECUTE FUNCTION cases_event_append_only()""",
        f"""CREATE FUNCTION cases_case_status_door() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.version <= OLD.version OR OLD.status = 'archived' OR {NO_EVENT} THEN
           RAISE EXCEPTION '{SAID}';
         END IF;
         RETURN NEW;
       END $$""",
        """CREATE TRIGGER cases_case_status_door BEFORE UPDATE OF status ON cases_case
       FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION cases_case_status_door()""",
    ),
    postgresql_back=(
        "DROP TRIGGER cases_case_status_door ON cases_case",
        "DROP FUNCTION cases_case_status_door()",
        "DROP TRIGGER cases_event_append_only ON cases_event",
        "DROP FUNCTION cases_event_append_only()",
        "DROP SEQUENCE cases_serial",
    ),
)


class Migration(migrations.Migration):
    replaces = [("cases", "0002_guards"), ("cases", "0004_status_needs_its_event")]
    dependencies = [("cases", "0001_tables")]

    operations = [DOOR]
