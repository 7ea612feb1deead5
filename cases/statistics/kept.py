"""Reading the counts that are kept: one statement, and so one moment of the database, for all figures of a scope.

It adds what the clock has put together (`TallyCount`: whole months and the days at both ends), what was moved since
(`TallyDelta`), takes away what this person may not see, and counts what depends on the time it is (due soon, overdue, ran
out untouched) over the rows whose clock runs. So the sum is that over the rows, whenever the clock has last run.

Kept are the figures of districts, streets and communities, by the keys that `CUBES` names for an area's length.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q

from accounts.queries import Actor
from cases.contributions import COLUMNS, CUBES, MEASURES, of_rows
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
        "due_soon": "d.counted = 'open' AND d.due_at >= %s AND d.due_warn_at <= %s",
        "overdue": "d.counted = 'open' AND d.due_at < %s",
    },
    "judged_at": {"ran_out": "d.counted <> '' AND d.round = 1 AND d.on_time IS NULL AND d.due_at < %s"},
}
LIVE_NAMES = tuple(name for adds in LIVE.values() for name in adds)
#: What of a running case these look at, and beside it the column of a cube's key.
LIVE_COLUMNS = (*LIVE, "counted", "due_at", "due_warn_at", "round", "on_time")
KEY_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "all": {},
    "area": {"area_code": "area_code"},
    "grid": {"grid_code": "grid_code"},
    "unit": {"unit_id": "lead_unit_id"},
    "category": {"category_code": "category_id"},
    "channel": {"channel": "channel"},
    "level": {"level": "level"},
    "kind": {"kind": "kind"},
}
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


def read(
    scope: Scope,
    cube: str,
    windows: Mapping[str, Window],
    now: datetime,
    *,
    daily: bool = False,
    bare: Collection[str] = (),
) -> Found:
    """Return the sums by (name of the window, key, None): the measures of `contributions` and those of `LIVE`.

    bare: windows of which what depends on the time it is is not asked (0 is told). daily: by (name, key, day), without
    what depends on the time it is. What sums up to nothing may be there or not.
    """
    names = MEASURES if daily else (*MEASURES, *LIVE_NAMES)
    key = CUBES[cube][0].format(below=len(scope.area) + 3)
    ranges = _ranges(windows, bare)
    made = [Text(f"ranges AS ({ranges.sql})", ranges.params)]
    since = []
    for name, text in _moved(scope):
        made.append(text)
        measures = ", ".join(f"d.{one}" if one in MEASURES else "0" for one in names)
        also = " WHERE d.bucket IS NOT NULL" if cube == "duration" else ""
        since.append(
            f"SELECT r.tag, {key} AS key, d.day AS start, {measures} FROM {name} AS d "  # noqa: S608
            f"JOIN ranges AS r ON d.day >= r.first AND d.day <= r.last{also}"
        )
    live = list(_live(scope, cube, key, now)) if not daily and cube != "duration" else []
    together = [part for tag, window in windows.items() for part in _compacted(cube, scope.area, tag, window, daily)]
    columns = ", ".join(names)
    sums = ", ".join(f"CAST(SUM({name}) AS bigint)" for name in names)
    group = "tag, key, start" if daily else "tag, key"
    sql = (
        f"WITH {', '.join(text.sql for text in made)}, x (tag, key, start, {columns}) AS "  # noqa: S608
        f"({' UNION ALL '.join([*(text.sql for text in (*together, *live)), *since])}) "
        f"SELECT {group}, {sums} FROM x GROUP BY {group}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [param for text in (*made, *together, *live) for param in text.params])
        rows = cursor.fetchall()
    first = 3 if daily else 2
    return {
        (row[0], row[1], _as_date(row[2]) if daily else None): dict(zip(names, row[first:], strict=True))
        for row in rows
    }


def totals(scope: Scope, windows: Mapping[str, Window], now: datetime, bare: Collection[str] = ()) -> dict[str, Sums]:
    """Return the figures of the scope as a whole, by the name of the window; what was got `ready` is not asked again.

    bare: names of windows of which what depends on the time it is is not asked.
    """
    known = {name: scope.ready[window, now] for name, window in windows.items() if (window, now) in scope.ready}
    if missing := {name: window for name, window in windows.items() if name not in known}:
        found = read(scope, "all", missing, now, bare=bare)
        known |= {name: _figures(found.get((name, "", None))) for name in missing}
    return {name: known[name] for name in windows}


def get_ready(scope: Scope, windows: Collection[Window], now: datetime, bare: Collection[Window] = ()) -> None:
    """Read the totals of several windows with one statement, at one moment of the database, for those who ask next.

    bare: further windows of which what depends on the time it is will not be asked.
    """
    wanted = dict.fromkeys((*windows, *bare), True) | dict.fromkeys(windows, False)
    named = {f"w{place}": window for place, window in enumerate(wanted)}
    found = totals(scope, named, now, [name for name, window in named.items() if wanted[window]])
    scope.ready.update({(window, now): found[name] for name, window in named.items()})


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


def _ranges(windows: Mapping[str, Window], bare: Collection[str]) -> Text:
    params: list[Any] = []
    for window in windows.values():
        whole = Window(window.first or EARLIEST, window.last or LATEST)
        params += [str(whole.first), str(whole.last), as_stored(whole.begins), as_stored(whole.ends)]
    moment = "%s::timestamptz" if connection.vendor == "postgresql" else "%s"
    one = f"SELECT '{{}}' AS tag, {_mark()} AS first, {_mark()} AS last, {moment} AS begins, {moment} AS ends, {{}} AS live"
    return Text(" UNION ALL ".join(one.format(tag, int(tag not in bare)) for tag in windows), tuple(params))


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


def _moved(scope: Scope) -> Iterator[tuple[str, Text]]:
    """The contributions beside the compacted counts: (name, its common table expressions)."""
    area = scope.area
    after = area[:-1] + chr(ord(area[-1]) + 1)
    yield (
        "moved",
        Text("moved AS (SELECT * FROM cases_tallydelta WHERE area_code >= %s AND area_code < %s)", (area, after)),
    )
    if (
        rows := _rows(_hidden(scope), {"category_code" if name == "category_id" else name: name for name in COLUMNS})
    ) is not None:
        sql = f"hidden_rows AS ({rows.sql}), hidden AS ({of_rows('hidden_rows', connection.vendor, -1)})"
        yield "hidden", Text(sql, rows.params)


def _hidden(scope: Scope) -> CaseQuerySet:
    """What of the area is about the reader's own units."""
    found = Case.objects.order_by().within(scope.area)
    return found.none() if scope.actor.service else found.filter(about_own_unit(scope.actor))  # type: ignore[attr-defined]


