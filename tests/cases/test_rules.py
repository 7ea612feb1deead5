"""The eight rules that no interleaving may break (design/workflow.md), each by its name."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from accounts.choices import Role
from accounts.models import Notice
from cases import policies, services
from cases.fold import COLUMNS, fold
from cases.models import Case, Deadline, Event, Outbox
from cases.queries import moves_for
from cases.services import door
from cases.services.clock import sweep
from cases.services.integrity import faults
from cases.services.parties import may_unmask
from governance_portal.lib.errors import NotNow, Refusal
from tests.cases.cast import MONDAY, District, at
from tests.cases.matrix import (
    GIVEN,
    LATER,
    accepted,
    closed,
    dispatched,
    follow_up,
    handling,
    people,
    registered,
    supervision,
)


@pytest.fixture
def cast(district: District) -> District:
    return people(district)


def due(case: Case) -> Any:
    case.refresh_from_db()
    return case.due_at


# --- 1 ----------------------------------------------------------------------------------------------------------


def test_rule_1_the_status_is_written_by_one_function_only() -> None:
    """Only `copy_state` of the door assigns the columns of the state, and only `write_row` stores them.

    See tests/house/test_floors.py for status.
    """
    tree = ast.parse((Path(settings.BASE_DIR) / "cases/services/door.py").read_text(encoding="utf-8"))
    writers = {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr"
    }
    assert writers == {"copy_state", "write_row"}


@pytest.mark.parametrize("broken", ["write_row", "write_deadlines", "announce", "_write_assisting"])
def test_rule_1_status_event_deadlines_and_outbox_are_one_transaction(
    cast: District, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    case = registered(cast)
    before = [list(kind.objects.order_by("pk").values()) for kind in (Case, Event, Deadline, Outbox)]

    def fail(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(door, broken, fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        cast.move(case, "accept", "clerk", **GIVEN["accept"])
    assert [list(kind.objects.order_by("pk").values()) for kind in (Case, Event, Deadline, Outbox)] == before


def test_rule_1_every_event_has_its_outbox_row(cast: District) -> None:
    closed(cast)
    assert list(Event.objects.filter(outbox__isnull=True)) == []


# --- 2 ----------------------------------------------------------------------------------------------------------


def test_rule_2_folding_the_history_gives_the_row_and_the_deadlines_exactly(cast: District) -> None:
    for build in (registered, accepted, dispatched, handling, supervision, follow_up, closed):
        build(cast)
    assert list(faults()) == []


def test_rule_2_the_fold_of_a_part_is_what_stood_there_then(cast: District) -> None:
    case = closed(cast)
    events = list(case.events.order_by("seq"))
    calendar = policies.calendar()
    assert [fold(events[: n + 1], calendar).status for n in range(len(events))] == [e.status_after for e in events]
    assert [fold(events[: n + 1], calendar).version for n in range(len(events))] == [e.seq for e in events]


# --- 3 ----------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour(19)
def test_rule_3_the_second_to_press_is_told_who_moved_it_and_to_what(cast: District) -> None:
    """Sixteen threads do it in test_together.py; here the words."""
    case = registered(cast)
    cast.move(case, "accept", "operator", at(23, 9, 31), **GIVEN["accept"])
    with pytest.raises(NotNow) as refused:
        cast.move(case, "accept", "clerk", at(23, 9, 32), **GIVEN["accept"])
    told = (refused.value.current_status, refused.value.moved_by, refused.value.moved_at)
    assert told == ("accepted", "小周", at(23, 9, 31))
    assert refused.value.detail == (
        "该件已于 11月23日 09:31 由平鲁区社会治安综合治理中心“受理”，现为“待分流”，您的操作未生效。"
        "该件现在是“待分流”，不能“受理”。"
    )


def test_rule_3_an_older_version_is_told_too_although_the_move_would_be_legal(cast: District) -> None:
    case = accepted(cast)
    cast.record(case, "note", "clerk", text="诉求人来电")
    with pytest.raises(NotNow):
        services.move(case, "dispatch", actor=cast.actor("dispatcher"), now=MONDAY, version=2, given=GIVEN["dispatch"])
    case.refresh_from_db()
    assert (case.status, case.version) == ("accepted", 3)


# --- 4: more in test_complaints.py ------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["conduct", "report"])
def test_rule_4_a_complaint_does_not_show_its_unit_the_reporter(cast: District, nature: str) -> None:
    case = registered(cast, complained_unit="housing", complaint_nature=nature)
    unit = [name for name in cast.people if "housing" in {p.unit_code for p in cast.actor(name).posts}]
    assert len(unit) >= 6
    assert [name for name in unit if Case.objects.visible_to(cast.actor(name), MONDAY).filter(pk=case.pk)] == []
    assert [name for name in unit if may_unmask(case, cast.actor(name), MONDAY)] == []
    assert [name for name in unit if moves_for(case, cast.actor(name), MONDAY)] == []


def test_rule_4_no_road_leads_a_conduct_complaint_to_its_unit(cast: District) -> None:
    case = accepted(cast, complained_unit="housing", complaint_nature="conduct")
    roads: list[tuple[str, dict[str, Any]]] = [
        ("dispatch", {"lead_unit": "housing", "mode": "forward"}),
        ("dispatch", {"lead_unit": "heating", "mode": "forward"}),
        ("dispatch", {"lead_unit": "street", "mode": "forward", "assisting_units": ["housing"]}),
        ("consult", {"units": ["street", "housing"], "question": "由谁办理"}),
    ]
    for name, given in roads:
        with pytest.raises(Refusal):
            cast.move(case, name, "dispatcher", **given)
    cast.move(case, "consult", "dispatcher", units=["street"], question="由谁办理")
    with pytest.raises(Refusal):
        cast.move(case, "conclude", "dispatcher", minutes="由住建局自查", lead_unit="housing")
    cast.move(case, "conclude", "dispatcher", minutes="由镇政府办理", lead_unit="street")
    with pytest.raises(Refusal):
        cast.move(case, "reassign", "dispatcher", lead_unit="housing", reason="x")
    case.refresh_from_db()
    assert case.lead_unit == cast.units["street"]


# --- 5 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ["assigned", "sign", "resolve", "resolve_on_spot", "assist"])
def test_rule_5_who_handled_a_case_neither_checks_it_nor_follows_it_up(cast: District, deed: str) -> None:
    """Handled = was 承办人, or wrote sign, resolve, resolve_on_spot, assist."""
    both = "busy_supervisor"
    cast.person(both, both, Role.FOLLOW_UP_OFFICER, "centre")
    cast.person(both, both, Role.CLERK, "centre")
    hazard = {"kind": "hazard", "reporters": []}
    if deed == "resolve_on_spot":
        case = registered(cast, **hazard)
        cast.move(case, "resolve_on_spot", both, **{**GIVEN["resolve_on_spot"], "category": "H01"})
    else:
        case = dispatched(cast, assisting=("street",))
        if deed == "assist":
            cast.person(both, both, Role.HANDLER, "street", "140603100")
            cast.record(case, "assist", both, opinion="同意")
        cast.move(case, "sign", "handler" if deed in ("assist", "assigned") else both)
        if deed == "assigned":
            cast.record(case, "assign", "housing_lead", handler=both)
            cast.record(case, "assign", "housing_lead", handler="handler")
        if deed == "sign":
            cast.record(case, "assign", "housing_lead", handler="handler")
        opinions = {"taken_in": ["street"]} if deed == "assist" else {"waived": "已电话核实，不再等书面意见"}
        cast.move(case, "resolve", both if deed == "resolve" else "handler", **GIVEN["resolve"], **opinions)
    case.refresh_from_db()
    checking = {offer.name for offer in moves_for(case, cast.actor(both), MONDAY)}
    assert (case.status, checking & {"approve", "send_back", "close_verified"}) == ("supervision", set())
    case = cast.move(case, "approve", "supervisor")
    following = {offer.name for offer in moves_for(case, cast.actor(both), MONDAY)}
    assert following & {"confirm", "close_unreached", "close_uncalled"} == set()
    assert "approve" not in following and "confirm" in {
        o.name for o in moves_for(case, cast.actor("follow_up"), MONDAY)
    }


def test_rule_5_where_a_street_has_nobody_eligible_the_district_has_it(cast: District) -> None:
    cast.person("street_clerk", "镇受理员", Role.CLERK, "street", "140603100")
    case = cast.register("street_clerk", place={"area": "140603100001"})
    assert case.desk_area == "140603100"
    case = cast.move(case, "resolve_on_spot", "street_clerk", **GIVEN["resolve_on_spot"])
    eligible = {n for n in cast.people if "confirm" in {o.name for o in moves_for(case, cast.actor(n), MONDAY)}}
    assert eligible == {"follow_up", "busy_follow_up"}


# --- 6: the clocks themselves are in test_clocks.py ---------------------------------------------------------------


def test_rule_6_the_residents_date_never_restarts(cast: District) -> None:
    """On return, insistence, reassignment, escalation, merge and decline the date stays."""
    case = accepted(cast)
    promised = due(case)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("dispatch", "dispatcher", GIVEN["dispatch"]),
        ("return", "handler", GIVEN["return"]),
        ("insist", "dispatcher", GIVEN["insist"]),
        ("sign", "handler", {}),
        ("reassign", "dispatcher", GIVEN["reassign"]),
        ("sign", "heating_man", {}),
        ("escalate", "heating_man", GIVEN["escalate"]),
        ("merge", "dispatcher", {"master": registered(cast).number}),
        ("unmerge", "dispatcher", GIVEN["unmerge"]),
        ("decline", "clerk", GIVEN["decline"]),
        ("review_decline", "supervisor", GIVEN["review_decline"]),
        ("accept", "clerk", GIVEN["accept"]),
        ("dispatch", "dispatcher", GIVEN["dispatch"]),
        ("sign", "handler", {}),
        ("resolve", "handler", GIVEN["resolve"]),
        ("send_back", "supervisor", GIVEN["send_back"]),
    ]
    for hour, (name, by, given) in enumerate(steps):
        case = cast.move(case, name, by, at(23, 9) + timedelta(minutes=10 * hour), **given)
        assert (name, due(case)) == (name, promised)
    assert [d.period for d in Deadline.objects.filter(case=case, clock="resolve_by")] == [1]


def test_rule_6_lateness_once_reached_is_never_cleared(cast: District) -> None:
    case = handling(cast)
    promised = due(case)
    late = promised + timedelta(hours=30)
    asked = cast.record(case, "request", "handler", late, kind="extension", amount=3, reason="配件未到")
    cast.record(case, "decide", "housing_lead", late, request=asked.data["request"], approved=True)
    assert due(case) > promised and case.late is True
    cast.move(case, "suspend", "housing_lead", late, **{**GIVEN["suspend"], "expected_end": "2027-01-10"})
    cast.move(case, "resume", "handler", late + timedelta(days=20))
    cast.move(case, "resolve", "handler", late + timedelta(days=20), **GIVEN["resolve"])
    case = cast.move(case, "approve", "supervisor", late + timedelta(days=20))
    cast.move(case, "redo", "follow_up", late + timedelta(days=20), **GIVEN["redo"])
    case.refresh_from_db()
    first = Deadline.objects.get(case=case, clock="resolve_by", period=1)
    assert (case.late, first.late_at, case.round) == (True, promised, 2)


# --- 7 ----------------------------------------------------------------------------------------------------------


def test_rule_7_a_case_whose_clock_ran_out_is_chased_and_not_changed(cast: District) -> None:
    case = handling(cast)
    case.refresh_from_db()
    before = list(Case.objects.values())
    much_later = case.due_at + timedelta(days=200)
    sweep(much_later)
    assert list(Case.objects.values()) == before
    chased = set(
        Notice.objects.filter(case_number=case.number, kind="overdue").values_list("user__username", flat=True)
    )
    assert "handler" in chased


# --- 8 ----------------------------------------------------------------------------------------------------------


def test_rule_8_a_closed_case_changes_only_by_reopen_or_archive(cast: District) -> None:
    case = closed(cast)
    may = {
        offer.name
        for now in (MONDAY, LATER)
        for name in (*cast.people, "resident", "integration", "clock")
        for offer in moves_for(case, cast.actor(name), now)
    }
    assert may == {"reopen", "archive"}
    for kind, by, given in (
        ("note", "clerk", {"text": "来电致谢"}),
        ("contact", "follow_up", {"way": "phone", "reached": True}),
        ("order", "supervisor", {"kind": "urge", "demand": "请说明", "deadline": at(30)}),
        ("rate", "resident", {"satisfaction": 1, "resolved": False}),
        ("reissue", "clerk", {}),
    ):
        cast.record(case, kind, by, **given)
    case.refresh_from_db()
    assert (case.status, case.events.last().status_after) == ("closed", "closed")


def test_rule_8_an_archived_case_never_changes(cast: District) -> None:
    case = closed(cast)
    cast.move(case, "archive", "clock", LATER)
    before = list(Case.objects.values()), Event.objects.count()
    # Everybody else of the cast is asked in test_matrix.py, on the scene "archived".
    for name in ("supervisor", "dispatcher", "handler", "resident", "clock"):
        for action in door.TABLE.values():
            with pytest.raises(Refusal):
                if action.is_move:
                    services.move(case, action.name, actor=cast.actor(name), now=LATER)
                else:
                    services.record(case, action.name, actor=cast.actor(name), now=LATER)
    assert (list(Case.objects.values()), Event.objects.count()) == before


def test_every_column_of_the_state_is_one_of_the_row() -> None:
    fields = {field.attname for field in Case._meta.get_fields() if hasattr(field, "attname")} | {"category_code"}
    assert set(COLUMNS) - fields == set()
