"""The district of the board's tests, people logged in by client, and a clock that stands still until it is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.cases.cast import MONDAY
from tests.pages.conftest import _fresh_policies, _no_sign_of_life, client_of, district

__all__ = ["_fresh_policies", "_no_sign_of_life", "client_of", "district"]

Enter = Callable[[str], Client]


class Clock:
    """What time it is for whoever asks."""

    def __init__(self) -> None:
        self.now: datetime = MONDAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the whole process, at nine on an ordinary Monday."""
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    return made
