"""Sixteen press at once for the last place: one has it, the others read a sentence; on SQLite's file and on PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import RateWindow
from accounts.queries import service_actor
from cases.models import ReceptionBooking
from cases.reception import booking, services
from governance_portal.lib.errors import NotNow
from tests.accounts.conftest import emptied_log  # noqa: F401  (a fixture)
from tests.cases.cast import MONDAY, District
from tests.cases.test_together import at_once, cast  # noqa: F401  (a fixture)
from tests.reception.conftest import GIVEN

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptied_log"),
]


@pytest.fixture(autouse=True)
def _no_limits_left(transactional_db: None) -> Iterator[None]:
    """Nobody has called yet, and nothing is left for the next test."""
    RateWindow.objects.all().delete()
    yield
    RateWindow.objects.all().delete()


def day_with(d: District, capacity: int) -> int:
    given = {**GIVEN, "capacity": str(capacity)}
    return services.plan_day(d.actor("centre_lead"), given, now=MONDAY).pk


def book(day: int, place: int, **given: str) -> Any:
    person = {"name": "来访人", "phone": f"139000{place:05d}", "matter": "供热", **given}
    return booking.by_resident(
        service_actor("resident"), day, person, address=f"10.0.0.{place}", now=MONDAY, client_id=f"k{place}"
    )


def told(answers: list[Any]) -> tuple[int, set[str], list[Any]]:
    won = [one for one in answers if isinstance(one, booking.Booked)]
    lost = [one for one in answers if isinstance(one, NotNow)]
    others = [one for one in answers if one not in won and one not in lost]
    return len(won), {one.detail for one in lost}, others


def test_sixteen_at_once_for_one_place_one_wins(cast: District) -> None:  # noqa: F811
    day = day_with(cast, 1)
    assert told(at_once(lambda place: book(day, place))) == (1, {booking.FULL}, [])
    assert ReceptionBooking.objects.filter(cancelled_at__isnull=True).count() == 1


def test_sixteen_at_once_for_five_places_five_win_with_a_seat_each(cast: District) -> None:  # noqa: F811
    day = day_with(cast, 5)
    assert told(at_once(lambda place: book(day, place))) == (5, {booking.FULL}, [])
    seats = ReceptionBooking.objects.order_by("seat").values_list("seat", flat=True)
    assert list(seats) == [1, 2, 3, 4, 5]


def test_sixteen_times_the_same_phone_at_once_is_one_place(cast: District) -> None:  # noqa: F811
    day = day_with(cast, 5)
    answers = told(at_once(lambda place: book(day, place, phone="13900001111")))
    standing = ReceptionBooking.objects.filter(cancelled_at__isnull=True).count()
    assert (answers, standing, ReceptionBooking.objects.count()) == ((5, {booking.FULL}, []), 1, 5)
