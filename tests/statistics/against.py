"""The counts that are kept held against counting the rows: every figure, window, area and key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases.statistics import counting
from cases.statistics.scope import Scope
from cases.statistics.windows import EVER, Window

KEYS = ("area", "grid", "unit", "category", "channel", "level", "kind")


def differences(actor: Actor, areas: Iterable[str], windows: Iterable[Window], now: datetime) -> list[Any]:
    """What the counts say otherwise than the rows; [] when they agree."""
    found = []
    for area in areas:
        scope = counting.cases_of(actor, area, now)
        assert scope.is_kept(), area
        asked = [(counting.standing(scope, now), counting.standing(scope.rows, now), "standing", EVER)]
        for window in windows:
            asked += [
                (counting.overview(scope, window, now), counting.overview(scope.rows, window, now), "all", window),
                (counting.flows(scope, window, now), counting.flows(scope.rows, window, now), "flows", window),
                (counting.trend(scope, window, "day"), counting.trend(scope.rows, window, "day"), "trend", window),
                *(
                    (counting.by(scope, key, window, now), _over_rows(scope, key, window, now), key, window)
                    for key in KEYS
                ),
            ]
        found += [(area, name, window, kept, rows) for kept, rows, name, window in asked if kept != rows]
    return found


def _over_rows(scope: Scope, key: str, window: Window, now: datetime) -> Any:
    if key == "area":
        return counting.by_area(scope.rows, scope.area, window, now)
    return counting.by(scope.rows, key, window, now)
