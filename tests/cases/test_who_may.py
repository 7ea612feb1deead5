"""Whose button it is: the finer conditions of the table, one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.choices import Role, UnitKind
from accounts.models import Deputy, Post
from cases import services
from cases.models import Case
from cases.queries import moves_for, records_for
from cases.services.people import has_officer
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from grids.models import Area, Grid
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, MONDAY, OTHER_STREET, STREET, District, at


def follow_up(district: District) -> Case:
    case = handling(district)
    district.move(case, "resolve", "handler", result="修好了", outcome="fulfilled", reply="已修好。")
    return district.move(case, "approve", "supervisor")


def handling(district: District, level: str = "general") -> Case:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level=level)
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return district.move(case, "sign", "handler")


def offered(district: District, case: Case, name: str) -> list[str]:
    case.refresh_from_db()
    return sorted(offer.name for offer in moves_for(case, district.actor(name), MONDAY))


@pytest.mark.behaviour(14)
def test_an_unhappy_resident_does_not_close_the_case_himself(district: District) -> None:
    case = follow_up(district)
    for satisfaction, resolved in ((2, True), (5, False), (1, False)):
        with pytest.raises(NotYou):
            district.move(case, "confirm", "resident", satisfaction=satisfaction, resolved=resolved)
    case.refresh_from_db()
    assert (case.status, case.satisfaction, case.version) == ("follow_up", None, 6)
    case = district.move(case, "confirm", "resident", satisfaction=3, resolved=True)
    assert (case.status, case.satisfaction) == ("closed", 3)


@pytest.mark.behaviour(14)
def test_a_rating_can_be_amended_for_a_week_and_then_not_whoever_asks_the_door(district: District) -> None:
    case = follow_up(district)
    district.record(case, "rate", "resident", at(23, 12), satisfaction=1, resolved=False)
    district.record(case, "rate", "resident", at(30, 12), satisfaction=2, resolved=False)
    with pytest.raises(NotNow):
        district.record(case, "rate", "resident", at(30, 13), satisfaction=5, resolved=True)
    case.refresh_from_db()
    assert (case.satisfaction, case.status) == (2, "follow_up")


@pytest.mark.behaviour(7, 14)
def test_a_good_rating_and_its_confirmation_are_one_piece(district: District) -> None:
    case = follow_up(district)
    rated = services.rate(
        case, {"satisfaction": 5, "resolved": True}, actor=district.actor("resident"), now=MONDAY, client_id="r-1"
    )
    assert (rated.status, [e.kind for e in rated.events.order_by("seq")][-2:]) == ("closed", ["rate", "confirm"])


def test_a_supervisor_who_handled_it_may_order_it_redone_but_not_check_it(district: District) -> None:
    district.person("supervisor", "赵主任", Role.HANDLER, "housing")
    case = handling(district)
    district.record(case, "assign", "housing_lead", handler="supervisor")
    district.move(case, "resolve", "supervisor", result="修好了", outcome="fulfilled", reply="已修好。")
    assert (offered(district, case, "supervisor"), offered(district, case, "supervisor2")) == (
        [],
        ["approve", "send_back"],
    )
    district.move(case, "approve", "supervisor2")
    assert (offered(district, case, "supervisor"), offered(district, case, "supervisor2")) == (["redo"], ["redo"])


def test_the_one_who_settled_it_at_the_window_is_in_charge_when_it_comes_back(district: District) -> None:
    case = district.register(kind="hazard")
    district.move(
        case,
        "resolve_on_spot",
        "clerk",
        category="H01",
        level="general",
        result="已清理",
        outcome="fulfilled",
        reply="已清理。",
    )
    case = district.move(case, "send_back", "supervisor", note="照片不清")
    assert (case.handler, case.lead_unit) == (district.people["clerk"], district.units["centre"])
    assert "resolve" in offered(district, case, "clerk")


def test_a_grid_worker_has_a_hand_in_his_own_grid_only(district: District) -> None:
    Grid.objects.create(code="140603100001002", name="胜利社区第二网格", community=Area.objects.get(code=COMMUNITY))
    own = district.register("grid_worker", place={"grid": GRID})
    other = district.register("resident", place={"grid": "140603100001002"})
    assert offered(district, own, "grid_worker") == ["accept", "resolve_on_spot"]
    assert offered(district, other, "grid_worker") == []
    with pytest.raises(NotYours):
        district.move(other, "accept", "grid_worker", category="A0102", level="general")


def test_what_the_door_lets_one_move_is_always_what_the_reading_door_shows(district: District) -> None:
    """A lead of a unit whose role goes by area sees also what the unit leads elsewhere."""
    district.person("mayor", "镇长", Role.LEADER, "other_street", OTHER_STREET, lead=True)
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="other_street", mode="forward")
    assert offered(district, case, "mayor") == ["return", "sign"]
    assert Case.objects.visible_to(district.actor("mayor"), MONDAY).filter(pk=case.pk).exists()


def test_serious_requests_are_decided_by_the_lead_of_the_centre(district: District) -> None:
    for kind, more in (
        ("extension", {"amount": 5}),
        ("suspension", {"suspend_reason": "appraisal", "expected_end": "2026-12-10"}),
    ):
        case = handling(district, "serious")
        asked = district.record(case, "request", "handler", kind=kind, reason="等待鉴定", **more)
        with pytest.raises(NotYou):
            district.record(case, "decide", "housing_lead", request=asked.data["request"], approved=True)
        decided = district.record(case, "decide", "centre_lead", request=asked.data["request"], approved=True)
        assert (decided.data["kind"], decided.data["approved"]) == (kind, True)


def test_the_clock_lays_a_reminder_and_nothing_that_a_person_signs(district: District) -> None:
    case = handling(district)
    for kind in ("letter", "talk", "circular", "listed"):
        with pytest.raises(NotYou):
            district.record(
                case,
                "order",
                "clock",
                kind=kind,
                demand="请办理",
                deadline=at(25),
                issuer="政法委",
                issuer_number="1号",
            )
    district.record(case, "order", "clock", kind="urge", demand="请抓紧", deadline=at(25))
    case.refresh_from_db()
    assert (case.orders_open, case.orders.count()) == (1, 1)


def test_an_order_on_a_declined_case_is_answered_by_the_desk_and_then_lifted(district: District) -> None:
    case = district.register()
    district.move(case, "decline", "clerk", reason="N7", instead="区住建局，电话 0349-6020000")
    laid = district.record(case, "order", "supervisor", kind="letter", demand="应受理未受理，请说明", deadline=at(27))
    order = laid.data["order"]
    district.record(case, "respond", "clerk", order=order, response="已重新核对")
    with pytest.raises(NotNow):
        district.move(case, "archive", "supervisor", MONDAY + timedelta(days=90))
    district.record(case, "lift", "supervisor", order=order, note="已整改")
    case = district.move(case, "archive", "supervisor", MONDAY + timedelta(days=90))
    assert (case.status, case.orders_open, case.deadlines.filter(running=True).count()) == ("archived", 0, 0)


def test_while_a_unit_leads_the_desk_does_not_answer_for_it(district: District) -> None:
    case = handling(district)
    district.record(case, "order", "supervisor", kind="urge", demand="请抓紧", deadline=at(27))
    case.refresh_from_db()
    may = {
        name: "respond" in [offer.name for offer in records_for(case, district.actor(name), MONDAY)]
        for name in ("handler", "housing_lead", "clerk", "dispatcher", "supervisor")
    }
    assert may == {"handler": True, "housing_lead": True, "clerk": False, "dispatcher": False, "supervisor": False}


def test_a_case_whose_place_is_corrected_goes_to_a_desk_above_both_places(district: District) -> None:
    case = district.register("grid_worker", place={"grid": GRID})
    district.record(case, "amend", "clerk", area=OTHER_STREET, reason="在凤凰城镇")
    case.refresh_from_db()
    assert (case.area_code, case.grid_code, case.desk_area) == (OTHER_STREET, "", DISTRICT)
    with pytest.raises(Incomplete):
        Area.objects.create(code="140602", name="邻区", level="district")
        district.record(case, "amend", "clerk", area="140602", reason="在邻区")
    moved = district.register("resident", place={"area": COMMUNITY})
    district.record(moved, "amend", "clerk", grid=GRID, reason="在一网格")
    moved.refresh_from_db()
    assert (moved.area_code, moved.grid_code, moved.desk_area) == (GRID, GRID, COMMUNITY)


def test_a_case_reopened_before_anybody_accepted_it_counts_as_accepted(district: District) -> None:
    case = district.register()
    district.move(case, "withdraw", "clerk", note="诉求人要求撤回")
    case = district.move(case, "reopen", "supervisor", at(24), reason="诉求人反悔")
    assert (case.status, case.accepted_at, case.round) == ("accepted", at(24), 2)


def test_a_unit_whose_only_officer_is_away_is_kept_open_by_the_deputy(district: District) -> None:
    district.unit("water", "区水利局", UnitKind.DEPARTMENT)
    district.person("waterman", "老水", Role.HANDLER, "water")
    district.people["waterman"].is_active = False
    district.people["waterman"].save()
    assert has_officer(district.units["water"].pk, MONDAY) is False
    post = Post.objects.get(user=district.people["waterman"])
    Deputy.objects.create(
        post=post, user=district.people["handler"], starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1)
    )
    assert has_officer(district.units["water"].pk, MONDAY) is True


def test_a_foreign_number_that_came_in_already_is_refused_with_a_sentence(district: District) -> None:
    district.register("integration", channel="hotline", foreign_source="12345", foreign_number="A-1")
    with pytest.raises(Incomplete) as refused:
        district.register("integration", channel="hotline", foreign_source="12345", foreign_number="A-1")
    assert list(refused.value.errors) == ["foreign_number"]


def test_who_cannot_see_a_case_is_told_that_there_is_none_whatever_he_asks(district: District) -> None:
    case = handling(district)
    outsider = district.actor("handler_other")
    for name in ("resolve", "register", "fly"):
        with pytest.raises(NotYours):
            services.move(case, name, actor=outsider, now=MONDAY)
    for kind in ("note", "fly"):
        with pytest.raises(NotYours):
            services.record(case, kind, actor=outsider, now=MONDAY)
    with pytest.raises(NotYours):
        services.move(case, "resolve", actor=outsider, now=MONDAY, if_match=1, client_id="x")


def test_the_refusals_come_in_their_order(district: District) -> None:
    case = handling(district)
    clerk, handler = district.actor("clerk"), district.actor("handler")
    from governance_portal.lib.errors import Stale

    with pytest.raises(Stale):
        services.move(case, "dispatch", actor=clerk, now=MONDAY, if_match=1, version=1)
    with pytest.raises(NotNow):
        services.move(case, "resolve", actor=clerk, now=MONDAY, version=1)
    with pytest.raises(NotNow):
        services.move(case, "dispatch", actor=clerk, now=MONDAY)
    with pytest.raises(NotYou):
        services.move(case, "resolve", actor=clerk, now=MONDAY)
    with pytest.raises(Incomplete) as refused:
        services.move(case, "resolve", actor=handler, now=MONDAY, given={"colour": "red"})
    assert sorted(refused.value.errors) == ["colour", "outcome", "reply", "result"]


def test_a_repeat_is_answered_also_when_the_first_took_the_case_out_of_sight(district: District) -> None:
    case = handling(district)
    case.refresh_from_db()
    given = {"reason": "超出本单位职权"}
    first = (
        services.move(case, "escalate", actor=district.actor("handler"), now=MONDAY, client_id="e-1", given=given)
        if (len(case.desk_area) > 6)
        else None
    )
    assert first is None  # at the district there is nowhere up
    case = district.register("grid_worker", place={"grid": GRID})
    district.move(case, "accept", "grid_worker", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler")
    for _ in range(2):
        after = services.move(
            case, "escalate", actor=district.actor("handler"), now=MONDAY, client_id="e-1", given=given
        )
        assert (after.status, after.desk_area, after.version) == ("accepted", COMMUNITY, 5)
    with pytest.raises(NotYours):
        services.move(case, "escalate", actor=district.actor("handler"), now=MONDAY, client_id="e-2", given=given)
    assert COMMUNITY[:9] == STREET
