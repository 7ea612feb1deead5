"""What the catalogue proposes for many cases at once: one group for each unit, so that each goes where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Unit
from cases.dispatching.proposing import propose_many
from cases.models import Case


@dataclass
class Group:
    """Cases that the catalogue sends to the same unit; `unit` None: those it says nothing of, with why in `told`."""

    unit: Unit | None
    cases: list[Case] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def groups_of(cases: Sequence[Case], now: datetime) -> list[Group]:
    """Group cases by proposed unit, the largest group first, those without a proposal last."""
    found = propose_many(cases, now)
    groups: dict[int | None, Group] = {}
    for case in cases:
        proposal = found.get(case.pk)
        unit = proposal.unit if proposal else None
        group = groups.setdefault(unit.pk if unit else None, Group(unit))
        group.cases.append(case)
        for sentence in (proposal.reason, proposal.passed_over) if proposal else ():
            if sentence and sentence not in group.told:
                group.told.append(sentence)
    return sorted(groups.values(), key=lambda group: (group.unit is None, -len(group.cases)))
