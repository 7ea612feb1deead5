"""Until when a case accepted now would run: the same functions that the door counts by, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases import policies
from cases.choices import Clock
from cases.limits.lawful import scope_words, words
from cases.models import LimitPolicy
from governance_portal.lib.working_days import Due, Limit, LimitUnit, due

#: What begins when a case is accepted or soon after, in the order in which people meet it.
SHOWN = (
    *(Clock.ACCEPT_BY, Clock.DISPATCH_BY, Clock.SIGN_BY, Clock.CONTACT_BY, Clock.RESOLVE_BY, Clock.REVIEW_BY),
    Clock.FOLLOW_UP_BY,
)


@dataclass(frozen=True)
class Until:
    """One clock begun now. `policy` None: nothing sets it."""

    label: str
    policy: LimitPolicy | None
    found: Due | None

    @property
    def limit(self) -> str:
        """The limit in words."""
        return words(self.policy) if self.policy else "不设"

    @property
    def scope(self) -> str:
        """For what that limit is made."""
        return "、".join(scope_words(self.policy)) or "全部事项" if self.policy else ""

    @property
    def base(self) -> str:
        """Its legal base."""
        return self.policy.legal_base if self.policy else ""


def until(policy: LimitPolicy | None, now: datetime) -> Due | None:
    """Return when a limit begun now ends; None where there is none."""
    if policy is None or policy.amount is None:
        return None
    return due(now, Limit(policy.amount, LimitUnit(policy.unit)), policies.calendar())


def foresee_case(facts: Mapping[str, str], now: datetime) -> list[Until]:
    """Return every clock of a case with these facts (kind, procedure, category, level, channel), begun now."""
    found = []
    for clock in SHOWN:
        policy = policies.policy_for(str(clock.value), facts, now)
        found.append(Until(str(clock.label), policy, until(policy, now)))
    return found
