"""How much of each fault: the short run and the whole."""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.harness.place import faketime


@dataclass(frozen=True)
class Plan:
    """How much of each fault; seconds where nothing else is said."""

    kills: int
    empties: int
    silence: float
    restarts: tuple[str, ...]
    skew_seconds: float
    quiet_pages: float
    coming_due: int
    accepted_per_second: float = 5.0
    dropped: int = 5
    kill_every: tuple[float, float] = (4.0, 8.0)
    #: About what a worker needs to come up again before it may be killed once more; the two come up side by side.
    coming_up: float = 2.5
    #: So long nothing may come before the settling is given up.
    patience: float = 90.0

    @property
    def seconds(self) -> float:
        """About how long the faults last; deadlines are strewn over it."""
        skews = 6 * 2 * self.skew_seconds if faketime() else 0
        besides = skews + 8 * len(self.restarts)
        return self.quiet_pages + self.silence + max(besides, (sum(self.kill_every) / 2 + self.coming_up) * self.kills)


SHORT = Plan(
    kills=6,
    empties=1,
    silence=10,
    restarts=("immediate",),
    skew_seconds=6,
    quiet_pages=6,
    coming_due=72,
    kill_every=(5, 11),
)
LONG = Plan(
    kills=100,
    empties=10,
    silence=60,
    restarts=("fast", "immediate", "immediate"),
    skew_seconds=20,
    quiet_pages=20,
    coming_due=180,
    kill_every=(1, 4),
    dropped=20,
)

PLANS = {"short": SHORT, "long": LONG}
