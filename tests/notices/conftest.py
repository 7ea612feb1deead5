"""The notices' tests play in the same district, and talk to the test gateway over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.choices import GroupKind
from accounts.models import GroupChannel, User
from tests.cases.cast import District
from tests.cases.conftest import _fresh_policies, district
from tests.gateway.server import Gateway
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "client_of", "district"]

MakeGroup = Callable[..., GroupChannel]


@pytest.fixture
def outside(gateway: Gateway, settings: Settings) -> Gateway:
    """The gateway, allowed: plain HTTP to this very machine, which no real centre allows."""
    settings.OUTBOUND_HOSTS = [gateway.url]
    settings.OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    settings.SMS_URL, settings.SMS_SECRET = f"{gateway.url}/sms", gateway.secret
    return gateway


@pytest.fixture
def group(outside: Gateway, district: District) -> MakeGroup:
    """`group("dingtalk", unit="housing")`: a robot at the gateway."""

    def make(kind: str, unit: str = "", **fields: object) -> GroupChannel:
        path = "hook" if kind == GroupKind.WEBHOOK else f"robot/{kind}"
        sealed = {"url": f"{outside.url}/{path}", "secret": outside.secret}
        return GroupChannel.objects.create(
            name=f"{kind}群", kind=kind, sealed=sealed, unit=district.units[unit] if unit else None, **fields
        )

    return make


def with_mobile(district: District, username: str, mobile: str = "13900000001") -> User:
    """Give somebody a work phone that takes short messages."""
    user = district.people[username]
    user.phone = mobile
    user.save(update_fields=["phone"])
    return user
