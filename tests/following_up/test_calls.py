"""The call: who may, who is on the phone, what is logged, when it is tried again, what closes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.choices import Status
from cases.following_up import queries, services
from cases.following_up.risks import reasons_of
from cases.models import Case, FollowUp, FollowUpPolicy
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import MONDAY, District, at
from tests.following_up.conftest import redone_once

pytestmark = pytest.mark.django_db

HAPPY = {"satisfaction": 5, "resolved": True, "contacted": True}


def line(case: Case) -> list[tuple[str, Any]]:
    """The events since the check, as kind and who was reached or what was answered."""
    since = case.events.filter(kind="approve").order_by("-seq")[0].seq
    found = case.events.filter(seq__gt=since).order_by("seq")
    return [(event.kind, event.data.get("reached", event.data.get("satisfaction"))) for event in found]


def test_the_most_urgent_comes_first_and_says_why(desk: District, waiting: Callable[..., Case]) -> None:
    plain = waiting(now=at(20))
    ordered = waiting(level="urgent")
    desk.record(ordered, "order", "supervisor", kind="letter", demand="请说明", deadline=at(30))
    joint = waiting(visitor_count=6)
    redone = redone_once(desk, waiting())
    own = waiting()
    desk.record(own, "rate", "resident", satisfaction=1, resolved=False)
    rows = list(queries.to_call(desk.actor("follow_up", at(24)), at(24)))
    assert [(row.case_id, row.risk, reasons_of(row)) for row in rows] == [
        (ordered.pk, 8, ["紧急", "被督办"]),
        (own.pk, 6, ["自评不满意"]),
        (plain.pk, 4, []),
        (redone.pk, 4, ["重办后"]),
        (joint.pk, 3, ["集体访"]),
    ]


def test_waiting_adds_a_point_a_day_so_that_nothing_starves(desk: District, waiting: Callable[..., Case]) -> None:
    waiting()
    actor = desk.actor("follow_up")
    points = [queries.to_call(actor, at(day)).get().risk for day in (23, 24, 25, 28, 29, 30)]
    assert points == [0, 1, 2, 5, 5, 5]


def test_nobody_calls_about_what_he_handled_and_no_other_post_calls(
    desk: District, waiting: Callable[..., Case]
) -> None:
    case = waiting(handler="both")
    other = waiting()
    assert [row.case_id for row in queries.to_call(desk.actor("both"), MONDAY)] == [other.pk]
    deeds: dict[str, Callable[..., Any]] = {
        "take": lambda actor: services.take(case, actor, MONDAY),
        "missed": lambda actor: services.missed(case, "next_morning", actor=actor, now=MONDAY),
        "answered": lambda actor: services.answered(case, HAPPY, actor=actor, now=MONDAY),
        "redo": lambda actor: services.wants_redo(case, "再查", "2", actor=actor, now=MONDAY),
        "unreached": lambda actor: services.unreached(case, actor=actor, now=MONDAY),
    }
    said = {}
    for who in ("both", "supervisor", "handler", "clerk"):
        for name, deed in deeds.items():
            with pytest.raises(NotYou) as refusal:
                deed(desk.actor(who))
            said[(who, name)] = refusal.value.detail
    own = "您经办过这一件，不能由您回访；请由其他回访员办理。"
    post = "回访由回访员办理，您在本件上没有这个岗位。"
    assert said == {
        (who, name): own if who == "both" else post
        for who in ("both", "supervisor", "handler", "clerk")
        for name in deeds
    }
    assert line(case) == []


def test_two_officers_do_not_ring_the_same_person(desk: District, waiting: Callable[..., Case]) -> None:
    case, next_one = waiting(level="urgent"), waiting()
    first, second = desk.actor("follow_up", at(23, 10)), desk.actor("follow_up2", at(23, 10))
    services.take(case, first, at(23, 10))
    with pytest.raises(NotNow) as refusal:
        services.take(case, second, at(23, 10, 5))
    assert refusal.value.detail == "小陈正在回访这一件（10:00 开始），请先打下一件。"
    found = queries.next_to_call(second, at(23, 10, 5))
    assert found is not None and found.case_id == next_one.pk
    with pytest.raises(NotNow):
        services.answered(case, HAPPY, actor=second, now=at(23, 10, 5))
    # A quarter of an hour after his last sign it is free again; and at once when he puts it back.
    assert services.take(case, second, at(23, 10, 15)).caller_id == second.user_id
    services.leave(case, second)
    assert services.take(case, first, at(23, 10, 16)).caller_id == first.user_id


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_officers_who_press_at_the_same_moment_one_has_the_call(
    postgres: None, desk: District, waiting: Callable[..., Case]
) -> None:
    case = waiting()
    names = ["follow_up", "follow_up2"] * 4
    started, told = threading.Barrier(len(names)), []

    def press(name: str) -> None:
        try:
            actor = desk.actor(name, at(23, 10))
            started.wait()
            services.take(case, actor, at(23, 10))
            told.append((name, "has it"))
        except NotNow:
            told.append((name, "busy"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = FollowUp.objects.get(case=case).caller
    assert winner is not None
    assert sorted(told) == sorted((name, "has it" if name == winner.username else "busy") for name in names)


def test_a_call_that_is_not_answered_is_logged_and_not_tried_before_the_time_agreed(
    desk: District, waiting: Callable[..., Case]
) -> None:
    case = waiting()
    actor = desk.actor("follow_up", at(23, 10))
    row = services.missed(case, "next_morning", actor=actor, now=at(23, 10))
    assert (line(case), row.attempts, row.not_before, row.caller) == ([("contact", False)], 1, at(24, 9, 30), None)
    rows = queries.to_call(actor, at(24, 9, 29))
    assert (queries.ready(rows, at(24, 9, 29)).count(), queries.put_off(rows, at(24, 9, 29)).count()) == (0, 1)
    assert queries.next_to_call(actor, at(24, 9, 29)) is None
    again = queries.next_to_call(actor, at(24, 9, 30))
    assert again is not None and again.case_id == case.pk


def test_unreached_is_offered_after_two_different_days_and_stands_apart(
    desk: District, waiting: Callable[..., Case]
) -> None:
    case = waiting()
    for moment in (at(23, 10), at(23, 15), at(23, 16)):
        services.missed(case, "next_morning", actor=desk.actor("follow_up", moment), now=moment)
    case.refresh_from_db()
    with pytest.raises(NotNow) as refusal:
        services.unreached(case, actor=desk.actor("follow_up", at(23, 17)), now=at(23, 17))
    assert "须在不同的两天各联系一次未接通" in refusal.value.detail
    services.missed(case, "next_morning", actor=desk.actor("follow_up2", at(24, 10)), now=at(24, 10))
    closed = services.unreached(case, actor=desk.actor("follow_up2", at(24, 11)), now=at(24, 11))
    row = FollowUp.objects.get(case=case)
    assert (closed.status, closed.satisfaction, row.result, row.attempts) == ("closed", None, "unreached", 4)


@settings(max_examples=60, deadline=None)
@given(st.datetimes(min_value=at(1, month=1).replace(tzinfo=None), max_value=at(31, month=12).replace(tzinfo=None)))
@pytest.mark.django_db
def test_a_later_try_lies_ahead_by_day_and_within_a_fortnight(moment: Any) -> None:
    now = moment.replace(tzinfo=MONDAY.tzinfo)
    found = services.slots(now)
    assert {"next_morning", "next_afternoon"} <= {slot["code"] for slot in found}
    assert all(now < slot["at"] and (slot["at"] - now).days < 14 for slot in found)
    assert all(slot["at"].astimezone(MONDAY.tzinfo).hour <= 20 for slot in found)


def test_an_answer_closes_with_the_call_on_record(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    now = at(23, 10)
    closed = services.answered(
        case, {**HAPPY, "satisfaction": 4, "note": "已经暖和了"}, actor=desk.actor("follow_up"), now=now
    )
    row = FollowUp.objects.get(case=case)
    assert line(case) == [("contact", True), ("confirm", 4)]
    assert (closed.status, closed.satisfaction, closed.resolved) == ("closed", 4, True)
    assert (row.result, row.ended_at, row.reached_at, row.caller, row.attempts) == ("confirmed", now, now, None, 1)


def test_an_answer_that_is_not_complete_leaves_nothing_behind(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    with pytest.raises(Incomplete) as refusal:
        services.answered(case, {"satisfaction": 4}, actor=desk.actor("follow_up"), now=MONDAY)
    assert refusal.value.errors == {"resolved": ["请填写问题是否解决。"], "contacted": ["请填写是否联系过诉求人。"]}
    assert (line(case), FollowUp.objects.get(case=case).attempts) == ([], 0)


def test_who_closes_it_meanwhile_wins_and_the_caller_is_told(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    actor = desk.actor("follow_up")
    services.take(case, actor, MONDAY)
    desk.record(case, "rate", "resident", satisfaction=5, resolved=True)
    desk.move(case, "confirm", "resident", satisfaction=5, resolved=True)
    with pytest.raises(NotNow):
        services.answered(case, HAPPY, actor=actor, now=MONDAY)
    assert FollowUp.objects.get(case=case).result == "rated"


def test_calls_of_the_handling_unit_are_no_attempts_of_the_follow_up(
    desk: District, waiting: Callable[..., Case]
) -> None:
    case = waiting()
    desk.record(case, "contact", "handler", way="phone", reached=False)
    assert FollowUp.objects.get(case=case).attempts == 0


def test_a_redo_opens_a_follow_up_of_its_own(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    assert services.wants_redo(case, "管道仍然不热", "2", actor=desk.actor("follow_up"), now=MONDAY) == "redo"
    case.refresh_from_db()
    assert (case.status, line(case)) == ("handling", [("contact", True), ("redo", None)])
    desk.move(case, "resolve", "handler", result="再换泵", outcome="fulfilled", reply="已恢复供热。")
    desk.move(case, "approve", "supervisor", at(24))
    rows = FollowUp.objects.filter(case=case).order_by("round").values_list("round", "result", "reasons")
    assert list(rows) == [(1, "redo", []), (2, "", ["redone"])]


def test_everybody_sees_his_own_area_only(desk: District, waiting: Callable[..., Case]) -> None:
    waiting()
    desk.person("far", "外街回访员", "follow_up_officer", "other_street", "140603101")
    assert queries.counts_of(desk.actor("far"), MONDAY) == dict.fromkeys(
        ("calls", "later", "unrated", "redo", "bad", "back"), 0
    )
    assert queries.counts_of(desk.actor("follow_up"), MONDAY)["calls"] == 1


def test_what_was_not_drawn_waits_for_a_rating_and_an_unhappy_one_brings_it_back(
    desk: District, waiting: Callable[..., Case]
) -> None:
    FollowUpPolicy.objects.update(share=0)
    case = waiting()
    actor = desk.actor("follow_up")
    assert (queries.to_call(actor, MONDAY).count(), queries.left_to_rate(actor, MONDAY).count()) == (0, 1)
    desk.record(case, "rate", "resident", satisfaction=4, resolved=False)
    assert (queries.to_call(actor, MONDAY).count(), queries.left_to_rate(actor, MONDAY).count()) == (1, 0)
    assert Case.objects.get(pk=case.pk).status == Status.FOLLOW_UP


def test_nothing_is_left_of_a_transaction_that_fails(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    with transaction.atomic():
        services.answered(case, HAPPY, actor=desk.actor("follow_up"), now=MONDAY)
        transaction.set_rollback(True)
    row = FollowUp.objects.get(case=case)
    assert (row.result, row.attempts, row.caller_id) == ("", 0, None)
