"""Complaints against units: who never sees them, who is left, and where they go when nobody is (rule 4)."""

from __future__ import annotations

import pytest

from accounts.choices import Role, UnitKind
from cases import dossier
from cases.choices import OPEN
from cases.models import Case, SameMatter
from cases.queries import moves_for
from cases.services import linking
from governance_portal.lib.errors import Incomplete, NotNow, NotYours
from tests.cases.cast import MONDAY, District

pytestmark = pytest.mark.both

STAFF = ["clerk", "operator", "dispatcher", "supervisor", "supervisor2", "follow_up", "centre_lead"]


def complain(district: District, about: str, nature: str, by: str = "clerk") -> Case:
    return district.register(by, complained_unit=about, complaint_nature=nature)


def sees(district: District, case: Case) -> list[str]:
    """Everybody of the cast who sees the case."""
    return [
        name
        for name in district.people
        if Case.objects.visible_to(district.actor(name), MONDAY).filter(pk=case.pk).exists()
    ]


def offers(district: District, case: Case, name: str) -> list[str]:
    case.refresh_from_db()
    return sorted(offer.name for offer in moves_for(case, district.actor(name), MONDAY))


def test_a_service_complaint_may_be_handled_by_the_unit_itself(district: District) -> None:
    case = complain(district, "housing", "service")
    district.move(case, "accept", "clerk", category="A0102", level="general")
    case = district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    assert (case.status, case.lead_unit, "handler" in sees(district, case)) == (
        "dispatched",
        district.units["housing"],
        True,
    )


@pytest.mark.parametrize("unit", ["housing", "heating"])
def test_a_conduct_complaint_is_never_dispatched_to_its_unit_or_below(district: District, unit: str) -> None:
    case = complain(district, "housing", "conduct")
    district.move(case, "accept", "clerk", category="A0102", level="general")
    with pytest.raises(Incomplete) as refused:
        district.move(case, "dispatch", "dispatcher", lead_unit=unit, mode="forward")
    assert list(refused.value.errors) == ["lead_unit"]
    with pytest.raises(Incomplete):
        district.move(case, "consult", "dispatcher", units=[unit], question="由谁办理")
    with pytest.raises(Incomplete):
        district.move(
            case, "dispatch", "dispatcher", lead_unit="street", mode="forward", assisting_units=[unit], instruction="x"
        )
    case.refresh_from_db()
    assert (case.status, case.version, case.lead_unit) == ("accepted", 2, None)


def test_a_report_of_wrongdoing_can_only_be_transferred(district: District) -> None:
    case = complain(district, "housing", "report")
    assert {name: offers(district, case, name) for name in STAFF} == {
        "clerk": ["transfer"],
        "operator": ["transfer"],
        "dispatcher": ["transfer"],
        "supervisor": [],
        "supervisor2": [],
        "follow_up": [],
        "centre_lead": [],
    }
    for name, by, given in (
        ("withdraw", "resident", {"note": "不告了"}),
        ("decline", "clerk", {"reason": "N10", "instead": "区纪委监委"}),
        ("accept", "clerk", {"category": "A0102", "level": "general"}),
    ):
        with pytest.raises(NotNow):
            district.move(case, name, by, **given)
    case = district.move(case, "transfer", "clerk", receiver="discipline", receipt="收件 3 号")
    assert (case.status, case.outcome) == ("closed", "transferred")
    with pytest.raises(NotNow):
        district.move(case, "reopen", "supervisor", reason="x")


def test_people_of_the_unit_and_below_never_see_a_report_about_it(district: District) -> None:
    case = complain(district, "street", "report")
    below = ["street_handler", "mediator", "committee_lead", "grid_worker"]
    assert sorted(sees(district, case)) == sorted(STAFF)
    district.person("street_clerk", "小于", Role.CLERK, "street", "140603100")
    assert [name for name in (*below, "street_clerk") if name in sees(district, case)] == []


def test_a_conduct_complaint_is_never_answered_by_an_ordinary_matter_nor_named_in_it(district: District) -> None:
    ordinary = district.register()
    service = complain(district, "housing", "service")
    complaint = complain(district, "housing", "conduct")
    other_unit = complain(district, "street", "conduct")
    dispatcher = district.actor("dispatcher")
    for case, into in (
        (complaint, ordinary),
        (ordinary, complaint),
        (complaint, service),
        (complaint, other_unit),
    ):
        with pytest.raises(Incomplete, match="作风投诉"):
            district.move(case, "merge", "dispatcher", master=into.number)
        with pytest.raises(Incomplete, match="作风投诉"):
            linking.link(case, into.number, "反映的是同一件事", actor=dispatcher, now=MONDAY)
    assert not SameMatter.objects.exists()
    assert [case.events.count() for case in (ordinary, service, complaint, other_unit)] == [1, 1, 1, 1]


