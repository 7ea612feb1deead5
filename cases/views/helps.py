"""One-tap helps in the form of a move: texts that are ready to use, and the unit that the catalogue proposes.

Both only offer: whatever is missing leaves the form as it is (behaviour 16).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cases.dispatching.canned import canned_for
from cases.dispatching.proposing import propose
from cases.models import Case
from cases.needs import Need

PROPOSED_IN = ("dispatch", "conclude", "reassign")


def helps_of(case: Case, move_name: str, needs: Sequence[Need], slot: str, now: datetime) -> dict[str, Any]:
    """Return `{proposal, canned}` of one form: the proposed unit or None, and the texts by field."""
    return {
        "proposal": _proposal(case, now) if move_name in PROPOSED_IN else None,
        "canned": _canned(case, move_name, needs, slot),
    }


def _canned(case: Case, move_name: str, needs: Sequence[Need], slot: str) -> list[dict[str, Any]]:
    """The ready texts by the field they go into: `[{into, label, texts: [{title, text}]}]`."""
    texts: dict[str, list[dict[str, str]]] = {}
    for row in canned_for(case, move_name):
        texts.setdefault(row.field, []).append({"title": row.title, "text": row.text})
    return [
        {"into": f"{slot}-{need.name}", "label": need.label, "texts": texts[need.name]}
        for need in needs
        if need.name in texts
    ]


def _proposal(case: Case, now: datetime) -> dict[str, Any] | None:
    found = propose(case, now)
    if found is None:
        return None
    unit = found.unit if found.unit is None or found.unit.pk != case.lead_unit_id else None
    if unit is None and found.unit is not None:
        return None  # it is there already: nothing to send
    day = found.date
    return {
        "code": unit.code if unit else "",
        "name": unit.name if unit else "",
        "reason": found.reason,
        "source": found.source,
        "date": f"{day.year}年{day.month}月{day.day}日" if day else "",
        "passed_over": found.passed_over,
    }
