"""What the resident is promised, told once more in plain words: the plan's own table, checked against the real one.

The plan says what the board must show. It would prove little if it asked the same code that the board asks, so the
limits of `cases.default_limits` stand here a second time, and tests/demo compares the two through the figures.
"""

from __future__ import annotations

from governance_portal.lib.working_days import Limit, LimitUnit

_DAYS, _NATURAL, _HOURS = LimitUnit.WORKING_DAY, LimitUnit.NATURAL_DAY, LimitUnit.HOUR
_BY_LEVEL = {"major": Limit(15, _DAYS), "serious": Limit(20, _NATURAL), "urgent": Limit(24, _HOURS)}


def limit_of(kind: str, procedure: str, level: str, channel: str) -> Limit:
    """How long the unit has from 受理 on."""
    if kind == "consultation":
        return Limit(60, _NATURAL) if procedure == "petition" else Limit(3, _DAYS)
    if kind == "appeal" and level == "general" and channel == "grid":
        return Limit(5, _DAYS)
    if procedure == "petition":
        return Limit(60, _NATURAL)
    if procedure == "mediation":
        return Limit(30, _NATURAL)
    if channel == "police" and level != "urgent":
        return Limit(24, _HOURS) if level == "general" else Limit(5, _NATURAL)
    return _BY_LEVEL.get(level, Limit(7, _DAYS))
