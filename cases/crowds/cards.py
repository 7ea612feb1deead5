"""What a case page shows of repeats and crowds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases.crowds import deciding, queries
from cases.crowds.views import row_of
from cases.dossier import Dossier
from cases.services import linking


def card_of(whole: Dossier, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return `{repeats, crowd, crowd_here}` of a case page; nothing is asked where the case's marks say there is nothing."""
    case = whole.case
    repeats = _repeats(whole, actor, now) if getattr(case, "has_repeats", True) else []
    crowd = queries.crowd_of(case) if getattr(case, "has_crowd", True) else None
    progress = queries.progress_of(queries.places_of(case)) if getattr(case, "has_items", True) else None
    may = any(offer.name == "crowd" for offer in whole.records)
    return {
        "repeats": repeats,
        "crowd": crowd,
        "crowd_progress": progress,
        "crowd_here": bool(crowd or progress or (may and whole.merged)),
        "may_crowd": may,
    }


def _repeats(whole: Dossier, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    if not linking.may_link(whole.standing):
        return []
    rows = []
    for pair in deciding.of_case(whole.case, actor, now):
        into = deciding.target_of(pair.other)
        rows.append(
            {
                "row": row_of(pair.other, whole.case, now),
                "other": pair.other.number,
                "reasons": deciding.reasons_told(pair.reasons, actor),
                "into": into.number if into.pk != pair.other.pk else "",
                "live": deciding.is_live(into),
            }
        )
    return rows
