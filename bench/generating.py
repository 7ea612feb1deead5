"""`python -m bench generate --cases 1000000`: a district's four years as cases, through COPY, in chunks, resumable.

A database of its own for each size (`portal_bench_1000000`). Each chunk is one stretch of the four years and one transaction,
so rows lie on the disk in the order in which they came, and who kills the run starts it again and it goes on. Meanwhile the
indexes that hold no constraint are away (their definitions are kept in a table, so a killed run gives them back, too) and no
trigger fires; the checks of the tables hold. Afterwards the kept counts are counted once.

What is as in life: streets, grids, units and categories are of very unequal weight (Zipf), one case in a hundred is open and
most of those are young. What is not: up to a million all cases have their whole history; in a larger district the open ones
and one in twenty of the others, the rest are the case's row and its registration, without people, deadlines, search text.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import database, people
from bench.histories import Player, midnight
from bench.load import FIRST_OWN_ID, verify_these
from bench.people import Cast
from bench.printing import TABLES, Line, Place, Plate, Words, parties, searched, unit_holes
from bench.vocabulary import texts
from cases.contributions import CUBES, MEASURES, added_to_counts, cells_of, month_of, of_rows
from cases.models import Category
from grids.demo import DISTRICT

CHUNKS, SMALLEST = 200, 2_500
YEARS = timedelta(days=1461)
YOUNG = timedelta(days=60)
#: Of the cases of the last `YOUNG` days so many are open, at most, on the last day; of older ones so few.
OPEN_AMONG_YOUNG, OPEN_AMONG_OLD = 0.36, 0.0005
#: In a district of up to so many cases all have their whole history; in a larger one, one in `WHOLE` has.
ALL_WHOLE, WHOLE = 1_000_000, 20
#: Paid messages are swept after thirty days.
SWEPT = timedelta(days=30)
PLAYS = 200


def generate(wanted: int, processes: int = 1) -> None:
    """Fill the database this process was started on with so many cases, and say how long it took."""
    began = time.perf_counter()
    database.ensure()
    until = _prepare(wanted)
    size, done = chunk_size(wanted), _done()
    chunks = [number for number in range(-(-wanted // size)) if number not in done]
    print(f"{wanted:,} cases in chunks of {size:,}; {len(done)} chunks are there, {len(chunks)} to come", flush=True)
    if chunks:
        _take_indexes_away()
        connection.close()
        _fill_all(until, wanted, chunks, processes)
        rows = time.perf_counter() - began
        print(f"rows: {rows:,.0f} s, {len(chunks) * size / rows:,.0f} cases/s", flush=True)
    indexed = _give_indexes_back()
    _tidy()
    verify_these(random.Random(3).sample(whole(wanted), 200))
    counted = _count()
    took = time.perf_counter() - began
    print(f"indexes: {indexed:,.0f} s; kept counts: {counted:,.0f} s; in all {took:,.0f} s", flush=True)


def chunk_size(wanted: int) -> int:
    """Return how many cases a chunk holds."""
    return max(SMALLEST, -(-wanted // CHUNKS))


def whole(wanted: int) -> range:
    """Return the ids of the cases that have their whole history whatever became of them."""
    return range(1, wanted + 1) if wanted <= ALL_WHOLE else range(WHOLE, wanted + 1, WHOLE)


def _prepare(wanted: int) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_chunk (number integer PRIMARY KEY)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_until (at timestamptz NOT NULL, wanted integer)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_index (name text PRIMARY KEY, said text NOT NULL)")
        cursor.execute("SELECT at, wanted FROM bench_until")
        found = cursor.fetchone()
        if found and found[1] != wanted:
            raise SystemExit(f"this database was begun for {found[1]:,} cases; name another (--database)")
        until = midnight(found[0] if found else timezone.now())
        people.build(until)
        if not found:
            cursor.execute("INSERT INTO bench_until VALUES (%s, %s)", [until, wanted])
            for model in TABLES:
                if model._meta.pk.name == "id":
                    table = model._meta.db_table
                    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {FIRST_OWN_ID})")
    return until


def _done() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM bench_chunk")
        return {row[0] for row in cursor.fetchall()}


def _take_indexes_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " WHERE i.indrelid::regclass::text = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [[model._meta.db_table for model in TABLES]],
        )
        for name, said in cursor.fetchall():
            cursor.execute("INSERT INTO bench_index VALUES (%s, %s) ON CONFLICT DO NOTHING", [name, said])
            cursor.execute(f"DROP INDEX {name}")


def _give_indexes_back() -> float:
    """Make the indexes again, each in a transaction of its own; returns the seconds."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SELECT name, said FROM bench_index ORDER BY name")
        for name, said in cursor.fetchall():
            at = time.perf_counter()
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
            cursor.execute(said)
            if name == "search_bigrams":  # as migration 0008 has it
                cursor.execute("ALTER INDEX search_bigrams ALTER COLUMN 1 SET STATISTICS 0")
            cursor.execute("DELETE FROM bench_index WHERE name = %s", [name])
            print(f"  {name}: {time.perf_counter() - at:,.0f} s", flush=True)
    return time.perf_counter() - began


