"""Fixtures of the tests of repeats and crowds: the district, reports from the web, logged-in clients."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.choices import Role
from cases.models import Case
from tests.cases.cast import MONDAY, STREET, District, build_district
from tests.pages.conftest import _fresh_policies, client_of

__all__ = ["_fresh_policies", "client_of"]

Report = Callable[..., Case]


@pytest.fixture
def district(db: None) -> District:
    """The cast, with 井坪镇's own dispatcher."""
    made = build_district()
    made.person("street_dispatcher", "焦文龙", Role.DISPATCHER, "street", STREET)
    return made


@pytest.fixture
def report(district: District) -> Report:
    """Somebody writes on the web page; nobody of the centre is there."""

    def reported(story: str, title: str = "", **more: Any) -> Case:
        given = {"description": story, "channel": "web", "title": title, **more}
        now = given.pop("now", MONDAY)
        return district.register("resident", now, **given)

    return reported
