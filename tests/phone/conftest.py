"""Fixtures of the phone's tests: the district, its grid's three (网格员, 红袖章, 民调员), clients, the pages' clock."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from accounts.choices import Role
from grids.choices import DutyKind
from grids.models import Duty, Grid
from tests.cases.cast import COMMUNITY, GRID, MONDAY, District, build_district
from tests.pages.conftest import _fresh_policies, _no_sign_of_life, client_of

__all__ = ["_fresh_policies", "_no_sign_of_life", "client_of"]


def with_three(d: District) -> District:
    """Add 红袖章 and 民调员 beside 网格员小刘 in the grid, and a volunteer of another street."""
    d.person("armband", "老董", Role.VOLUNTEER, "community", COMMUNITY)
    d.person("surveyor", "小白", Role.GRID_WORKER, "community", COMMUNITY)
    d.person("stranger", "外街志愿者", Role.VOLUNTEER, "other_street", "140603101")
    grid = Grid.objects.get(code=GRID)
    for name, kind in (("armband", DutyKind.RED_ARMBAND), ("surveyor", DutyKind.OPINION_SURVEYOR)):
        Duty.objects.create(user=d.people[name], grid=grid, kind=kind, starts_on=date(2026, 1, 1))
    return d


@pytest.fixture
def district(db: None) -> District:
    """The cast with the grid's three."""
    return with_three(build_district())


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The pages' clock stands on Monday morning until a test moves it."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(MONDAY)
    return set_to
