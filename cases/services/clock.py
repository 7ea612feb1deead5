"""What the clock does each minute: writes down what is owed, pays what waits, makes the moves that are the clock's.

What is owed is a row (`Reminder`, `Outbox`), claimed by a conditional UPDATE with a lease and paid in one transaction
with its notices, so that a task that runs twice, or is killed half-way, pays once (design/safety.md). The broker only
nudges. Rule 7: a case whose clock ran out is chased, never silently changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case as When_
from django.db.models import CharField, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from accounts.notices import notify
from accounts.queries import service_actor
from cases.choices import Clock, Status
from cases.models import Case, Deadline, Event, Outbox, Reminder
from cases.services.door import move
from cases.services.recipients import Recipients
from cases.workflow import TABLE
from governance_portal.lib.errors import Refusal
from governance_portal.lib.working_days import SHANGHAI

LEASE = timedelta(minutes=2)
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


def database_now() -> datetime:
    """Return the database's clock, which decides what is due; on SQLite it is this machine's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def sweep(now: datetime) -> Swept:
    """Do everything that is due by now; safe to run twice, at once, late or after a kill."""
    done = Swept()
    done.owed = write_down(now)
    done.reminded = _pay(Reminder, now, _remind)
    done.delivered = _pay(Outbox, now, _deliver)
    _clock_moves(now, done)
    return done


def write_down(now: datetime) -> int:
    """Make one reminder row for every deadline that is due soon or late and has none for its date; returns how many.

    A date that moved is a new obligation; one that was reminded of is not (behaviour 30).
    """
    kind = When_(When(due_at__lt=now, then=Value("overdue")), default=Value("due_soon"), output_field=CharField())
    told = Reminder.objects.filter(deadline=OuterRef("pk"), kind=OuterRef("owes"), due_at=OuterRef("due_at"))
    owing = Deadline.objects.to_warn(now).annotate(owes=kind).filter(~Exists(told)).order_by("pk")
    made = 0
    while rows := list(owing.values_list("pk", "owes", "due_at")[:BATCH]):
        Reminder.objects.bulk_create(
            [Reminder(deadline_id=pk, kind=owes, due_at=due_at, created_at=now) for pk, owes, due_at in rows],
            ignore_conflicts=True,
        )
        made += len(rows)
    return made


def _pay(model: type[Reminder] | type[Outbox], now: datetime, pay: Any) -> int:
    """Claim and pay the rows that wait, in batches; a row whose lease has run out is taken again."""
    paid = 0
    recipients = Recipients(now)
    free = Q(sent_at__isnull=True) & (Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
    after = 0
    while ids := list(model.objects.filter(free, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        after = ids[-1]
        paid += sum(_pay_one(model, pk, now, pay, recipients) for pk in ids)
    return paid


def _pay_one(model: Any, pk: int, now: datetime, pay: Any, recipients: Recipients) -> int:
    free = Q(sent_at__isnull=True) & (Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
    claimed = model.objects.filter(free, pk=pk).update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return 0
    with transaction.atomic():
        pay(pk, recipients)
        model.objects.filter(pk=pk).update(sent_at=now)
    return 1


# --- reminders --------------------------------------------------------------------------------------------------


def _remind(pk: int, recipients: Recipients) -> None:
    reminder = Reminder.objects.select_related("deadline__case__complained_unit").get(pk=pk)
    deadline = reminder.deadline
    if not deadline.running or deadline.due_at != reminder.due_at:
        return  # Done, or the date has moved: there is nothing to remind of any more.
    late = reminder.kind == "overdue"
    case = deadline.case
    label = Clock(deadline.clock).label
    when = f"{deadline.due_at.astimezone(SHANGHAI):%m月%d日 %H:%M}"
    title = f"{case.number} {label}已超时" if late else f"{case.number} {label}即将到期"
    body = f"{label}到 {when}。" + ("请尽快办理，并说明原因。" if late else "请抓紧办理。")
    notify(
        recipients.of_clock(case, deadline.clock, late),
        key=f"reminder:{reminder.pk}",
        title=title,
        body=body,
        case_number=case.number,
        kind="overdue" if late else "due_soon",
        now=recipients.now,
    )


# --- the outbox -------------------------------------------------------------------------------------------------


def deliver(outbox_id: int, now: datetime) -> int:
    """Pay one outbox row, if nobody else has; returns how many were paid."""
    return _pay_one(Outbox, outbox_id, now, _deliver, Recipients(now))


def _deliver(pk: int, recipients: Recipients) -> None:
    event = Event.objects.select_related("case__complained_unit", "case__lead_unit").get(outbox__pk=pk)
    case = event.case
    told = recipients.of_event(case, event)
    _tell_loss(event, recipients)
    if not told:
        return
    who, label = event.actor_unit or event.actor_name, TABLE[event.kind].label
    when = f"{event.at.astimezone(SHANGHAI):%m月%d日 %H:%M}"
    title = f"{case.number} {label}"
    body = f"{who}于 {when} “{label}”，现为“{Status(event.status_after).label}”，请查看办理。"
    notify(
        told, key=f"event:{event.pk}", title=title, body=body, case_number=case.number, kind="case", now=recipients.now
    )


def _tell_loss(event: Event, recipients: Recipients) -> None:
    """Say to who had the case that it is no longer theirs; they may not even be able to open it any more."""
    if not (lost := recipients.of_loss(event)):
        return
    case, label = event.case, TABLE[event.kind].label
    to = event.data.get("lead_unit_name") or event.data.get("handler_name", "")
    body = f"{event.actor_unit or event.actor_name}已将该件交由“{to}”办理，您不用再办。"
    title = f"{case.number} {label}"
    notify(
        lost, key=f"loss:{event.pk}", title=title, body=body, case_number=case.number, kind="case", now=recipients.now
    )


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
        status__in=(Status.CLOSED, Status.DECLINED, Status.MERGED), window_until__lt=now, orders_open=0
    ).order_by("pk")[:BATCH]:
        _try(done, case, "archive", clock, now)


def _try(done: Swept, case: Case, name: str, clock: Any, now: datetime) -> None:
    try:
        move(case, name, actor=clock, now=now)
        done.moved += 1
    except Refusal as refusal:
        done.refused.append(f"{name}: {refusal.slug}")


def _suspended_past_end(now: datetime) -> list[Case]:
    today = now.astimezone(SHANGHAI).date().isoformat()
    suspended = Case.objects.filter(status=Status.SUSPENDED).order_by("pk")[:BATCH]
    found = []
    for case in suspended:
        last = case.events.filter(kind="suspend").order_by("-seq").first()
        if last and last.data["expected_end"] < today:
            found.append(case)
    return found