def _tidy() -> None:
    """What a database does by itself in a quiet night."""
    plain = database.connect()
    plain.autocommit = True
    with plain.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    plain.close()


def _count() -> float:
    """Count what was loaded past the triggers, where nothing is counted yet; returns the seconds.

    From the rows come only the days of a cube's smallest areas; the larger areas are sums of those (and of the few rows
    that lie in no smaller one), the months are sums of days. In one transaction: killed, it has done nothing.
    """
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM cases_tallycount)")
        if cursor.fetchone()[0]:
            return 0.0
        cursor.execute("SET LOCAL work_mem = '2GB'")
        cursor.execute("SET LOCAL jit = off")
        for name, (key, levels) in CUBES.items():
            longer = 0
            for digits in sorted(levels, reverse=True):
                at = time.perf_counter()
                number = _count_days(cursor, name, digits, 0 if "{below}" in key else longer)
                number += _sum_up(cursor, name, digits, digits, "month", month_of("start", connection.vendor))
                print(f"  {name} by {digits} digits: {number:,} rows, {time.perf_counter() - at:,.0f} s", flush=True)
                longer = digits
    return time.perf_counter() - began


def _count_days(cursor: Any, name: str, digits: int, longer: int) -> int:
    """The days of areas of so many digits; `longer`: those of so many digits are counted already."""
    number, rows = 0, "cases_case"
    if longer:
        number = _sum_up(cursor, name, longer, digits, "day", "start")
        rows = f"(SELECT * FROM cases_case WHERE length(area_code) < {longer})"
    source = f"({of_rows(rows, connection.vendor)})"
    cursor.execute(added_to_counts(cells_of(source, connection.vendor, {name: (digits,)}, ("day",))))
    return number + int(cursor.rowcount)


def _sum_up(cursor: Any, name: str, longer: int, digits: int, grain: str, start: str) -> int:
    """Sum up counted days into larger areas or into months."""
    sums = ", ".join(f"SUM({measure}) AS {measure}" for measure in MEASURES)
    cursor.execute(
        added_to_counts(
            f"SELECT cube, substr(area, 1, {digits}) AS area, '{grain}' AS grain, {start} AS start, key, {sums}"
            f" FROM cases_tallycount WHERE cube = '{name}' AND grain = 'day' AND length(area) = {longer} GROUP BY 1, 2, 4, 5"
        )
    )
    return int(cursor.rowcount)


def _fill_all(until: datetime, wanted: int, chunks: list[int], processes: int) -> None:
    shares = [chunks[number::processes] for number in range(processes)]
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_fill, args=(until, wanted, share)) for share in shares if share]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("generating failed; the same command goes on where it stopped")


# --- one chunk --------------------------------------------------------------------------------------------------


class Slice(Player):
    """Plays the cases of one stretch of the four years."""

    def __init__(self, *given: Any, begins: datetime, ends: datetime) -> None:
        super().__init__(*given)
        self.begins, self.ends = begins, ends

    def _is_open(self) -> bool:
        return self.random.random() < self.open_share(self.ends)

    def open_share(self, at: datetime) -> float:
        """The share of what came in then that is open still."""
        young = 1 - (self.until - at) / YOUNG
        return max(OPEN_AMONG_OLD, OPEN_AMONG_YOUNG * young)

    def _registered_at(self, is_open: bool) -> datetime:
        span = (self.ends - self.begins).total_seconds()
        return self._in_hours(self.begins + timedelta(seconds=self.random.random() * span, hours=-6))


