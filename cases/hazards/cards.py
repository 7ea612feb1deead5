"""What a case page shows of a hazard: its file and how far its lists are."""

from __future__ import annotations

from typing import Any

from cases.dossier import Dossier
from cases.hazards import queries
from cases.models import HazardFile


def hazard_card(whole: Dossier) -> dict[str, Any]:
    """Return `{hazard: {file, lines, done}}` on the page of a hazard, {} on every other; at most two queries."""
    if whole.case.finder_id is None:
        return {}
    if not getattr(whole.case, "has_hazard", True):
        return {"hazard": {"file": None, "lines": 0, "done": 0}}
    file = HazardFile.objects.select_related("unit").filter(case=whole.case).first()
    items = queries.items_of(whole.case)
    return {"hazard": {"file": file, "lines": len(items), "done": sum(item.done_at is not None for item in items)}}
