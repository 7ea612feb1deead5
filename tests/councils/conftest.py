"""Fixtures of the tests of wishes and councils: the cast with leads of community and street, a wish, a signed meeting."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.choices import Role
from cases.councils import meetings, wishes
from cases.models import CouncilDecision, CouncilMeeting, Wish
from tests.cases.cast import COMMUNITY, MONDAY, STREET, District, build_district
from tests.pages.conftest import _fresh_policies, _no_sign_of_life, client_of

__all__ = ["_fresh_policies", "_no_sign_of_life", "client_of"]

WISH = {
    "area": COMMUNITY,
    "what": "三号楼前的路灯晚上不亮",
    "heard_at": "round",
    "heard_on": "2026-11-20",
    "owner": "community/grid_worker",
    "due_on": "2026-12-10",
    "agreed": "nobody",
}
MEETING = {"area": COMMUNITY, "title": "第四季度居民议事会", "day": "2026-11-22", "place": "社区二楼议事厅"}
MINUTES = {"attendance": "23", "minutes": "大家都说该装路灯，先装三盏，电费从公共收益里出。"}
DECISION = {"what": "三号楼前装三盏路灯", "unit": "community", "due_on": "2026-12-20"}


@pytest.fixture
def district(db: None) -> District:
    """The cast, with 井坪镇's lead and the community's."""
    d = build_district()
    d.person("street_lead", "焦镇长", Role.HANDLER, "street", STREET, lead=True)
    d.person("community_lead", "吕书记", Role.HANDLER, "community", COMMUNITY, lead=True)
    return d


@pytest.fixture
def wish(district: District) -> Callable[..., Wish]:
    """The grid worker writes a wish down."""

    def wished(by: str = "grid_worker", now: Any = MONDAY, **given: Any) -> Wish:
        return wishes.take_in(district.actor(by, now), {**WISH, **given}, now=now)[0]

    return wished


@pytest.fixture
def meeting(district: District) -> Callable[..., CouncilMeeting]:
    """A meeting with minutes and one decision; signed by the community's lead unless said otherwise."""

    def held(signed: bool = True) -> CouncilMeeting:
        actor, lead = district.actor("grid_worker"), district.actor("community_lead")
        made = meetings.call_meeting(actor, MEETING, now=MONDAY)[0]
        meetings.write_minutes(actor, made.pk, MINUTES, now=MONDAY)
        meetings.decide(actor, made.pk, DECISION, now=MONDAY)
        return meetings.sign(lead, made.pk, now=MONDAY) if signed else made

    return held


@pytest.fixture
def decision(meeting: Callable[..., CouncilMeeting]) -> CouncilDecision:
    """The decision of a signed meeting."""
    return meeting().decisions.get()


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Set the pages' clock."""

    def set_to(moment: Any) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(MONDAY)
    return set_to
