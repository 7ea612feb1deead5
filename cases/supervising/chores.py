"""What the clock does for 督办: 催办 when a limit runs out, its lifting when the limit is met, the draft of a 督办函.

Each is idempotent (the database keeps one per clock and cause), bounded, and safe to run twice at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.queries import service_actor
from cases import choices as c
from cases import services
from cases.choices import Clock, Status
from cases.following_up.choices import Verdict
from cases.models import Case, Deadline, OrderDraft, Rectification, SupervisionOrder
from cases.policies import calendar
from cases.services.order_numbers import rules
from cases.supervising.drafting import answer_by, day_words, draft
from governance_portal.lib.errors import Refusal
from governance_portal.lib.working_days import Limit, LimitUnit, due

log = logging.getLogger(__name__)
#: So many rows in one run; the next minute goes on (cases.chores).
BATCH = 500
KNOWN = frozenset(clock.value for clock in Clock if clock not in (Clock.ORDER_BY,))


def urge(now: datetime) -> int:
    """Lay a 催办 on every case whose clock ran out (which clocks: the rules), once per clock and period."""
    clocks = [name for name in rules().urged_clocks.split() if name in KNOWN]
    if not clocks:
        return 0
    laid = SupervisionOrder.objects.filter(
        case=OuterRef("case"), cause_clock=OuterRef("clock"), cause_period=OuterRef("period")
    )
    late = Deadline.objects.filter(~Exists(laid), running=True, due_at__lt=now, clock__in=clocks)
    late = late.exclude(case__status=Status.ARCHIVED).select_related("case").order_by("due_at", "pk")
    clock, until, done = service_actor("clock"), answer_by(now), 0
    for row in _each(late):
        label = Clock(row.clock).label
        given = {
            "kind": c.OrderKind.URGE.value,
            "demand": f"{label}已于{day_words(row.due_at)}届满，仍未办理。请抓紧办理，并说明原因。",
            "deadline": until,
            "clock": row.clock,
        }
        done += _tried(row.case, "order", clock, now, given)
    return done


def lift_urges(now: datetime) -> int:
    """Lift the 催办 of a clock that was met or has stopped for good: it asked for nothing else."""
    clock_of = Deadline.objects.filter(
        case=OuterRef("case"), clock=OuterRef("cause_clock"), period=OuterRef("cause_period")
    )
    ended = Q(Exists(clock_of.filter(met_at__isnull=False))) | Q(
        Exists(clock_of.filter(running=False)), ~Q(case__status=Status.SUSPENDED)
    )
    over = SupervisionOrder.objects.filter(ended, lifted_at__isnull=True).exclude(cause_clock="")
    over = over.exclude(case__status=Status.ARCHIVED).select_related("case").order_by("pk")
    clock, done = service_actor("clock"), 0
    for order in _each(over):
        note = f"{Clock(order.cause_clock).label}已不再计时，催办自动解除。"
        done += _tried(order.case, "lift", clock, now, {"order": order.pk, "note": note})
    return done


def draft_late(now: datetime) -> int:
    """Draft a 督办函 for every case that is late by the working days of the rules and has no letter for it yet."""
    limit, days = Limit(rules().draft_after_days, LimitUnit.WORKING_DAY), calendar()
    made = OrderDraft.objects.filter(case=OuterRef("case"), cause=c.DraftCause.LATE, period=OuterRef("period"))
    sent = SupervisionOrder.objects.filter(
        case=OuterRef("case"), issued_at__gte=OuterRef("due_at"), lifted_at__isnull=True
    ).exclude(kind=c.OrderKind.URGE)
    late = Deadline.objects.filter(~Exists(made), ~Exists(sent), clock=Clock.RESOLVE_BY, running=True, due_at__lt=now)
    late = late.exclude(case__status=Status.ARCHIVED).select_related("case__category", "case__complained_unit")
    done = 0
    for row in _each(late.order_by("due_at", "pk")):
        if due(row.due_at - timedelta(microseconds=1), limit, days).due > now:
            break  # the oldest come first: whatever follows is not so late either
        done += draft(row.case, c.DraftCause.LATE, row.period, now, row.due_at) is not None
    return done


def draft_unhappy(now: datetime) -> int:
    """Draft a 督办函 for every bad rating that was looked into and found true."""
    made = OrderDraft.objects.filter(case=OuterRef("case"), cause=c.DraftCause.UNHAPPY, period=OuterRef("round"))
    true = Rectification.objects.filter(~Exists(made), verdict=Verdict.FOUNDED, closed_at__isnull=True)
    true = true.exclude(case__status=Status.ARCHIVED).select_related("case__category", "case__complained_unit")
    rows = _each(true.order_by("verified_at", "pk"))
    return sum(draft(row.case, c.DraftCause.UNHAPPY, row.round, now) is not None for row in rows)


def _each(rows: object) -> Iterator:  # type: ignore[type-arg]
    return iter(list(rows[:BATCH]))  # type: ignore[index]


def _tried(case: Case, kind: str, clock: object, now: datetime, given: dict[str, object]) -> int:
    """Write one record; a case that has moved meanwhile is left to the next minute."""
    try:
        services.record(case, kind, actor=clock, now=now, given=given)  # type: ignore[arg-type]
    except Refusal as refused:
        log.info("clock: %s on case %s refused: %s", kind, case.number, type(refused).__name__)
        return 0
    return 1
