"""The same orders by file and by API, three times each and at the same time, while workers are killed: each counts once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from cases import policies, services
from cases.models import Case
from governance_portal.lib.webhooks import secret_of
from hotlines.choices import BatchState, MessageState
from hotlines.models import Line, Link, LinkMessage, OrderBatch, OrderRow
from hotlines.orders import mappings, queries, uploading
from tests.cases.cast import District, build_district
from tests.gateway.server import LETTERS, Gateway
from tests.gateway.signing import SECRET
from tests.orders.conftest import csv_of, make_line, row
from tests.orders.test_push import order

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
FEW, MANY = 100, 1000
ROUNDS, PUSHED_AT_ONCE, WORKERS = 3, 25, 2
PATIENCE = 600.0


class Workers:
    """Two processes that work on this test's database; `kill` ends one with SIGKILL and starts another."""

    def __init__(self, place: Path, gateway: Gateway) -> None:
        database = connection.settings_dict
        host, port, user = database["HOST"] or "127.0.0.1", database["PORT"] or 5432, database["USER"] or "postgres"
        secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        self._surroundings = {
            **os.environ,
            "DATABASE_URL": f"postgres://{user}{secret}@{host}:{port}/{database['NAME']}",
            "SECRET_KEY": settings.SECRET_KEY,
            "OUTBOUND_HOSTS": gateway.url,
            "OUTBOUND_NETWORKS": "127.0.0.0/8",
            "WORKER_LEASE": "8",
        }
        self._log = (place / "workers.log").open("ab")
        self.kills = 0
        self._running = [self._start() for _ in range(WORKERS)]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.orders.worker"],
            cwd=settings.BASE_DIR,
            env=self._surroundings,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """`kill -9` of the one that runs longest; another takes its place."""
        victim = self._running.pop(0)
        assert victim.poll() is None, "a worker ended by itself; see workers.log"
        os.kill(victim.pid, signal.SIGKILL)
        assert victim.wait() == -signal.SIGKILL
        self.kills += 1
        self._running.append(self._start())

    def stop(self) -> None:
        """End them all."""
        for one in self._running:
            one.kill()
            one.wait()
        self._log.close()


@pytest.fixture
def cast(emptied_log: None) -> Iterator[District]:
    """The cast with real commits."""
    if connection.vendor != "postgresql":
        pytest.skip("此测试只在 PostgreSQL 上运行（DATABASE_URL）")
    policies.forget()
    yield build_district()


def sheet_of(cast: District, line: Line, data: bytes) -> OrderBatch:
    """Upload a sheet and confirm it."""
    operator, now = cast.actor("operator", timezone.now()), timezone.now()
    batch = uploading.keep(line, data, "12345.csv", actor=operator, now=now)
    if batch.mapping is None:
        columns = mappings.propose(batch.header, None)
        mappings.save(line, columns, {}, {}, actor=operator, now=now, batch=batch)
        batch = queries.batch_of(batch.uid)
    uploading.confirm(batch, actor=operator, now=now)
    return batch


def until(done: Callable[[], bool], each: Callable[[], None] = lambda: None) -> None:
    """Wait for something, looking ten times a second; `each` is called at every look."""
    begins = time.monotonic()
    while not done():
        each()
        assert time.monotonic() - begins < PATIENCE, "not done in time"
        time.sleep(0.1)


def finish(cast: District) -> None:
    """Answer every matter and close it."""
    now = timezone.now()
    clerk, caller = cast.actor("clerk", now), cast.actor("follow_up", now)
    told = {"category": "A0102", "level": "general", "outcome": "fulfilled"}
    told |= {"result": "已更换阀门。", "reply": "暖气已修好，请回家看一看。"}
    closed = {"satisfaction": 5, "resolved": True, "contacted": True}
    for case in Case.objects.order_by("pk"):
        case = services.move(case, "resolve_on_spot", actor=clerk, now=now, given=told)
        services.move(case, "confirm", actor=caller, now=now, given=closed)


