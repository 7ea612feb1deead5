"""Reception days over the API: booked and given back without an account, with the page's limits and silences."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.models import ReceptionBooking, ReceptionDay
from cases.reception import booking
from governance_portal.lib.numbers import query_code
from tests.api.phone import Phone
from tests.cases.cast import MONDAY, District

Plan = Callable[..., ReceptionDay]
PERSON = {"name": "王五", "phone": "13900001111", "matter": "小区暖气不热", "privacy_version": "2026-01"}


@pytest.fixture
def nobody(district: District, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Somebody without an account, on Monday."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    return Phone(district)


def book(nobody: Phone, day: ReceptionDay, key: str = "k", **given: Any) -> Any:
    return nobody.post(f"public/reception-days/{day.pk}/bookings/", {"client_id": key, **(given or PERSON)})


def test_a_resident_books_once_per_key_and_gives_it_back_with_the_code(plan: Plan, nobody: Phone) -> None:
    day = plan()
    made, again = book(nobody, day), book(nobody, day)
    body = made.json()
    assert (made.status_code, again.status_code, body == again.json()) == (201, 200, True)
    assert body == {
        "day": day.pk,
        "leader": "孙立民",
        "office": "区委常委、政法委书记",
        "starts_at": "2026-11-25T09:00:00+08:00",
        "ends_at": "2026-11-25T11:30:00+08:00",
        "place": "综治中心一层接访室",
        "code": booking._code_of(day.pk, "k"),
    }
    back = {"phone": PERSON["phone"], "code": body["code"]}
    given = nobody.post("public/reception-days/cancellations/", back)
    assert (given.status_code, given.json()) == (
        200,
        {"day": day.pk, "starts_at": "2026-11-25T09:00:00+08:00", "cancelled": True},
    )
    twice, late = nobody.post("public/reception-days/cancellations/", back), book(nobody, day)
    assert (twice.status_code, late.status_code, late.json()["detail"]) == (404, 409, booking.GIVEN_BACK)


def test_a_phone_that_has_booked_reads_what_one_that_has_not_reads(plan: Plan, nobody: Phone) -> None:
    day, other = plan(capacity="3"), plan(capacity="3", date="2026-11-26")
    book(nobody, other, "theirs")
    ReceptionDay.objects.filter(pk=other.pk).update(date=day.date, starts="09:00:01", capacity=4)
    told = []
    for one in (day, other):
        made = book(nobody, one, "mine")
        back = {"phone": PERSON["phone"], "code": made.json()["code"]}
        answers = [made, *(nobody.post("public/reception-days/cancellations/", back) for _time in range(2))]
        bodies = [{**answer.json(), "day": 0, "starts_at": "", "code": ""} for answer in answers]
        told.append([(answer.status_code, body) for answer, body in zip(answers, bodies, strict=True)])
    assert told[0] == told[1]
    assert [status for status, _body in told[0]] == [201, 200, 404]
    assert ReceptionBooking.objects.filter(cancelled_at__isnull=True).count() == 1


def test_a_matter_is_booked_for_and_given_back_with_its_own_code(plan: Plan, nobody: Phone, district: District) -> None:
    day, case = plan(), district.register()
    receipt = {"number": case.number, "query_code": query_code(case.number, 1)}
    assert (book(nobody, day, **receipt).json()["code"], ReceptionBooking.objects.get().case_id) == (None, case.pk)
    assert nobody.post("public/reception-days/cancellations/", receipt).status_code == 200


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({}, ["client_id", "matter", "name", "phone", "privacy_version"]),
        ({"client_id": "k", **PERSON, "seat": 1, "version": 2}, ["seat", "version"]),
        ({"client_id": "k", **PERSON, "name": ["王五"]}, ["name"]),
        ({"client_id": "k" * 37, **PERSON}, ["client_id"]),
        ({"client_id": "k", "number": "26112310000018", "query_code": "1234567890"}, ["query_code"]),
    ],
)
def test_everything_missing_wrong_or_unknown_is_told_at_once(
    plan: Plan, nobody: Phone, given: dict[str, Any], errors: list[str]
) -> None:
    answer = nobody.post(f"public/reception-days/{plan().pk}/bookings/", given)
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, errors)
    assert ReceptionBooking.objects.count() == 0


def test_no_such_day_and_a_day_that_is_not_published_answer_alike(plan: Plan, nobody: Phone) -> None:
    hidden = plan(publish=False)
    answers = [book(nobody, hidden), book(nobody, ReceptionDay(pk=hidden.pk + 1))]
    assert [(one.status_code, one.json()["detail"]) for one in answers] == [(404, answers[0].json()["detail"])] * 2
    wrong = nobody.post("public/reception-days/cancellations/", {"phone": "", "code": ""})
    assert (wrong.status_code, sorted(wrong.json()["errors"])) == (400, ["code", "phone"])


def test_the_eleventh_booking_of_an_hour_waits(plan: Plan, nobody: Phone) -> None:
    day = plan(capacity="100")
    answers = [book(nobody, day, f"k{n}", **{**PERSON, "phone": f"1390000{n:04d}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 3000
