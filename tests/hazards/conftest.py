"""Fixtures of the hazards' tests: a hazard found by the grid worker, handled by the housing department, its file and lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.choices import Role
from cases.models import Case
from cases.services.attachments import store
from tests.cases.cast import GRID, MONDAY, District
from tests.cases.pictures import photo
from tests.pages.conftest import (
    _fresh_policies,
    _no_sign_of_life,
    client_of,
    district,
    migrated,
    town,
)

__all__ = ["_fresh_policies", "_no_sign_of_life", "client_of", "district", "migrated", "town"]

FILE = {
    "hazard_class": "gas",
    "detail": "商业用户",
    "unit": "housing",
    "person": "郑局长",
    "term": "2026-12-10",
    "plan": "先关阀、开窗、撤人，再报抢修电话。",
    "measure": "已关闭入户阀门。",
}
ITEM = {"problem": "灶具没有熄火保护装置", "basis": "GB 50028 第 10.4.4 条", "measure": "更换灶具并检漏"}


@pytest.fixture
def found(district: District) -> Callable[..., Case]:
    """A hazard that nobody can be asked about, found in the grid (or by somebody else) and with the housing department."""

    def made(by: str = "grid_worker", now: datetime = MONDAY, **given: Any) -> Case:
        body: dict[str, Any] = {
            "kind": "hazard",
            "channel": "grid",
            "description": "巡查发现一家饭店燃气灶没有熄火保护装置。",
            "place": {"grid": GRID},
            "reporters": [],
            "anonymous": True,
        }
        case = district.register(by, now, **{**body, **given})
        district.move(case, "accept", "clerk", now, category="H0101", level="major")
        district.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
        return district.move(case, "sign", "handler", now)

    return made


@pytest.fixture
def resolve(district: District) -> Callable[..., Case]:
    """Report a hazard as put right, with the photo after."""

    def made(case: Case, now: datetime = MONDAY) -> Case:
        kept = store(case, photo(), actor=district.actor("handler", now), now=now, purpose="整改后")
        told = {"result": "已更换灶具", "outcome": "fulfilled", "reply": "已整改。", "photos_after": [str(kept.uid)]}
        return district.move(case, "resolve", "handler", now, **told)

    return made


@pytest.fixture
def finder(district: District) -> str:
    """Somebody who registers at the window and supervises too."""
    district.person("clerk_supervisor", "钱两岗", Role.CLERK, "centre")
    district.person("clerk_supervisor", "钱两岗", Role.SUPERVISOR, "centre")
    return "clerk_supervisor"
