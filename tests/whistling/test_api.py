"""Whistles and reception days over the API: the same doors, the same refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import RateWindow
from cases.models import Whistle
from cases.reception import services as reception
from tests.api.phone import Phone
from tests.cases.cast import MONDAY, District
from tests.whistling.conftest import GIVEN


@pytest.fixture
def phone(district: District) -> Callable[[str], Phone]:
    """Somebody's phone."""
    RateWindow.objects.all().delete()
    return lambda username="": Phone(district, username)


def test_a_whistle_goes_its_course_by_phone(district: District, phone: Callable[[str], Phone]) -> None:
    lead, handler = phone("street_lead"), phone("handler")
    sent = {**GIVEN, "units": ["housing"], "client_id": "k1"}
    made = lead.post("whistles/", sent)
    again = lead.post("whistles/", sent)
    assert (made.status_code, again.status_code, made.json(), Whistle.objects.count()) == (201, 200, again.json(), 1)
    call = made.json()["calls"][0]
    assert (call["unit"], call["stage"]) == ({"code": "housing", "name": "区住房和城乡建设局"}, "called")
    stages = []
    for who, step, given in (
        (lead, "arrive", {"who": "市政科"}),
        (handler, "start", {}),
        (handler, "finish", {"result": "已换阀门"}),
        (lead, "rate", {"score": 5}),
        (handler, "rate", {"score": 2, "words": "现场没人带路"}),
    ):
        answer = who.post(f"whistle-calls/{call['id']}/{step}/", given)
        assert answer.status_code == 200, answer.json()
        stages.append(answer.json()["calls"][0]["stage"])
    assert stages == ["arrived", "handling", "finished", "finished", "rated"]
    assert [row["number"] for row in handler.get("whistles/?tab=all").json()] == [made.json()["number"]]
    assert handler.get("whistles/?tab=mine").json() == []


def test_the_refusals_are_those_of_the_doors(district: District, phone: Callable[[str], Phone]) -> None:
    lead = phone("street_lead")
    call = lead.post("whistles/", {**GIVEN, "units": ["housing"]}).json()["calls"][0]["id"]
    answers: list[Any] = [
        phone("handler").post("whistles/", GIVEN),
        lead.post("whistles/", {**GIVEN, "place": ""}),
        lead.post("whistles/", {**GIVEN, "position": [112.1, 39.5]}),
        phone("handler").post(f"whistle-calls/{call}/arrive/"),
        phone("handler").post(f"whistle-calls/{call}/finish/", {"result": "完"}),
        phone("handler_other").post(f"whistle-calls/{call}/arrive/"),
        lead.post("whistle-calls/one/arrive/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 400, 400, 403, 409, 404, 404]
    assert answers[1].json()["errors"] == {"place": ["请填写地点。"]}
    assert answers[2].json()["errors"] == {"position": ["这一步不需要填写这一项，请去掉后再提交。"]}


def test_anybody_reads_the_published_days(
    district: District, phone: Callable[[str], Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    given = {
        "leader": "孙立民",
        "office": "政法委书记",
        "date": "2026-11-25",
        "starts": "09:00",
        "ends": "11:00",
        "place": "一层接访室",
        "capacity": "3",
    }
    lead = district.actor("centre_lead")
    day = reception.plan_day(lead, given, now=MONDAY)
    reception.plan_day(lead, {**given, "date": "2026-11-26"}, now=MONDAY, publish=False)
    assert phone("").get("public/reception-days/").json() == [
        {
            "id": day.pk,
            "leader": "孙立民",
            "office": "政法委书记",
            "starts_at": "2026-11-25T09:00:00+08:00",
            "ends_at": "2026-11-25T11:00:00+08:00",
            "place": "一层接访室",
            "topics": "",
            "open": True,
            "cancelled": False,
            "cancel_reason": "",
        }
    ]
    assert [row["code"] for row in phone("clerk").get("team-roles/").json()][:2] == ["leader", "lead_unit"]
