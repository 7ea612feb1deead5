"""What one row of `cases_case` adds to the figures, as expressions of SQL: the spec of the triggers and of reading.

A case counts on up to five days of Asia/Shanghai: on that of its registration (the cohort of `figures`), of its
acceptance, of its closing, of its being over (`stock`) and of the date its first round is judged by. The expressions
hold on SQLite and PostgreSQL; `verifying` counts the same by expressions of its own. A change here needs a migration
that makes the triggers anew (`make_triggers`), and `manage.py verify_statistics --repair` for the rows that stand.

SQLite tells the day with a fixed +8 hours, as Asia/Shanghai has had it since 1991-09-15.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ACCEPTED, _CLOSED = "{r}.counted <> ''", "{r}.counted = 'closed'"
_DISPUTE = "{r}.kind = 'dispute'"
_HANDLED = "{r}.handled_seconds IS NOT NULL"

#: (the moment, when it counts, what it adds).
MOMENTS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "registered_at",
        "",
        {
            "registered": "",
            "accepted": _ACCEPTED,
            "closed": _CLOSED,
            "ended": "{r}.counted = 'ended'",
            "open": "{r}.counted = 'open'",
            "disputes": f"{_ACCEPTED} AND {_DISPUTE}",
            "resolved": f"{_CLOSED} AND {_DISPUTE} AND {{r}}.outcome IN ('fulfilled', 'agreed')",
            "rated": "{r}.satisfaction IS NOT NULL",
            "satisfied": "{r}.satisfaction >= 3",
        },
    ),
    ("accepted_at", "", {"accepted_in": "", "taken_on": "{r}.counted = 'open' OR {r}.over_at IS NOT NULL"}),
    (
        "closed_at",
        _CLOSED,
        {
            "closed_in": "",
            "asked_solved": "{r}.resolved IS NOT NULL",
            "solved": "{r}.resolved IS TRUE",
            "rated_closed": "{r}.satisfaction IS NOT NULL",
            "satisfied_closed": "{r}.satisfaction >= 3",
            "handled": _HANDLED,
            "handled_seconds": "=COALESCE({r}.handled_seconds, 0)",
        },
    ),
    (
        "over_at",
        "{r}.accepted_at IS NOT NULL AND {r}.counted IN ('closed', 'ended')",
        {"over_closed": _CLOSED, "over_ended": "{r}.counted = 'ended'"},
    ),
    ("judged_at", "{r}.on_time IS NOT NULL", {"judged": "", "on_time": "{r}.on_time IS TRUE"}),
)
MEASURES = tuple(name for _moment, _when, adds in MOMENTS for name in adds)

#: A duration is kept, in seconds, as finely as it is told (`cells.time_words`): whole minutes under an hour, tenths of an hour
#: under a day, tenths of a day beyond, half up. The n-th smallest of rounded durations is the rounded n-th smallest, so a
#: median or P90 read off these is told in the same words as that of the rows.
_BUCKET = (
    "CASE WHEN {r}.handled_seconds < 3600 THEN {r}.handled_seconds / 60 * 60 "
    "WHEN {r}.handled_seconds < 86220 THEN ({r}.handled_seconds + 180) / 360 * 360 "
    "WHEN {r}.handled_seconds < 86400 THEN 86399 "
    "ELSE ({r}.handled_seconds + 4320) / 8640 * 8640 END"
)
#: Columns of `TallyDelta` and what they are of a case.
DIMENSIONS: Mapping[str, str] = {
    "area_code": "{r}.area_code",
    "grid_code": "{r}.grid_code",
    "unit_id": "{r}.lead_unit_id",
    "category_code": "COALESCE({r}.category_code, '')",
    "channel": "{r}.channel",
    "level": "{r}.level",
    "kind": "{r}.kind",
}
#: Columns of `Case` that this reads, as the ORM names them.
COLUMNS = (
    *("registered_at", "accepted_at", "closed_at", "over_at", "judged_at"),
    *("counted", "on_time", "outcome", "satisfaction"),
    *(
        "resolved",
        "handled_seconds",
        "area_code",
        "grid_code",
        "lead_unit_id",
        "category_id",
        "channel",
        "level",
        "kind",
    ),
)


def day_of(moment: str, vendor: str) -> str:
    """The day in Shanghai of a column."""
    return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date" if vendor == "postgresql" else f"date({moment}, '+8 hours')"


def _measure(expression: str, row: str) -> str:
    if not expression:
        return "1"
    if expression.startswith("="):
        return expression[1:].format(r=row)
    return f"CASE WHEN {expression.format(r=row)} THEN 1 ELSE 0 END"


def of_row(row: str, vendor: str, sign: int = 1) -> str:
    """Return what a row (an alias, NEW, OLD) adds: `SELECT day, dimensions, bucket, measures …`, one SELECT per moment.

    sign: -1 takes it away.
    """
    return " UNION ALL ".join(
        _at_moment(row, vendor, moment, when, {name: _measure(text, row) for name, text in adds.items()}, sign)
        for moment, when, adds in MOMENTS
    )


def of_rows(source: str, vendor: str, sign: int = 1) -> str:
    """The same of all rows of a subquery that gives `COLUMNS`; it is asked once."""
    return " UNION ALL ".join(
        _at_moment("c", vendor, moment, when, {name: _measure(text, "c") for name, text in adds.items()}, sign, source)
        for moment, when, adds in MOMENTS
    )


def _at_moment(
    row: str, vendor: str, moment: str, when: str, adds: Mapping[str, str], sign: int, source: str = ""
) -> str:
    column = f"{row}.{moment}"
    measures = ", ".join(
        f"{'-' if sign < 0 else ''}({adds[name]}) AS {name}" if name in adds else f"0 AS {name}" for name in MEASURES
    )
    bucket = _BUCKET.format(r=row) if moment == "closed_at" else "CAST(NULL AS integer)"
    where = f"{column} IS NOT NULL" + (f" AND {when.format(r=row)}" if when else "")
    return (
        f"SELECT {day_of(column, vendor)} AS day, {dimensions_of(row)}, {bucket} AS bucket, {measures}"  # noqa: S608
        f"{f' FROM {source} AS {row}' if source else ''} WHERE {where}"
    )


def dimensions_of(row: str) -> str:
    """The columns of `TallyDelta` that say where and what a row is."""
    return ", ".join(f"{text.format(r=row)} AS {name}" for name, text in DIMENSIONS.items())


# --- triggers -----------------------------------------------------------------------------------------------------

_COLUMNS = f"day, {', '.join(DIMENSIONS)}, bucket"


def _append(rows: str) -> str:
    sums = ", ".join(f"SUM({name})" for name in MEASURES)
    moved = " OR ".join(f"SUM({name}) <> 0" for name in MEASURES)
    return (
        f"INSERT INTO cases_tallydelta ({_COLUMNS}, {', '.join(MEASURES)}) "  # noqa: S608
        f"SELECT {_COLUMNS}, {sums} FROM ({rows}) AS moved GROUP BY {_COLUMNS} HAVING {moved}"
    )


def _watched() -> list[str]:
    """What of a row matters: expressions, so that a date which judges nobody yet wakes nobody."""
    seen: list[str] = []
    for moment, when, adds in MOMENTS:
        seen.append(f"CASE WHEN {when} THEN {{r}}.{moment} END" if when else f"{{r}}.{moment}")
        seen += [text.removeprefix("=") for text in adds.values() if text]
    return list(dict.fromkeys([*seen, *DIMENSIONS.values()]))


def _changed(differs: str) -> str:
    return " OR ".join(f"(({text.format(r='OLD')}) {differs} ({text.format(r='NEW')}))" for text in _watched())


def _of_columns() -> str:
    return ", ".join("category_code" if name == "category_id" else name for name in COLUMNS)


def trigger_statements(vendor: str) -> list[str]:
    """The statements that make the triggers of this database."""
    added = _append(of_row("NEW", vendor))
    moved = _append(f"{of_row('OLD', vendor, -1)} UNION ALL {of_row('NEW', vendor)}")
    if vendor != "postgresql":
        return [
            f"CREATE TRIGGER cases_case_tally_added AFTER INSERT ON cases_case BEGIN {added}; END",
            f"CREATE TRIGGER cases_case_tally_moved AFTER UPDATE OF {_of_columns()} ON cases_case "
            f"WHEN {_changed('IS NOT')} BEGIN {moved}; END",
        ]
    body = (
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {text}; RETURN NULL; END $$"
    )
    return [
        body.format(name="cases_case_tally_added", text=added),
        body.format(name="cases_case_tally_moved", text=moved),
        "CREATE TRIGGER cases_case_tally_added AFTER INSERT ON cases_case "
        "FOR EACH ROW EXECUTE FUNCTION cases_case_tally_added()",
        f"CREATE TRIGGER cases_case_tally_moved AFTER UPDATE OF {_of_columns()} ON cases_case "
        f"FOR EACH ROW WHEN ({_changed('IS DISTINCT FROM')}) EXECUTE FUNCTION cases_case_tally_moved()",
    ]


def make_triggers(_apps: Any, schema_editor: Any) -> None:
    """Make the triggers; for migrations."""
    for statement in trigger_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop_triggers(_apps: Any, schema_editor: Any) -> None:
    """Drop them; for migrations."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in ("cases_case_tally_added", "cases_case_tally_moved"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{' ON cases_case' if on_postgresql else ''}", params=None)
        if on_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)


