"""How the follow-up stands in figures: each with its numerator and its denominator (facts §5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.queries import Actor
from cases.models import Case
from cases.statistics.counting import follow_up_rates
from cases.statistics.windows import Window
from cases.statistics.wording import rate
from governance_portal.lib.working_days import SHANGHAI

#: The desk looks at the last thirty days.
DAYS = 30


def figures_for(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return `{figures: [{label, value, of}], unreached}` over the matters closed in the last thirty days."""
    last = now.astimezone(SHANGHAI).date()
    cases = Case.objects.visible_to(actor, now).order_by()
    found = follow_up_rates(cases, Window(last - timedelta(days=DAYS - 1), last), now)
    tiles = [
        {"label": row["label"], "value": rate(row["value"]), "of": f"{row['numerator']:,}/{row['denominator']:,}"}
        for row in found
    ]
    return {"figures": tiles, "unreached": found[0]["unreached"]}
