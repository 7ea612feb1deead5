"""Reading the counts that are kept: one statement, and so one moment of the database, for all figures of a scope.

It adds what the clock has put together (`TallyCount`: whole months and the days at both ends), what was moved since
(`TallyDelta`), takes away what this person may not see, and counts what depends on the time it is (due soon, overdue, ran
out untouched) over the rows whose clock runs. So the sum is that over the rows, whenever the clock has last run.

Kept are the figures of districts, streets and communities, by the keys that `CUBES` names for an area's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q

from accounts.queries import Actor
from cases.contributions import COLUMNS, CUBES, MEASURES, day_of, dimensions_of, of_rows
from cases.models import Case
from cases.querysets import CaseQuerySet, about_own_unit
from cases.standing import AREA_ROLES
from cases.statistics.windows import Window
from governance_portal.lib.prepared import as_stored

if TYPE_CHECKING:
    from cases.statistics.scope import Scope

#: What depends on the time it is, by the moment whose day it counts on; the conditions are those of `figures`.
LIVE: Mapping[str, Mapping[str, str]] = {
    "registered_at": {
        "due_soon": "c.counted = 'open' AND c.due_at >= %s AND c.due_warn_at <= %s",
        "overdue": "c.counted = 'open' AND c.due_at < %s",
    },
    "judged_at": {"ran_out": "c.counted <> '' AND c.round = 1 AND c.on_time IS NULL AND c.due_at < %s"},
}
LIVE_NAMES = tuple(name for adds in LIVE.values() for name in adds)
EARLIEST, LATEST = date(1900, 1, 1), date(9998, 12, 31)
DAY = timedelta(days=1)

Sums = dict[str, int]
Found = dict[tuple[str, str, date | None], Sums]


class Text(NamedTuple):
    """A part of a statement with its parameters."""

    sql: str
    params: tuple[Any, ...] = ()


def is_kept(actor: Actor, area: str, cube: str = "all") -> bool:
    """Whether the counts say what this person may see of an area: all that lies in it but for what is about their units."""
    if len(area) not in CUBES[cube][1]:
        return False
    if actor.service:
        return actor.service in ("clock", "integration")
    return any(post.role in AREA_ROLES and post.area_code and area.startswith(post.area_code) for post in actor.posts)


def read(scope: Scope, cube: str, windows: Mapping[str, Window], now: datetime, *, daily: bool = False) -> Found:
    """Return the sums by (name of the window, key, None): the measures of `contributions` and those of `LIVE`.

    daily: by (name, key, day), without what depends on the time it is. What sums up to nothing may be there or not.
    """
    names = MEASURES if daily else (*MEASURES, *LIVE_NAMES)
    key = CUBES[cube][0].format(below=len(scope.area) + 3)
    made = [Text(f"ranges AS ({_ranges(windows).sql})", _ranges(windows).params)]
    since = []
    for name, text, known in _moved(scope, now, live=not daily and cube != "duration"):
        made.append(text)
        measures = ", ".join(f"d.{one}" if one in known else "0" for one in names)
        also = " WHERE d.bucket IS NOT NULL" if cube == "duration" else ""
        since.append(
            f"SELECT r.tag, {key} AS key, d.day AS start, {measures} FROM {name} AS d "  # noqa: S608
            f"JOIN ranges AS r ON d.day >= r.first AND d.day <= r.last{also}"
        )
    together = [part for tag, window in windows.items() for part in _compacted(cube, scope.area, tag, window, daily)]
    columns = ", ".join(names)
    sums = ", ".join(f"CAST(SUM({name}) AS bigint)" for name in names)
    group = "tag, key, start" if daily else "tag, key"
    sql = (
        f"WITH {', '.join(text.sql for text in made)}, x (tag, key, start, {columns}) AS "  # noqa: S608
        f"({' UNION ALL '.join([*(text.sql for text in together), *since])}) SELECT {group}, {sums} FROM x GROUP BY {group}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [param for text in (*made, *together) for param in text.params])
        rows = cursor.fetchall()
    first = 3 if daily else 2
    return {
        (row[0], row[1], _as_date(row[2]) if daily else None): dict(zip(names, row[first:], strict=True))
        for row in rows
    }


def totals(scope: Scope, windows: Mapping[str, Window], now: datetime) -> dict[str, Sums]:
    """Return the figures of the scope as a whole, by the name of the window."""
    found = read(scope, "all", windows, now)
    return {name: _figures(found.get((name, "", None))) for name in windows}


def by(scope: Scope, cube: str, window: Window, now: datetime) -> dict[str, Sums]:
    """Return the figures by key, of the keys that anything was counted under."""
    found = {key: _figures(sums) for (_name, key, _start), sums in read(scope, cube, {"asked": window}, now).items()}
    return {key: sums for key, sums in found.items() if any(sums.values())}


def by_day(scope: Scope, window: Window, now: datetime) -> dict[date, Sums]:
    """Return what happened on each day on which anything did."""
    found = read(scope, "all", {"asked": window}, now, daily=True)
    return {start: sums for (_name, _key, start), sums in found.items() if start}


def _figures(sums: Sums | None) -> Sums:
    found = dict.fromkeys((*MEASURES, *LIVE_NAMES), 0) if sums is None else sums
    return {**found, "due_closed": found["judged"] + found.get("ran_out", 0)}


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _mark() -> str:
    return "%s::date" if connection.vendor == "postgresql" else "%s"


def _ranges(windows: Mapping[str, Window]) -> Text:
    params: list[Any] = []
    for window in windows.values():
        params += [str(window.first or EARLIEST), str(window.last or LATEST)]
    one = "SELECT '{}' AS tag, {} AS first, {} AS last"
    mark = _mark()
    return Text(" UNION ALL ".join(one.format(tag, mark, mark) for tag in windows), tuple(params))


# --- what the clock has put together --------------------------------------------------------------------------------


def pieces_of(window: Window) -> Iterator[tuple[str, date, date]]:
    """Take a window apart: `(grain, first, last)` of its whole months, by their first days, and of the days at its ends."""
    first, last = window.first or EARLIEST, window.last or LATEST
    if first > last:
        return
    begin = first if first.day == 1 else _next_month(first)
    end = _next_month(last) if (last + DAY).day == 1 else last.replace(day=1)  # the first month that is not whole
    if begin >= end:
        yield "day", first, last
        return
    if first < begin:
        yield "day", first, begin - DAY
    yield "month", begin, end - DAY
    if end <= last:
        yield "day", end, last


def _next_month(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def _compacted(cube: str, area: str, tag: str, window: Window, daily: bool) -> Iterator[Text]:
    measures = ", ".join((*MEASURES, *(() if daily else ("0",) * len(LIVE_NAMES))))
    mark = _mark()
    whole = [("day", window.first or EARLIEST, window.last or LATEST)]
    for grain, first, last in whole if daily else pieces_of(window):
        yield Text(
            f"SELECT '{tag}', key, start, {measures} FROM cases_tallycount WHERE cube = '{cube}' AND area = %s "  # noqa: S608
            f"AND grain = '{grain}' AND start >= {mark} AND start <= {mark}",
            (area, str(first), str(last)),
        )


# --- what was moved since, what is hidden, what the time of day decides ----------------------------------------------


def _moved(scope: Scope, now: datetime, *, live: bool) -> Iterator[tuple[str, Text, frozenset[str]]]:
    """The contributions beside the compacted counts: (name, its common table expressions, the measures it has)."""
    area = scope.area
    after = area[:-1] + chr(ord(area[-1]) + 1)
    yield (
        "moved",
        Text("moved AS (SELECT * FROM cases_tallydelta WHERE area_code >= %s AND area_code < %s)", (area, after)),
        frozenset(MEASURES),
    )
    if not scope.actor.service:
        hidden = Case.objects.filter(about_own_unit(scope.actor)).within(area).order_by()  # type: ignore[attr-defined]
        if (rows := _rows(hidden, COLUMNS)) is not None:
            sql = f"hidden_rows AS ({rows.sql}), hidden AS ({of_rows('hidden_rows', connection.vendor, -1)})"
            yield "hidden", Text(sql, rows.params), frozenset(MEASURES)
    if live:
        running = scope.rows.filter(Q(due_at__lt=now) | Q(due_warn_at__lte=now), due_running=True)
        if (rows := _rows(running, (*COLUMNS, "due_at", "due_warn_at", "round"))) is not None:
            text, times = _live(connection.vendor)
            yield (
                "live",
                Text(f"live_rows AS ({rows.sql}), live AS ({text})", (*rows.params, *(as_stored(now),) * times)),
                frozenset(LIVE_NAMES),
            )


def _rows(cases: CaseQuerySet, columns: Iterable[str]) -> Text | None:
    try:
        found = cases.values(*(name for name in columns if name != "category_id"), category_code=F("category_id"))
        sql, params = found.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return Text(str(sql), tuple(params))


@lru_cache(maxsize=2)
def _live(vendor: str) -> tuple[str, int]:
    """The contributions of `live_rows`, and how often they ask for the time."""
    branches = []
    for moment, adds in LIVE.items():
        measures = ", ".join(
            f"CASE WHEN {adds[name]} THEN 1 ELSE 0 END AS {name}" if name in adds else f"0 AS {name}"
            for name in LIVE_NAMES
        )
        branches.append(
            f"SELECT {day_of(f'c.{moment}', vendor)} AS day, {dimensions_of('c')}, {measures} "  # noqa: S608
            f"FROM live_rows AS c WHERE c.{moment} IS NOT NULL"
        )
    text = " UNION ALL ".join(branches)
    return text, text.count("%s")
