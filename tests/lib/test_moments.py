"""Of three clocks the middle one counts: any one of them may be wrong by any amount."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.app.trace import trace_task
from celery.signals import after_task_publish
from hypothesis import given
from hypothesis import strategies as st

from cases.tasks import sweep
from governance_portal.celery import app
from governance_portal.lib import moments
from governance_portal.lib.moments import agreed, agreed_now

TRUE = datetime(2026, 11, 23, 9, tzinfo=UTC)
WRONG = st.timedeltas(timedelta(days=-4000), timedelta(days=4000))
SMALL = st.timedeltas(timedelta(seconds=-5), timedelta(seconds=5))


@given(st.integers(0, 2), WRONG, st.lists(SMALL, min_size=3, max_size=3))
def test_whichever_clock_is_wrong_the_time_is_right(which: int, wrong: timedelta, drifts: list[timedelta]) -> None:
    clocks = [TRUE + drift for drift in drifts]
    clocks[which] += wrong
    assert abs(agreed(*clocks) - TRUE) <= timedelta(seconds=5)


def test_without_a_sender_the_database_s_clock_counts() -> None:
    assert agreed(TRUE, TRUE + timedelta(days=3), None) == TRUE


def test_a_message_that_lay_in_the_queue_for_days_moves_nothing_while_the_others_agree() -> None:
    assert agreed(TRUE, TRUE + timedelta(seconds=2), TRUE - timedelta(days=9)) == TRUE


@pytest.mark.parametrize(("database", "here", "sender"), [(3, 0, 0), (-3, 0, 0), (0, 3, 0), (0, 0, -3), (0, 0, 3)])
def test_a_task_hears_its_sender_s_clock_and_says_when_clocks_differ(
    database: int, here: int, sender: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[datetime] = []

    @app.task(name=f"tests.moments.{database}{here}{sender}")  # type: ignore[untyped-decorator]
    def listen() -> None:
        heard.append(agreed_now())

    def days(number: int) -> datetime:
        return TRUE + timedelta(days=number)

    monkeypatch.setattr(moments, "database_now", lambda: days(database))
    monkeypatch.setattr(moments.timezone, "now", lambda: days(here))
    # As a worker runs it: what stands in the message's headers is the request.
    trace_task(listen, "an-id", (), {}, {"id": "an-id", moments.SENT_AT: days(sender).timestamp()}, app=app)
    assert heard == [TRUE]
    assert ("clocks differ" in caplog.text) == bool(database or here)


def test_every_message_carries_the_clock_of_its_sender() -> None:
    seen: list[dict[str, Any]] = []

    def look(headers: dict[str, Any], **_more: Any) -> None:
        seen.append(headers)

    after_task_publish.connect(look)
    try:
        sweep.apply_async(retry=False)
    finally:
        after_task_publish.disconnect(look)
    assert [abs(row[moments.SENT_AT] - time.time()) < 60 for row in seen] == [True]
