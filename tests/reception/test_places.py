"""领导接访: places that are booked and given back, and what nobody learns by it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import ReceptionBooking, ReceptionDay
from cases.reception import booking, queries
from governance_portal.lib.errors import Incomplete, NotNow, NotYours, TooMany
from governance_portal.lib.numbers import format_code, query_code
from tests.cases.cast import MONDAY, District, at
from tests.reception.scenes import ON_THE_DAY, PERSON, STATEMENT, Plan, ask


def test_places_are_given_out_until_there_are_none_and_a_given_back_one_is_free_again(plan: Plan) -> None:
    day = plan()
    first = ask(day, key="a")
    ask(day, key="b", **{**PERSON, "phone": "13900002222"})
    with pytest.raises(NotNow, match="已经约满了"):
        ask(day, key="c", **{**PERSON, "phone": "13900003333"})
    booking.cancel_by_resident("139 0000 1111", first.code, address="10.0.0.1", now=MONDAY)
    again = ask(day, key="d", **{**PERSON, "phone": "13900003333"})
    seats = ReceptionBooking.objects.filter(cancelled_at__isnull=True).order_by("seat").values_list("seat", flat=True)
    assert (again.booking.seat, list(seats)) == (1, [1, 2])


def test_the_same_form_sent_twice_books_once_and_reads_the_same_code(plan: Plan) -> None:
    day = plan()
    first, second = ask(day), ask(day)
    assert (first.code, ReceptionBooking.objects.count()) == (second.code, 1)


def test_who_has_booked_already_reads_the_same_as_who_has_not(
    plan: Plan, client: Client, by_hand: Callable[[Any], None]
) -> None:
    by_hand(MONDAY)
    day = plan(capacity="3")
    form = {**PERSON, "agree": "1"}
    pages = [
        client.post(f"/reception-days/{day.pk}/", {**form, "client_id": key}).content.decode() for key in ("a", "b")
    ]
    shown = [
        re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", page).replace(
            format_code(booking._code_of(day.pk, key)), "CODE"
        )
        for page, key in zip(pages, "ab", strict=True)
    ]
    assert ReceptionBooking.objects.filter(cancelled_at__isnull=True).count() == 1
    assert shown[0] == shown[1]
    assert "CODE" in shown[0]
    assert [one.open for one in queries.published(MONDAY)] == [True]


def test_the_way_to_book_and_give_back_reads_and_works_alike_whether_or_not_the_phone_has_booked(
    plan: Plan, client: Client, by_hand: Callable[[Any], None]
) -> None:
    """Somebody else's number and a form of one's own: no body, status, statement or place tells that it has booked."""

    def course(day: ReceptionDay) -> tuple[list[Any], list[Any]]:
        told, asked = [], []
        form = {**PERSON, "agree": "1", "client_id": "mine"}
        code = booking._code_of(day.pk, "mine")
        by_hand(MONDAY)
        for address, sent in (
            (f"/reception-days/{day.pk}/", form),
            (f"/reception-days/{day.pk}/", form),
            ("/reception-days/cancel/", {"key": PERSON["phone"], "code": code}),
            ("/reception-days/cancel/", {"key": PERSON["phone"], "code": code}),
            (f"/reception-days/{day.pk}/", form),
        ):
            with CaptureQueriesContext(connection) as seen:
                answer = client.post(address, sent)
            asked.append([re.sub(r"\d+", "?", row["sql"][:STATEMENT]) for row in seen])
            page = re.sub(r'(csrfmiddlewaretoken|client_id)" value="[^"]*"', "", answer.content.decode())
            told.append((answer.status_code, page.replace(f"/{day.pk}/", "/DAY/").replace(format_code(code), "CODE")))
            told.append([one.open for one in queries.published(MONDAY) if one.day.pk == day.pk])
            by_hand(at(23, 10))
        return told, asked

    fresh, booked = plan(capacity="2"), plan(capacity="2", date="2026-11-26")
    ask(booked, key="theirs")
    ReceptionDay.objects.filter(pk=booked.pk).update(date=fresh.date, starts="09:00:01", capacity=3)
    first, second = course(fresh), course(booked)
    assert [one if isinstance(one, list) else one[0] for one in first[0]] == [
        *(200, [True], 200, [True], 200, [True], 404, [True], 409, [True]),
    ]
    assert first == second
    assert ReceptionBooking.objects.get(cancelled_at__isnull=True).client_id == f"{booked.pk}:theirs"


def test_an_asking_that_came_twice_takes_its_place_on_the_public_page_and_none_at_the_window(
    plan: Plan, district: District
) -> None:
    day = plan()
    ask(day, key="a")
    ask(day, key="b")
    assert [one.full for one in queries.published(MONDAY)] == [True]
    with pytest.raises(NotNow, match="已经约满了"):
        ask(day, key="c", **{**PERSON, "phone": "13900002222"})
    made = booking.by_window(
        district.actor("clerk"), day.pk, {**PERSON, "phone": "13900003333"}, now=MONDAY, client_id="w"
    )
    assert (made.booking.seat, [row.seat for row in queries.bookings_of(day)]) == (2, [1, 2])


def test_a_form_sent_again_after_its_place_was_given_back_is_told_so_and_books_anew_as_a_new_one(
    plan: Plan, client: Client, by_hand: Callable[[Any], None]
) -> None:
    by_hand(MONDAY)
    day = plan()
    made = ask(day, key="k")
    booking.cancel_by_resident(PERSON["phone"], made.code, address="10.0.0.1", now=MONDAY)
    answer = client.post(f"/reception-days/{day.pk}/", {**PERSON, "agree": "1", "client_id": "k"})
    page = answer.content.decode()
    again = re.search(r'name="client_id" value="([^"]+)"', page)
    assert again is not None
    assert (answer.status_code, booking.GIVEN_BACK in page, again[1] != "k") == (409, True, True)
    assert client.post(f"/reception-days/{day.pk}/", {**PERSON, "agree": "1", "client_id": again[1]}).status_code == 200
    assert [row.cancelled_at is None for row in ReceptionBooking.objects.order_by("pk")] == [False, True]


def test_the_empty_form_tells_everything_that_is_missing_at_once(
    plan: Plan, client: Client, by_hand: Callable[[Any], None]
) -> None:
    by_hand(MONDAY)
    answer = client.post(f"/reception-days/{plan().pk}/", {"phone": "不告诉"})
    assert (answer.status_code, answer.context["errors"]) == (
        400,
        {
            "name": ["请填写姓名。"],
            "phone": ["电话请填数字，如 13812341234 或 0349-6021234；没有电话可以不填。"],
            "matter": ["请用一句话写明要反映的事。"],
            "agree": ["请先阅读个人信息处理告知书，并勾选“已阅读并同意”。"],
        },
    )


def test_nothing_of_a_booking_is_stored_in_clear(plan: Plan) -> None:
    ask(plan())
    row = ReceptionBooking.objects.values().get()
    assert [word for word in PERSON.values() if word in str(row) or word.encode() in bytes(row["contact"])] == []
    assert ReceptionBooking.objects.get().contact == PERSON


def test_a_matter_books_by_number_and_code_and_stands_with_its_case(plan: Plan, district: District) -> None:
    day, case = plan(), district.register()
    code = query_code(case.number, 1)
    made = ask(day, number=case.number, query_code=code)
    assert (made.booking.case_id, made.booking.contact, made.booking.phone_index) == (case.pk, {}, "")
    with pytest.raises(NotNow, match="已经约过了"):
        ask(day, key="again", number=case.number, query_code=code)
    booking.cancel_by_resident(case.number, code, address="10.0.0.1", now=at(24))
    assert ReceptionBooking.objects.get().cancelled_at == at(24)


def test_a_wrong_code_and_an_unknown_number_answer_alike(plan: Plan, district: District) -> None:
    day, case = plan(), district.register()
    told = []
    for number in (case.number, "26112310000018"):
        with pytest.raises(Incomplete) as refused:
            ask(day, number=number, query_code="1234567890")
        told.append(refused.value.errors)
    assert told[0] == told[1]


def test_giving_back_answers_every_failure_alike(plan: Plan, district: District) -> None:
    made = ask(plan())
    told = []
    for key, code in (("13900001111", "1234567890"), ("13800000000", made.code), ("26112310000018", made.code)):
        with pytest.raises(NotYours) as refused:
            booking.cancel_by_resident(key, code, address="10.0.0.1", now=MONDAY)
        told.append(refused.value.as_problem())
    assert told == [told[0]] * 3


def test_tries_are_counted_by_address_and_by_key(plan: Plan) -> None:
    day = plan(capacity="100")
    for number in range(booking.BOOKINGS_AN_HOUR):
        ask(day, key=f"k{number}", **{**PERSON, "phone": f"1390000{number:04d}"})
    with pytest.raises(TooMany):
        ask(day, key="more", **{**PERSON, "phone": "13911112222"})
    for _time in range(10):
        with pytest.raises(NotYours):
            booking.cancel_by_resident("13999999999", "1234567890", address="10.0.0.9", now=MONDAY)
    with pytest.raises(TooMany):
        booking.cancel_by_resident("13999999999", "1234567890", address="10.0.0.9", now=MONDAY)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"name": "王五", "phone": "13900001111"}, {"matter": ["请用一句话写明要反映的事。"]}),
        ({"name": "", "phone": "13900001111", "matter": "暖气"}, {"name": ["请填写姓名。"]}),
        ({**PERSON, "matter": "字" * 101}, {"matter": ["最多 100 字，详细的当面说。"]}),
        (
            {**PERSON, "phone": "不告诉"},
            {"phone": ["电话请填数字，如 13812341234 或 0349-6021234；没有电话可以不填。"]},
        ),
    ],
)
def test_the_least_there_is_to_say_is_asked_for_beside_its_field(
    plan: Plan, given: dict[str, str], errors: dict[str, list[str]]
) -> None:
    day = plan()
    with pytest.raises(Incomplete) as refused:
        ask(day, **given)
    assert (refused.value.errors, ReceptionBooking.objects.count()) == (errors, 0)


def test_nobody_books_a_day_that_has_begun(plan: Plan) -> None:
    with pytest.raises(NotNow, match="已经开始"):
        ask(plan(), now=ON_THE_DAY)


def test_the_database_holds_one_booking_for_a_seat_a_case_and_a_phone(plan: Plan, district: District) -> None:
    day, case = plan(), district.register()
    made = ask(day).booking
    plain = {"day": day, "booked_at": MONDAY, "booked_by": district.people["clerk"], "source": "window"}
    booking.by_window(district.actor("clerk"), day.pk, {"number": case.number}, now=MONDAY)
    for twice in ({"seat": 1}, {"seat": 9, "case": case}, {"seat": 9, "phone_index": made.phone_index}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceptionBooking.objects.create(**plain, **twice)
    for wrong in ({"seat": 0}, {"seat": 9, "attended": True}, {"seat": 9, "instructed": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceptionBooking.objects.create(**plain, **wrong)
