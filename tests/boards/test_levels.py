"""小事不出网格: who settled what, each matter at one level, each figure with its list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from accounts.choices import Role
from cases.boards import levels
from cases.filters import CaseFilter
from cases.models import Case
from cases.statistics.counting import cases_of
from cases.statistics.windows import Window
from tests.boards.conftest import Enter
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, MONDAY, STREET, District

pytestmark = pytest.mark.django_db

THIS_WEEK = Window(date(2026, 11, 23), date(2026, 11, 29))


def settled_by(d: District, who: str, unit: str, outcome: str = "fulfilled", closing: bool = True) -> Case:
    """A matter that somebody of a unit handles to its end."""
    case = d.register(kind="dispute", description="邻居两家因滴水檐争执。", place={"grid": GRID})
    d.move(case, "accept", "clerk", category="0101", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit=unit, mode="forward")
    d.move(case, "sign", who)
    if closing:
        d.move(case, "resolve", who, result="已办", outcome=outcome, reply="已办。")
        d.move(case, "approve", "supervisor")
        d.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)
    return case


def settled_in_the_grid(d: District) -> Case:
    """自办自结."""
    case = d.register("grid_worker", channel="grid", place={"grid": GRID}, description="楼道杂物已清理。", reporters=[])
    told: dict[str, Any] = {
        "category": "A0102",
        "level": "general",
        "result": "已清",
        "outcome": "fulfilled",
        "reply": "已清理。",
    }
    d.move(case, "resolve_on_spot", "grid_worker", **told)
    d.move(case, "close_uncalled", "follow_up", ground="no_reporter")
    return case


def busy(d: District) -> District:
    """Nine closed, one of them guided to court, one still open."""
    d.person("community_lead", "郝主任", Role.HANDLER, "community", COMMUNITY, lead=True)
    settled_in_the_grid(d)
    settled_in_the_grid(d)
    settled_by(d, "grid_worker", "community")  # given to the grid worker by the community
    settled_by(d, "community_lead", "community")
    settled_by(d, "street_handler", "street")
    settled_by(d, "mediator", "committee")  # a committee of the street settles at the street
    settled_by(d, "handler", "housing")
    settled_by(d, "handler", "housing")
    settled_by(d, "handler", "housing", outcome="guided")
    settled_by(d, "street_handler", "street", closing=False)
    return d


@pytest.fixture
def town(district: District) -> District:
    """The district with its matters."""
    return busy(district)


def test_each_level_is_told_with_its_share_of_all_that_was_settled(town: District) -> None:
    scope = cases_of(town.actor("centre_lead"), STREET, MONDAY)
    days = "from=2026-11-23&to=2026-11-29"
    assert levels.settled_at(scope, THIS_WEEK, MONDAY) == [
        {
            "code": code,
            "label": label,
            "count": count,
            "share": Decimal(share),
            "url_query": f"tab=all&figure=closed_in&settled={code}&area={STREET}&{days}",
        }
        for code, label, count, share in (
            ("grid", "网格", 3, "37.5"),
            ("community", "村（社区）", 1, "12.5"),
            ("street", "镇街", 2, "25.0"),
            ("district", "区级", 2, "25.0"),
        )
    ]
    assert levels.counted(scope.rows, THIS_WEEK, MONDAY)["none"] == 0


@pytest.mark.parametrize(("code", "count"), [("any", 8), ("none", 0), *zip(levels.LEVELS, (3, 1, 2, 2), strict=True)])
def test_each_level_opens_exactly_its_matters(town: District, code: str, count: int) -> None:
    actor = town.actor("centre_lead")
    asked = QueryDict(levels.query_of(code, THIS_WEEK, COMMUNITY))
    seen = Case.objects.visible_to(actor, MONDAY)
    listed = CaseFilter(asked, queryset=seen, request=SimpleNamespace(actor=actor, GET=asked))
    assert listed.is_valid(), listed.errors
    assert listed.qs.count() == count


def test_nothing_settled_has_no_share(town: District) -> None:
    earlier = Window(date(2026, 1, 1), date(2026, 1, 31))
    rows = levels.settled_at(cases_of(town.actor("centre_lead"), DISTRICT, MONDAY), earlier, MONDAY)
    assert [(row["count"], row["share"]) for row in rows] == [(0, None)] * 4


def test_the_page_compares_streets_by_what_their_grids_and_communities_settle(town: District, enter: Enter) -> None:
    for _one in range(3):
        settled_in_the_grid(town)
    leader = enter("centre_lead")
    page = leader.get("/board/levels/?period=custom&from=2026-11-23&to=2026-11-29")
    assert [(row["label"], row["number"], row["words"]) for row in page.context["rows"]] == [
        *(("网格", "6", "54.5 %"), ("村（社区）", "1", "9.1 %"), ("镇街", "2", "18.2 %"), ("区级", "2", "18.2 %")),
    ]
    (street,) = page.context["places"]
    assert (street["name"], street["share"], street["near"]) == ("井坪镇", Decimal("63.6"), "7/11")
    for cell in (street["total"], *street["cells"]):
        query = cell["url"].partition("?")[2].replace("tab=all&", "")
        assert leader.get(f"/api/v1/cases/count/?{query}").json() == {"count": int(cell["words"])}
    assert "占 54.5 %" in page.content.decode()


def test_a_street_with_few_matters_is_not_compared(town: District, enter: Enter) -> None:
    (street,) = enter("centre_lead").get("/board/levels/?period=week").context["places"]
    assert (street["name"], street["share"], street["near"]) == ("井坪镇", None, "4/8")


def test_the_list_says_which_level_it_shows(town: District, enter: Enter) -> None:
    page = enter("centre_lead").get(f"/cases/?{levels.query_of('grid', THIS_WEEK, STREET)}").context
    assert ("化解层级", "网格") in [(chip["label"], chip["value"]) for chip in page["filters"]]
    assert page["total"] == 3


def test_who_has_no_area_has_no_boards(district: District, enter: Enter) -> None:
    names = ("bands", "levels", "network", "property")
    assert [enter("handler").get(f"/board/{name}/").status_code for name in names] == [403] * 4
    assert [enter("supervisor").get(f"/board/{name}/").status_code for name in names] == [200] * 4
    assert enter("supervisor").get("/board/bands/?area=140604").status_code == 404
