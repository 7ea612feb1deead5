"""The floor of `python -m bench size`: the same questions in plain SQL over one ideal table of the same cases.

The table has the columns of a line of the list and one index for each question, cells an area and day for the board, and
tables of its own to write into; histories and search texts are read where they are. It is made once for each database.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench import database
from bench.floor import DATA, TEXT
from bench.measuring import Opening, WorkIsOver
from governance_portal.lib.bigrams import bigrams

SCHEMA = """
DROP SCHEMA IF EXISTS bench_size CASCADE;
CREATE SCHEMA bench_size;
SET LOCAL search_path TO bench_size, public;
SET LOCAL maintenance_work_mem = '512MB';
CREATE TABLE matter AS SELECT id, number, kind, status, level, channel, category_code AS category, area_code AS area,
    grid_code AS grid, lead_unit_id AS unit_id, handler_id, title, counted, registered_at, due_at, version FROM cases_case;
CREATE TABLE cell AS SELECT area_code AS area, (registered_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
    count(*) AS registered, count(*) FILTER (WHERE counted <> '') AS accepted,
    count(*) FILTER (WHERE counted = 'closed') AS closed, count(*) FILTER (WHERE counted = 'ended') AS ended,
    count(*) FILTER (WHERE counted = 'open') AS open FROM cases_case GROUP BY 1, 2;
CREATE TABLE event (matter_id bigint NOT NULL, seq int NOT NULL, kind text NOT NULL, actor_id bigint NOT NULL,
    at timestamptz NOT NULL, status_after text NOT NULL, data jsonb NOT NULL, PRIMARY KEY (matter_id, seq));
CREATE TABLE deadline (matter_id bigint NOT NULL, clock text NOT NULL, period int NOT NULL, due_at timestamptz NOT NULL,
    running boolean NOT NULL, PRIMARY KEY (matter_id, clock, period));
CREATE TABLE outbox (id bigserial PRIMARY KEY, matter_id bigint NOT NULL, seq int NOT NULL, created_at timestamptz NOT NULL);
CREATE SEQUENCE matter_id START 5000000000;
ALTER TABLE matter ADD PRIMARY KEY (id), ALTER COLUMN id SET DEFAULT nextval('matter_id');
CREATE UNIQUE INDEX ON matter (number);
CREATE INDEX ON matter (registered_at DESC, id DESC);
CREATE INDEX ON matter (unit_id, status, registered_at DESC, id DESC);
CREATE INDEX ON matter (unit_id, registered_at DESC, id DESC);
CREATE INDEX ON matter (substr(area, 1, 12), registered_at DESC, id DESC);
CREATE INDEX ON matter (channel, level, registered_at DESC, id DESC);
CREATE INDEX ON matter (status, registered_at DESC, id DESC);
CREATE INDEX ON cell (day);
CREATE INDEX ON deadline (due_at) WHERE running;
CREATE TABLE made AS SELECT count(*) AS cases FROM matter;
"""
LISTED = "number, title, kind, status, level, category, area, grid, unit_id, handler_id, registered_at, due_at, version"
NEWEST = "ORDER BY registered_at DESC, id DESC LIMIT 50"
BOARD = (
    "SELECT sum(registered), sum(accepted), sum(closed), sum(ended), sum(open) FROM cell WHERE day BETWEEN %s AND %s"
)
FOUND = "SELECT case_id FROM cases_searchtext WHERE cases_bigrams(text) @> %s::text[] AND strpos(text, %s) > 0"

Question = tuple[str, Callable[[], list[Any]]]


def build() -> None:
    """Make the ideal table where it is missing."""
    plain = database.connect()
    with plain, plain.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_size.made')")
        if cursor.fetchone()[0] is None:
            cursor.execute(SCHEMA)
    plain.autocommit = True
    with plain.cursor() as cursor:
        for table in ("matter", "cell", "event", "deadline"):
            cursor.execute(f"VACUUM ANALYZE bench_size.{table}")
    plain.close()


def _opening(work: Callable[[Any, Any, int], Callable[[], None]]) -> Opening:
    def open_(number: int) -> Callable[[], None]:
        plain = database.connect()
        cursor = plain.cursor()
        cursor.execute("SET search_path TO bench_size, public")
        cursor.execute("SET jit = off")
        plain.commit()
        return work(plain, cursor, number)

    return open_


def asking(questions: list[Question]) -> Opening:
    """Ask these statements, one after the other, as one call."""

    def work(plain: Any, cursor: Any, _number: int) -> Callable[[], None]:
        def call() -> None:
            for statement, values in questions:
                cursor.execute(statement, values())
                cursor.fetchall()
            plain.commit()

        return call

    return _opening(work)


def listed(condition: str = "true", values: Callable[[], list[Any]] = list) -> Opening:
    """The newest fifty under a condition."""
    return asking([(f"SELECT {LISTED} FROM matter WHERE {condition} {NEWEST}", values)])


def counted(condition: str = "true", values: Callable[[], list[Any]] = list) -> Opening:
    """How many there are under a condition."""
    return asking([(f"SELECT count(*) FROM matter WHERE {condition}", values)])


def board(first: date, last: date) -> Opening:
    """The five figures of a window, from cells counted beforehand."""
    return asking([(BOARD, lambda: [first, last])])


def parts(first: date, last: date) -> Opening:
    """The same by street."""
    said = BOARD.replace("SELECT", "SELECT substr(area, 1, 9),", 1)
    return asking([(f"{said} GROUP BY 1", lambda: [first, last])])


def found(words: list[str]) -> Opening:
    """The newest fifty with a word, as the index of bigrams alone finds them."""
    said = f"SELECT {LISTED} FROM matter WHERE id IN ({FOUND}) {NEWEST}"
    turn = iter(words * 100_000)

    def values() -> list[Any]:
        word = next(turn)
        return [bigrams(word), word]

    return asking([(said, values)])


def detail(ids: list[int]) -> Opening:
    """A case, its history and its deadlines by its key."""
    one: list[int] = [0]

    def chosen() -> list[Any]:
        one[0] = random.choice(ids)
        return one

    return asking(
        [
            ("SELECT * FROM matter WHERE id = %s", chosen),
            ("SELECT * FROM cases_event WHERE case_id = %s ORDER BY seq", lambda: one),
            ("SELECT * FROM cases_deadline WHERE case_id = %s", lambda: one),
        ]
    )


def registering() -> Opening:
    """Write a case, its event, its deadline and its message."""

    def work(plain: Any, cursor: Any, number: int) -> Callable[[], None]:
        serial = iter(range(number * 10**9 + random.randrange(10**8), 10**12))

        def call() -> None:
            now = datetime.now(UTC)
            cursor.execute(
                "INSERT INTO matter (number, kind, status, area, grid, title, registered_at, due_at, version, counted)"
                " VALUES (%s, 'appeal', 'registered', '140603100001', '', %s, %s, %s, 1, '') RETURNING id",
                [f"9{next(serial):013d}", TEXT[:28], now, now + timedelta(days=1)],
            )
            pk = cursor.fetchone()[0]
            cursor.execute("INSERT INTO event VALUES (%s, 1, 'register', 7, %s, 'registered', %s)", [pk, now, DATA])
            cursor.execute("INSERT INTO deadline VALUES (%s, 'accept_by', 1, %s, true)", [pk, now + timedelta(days=1)])
            cursor.execute("INSERT INTO outbox (matter_id, seq, created_at) VALUES (%s, 1, %s)", [pk, now])
            plain.commit()

        return call

    return _opening(work)


def moving(clients: int) -> Opening:
    """Accept registered cases; they are shared out among the clients."""
    plain = database.connect()
    with plain, plain.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM bench_size.matter m WHERE status = 'registered' ORDER BY registered_at DESC, id DESC LIMIT 20000"
        )
        waiting = [row[0] for row in cursor.fetchall()]
    plain.close()

    def work(plain: Any, cursor: Any, number: int) -> Callable[[], None]:
        mine = iter(waiting[number::clients])

        def call() -> None:
            pk = next(mine, None)
            if pk is None:
                raise WorkIsOver
            now = datetime.now(UTC)
            day, week = now + timedelta(days=1), now + timedelta(days=7)
            cursor.execute("SELECT status, version FROM matter WHERE id = %s FOR UPDATE", [pk])
            version = cursor.fetchone()[1] + 1
            cursor.execute(
                "INSERT INTO event VALUES (%s, %s, 'accept', 7, %s, 'accepted', %s)", [pk, version, now, DATA]
            )
            cursor.execute(
                "UPDATE matter SET status = 'accepted', category = 'A0101', level = 'general', version = %s,"
                " due_at = %s WHERE id = %s",
                [version, week, pk],
            )
            cursor.execute(
                "INSERT INTO deadline VALUES (%s, 'accept_by', 1, %s, false), (%s, 'dispatch_by', 1, %s, true),"
                " (%s, 'resolve_by', 1, %s, true) ON CONFLICT (matter_id, clock, period)"
                " DO UPDATE SET due_at = excluded.due_at, running = excluded.running",
                [pk, now, pk, day, pk, week],
            )
            cursor.execute("INSERT INTO outbox (matter_id, seq, created_at) VALUES (%s, %s, %s)", [pk, version, now])
            plain.commit()

        return call

    return _opening(work)