# --- what the contributions come to -------------------------------------------------------------------------------

#: By what is counted: the key, of a row of `TallyDelta` (`{below}`: digits of the areas right below), and the lengths of the
#: areas that it is kept for. `all` has one key.
CUBES: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "all": ("''", (6, 9, 12)),
    "area": ("substr(d.area_code, 1, {below})", (6, 9)),
    "grid": ("d.grid_code", (6, 9, 12)),
    "unit": ("COALESCE(CAST(d.unit_id AS text), '')", (6, 9)),
    "category": ("d.category_code", (6, 9)),
    "channel": ("d.channel", (6, 9)),
    "level": ("d.level", (6, 9)),
    "kind": ("d.kind", (6, 9)),
    "duration": ("CAST(d.bucket AS text)", (6, 9, 12)),
}
CELL = ("cube", "area", "grain", "start", "key")
GRAINS = ("day", "month")


def month_of(day: str, vendor: str) -> str:
    """The first day of a day's month."""
    return f"date_trunc('month', {day})::date" if vendor == "postgresql" else f"date({day}, 'start of month')"


def cells_of(
    source: str,
    vendor: str,
    cubes: Mapping[str, tuple[int, ...]] | None = None,
    grains: tuple[str, ...] = GRAINS,
) -> str:
    """Return `SELECT cube, area, grain, start, key, measures …` of a source of contributions, summed; for some cubes only.

    A contribution without an area of that length, or without a duration, has no cell there.
    """
    wanted = cubes or {name: levels for name, (_key, levels) in CUBES.items()}
    shapes = [(name, digits) for name, levels in wanted.items() for digits in levels]
    listed = " UNION ALL ".join(f"SELECT '{name}' AS cube, {digits} AS digits" for name, digits in shapes)
    keys = " ".join(f"WHEN '{name}' THEN {CUBES[name][0].format(below='s.digits + 3')}" for name in wanted)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    moved = " OR ".join(f"SUM({name}) <> 0" for name in MEASURES)
    return f"""SELECT cube, area, grain, start, key, {sums} FROM (
        SELECT s.cube AS cube, substr(d.area_code, 1, s.digits) AS area, g.grain AS grain,
               CASE g.grain WHEN 'day' THEN d.day ELSE {month_of("d.day", vendor)} END AS start,
               CASE s.cube {keys} END AS key, {", ".join(f"d.{name} AS {name}" for name in MEASURES)}
        FROM {source} AS d CROSS JOIN ({listed}) AS s
        CROSS JOIN ({" UNION ALL ".join(f"SELECT '{grain}' AS grain" for grain in grains)}) AS g
        WHERE length(d.area_code) >= s.digits AND (s.cube <> 'duration' OR d.bucket IS NOT NULL)
    ) AS cells GROUP BY cube, area, grain, start, key HAVING {moved}"""  # noqa: S608


def added_to_counts(cells: str) -> str:
    """The statement that adds cells to `TallyCount`; in one order, so that two at once wait and do not die."""
    names = ", ".join((*CELL, *MEASURES))
    more = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in MEASURES)
    return (
        f"INSERT INTO cases_tallycount AS t ({names}) SELECT {names} FROM ({cells}) AS more WHERE true "  # noqa: S608
        f"ORDER BY {', '.join(CELL)} ON CONFLICT ({', '.join(CELL)}) DO UPDATE SET {more}"
    )
