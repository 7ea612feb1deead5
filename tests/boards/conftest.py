"""The district of the matter's tests, for the boards; the clock of the pages stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from tests.cases.cast import MONDAY, District
from tests.pages.conftest import _fresh_policies, district

__all__ = ["_fresh_policies", "district"]

NOW = MONDAY + timedelta(hours=3)
Enter = Callable[[str], Client]


@pytest.fixture
def enter(district: District) -> Iterator[Enter]:
    """A client logged in as somebody of the cast, on the Monday of the tests, at noon."""

    def logged_in(username: str) -> Client:
        client = Client()
        client.force_login(district.people[username], backend="accounts.backends.PostBackend")
        return client

    with patch("django.utils.timezone.now", return_value=NOW):
        yield logged_in