def _live(scope: Scope, cube: str, key: str, now: datetime) -> Iterator[Text]:
    """What depends on the time it is, over the cases whose clock runs, less those that are hidden from the reader.

    These cases are many where much is open; they are read from an index alone (`case_warn_running`) and summed up at once.
    """
    columns = {name: name for name in LIVE_COLUMNS} | dict(KEY_COLUMNS[cube])
    whole = Case.objects.order_by().within(scope.area)
    for sign, cases in ((1, whole), (-1, _hidden(scope))):
        running = cases.filter(Q(due_at__lt=now) | Q(due_warn_at__lte=now), due_running=True)
        if (rows := _rows(running, columns)) is None:
            continue
        sums, moments, times = [], [], 0
        for moment, adds in LIVE.items():
            moments.append(f"(d.{moment} >= r.begins AND d.{moment} < r.ends)")
            sums += [f"{sign} * SUM(CASE WHEN {moments[-1]} AND {adds[name]} THEN 1 ELSE 0 END)" for name in adds]
            times += sum(condition.count("%s") for condition in adds.values())
        sql = (
            f"SELECT r.tag, {key}, CAST(NULL AS date), {', '.join('0' for _ in MEASURES)}, {', '.join(sums)} "  # noqa: S608
            f"FROM ({rows.sql}) AS d JOIN ranges AS r ON r.live = 1 AND ({' OR '.join(moments)}) GROUP BY 1, 2"
        )
        yield Text(sql, (*(as_stored(now),) * times, *rows.params))


def _rows(cases: CaseQuerySet, columns: Mapping[str, str]) -> Text | None:
    """The statement that reads these columns, by the names they are to have; None where there can be no row."""
    plain = [name for name, field in columns.items() if name == field]
    named = {name: F(field) for name, field in columns.items() if name != field}
    try:
        sql, params = cases.values(*plain, **named).query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return Text(str(sql), tuple(params))
