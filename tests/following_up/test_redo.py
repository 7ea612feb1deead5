"""A second redo is decided by a supervisor; refused, it is explained in writing, countersigned, and counts as unhappy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Notice
from cases import queries as reading
from cases.following_up import queries, services
from cases.models import Case, FollowUp, RedoRequest
from cases.services import clock
from cases.services.foreseeing import foresee
from cases.statistics.counting import follow_up_counts
from cases.statistics.windows import EVER
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import MONDAY, District, at
from tests.following_up.conftest import redone_once
from tests.statistics.recount import recount

pytestmark = pytest.mark.django_db
WHY = "楼道照明属于业主共有部分，依物业管理条例由业主决定；可以向业主委员会提出，也可以起诉。"


@pytest.fixture
def asked(desk: District, waiting: Callable[..., Case]) -> Case:
    """Redone once, still not content: the officer has asked the supervisor."""
    case = redone_once(desk, waiting())
    actor = desk.actor("follow_up", at(24))
    assert services.wants_redo(case, "楼道照明也要修", "1", actor=actor, now=at(24)) == "asked"
    case.refresh_from_db()
    return case


def test_a_second_redo_is_asked_for_and_not_called_again_meanwhile(desk: District, asked: Case) -> None:
    row = RedoRequest.objects.get(case=asked)
    assert (asked.status, asked.redo_request, asked.redo_count) == ("follow_up", "asked", 1)
    assert (row.round, row.wanted, row.satisfaction, row.asked_by.username) == (2, "楼道照明也要修", 1, "follow_up")
    assert queries.to_call(desk.actor("follow_up"), at(24)).count() == 0
    assert [r.pk for r in queries.redo_requests(desk.actor("supervisor"), at(24))] == [row.pk]
    clock.sweep(at(24, 10))
    told = Notice.objects.filter(case_number=asked.number, title__contains="申请再次重办")
    assert sorted(told.values_list("user__username", flat=True)) == ["supervisor", "supervisor2"]


def test_the_officer_cannot_do_it_a_second_time_himself_nor_ask_twice(desk: District, asked: Case) -> None:
    with pytest.raises(NotYou):
        desk.move(asked, "redo", "follow_up", at(24), note="再查")
    with pytest.raises(NotNow) as refusal:
        desk.record(asked, "ask_redo", "follow_up", at(24), wanted="再查", unhappy="2")
    assert "该件的重办申请已经提出" in refusal.value.detail


def test_agreed_to_it_goes_back_to_work_in_the_same_transaction(desk: District, asked: Case) -> None:
    desk.record(asked, "decide_redo", "supervisor", at(24, 11), approved=True, note="请现场核实")
    asked.refresh_from_db()
    kinds = list(asked.events.order_by("seq").values_list("kind", flat=True))[-2:]
    assert (kinds, asked.status, asked.redo_count, asked.redo_request) == (["decide_redo", "redo"], "handling", 2, "")
    assert asked.events.get(kind="redo", seq=asked.version).data["note"] == "楼道照明也要修\n请现场核实"
    assert FollowUp.objects.get(case=asked, round=2).result == "redo"


def test_refused_it_is_explained_countersigned_closed_as_answered_and_counts_as_unhappy(
    desk: District, asked: Case
) -> None:
    with pytest.raises(Incomplete) as missing:
        desk.record(asked, "decide_redo", "supervisor", at(24, 11), approved=False, note="不属保修范围")
    assert missing.value.errors == {"explanation": ["不同意重办的，请写明释法说明；会签后居民会看到。"]}
    desk.record(asked, "decide_redo", "supervisor", at(24, 11), approved=False, note="不属保修范围", explanation=WHY)
    asked.refresh_from_db()
    assert (asked.status, asked.redo_request) == ("follow_up", "refused")
    assert WHY not in str(reading.public_timeline(asked))
    desk.move(asked, "close_explained", "centre_lead", at(24, 15))
    asked.refresh_from_db()
    row = RedoRequest.objects.get(case=asked)
    told = reading.public_timeline(asked)["events"][-1]
    counts = follow_up_counts(Case.objects.all(), EVER, at(25))
    assert (asked.status, asked.outcome, asked.satisfaction, asked.resolved) == ("closed", "answered", 1, False)
    assert (told["label"], told["text"]) == ("已办结，书面说明如下", WHY)
    assert (row.decided_by.username, row.signed_by.username) == ("supervisor", "centre_lead")  # type: ignore[union-attr]
    assert (counts["rated_closed"], counts["satisfied_closed"], counts["solved"], counts["asked_solved"]) == (
        1,
        0,
        0,
        1,
    )
    assert FollowUp.objects.get(case=asked, round=2).result == "explained"
    assert (counts["call_due"], counts["called"]) == (1, 1)
    told_again = recount(Case.objects.all(), EVER, at(25))
    assert counts == {name: told_again[name] for name in counts}


def test_who_decided_does_not_countersign_nor_who_handled(desk: District, asked: Case) -> None:
    desk.person("centre_lead", "孙主任", "supervisor", "centre")
    desk.record(asked, "decide_redo", "centre_lead", at(24, 11), approved=False, note="不支持", explanation=WHY)
    with pytest.raises(NotYou) as refusal:
        desk.move(asked, "close_explained", "centre_lead", at(24, 15))
    assert refusal.value.detail == "释法说明由您批复，须由另一位负责人会签。"
    for who in ("follow_up", "supervisor", "handler"):
        with pytest.raises(NotYou):
            desk.move(asked, "close_explained", who, at(24, 15))


def test_a_supervisor_who_handled_it_does_not_decide(desk: District, waiting: Callable[..., Case]) -> None:
    desk.person("supervisor2", "钱督办", "handler", "housing")
    case = waiting(handler="supervisor2")
    desk.move(case, "redo", "follow_up", note="再查")
    desk.move(case, "resolve", "supervisor2", result="已换泵", outcome="fulfilled", reply="已恢复。")
    desk.move(case, "approve", "supervisor")
    case.refresh_from_db()
    services.wants_redo(case, "再查", "2", actor=desk.actor("follow_up"), now=MONDAY)
    with pytest.raises(NotYou):
        desk.record(case, "decide_redo", "supervisor2", approved=True, note="同意")
    assert queries.redo_requests(desk.actor("supervisor2"), MONDAY).count() == 0


def test_a_request_that_the_resident_settles_himself_waits_for_nobody_any_more(desk: District, asked: Case) -> None:
    desk.move(asked, "confirm", "resident", at(24, 12), satisfaction=5, resolved=True)
    assert queries.redo_requests(desk.actor("supervisor"), at(24, 13)).count() == 0
    with pytest.raises(NotNow):
        desk.record(asked, "decide_redo", "supervisor", at(24, 13), approved=True, note="同意")


def test_the_explanation_is_looked_at_first_and_reads_as_it_will_once_countersigned(
    desk: District, asked: Case
) -> None:
    decide, actor = TABLE["decide_redo"], desk.actor("supervisor", at(24, 11))
    given = {"approved": False, "note": "不属保修范围", "explanation": WHY}
    then, events = foresee(asked, decide, given, actor=actor, now=at(24, 11))
    foreseen = reading.public_timeline(then, events)
    asked.refresh_from_db()
    assert (asked.redo_request, RedoRequest.objects.get(case=asked).approved) == ("asked", None)
    desk.record(asked, "decide_redo", "supervisor", at(24, 11), **given)
    desk.move(asked, "close_explained", "centre_lead", at(24, 11))
    asked.refresh_from_db()
    assert foreseen == reading.public_timeline(asked)
    assert foreseen["events"][-1]["text"] == WHY
    for without in ({**given, "explanation": ""}, {"approved": True, "note": "请现场核实"}):
        with pytest.raises(Incomplete):
            foresee(asked, decide, without, actor=actor, now=at(24, 12))
