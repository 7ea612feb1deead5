"""What the database refuses: one person in two duties of one grid and kind at once, a history of grids that changes."""

from django.db import migrations

from governance_portal.lib.migrating import statements
from grids.overlaps import allow_overlaps, refuse_overlaps

TABLES = ("grids_gridversion", "grids_gridsuccession", "grids_gridbelonging")
SAID = "the history of grids is append-only"
EVENTS = ("update", "delete")
FUNCTION = (
    f"CREATE FUNCTION grids_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
)

HISTORY_STAYS = statements(
    postgresql=[
        FUNCTION,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION grids_append_only()"
            for table in TABLES
        ),
    ],
    postgresql_back=[
        *(f"DROP TRIGGER {table}_append_only ON {table}" for table in TABLES),
        "DROP FUNCTION grids_append_only()",
    ],
    sqlite=[
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        for table in TABLES
        for event in EVENTS
    ],
    sqlite_back=[f"DROP TRIGGER {table}_no_{event}" for table in TABLES for event in EVENTS],
)


class Migration(migrations.Migration):
    replaces = [("grids", "0002_duty_does_not_overlap"), ("grids", "0004_shapes")]
    dependencies = [("grids", "0001_tables")]

    operations = [migrations.RunPython(refuse_overlaps, allow_overlaps), HISTORY_STAYS]
