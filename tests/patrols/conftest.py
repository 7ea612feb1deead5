"""The district with a published calendar, a second grid, a red armband, a head of the grid; patrols through their doors."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from accounts.choices import Role
from cases.models import Holiday, PatrolPlan, PatrolTask
from cases.patrols import chores, planning
from governance_portal.lib.working_days import SHANGHAI, published_days
from grids.models import Area, Duty, Grid
from tests.cases.cast import COMMUNITY, GRID, STREET, District
from tests.pages.conftest import _fresh_policies, client_of, district, migrated, town

__all__ = ["_fresh_policies", "client_of", "district", "migrated", "town"]

SECOND_GRID, OTHER_GRID = "140603100001002", "140603101001001"


def on(day: str, hour: int = 9) -> datetime:
    """A moment of 2026 in Shanghai: on("09-18")."""
    month, number = day.split("-")
    return datetime(2026, int(month), int(number), hour, 0, tzinfo=SHANGHAI)


def furnish(district: District) -> District:
    """A published calendar and more ground: a second grid, one of another street, people of each duty."""
    Holiday.objects.all().delete()
    Holiday.objects.bulk_create(
        Holiday(date=day, workday=worked) for day, worked in published_days([2025, 2026]).items()
    )
    community = Area.objects.get(code=COMMUNITY)
    second = Grid.objects.create(code=SECOND_GRID, name="胜利社区第二网格", community=community)
    elsewhere = Area.objects.create(
        code="140603101001", name="凤凰社区", level="community", parent=Area.objects.get(code="140603101")
    )
    Grid.objects.create(code=OTHER_GRID, name="凤凰社区第一网格", community=elsewhere)
    district.person("armband", "红袖章老郝", Role.VOLUNTEER, "community", COMMUNITY)
    district.person("grid_worker2", "小张", Role.GRID_WORKER, "community", COMMUNITY)
    district.person("grid_head", "网格长老贾", Role.GRID_WORKER, "community", COMMUNITY)
    district.person("street_lead", "井坪镇长", Role.HANDLER, "street", STREET, lead=True)
    district.person("other_lead", "凤凰镇长", Role.HANDLER, "other_street", "140603101", lead=True)
    first = Grid.objects.get(code=GRID)
    Duty.objects.create(user=district.people["armband"], grid=first, kind="red_armband", starts_on=date(2026, 1, 1))
    Duty.objects.create(user=district.people["grid_head"], grid=second, kind="grid_head", starts_on=date(2026, 1, 1))
    return district


@pytest.fixture
def ground(district: District) -> District:
    """The district, furnished."""
    return furnish(district)


GIVEN = {
    "kind": "daily",
    "name": "消防通道排查",
    "look_for": "消防通道、楼道堆物、飞线充电",
    "area": COMMUNITY,
    "duty_kind": "grid_worker",
    "repeat": "week",
    "weekdays": ["FR", "SU"],
    "special": "move",
    "first_day": "2026-09-14",
    "last_day": "2026-10-13",
    "points": "胜利社区三号楼，北坪路 12 号，140603100001001\n早市西口，人民路，140603100001001",
}


@pytest.fixture
def plan(ground: District) -> Callable[..., PatrolPlan]:
    """Save a plan as the street's lead does."""

    def planned(by: str = "street_lead", at: str = "09-14", **given: Any) -> PatrolPlan:
        return planning.plan(ground.actor(by, on(at)), {**GIVEN, **given}, now=on(at))

    return planned


def run_chores(day: str) -> None:
    """What the clock does for patrols on that day."""
    for chore in (chores.make_patrols, chores.look_who_is_there, chores.hand_over, chores.ask_to_close):
        chore(on(day, 6))


def task_on(plan: PatrolPlan, day: str, grid: str = GRID) -> PatrolTask:
    """The task of a plan on a day of 2026."""
    return PatrolTask.objects.get(plan=plan, grid__code=grid, day=on(day).date())
