"""Whoever nudges a worker goes on at once, whatever the broker does."""

import os
import threading
import time
from typing import Any

import pytest

from governance_portal.lib import nudging
from governance_portal.lib.nudging import Nudger, nudge, nudger


class Task:
    """A task whose asking may hang or fail."""

    def __init__(self) -> None:
        self.asked: list[dict[str, int]] = []
        self.broker = threading.Event()
        self.broker.set()
        self.fails: Exception | None = None

    def apply_async(self, kwargs: dict[str, int], retry: bool, priority: int) -> None:
        self.broker.wait(10)
        if self.fails:
            raise self.fails
        assert (retry, priority) == (False, nudging.LAST)
        self.asked.append(kwargs)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nudger nobody has used."""
    monkeypatch.setattr(nudging, "_nudgers", [])


def test_a_broker_that_hangs_holds_nobody_up_and_gets_the_nudges_when_it_answers(fresh: None) -> None:
    task = Task()
    task.broker.clear()
    began = time.monotonic()
    for number in range(200):
        nudge(task, outbox_id=number)
    assert time.monotonic() - began < 0.5
    assert task.asked == []
    task.broker.set()
    nudger().settle()
    assert task.asked == [{"outbox_id": number} for number in range(200)]


@pytest.mark.parametrize("broken", [OSError("gone"), RuntimeError("OOM command not allowed")])
def test_after_a_broker_that_failed_nothing_is_asked_for_half_a_minute(
    fresh: None, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    task, clock = Task(), {"now": 1000.0}
    monkeypatch.setattr(nudging.time, "monotonic", lambda: clock["now"])
    task.fails = broken
    nudge(task, outbox_id=1)
    nudger().settle()
    task.fails = None
    nudge(task, outbox_id=2)
    nudger().settle()
    assert task.asked == []
    clock["now"] += nudging.SHRUG_SECONDS
    nudge(task, outbox_id=3)
    nudger().settle()
    assert task.asked == [{"outbox_id": 3}]


def test_more_than_can_wait_is_dropped(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudging, "MOST_WAITING", 5)
    task = Task()
    task.broker.clear()
    for number in range(20):
        nudge(task, outbox_id=number)
    task.broker.set()
    nudger().settle()
    assert [row["outbox_id"] for row in task.asked][:5] == [0, 1, 2, 3, 4]
    assert 5 <= len(task.asked) <= 6  # one may have been in the thread's hand


def test_a_forked_process_has_a_nudger_of_its_own(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before: Any = nudger()
    assert nudger() is before
    monkeypatch.setattr(os, "getpid", lambda: before.pid + 1)
    assert isinstance(nudger(), Nudger) and nudger() is not before
