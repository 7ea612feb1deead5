"""What PostgreSQL cannot keep is a 400, never a 500."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from tests.cases.cast import District


@pytest.mark.both
def test_a_nul_in_a_filter_is_told_as_unreadable(district: District, client_of: Callable[[str], Client]) -> None:
    answer = client_of("centre_lead").get("/hotlines/provisions/?number=%00")
    assert answer.status_code == (400 if connection.vendor == "postgresql" else 200)
