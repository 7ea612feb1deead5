"""Which cases that wait to be checked a policy lets the clock approve, as one condition of the database.

The rank of a policy does not depend on the case, so the most specific policy that matches is the first one of a list in
the order of their ranks: what `planning.choose` answers for one case, asked of all of them at once. A test by Hypothesis
holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from cases import choices as c
from cases import models
from cases.following_up.choices import NOBODY_TO_CALL, Circumstance, Settled
from cases.following_up.planning import in_force, rank_of
from cases.models import FollowUpPolicy, SameMatter, SupervisionOrder

_SAME = SameMatter.objects.filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
_ORDERS = SupervisionOrder.objects.filter(case=OuterRef("pk")).exclude(kind=c.OrderKind.URGE)
#: The conditions of `planning.circumstances_of`.
HOLDS: dict[str, Q] = {
    Circumstance.COMPLAINT: ~Q(nature=""),
    Circumstance.ORDERED: Q(Exists(_ORDERS)),
    Circumstance.REPEATED: Q(Exists(_SAME)),
    Circumstance.REDONE: Q(redo_count__gt=0),
    Circumstance.NOBODY: Q(nobody_to_ask=True),
    Circumstance.ANONYMOUS: Q(anonymous=True),
}
_NOBODY_TO_CALL = HOLDS[Circumstance.NOBODY] | HOLDS[Circumstance.ANONYMOUS]


def approvable(now: datetime) -> QuerySet[models.Case] | None:
    """Return the cases that the clock may approve, None where no policy in force allows it to; never a hazard.

    Whatever waits to be checked and is no hazard was answered by `resolve`, so that it counts as 经审核办结.
    """
    policies = in_force(now)
    if not any(policy.approve_by_clock for policy in policies):
        return None
    waiting = models.Case.objects.filter(status=c.Status.SUPERVISION).exclude(kind=c.Kind.HAZARD)
    return waiting.filter(chosen_allows(policies))


def chosen_allows(policies: Iterable[FollowUpPolicy]) -> Case:
    """Return the condition that the most specific of these policies lets the clock approve a case."""
    ranked = sorted(policies, key=rank_of, reverse=True)
    found = [When(_matches(policy), then=Value(policy.approve_by_clock)) for policy in ranked if _is_of_checked(policy)]
    return Case(*found, default=Value(False), output_field=BooleanField())


def _is_of_checked(policy: FollowUpPolicy) -> bool:
    return policy.settled in ("", Settled.CHECKED)


def _matches(policy: FollowUpPolicy) -> Q:
    found = Q(**{name: value for name in ("procedure", "kind") if (value := getattr(policy, name))})
    if policy.circumstance:
        found &= HOLDS[policy.circumstance]
    return found if policy.circumstance in NOBODY_TO_CALL else found & ~_NOBODY_TO_CALL
