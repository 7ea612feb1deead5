"""Two hundred and more dates: by the notices and a walker that knows nothing of the product, and by the product."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from cases import policies
from governance_portal.lib.working_days import Calendar, Limit, LimitUnit, due, published_days
from tests.clock import walker
from tests.clock.walker import GOLDEN, SHANGHAI, moment, read, written

CALENDAR = Calendar(published_days(range(2024, 2027)), date(2026, 12, 31))
IN_NEW_YORK = """
import json, sys, time
from datetime import date
from governance_portal.lib.working_days import Calendar, Limit, LimitUnit, due, published_days, warn_at
from tests.clock.walker import moment, read, written, SHANGHAI
calendar = Calendar(published_days(range(2024, 2027)), date(2026, 12, 31))
found = []
for start, amount, unit, *_ in read():
    it = due(moment(start).astimezone(), Limit(int(amount), LimitUnit(unit)), calendar)
    found.append([written(it.nominal.astimezone(SHANGHAI)), written(it.due.astimezone(SHANGHAI)), "yes" if it.tentative else "no"])
print(json.dumps([time.tzname, found]))
"""


def told(start: str, amount: str, unit: str) -> tuple[str, ...]:
    """What the product says, as the file writes it."""
    found = due(moment(start), Limit(int(amount), LimitUnit(unit)), CALENDAR)
    nominal, last = found.nominal.astimezone(SHANGHAI), found.due.astimezone(SHANGHAI)
    return written(nominal), written(last), "yes" if found.tentative else "no"


def test_the_file_holds_the_golden_vectors_and_more_than_two_hundred_others() -> None:
    rows = read()
    assert [row[6] for row in rows[: len(GOLDEN)]] == ["facts §2.2"] * 8
    assert len(rows) - len(GOLDEN) == 207
    assert {row[2] for row in rows} == {"working_day", "natural_day", "working_hour", "hour"}
    assert sum(row[5] == "yes" for row in rows) == 22


def test_the_file_is_what_the_walker_finds_from_the_notices() -> None:
    assert read() == walker.rows()


def test_the_walker_finds_the_golden_vectors_without_being_told() -> None:
    found = [walker.walk(moment(start), amount, unit) for start, amount, unit, _n, _d in GOLDEN]
    assert [(written(nominal), written(last)) for nominal, last, _t in found] == [
        (f"{nominal}T24:00", f"{last}T24:00") for _s, _a, _u, nominal, last in GOLDEN
    ]


def test_the_product_finds_every_date_of_the_file() -> None:
    wrong = {row: told(*row[:3]) for row in read() if told(*row[:3]) != tuple(row[3:6])}
    assert wrong == {}


@pytest.mark.django_db
def test_the_calendar_of_a_new_centre_is_that_of_the_notices() -> None:
    calendar = policies.calendar()
    days = [date.fromordinal(n) for n in range(date(2025, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
    assert [day for day in days if calendar.is_workday(day) != walker.worked(day)] == []
    assert [day for day in days if calendar.is_tentative(day) != (day > walker.PUBLISHED_THROUGH)] == []


@pytest.mark.behaviour(15)
def test_a_server_in_new_york_finds_the_same_dates() -> None:
    env = {**os.environ, "TZ": "America/New_York"}
    ran = subprocess.run([sys.executable, "-c", IN_NEW_YORK], env=env, capture_output=True, text=True, check=True)
    zone, found = json.loads(ran.stdout)
    assert zone == ["EST", "EDT"]
    assert [tuple(row) for row in found] == [tuple(row[3:6]) for row in read()]
