"""Whether the counts that are kept are those of the rows: recounted by plain SQL that shares nothing with the triggers.

All is read at one moment of the database (`REPEATABLE READ`); people go on working meanwhile. A repair adds the difference,
as of that moment, to the counts: what was moved since then has been added too, and sums come out right in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction

from cases.contributions import CUBES, MEASURES, cells_of, month_of

#: Facts §5 once more, in the words of SQL: per moment, its condition and what is counted.
_RECOUNTED = (
    (
        "registered_at",
        "1 = 1",
        {
            "registered": "1 = 1",
            "accepted": "counted IN ('open', 'closed', 'ended')",
            "closed": "counted IN ('closed')",
            "ended": "counted IN ('ended')",
            "open": "counted IN ('open')",
            "disputes": "kind = 'dispute' AND counted IN ('open', 'closed', 'ended')",
            "resolved": "kind = 'dispute' AND counted IN ('closed') AND (outcome = 'agreed' OR outcome = 'fulfilled')",
            "rated": "satisfaction BETWEEN 1 AND 5",
            "satisfied": "satisfaction BETWEEN 3 AND 5",
        },
    ),
    ("accepted_at", "1 = 1", {"accepted_in": "1 = 1", "taken_on": "over_at IS NOT NULL OR counted IN ('open')"}),
    (
        "over_at",
        "NOT accepted_at IS NULL",
        {"over_closed": "counted IN ('closed')", "over_ended": "counted IN ('ended')"},
    ),
    (
        "closed_at",
        "counted IN ('closed')",
        {
            "closed_in": "1 = 1",
            "asked_solved": "resolved IS TRUE OR resolved IS FALSE",
            "solved": "NOT resolved IS NOT TRUE",
            "rated_closed": "satisfaction BETWEEN 1 AND 5",
            "satisfied_closed": "satisfaction BETWEEN 3 AND 5",
            "handled": "handled_seconds >= 0",
        },
    ),
    ("judged_at", "on_time IS TRUE OR on_time IS FALSE", {"judged": "1 = 1", "on_time": "on_time IS TRUE"}),
)
_KEYS = {
    "all": "''",
    "area": "substr(area_code, 1, {below})",
    "grid": "grid_code",
    "unit": "CASE WHEN lead_unit_id IS NULL THEN '' ELSE CAST(lead_unit_id AS text) END",
    "category": "CASE WHEN category_code IS NULL THEN '' ELSE category_code END",
    "channel": "channel",
    "level": "level",
    "kind": "kind",
    "duration": """CAST(CASE
        WHEN handled_seconds < 3600 THEN handled_seconds - handled_seconds % 60
        WHEN (handled_seconds + 180) / 360 >= 240 AND handled_seconds < 86400 THEN 86399
        WHEN handled_seconds < 86400 THEN (handled_seconds + 180) - (handled_seconds + 180) % 360
        ELSE (handled_seconds + 4320) - (handled_seconds + 4320) % 8640 END AS text)""",
}
_DAY = {
    "postgresql": "CAST(timezone('Asia/Shanghai', {}) AS date)",
    "sqlite": "substr(datetime({}, '+480 minutes'), 1, 10)",
}


class Difference(NamedTuple):
    """A cell that does not say what the rows say, and by how much it is short of them (minus: over)."""

    cube: str
    area: str
    grain: str
    start: str
    key: str
    measures: dict[str, int]

    def as_line(self) -> str:
        """Return the line to print."""
        missing = " ".join(f"{name}{number:+d}" for name, number in self.measures.items() if number)
        return f"{self.cube} {self.area} {self.grain} {self.start} {self.key or '-'}: {missing}"


@dataclass(frozen=True)
class Verified:
    """What a verification looked at and found; `first` are the first differences of `number`."""

    cases: int
    rows: int
    number: int
    first: tuple[Difference, ...]


def verify(*, repair: bool = False, show: int = 20) -> Verified:
    """Compare every cell with the rows, and with `repair` add what is missing.

    Not inside a transaction of somebody else's, or what it sees is what that one sees.
    """
    with _one_moment(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS tally_difference")
        made = False
        for cube, (_key, levels) in CUBES.items():
            for digits in levels:
                text = _differences(cube, digits)
                into = "INSERT INTO tally_difference" if made else "CREATE TEMPORARY TABLE tally_difference AS"
                cursor.execute(f"{into} {text}")
                made = True
        cursor.execute("SELECT (SELECT COUNT(*) FROM cases_case), (SELECT COUNT(*) FROM cases_tallycount)")
        cases, rows = cursor.fetchone()
        cursor.execute("SELECT COUNT(*) FROM tally_difference")
        number = int(cursor.fetchone()[0])
        first = tuple(_read(cursor, show)) if number else ()
    with transaction.atomic(), connection.cursor() as cursor:
        if repair and number:
            names = ", ".join(MEASURES)
            more = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in MEASURES)
            cursor.execute(
                f"INSERT INTO cases_tallycount AS t (cube, area, grain, start, key, {names}) "  # noqa: S608
                f"SELECT cube, area, grain, start, key, {names} FROM tally_difference WHERE 1 = 1 "
                f"ORDER BY cube, area, grain, start, key ON CONFLICT (cube, area, grain, start, key) DO UPDATE SET {more}"
            )
        cursor.execute("DROP TABLE tally_difference")
    return Verified(cases, rows, number, first)


def _read(cursor: Any, show: int) -> Iterator[Difference]:
    names = ", ".join(f"CAST({name} AS bigint)" for name in MEASURES)
    order = "ORDER BY cube, area, grain, start, key"
    cursor.execute(f"SELECT cube, area, grain, start, key, {names} FROM tally_difference {order} LIMIT %s", [show])  # noqa: S608
    for cube, area, grain, start, key, *measures in cursor.fetchall():
        yield Difference(cube, area, grain, str(start), key, dict(zip(MEASURES, measures, strict=True)))


@contextmanager
def _one_moment() -> Iterator[None]:
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _differences(cube: str, digits: int) -> str:
    """Cells of the rows less cells that are kept, both grains, where they differ."""
    vendor = connection.vendor
    kept = ", ".join(MEASURES)
    less = ", ".join(f"-{name}" for name in MEASURES)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    differ = " OR ".join(f"SUM({name}) <> 0" for name in MEASURES)
    waiting = cells_of("cases_tallydelta", vendor, {cube: (digits,)})
    return f"""WITH counted AS ({_recounted(cube, digits)})
        SELECT cube, area, grain, start, key, {sums} FROM (
            SELECT '{cube}' AS cube, area, 'day' AS grain, day AS start, key, {kept} FROM counted
            UNION ALL SELECT '{cube}', area, 'month', {month_of("day", vendor)}, key, {kept} FROM counted
            UNION ALL SELECT cube, area, grain, start, key, {less} FROM cases_tallycount
                WHERE cube = '{cube}' AND length(area) = {digits}
            UNION ALL SELECT cube, area, grain, start, key, {less} FROM ({waiting}) AS waiting
        ) AS cells GROUP BY cube, area, grain, start, key HAVING {differ}"""  # noqa: S608


def _recounted(cube: str, digits: int) -> str:
    """The rows, counted per day, area and key."""
    key = _KEYS[cube].format(below=digits + 3)
    parts = []
    for moment, condition, counted in _RECOUNTED:
        named = {name: f"COUNT(*) FILTER (WHERE {what})" for name, what in counted.items()}
        if "handled" in counted:
            named["handled_seconds"] = "COALESCE(SUM(handled_seconds), 0)"
        columns = ", ".join(f"{named.get(name, '0')} AS {name}" for name in MEASURES)
        also = " AND handled_seconds IS NOT NULL" if cube == "duration" else ""
        if cube == "duration" and moment != "closed_at":
            continue
        parts.append(
            f"SELECT substr(area_code, 1, {digits}) AS area, {key} AS key, "  # noqa: S608
            f"{_DAY[connection.vendor].format(moment)} AS day, {columns} FROM cases_case "
            f"WHERE {moment} IS NOT NULL AND ({condition}) AND length(area_code) >= {digits}{also} GROUP BY 1, 2, 3"
        )
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    return f"SELECT area, key, day, {sums} FROM ({' UNION ALL '.join(parts)}) AS moments GROUP BY area, key, day"  # noqa: S608
