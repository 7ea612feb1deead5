"""A hazard's file and its three lists are on the history; who found it or listed it does not verify it (facts §8 0.31, 1.9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import Role
from cases.desks import desk_of
from cases.models import Case, HazardFile, HazardItem
from cases.queries import moves_for, records_for
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import MONDAY, District
from tests.hazards.conftest import FILE, ITEM

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def listed(case: Case) -> list[tuple[int, str, str, str, str, date, bool]]:
    rows = HazardItem.objects.filter(case=case, dropped_at__isnull=True).select_related("unit")
    return [(r.position, r.problem, r.unit.code, r.person, r.measure, r.due_on, r.done_at is not None) for r in rows]


def test_a_file_names_class_unit_person_term_plan_and_what_is_done_meanwhile(
    district: District, found: Callable[..., Case]
) -> None:
    case = found()
    district.record(case, "hazard", "handler", **FILE)
    district.record(case, "hazard", "handler", **FILE)  # nothing changed: no second event
    district.record(case, "hazard", "handler", **{**FILE, "person": "老李 13812341234", "measure": ""})
    file = HazardFile.objects.get(case=case)
    kept = (file.hazard_class, file.detail, file.unit.code, file.person, file.term, file.plan, file.measure)
    said = [event.data["person"] for event in case.events.filter(kind="hazard").order_by("seq")]
    assert (kept, said) == (
        (
            "gas",
            "商业用户",
            "housing",
            "老李 138****1234",
            date(2026, 12, 10),
            "先关阀、开窗、撤人，再报抢修电话。",
            "",
        ),
        ["郑局长", "老李 138****1234"],
    )


def test_a_line_is_problem_responsibility_and_measure_at_once_and_takes_from_the_file_what_it_leaves_out(
    district: District, found: Callable[..., Case]
) -> None:
    case = found()
    with pytest.raises(NotNow, match="请先填“隐患档案”"):
        district.record(case, "hazard_item", "handler", **ITEM)
    district.record(case, "hazard", "handler", **FILE)
    district.record(case, "hazard_item", "handler", **ITEM)
    own = {"problem": "软管过长", "measure": "换短", "unit": "heating", "person": "老冯", "due_on": "2026-11-30"}
    district.record(case, "hazard_item", "handler2", **own)
    with pytest.raises(Incomplete, match="已经在清单里"):
        district.record(case, "hazard_item", "handler", **ITEM)
    assert listed(case) == [
        (1, "灶具没有熄火保护装置", "housing", "郑局长", "更换灶具并检漏", date(2026, 12, 10), False),
        (2, "软管过长", "heating", "老冯", "换短", date(2026, 11, 30), False),
    ]


def test_what_is_put_right_says_how_and_what_is_dropped_says_why_and_keeps_its_number(
    district: District, found: Callable[..., Case]
) -> None:
    case = found()
    district.record(case, "hazard", "handler", **FILE)
    for problem in ("甲", "乙"):
        district.record(case, "hazard_item", "handler", **{**ITEM, "problem": problem})
    with pytest.raises(Incomplete, match="请写明做了什么"):
        district.record(case, "hazard_done", "handler", item=1, done=True)
    done = district.record(case, "hazard_done", "handler", item=1, done=True, result="已更换，检漏合格")
    with pytest.raises(Incomplete, match="已经整改完成，不能移出"):
        district.record(case, "hazard_drop", "handler", item=1, note="写错了")
    district.record(case, "hazard_drop", "handler", item=2, note="写重了")
    with pytest.raises(Incomplete, match="没有第 2 条"):
        district.record(case, "hazard_done", "handler", item=2, done=True, result="好了")
    district.record(case, "hazard_item", "handler", **{**ITEM, "problem": "丙"})
    assert (done.data["finished"], done.data["total"]) == (1, 2)
    assert [(row[0], row[1], row[6]) for row in listed(case)] == [(1, "甲", True), (3, "丙", False)]
    assert list(faults()) == []


def test_nothing_is_reported_as_put_right_while_a_line_is_open(
    district: District, found: Callable[..., Case], resolve: Callable[..., Case]
) -> None:
    case = found()
    district.record(case, "hazard", "handler", **FILE)
    district.record(case, "hazard_item", "handler", **ITEM)
    with pytest.raises(NotNow, match="整改清单还有 1 条没有完成（第 1 条）"):
        resolve(case)
    district.record(case, "hazard_done", "handler", item=1, done=True, result="已更换")
    assert resolve(case).status == "supervision"


def test_who_found_a_hazard_does_not_verify_it(
    district: District, found: Callable[..., Case], resolve: Callable[..., Case], finder: str
) -> None:
    case = resolve(found(finder, channel="window"))
    told = []
    for name, given in (("close_verified", {}), ("approve", {}), ("send_back", {"note": "再查"})):
        with pytest.raises(NotYou) as refused:
            district.move(case, name, finder, **given)
        told.append(refused.value.detail)
    sentence = "这处隐患由您登记，“{}”须由没有发现、没有经办它的督办员办理（发现人不核查）。"
    assert told == [sentence.format(label) for label in ("核查销号", "审核通过", "退回重办")]
    actor = district.actor(finder)
    assert {"close_verified", "approve"} & {offer.name for offer in moves_for(case, actor, MONDAY)} == set()
    assert case not in desk_of(actor, MONDAY)
    assert case in desk_of(district.actor("supervisor"), MONDAY)
    assert district.move(case, "close_verified", "supervisor").status == "closed"


def test_nor_does_who_wrote_its_list_or_handled_it(
    district: District, found: Callable[..., Case], resolve: Callable[..., Case]
) -> None:
    for role in (Role.DISPATCHER, Role.SUPERVISOR):
        district.person("lister", "老周两岗", role, "centre")
    for role in (Role.HANDLER, Role.SUPERVISOR):
        district.person("fixer", "老吴两岗", role, "housing")
    case = found()
    district.record(case, "hazard", "lister", **FILE)
    district.record(case, "hazard_item", "lister", **ITEM)
    district.record(case, "hazard_done", "fixer", item=1, done=True, result="已更换")
    resolve(case)
    with pytest.raises(NotYou, match="由您列出"):
        district.move(case, "close_verified", "lister")
    with pytest.raises(NotYou):
        district.move(case, "close_verified", "fixer")
    assert district.move(case, "close_verified", "supervisor2").status == "closed"


def test_another_kind_of_matter_has_no_file_and_strangers_none_to_write(
    district: District, found: Callable[..., Case]
) -> None:
    appeal, hazard = district.register(), found()
    with pytest.raises(NotNow, match="只有安全隐患才有"):
        district.record(appeal, "hazard", "clerk", **FILE)
    with pytest.raises(NotYou):
        district.record(hazard, "hazard", "follow_up", **FILE)
    names = {
        who: {offer.name for offer in records_for(hazard, district.actor(who), MONDAY) if "hazard" in offer.name}
        for who in ("clerk", "supervisor", "handler", "follow_up")
    }
    whole = {"hazard", "hazard_item", "hazard_done", "hazard_drop"}
    assert names == {
        "clerk": whole - {"hazard_done"},
        "supervisor": {"hazard"},
        "handler": whole,
        "follow_up": set(),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"hazard_class": "nonsense"},
        {"person": ""},
        {"plan": ""},
        {"unit": "nowhere"},
        {"term": "2026-11-22"},
        {"term": "明天"},
        {"detail": "长" * 41},
        {"plan": "有\x00字符"},
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    district: District, found: Callable[..., Case], wrong: dict[str, str]
) -> None:
    with pytest.raises(Incomplete) as refused:
        district.record(found(), "hazard", "handler", **{**FILE, **wrong})
    assert list(refused.value.errors) == list(wrong)


@pytest.mark.django_db
def test_the_database_keeps_a_result_with_every_line_that_is_done(
    district: District, found: Callable[..., Case]
) -> None:
    case = found()
    district.record(case, "hazard", "handler", **FILE)
    district.record(case, "hazard_item", "handler", **ITEM)
    for change in ({"done_at": MONDAY}, {"dropped_at": MONDAY, "done_at": MONDAY, "result": "好了"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HazardItem.objects.filter(case=case).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        HazardFile.objects.filter(case=case).update(plan="")
    assert HazardFile.objects.get(case=case).filed_at - MONDAY < timedelta(days=1)
