"""The ladder: before a clock runs out, when it has, and as it gets later, more people are told; each rung once per date.

`before` the person who is waited for; `due` their lead too, of 办结时限 also the lead of the unit that had the matter
first; `late1` (one working day late) the supervisor; `late2` (three) the leader of the area. A rung is a row of
`Reminder` written in the transaction of its notices: the row is the claim, so there is no moment in which it is taken
and not paid, and of two sweeps at once one finds it written. Where nobody swept for days only the highest rung is told,
with the people of that rung. A date that moved is a new obligation (behaviour 30). 司法确认 has three rungs before its
end: `before` ten days, `before2` five, `before3` two (facts §2.3).

Set by set: a batch costs the same few statements whether it holds one clock or `BATCH`; people and what they chose are
read once a sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case as When_
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.channels.planning import Message, Planner
from accounts.choices import NoticeKind
from accounts.notices import tell
from cases import ladder, policies
from cases.agreements import CONFIRM_AHEAD
from cases.choices import Clock, Level, Rung
from cases.models import Deadline, Reminder
from cases.services.recipients import AHEAD, Complained, Recipients
from cases.services.staffing import Staff
from governance_portal.lib.prepared import as_stored
from governance_portal.lib.spoken import until_words

log = logging.getLogger(__name__)

BATCH = 500
#: What is said of a clock at each rung, after its name; outside the portal with what to do.
SAID: dict[str, str] = {
    Rung.BEFORE: "即将到期",
    Rung.BEFORE2: "5 天内到期",
    Rung.BEFORE3: "2 天内到期",
    Rung.DUE: "已超时",
    Rung.LATE1: "已超时满 1 个工作日",
    Rung.LATE2: "已超时满 3 个工作日",
}
#: What is to be done about a clock that nobody of the office can meet alone.
TO_DO: dict[str, str] = {
    Clock.CONFIRMATION_BY: "需要司法确认的，请提醒双方当事人在此之前共同向法院申请，期限不能延长；并登记申请情况。",
    Clock.PERFORMANCE_BY: "请核实这一期是否按约履行，并在“履行登记”里登记。",
}
LABELS = {clock.value: str(clock.label) for clock in Clock}


@dataclass(frozen=True, slots=True)
class Owed:
    """One rung of one clock that nobody has been told of, and what is asked of its case."""

    deadline_id: int
    rung: str
    due_at: datetime
    clock: str = ""
    period: int = 0
    tentative: bool = False
    number: str = ""
    level: str = ""
    lead_unit_id: int | None = None
    first_unit_id: int | None = None
    handler_id: int | None = None
    desk_area: str = ""
    nature: str = ""
    complained_unit: Complained | None = None


@dataclass
class Reminded:
    """What one run did: rungs written down, notices put into inboxes."""

    rungs: int = 0
    notices: int = 0


def remind(now: datetime) -> Reminded:
    """Tell of every rung reached by `now`; safe to run twice, at once, late or after a kill."""
    done = Reminded()
    owing = owed(now)
    if not owing.exists():
        return done
    recipients, planner = Recipients(now, Staff.at(now)), Planner(now)
    after: tuple[datetime, int] | None = None
    while True:
        try:
            rows = _batch(owing, after, now, recipients, planner, done)
        except Exception:  # one clock that cannot be told must not keep the others from being told
            log.exception("a batch of reminders failed; one by one")
            rows = _singly(owing, after, now, recipients, planner, done)
        if not rows:
            return done
        after = rows[-1]


def owed(now: datetime) -> QuerySet[Deadline, Any]:
    """The running clocks whose present rung, or a higher one, has not been told for their date."""
    calendar = policies.calendar()
    highest = When_(
        When(due_at__lte=ladder.reached(now, ladder.LATE2_DAYS, calendar), then=Value(Rung.LATE2.value)),
        When(due_at__lte=ladder.reached(now, ladder.LATE1_DAYS, calendar), then=Value(Rung.LATE1.value)),
        When(due_at__lt=now, then=Value(Rung.DUE.value)),
        When(_confirmed_within(now, CONFIRM_AHEAD[2]), then=Value(Rung.BEFORE3.value)),
        When(_confirmed_within(now, CONFIRM_AHEAD[1]), then=Value(Rung.BEFORE2.value)),
        default=Value(Rung.BEFORE.value),
        output_field=CharField(),
    )
    # The rungs' codes are in the order of the alphabet.
    told = Reminder.objects.filter(deadline=OuterRef("pk"), due_at=OuterRef("due_at"), rung__gte=OuterRef("reached"))
    found = Deadline.objects.to_warn(now).annotate(reached=highest).filter(~Exists(told))
    return found.order_by("warn_at", "pk").values_list("warn_at", "pk", "reached", "due_at")


def _confirmed_within(now: datetime, days: int) -> Q:
    """The agreements for which 司法确认 can be applied for so many days more, or fewer."""
    return Q(clock=Clock.CONFIRMATION_BY, due_at__lte=now + timedelta(days=days))


def _some(owing: QuerySet[Deadline, Any], after: tuple[datetime, int] | None, most: int) -> list[Any]:
    """The next clocks, held for this transaction; whoever writes one of them just now is not waited for."""
    if after is not None:
        # The first condition alone lets the index of running clocks begin there.
        owing = owing.filter(Q(warn_at__gt=after[0]) | Q(pk__gt=after[1]), warn_at__gte=after[0])
    return list(owing.select_for_update(skip_locked=True, no_key=True)[:most])


def _batch(
    owing: QuerySet[Deadline, Any],
    after: tuple[datetime, int] | None,
    now: datetime,
    recipients: Recipients,
    planner: Planner,
    done: Reminded,
    most: int = BATCH,
) -> list[tuple[datetime, int]]:
    """Tell the next clocks in one transaction and return where they stand in the order."""
    with transaction.atomic():
        rows = _some(owing, after, most)
        written = _write_down([(pk, rung, due_at) for _warn, pk, rung, due_at in rows], now)
        messages = [_message(key, one, recipients) for key, one in _facts(rows, written)]
        notices = tell(messages, now, planner)
    done.rungs += len(written)
    done.notices += notices
    return [(warn, pk) for warn, pk, _rung, _due in rows]


def _singly(
    owing: QuerySet[Deadline, Any],
    after: tuple[datetime, int] | None,
    now: datetime,
    recipients: Recipients,
    planner: Planner,
    done: Reminded,
) -> list[tuple[datetime, int]]:
    """The next clocks one by one; one that fails is logged and stays owed."""
    with transaction.atomic():
        rows = [(warn, pk) for warn, pk, _rung, _due in _some(owing, after, BATCH)]
    for row in rows:
        try:
            _batch(owing.filter(pk=row[1]), None, now, recipients, planner, done, most=1)
        except Exception:
            log.exception("reminder of deadline=%d failed", row[1])
    return rows


def _write_down(rows: Sequence[tuple[int, str, datetime]], now: datetime) -> dict[int, int]:
    """Write the rungs and return `{deadline: reminder}` of those that were not there."""
    if not rows:
        return {}
    quote, table = connection.ops.quote_name, Reminder._meta.db_table
    at = as_stored(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(table)} (deadline_id, rung, due_at, created_at, sent_at)"  # noqa: S608
            f" VALUES {', '.join(['(%s, %s, %s, %s, %s)'] * len(rows))}"
            " ON CONFLICT (deadline_id, rung, due_at) DO NOTHING RETURNING deadline_id, id",
            [value for pk, rung, due_at in rows for value in (pk, rung, as_stored(due_at), at, at)],
        )
        return dict(cursor.fetchall())


_OF_CLOCK = ("clock", "period", "tentative")
_OF_CASE = ("number", "level", "lead_unit_id", "first_unit_id", "handler_id", "desk_area", "nature")


def _facts(rows: Iterable[Any], written: dict[int, int]) -> Iterable[tuple[int, Owed]]:
    """What is asked of the cases whose rungs were written, with the reminder's key."""
    columns = (*_OF_CLOCK, *(f"case__{name}" for name in _OF_CASE))
    about = ("case__complained_unit_id", "case__complained_unit__path")
    found = Deadline.objects.filter(pk__in=written).order_by().values_list("pk", *columns, *about)
    known = {pk: values for pk, *values in found}
    for _warn, pk, rung, due_at in rows:
        if pk in written:
            *values, unit, path = known[pk]
            of_case = dict(zip((*_OF_CLOCK, *_OF_CASE), values, strict=True))
            yield (
                written[pk],
                Owed(pk, rung, due_at, **of_case, complained_unit=Complained(unit, path) if unit else None),
            )


def _message(reminder: int, one: Owed, recipients: Recipients) -> Message:
    label, said = LABELS[one.clock], SAID[one.rung]
    before = one.rung in AHEAD
    what = TO_DO.get(one.clock) or ("请抓紧办理。" if before else "请尽快办理，并说明原因。")
    if one.clock == Clock.PERFORMANCE_BY:
        label = f"第 {one.period} 期{label}"
    return Message(
        recipients.of_rung(one, one.clock, one.rung),
        key=f"reminder:{reminder}",
        title=f"{one.number} {label}{said}",
        body=f"{label}到{until_words(one.due_at)}{'（暂定）' if one.tentative else ''}。{what}",
        case_number=one.number,
        kind=NoticeKind.DUE_SOON.value if before else NoticeKind.OVERDUE.value,
        urgent=one.level == Level.URGENT,
        outside=f"{label}{said}，{'请抓紧办理' if before else '请尽快办理'}",
    )