def test_the_same_orders_three_times_by_file_and_by_api_while_workers_are_killed_count_once(
    cast: District, gateway: Gateway, tmp_path: Path, long_run: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    many, began = MANY if long_run else FEW, time.monotonic()
    line = make_line("sz12345", "http", f"{gateway.url}/line")
    line.secret = {"key": secret_of(SECRET.encode())}
    line.save()
    data = csv_of([row(number) for number in range(1, many + 1)])
    chance = random.Random(20261122)
    workers = Workers(tmp_path, gateway)
    answers: Counter[str] = Counter()
    receipts: dict[str, set[str]] = defaultdict(set)
    marks = [many // 10, many // 2, many * 9 // 10]

    def kill_on_the_way() -> None:
        if marks and Link.objects.count() >= marks[0]:
            marks.pop(0)
            workers.kill()

    try:
        batches = []
        for _round in range(ROUNDS):
            batches.append(sheet_of(cast, line, data))
            until(lambda: OrderBatch.objects.exclude(state=BatchState.WAITING).count() == len(batches), kill_on_the_way)
            numbers = list(range(1, many + 1))
            chance.shuffle(numbers)
            for start in range(0, many, PUSHED_AT_ONCE):
                told = push(line, numbers[start : start + PUSHED_AT_ONCE])
                answers.update(one["result"] for one in told)
                for one in told:
                    receipts[one["number"]].add(one["receipt"])
                kill_on_the_way()
        until(lambda: not OrderBatch.objects.exclude(state=BatchState.DONE).exists(), kill_on_the_way)
        workers.kill()
        finish(cast)
        wanted = [many // 3, many]

        def kill_the_speaker() -> None:
            if wanted and results(gateway) >= wanted[0] - 1:
                wanted.pop(0)
                workers.kill()

        until(lambda: results(gateway) == many and not owed(), kill_the_speaker)
    finally:
        workers.stop()

    letters = gateway.received(LETTERS)
    kinds = Counter(letter["body"]["kind"] for letter in letters)
    imported = sum(batch.new for batch in OrderBatch.objects.all())
    repeats = gateway.store.received()["repeats"]
    with capsys.disabled():
        print(
            f"\n{many} orders × {ROUNDS} files × {ROUNDS} pushes, {workers.kills} workers killed: "
            f"{Case.objects.count()} cases ({imported} by file, {answers['new']} by API), "
            f"{kinds['receipt']} receipts, {kinds['result']} results, {repeats} sendings repeated and dropped by key, "
            f"{time.monotonic() - began:.0f} s"
        )
    assert (Case.objects.count(), Link.objects.count()) == (many, many)
    assert imported + answers["new"] == many
    assert sum(answers.values()) == many * ROUNDS and set(answers) <= {"new", "known"}
    assert {len(found) for found in receipts.values()} == {1} and len(receipts) == many
    assert OrderRow.objects.count() == 0
    assert {batch.taken for batch in OrderBatch.objects.all()} == {many}
    for kind in ("receipt", "result"):
        sent = LinkMessage.objects.filter(kind=kind, state=MessageState.SENT)
        assert (sent.count(), kinds[kind]) == (many, many)
        assert len({letter["body"]["foreign_number"] for letter in letters if letter["body"]["kind"] == kind}) == many
    order_told: dict[str, list[int]] = defaultdict(list)
    for letter in letters:
        order_told[letter["body"]["foreign_number"]].append(letter["body"]["seq"])
    assert all(seqs == sorted(seqs) for seqs in order_told.values())
    assert workers.kills >= 5 and repeats <= 2 * workers.kills  # only what a killed worker had just said is said again


def push(line: Line, numbers: list[int]) -> list[dict[str, Any]]:
    """Push some orders; what was answered for each."""
    raw = json.dumps({"orders": [order(number) for number in numbers]}).encode()
    bearer = f"Bearer {line.secret['key']}"
    answer = Client().post(
        f"/api/v1/lines/{line.code}/orders/", raw, content_type="application/json", HTTP_AUTHORIZATION=bearer
    )
    assert answer.status_code in (200, 201), answer.content
    told: list[dict[str, Any]] = answer.json()["results"]
    return told


def owed() -> int:
    """How many messages have not arrived."""
    return LinkMessage.objects.exclude(state=MessageState.SENT).count()


def results(gateway: Gateway) -> int:
    """How many results have arrived."""
    return sum(letter["body"]["kind"] == "result" for letter in gateway.received(LETTERS))
