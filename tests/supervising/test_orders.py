"""Orders: numbers without gaps, demanded again when the answer is not enough, lifted with a reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import close_old_connections, transaction

from cases.fold import fold
from cases.models import Deadline, OrderSeries, Series
from cases.policies import calendar
from cases.services.series import next_in_series, next_of_orders
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import District, at
from tests.supervising.scenes import accepted, order, signed


def test_orders_are_numbered_per_year_and_word_from_one_on(district: District) -> None:
    case = signed(district)
    laid = [
        order(district, case, at(10)),
        order(district, case, at(10), kind="urge"),
        order(district, case, at(11)),
        order(district, case, at(4, month=1, year=2027), deadline=at(9, month=1, year=2027).isoformat()),
        order(district, case, at(31, 23, 59, month=12), deadline=at(9, month=1, year=2027).isoformat()),
    ]
    assert [one.number for one in laid] == [
        "平综治督〔2026〕1号",
        "平综治催〔2026〕1号",
        "平综治督〔2026〕2号",
        "平综治督〔2027〕1号",
        "平综治督〔2026〕3号",
    ]


def test_a_refused_order_takes_no_number(district: District) -> None:
    case = signed(district)
    with pytest.raises(Incomplete):
        order(district, case, at(10), kind="talk")
    with pytest.raises(Incomplete):
        order(district, case, at(10), deadline=at(9).isoformat())
    with pytest.raises(NotYou):
        order(district, case, at(10), by="handler")
    assert order(district, case, at(10)).number == "平综治督〔2026〕1号"


SERIES = pytest.mark.parametrize("next_number", [next_of_orders, next_in_series])


@SERIES
@pytest.mark.django_db
def test_a_number_is_taken_only_inside_a_transaction_and_given_back_when_it_fails(
    next_number: Callable[[str, datetime], str],
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number("平综治督", at(1))
        raise RuntimeError
    with transaction.atomic():
        assert next_number("平综治督", at(1)) == "平综治督〔2026〕1号"
        assert next_number("平综治督", datetime(2026, 12, 31, 16, tzinfo=UTC)) == "平综治督〔2027〕1号"  # midnight here


@SERIES
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_twelve_who_take_a_number_at_once_get_twelve_without_a_gap(
    postgres: None, next_number: Callable[[str, datetime], str]
) -> None:
    found: list[str] = []
    together = threading.Barrier(12)

    def take() -> None:
        together.wait()
        with transaction.atomic():
            found.append(next_number("平综治督", at(1)))
        close_old_connections()

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=lambda number: int(number[10:-1])) == [f"平综治督〔2026〕{n}号" for n in range(1, 13)]
    assert [row.last for model in (OrderSeries, Series) for row in model.objects.all()] == [12]


def _clock(pk: int) -> tuple[datetime, bool, datetime | None]:
    row = Deadline.objects.get(clock="order_by", period=pk)
    return row.due_at, row.running, row.late_at


def test_an_answer_that_is_not_enough_is_demanded_again_and_answered_again(district: District) -> None:
    case = signed(district)
    laid = order(district, case, at(10), deadline=at(12, 17).isoformat())
    with pytest.raises(NotNow):
        district.record(case, "renew", "supervisor", at(11), order=laid.pk, demand="再查", deadline=at(20).isoformat())
    district.record(case, "respond", "handler", at(13), order=laid.pk, response="正在办。")
    assert _clock(laid.pk) == (at(12, 17), False, at(12, 17))
    district.record(
        case, "renew", "supervisor", at(14), order=laid.pk, demand="请附照片。", deadline=at(20).isoformat()
    )
    laid.refresh_from_db()
    assert (laid.demand, laid.deadline, laid.responded_at, laid.renewed) == ("请附照片。", at(20), None, 1)
    assert _clock(laid.pk) == (at(20), True, at(12, 17))  # that the first date was missed stays known
    district.record(case, "respond", "handler", at(15), order=laid.pk, response="照片已附。")
    with pytest.raises(Incomplete) as refused:
        district.record(case, "lift", "supervisor", at(16), order=laid.pk)
    assert refused.value.errors == {"note": ["请填写解除理由。"]}
    district.record(case, "lift", "supervisor", at(16), order=laid.pk, note="已核实，整改到位。")
    laid.refresh_from_db()
    case.refresh_from_db()
    assert (laid.response, laid.lifted_at, laid.lift_note) == ("照片已附。", at(16), "已核实，整改到位。")
    assert (case.orders_open, case.status) == (0, "handling")
    state = fold(case.events.order_by("seq"), calendar())
    assert (state.version, state.orders_open, state.clocks[("order_by", laid.pk)].late_at) == (
        case.version,
        0,
        at(12, 17),
    )


def test_an_order_stands_on_declined_and_closed_cases_and_changes_no_status(district: District) -> None:
    declined = accepted(district)
    district.move(declined, "decline", "clerk", at(3), reason="N7", instead="区供热站")
    laid = order(district, declined, at(4), problem="应受理未受理。", demand="请复核是否应当受理。")
    declined.refresh_from_db()
    assert (declined.status, declined.orders_open, laid.unit, laid.problem, laid.signed_by) == (
        "declined",
        1,
        None,
        "应受理未受理。",
        "赵主任",
    )
    district.record(declined, "respond", "clerk", at(5), order=laid.pk, response="已复核。")
    laid.refresh_from_db()
    assert laid.responded_at == at(5)


def test_the_clock_lifts_only_what_it_laid_itself(district: District) -> None:
    case = signed(district)
    laid = order(district, case, at(10))
    with pytest.raises(NotYou):
        district.record(case, "lift", "clock", at(11), order=laid.pk, note="自动")
    with pytest.raises(Incomplete) as refused:  # a person cannot say that it was a clock's
        order(district, case, at(10), clock="resolve_by")
    assert refused.value.errors == {"clock": ["这一步不需要填写这一项，请去掉后再提交。"]}
