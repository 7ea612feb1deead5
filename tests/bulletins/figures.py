"""Figures of a bulletin written down by hand: the golden month of 黄石, a month of nothing, a first one, one as the last."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from cases.bulletins.mediation import TYPES

#: 受理 by the fifteen types of one month; 869 together (facts §3.1 c). How the 842 are spread is invented.
ACCEPTED = (160, 278, 67, 44, 31, 76, 18, 28, 4, 13, 7, 55, 33, 1, 54)
SETTLED = (155, 272, 65, 42, 30, 73, 17, 26, 4, 12, 7, 53, 32, 1, 53)
NOTHING = [0, 0, 0]
NONE = [0, None, None]


def _quality(three: list[int | None], there: bool) -> dict[str, Any]:
    names = (
        *("accepted", "closed", "due_closed", "on_time", "contact_due", "contacted", "asked_solved", "solved"),
        *("rated_closed", "satisfied_closed", "call_due", "called", "unreached"),
    )
    return {**{name: list(three) for name in names}, "days": [{"many": 0}, {"many": 0} if there else None, None]}


def blank(three: list[int | None] | None = None) -> dict[str, Any]:
    """A month in which nothing happened; `three` are its counts, the month before and the year before."""
    counts = three or NOTHING
    there = counts[1] is not None
    return {
        "schema": 2,
        "area": {"code": "140603", "name": "平鲁区", "issuer": "平鲁区社会治安综合治理中心"},
        "period": {
            "kind": "month",
            "code": "2026-10",
            "label": "2026年10月",
            "this": "本月",
            "before": "上月",
            "first": "2026-10-01",
            "last": "2026-10-31",
        },
        "there": [True, there, there],
        "as_of": "2026-11-02T00:30:00+00:00",
        "totals": {
            **{
                name: list(counts) for name in ("registered", "accepted_in", "closed_in", "visits", "visitors", "joint")
            },
            "open": 0,
            "overdue": 0,
        },
        "channels": [],
        "categories": [],
        "areas": [],
        "complained": {"all": 0, "answered": 0, "units": [], "few": {"units": 0, "complaints": 0}},
        "handling": {
            **{
                name: list(counts)
                for name in ("forwarded", "assigned", "forwarded_closed", "assigned_closed", "transferred")
            },
            "orders": [],
            "proposals": [],
        },
        "mediation": {
            **{name: list(counts) for name in ("accepted", "ended", "settled", "people")},
            "types": [{"type": name, "accepted": 0, "ended": 0, "settled": 0} for name in TYPES],
            "sources": {"主动调解": 0, "申请调解": 0, "委托移送": 0},
            "agreed": 0,
            "dated": 0,
            "applied": 0,
        },
        "quality": _quality(counts, there),
        "hot": [],
        "hazards": {
            "classes": [],
            "patrols": dict.fromkeys(("due", "done", "undone", "unmanned", "open", "points_due", "points_seen"), 0),
        },
    }


def golden() -> dict[str, Any]:
    """The month of 黄石: 869 taken in, 842 settled; 840 the month before and 1,028 a year ago, counted back from +29 and −159."""
    found = deepcopy(blank())
    found["mediation"] = {
        "accepted": [869, 840, 1028],
        "ended": [869, 840, 1028],
        "settled": [842, 806, 977],
        "people": [2016, 1950, 2400],
        "types": [
            {"type": name, "accepted": accepted, "ended": accepted, "settled": settled}
            for name, accepted, settled in zip(TYPES, ACCEPTED, SETTLED, strict=True)
        ],
        "sources": {"主动调解": 455, "申请调解": 378, "委托移送": 36},
        "agreed": 120,
        "dated": 96,
        "applied": 18,
    }
    return found
