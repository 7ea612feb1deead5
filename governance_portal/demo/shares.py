"""How much there is of everything: lines, ways through the table, and what stands open on the day of opening."""

from __future__ import annotations

from collections.abc import Mapping

from governance_portal.demo import ways

#: (status, share of the limit that has run from, to, how many of 1,000 matters).
STANDING = (
    ("registered", 0.0, 0.0, 3),
    ("settled", 0.0, 0.0, 2),
    ("incomplete", 0.0, 0.0, 2),
    ("accepted", 0.0, 0.0, 4),
    ("consulting", 0.0, 0.0, 1),
    ("dispatched", 0.0, 0.0, 5),
    ("returned", 0.0, 0.0, 2),
    ("handling", 0.05, 0.6, 14),
    ("handling", 0.86, 0.98, 6),
    ("handling", 1.05, 1.5, 5),
    ("suspended", 0.3, 0.8, 2),
    ("supervision", 0.3, 0.95, 5),
    ("follow_up", 0.3, 0.95, 7),
)
CHANNELS: Mapping[str, Mapping[str, int]] = {
    "appeal": {
        "window": 22, "hotline": 36, "grid": 14, "web": 14, "petition": 3, "department": 3, "leader": 2, "police": 1,
        "other": 2,
    },
    "dispute": {
        "window": 50, "police": 13, "court": 8, "hotline": 13, "petition": 4, "web": 5, "department": 4, "leader": 2,
    },
    "hazard": {"grid": 40, "hotline": 24, "web": 12, "window": 8, "department": 6, "police": 3, "other": 2},
    "consultation": {"window": 46, "hotline": 42, "web": 12},
    "suggestion": {"web": 48, "hotline": 20, "window": 24, "other": 6},
}  # fmt: skip
WAYS: tuple[tuple[ways.Way, int], ...] = (
    (ways.handled, 60),
    (ways.late, 8),
    (ways.extended, 5),
    (ways.suspended, 2),
    (ways.handed_back, 5),
    (ways.insisted, 2),
    (ways.with_assistance, 6),
    (ways.consulted, 2),
    (ways.sent_back, 4),
    (ways.redone, 4),
    (ways.reopened, 2),
    (ways.supplemented, 4),
    (ways.withdrawn, 3),
    (ways.declined, 5),
)
MEDIATED: tuple[tuple[ways.Way, int], ...] = (
    (ways.handled, 90),
    (ways.late, 4),
    (ways.suspended, 4),
    (ways.ended, 5),
    (ways.withdrawn, 4),
    (ways.declined, 2),
    (ways.sent_back, 3),
    (ways.extended, 3),
)
#: How many working hours ago a matter came that stands where it has no share of its limit yet.
WITHIN = {
    "settled": (0.4, 3.0),
    "accepted": (0.5, 6.0),
    "incomplete": (2.0, 20.0),
    "dispatched": (2.0, 9.0),
    "consulting": (3.0, 9.0),
    "returned": (3.0, 9.0),
}
COMPLAINED = ("market", "approval", "land", "labour", "urban", "civil")
