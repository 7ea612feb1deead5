"""One at a time over all workers, and nobody held up by one that died."""

from __future__ import annotations

import contextlib

import psycopg2
import pytest
from django.db import connection

from cases import chores
from governance_portal.lib.alone import alone
from tests.cases.cast import MONDAY

HERE = "locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


@pytest.mark.services
def test_while_another_session_runs_the_chores_nobody_else_does_and_one_that_died_holds_nobody_up(
    postgres: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "CHORES", (lambda _now: 3,))
    chores.CHORES[0].__name__ = "counted"
    with contextlib.closing(psycopg2.connect(**connection.get_connection_params())) as other:
        with alone("cases.chores") as mine:
            assert mine
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT objid, classid FROM pg_locks WHERE {HERE}")
                low, high = cursor.fetchone()
        other.autocommit = True
        other.cursor().execute("SELECT pg_advisory_lock((%s::bigint << 32) | %s::bigint)", [high, low])
        assert chores.run(MONDAY) == {}
    # Its line is cut: the server ends its session by itself.
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {HERE} AND objid = {low:d}")
            if not cursor.fetchone()[0]:
                break
            cursor.execute("SELECT pg_sleep(0.05)")
    assert chores.run(MONDAY) == {"counted": 3}


@pytest.mark.both
@pytest.mark.django_db
def test_what_is_held_is_given_back_also_after_a_fault() -> None:
    for _ in range(2):
        with contextlib.suppress(ZeroDivisionError), alone("anything") as mine:
            assert mine
            raise ZeroDivisionError
    with alone("anything") as mine:
        assert mine
