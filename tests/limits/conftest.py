"""The district of the limits' tests, with a system administrator, who holds no case post."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.choices import Role
from tests.cases.cast import District
from tests.cases.conftest import _fresh_policies, district

__all__ = ["_fresh_policies", "district"]


@pytest.fixture
def admin(district: District) -> str:
    """The log-in name of the system administrator."""
    district.person("sysadmin", "系统管理员小武", Role.SYSTEM_ADMIN, "centre")
    return "sysadmin"


@pytest.fixture
def client_of(district: District) -> Callable[[str], Client]:
    """A client logged in as somebody of the cast."""

    def logged_in(username: str) -> Client:
        client = Client()
        client.force_login(district.people[username], backend="accounts.backends.PostBackend")
        return client

    return logged_in
