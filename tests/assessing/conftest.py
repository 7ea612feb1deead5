"""A quarter in small: three grids of three classes, each matter's fate by hand; the people who assess it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from accounts.choices import Role, UnitKind
from cases.assessing import services
from cases.models import AssessmentRound, Case, SpotCheck
from grids.models import Area, Duty, Grid
from tests.cases.cast import COMMUNITY, GRID, MONDAY, STREET, District, at, build_district
from tests.pages.conftest import _fresh_policies, client_of

__all__ = ["_fresh_policies", "client_of"]

VILLAGE, VILLAGE_GRID = "140603100002", "140603100002001"
SCHOOL_GRID = "140603100001901"
RESOLVED = {"result": "已办", "outcome": "fulfilled", "reply": "已办。"}
#: After the tenth working day of 2027.
AFTER = at(20, month=1, year=2027)
#: After seven days of 公示.
LATER = at(29, month=1, year=2027)


@pytest.fixture
def district(db: None) -> District:
    """The cast, with who assesses and is assessed."""
    return with_grids(build_district())


def with_grids(d: District) -> District:
    """A village, its grid and a 专属网格; who leads where, another worker, one with two posts."""
    street = Area.objects.get(code=STREET)
    village = Area.objects.create(code=VILLAGE, name="向阳堡村", level="community", parent=street)
    grids = (
        Grid.objects.create(code=VILLAGE_GRID, name="向阳堡村第一网格", community=village, work_class="village"),
        Grid.objects.create(
            code=SCHOOL_GRID,
            name="第一中学网格",
            community_id=COMMUNITY,
            kind="dedicated",
            work_class="dedicated",
        ),
    )
    d.unit("village", "向阳堡村委会", UnitKind.COMMUNITY, VILLAGE, parent="street")
    d.person("villager", "小高", Role.GRID_WORKER, "village", VILLAGE)
    d.person("community_lead", "郝主任", Role.HANDLER, "community", COMMUNITY, lead=True)
    d.person("street_lead", "焦镇长", Role.HANDLER, "street", STREET, lead=True)
    d.person("leader", "区领导", Role.LEADER, "zfw")
    d.person("two_posts", "双岗老赵", Role.SUPERVISOR, "centre")
    d.person("two_posts", "双岗老赵", Role.GRID_WORKER, "village", VILLAGE)
    Duty.objects.create(user=d.people["villager"], grid=grids[0], starts_on=date(2026, 1, 1))
    return d


def handled(
    d: District,
    grid: str = GRID,
    worker: str = "grid_worker",
    *,
    now: datetime = MONDAY,
    resolved: datetime | None = None,
    sent_back: bool = False,
    redone: bool = False,
    rated: int | None = 5,
    spot: bool | None = None,
) -> Case:
    """A matter that the grid's community handles to its end; `rated` None: left with its handler."""
    unit = {"grid_worker": "community", "villager": "village"}[worker]
    case = d.register(now=now, kind="dispute", description="邻居两家因滴水檐争执。", place={"grid": grid})
    d.move(case, "accept", "clerk", now, category="0101", level="general")
    d.move(case, "dispatch", "dispatcher", now, lead_unit=unit, mode="forward")
    d.move(case, "sign", worker, now)
    if rated is None:
        return case
    done = resolved or now
    d.move(case, "resolve", worker, done, **RESOLVED)
    if sent_back:
        d.move(case, "send_back", "supervisor", done, note="材料不全")
        d.move(case, "resolve", worker, done, **RESOLVED)
    d.move(case, "approve", "supervisor", done)
    if redone:
        d.move(case, "redo", "follow_up", done, note="还在滴水")
        d.move(case, "resolve", worker, done, **RESOLVED)
        d.move(case, "approve", "supervisor", done)
    d.move(case, "confirm", "follow_up", done, satisfaction=rated, resolved=True, contacted=True)
    if spot is not None:
        SpotCheck.objects.create(
            case=case,
            round=1,
            share=10,
            drawn_at=done,
            genuine=spot,
            checked_at=done,
            checked_by=d.people["supervisor"],
        )
    case.refresh_from_db()
    return case


LATE = at(29, month=12)


@pytest.fixture
def quarter(district: District) -> District:
    """The fourth quarter of 2026, to be counted by hand."""
    d = district
    handled(d)
    handled(d, rated=4, spot=True)
    handled(d, rated=3, sent_back=True)
    handled(d, rated=2, resolved=LATE, spot=False)
    handled(d, rated=4, redone=True)
    handled(d, rated=None)  # lies with its handler, long overdue
    settle_self(d)
    by_department(d)
    for _one in range(5):
        handled(d, VILLAGE_GRID, "villager")
    for _one in range(2):
        handled(d, SCHOOL_GRID, rated=2)
    return d


def settle_self(d: District) -> Case:
    """Registered and settled by the same grid worker."""
    case = d.register("grid_worker", channel="grid", place={"grid": GRID}, description="楼道杂物已清理。", reporters=[])
    return d.move(
        case,
        "resolve_on_spot",
        "grid_worker",
        category="A0102",
        level="general",
        result="已清",
        outcome="fulfilled",
        reply="已清理。",
    )


def by_department(d: District) -> Case:
    """In the grid, but a department's: late, and nothing of it is the grid's."""
    case = d.register(place={"grid": GRID})
    d.move(case, "accept", "clerk", category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler")


@pytest.fixture
def computed(quarter: District) -> Callable[..., AssessmentRound]:
    """Compute a class as the supervisor does."""

    def made(work_class: str = "community", by: str = "supervisor", now: datetime = AFTER) -> AssessmentRound:
        return services.begin(quarter.actor(by, now), "2026Q4", work_class, now=now)

    return made


@pytest.fixture
def shown(quarter: District, computed: Callable[..., AssessmentRound]) -> AssessmentRound:
    """The community's round, shown."""
    return services.show(quarter.actor("supervisor", AFTER), computed().pk, now=AFTER)


def figures(row: AssessmentRound) -> Any:
    """`{grid: {indicator: (numerator, denominator, value)}}` of the newest rows."""
    found: dict[str, Any] = {}
    for one in row.assessments.filter(corrected__isnull=True):
        found[one.grid_code] = {
            figure.indicator: (figure.numerator, figure.denominator, figure.value) for figure in one.figures.all()
        }
    return found
