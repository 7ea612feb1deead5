"""Limits are versions that nobody edits; the dispatch catalogue only grows.

Whoever has SQLite make one of the two tables anew (a migration that alters it) makes its triggers anew.
"""

from functools import partial

from django.db import migrations

from accounts.append_only import protect, release
from governance_portal.lib.migrating import statements

#: Everything of a version but the day on which it ends.
KEPT = (
    *("clock", "kind", "procedure", "category", "level", "channel", "amount", "unit"),
    *("extension_amount", "extension_times", "extension_by", "legal_base", "statutory", "valid_from"),
    *("reason", "author_name", "made_at"),
)
REFUSED = "a limit is a version: end it and add the next one"
_SAME_LITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
_SAME_PG = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)
SQLITE = (
    f"""CREATE TRIGGER cases_limitpolicy_version BEFORE UPDATE ON cases_limitpolicy
        WHEN {_SAME_LITE} OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS NOT OLD.valid_to)
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # Emptying a table is a DELETE here: what the migrations filled in may go with the whole, what people wrote may not.
    f"""CREATE TRIGGER cases_limitpolicy_kept BEFORE DELETE ON cases_limitpolicy WHEN OLD.author_name <> ''
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)
SQLITE_BACK = ("DROP TRIGGER cases_limitpolicy_kept", "DROP TRIGGER cases_limitpolicy_version")
POSTGRESQL = (
    f"""CREATE FUNCTION cases_limitpolicy_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    f"""CREATE TRIGGER cases_limitpolicy_version BEFORE UPDATE ON cases_limitpolicy FOR EACH ROW
        WHEN ({_SAME_PG} OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to))
        EXECUTE FUNCTION cases_limitpolicy_version()""",
    """CREATE TRIGGER cases_limitpolicy_kept BEFORE DELETE ON cases_limitpolicy
       FOR EACH ROW EXECUTE FUNCTION cases_limitpolicy_version()""",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER cases_limitpolicy_kept ON cases_limitpolicy",
    "DROP TRIGGER cases_limitpolicy_version ON cases_limitpolicy",
    "DROP FUNCTION cases_limitpolicy_version()",
)

LIMITS = statements(postgresql=POSTGRESQL, postgresql_back=POSTGRESQL_BACK, sqlite=SQLITE, sqlite_back=SQLITE_BACK)

DISPATCHING = migrations.RunPython(
    partial(protect, table="cases_dispatchline"), partial(release, table="cases_dispatchline")
)


class Migration(migrations.Migration):
    replaces = [("cases", "0015_limits")]
    dependencies = [("cases", "0002_door")]

    operations = [LIMITS, DISPATCHING]
