"""Rows that are sent: claimed for a while, tried again ever later. What accounts.channels and hotlines.links share.

A worker takes a row with one conditional UPDATE that writes until when it is his (the lease). He speaks with no
transaction open, and writes what came of it only while that lease still stands. One that is killed leaves a row whose
lease runs out and is taken again, under the same key: the receiver drops the second.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q


def claimable(now: datetime, lease: timedelta, longest: timedelta) -> Q:
    """Match rows that nobody holds (`claimed_until`) and whose time (`next_attempt_at`) has come.

    `longest` is the longest wait that is ever written. Times that no clock of ours can have written count for nothing:
    a clock that was days ahead must not keep a message for days.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now) | Q(claimed_until__gt=now + 2 * lease)
    ripe = Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + longest)
    return free & ripe


def wait_after(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return how long to wait after so many attempts: `first`, then twice as long each time, `longest` at most."""
    return min(first * 2 ** min(attempts - 1, 16), longest)


#: One run sends no longer than this (seconds); the next one goes on.
RUN_SECONDS = 50.0
#: A receiver that failed so often in one run is left alone until the next: it would only hold the others up.
FAILURES_IN_A_ROW = 3


@dataclass
class Run:
    """What is remembered while one run lasts: the moment it was given, and how often in a row each receiver failed."""

    given: datetime
    began: float = field(default_factory=time.monotonic)
    failures: Counter[Any] = field(default_factory=Counter)

    @property
    def moment(self) -> datetime:
        """The moment given, moved on by what has passed since."""
        return self.given + timedelta(seconds=time.monotonic() - self.began)

    def over(self) -> bool:
        """Whether this run has taken its time."""
        return time.monotonic() - self.began > RUN_SECONDS

    def heard(self, receiver: Any, *, answered: bool) -> None:
        """Note whether a receiver answered; what it answered is not the question."""
        self.failures[receiver] = 0 if answered else self.failures[receiver] + 1

    def leaves_alone(self, receiver: Any) -> bool:
        """Whether this receiver is left alone for the rest of the run."""
        return self.failures[receiver] >= FAILURES_IN_A_ROW
