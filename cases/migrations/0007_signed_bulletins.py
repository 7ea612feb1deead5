"""The figures of a bulletin stay in their versions, what was signed stays, a correction stands beside it."""

from django.db import migrations

from governance_portal.lib.migrating import statements

REFUSED = "what a bulletin said stays"
SIGNED = "SELECT 1 FROM cases_bulletin b WHERE b.id = {row}.bulletin_id AND b.state = 'signed'"
#: (table, event, when)
RULES = (
    ("cases_bulletin", "UPDATE", "OLD.state = 'signed'"),
    ("cases_bulletin", "DELETE", "OLD.state = 'signed'"),
    ("cases_bulletinversion", "UPDATE", ""),
    ("cases_bulletinversion", "DELETE", ""),
    ("cases_bulletincorrection", "UPDATE", ""),
    ("cases_bulletincorrection", "DELETE", ""),
)
#: A paragraph and a version belong to a draft; the bulletin is another row, so these rules are questions.
OF_DRAFTS = (
    ("cases_bulletintext", "INSERT", "NEW"),
    ("cases_bulletintext", "UPDATE", "OLD"),
    ("cases_bulletintext", "DELETE", "OLD"),
    ("cases_bulletinversion", "INSERT", "NEW"),
)


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    made = [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} {f'WHEN {when} ' if when else ''}{refuse}"
        for table, event, when in RULES
    ]
    return made + [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} WHEN EXISTS ({SIGNED.format(row=row)}) {refuse}"
        for table, event, row in OF_DRAFTS
    ]


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION cases_bulletin_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"""
    ]
    made += [
        f"""CREATE FUNCTION cases_bulletin_signed_{row.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF EXISTS ({SIGNED.format(row=row)}) THEN RAISE EXCEPTION '{REFUSED}'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"""
        for row in ("OLD", "NEW")
    ]
    made += [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW "
        f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION cases_bulletin_kept()"
        for table, event, when in RULES
    ]
    return made + [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION cases_bulletin_signed_{row.lower()}()"
        for table, event, row in OF_DRAFTS
    ]


_NAMES = [(_name(table, event), table) for table, event, _rest in (*RULES, *OF_DRAFTS)]
BULLETINS = statements(
    postgresql=_postgresql(),
    postgresql_back=[
        *(f"DROP TRIGGER {name} ON {table}" for name, table in _NAMES),
        *(f"DROP FUNCTION cases_bulletin_{name}()" for name in ("kept", "signed_old", "signed_new")),
    ],
    sqlite=_sqlite(),
    sqlite_back=[f"DROP TRIGGER {name}" for name, _table in _NAMES],
)


class Migration(migrations.Migration):
    replaces = [("cases", "0035_bulletins")]
    dependencies = [("cases", "0006_assessments")]

    operations = [BULLETINS]
