"""Hollow closings (facts §5 反造假; 信访工作条例 §40 弄虚作假): reasons for a second look, never a score of a person.

The facts are kept with each closing (`Closing`); the thresholds are the centre's rules, so they can be tightened later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q

from cases.models import Case, Closing, SupervisionRules
from cases.querysets import CaseQuerySet
from cases.services.order_numbers import rules
from cases.statistics.figures import HAPPY

#: Ratings of so many days are looked at when a unit has nothing but praise.
PRAISED_WITHIN = timedelta(days=90)


def _quick(found: SupervisionRules) -> Q:
    return Q(seconds__lt=60 * found.quick_minutes)


def _bare() -> Q:
    return Q(contacts=0, notes=0, files=0)


def _at_once(found: SupervisionRules) -> Q:
    """It is one of at least `bulk_count` closings of one person that lie within `bulk_minutes`.

    Such a span begins with a closing of his, at most that long before this one.
    """
    span = timedelta(minutes=found.bulk_minutes)
    same = Closing.objects.filter(reported_by=OuterRef("reported_by"))
    earliest = ExpressionWrapper(OuterRef("reported_at") - span, output_field=DateTimeField())
    latest = ExpressionWrapper(OuterRef("reported_at") + span, output_field=DateTimeField())
    within = same.filter(reported_at__gte=OuterRef("reported_at"), reported_at__lte=latest).order_by("reported_at")
    begun = same.filter(reported_at__gte=earliest, reported_at__lte=OuterRef("reported_at"))
    many = found.bulk_count - 1
    return Q(Exists(begun.filter(Exists(within[many : many + 1]))))


def _doubts(found: SupervisionRules) -> dict[str, Q]:
    return {
        f"签收后不到 {found.quick_minutes} 分钟就办结上报": _quick(found),
        "没有佐证：没有联系诉求人，没有办理进展，没有附件": _bare(),
        f"同一人在 {found.bulk_minutes} 分钟内办结了 {found.bulk_count} 件以上": _at_once(found),
        "审核人经办过本件": Q(self_checked=True),
    }


def doubtful(found: SupervisionRules) -> Q:
    """The condition over cases: the latest closing has a reason for a second look."""
    later = Closing.objects.filter(case=OuterRef("case"), seq__gt=OuterRef("seq"))
    reasons = Q()
    for condition in _doubts(found).values():
        reasons |= condition
    return Q(Exists(Closing.objects.filter(reasons, ~Exists(later), case=OuterRef("pk"))))


def reasons_of(case: Case) -> list[str]:
    """Why the checker should look twice at the latest closing of a case, in words; [] for no reason. Two queries."""
    latest = case.closings.order_by("-seq").first()
    return reasons_for([latest]).get(case.pk, []) if latest else []


def reasons_for(closings: Iterable[Closing]) -> dict[int, list[str]]:
    """`{case id: reasons}` of these closings; one query for all."""
    doubts = _doubts(rules())
    names = {f"doubt_{place}": words for place, words in enumerate(doubts)}
    marks = {name: Exists(Closing.objects.filter(doubts[words], pk=OuterRef("pk"))) for name, words in names.items()}
    told: dict[int, list[str]] = {}
    for row in Closing.objects.filter(pk__in=[closing.pk for closing in closings]).annotate(**marks):
        told[row.case_id] = [words for name, words in names.items() if getattr(row, name)]
    return told


def latest_of(cases: Iterable[Case]) -> list[Closing]:
    """The latest closing of each of these cases; one query."""
    later = Closing.objects.filter(case=OuterRef("case"), seq__gt=OuterRef("seq"))
    return list(Closing.objects.filter(~Exists(later), case__in=[case.pk for case in cases]))


@dataclass(frozen=True)
class Praised:
    """A unit of which nobody was ever unhappy, with more ratings than chance allows."""

    unit: str
    code: str
    rated: int


def only_praised(visible: CaseQuerySet, now: datetime) -> list[Praised]:
    """Units with 100 % satisfaction and more ratings than the rules say, of the last 90 days; one query."""
    rated = visible.filter(rated_at__gte=now - PRAISED_WITHIN, lead_unit__isnull=False).order_by()
    rows = (
        rated.values(code=F("lead_unit__code"), unit=F("lead_unit__name"))
        .annotate(rated=Count("pk"), happy=Count("pk", filter=Q(satisfaction__gte=HAPPY)))
        .filter(rated__gt=rules().praised_over, happy=F("rated"))
        .order_by("-rated", "code")
    )
    return [Praised(row["unit"], row["code"], row["rated"]) for row in rows]
