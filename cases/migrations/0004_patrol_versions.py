"""Patrol plans are versions that nobody edits; what a closed campaign left undone stays on record.

Whoever has SQLite make `cases_patrolplan` or `cases_patroltask` anew (a migration that alters it) makes its triggers anew.
"""

from django.db import migrations

from governance_portal.lib.migrating import statements

#: Everything of a plan but its end and the clock's own marks.
KEPT = (
    *("kind", "name", "look_for", "area_code", "duty_kind", "repeat", "every", "weekdays", "month_days", "special"),
    *("first_day", "last_day", "follows_id", "made_by_id", "made_at"),
)
PLAN = "a patrol plan is a version: end it and make the next one"
CLOSED = "the campaign is closed: what was left undone is on record"
_PLAN_LITE = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in KEPT)
_PLAN_PG = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in KEPT)
SQLITE = (
    f"""CREATE TRIGGER cases_patrolplan_version BEFORE UPDATE ON cases_patrolplan
        WHEN {_PLAN_LITE} OR (OLD.ends_on IS NOT NULL AND NEW.ends_on IS NOT OLD.ends_on)
        BEGIN SELECT RAISE(ABORT, '{PLAN}'); END""",
    f"""CREATE TRIGGER cases_patroltask_closed BEFORE UPDATE ON cases_patroltask
        WHEN EXISTS (SELECT 1 FROM cases_patrolclosing WHERE plan_id = OLD.plan_id)
        BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END""",  # noqa: S608
)
SQLITE_BACK = ("DROP TRIGGER cases_patroltask_closed", "DROP TRIGGER cases_patrolplan_version")
POSTGRESQL = (
    f"""CREATE FUNCTION cases_patrolplan_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{PLAN}'; END $$""",
    f"""CREATE TRIGGER cases_patrolplan_version BEFORE UPDATE ON cases_patrolplan FOR EACH ROW
        WHEN ({_PLAN_PG} OR (OLD.ends_on IS NOT NULL AND NEW.ends_on IS DISTINCT FROM OLD.ends_on))
        EXECUTE FUNCTION cases_patrolplan_version()""",
    f"""CREATE FUNCTION cases_patroltask_closed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT 1 FROM cases_patrolclosing WHERE plan_id = OLD.plan_id) THEN
            RAISE EXCEPTION '{CLOSED}';
          END IF;
          RETURN NEW;
        END $$""",  # noqa: S608
    """CREATE TRIGGER cases_patroltask_closed BEFORE UPDATE ON cases_patroltask
       FOR EACH ROW EXECUTE FUNCTION cases_patroltask_closed()""",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER cases_patroltask_closed ON cases_patroltask",
    "DROP FUNCTION cases_patroltask_closed()",
    "DROP TRIGGER cases_patrolplan_version ON cases_patrolplan",
    "DROP FUNCTION cases_patrolplan_version()",
)

PATROLS = statements(postgresql=POSTGRESQL, postgresql_back=POSTGRESQL_BACK, sqlite=SQLITE, sqlite_back=SQLITE_BACK)


class Migration(migrations.Migration):
    replaces = [("cases", "0026_patrols")]
    dependencies = [("cases", "0003_limit_versions")]

    operations = [PATROLS]
