"""Cases that wait for their follow-up, and the people of the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.choices import Role
from cases.models import Case
from tests.cases.cast import MONDAY, District, at
from tests.cases.conftest import _fresh_policies, district  # noqa: F401

RESOLVED = {"result": "已换泵", "outcome": "fulfilled", "reply": "三号楼已恢复供热。"}


@pytest.fixture
def desk(district: District) -> District:  # noqa: F811
    """A second follow-up officer, and one who also handles."""
    district.person("follow_up2", "小何", Role.FOLLOW_UP_OFFICER, "centre")
    district.person("both", "小双", Role.FOLLOW_UP_OFFICER, "centre")
    district.person("both", "小双", Role.HANDLER, "housing")
    return district


@pytest.fixture
def waiting(desk: District) -> Callable[..., Case]:
    """A case handled by the department, checked, and waiting to be called about; answered on 23 November at ten."""

    def made(*, now: datetime = MONDAY, handler: str = "handler", level: str = "general", **given: Any) -> Case:
        category = {"dispute": "0101", "consultation": "C0101", "suggestion": "S01", "hazard": "H01"}
        case = desk.register(now=now, **given)
        kind = given.get("kind", "appeal")
        desk.move(case, "accept", "clerk", now, category=category.get(kind, "A0102"), level=level)
        desk.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
        desk.move(case, "sign", handler, now)
        who = "housing_lead" if given.get("procedure") == "petition" else handler
        desk.move(case, "resolve", who, now, **RESOLVED)
        desk.move(case, "approve", "supervisor", now)
        case.refresh_from_db()
        return case

    return made


def redone_once(desk: District, case: Case, now: datetime = MONDAY) -> Case:
    """Sent back once by the follow-up officer, handled again, checked again."""
    desk.move(case, "redo", "follow_up", now, note="管道仍然不热")
    desk.move(case, "resolve", "handler", now, **RESOLVED)
    desk.move(case, "approve", "supervisor", now)
    case.refresh_from_db()
    return case


__all__ = ["MONDAY", "at"]
