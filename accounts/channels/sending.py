"""Sends what is written down: claims a row, speaks to the outside with no transaction open, writes what came of it.

A worker that is killed leaves a row whose lease runs out and is taken again, under the same `uid`: the receiver drops
the second. What does not arrive is tried again, each time later, and given up after `MOST_ATTEMPTS`; at once where there
is nowhere to send it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.channels.adapters import Outcome, attempt
from accounts.channels.planning import WORDS, several
from accounts.channels.preferences import Preferences, of_people
from accounts.choices import DeliveryState, NoticeKind, Way
from accounts.models import Delivery, DigestEntry, GroupChannel
from governance_portal.lib import leasing
from governance_portal.lib.errors import NotNow
from governance_portal.lib.leasing import claimable

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.DELIVERY_LEASE)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
#: Quiet hours put a message off by a day and a bit at most.
LONGEST_PUT_OFF = timedelta(hours=25)
#: 30 s, 1, 2, 4 … 60 minutes apart: tried for about four hours before an administrator must look.
MOST_ATTEMPTS = 10
BATCH = 200
#: One run sends no more to one group (robots are cut off at twenty a minute).
MOST_TO_A_GROUP = 6
#: The kind of a test message.
TEST = "test"
#: So long a message that arrived is kept, for whoever asks whether somebody was told.
KEPT = timedelta(days=90)


@dataclass
class Sent:
    """What one run did."""

    gathered: int = 0
    sent: int = 0
    failed: int = 0
    given_up: int = 0


@dataclass
class _Run(leasing.Run):
    """What is remembered while one run lasts."""

    to_group: Counter[int] = field(default_factory=Counter)
    people: dict[int, Preferences] = field(default_factory=dict)

    def skips(self, row: Delivery) -> bool:
        """Whether this receiver is left alone for the rest of the run."""
        if self.leaves_alone(_receiver(row)):
            return True
        return row.group_id is not None and self.to_group[row.group_id] >= MOST_TO_A_GROUP


def _receiver(row: Delivery) -> str:
    return f"group:{row.group_id}" if row.group_id else row.channel


def send_waiting(now: datetime) -> Sent:
    """Send what is due, digests first made into messages; safe to run twice at once, late, or after a kill."""
    run, done = _Run(now), Sent(gathered=gather(now))
    after = 0
    while not run.over():
        rows = list(_due(now).filter(pk__gt=after).select_related("group").order_by("pk")[:BATCH])
        if not rows:
            break
        after = rows[-1].pk
        new = {row.user_id for row in rows if row.user_id} - run.people.keys()
        run.people |= of_people(new) if new else {}
        for row in rows:
            if run.over():
                break
            if not run.skips(row):
                _one(row, run, done)
    return done


def _due(now: datetime) -> QuerySet[Delivery]:
    """Rows that nobody holds and whose time has come."""
    return Delivery.objects.filter(
        claimable(now, LEASE, LONGEST_PUT_OFF),
        state__in=(DeliveryState.WAITING, DeliveryState.FAILED, DeliveryState.SENDING),
    )


def _one(row: Delivery, run: _Run, done: Sent) -> None:
    lease = run.moment + LEASE
    claimed = (
        _due(run.moment)
        .filter(pk=row.pk)
        .update(state=DeliveryState.SENDING, claimed_until=lease, attempts=F("attempts") + 1)
    )
    if not claimed:
        return
    row.attempts += 1
    person = run.people.get(row.user_id or 0)
    address = "" if person is None else person.email if row.channel == Way.EMAIL else person.mobile
    outcome = attempt(row, address)
    if not outcome.hopeless:
        run.failures[_receiver(row)] = 0 if outcome.arrived else run.failures[_receiver(row)] + 1
    run.to_group[row.group_id or 0] += 1
    _write(row, lease, outcome, run, done)


def _write(row: Delivery, lease: datetime, outcome: Outcome, run: _Run, done: Sent) -> None:
    """Only while the row is still ours: a worker that comes back late does not undo what another has done."""
    now = run.moment
    values: dict[str, object] = {"claimed_until": None, "answer": outcome.answer[:120]}
    if outcome.arrived:
        values |= {"state": DeliveryState.SENT, "sent_at": now}
        done.sent += 1
    elif row.attempts >= MOST_ATTEMPTS or row.kind == TEST or outcome.hopeless:
        values |= {"state": DeliveryState.GIVEN_UP}
        done.given_up += 1
        log.error("delivery=%d given up after %d attempts", row.pk, row.attempts)
    else:
        again = now + wait_after(row.attempts)
        if person := run.people.get(row.user_id or 0):
            again = person.may_send_at(again, urgent=row.urgent)
        values |= {"state": DeliveryState.FAILED, "next_attempt_at": again}
        done.failed += 1
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING, claimed_until=lease).update(**values)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, an hour at most."""
    return leasing.wait_after(attempts, FIRST_WAIT, LONGEST_WAIT)


