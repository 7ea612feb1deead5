"""The beat keeps its time whatever happens to the machine's clock, and piles nothing up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import celery.app.base
import pytest
from celery.beat import Scheduler
from django.conf import settings

from governance_portal import metronome
from governance_portal.celery import app
from governance_portal.metronome import Metronome

NAME = "cases.tasks.sweep"


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The monotonic clock, in seconds, to be moved by hand; the wall's clock by days."""
    clock: dict[str, Any] = {"passed": 0.0, "days": 0}
    since = metronome._SINCE
    monkeypatch.setattr(metronome.time, "monotonic", lambda: since + clock["passed"])
    monkeypatch.setattr(celery.app.base.Celery, "now", lambda self: datetime.now(UTC) + timedelta(days=clock["days"]))
    return clock


class Broker:
    """Takes what is sent, and says how much it has."""

    def __init__(self, waiting: int = 0) -> None:
        self.sent: list[str] = []
        self.waiting = waiting

    @property
    def channel(self) -> "Broker":
        return self

    def _size(self, queue: str) -> int:
        assert queue == settings.CELERY_TASK_DEFAULT_QUEUE
        if self.waiting < 0:
            raise OSError("away")
        return self.waiting


def made(kind: type[Scheduler], broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """A scheduler with the portal's one task of each minute, which writes down what it sends."""
    scheduler = kind(app)
    scheduler.data = {NAME: scheduler.data[NAME]}
    scheduler.__dict__["producer"] = broker
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **kwargs: broker.sent.append(entry.name))
    return scheduler


def beats(scheduler: Scheduler, broker: Broker, clock: dict[str, Any], minutes: int) -> int:
    """How many times it sends in so many minutes, ticked every ten seconds."""
    before = len(broker.sent)
    for _ in range(minutes * 6):
        clock["passed"] += 10
        scheduler.tick()
    return len(broker.sent) - before


def test_a_clock_set_ahead_and_back_by_days_does_not_move_the_beat(
    ticking: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Broker()
    scheduler = made(Metronome, broker, monkeypatch)
    told = []
    for days in (0, 3, 0, -3, 0):
        ticking["days"] = days
        told.append(beats(scheduler, broker, ticking, minutes=5))
    assert told == [5, 5, 5, 5, 5]


def test_a_queue_that_nobody_empties_gets_no_more(ticking: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(waiting=metronome.MOST_WAITING + 1)
    scheduler = made(Metronome, broker, monkeypatch)
    assert beats(scheduler, broker, ticking, minutes=3) == 0
    broker.waiting = 7
    assert beats(scheduler, broker, ticking, minutes=3) == 3


def test_a_broker_that_is_away_is_asked_again_at_the_next_beat(
    ticking: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Broker(waiting=-1)
    scheduler = made(Metronome, broker, monkeypatch)
    assert beats(scheduler, broker, ticking, minutes=2) == 0
    broker.waiting = 0
    assert beats(scheduler, broker, ticking, minutes=2) == 2


def test_no_message_of_the_beat_expires_by_a_clock_and_the_portal_uses_this_scheduler() -> None:
    assert {tuple(row) for row in settings.CELERY_BEAT_SCHEDULE.values()} == {("task", "schedule")}
    assert f"{Metronome.__module__}:{Metronome.__name__}" == settings.CELERY_BEAT_SCHEDULER
