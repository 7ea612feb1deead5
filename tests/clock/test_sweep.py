"""The clock: nothing late goes unseen, nothing is told twice."""

from typing import Any

import pytest

from accounts.models import Notice
from cases.models import Case, Outbox, Reminder
from cases.services import clock
from tests.cases.cast import District, at

pytestmark = pytest.mark.both


def notices(username: str, kind: str) -> list[str]:
    return list(
        Notice.objects.filter(user__username=username, kind=kind).order_by("id").values_list("title", flat=True)
    )


def test_a_case_nobody_accepts_warns_the_clerk_and_then_the_clerk_s_lead_once_each(district: District) -> None:
    case = district.register(now=at(23, 9))
    assert clock.sweep(at(23, 9, 30)).owed == 0
    clock.sweep(at(23, 17))
    clock.sweep(at(23, 18))
    assert notices("clerk", "due_soon") == [f"{case.number} 受理时限即将到期"]
    assert notices("centre_lead", "due_soon") == []
    clock.sweep(at(24, 0, 1))
    clock.sweep(at(24, 9))
    assert notices("clerk", "overdue") == [f"{case.number} 受理时限已超时"]
    assert notices("centre_lead", "overdue") == [f"{case.number} 受理时限已超时"]
    assert notices("supervisor", "overdue") == []
    case.refresh_from_db()
    assert case.status == "registered"


def test_a_clock_that_was_met_in_time_reminds_nobody(district: District) -> None:
    case = district.register(now=at(23, 9))
    district.move(case, "transfer", "clerk", at(23, 9, 10), receiver="110", receipt="接警员 09:08")
    clock.sweep(at(27))
    assert Reminder.objects.count() == 0


@pytest.mark.behaviour(13)
def test_what_the_broker_lost_is_delivered_by_the_sweep_and_only_once(district: District) -> None:
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    assert Outbox.objects.filter(sent_at__isnull=True).count() == 2
    clock.sweep(at(23, 9, 6))
    clock.sweep(at(23, 9, 7))
    assert Outbox.objects.filter(sent_at__isnull=True).count() == 0
    assert notices("dispatcher", "case") == [f"{case.number} 受理"]


@pytest.mark.behaviour(13)
def test_a_row_claimed_by_a_worker_that_died_is_taken_again_when_its_lease_has_run_out(district: District) -> None:
    district.register(now=at(23, 9))
    Outbox.objects.update(claimed_until=at(23, 9, 2))
    assert clock.sweep(at(23, 9, 1)).delivered == 0
    assert clock.sweep(at(23, 9, 3)).delivered == 1


@pytest.mark.behaviour(28)
def test_a_suspension_ends_by_the_clock_the_day_after_its_expected_end(district: District) -> None:
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler", at(23, 11))
    district.move(case, "suspend", "housing_lead", at(23, 12), reason="appraisal", expected_end="2026-11-25")
    assert clock.sweep(at(25, 23)).moved == 0
    assert clock.sweep(at(26, 0, 1)).moved == 1
    case.refresh_from_db()
    last = case.events.order_by("-seq")[0]
    assert (case.status, last.kind, last.actor_name) == ("handling", "resume", "时钟")


def test_a_suspension_over_behind_any_number_that_are_not_is_ended_and_asking_costs_one_statement(
    district: District, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    cases = []
    for ends in ("2026-12-20", "2026-12-19", "2026-11-25"):
        case = district.register(now=at(23, 9))
        district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
        district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
        district.move(case, "sign", "handler", at(23, 11))
        district.move(case, "suspend", "housing_lead", at(23, 12), reason="appraisal", expected_end="2026-11-24")
        district.move(case, "resume", "housing_lead", at(23, 13))
        district.move(case, "suspend", "housing_lead", at(23, 14), reason="appraisal", expected_end=ends)
        cases.append(case)
    monkeypatch.setattr(clock, "BATCH", 1)
    with django_assert_num_queries(1):
        assert [case.pk for case in clock._suspended_past_end(at(26, 0, 1))] == [cases[2].pk]
    clock.sweep(at(26, 0, 1))
    assert [Case.objects.get(pk=case.pk).status for case in cases] == ["suspended", "suspended", "handling"]


def test_a_closed_case_is_archived_by_the_clock_when_nobody_can_reopen_it_any_more(district: District) -> None:
    case = district.register(now=at(23, 9))
    district.move(case, "transfer", "clerk", at(23, 9, 10), receiver="110", receipt="接警员 09:08")
    assert clock.sweep(at(23, 9, month=12)).moved == 0
    assert clock.sweep(at(24, 0, 1, month=12)).moved == 1
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("archived", "transferred")


def test_outbox_rows_paid_long_ago_go_and_those_that_wait_stay(district: District) -> None:
    case = district.register(now=at(2, 9, month=9))
    clock.sweep(at(2, 10, month=9))
    paid = Outbox.objects.get(event__case=case)
    waits = Outbox.objects.get(event__case=district.register(now=at(2, 11, month=9)))
    assert (paid.sent_at, waits.sent_at) == (at(2, 10, month=9), None)
    assert clock.forget_paid(at(2, 10, month=10)) == 0  # thirty days to the minute are not over
    assert clock.forget_paid(at(2, 11, month=10)) == 1
    assert list(Outbox.objects.all()) == [waits]
    assert clock.forget_paid(at(2, 11, month=10)) == 0
    assert case.events.count() == 1  # the history stays
