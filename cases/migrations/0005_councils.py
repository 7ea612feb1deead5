"""What was signed or said in a 议事 never changes."""

from django.db import migrations

from governance_portal.lib.migrating import statements

REFUSED = "what a council signed or residents said stays as it is"
#: Of a signed meeting's decision only what became of it may be written, once.
_KEPT = ("meeting_id", "topic_id", "what", "unit_id", "due_on", "uid")
_ONCE = ("case_id", "done_on")


def _changed(different: str) -> str:
    """The condition that a decision was changed in what was decided, or again in what became of it."""
    parts = [f"NEW.{name} {different} OLD.{name}" for name in _KEPT]
    parts += [f"(OLD.{name} IS NOT NULL AND NEW.{name} {different} OLD.{name})" for name in _ONCE]
    parts.append(f"(OLD.result <> '' AND NEW.result {different} OLD.result)")
    return " OR ".join(parts)


def _signed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM cases_councilmeeting m WHERE m.id = {row}.meeting_id AND m.signed_on IS NOT NULL)"  # noqa: S608 - names of our own


_TOPIC = ("title", "what", "meeting_id", "raised_on")
#: name: (event, table, condition for SQLite, condition inside PostgreSQL's function)
_GUARDS = {
    "council_signed": ("UPDATE", "cases_councilmeeting", "OLD.signed_on IS NOT NULL", "OLD.signed_on IS NOT NULL"),
    "council_kept": ("DELETE", "cases_councilmeeting", "OLD.signed_on IS NOT NULL", "OLD.signed_on IS NOT NULL"),
    "decision_added": ("INSERT", "cases_councildecision", _signed("NEW"), _signed("NEW")),
    "decision_dropped": ("DELETE", "cases_councildecision", _signed("OLD"), _signed("OLD")),
    "decision_changed": (
        "UPDATE",
        "cases_councildecision",
        f"{_signed('OLD')} AND ({_changed('IS NOT')})",
        f"{_signed('OLD')} AND ({_changed('IS DISTINCT FROM')})",
    ),
    "topic_decided": (
        "UPDATE",
        "cases_counciltopic",
        f"{_signed('OLD')} AND ({' OR '.join(f'NEW.{name} IS NOT OLD.{name}' for name in _TOPIC)})",
        f"{_signed('OLD')} AND ({' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in _TOPIC)})",
    ),
    "topic_word_changed": ("UPDATE", "cases_topicword", "1 = 1", "TRUE"),
    "topic_word_dropped": ("DELETE", "cases_topicword", "1 = 1", "TRUE"),
}

_GUARDED = [(f"cases_{name}", *guard) for name, guard in _GUARDS.items()]


def _postgresql() -> list[str]:
    made = []
    for name, event, table, _lite, when in _GUARDED:
        back = "OLD" if event == "DELETE" else "NEW"
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {when} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {back}; END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return made


COUNCILS = statements(
    postgresql=_postgresql(),
    postgresql_back=[
        statement
        for name, _event, table, *_when in reversed(_GUARDED)
        for statement in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
    ],
    sqlite=[
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for name, event, table, when, _pg in _GUARDED
    ],
    sqlite_back=[f"DROP TRIGGER {name}" for name, *_guard in reversed(_GUARDED)],
)


class Migration(migrations.Migration):
    replaces = [("cases", "0029_wishes")]
    dependencies = [("cases", "0004_patrol_versions")]

    operations = [COUNCILS]
