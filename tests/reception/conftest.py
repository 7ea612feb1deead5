"""Fixtures of the tests of reception days: the district, a planned day, clients."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import RateWindow
from cases.models import ReceptionDay
from cases.reception import services
from tests.cases.cast import MONDAY, District
from tests.pages.conftest import _fresh_policies, client_of, district

__all__ = ["_fresh_policies", "client_of", "district"]

GIVEN = {
    "leader": "孙立民",
    "office": "区委常委、政法委书记",
    "date": "2026-11-25",
    "starts": "09:00",
    "ends": "11:30",
    "place": "综治中心一层接访室",
    "capacity": "2",
    "topics": "供热、物业",
}


@pytest.fixture(autouse=True)
def _no_limits_left(db: None) -> None:
    """Nobody has called yet."""
    RateWindow.objects.all().delete()


@pytest.fixture
def plan(district: District) -> Callable[..., ReceptionDay]:
    """Plan a day as the centre's lead does."""

    def planned(by: str = "centre_lead", publish: bool = True, **given: Any) -> ReceptionDay:
        return services.plan_day(district.actor(by), {**GIVEN, **given}, now=MONDAY, publish=publish)

    return planned


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Set the pages' clock."""

    def set_to(moment: Any) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to
