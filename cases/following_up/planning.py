"""Whom the policy wants called: the most specific row for a case, and the draw that anybody can repeat.

The draw is a number computed from the case number, the round and the chain hash of the event before the one by which the
follow-up began, and nothing else: it can be recomputed by hand (`sha256sum`), cannot be chosen by who records it and not be
told beforehand from the number. What was decided stands in the event by which the follow-up began.
Source: facts §1.11 (an independent 回访员; 渝水 aims at 100 %); workflow.md `close_uncalled`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.choices import Role
from cases import choices as c
from cases.following_up.choices import NOBODY_TO_CALL, Circumstance, Settled
from cases.models import Case, FollowUpPolicy, SameMatter, SupervisionOrder
from cases.policies import calendar
from cases.standing import Standing
from governance_portal.lib.draws import lot
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due

if TYPE_CHECKING:
    from cases.models import Event
    from cases.services.door import Turn

#: Weight of each field when several policies match: circumstance × procedure × kind × how it was settled.
WEIGHTS = (("circumstance", 8), ("procedure", 4), ("kind", 2), ("settled", 1))
EVERYONE = 100
#: A case of which no policy speaks is called: a missing row must not make a case go unasked.
DEFAULT_RATE_DAYS = 2


@dataclass(frozen=True)
class Plan:
    """What the policy says of one case: called or not, by rule (`must`) or by sample, how long a rating is waited for."""

    settled: str
    share: int
    called: bool
    reasons: tuple[str, ...]
    rate_days: int
    policy_id: int | None
    approve_by_clock: bool

    @property
    def must(self) -> bool:
        """Called by rule, not by sample."""
        return self.called and self.share >= EVERYONE

    def as_data(self) -> dict[str, Any]:
        """Return what the event keeps: `{settled, share, called, reasons, rate_days, policy}`."""
        return {
            "settled": self.settled,
            "share": self.share,
            "called": self.called,
            "reasons": list(self.reasons),
            "rate_days": self.rate_days,
            "policy": self.policy_id,
        }


def ticket(number: str, round_: int, before: str) -> int:
    """Return the case's lot of 0–99; `before` is the hash of the event before its follow-up began."""
    return lot(number, round_, before)


def is_drawn(number: str, round_: int, before: str, share: int) -> bool:
    """Tell whether a share (per cent, 0–100) draws this case; a larger share draws whatever a smaller one draws."""
    return ticket(number, round_, before) < share


def circumstances_of(case: Case, state: Any) -> tuple[str, ...]:
    """Return what about this case decides, in the order of the code list; two statements.

    An order by which the unit was only reminded (催办, the clock lays those) does not count as 被督办.
    """
    same = SameMatter.objects.filter(Q(first=case) | Q(second=case))
    orders = SupervisionOrder.objects.filter(case=case).exclude(kind=c.OrderKind.URGE)
    holds = {
        Circumstance.COMPLAINT: bool(state.nature),
        Circumstance.ORDERED: orders.exists(),
        Circumstance.REPEATED: same.exists(),
        Circumstance.REDONE: state.redo_count > 0,
        Circumstance.NOBODY: state.nobody_to_ask,
        Circumstance.ANONYMOUS: case.anonymous,
    }
    return tuple(str(name.value) for name in Circumstance if holds[name])


def plan_for(case: Case, state: Any, settled: str, now: datetime, before: str) -> Plan:
    """Return what the policy in force says of a case that is settled now; three statements.

    `before` is the hash of the event before the one that settles it.
    """
    reasons = circumstances_of(case, state)
    policy = choose(in_force(now), state.kind, state.procedure, settled, reasons)
    if policy is None:
        return Plan(settled, EVERYONE, True, reasons, DEFAULT_RATE_DAYS, None, False)
    called = is_drawn(case.number, state.round, before, policy.share)
    return Plan(settled, policy.share, called, reasons, policy.rate_days, policy.pk, policy.approve_by_clock)


def in_force(now: datetime) -> list[FollowUpPolicy]:
    """Return the policies of the day; one statement."""
    today = now.astimezone(SHANGHAI).date()
    begun = FollowUpPolicy.objects.filter(valid_from__lte=today)
    return list(begun.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).order_by("pk"))


def choose(
    policies: Iterable[FollowUpPolicy], kind: str, procedure: str, settled: str, reasons: Collection[str]
) -> FollowUpPolicy | None:
    """Return the most specific of these policies, None when none matches. Pure.

    Of several that are as specific (two circumstances) the one with the larger share holds, then the newer. Where there
    is nobody to call, only what is said of that is looked at.
    """
    alone = [reason for reason in reasons if reason in NOBODY_TO_CALL]
    if alone:
        policies = [policy for policy in policies if policy.circumstance in alone]
    best: FollowUpPolicy | None = None
    for policy in policies:
        wanted = {"procedure": procedure, "kind": kind, "settled": settled}
        if policy.circumstance and policy.circumstance not in reasons:
            continue
        if any(getattr(policy, name) and getattr(policy, name) != have for name, have in wanted.items()):
            continue
        if best is None or rank_of(policy) > rank_of(best):
            best = policy
    return best


def rank_of(policy: FollowUpPolicy) -> tuple[int, int, date, int]:
    """Return what is compared where several policies match: how specific, the share, how new."""
    weight = sum(points for name, points in WEIGHTS if getattr(policy, name))
    return weight, policy.share, policy.valid_from, policy.pk or 0


def settled_by(events: Iterable[Event]) -> str:
    """Return how a case was settled, from its history: the last answer, and the post of who gave it."""
    answers = [event for event in events if event.kind in ("resolve", "resolve_on_spot")]
    if not answers or answers[-1].kind == "resolve":
        return Settled.CHECKED.value
    return _settled_as(answers[-1].actor_role == Role.GRID_WORKER.label)


def settled_now(turn: Turn) -> str:
    """The same of somebody who settles it himself this moment."""
    return _settled_as(Standing.GRID_WORKER in turn.posts)


def _settled_as(by_grid_worker: bool) -> str:
    return Settled.SELF.value if by_grid_worker else Settled.ON_SPOT.value


def rate_until(begun: datetime, days: int) -> datetime:
    """Return until when a resident may rate before the clock closes; 0 days: at once."""
    return due(begun, Limit(days, LimitUnit.WORKING_DAY), calendar()).due if days else begun
