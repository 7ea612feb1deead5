"""Which limit holds, and which days are worked: small tables, read often, kept in the process for half a minute."""

from __future__ import annotations

import time
from calendar import isleap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.signals import post_delete, post_save

from cases.models import Holiday, LimitPolicy
from governance_portal.lib.working_days import SHANGHAI, Calendar

KEEP_SECONDS = 30.0
DAYS_OF_A_YEAR = 365
#: Weight of each field when several policies match: kind × procedure × category × level × channel (workflow.md).
WEIGHTS = (("kind", 16), ("procedure", 8), ("category", 4), ("level", 2), ("channel", 1))


@dataclass
class _Kept:
    calendar: Calendar | None = None
    policies: tuple[LimitPolicy, ...] | None = None
    until: float = 0.0


_kept = _Kept()


def forget(**_signal: Any) -> None:
    """Drop what is kept; the next reader asks the database."""
    _kept.calendar = _kept.policies = None


for _model in (Holiday, LimitPolicy):
    post_save.connect(forget, sender=_model, dispatch_uid=f"forget_{_model.__name__}_save")
    post_delete.connect(forget, sender=_model, dispatch_uid=f"forget_{_model.__name__}_delete")


def _refresh() -> None:
    if time.monotonic() > _kept.until:
        forget()
        _kept.until = time.monotonic() + KEEP_SECONDS


def calendar() -> Calendar:
    """Return the working calendar of the holiday table; years past the last published one are 暂定."""
    _refresh()
    if _kept.calendar is None:
        _kept.calendar = calendar_of(dict(Holiday.objects.values_list("date", "workday")))
    return _kept.calendar


def calendar_of(days: Mapping[date, bool]) -> Calendar:
    """Return the calendar of these days; a year is published when each of its days is there.

    One day edited in a year without a notice is worked or not as was said, but publishes nothing.
    """
    last = last_published(days)
    return Calendar(days, date(last, 12, 31) if last else None)


def last_published(days: Iterable[date]) -> int | None:
    """Return the last of the years that are whole, counted from the first whole one without a gap; None without any."""
    counts = Counter(day.year for day in days)
    whole = {year for year, count in counts.items() if count >= DAYS_OF_A_YEAR + isleap(year)}
    if not whole:
        return None
    last = min(whole)
    while last + 1 in whole:
        last += 1
    return last


def policies() -> tuple[LimitPolicy, ...]:
    """Return every policy."""
    _refresh()
    if _kept.policies is None:
        _kept.policies = tuple(LimitPolicy.objects.all())
    return _kept.policies


def policy_for(clock: str, facts: Mapping[str, str], now: datetime) -> LimitPolicy | None:
    """Return the most specific policy in force for a clock.

    facts: `kind, procedure, category, level, channel` of the case, "" where unknown.
    """
    today = now.astimezone(SHANGHAI).date()
    best: tuple[tuple[int, int, date], LimitPolicy] | None = None
    for policy in policies():
        if policy.clock != clock or policy.valid_from > today or (policy.valid_to and policy.valid_to < today):
            continue
        weight = weight_of(policy, facts)
        if weight is None:
            continue
        rank = (weight, len(policy.category), policy.valid_from)
        if best is None or rank > best[0]:
            best = (rank, policy)
    return best[1] if best else None


def weight_of(policy: LimitPolicy, facts: Mapping[str, str]) -> int | None:
    """Return how specific a policy is for these facts, None where it does not match them."""
    total = 0
    for name, weight in WEIGHTS:
        wanted = getattr(policy, name)
        if not wanted:
            continue
        have = facts.get(name, "")
        if not (have.startswith(wanted) if name == "category" else have == wanted):
            return None
        total += weight
    return total


def limits_for(clocks: Iterable[str], facts: Mapping[str, str], now: datetime) -> dict[str, list[Any]]:
    """Return `{clock: [amount, unit]}` as an event keeps it; a clock without a limit is left out."""
    found: dict[str, list[Any]] = {}
    for clock in clocks:
        policy = policy_for(str(clock), facts, now)
        if policy is not None and policy.amount is not None:
            found[str(clock)] = [policy.amount, policy.unit]
    return found
