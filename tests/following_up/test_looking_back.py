"""Looking back at closed disputes: a date per rule, told once, by the case; what came back is reopened or linked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry, Notice
from cases.following_up import chores, keeping, queries
from cases.models import Case, LookBack, LookBackRule, SameMatter
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import MONDAY, District, at

pytestmark = pytest.mark.django_db
#: 30 days after 23 November.
DAY_30 = at(23, month=12)


@pytest.fixture
def dispute(desk: District, waiting: Callable[..., Case]) -> Case:
    """A dispute closed on 23 November."""
    case = waiting(kind="dispute")
    return desk.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)


def dates(case: Case) -> list[tuple[int, date]]:
    return list(LookBack.objects.filter(case=case).order_by("days").values_list("days", "due_on"))


def test_a_dispute_is_looked_at_after_thirty_days_a_repeated_one_or_one_of_the_police_after_ninety_too(
    desk: District, waiting: Callable[..., Case], dispute: Case
) -> None:
    first = desk.register()
    repeated = waiting(kind="dispute")
    a, b = sorted((first, repeated), key=lambda one: one.pk)
    SameMatter.objects.create(first=a, second=b, reason="同一事项", linked_by=desk.people["clerk"], linked_at=MONDAY)
    police = waiting(kind="dispute", channel="police")
    appeal = waiting()
    for case in (repeated, police, appeal):
        desk.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)
    thirty, ninety = (30, date(2026, 12, 23)), (90, date(2027, 2, 21))
    assert [dates(case) for case in (dispute, repeated, police, appeal)] == [
        [thirty],
        [thirty, ninety],
        [thirty, ninety],
        [],
    ]


def test_a_mediation_that_failed_is_looked_at_too_and_one_that_was_withdrawn_is_not(desk: District) -> None:
    def handled() -> Case:
        case = desk.register(kind="dispute", procedure="mediation")
        desk.move(case, "accept", "clerk", category="0101", level="general")
        desk.move(case, "dispatch", "dispatcher", lead_unit="committee", mode="forward")
        return desk.move(case, "sign", "mediator")

    failed, withdrawn = handled(), handled()
    desk.move(failed, "terminate", "mediator", reason="deadlock", routes="可以起诉")
    desk.move(withdrawn, "withdraw", "clerk", note="不办了")
    assert ([days for days, _day in dates(failed)], dates(withdrawn)) == ([30], [])


def test_the_rows_are_those_of_the_policy_of_the_day(desk: District, waiting: Callable[..., Case]) -> None:
    LookBackRule.objects.filter(days=30).update(valid_to=date(2026, 11, 22))
    LookBackRule.objects.create(kind="dispute", days=45, valid_from=date(2026, 11, 23))
    case = waiting(kind="dispute")
    desk.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)
    assert [days for days, _day in dates(case)] == [45]


def test_it_comes_up_on_its_day_and_the_officers_are_told_once(desk: District, dispute: Case) -> None:
    before, actor = DAY_30 - timedelta(days=1), desk.actor("follow_up", DAY_30)
    assert (queries.look_backs(actor, before).count(), chores.tell_looking_back(before)) == (0, 0)
    assert (chores.tell_looking_back(DAY_30), chores.tell_looking_back(DAY_30)) == (1, 0)
    told = Notice.objects.filter(title=f"{dispute.number} 回头看").values_list("user__username", "body")
    sentence = "办结已满 30 天，请问一问现在是否稳定。"
    assert sorted(told) == [("both", sentence), ("follow_up", sentence), ("follow_up2", sentence)]
    assert queries.look_backs(actor, DAY_30).count() == 1


def test_stable_is_written_once_with_the_call_in_the_history(desk: District, dispute: Case) -> None:
    row, actor = LookBack.objects.get(case=dispute), desk.actor("follow_up", DAY_30)
    keeping.look(row.pk, {"result": "stable"}, actor=actor, now=DAY_30)
    row.refresh_from_db()
    last = dispute.events.order_by("-seq")[0]
    assert (row.result, row.done_by_id, last.kind, last.data["text"]) == (
        "stable",
        actor.user_id,
        "contact",
        "办结后 30 天回头看：稳定。",
    )
    with pytest.raises((NotYours, NotNow)):
        keeping.look(row.pk, {"result": "stable"}, actor=actor, now=DAY_30)
    assert AuditEntry.objects.get(action="look_back").detail == {"result": "stable", "days": 30}


def test_what_came_back_is_told_linked_or_to_be_reopened(desk: District, dispute: Case) -> None:
    row, actor = LookBack.objects.get(case=dispute), desk.actor("follow_up", DAY_30)
    with pytest.raises(Incomplete) as missing:
        keeping.look(row.pk, {"result": "recurred"}, actor=actor, now=DAY_30)
    assert missing.value.errors == {"note": ["有反复或者再次发生的，请写明情况。"]}
    again = desk.register(kind="dispute", now=at(20, month=12))
    given_ = {"result": "recurred", "note": "两家又为滴水檐争执", "number": again.number}
    done = keeping.look(row.pk, given_, actor=actor, now=DAY_30)
    pair = SameMatter.objects.get()
    assert (done.linked_id, {pair.first_id, pair.second_id}) == (again.pk, {dispute.pk, again.pk})
    assert keeping.may_reopen_still(dispute, DAY_30)


def test_an_archived_one_is_looked_at_too_and_takes_no_event(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting(kind="dispute", channel="police")
    desk.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)
    desk.move(case, "archive", "clock", at(10, month=1, year=2027))
    case.refresh_from_db()
    version, late = case.version, at(22, month=2, year=2027)
    row = LookBack.objects.get(case=case, days=90)
    done = keeping.look(row.pk, {"result": "stable"}, actor=desk.actor("follow_up", late), now=late)
    case.refresh_from_db()
    assert (done.result, case.version, keeping.may_reopen_still(case, late)) == ("stable", version, False)


def test_a_case_that_was_reopened_is_not_looked_at_for_its_old_round(desk: District, dispute: Case) -> None:
    desk.move(dispute, "reopen", "supervisor", at(1, month=12), reason="双方又起争执")
    assert queries.look_backs(desk.actor("follow_up", DAY_30), DAY_30).count() == 0
    assert chores.tell_looking_back(DAY_30) == 0


def test_who_handled_it_does_not_look_back_at_it(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting(kind="dispute", handler="both")
    desk.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)
    row = LookBack.objects.get(case=case)
    for who in ("both", "handler", "clerk"):
        with pytest.raises((NotYours, NotYou)):
            keeping.look(row.pk, {"result": "stable"}, actor=desk.actor(who, DAY_30), now=DAY_30)