def zipf(values: Iterable[Any], chance: random.Random, most: int) -> list[Any]:
    """Return values in random order, the n-th about most/n times: choosing among them evenly is life's choice."""
    found = list(values)
    chance.shuffle(found)
    return [value for place, value in enumerate(found, start=1) for _ in range(max(1, most // place))]


def _fill(until: datetime, wanted: int, chunks: list[int]) -> None:
    cast = people.cast(until)
    names = dict(Category.objects.values_list("code", "name"))
    printer = Printer(cast, until, wanted, names, _categories())
    connection.close()
    plain = database.connect()
    with plain, plain.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET session_replication_role = replica")
        columns = {model: _columns(cursor, model) for model in TABLES}
    for place, number in enumerate(chunks, start=1):
        began = time.perf_counter()
        lines = printer.chunk(number)
        _store(plain, number, lines, columns)
        if place % 10 == 1:
            took = time.perf_counter() - began
            print(f"  chunk {number}: {took:.1f} s, {len(chunks) - place} more", flush=True)
    plain.close()


def _categories() -> dict[str, list[str]]:
    chance, found = random.Random(7), {}
    rows = list(Category.objects.filter(active=True).order_by("code").values_list("code", "kinds"))
    for kind in sorted({kind for _code, kinds in rows for kind in kinds.split()}):
        found[kind] = zipf((code for code, kinds in rows if kind in kinds.split()), chance, 40)
    return found


def _columns(cursor: Any, model: Any) -> list[str]:
    """What the table has of the model's columns (a later migration may have more)."""
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [model._meta.db_table])
    there = {row[0] for row in cursor.fetchall()}
    if missing := [field.column for field in model._meta.concrete_fields if field.column not in there]:
        raise SystemExit(f"{model._meta.db_table} lacks {missing}: migrate first")
    return [field.column for field in model._meta.concrete_fields]


def _store(plain: Any, number: int, lines: Iterator[Line], columns: dict[Any, list[str]]) -> None:
    """Store one chunk in one transaction."""
    written: dict[Any, list[str]] = {model: [] for model in TABLES}
    for model, line in lines:
        written[model].append(line)
    with plain, plain.cursor() as cursor:
        for model, rows in written.items():
            named = ", ".join(f'"{column}"' for column in columns[model])
            cursor.copy_expert(f"COPY {model._meta.db_table} ({named}) FROM STDIN", io.StringIO("".join(rows)))
        cursor.execute("INSERT INTO bench_chunk VALUES (%s)", [number])


class Printer:
    """Prints chunks; the same number prints the same but for the sealing."""

    def __init__(
        self, cast: Cast, until: datetime, wanted: int, names: dict[str, str], categories: dict[str, list[str]]
    ) -> None:
        chance = random.Random(1)
        grids = tuple(zipf(cast.grids, chance, 120))
        self.cast, self.until, self.wanted = replace(cast, grids=grids), until, wanted
        self.names, self.categories, self.whole = names, categories, whole(wanted)
        holes = unit_holes(cast)
        self.units = [holes[key] for key in zipf(sorted(holes), chance, 25)]
        self.at_desks = [self._of_grid(grid, chance) for grid in grids for _ in range(2)]
        self.on_patrol = [Place.of(cast.patrols[g], g, g, g) for g in zipf(sorted(cast.patrols), chance, 25)]

    def _of_grid(self, grid: str, chance: random.Random) -> Place:
        area, known = (grid, grid) if chance.random() < 0.7 else (grid[:12], "")
        if chance.random() < 0.3:
            return Place.of(self.cast.street_clerks[grid[:9]], area, known, grid[:9])
        return Place.of(chance.choice(self.cast.clerks), area, known, DISTRICT)

    def chunk(self, number: int) -> Iterator[Line]:
        """Return the lines of a chunk."""
        chance, size = random.Random(number), chunk_size(self.wanted)
        stretch = YEARS / -(-self.wanted // size)
        begins = self.until - YEARS + stretch * number
        player = Slice(self.cast, self.until, chance, self.categories, begins=begins, ends=begins + stretch)
        words = [texts(chance) for _ in range(min(2_000, size // 4))]
        first = number * size + 1
        plates = [Plate(player.play(first), self.cast, self.until - SWEPT) for _ in range(min(PLAYS, size // 10))]
        plates.sort(key=lambda plate: plate.stem[:6])
        for place in range(size):
            yield from self._case(first + place, plates[place * len(plates) // size], words, chance)

    def _case(self, pk: int, plate: Plate, words: list[Words], chance: random.Random) -> Iterator[Line]:
        said = chance.choice(words)
        place = chance.choice(self.on_patrol if plate.channel == "grid" else self.at_desks)
        uid = f"{chance.getrandbits(128):032x}"
        holes = {"pk": pk, "number": plate.number(pk), "client_id": uid, "title": said.title, "address": said.address}
        holes |= {"description": said.description, **chance.choice(self.units), **place.holes}
        if not (plate.is_open or pk in self.whole):
            yield from plate.light(holes)
            return
        yield from plate.full(holes, searched(said, self.names.get(plate.category, ""), plate.reply))
        yield from parties(pk, chance)
