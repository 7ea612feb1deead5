"""A hall with a screen: the map's ground, the people, a device of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Screen
from cases.screens import services
from tests.cases.cast import DISTRICT, District
from tests.mapping.conftest import NOW, ground
from tests.pages.conftest import _fresh_policies, client_of, district, migrated, town

__all__ = ["_fresh_policies", "client_of", "district", "ground", "migrated", "town"]


def set_up(d: District, area: str = DISTRICT, now: Any = NOW) -> Screen:
    """A screen of the centre's lead without a device."""
    return services.make(d.actor("centre_lead", now), "一楼大厅", area, "auto", now)


@pytest.fixture
def device_of(district: District) -> Callable[[Screen], Client]:
    """A browser without a user that has typed the code of a screen."""

    def paired(screen: Screen) -> Client:
        now = timezone.now()
        code = services.new_code(district.actor("centre_lead", now), screen.pk, now)
        client = Client()
        answer = client.post("/screen/pair/", {"code": code})
        assert (answer.status_code, answer["Location"]) == (302, "/screen/")
        return client

    return paired
