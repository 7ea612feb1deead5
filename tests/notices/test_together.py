"""Several workers at once, and workers killed half-way: everybody is told, nobody twice; on SQLite's file and PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from pytest_django import Settings

from accounts import notices
from accounts.channels import sending
from accounts.channels.preferences import Choice, Preferences, keep
from accounts.models import Delivery, Notice
from cases import policies
from cases.models import Deadline, Outbox, Reminder
from cases.services import clock, reminding
from tests.cases.cast import District, at, build_district
from tests.cases.test_together import _empty_what_refuses, at_once
from tests.gateway.server import Gateway
from tests.notices.conftest import with_mobile

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LATE = 120


@pytest.fixture
def cast(transactional_db: None) -> Iterator[District]:
    """The cast with real commits."""
    policies.forget()
    yield build_district()
    if connection.vendor == "sqlite":
        _empty_what_refuses()


@pytest.fixture
def sms(gateway: Gateway, settings: Settings) -> Gateway:
    """The gateway for short messages."""
    settings.OUTBOUND_HOSTS, settings.OUTBOUND_NETWORKS = [gateway.url], ["127.0.0.0/8"]
    settings.SMS_URL, settings.SMS_SECRET = f"{gateway.url}/sms", gateway.secret
    return gateway


def registered(cast: District, count: int = LATE) -> None:
    for _ in range(count):
        cast.register(now=at(23, 9))


@pytest.mark.behaviour(13)
def test_sixteen_sweeps_at_once_tell_each_rung_once(
    cast: District, sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mobile(cast, "clerk")
    registered(cast)
    monkeypatch.setattr(reminding, "BATCH", 7)
    done = at_once(lambda _place: reminding.remind(at(24, 9)))
    assert [one for one in done if isinstance(one, Exception)] == []
    reminding.remind(at(24, 9))  # what a sweep passed over because another held it is found by the next
    assert Counter(Reminder.objects.values_list("rung", flat=True)) == {"due": LATE}
    told = Counter(Notice.objects.filter(kind="overdue").values_list("user__username", flat=True))
    assert told == {"clerk": LATE, "centre_lead": LATE}
    assert (Delivery.objects.count(), sum(one.notices for one in done)) == (LATE, 2 * LATE)


@pytest.mark.behaviour(13)
def test_sixteen_workers_paying_the_outbox_at_once_tell_each_event_once(
    cast: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast, 40)
    monkeypatch.setattr(clock, "BATCH", 7)
    rows = list(Outbox.objects.order_by("pk").values_list("pk", flat=True))

    def pay(place: int) -> int:
        if place % 2:
            return clock.deliver_waiting(at(23, 9, 5))
        return sum(clock.deliver(pk, at(23, 9, 5)) for pk in rows[place:])

    done = at_once(pay)
    assert [one for one in done if isinstance(one, Exception)] == []
    clock.deliver_waiting(at(23, 9, 6))
    assert Outbox.objects.filter(sent_at__isnull=True).count() == 0
    assert sum(done) == 40 - Outbox.objects.filter(sent_at=at(23, 9, 6)).count()
    assert set(Outbox.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.behaviour(13)
def test_sixteen_senders_at_once_send_each_message_once(cast: District, sms: Gateway) -> None:
    user = with_mobile(cast, "handler")
    for number in range(48):
        notices.notify([user.pk], f"k{number}", "甲", kind="overdue", now=at(23, 9))
    done = at_once(lambda _place: sending.send_waiting(at(23, 9)))
    assert [one for one in done if isinstance(one, Exception)] == []
    told = sms.store.received()
    assert (len(told["messages"]), told["repeats"], sum(one.sent for one in done)) == (48, 0, 48)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_two_workers_gathering_digests_make_one_message(cast: District, sms: Gateway) -> None:
    user = with_mobile(cast, "handler")
    keep(user, Preferences(mobile=user.phone, kinds={"overdue": Choice("digest", ("sms",))}))
    for number in range(9):
        notices.notify(
            [user.pk], f"k{number}", "甲", case_number=f"2611231000{number:04}", kind="overdue", now=at(23, 9)
        )
    done = at_once(lambda _place: sending.gather(at(24, 9)))
    assert [one for one in done if isinstance(one, Exception)] == []
    assert (sum(done), Delivery.objects.count()) == (1, 1)
    assert Delivery.objects.get().text.startswith("每日汇总：9 件事项已超时")


#: A worker of its own: sweeps until it is killed, or until nothing is owed.
WORKER = """
import os, sys, django
django.setup()
from datetime import datetime
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = os.environ["SWEPT"]
from cases.services import reminding
reminding.BATCH = 5
at = datetime.fromisoformat(sys.argv[1])
print("ready", flush=True)
while reminding.remind(at).rungs: pass
"""


def _worker() -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SWEPT": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": str(django_settings.BASE_DIR),
    }
    command = [sys.executable, "-c", WORKER, at(24, 9).isoformat()]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_sweeping_processes_that_are_killed_lose_nothing_and_tell_nothing_twice(cast: District) -> None:
    registered(cast)
    killed = 0
    while Reminder.objects.count() < LATE and killed < 12:
        workers: list[Any] = [_worker(), _worker()]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        before = Reminder.objects.count()
        for _ in range(2000):
            if Reminder.objects.count() > before:
                break
        for worker in workers:
            worker.kill()
            worker.wait()
            worker.stdout.close()
            killed += 1
    connection.close()
    reminding.remind(at(24, 9))
    told = Counter(Notice.objects.filter(kind="overdue").values_list("user__username", flat=True))
    assert (Reminder.objects.count(), told) == (LATE, {"clerk": LATE, "centre_lead": LATE})
    assert killed >= 2


def test_a_clock_somebody_is_writing_is_not_waited_for_and_told_by_the_next_sweep(
    cast: District, postgres: None
) -> None:
    registered(cast, 3)
    held = Deadline.objects.order_by("pk")[0]
    with transaction.atomic():
        Deadline.objects.select_for_update().get(pk=held.pk)
        first = at_once_with_one(lambda: reminding.remind(at(24, 9)).rungs)
    assert (first, reminding.remind(at(24, 9)).rungs) == (2, 1)


def at_once_with_one(work: Any) -> Any:
    """What another connection's work answers meanwhile."""
    return at_once(lambda place: work() if place == 0 else None)[0]
