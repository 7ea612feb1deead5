"""What the clock does each minute: tells who is late, pays what waits, makes the moves that are the clock's.

What is owed is a row (`Reminder`, `Outbox`), paid in one transaction with its notices, so that a task that runs twice, or
is killed half-way, pays once (design/safety.md); what leaves the portal follows as rows (`Delivery`). The broker only
nudges. Rule 7: a case whose clock ran out is chased, never silently changed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from accounts.channels.planning import Message, Planner
from accounts.choices import NoticeKind
from accounts.notices import tell
from accounts.queries import service_actor
from cases.choices import Status
from cases.models import Case, Event, Outbox
from cases.services.door import move
from cases.services.recipients import Recipients
from cases.services.reminding import remind
from cases.services.staffing import Staff
from cases.workflow import TABLE
from governance_portal.lib.errors import Refusal
from governance_portal.lib.moments import database_now as database_now
from governance_portal.lib.working_days import SHANGHAI

log = logging.getLogger(__name__)

BATCH = 500
#: So long a paid row is kept, for whoever asks whether somebody was told; they were a tenth of the disk (make bench).
PAID_KEPT = timedelta(days=30)


@dataclass
class Swept:
    """What one sweep did, for the log: counts only."""

    owed: int = 0
    reminded: int = 0
    delivered: int = 0
    moved: int = 0
    refused: list[str] = field(default_factory=list)


def sweep(now: datetime) -> Swept:
    """Do everything that is due by now; safe to run twice, at once, late or after a kill."""
    done = Swept()
    reminded = remind(now)
    done.owed, done.reminded = reminded.rungs, reminded.notices
    done.delivered = deliver_waiting(now)
    _clock_moves(now, done)
    return done


# --- the outbox -------------------------------------------------------------------------------------------------

#: An event of these kinds is told as what it is about; any other as a step of the case.
ABOUT: dict[str, str] = {
    **dict.fromkeys(("order", "respond", "lift"), NoticeKind.ORDER.value),
    **dict.fromkeys(("approve", "rate", "resolve_on_spot"), NoticeKind.FOLLOW_UP.value),
}
#: From so many on it is cheaper to read everybody's posts at once.
MANY = 20


def deliver(outbox_id: int, now: datetime) -> int:
    """Pay one outbox row, if nobody else has; returns how many were paid."""
    return _pay([outbox_id], now, Recipients(now), Planner(now))


def deliver_waiting(now: datetime) -> int:
    """Pay the outbox rows that wait, in batches; a row that cannot be paid does not keep the others from it."""
    paid, after = 0, 0
    recipients: Recipients | None = None
    planner = Planner(now)
    while ids := list(_free(now).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        after = ids[-1]
        recipients = recipients or Recipients(now, Staff.at(now) if len(ids) >= MANY else None)
        try:
            paid += _pay(ids, now, recipients, planner)
        except Exception:
            log.exception("a batch of the outbox failed; one by one")
            paid += sum(_pay_alone(pk, now, recipients, planner) for pk in ids)
    return paid


def _free(now: datetime) -> Any:
    """Rows that wait and that nobody holds."""
    return Outbox.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), sent_at__isnull=True)


def _pay_alone(pk: int, now: datetime, recipients: Recipients, planner: Planner) -> int:
    try:
        return _pay([pk], now, recipients, planner)
    except Exception:
        log.exception("outbox=%d cannot be paid", pk)
        Outbox.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
        return 0


def _pay(ids: Sequence[int], now: datetime, recipients: Recipients, planner: Planner) -> int:
    """Tell of these events and mark them told, in one transaction; rows that another worker has are left to it."""
    with transaction.atomic():
        held = _free(now).filter(pk__in=ids).select_for_update(skip_locked=True, of=("self",))
        mine = list(held.values_list("pk", flat=True))
        events = Event.objects.filter(outbox__pk__in=mine).order_by("pk")
        told: list[Message] = []
        for event in events.select_related("case__complained_unit", "case__lead_unit"):
            told += _news(event, recipients)
        tell(told, now, planner)
        return Outbox.objects.filter(pk__in=mine).update(sent_at=now, attempts=F("attempts") + 1)


def _news(event: Event, recipients: Recipients) -> list[Message]:
    """Who must act because of an event, and who need not any more; the latter may not even be able to open it."""
    case, label = event.case, TABLE[event.kind].label
    found = []
    title, who = f"{case.number} {label}", event.actor_unit or event.actor_name
    if told := recipients.of_event(case, event):
        when = f"{event.at.astimezone(SHANGHAI):%m月%d日 %H:%M}"
        body = f"{who}于 {when} “{label}”，现为“{Status(event.status_after).label}”，请查看办理。"
        kind, urgent = ABOUT.get(event.kind, NoticeKind.CASE.value), case.level == "urgent"
        found.append(Message(told, f"event:{event.pk}", title, body, case.number, kind, urgent))
    if lost := recipients.of_loss(case, event) - told:
        to = event.data.get("lead_unit_name") or event.data.get("handler_name", "")
        body = f"{who}已将该件交由“{to}”办理，您不用再办。" if to else f"{who}已取消联办任务，您不用再办。"
        gone = "已交由他人办理，您不用再办" if to else "联办任务已取消，您不用再办"
        found.append(Message(lost, f"loss:{event.pk}", title, body, case.number, NoticeKind.CASE.value, False, gone))
    return found


def forget_paid(now: datetime, most: int = 40 * BATCH) -> int:
    """Delete outbox rows paid long ago, the oldest first, at most so many; the history itself says what happened.

    A row that waits is kept however old it is: somebody has not been told yet.
    """
    gone = 0
    paid = Outbox.objects.filter(sent_at__lt=now - PAID_KEPT).order_by("pk")
    while gone < most and (ids := list(paid.values_list("pk", flat=True)[:BATCH])):
        gone += Outbox.objects.filter(pk__in=ids).delete()[0]
    return gone


# --- moves that are the clock's ---------------------------------------------------------------------------------


def _clock_moves(now: datetime, done: Swept) -> None:
    """Resume what was suspended until yesterday, archive what nobody can reopen; each by the door, each on record."""
    clock = service_actor("clock")
    for case in _suspended_past_end(now):
        _try(done, case, "resume", clock, now)
    for case in Case.objects.filter(
        status__in=(Status.CLOSED, Status.DECLINED, Status.MERGED),
        window_until__lt=now,
        orders_open=0,
        instalments_open=0,
    ).order_by("pk")[:BATCH]:
        _try(done, case, "archive", clock, now)


def _try(done: Swept, case: Case, name: str, clock: Any, now: datetime) -> None:
    try:
        move(case, name, actor=clock, now=now)
        done.moved += 1
    except Refusal as refusal:
        done.refused.append(f"{name}: {refusal.slug}")


def _suspended_past_end(now: datetime) -> QuerySet[Case]:
    """The cases whose last suspension was to end before today, at most a batch; one statement."""
    today = now.astimezone(SHANGHAI).date().isoformat()
    pauses = Event.objects.filter(case=OuterRef("pk"), kind="suspend").order_by("-seq")
    ends = Subquery(pauses.values(end=KeyTextTransform("expected_end", "data"))[:1], output_field=CharField())
    return Case.objects.filter(status=Status.SUSPENDED).alias(ends=ends).filter(ends__lt=today).order_by("pk")[:BATCH]
