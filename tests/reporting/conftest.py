"""Fixtures of the tests of held reports: the district, an alarm, what a resident sends."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import RateWindow
from cases.reporting import weather
from cases.reporting.proof import challenge, solve
from cases.reporting.receiving import Received, receive
from tests.cases.cast import MONDAY, District
from tests.pages.conftest import _fresh_policies, client_of, district, migrated, town

__all__ = ["_fresh_policies", "client_of", "district", "migrated", "town"]

STORY = "胜利社区三号楼前路灯不亮三天，晚上老人摔过跤，请维修。"
COMMUNITY = "140603100001"
BODY = {
    "kind": "appeal",
    "channel": "web",
    "description": STORY,
    "privacy_version": "2026-1",
    "place": {"area": COMMUNITY, "address": "三号楼"},
    "reporters": [{"name": "王五", "phone": "13712345678"}],
}


@pytest.fixture(autouse=True)
def _nobody_has_called(request: pytest.FixtureRequest) -> None:
    """Nothing was counted yet."""
    if "town" not in request.fixturenames:
        request.getfixturevalue("db")
        RateWindow.objects.all().delete()


@pytest.fixture
def alarm(district: District) -> datetime:
    """So many reports came that everybody is asked for a proof; returns when."""
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", MONDAY)
    return MONDAY


@pytest.fixture
def send() -> Callable[..., Received]:
    """Send a report as a resident does; `proven` with the proof that is asked."""

    def sent(
        key: str, *, now: datetime = MONDAY, address: str = "198.51.100.7", proven: bool = False, **given: Any
    ) -> Received:
        asked = weather.expected(address, now)
        proof = solve(challenge(key, asked.bits, now), asked.bits) if proven and asked.asked else ""
        return receive({**BODY, **given}, client_id=key, address=address, proof=proof, now=now)

    return sent
