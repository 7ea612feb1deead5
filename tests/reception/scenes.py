"""What the tests of 领导接访 play: who asks for a place, what is said and instructed on the day."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.queries import service_actor
from cases.models import ReceptionDay
from cases.reception import booking
from tests.cases.cast import MONDAY, at

Plan = Callable[..., ReceptionDay]
ClientOf = Callable[[str], Client]
#: So much of a statement tells what it does to which table.
STATEMENT = 40
PERSON = {"name": "王五", "phone": "13900001111", "matter": "小区暖气不热"}
ON_THE_DAY = at(25, 10)
SAID = {"attended": "yes", "said": "暖气两周不热，13900001111 打过电话没人管。"}
INSTRUCTED = {**SAID, "instruction": "三日内查明原因并恢复供热。", "unit": "housing", "deadline": "2026-12-01"}


def ask(day: ReceptionDay, now: Any = MONDAY, key: str = "k", **given: str) -> booking.Booked:
    """Book as a resident does."""
    return booking.by_resident(
        service_actor("resident"), day.pk, given or PERSON, address="10.0.0.1", now=now, client_id=key
    )
