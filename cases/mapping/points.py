"""Cases as points, for those who see the cases: within the bounds on screen, from the community down.

Never on the map, whoever asks: mediation (facts §7.1 "not on the map"), what was told in confidence, complaints about
conduct and reports of wrongdoing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from cases import choices as c
from cases.mapping.figures import window_of
from cases.querysets import CaseQuerySet
from cases.statistics.figures import condition
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.geo import gcj02_to_wgs84

MOST = 500
#: The two datums differ by some 500 m here; the database is asked for so much more around.
AROUND = 0.01
#: The figure whose cases are drawn, by what the map is coloured by.
FIGURE = {"open": "open", "overdue": "overdue", "rate": "accepted"}
PRIVATE = Q(procedure=c.Procedure.MEDIATION) | Q(confidential=True) | Q(nature__in=(c.Nature.CONDUCT, c.Nature.REPORT))


def bounds_of(text: str) -> tuple[float, float, float, float]:
    """`west,south,east,north` in WGS-84 degrees; Incomplete for anything else."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = east = south = north = float("nan")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Incomplete({"bbox": ["范围 bbox 要写成“西,南,东,北”四个度数。"]})
    return west, south, east, north


def points(
    cases: CaseQuerySet, measure: str, bounds: tuple[float, float, float, float], now: datetime
) -> dict[str, Any]:
    """`{points: [[lng, lat, state, number, title, url]], more}`; one statement, the newest 500.

    `state` is overdue, open or done. `more`: there are others on this screen.
    """
    name = FIGURE[measure]
    west, south, east, north = bounds
    found = cases.filter(
        condition(name, window_of(name, now), now),
        ~PRIVATE,
        lng__range=(west - AROUND, east + AROUND),
        lat__range=(south - AROUND, north + AROUND),
    ).order_by("-registered_at", "-id")
    rows: Any = found.values_list("lng", "lat", "datum", "number", "title", "counted", "due_running", "due_at")
    told = []
    taken = list(rows[: MOST + 1])
    for lng, lat, datum, number, title, counted, running, due in taken[:MOST]:
        x, y = gcj02_to_wgs84(lng, lat) if datum == "gcj02" else (lng, lat)
        if west <= x <= east and south <= y <= north:
            late = counted == c.Counted.OPEN and running and due is not None and due < now
            state = "overdue" if late else "open" if counted == c.Counted.OPEN else "done"
            told.append([round(x, 6), round(y, 6), state, number, title, reverse("cases:case", args=[number])])
    return {"points": told, "more": len(taken) > MOST}
