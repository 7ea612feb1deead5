"""Fixtures of the whistles' tests: the district with a street's lead and dispatcher, a whistle laid."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.choices import Role
from cases.models import Whistle
from cases.whistling import services
from tests.cases.cast import MONDAY, STREET, District, build_district
from tests.pages.conftest import _fresh_policies, client_of

__all__ = ["_fresh_policies", "client_of"]

GIVEN = {
    "kind": "voices",
    "scale": "complex",
    "place": "胜利社区三号楼",
    "what": "供热主管漏水，请现场会诊。",
    "units": ["housing", "heating"],
}


@pytest.fixture
def district(db: None) -> District:
    """The cast, with 井坪镇's lead and dispatcher."""
    made = build_district()
    made.person("street_lead", "焦镇长", Role.HANDLER, "street", STREET, lead=True)
    made.person("street_dispatcher", "焦文龙", Role.DISPATCHER, "street", STREET)
    return made


@pytest.fixture
def blow(district: District) -> Callable[..., Whistle]:
    """Whistle as the street's lead does."""

    def blown(by: str = "street_lead", now: Any = MONDAY, **given: Any) -> Whistle:
        return services.whistle(district.actor(by, now), {**GIVEN, **given}, now=now)[0]

    return blown
