"""Fixtures of the tests of visits and help: the cast with a second community and a street's lead, a plan agreed to."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.choices import Role, UnitKind
from accounts.models import RateWindow
from cases.caring import plans
from cases.models import CarePlan
from grids.models import Area
from tests.cases.cast import COMMUNITY, DISTRICT, MONDAY, STREET, District, build_district
from tests.pages.conftest import _fresh_policies, _no_sign_of_life, client_of

__all__ = ["_fresh_policies", "_no_sign_of_life", "client_of"]

OTHER_COMMUNITY = "140603101001"
PLAN = {
    "area": COMMUNITY,
    "name": "李桂英",
    "phone": "13803491122",
    "address": "胜利社区三号楼二单元 201",
    "consent_by": "self",
    "consent_on": "2026-11-23",
    "interval_days": "30",
    "told": "true",
}
WELL = {"found": "well", "role": "party_head", "day": "2026-11-23"}
HELP = {
    "need": "law",
    "ground": "request",
    "name": "李桂英",
    "phone": "13803491122",
    "what": "要写一份遗嘱，不知道找谁。",
    "officer": "aid/lawyer",
    "consent": "person",
    "consent_on": "2026-11-23",
}


@pytest.fixture(autouse=True)
def _no_limits_left(db: None) -> Iterator[None]:
    RateWindow.objects.all().delete()
    yield


@pytest.fixture
def district(db: None) -> District:
    """The cast; 凤凰城镇 with a community of its own, and 法律援助中心 with two people."""
    d = build_district()
    Area.objects.create(
        code=OTHER_COMMUNITY, name="凤凰社区", level="community", parent=Area.objects.get(code="140603101")
    )
    d.person("street_lead", "焦镇长", Role.HANDLER, "street", STREET, lead=True)
    d.person("community_lead", "吕书记", Role.HANDLER, "community", COMMUNITY, lead=True)
    d.unit("aid", "区法律援助中心", UnitKind.PARTNER)
    d.person("lawyer", "范律师", Role.HANDLER, "aid", DISTRICT)
    d.person("lawyer2", "高律师", Role.HANDLER, "aid", DISTRICT)
    d.person("aid_lead", "任主任", Role.HANDLER, "aid", DISTRICT, lead=True)
    d.person("building_head", "栋长老孟", Role.VOLUNTEER, "community", COMMUNITY)
    return d


@pytest.fixture
def agree(district: District) -> Callable[..., CarePlan]:
    """Somebody agrees to be visited, written down by the grid worker."""

    def agreed(by: str = "grid_worker", now: Any = MONDAY, **given: Any) -> CarePlan:
        return plans.agree(district.actor(by, now), {**PLAN, **given}, now=now)[0]

    return agreed


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Set the pages' clock."""

    def set_to(moment: Any) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(MONDAY)
    return set_to
