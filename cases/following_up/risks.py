"""What makes a call urgent: one list for the order of the queue and for the reasons shown beside each row.

Of the case, never of the person (PIPL §24): each point is a fact of the matter that stands on its page. Waiting adds one
point a day, so that nothing starves. Source: facts §1.11; workflow.md "回访".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as When_
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from cases import choices as c
from cases.choices import Level
from cases.models import FollowUp, SameMatter, SupervisionOrder

#: Days of waiting that still add a point each.
OLDEST = 5


@dataclass(frozen=True)
class Risk:
    """A fact that makes a call more urgent, with its points and its word."""

    code: str
    label: str
    points: int
    holds: Any


def _ordered() -> Exists:
    orders = SupervisionOrder.objects.filter(case_id=OuterRef("case_id")).exclude(kind=c.OrderKind.URGE)
    return Exists(orders)


def _repeated() -> Exists:
    return Exists(SameMatter.objects.filter(Q(first_id=OuterRef("case_id")) | Q(second_id=OuterRef("case_id"))))


#: In the order in which they are told.
RISKS: tuple[Risk, ...] = (
    Risk("unhappy", "自评不满意", 5, Q(case__satisfaction__lte=2) | Q(case__resolved=False)),
    Risk("urgent", "紧急", 4, Q(case__level=Level.URGENT)),
    Risk("serious", "重大", 3, Q(case__level=Level.SERIOUS)),
    Risk("ordered", "被督办", 3, _ordered()),
    Risk("redone", "重办后", 3, Q(case__redo_count__gt=0)),
    Risk("complaint", "投诉件", 2, ~Q(case__nature="")),
    Risk("repeated", "重复反映", 2, _repeated()),
    Risk("joint", "集体访", 2, Q(case__visitor_count__gte=c.JOINT_VISIT_FROM)),
    Risk("major", "较大", 1, Q(case__level=Level.MAJOR)),
)


def weighed(rows: QuerySet[FollowUp], now: datetime) -> QuerySet[FollowUp]:
    """Annotate `risk` (points) and one `is_<code>` (0 or 1) for each risk, the most urgent first, then the oldest."""
    total: Any = Value(0)
    for risk in RISKS:
        holds = When_(When(risk.holds, then=1), default=0, output_field=IntegerField())
        rows = rows.annotate(**{f"is_{risk.code}": holds})
        total = total + F(f"is_{risk.code}") * risk.points
    for days in range(1, OLDEST + 1):
        waited = When(opened_at__lte=now - timedelta(days=days), then=1)
        total = total + When_(waited, default=0, output_field=IntegerField())
    return rows.annotate(risk=total).order_by("-risk", "opened_at", "pk")


def reasons_of(row: Any) -> list[str]:
    """Say what speaks for this row, in the order of the list."""
    return [risk.label for risk in RISKS if getattr(row, f"is_{risk.code}", 0)]
