"""三端闭环: every rate with its two parts, each part opening what it counts."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cases.statistics import counting
from tests.boards.conftest import NOW, Enter
from tests.boards.test_levels import THIS_WEEK, busy
from tests.cases.cast import DISTRICT, GRID, District

pytestmark = pytest.mark.django_db

DAYS = "period=custom&from=2026-11-23&to=2026-11-29"


def a_hazard(d: District) -> None:
    """Found and not yet put right."""
    case = d.register("grid_worker", kind="hazard", channel="grid", place={"grid": GRID}, description="消防通道堵塞。")
    d.move(case, "accept", "grid_worker", category="H03", level="general")


@pytest.fixture
def town(district: District) -> District:
    """The matters of the levels, and a hazard."""
    a_hazard(busy(district))
    return district


def test_each_line_of_the_bands_is_a_rate_with_its_fraction(town: District, enter: Enter) -> None:
    scope = counting.cases_of(town.actor("centre_lead"), DISTRICT, NOW)
    followed = counting.follow_up_counts(scope, THIS_WEEK, NOW)
    calls = (followed["called"], followed["call_due"])
    bands = enter("centre_lead").get(f"/board/bands/?{DAYS}").context["bands"]
    told = {
        line["code"]: (line["words"], *(part["number"] for part in line["parts"]))
        for band in bands
        for line in band["lines"]
    }
    assert [band["title"] for band in bands] == ["前端排查", "中端调处", "末端问效"]
    assert told == {
        "patrol_rate": ("—", 0, 0),
        "hazard_rate": ("0.0 %", 0, 1),
        "self_rate": ("66.7 %", 2, 3),
        "accepted_rate": ("100.0 %", 11, 11),
        "closure_rate": ("81.8 %", 9, 11),
        "resolution_rate": ("75.0 %", 6, 8),
        "mediation_rate": ("—", 0, 0),
        "order_rate": ("0.0 %", 0, 11),
        "order_closed_rate": ("—", 0, 0),
        "call_rate": (told["call_rate"][0], *calls),
        "solved_rate": ("100.0 %", 7, 7),
        "content_rate": ("100.0 %", 7, 7),
    }


def test_every_number_of_cases_opens_a_list_of_as_many(town: District, enter: Enter) -> None:
    leader = enter("centre_lead")
    page = leader.get(f"/board/bands/?{DAYS}").content.decode()
    links = re.findall(r'<a href="/cases/\?tab=all&amp;([^"]+)"[^>]*>[^<]*?([\d,]+)</a>', page)
    assert len(links) == 20
    for query, number in links:
        asked = unescape(query)
        assert (asked, leader.get(f"/api/v1/cases/count/?{asked}").json()) == (asked, {"count": int(number)})


def test_hazards_and_patrols_open_their_own_pages(town: District, enter: Enter) -> None:
    leader = enter("centre_lead")
    lines = leader.get(f"/board/bands/?{DAYS}").context["bands"][0]["lines"]
    patrols, hazards = lines[0]["parts"], lines[1]["parts"]
    assert patrols[0]["url"] == f"/patrols/coverage/?area={DISTRICT}&from=2026-11-23&to=2026-11-23"
    found = leader.get(hazards[1]["url"])
    assert (found.status_code, found.context["page"].paginator.count) == (200, hazards[1]["number"])


def test_who_does_not_read_patrols_is_told_so(town: District, enter: Enter) -> None:
    line = enter("clerk").get("/board/bands/").context["bands"][0]["lines"][0]
    assert (line["words"], line["parts"], line["basis"]) == ("—", [], "您的岗位不看排查任务")
