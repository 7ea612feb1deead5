"""The figures of a bulletin as one plain value (JSON): counted once, part by part, kept as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from accounts.choices import UnitKind
from accounts.models import Unit
from cases.bulletins import incoming, outgoing
from cases.bulletins.frame import Counting, Figures
from cases.bulletins.periods import Span
from grids.queries import name_of

#: 2: durations in seconds, without the pauses.
SCHEMA = 2


def count(area: str, span: Span, now: datetime, told: Callable[[int], None] | None = None) -> Figures:
    """Count everything; `told` hears how many of the `len(PARTS)` parts are done."""
    counted = Counting(area, span, now)
    figures = _head(counted)
    for done, (name, part) in enumerate(PARTS.items(), 1):
        figures[name] = part(counted)
        if told:
            told(done)
    return figures


def _head(counted: Counting) -> Figures:
    area, span = counted.area, counted.span
    centre = Unit.objects.filter(kind=UnitKind.CENTRE, area_code=area, active=True).order_by("pk").first()
    name = name_of(area)
    return {
        "schema": SCHEMA,
        "area": {"code": area, "name": name, "issuer": centre.name if centre else f"{name}综治中心"},
        "period": {
            "kind": span.kind.value,
            "code": span.code,
            "label": span.label,
            "this": span.this_words,
            "before": span.before_words,
            "first": str(span.window.first),
            "last": str(span.window.last),
        },
        "there": list(counted.there),
        "as_of": counted.now.isoformat(),
    }


#: Part by part, so that a long one can say how far it is.
PARTS: Mapping[str, Callable[[Counting], Any]] = {
    "totals": incoming.totals,
    "channels": incoming.channels,
    "categories": incoming.categories,
    "areas": incoming.areas,
    "complained": incoming.complained,
    "handling": outgoing.handling,
    "mediation": outgoing.mediation,
    "quality": outgoing.quality,
    "hot": incoming.hot,
    "hazards": outgoing.hazards,
}


def current(figures: Figures) -> Figures:
    """Return kept figures as they are read now: durations that were counted with the pauses are not told any more."""
    if figures["schema"] >= SCHEMA:
        return figures
    days = [None if one is None else {"many": 0} for one in figures["quality"]["days"]]
    return {**figures, "quality": {**figures["quality"], "days": days}}
