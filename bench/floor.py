"""The floor: the same work in plain psycopg2 over an ideal hand-written schema, in the same server.

Nobody is asked who they are, nothing is checked, encrypted or told; one transaction writes the case, its event, its
deadlines and the outbox. What the portal costs above this is what the portal does more, and what it wastes.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import database
from bench.measuring import Opening, WorkIsOver

SCHEMA = """
DROP SCHEMA IF EXISTS bench_floor CASCADE;
CREATE SCHEMA bench_floor;
SET search_path TO bench_floor, public;
CREATE TABLE matter (
    id bigserial PRIMARY KEY, number char(14) NOT NULL, kind text NOT NULL, status text NOT NULL, level text,
    category text, area text NOT NULL, grid text, unit_id bigint, handler_id bigint, title text NOT NULL,
    description text NOT NULL, registered_at timestamptz NOT NULL, due_at timestamptz, version int NOT NULL);
CREATE TABLE event (
    matter_id bigint NOT NULL, seq int NOT NULL, kind text NOT NULL, actor_id bigint NOT NULL, at timestamptz NOT NULL,
    status_after text NOT NULL, data jsonb NOT NULL);
CREATE TABLE deadline (
    matter_id bigint NOT NULL, clock text NOT NULL, period int NOT NULL, due_at timestamptz NOT NULL,
    running boolean NOT NULL);
CREATE TABLE outbox (
    id bigserial PRIMARY KEY, matter_id bigint NOT NULL, seq int NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO matter SELECT id, number, kind, status, level, category_code, area_code, grid_code, lead_unit_id, handler_id,
    title, description, registered_at, due_at, version FROM cases_case;
INSERT INTO event SELECT case_id, seq, kind, actor_id, at, status_after, data FROM cases_event;
INSERT INTO deadline SELECT case_id, clock, period, due_at, running FROM cases_deadline;
SELECT setval('matter_id_seq', (SELECT max(id) FROM matter));
CREATE UNIQUE INDEX ON matter (number);
CREATE INDEX ON matter (registered_at DESC, id DESC);
CREATE INDEX ON matter (unit_id, status, registered_at DESC, id DESC);
CREATE INDEX ON matter (status, registered_at DESC, id DESC);
ALTER TABLE event ADD PRIMARY KEY (matter_id, seq);
ALTER TABLE deadline ADD PRIMARY KEY (matter_id, clock, period);
CREATE INDEX ON deadline (due_at) WHERE running;
"""
LISTED = "number, title, kind, status, level, category, area, grid, unit_id, handler_id, registered_at, due_at, version"
DATA = json.dumps({"category": "A0101", "level": "general", "level_reason": "单户反映，无人员受伤。", "limits": {}})
TEXT = "三号楼二单元暖气不热已有一周，多次联系物业无人处理，请求尽快维修并给予答复。"


def build() -> None:
    """Make the schema anew from what is loaded."""
    plain = database.connect()
    plain.autocommit = True
    with plain.cursor() as cursor:
        cursor.execute(SCHEMA)
        for table in ("matter", "event", "deadline", "outbox"):
            cursor.execute(f"VACUUM ANALYZE bench_floor.{table}")
    plain.close()


def _opening(work: Callable[[Any, Any, int], Callable[[], None]]) -> Opening:
    def open_(number: int) -> Callable[[], None]:
        plain = database.connect()
        cursor = plain.cursor()
        cursor.execute("SET search_path TO bench_floor")
        plain.commit()
        return work(plain, cursor, number)

    return open_


def _register(plain: Any, cursor: Any, number: int) -> Callable[[], None]:
    serial = itertools.count(number * 10_000_000 + random.randrange(9_000_000))

    def call() -> None:
        now = datetime.now(UTC)
        cursor.execute(
            "INSERT INTO matter (number, kind, status, area, grid, title, description, registered_at, due_at, version)"
            " VALUES (%s, 'appeal', 'registered', '140603100001', '', %s, %s, %s, %s, 1) RETURNING id",
            [f"9{next(serial):013d}", TEXT[:28], TEXT, now, now + timedelta(days=1)],
        )
        pk = cursor.fetchone()[0]
        cursor.execute("INSERT INTO event VALUES (%s, 1, 'register', 7, %s, 'registered', %s)", [pk, now, DATA])
        cursor.execute("INSERT INTO deadline VALUES (%s, 'accept_by', 1, %s, true)", [pk, now + timedelta(days=1)])
        cursor.execute("INSERT INTO outbox (matter_id, seq, created_at) VALUES (%s, 1, %s)", [pk, now])
        plain.commit()

    return call


def mover(clients: int) -> Opening:
    """Return the opening of moves; the registered matters are shared out among the clients."""
    plain = database.connect()
    with plain, plain.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM bench_floor.matter WHERE status = 'registered' AND kind = 'appeal' ORDER BY id DESC"
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


def _asking(*statements: str, values: Callable[[], list[Any]] = list) -> Opening:
    def work(plain: Any, cursor: Any, _number: int) -> Callable[[], None]:
        def call() -> None:
            given = values()
            for statement in statements:
                cursor.execute(statement, given)
                cursor.fetchall()
            plain.commit()

        return call

    return _opening(work)


def openings(units: list[int], ids: list[int], numbers: list[str]) -> dict[str, Opening]:
    """Return what is measured of the floor, by the names of the rows; moves come from `mover`."""
    newest = f"SELECT {LISTED} FROM matter"
    order = "ORDER BY registered_at DESC, id DESC LIMIT 50"
    events = "SELECT * FROM event WHERE matter_id = %s ORDER BY seq"
    return {
        "register": _opening(_register),
        "list": _asking(f"{newest} {order}"),
        "filtered": _asking(
            f"{newest} WHERE unit_id = %s AND status = 'closed' {order}", values=lambda: [random.choice(units)]
        ),
        "detail": _asking(
            "SELECT * FROM matter WHERE id = %s",
            events,
            "SELECT * FROM deadline WHERE matter_id = %s",
            values=lambda: [random.choice(ids)],
        ),
        "lookup": _asking(
            "SELECT m.*, e.* FROM matter m JOIN event e ON e.matter_id = m.id WHERE number = %s ORDER BY e.seq",
            values=lambda: [random.choice(numbers)],
        ),
    }