def test_two_conduct_complaints_about_the_same_unit_may_be_one(district: District) -> None:
    first, second = complain(district, "housing", "conduct"), complain(district, "housing", "conduct")
    linking.link(second, first.number, "反映的是同一个人", actor=district.actor("dispatcher"), now=MONDAY)
    merged = district.move(second, "merge", "dispatcher", master=first.number)
    assert (merged.status, merged.master_id, sees(district, merged)) == ("merged", first.pk, sees(district, first))


def test_a_link_from_before_that_rule_can_be_undone(district: District) -> None:
    ordinary, complaint = district.register(), complain(district, "housing", "conduct")
    user = district.people["dispatcher"]
    SameMatter.objects.create(first=ordinary, second=complaint, reason="同一件事", linked_by=user, linked_at=MONDAY)
    linking.unlink(complaint, ordinary.number, "作风投诉单独办理", actor=district.actor("dispatcher"), now=MONDAY)
    assert not SameMatter.objects.exists()


def test_a_conduct_complaint_merged_before_that_rule_is_not_named_to_its_unit(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary, complaint, repeat = district.register(), complain(district, "housing", "conduct"), district.register()
    district.move(ordinary, "accept", "clerk", category="A0102", level="general")
    district.move(ordinary, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(repeat, "merge", "dispatcher", master=ordinary.number)
    monkeypatch.setattr("cases.services.preparing.may_be_one", lambda *_: True)
    district.move(complaint, "merge", "dispatcher", master=ordinary.number)
    named = {
        name: dossier.whole(dossier.find(actor, ordinary.number, MONDAY), actor, MONDAY).merged
        for name in ("dispatcher", "handler")
        for actor in [district.actor(name)]
    }
    assert named == {"dispatcher": sorted([complaint.number, repeat.number]), "handler": [repeat.number]}


def test_a_conduct_complaint_about_the_centre_goes_up_to_the_leader_of_the_unit_above(district: District) -> None:
    district.person("politics", "政法委李书记", Role.LEADER, "zfw")
    case = complain(district, "centre", "conduct")
    assert (case.status, sees(district, case)) == ("registered", ["politics"])
    assert {name: offers(district, case, name) for name in STAFF} == {key: [] for key in STAFF}
    assert offers(district, case, "politics") == [
        "accept",
        *["decline", "merge", "request_material"],
        *["resolve_on_spot", "transfer", "withdraw"],
    ]
    with pytest.raises(NotYours):
        district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "accept", "politics", category="A0102", level="general")
    with pytest.raises(Incomplete):
        district.move(case, "dispatch", "politics", lead_unit="centre", mode="forward")
    district.move(case, "dispatch", "politics", lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler")
    district.move(case, "resolve", "handler", result="核实无误", outcome="answered", reply="已核实并答复。")
    district.move(case, "approve", "politics")
    case = district.move(case, "confirm", "politics", satisfaction=4, resolved=True, contacted=True)
    assert (case.status, case.satisfaction) == ("closed", 4)


@pytest.mark.parametrize(("about", "nature"), [("centre", "conduct"), ("centre", "report"), ("zfw", "report")])
def test_a_complaint_that_nobody_here_may_touch_is_transferred_as_it_is_registered(
    district: District, about: str, nature: str
) -> None:
    case = complain(district, about, nature)
    assert (case.status, case.outcome, sees(district, case)) == ("closed", "transferred", [])
    assert [(event.kind, event.actor_name) for event in case.events.order_by("seq")] == [
        ("register", "小王"),
        ("transfer", "时钟"),
    ]


def test_a_leader_above_has_no_hand_in_a_complaint_that_a_desk_can_take(district: District) -> None:
    district.unit("government", "区政府", UnitKind.LEADERSHIP)
    district.unit("roads", "区公路段", UnitKind.DEPARTMENT, parent="government")
    district.person("vice", "副区长", Role.LEADER, "government")
    case = complain(district, "roads", "conduct")
    assert ("vice" in sees(district, case), offers(district, case, "vice")) == (True, [])


def test_no_complaint_stands_where_nobody_may_move_it(district: District) -> None:
    """Whatever unit is complained about, and in whatever way, somebody may move the case or it has been passed on."""
    for about in district.units:
        for nature in ("service", "conduct", "report"):
            case = complain(district, about, nature)
            movers = [name for name in district.people if offers(district, case, name)]
            assert (case.status in OPEN) == bool(movers), (about, nature)
