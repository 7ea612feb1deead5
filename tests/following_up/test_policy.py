"""Whom the policy wants called: the most specific row, the draw that anybody repeats, and what the clock closes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import choices as c
from cases.choices import Kind, Procedure
from cases.following_up import chores, services
from cases.following_up.approving import chosen_allows
from cases.following_up.choices import Circumstance, Settled
from cases.following_up.default_policies import FOLLOW_UP_POLICIES
from cases.following_up.planning import choose, circumstances_of, is_drawn, ticket
from cases.models import Case, FollowUp, FollowUpPolicy, SameMatter
from governance_portal.lib.errors import Incomplete
from tests.cases.cast import MONDAY, District, at

pytestmark = pytest.mark.django_db

DEFAULTS = [
    FollowUpPolicy(pk=place, valid_from=date(2020, 1, 1), **row) for place, row in enumerate(FOLLOW_UP_POLICIES)
]


def share(kind: str = "appeal", procedure: str = "ordinary", settled: str = "checked", *reasons: str) -> int:
    found = choose(DEFAULTS, kind, procedure, settled, reasons)
    assert found is not None
    return int(found.share)


def test_disputes_complaints_orders_repeats_petitions_and_redone_ones_must_be_called_the_quick_ones_by_sample() -> None:
    assert [
        share(),
        share("dispute"),
        share("dispute", "mediation", "on_spot"),
        share("consultation", "petition"),
        *(
            share("consultation", "ordinary", "on_spot", reason)
            for reason in ("complaint", "ordered", "repeated", "redone")
        ),
    ] == [100] * 8
    assert [share("appeal", "ordinary", "on_spot"), share("appeal", "ordinary", "self_settled")] == [20, 20]
    assert [share("consultation"), share("suggestion"), share("consultation", "ordinary", "on_spot")] == [10, 10, 10]
    assert [
        share("dispute", "petition", "checked", "nobody", "ordered"),
        share("hazard", "ordinary", "x", "anonymous"),
    ] == [0, 0]


def test_of_two_versions_the_one_in_force_holds_and_the_newer_of_two_in_force() -> None:
    old = FollowUpPolicy(pk=1, kind="appeal", share=30, valid_from=date(2026, 1, 1))
    new = FollowUpPolicy(pk=2, kind="appeal", share=30, valid_from=date(2026, 6, 1))
    assert choose([old, new], "appeal", "ordinary", "checked", ()) is new
    assert choose([], "appeal", "ordinary", "checked", ()) is None


REASONS = [str(reason) for reason in Circumstance]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([k.value for k in Kind]),
    st.sampled_from([p.value for p in Procedure]),
    st.sampled_from([s.value for s in Settled]),
    st.sets(st.sampled_from(REASONS)),
    st.permutations(range(len(DEFAULTS))),
)
def test_the_choice_does_not_depend_on_the_order_of_the_rows_and_a_must_is_never_lost(
    kind: str, procedure: str, settled: str, reasons: set[str], order: list[int]
) -> None:
    shuffled = choose([DEFAULTS[place] for place in order], kind, procedure, settled, reasons)
    assert shuffled == choose(DEFAULTS, kind, procedure, settled, reasons)
    assert shuffled is not None
    nobody = reasons & {"nobody", "anonymous"}
    demanded = reasons & {"complaint", "ordered", "repeated", "redone"} or procedure == "petition" or kind == "dispute"
    if nobody:
        assert shuffled.share == 0
    elif demanded:
        assert shuffled.share == 100


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**14 - 1), st.integers(1, 9), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_share_draws_whatever_a_smaller_one_draws(number: int, round_: int, a: int, b: int) -> None:
    text, less, more = f"{number:014d}", min(a, b), max(a, b)
    assert not is_drawn(text, round_, "ab12", less) or is_drawn(text, round_, "ab12", more)
    assert (is_drawn(text, round_, "ab12", 0), is_drawn(text, round_, "ab12", 100)) == (False, True)


def test_the_draw_is_recomputed_with_sha256_from_the_number_the_round_and_the_hash_of_the_event_before() -> None:
    by_hand = int(hashlib.sha256(b"26112310000017-1-ab12").hexdigest()[:8], 16) % 100
    assert ticket("26112310000017", 1, "ab12") == by_hand
    lots = [ticket(f"26112310{place:06d}", 1, "ab12") for place in range(5000)]
    of_one = [ticket("26112310000017", 1, f"{place:064x}") for place in range(5000)]  # the number alone tells nothing
    assert [430 <= sum(lot < 10 for lot in found) <= 570 for found in (lots, of_one)] == [True, True]  # 500 ± 3.3 σ


def test_a_case_without_a_row_is_drawn_as_its_own_history_drew_it(desk: District, waiting: Callable[..., Case]) -> None:
    FollowUpPolicy.objects.filter(circumstance="").update(share=50)
    cases = [waiting() for _ in range(8)]
    asked = {case.pk: FollowUp.objects.get(case=case).called for case in cases}
    drawn = {case.pk: is_drawn(case.number, 1, case.events.get(kind="approve").prev_hash, 50) for case in cases}
    FollowUp.objects.all().delete()
    assert asked == drawn == {case.pk: services.plan_anew(case, at(24)).called for case in cases}


def settled_on_spot(desk: District, **more: object) -> Case:
    case = desk.register(**{"kind": "consultation", "place": None, **more})
    given_ = {
        "category": "C0101",
        "level": "general",
        "result": "已解答",
        "outcome": "answered",
        "reply": "凭身份证办理。",
    }
    return desk.move(case, "resolve_on_spot", "clerk", **given_)


def row(case: Case) -> tuple[object, ...]:
    found = FollowUp.objects.get(case=case, round=Case.objects.get(pk=case.pk).round)
    return found.settled, found.share, found.called, found.must, found.reasons


def everybody(share_: int) -> None:
    FollowUpPolicy.objects.update(share=share_)


def test_what_was_decided_stands_in_the_event_and_in_a_row_of_the_same_transaction(
    desk: District, waiting: Callable[..., Case]
) -> None:
    dispute = waiting(kind="dispute")
    quick = settled_on_spot(desk)
    drawn = is_drawn(quick.number, 1, quick.events.get(kind="resolve_on_spot").prev_hash, 10)
    assert row(dispute) == ("checked", 100, True, True, [])
    assert row(quick) == ("on_spot", 10, drawn, False, [])
    event = dispute.events.get(kind="approve")
    policy = FollowUpPolicy.objects.get(kind="dispute")
    told = {"settled": "checked", "share": 100, "called": True, "reasons": [], "rate_days": 2, "policy": policy.pk}
    assert event.data["follow_up"] == told


def test_circumstances_are_read_off_the_case(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    desk.record(case, "order", "supervisor", kind="letter", demand="请说明", deadline=at(30))
    desk.move(case, "redo", "follow_up", note="再查")
    desk.move(case, "resolve", "handler", result="已换泵", outcome="fulfilled", reply="已恢复供热。")
    desk.move(case, "approve", "supervisor")
    assert row(case) == ("checked", 100, True, True, ["ordered", "redone"])


def test_a_reminder_by_the_clock_is_no_order_that_demands_a_call(desk: District) -> None:
    case = desk.register(kind="consultation", place=None)
    desk.move(case, "accept", "clerk", category="C0101", level="general")
    desk.record(case, "order", "clock", kind="urge", demand="请抓紧", deadline=at(30))
    desk.move(case, "resolve_on_spot", "clerk", result="已解答", outcome="answered", reply="凭身份证办理。")
    assert row(case)[4] == []


def test_who_was_not_drawn_is_closed_by_the_clock_after_his_days_to_rate_and_not_a_second_earlier(
    desk: District,
) -> None:
    everybody(0)
    quick = settled_on_spot(desk)
    assert FollowUp.objects.get(case=quick).rate_until == at(
        26, 0
    )  # two working days after Monday: the end of Wednesday
    assert (chores.close_uncalled_by_policy(at(25, 23, 59)), chores.close_uncalled_by_policy(at(26, 0))) == (0, 1)
    quick.refresh_from_db()
    last = quick.events.order_by("-seq")[0]
    assert (quick.status, last.kind, last.actor_name, last.data["ground"]) == (
        "closed",
        "close_uncalled",
        "时钟",
        "not_rated",
    )
    ended = FollowUp.objects.get(case=quick)
    assert (ended.result, ended.ended_at, chores.close_uncalled_by_policy(at(27))) == ("uncalled", at(26, 0), 0)


def test_the_ground_is_that_of_the_case(desk: District, waiting: Callable[..., Case]) -> None:
    everybody(0)
    appeal = waiting()
    nobody = waiting(reporters=[])
    anonymous = waiting(kind="suggestion", anonymous=True, reporters=[])
    assert chores.close_uncalled_by_policy(at(26, 0)) == 3
    grounds = [case.events.get(kind="close_uncalled").data["ground"] for case in (appeal, nobody, anonymous)]
    assert grounds == ["not_sampled", "no_reporter", "no_reporter" if anonymous.nobody_to_ask else "anonymous"]


def test_where_there_is_nobody_to_ask_the_clock_closes_at_once(waiting: Callable[..., Case]) -> None:
    nobody = waiting(reporters=[])
    assert chores.close_uncalled_by_policy(MONDAY) == 1
    nobody.refresh_from_db()
    assert nobody.status == "closed"


def test_a_case_that_must_be_called_cannot_be_closed_as_not_drawn(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting(complained_unit="street", complaint_nature="service")
    for who in ("follow_up", "clock"):
        with pytest.raises(Incomplete) as refusal:
            desk.move(case, "close_uncalled", who, ground="not_sampled")
        assert refusal.value.errors == {"ground": ["该件按规定必须回访（投诉件），不能以“抽访未抽中”办结；请回访。"]}


def test_nothing_is_approved_by_the_clock_unless_a_policy_says_so_and_never_a_hazard(
    desk: District, waiting: Callable[..., Case]
) -> None:
    def to_check(**more: object) -> Case:
        case = desk.register(**more)
        category = "H01" if more else "A0102"
        desk.move(case, "accept", "clerk", category=category, level="general")
        desk.move(
            case, "resolve_on_spot", "clerk", result="已办", outcome="fulfilled", reply="已办。"
        ) if more else None
        return case

    hazard = to_check(kind="hazard")
    appeal = to_check()
    desk.move(appeal, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    desk.move(appeal, "sign", "handler")
    desk.move(appeal, "resolve", "handler", result="已换泵", outcome="fulfilled", reply="已恢复供热。")
    assert chores.approve_by_policy(at(23, 12)) == 0
    FollowUpPolicy.objects.update(approve_by_clock=True)
    assert chores.approve_by_policy(at(23, 12)) == 1
    assert [Case.objects.get(pk=case.pk).status for case in (appeal, hazard)] == ["follow_up", "supervision"]


def to_check(desk: District, **more: object) -> Case:
    case = desk.register(**more)
    category = {"dispute": "0101", "consultation": "C0101"}.get(str(more.get("kind")), "A0102")
    desk.move(case, "accept", "clerk", category=category, level="general")
    desk.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    desk.move(case, "sign", "handler")
    desk.move(case, "resolve", "handler", result="已换泵", outcome="fulfilled", reply="已恢复供热。")
    return Case.objects.get(pk=case.pk)


def test_what_the_clock_may_approve_is_reached_behind_any_number_it_may_not(
    desk: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "BATCH", 1)
    cases = [to_check(desk, kind="dispute"), to_check(desk, kind="dispute"), to_check(desk)]
    FollowUpPolicy.objects.exclude(kind="dispute").update(approve_by_clock=True)
    assert [chores.approve_by_policy(at(24)) for _run in range(2)] == [1, 0]
    assert [Case.objects.get(pk=case.pk).status for case in cases] == ["supervision", "supervision", "follow_up"]


POLICIES = st.builds(
    FollowUpPolicy,
    pk=st.integers(1, 10**6),
    circumstance=st.sampled_from(["", *REASONS]),
    procedure=st.sampled_from(["", "ordinary", "mediation"]),
    kind=st.sampled_from(["", "appeal", "dispute"]),
    settled=st.sampled_from(["", "checked", "on_spot"]),
    share=st.sampled_from([0, 20, 100]),
    approve_by_clock=st.booleans(),
    valid_from=st.sampled_from([date(2026, 1, 1), date(2026, 6, 1)]),
)


@pytest.fixture
def unlike(desk: District) -> list[tuple[Case, tuple[str, ...]]]:
    """Cases of every circumstance, with what holds of each."""
    cases = [to_check(desk), to_check(desk, kind="dispute", procedure="mediation"), to_check(desk), to_check(desk)]
    cases += [
        to_check(desk, anonymous=True, reporters=[]),
        to_check(desk, complained_unit="heating", complaint_nature="service"),
    ]
    given_ = {"kind": "letter", "demand": "报告", "deadline": at(30).isoformat()}
    desk.record(cases[2], "order", "supervisor", **given_)
    desk.record(cases[4], "order", "supervisor", **given_)
    desk.record(cases[3], "order", "supervisor", **given_ | {"kind": "urge"})
    first, second = sorted(case.pk for case in cases[:2])
    linked = {"reason": "同一件事", "linked_by": desk.people["clerk"], "linked_at": MONDAY}
    SameMatter.objects.create(first_id=first, second_id=second, **linked)
    Case.objects.filter(pk=cases[3].pk).update(nobody_to_ask=True, redo_count=1)
    found = list(Case.objects.order_by("pk"))
    return [(case, circumstances_of(case, case)) for case in found]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(POLICIES, max_size=6, unique_by=lambda policy: policy.pk))
def test_asked_of_the_database_the_choice_is_the_same(
    unlike: list[tuple[Case, tuple[str, ...]]], rows: list[FollowUpPolicy]
) -> None:
    wanted = set()
    for case, reasons in unlike:
        chosen = choose(rows, case.kind, case.procedure, "checked", reasons)
        if chosen is not None and chosen.approve_by_clock:
            wanted.add(case.pk)
    assert set(Case.objects.filter(chosen_allows(rows)).values_list("pk", flat=True)) == wanted


def test_a_case_that_waited_before_there_were_rows_gets_one(waiting: Callable[..., Case]) -> None:
    case = waiting(kind="dispute")
    FollowUp.objects.all().delete()
    assert (chores.plan_follow_ups(at(24)), chores.plan_follow_ups(at(24))) == (1, 0)
    assert row(case) == ("checked", 100, True, True, [])
    assert FollowUp.objects.get(case=case).opened_at == MONDAY


def test_every_kind_has_a_policy_to_begin_with() -> None:
    assert FollowUpPolicy.objects.count() == len(FOLLOW_UP_POLICIES)
    assert {k.value for k in c.Kind} == {"appeal", "consultation", "dispute", "hazard", "suggestion"}
