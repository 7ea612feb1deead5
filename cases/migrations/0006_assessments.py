"""What was computed, published or settled in an assessment of grids stays."""

from django.db import migrations

from governance_portal.lib.migrating import statements

PLAN_KEPT = (
    *("work_class", "since", "on_time", "at_once", "satisfied", "spot", "min_base"),
    *("reason", "author_name", "made_at"),
)
ROUND_KEPT = ("quarter", "work_class", "plan_id", "computed_at", "computed_by_id")
REFUSED = "what was computed, published or settled in an assessment stays"


def _changed(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _rules(differs: str) -> list[tuple[str, str, str, str]]:
    """(table, event, name, when)."""
    frozen = ("cases_gridassessment", "cases_gridfigure", "cases_appealstep")
    return [
        *((table, "UPDATE", f"{table}_kept", "") for table in frozen),
        *((table, "DELETE", f"{table}_stays", "") for table in frozen),
        (
            "cases_assessmentplan",
            "UPDATE",
            "cases_assessmentplan_version",
            f"{_changed(PLAN_KEPT, differs)} OR (OLD.until <> '' AND NEW.until <> OLD.until)",
        ),
        ("cases_assessmentplan", "DELETE", "cases_assessmentplan_stays", "OLD.author_name <> ''"),
        (
            "cases_assessmentround",
            "UPDATE",
            "cases_assessmentround_computed_once",
            f"OLD.computed_at IS NOT NULL AND ({_changed(ROUND_KEPT, differs)})",
        ),
        (
            "cases_assessmentround",
            "UPDATE",
            "cases_assessmentround_decided_once",
            f"OLD.decided_at IS NOT NULL AND ({_changed(('decided_at', 'decided_by_id', 'shown_at'), differs)})",
        ),
        ("cases_assessmentround", "DELETE", "cases_assessmentround_stays", "OLD.computed_at IS NOT NULL"),
        ("cases_appeal", "UPDATE", "cases_appeal_settled", "OLD.confirmed_at IS NOT NULL"),
        ("cases_appeal", "DELETE", "cases_appeal_stays", ""),
    ]


#: A grade stands once its round is decided; the round is another row, so this rule is a question.
DECIDED = """SELECT 1 FROM cases_gridassessment a JOIN cases_assessmentround r ON r.id = a.round_id
    WHERE a.id = OLD.assessment_id AND r.decided_at IS NOT NULL"""


def _sqlite() -> list[str]:
    made = [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {f'WHEN {when} ' if when else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for table, event, name, when in _rules("IS NOT")
    ]
    return made + [
        f"CREATE TRIGGER cases_gridgrade_{event.lower()} BEFORE {event} ON cases_gridgrade WHEN EXISTS ({DECIDED}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION cases_assessing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
        f"""CREATE FUNCTION cases_gridgrade_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF EXISTS ({DECIDED}) THEN RAISE EXCEPTION '{REFUSED}'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER cases_gridgrade_kept BEFORE UPDATE OR DELETE ON cases_gridgrade
           FOR EACH ROW EXECUTE FUNCTION cases_gridgrade_kept()""",
    ]
    return made + [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {f'WHEN ({when}) ' if when else ''}"
        "EXECUTE FUNCTION cases_assessing_kept()"
        for table, event, name, when in _rules("IS DISTINCT FROM")
    ]


_NAMES = [(name, table) for table, _event, name, _when in _rules("")]
ASSESSMENTS = statements(
    postgresql=_postgresql(),
    postgresql_back=[
        *(f"DROP TRIGGER {name} ON {table}" for name, table in [*_NAMES, ("cases_gridgrade_kept", "cases_gridgrade")]),
        "DROP FUNCTION cases_gridgrade_kept()",
        "DROP FUNCTION cases_assessing_kept()",
    ],
    sqlite=_sqlite(),
    sqlite_back=[
        *(f"DROP TRIGGER {name}" for name, _table in _NAMES),
        "DROP TRIGGER cases_gridgrade_update",
        "DROP TRIGGER cases_gridgrade_delete",
    ],
)


class Migration(migrations.Migration):
    replaces = [("cases", "0030_assessing")]
    dependencies = [("cases", "0005_councils")]

    operations = [ASSESSMENTS]
