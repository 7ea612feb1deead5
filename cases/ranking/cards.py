"""The card of a case's page: what was asked of the matter, and whether its unit may ask now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases.dossier import Dossier
from cases.models import Case
from cases.ranking import access


def exclusion_card(whole: Dossier, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return `exclusions` (what was asked of this matter, as this person reads it) and `may_exclude`.

    No statement for a matter that nobody asked about; it is asked about late or closed matters only.
    """
    case: Case = whole.case
    speaks = access.speaks(whole.standing)
    if not getattr(case, "has_exclusions", True):
        return {"exclusions": [], "may_exclude": speaks and bool(access.offered(case, (), now))}
    rows = list(access.visible_to(actor, now).filter(case=case).select_related("unit").order_by("pk"))
    own = [row for row in rows if row.unit_id == case.lead_unit_id]
    return {"exclusions": rows, "may_exclude": speaks and bool(access.offered(case, own, now))}