# --- digests ----------------------------------------------------------------------------------------------------


def gather(now: datetime) -> int:
    """Make one message of all that waits for a person's digest of a way; returns how many messages were made."""
    made = 0
    waiting = DigestEntry.objects.filter(gathered_at__isnull=True, due_at__lte=now).order_by()
    for user_id, way in list(waiting.values_list("user_id", "channel").distinct()[:BATCH]):
        with transaction.atomic():
            mine = waiting.filter(user_id=user_id, channel=way).select_for_update(skip_locked=True, of=("self",))
            entries = list(mine.select_related("notice").order_by("pk"))
            if not entries:
                continue  # Another worker has them.
            digest = Delivery.objects.create(
                key=f"digest:{entries[0].pk}",
                channel=way,
                user_id=user_id,
                kind=entries[0].notice.kind if len({one.notice.kind for one in entries}) == 1 else NoticeKind.OTHER,
                text=_digest(entries),
                next_attempt_at=of_people([user_id])[user_id].may_send_at(now, urgent=False),
                created_at=now,
            )
            DigestEntry.objects.filter(pk__in=[one.pk for one in entries]).update(delivery=digest, gathered_at=now)
            made += 1
    return made


def _digest(entries: Iterable[DigestEntry]) -> str:
    """「汇总：2 件事项已超时，请尽快办理：…。3 件事项即将到期…」, at most as long as a message may be."""
    by_kind: dict[str, list[str]] = {}
    for entry in entries:
        by_kind.setdefault(entry.notice.kind, []).append(entry.notice.case_number)
    order = list(WORDS)
    kinds = sorted(by_kind, key=lambda kind: order.index(kind) if kind in order else len(order))
    parts = [several(WORDS.get(kind, WORDS[NoticeKind.OTHER]), len(by_kind[kind]), by_kind[kind]) for kind in kinds]
    text = "每日汇总：" + "".join(parts)
    if len(text) <= 300:
        return text
    short = [several(WORDS.get(kind, WORDS[NoticeKind.OTHER]), len(by_kind[kind]), ()) for kind in kinds]
    return ("每日汇总：" + "".join(short))[:300]


# --- by hand ----------------------------------------------------------------------------------------------------


def send_again(delivery: Delivery, now: datetime) -> None:
    """Have a message tried once more, by hand, under the key it had: a receiver that has it already drops it.

    NotNow while it is being sent. A given-up one that fails again is given up again.
    """
    ready = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.SENDING, claimed_until__gte=now)
    if not ready.update(state=DeliveryState.WAITING, next_attempt_at=now, claimed_until=None, answer=""):
        raise NotNow("这条消息正在发送，请稍后刷新，看过结果再决定是否重发。")


def send_test(group: GroupChannel, now: datetime) -> Delivery:
    """Write down a message that says it is a test; it goes out with the next run, and is tried once."""
    row = Delivery(
        channel=group.kind,
        group=group,
        kind=TEST,
        text="这是平台的测试消息，收到即表示设置正确，不用处理。",
        next_attempt_at=now,
        created_at=now,
    )
    row.key = f"test:{row.uid}"
    row.save()
    return row


def undelivered() -> int:
    """How many messages were given up: an administrator must look."""
    return Delivery.objects.filter(state=DeliveryState.GIVEN_UP).count()


def forget_sent(now: datetime, most: int = 20_000) -> int:
    """Delete messages that arrived long ago, and digest lines with them; what did not arrive stays to be seen."""
    old = Delivery.objects.filter(state=DeliveryState.SENT, sent_at__lt=now - KEPT).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:most])
    DigestEntry.objects.filter(gathered_at__lt=now - KEPT).delete()
    return Delivery.objects.filter(pk__in=ids).delete()[0]
