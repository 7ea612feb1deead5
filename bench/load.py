"""Fills the database with cases through COPY: chunks that are whole or absent, by two processes, resumable."""

from __future__ import annotations

import io
import multiprocessing
import random
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from bench import database, people
from bench.histories import Player, midnight
from bench.stamping import Mould
from cases.fold import COLUMNS, fold
from cases.models import Assisting, Case, Category, Deadline, Event, Outbox, Party
from cases.policies import calendar
from cases.services.door import hash_of

CHUNK, COPIES = 2_500, 25
PROCESSES = 2
#: What the running portal adds gets ids above all that is loaded.
FIRST_OWN_ID = 3_000_000_000
MODELS: tuple[type[models.Model], ...] = (Case, Party, Deadline, Event, Outbox, Assisting)


def load(wanted: int) -> dict[str, Any]:
    """Bring the database to at least `wanted` cases; returns what was added and how long it took (seconds)."""
    began = time.perf_counter()
    database.ensure()
    until = _prepare()
    done = _done()
    chunks = [number for number in range(-(-wanted // CHUNK)) if number not in done]
    connection.close()
    shares = [(until, chunks[number::PROCESSES]) for number in range(PROCESSES)]
    workers = [multiprocessing.get_context("fork").Process(target=_fill, args=share) for share in shares if share[1]]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("loading failed; `python -m bench load` goes on where it stopped")
    if chunks:
        _tidy()
    return {"cases": len(chunks) * CHUNK, "seconds": time.perf_counter() - began, "kept": len(done) * CHUNK}


def _prepare() -> datetime:
    """Make people and territory, and return the moment up to which histories reach: the same for every chunk."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_chunk (number integer PRIMARY KEY)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_until (at timestamptz NOT NULL)")
        cursor.execute("SELECT at FROM bench_until")
        found = cursor.fetchone()
        until = midnight(found[0] if found else timezone.now())
        people.build(until)
        if not found:
            cursor.execute("INSERT INTO bench_until VALUES (%s)", [until])
            for model in MODELS:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), {FIRST_OWN_ID})")
    return until


def _done() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM bench_chunk")
        return {row[0] for row in cursor.fetchall()}


def _tidy() -> None:
    """What a database does by itself in a quiet night."""
    plain = database.connect()
    plain.autocommit = True
    with plain.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    plain.close()


def _fill(until: datetime, chunks: list[int]) -> None:
    cast = people.cast(until)
    categories: dict[str, list[str]] = {}
    for code, kinds in Category.objects.filter(active=True).order_by("code").values_list("code", "kinds"):
        for kind in kinds.split():
            categories.setdefault(kind, []).append(code)
    connection.close()
    plain = database.connect()
    for number in chunks:
        chance = random.Random(number)
        player = Player(cast, until, chance, categories)
        _store(plain, number, _lines(player, number * CHUNK + 1))
    plain.close()


def _lines(player: Player, first: int) -> Iterable[tuple[type[models.Model], str]]:
    for pk in range(first, first + CHUNK, COPIES):
        mould = Mould(player.play(pk), player.cast, player.random)
        for number in range(COPIES):
            yield from mould.stamp(pk + number)


def _store(plain: Any, number: int, lines: Iterable[tuple[type[models.Model], str]]) -> None:
    """Store one chunk in one transaction. Foreign keys are right by construction and are not asked again."""
    buffers = {model: io.StringIO() for model in MODELS}
    for model, line in lines:
        buffers[model].write(line)
    with plain, plain.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, buffer in buffers.items():
            buffer.seek(0)
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            cursor.copy_expert(f"COPY {model._meta.db_table} ({columns}) FROM STDIN", buffer)
        cursor.execute("INSERT INTO bench_chunk VALUES (%s)", [number])


def verify(number: int = 200) -> None:
    """Refuse a load of which some rows are not what the door would have written."""
    step = max(Case.objects.filter(pk__lt=FIRST_OWN_ID).count() // number, 1)
    verify_these(range(1, number * step, step))


def verify_these(keys: Iterable[int]) -> None:
    """Refuse cases that are not fold(events), whose chain is broken or whose deadlines disagree."""
    for case in Case.objects.filter(pk__in=keys):
        events = list(case.events.order_by("seq"))
        state = fold(events, calendar())
        wrong = [name for name in COLUMNS if getattr(case, name) != getattr(state, name)]
        broken = [
            e.seq for e, prev in zip(events, ["", *(e.hash for e in events)], strict=False) if e.prev_hash != prev
        ]
        false = [event.seq for event in events if event.hash != hash_of(event, case.number)]
        kept = {(row.clock, row.period): (row.due_at, row.running) for row in case.deadlines.all()}
        told = {key: (clock.due_at, clock.running) for key, clock in state.clocks.items()}
        if wrong or broken or false or kept != told:
            raise SystemExit(f"case {case.number} is not what the door would have written: {wrong} {broken} {false}")
