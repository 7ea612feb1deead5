"""Each kind by each channel goes from registration to archive; nowhere does a case lie where nobody may move it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cases import services
from cases.choices import Channel, Kind, Procedure
from cases.models import Case
from cases.queries import moves_for
from cases.services.attachments import store
from tests.cases.cast import COMMUNITY, GRID, District, at
from tests.cases.pictures import photo

CATEGORY = {"appeal": "A0102", "consultation": "C01", "dispute": "0201", "hazard": "H0301", "suggestion": "S01"}
#: Who registers what comes in by a channel; what no desk takes in comes from a system of its own.
REGISTRAR = {
    **dict.fromkeys(("window", "department", "leader", "petition"), "clerk"),
    **dict.fromkeys(("hotline", "police"), "operator"),
    **dict.fromkeys(("court", "other"), "integration"),
    "grid": "grid_worker",
    "web": "resident",
}


class Walk:
    """One case on its way, its time going on by an hour a step."""

    def __init__(self, district: District, kind: str, channel: str, **given: Any) -> None:
        self.district = district
        self.now = at(23, 9)
        by = REGISTRAR[channel]
        if kind in ("consultation", "suggestion"):
            given.setdefault("place", {})
        given.setdefault("place", {"area": COMMUNITY, "grid": GRID})
        self.case = district.register(by, self.now, kind=kind, channel=channel, **given)
        self.somebody_may_move_it()

    def somebody_may_move_it(self) -> None:
        self.case = Case.objects.get(pk=self.case.pk)
        # An ended case waits for its window to pass; then at the latest the clock archives it.
        now = self.case.window_until + timedelta(minutes=1) if self.case.window_until else self.now
        people = (*self.district.people, "resident", "clock", "integration")
        assert any(moves_for(self.case, self.district.actor(name, now), now) for name in people), self.case.status

    def go(self, move: str, by: str, **given: Any) -> None:
        self.now += timedelta(hours=1)
        self.case = self.district.move(self.case, move, by, self.now, **given)
        if self.case.status != "archived":
            self.somebody_may_move_it()

    def photo(self, by: str) -> str:
        self.now += timedelta(minutes=5)
        actor = self.district.actor(by, self.now)
        return str(store(self.case, photo(), actor=actor, now=self.now, purpose="整改后").uid)

    def accepted(self) -> None:
        by = "grid_worker" if REGISTRAR[self.case.channel] == "grid_worker" else "clerk"
        self.go("accept", by, category=CATEGORY[self.case.kind], level="general")

    def led_to_the_check(self) -> None:
        mediated = self.case.procedure == Procedure.MEDIATION
        unit, officer, lead = (
            ("committee", "mediator", "committee_lead") if mediated else ("housing", "handler", "housing_lead")
        )
        self.go("dispatch", "dispatcher", lead_unit=unit, mode="forward")
        self.go("sign", officer)
        done: dict[str, Any] = {"result": "已上门查看并处理", "outcome": "fulfilled", "reply": "已处理完毕，请您查看。"}
        if self.case.kind == Kind.HAZARD:
            done["photos_after"] = [self.photo(officer)]
        self.go("resolve", lead if self.case.procedure == Procedure.PETITION else officer, **done)

    def out(self) -> None:
        if self.case.nobody_to_ask:
            self.go("close_verified", "supervisor")
        else:
            self.go("approve", "supervisor")
            self.go("confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)

    def archived(self) -> None:
        self.now = self.after_the_window()
        self.go("archive", "clock")
        assert self.case.status == "archived"

    def after_the_window(self) -> datetime:
        assert self.case.window_until is not None
        return self.case.window_until


def procedure_of(kind: str, channel: str) -> dict[str, Any]:
    """Petitions come in as petitions, disputes may be mediated."""
    return {"willing_to_mediate": True} if kind == "dispute" and channel != "petition" else {}


@pytest.mark.parametrize("kind", Kind.values)
def test_every_channel_leads_to_the_archive(district: District, kind: str) -> None:
    for channel in Channel.values:
        with transaction.atomic():
            walk = Walk(district, kind, channel, **procedure_of(kind, channel))
            walk.accepted()
            walk.led_to_the_check()
            walk.out()
            walk.archived()
            kinds = [event.kind for event in walk.case.events.order_by("seq")]
            assert kinds[:5] == [
                "register",
                "accept",
                "dispatch",
                "sign",
                *(["attach"] if kind == "hazard" else ["resolve"]),
            ]
            assert kinds[-1] == "archive"


@pytest.mark.parametrize("kind", ["appeal", "hazard"])
def test_a_community_of_one_settles_it_and_others_check_and_ask(district: District, kind: str) -> None:
    walk = Walk(district, kind, "grid")
    settled = {"category": CATEGORY[kind], "level": "general", "result": "当场清理", "outcome": "fulfilled"}
    walk.go("resolve_on_spot", "grid_worker", **settled, reply="已清理完毕。")
    if kind == "hazard":
        assert walk.case.status == "supervision"  # finder and verifier are two
        walk.go("approve", "supervisor")
    assert walk.case.status == "follow_up"
    walk.go("confirm", "follow_up", satisfaction=5, resolved=True, contacted=True)
    walk.archived()


def test_a_patrol_finding_with_nobody_to_ask_is_verified_and_archived(district: District) -> None:
    walk = Walk(district, "hazard", "grid", reporters=[])
    walk.accepted()
    walk.led_to_the_check()
    walk.out()
    walk.archived()
    assert [event.kind for event in walk.case.events.order_by("seq")][-2:] == ["close_verified", "archive"]


def test_what_is_escalated_at_each_level_ends_at_the_district_and_can_still_be_led(district: District) -> None:
    walk = Walk(district, "appeal", "grid")
    walk.accepted()
    walk.go("escalate", "grid_worker", reason="网格内解决不了")
    assert walk.case.desk_area == COMMUNITY
    walk.led_to_the_check()
    walk.out()
    walk.archived()


def test_what_nobody_answers_closes_after_two_calls_on_different_days(district: District) -> None:
    walk = Walk(district, "appeal", "window")
    walk.accepted()
    walk.led_to_the_check()
    walk.go("approve", "supervisor")
    for _attempt in range(2):
        walk.now += timedelta(days=1)
        district.record(walk.case, "contact", "follow_up", walk.now, way="phone", reached=False)
    walk.go("close_unreached", "follow_up")
    walk.archived()


@pytest.mark.parametrize("nature", ["service", "conduct", "report"])
def test_a_complaint_finds_its_way_out_whatever_its_nature(district: District, nature: str) -> None:
    walk = Walk(district, "appeal", "window", complained_unit="heating", complaint_nature=nature)
    if nature == "report":
        walk.go("transfer", "clerk", receiver="discipline", receipt="纪检监察组 11-23 签收")
    else:
        walk.accepted()
        walk.led_to_the_check()
        walk.out()
    walk.archived()


def test_services_answer_to_the_same_table(district: District) -> None:
    case = district.register()
    clock = district.actor("clock")
    assert [offer.name for offer in moves_for(case, clock, at(23))] == []
    assert [offer.name for offer in moves_for(case, district.actor("resident"), at(23))] == ["withdraw"]
    withdrawn = services.move(case, "withdraw", actor=district.actor("resident"), now=at(23), given={"note": "已解决"})
    assert (withdrawn.status, withdrawn.outcome) == ("closed", "withdrawn")
