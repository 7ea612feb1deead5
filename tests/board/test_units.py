"""A unit's own board: what it leads and nothing else, without telling it who was unhappy; and a leader's view of a unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.board.conftest import Clock, Enter
from tests.cases.cast import COMMUNITY, DISTRICT, MONDAY, OTHER_STREET, STREET, District

pytestmark = pytest.mark.django_db


def led(d: District, number: int = 1, now: datetime = MONDAY, *, unit: str = "housing", **given: Any) -> None:
    """Cases a unit leads, handled and rated."""
    for _ in range(number):
        case = d.register(now=now, **given)
        d.move(case, "accept", "clerk", now, category="A0102", level="general")
        d.move(case, "dispatch", "dispatcher", now, lead_unit=unit, mode="forward")
        if unit == "housing":
            d.move(case, "sign", "handler", now)
            d.move(case, "resolve", "handler", now, result="已办", outcome="fulfilled", reply="已办。")
            d.move(case, "approve", "supervisor", now)
            d.move(case, "confirm", "follow_up", now, satisfaction=4, resolved=True, contacted=True)


def test_who_leads_a_unit_sees_what_the_unit_leads(district: District, client_of: Enter, clock: Clock) -> None:
    led(district, 2)
    led(district, 1, unit="heating")
    district.register(now=MONDAY)
    page = client_of("housing_lead").get("/board/?part=all").context
    assert {tile["label"]: tile["value"] for tile in page["cohort"]} == {
        **{"登记": "2", "受理": "2", "办结": "2"},
        **{"终结": "0", "在办": "0"},
    }
    assert "单位" not in [part["label"] for part in page["parts"]]
    lead = client_of("housing_lead")
    assert "/board/" in [item["url"] for item in lead.get("/").context["nav"]]
    for tile in page["cohort"]:
        query = tile["url"].partition("?")[2].replace("tab=all&", "")
        assert lead.get(f"/api/v1/cases/count/?{query}").json() == {"count": int(tile["value"])}


def test_its_ratings_are_told_from_ten_on_and_open_no_list(district: District, client_of: Enter, clock: Clock) -> None:
    led(district, 9)
    lead = client_of("housing_lead")
    rates = {rate["label"]: rate for rate in lead.get("/board/").context["rates"]}
    assert (rates["满意率"]["value"], rates["满意率"]["parts"]) == ("—", [])
    led(district, 1)
    rates = {rate["label"]: rate for rate in lead.get("/board/").context["rates"]}
    assert rates["满意率"]["value"] == "100.0 %"
    assert [part["url"] for part in rates["满意率"]["parts"]] == ["", ""]
    assert "figure=satisfied" not in lead.get("/board/?part=all").content.decode()


def test_a_leader_narrows_to_a_unit_and_back(district: District, client_of: Enter, clock: Clock) -> None:
    led(district, 2)
    led(district, 1, place={"area": OTHER_STREET, "address": "路口"})
    leader = client_of("centre_lead")
    units = leader.get("/board/?part=units").context["sections"][0]["rows"]
    assert [(row["name"], "unit=housing" in row["url"]) for row in units] == [("区住房和城乡建设局", True)]
    page = leader.get(units[0]["url"]).context
    assert [(place["name"], place["current"]) for place in page["way"]] == [
        ("平鲁区", False),
        ("区住房和城乡建设局", True),
    ]
    assert page["cohort"][0]["value"] == "3"
    assert leader.get(f"/board/?unit=housing&area={STREET}").context["cohort"][0]["value"] == "2"
    assert leader.get("/board/?unit=nowhere").status_code == 404


def test_nobody_sees_the_board_of_a_unit_that_is_not_theirs(district: District, client_of: Enter, clock: Clock) -> None:
    assert client_of("housing_lead").get("/board/?unit=heating").status_code == 404
    assert client_of("housing_lead").get("/board/?area=x").status_code == 404
    assert client_of("handler").get("/board/").status_code == 403


def test_a_unit_is_narrowed_to_a_place(district: District, client_of: Enter, clock: Clock) -> None:
    led(district, 2)
    led(district, 1, place={"area": OTHER_STREET, "address": "路口"})
    lead = client_of("housing_lead")
    found = {code: lead.get(f"/board/?area={code}").context["cohort"][0]["value"] for code in (DISTRICT, COMMUNITY)}
    assert found == {DISTRICT: "3", COMMUNITY: "2"}
