"""Decisions in the demonstration: an extension that waits, one granted, a 会商 with opinions, a joint task, a 复查 case."""

from __future__ import annotations

from datetime import datetime

from cases.deciding.samples import lay_samples

#: An extension waiting, one granted, a 会商, a joint task, a petition and its 复查.
MATTERS = 6


def make(now: datetime) -> int:
    """Make what is missing; answers how many matters were made, 0 when they are there already."""
    return lay_samples(now)
