"""Constant numbers of queries, whatever the size (design/performance.md); printed, so that a run shows them."""

import pytest
from django.db import connection

from tests.api.conftest import Phones
from tests.api.phone import REPORT, queries_of, register
from tests.cases.cast import District

#: Aims of design/performance.md, counted as messages to the database. SQLite, which no network lies before, is told of
#: each write of a registration by itself (10: the visit register and the search text are two of them).
AIMS = {"list of 1": 12, "list of 30": 12, "detail": 10, "move": 10, "register": 8}
#: A report of having done it (`resolve`, the move with a key here) also keeps how the closing came about (`Closing`, facts
#: §5 反造假): on PostgreSQL in the same message as the event, on SQLite a write of its own (14).
#: What looks something up (a category, a unit and who sits there) or has a key asks more, but always the same: a move
#: with a category, to a unit, with a key; a registration with place, person and key.
MORE = {"sqlite": [12, 12, 14, 13], "postgresql": [8, 9, 8, 6]}


@pytest.mark.both
@pytest.mark.behaviour(20)
def test_numbers_of_queries_stay_within_their_bounds(
    district: District, phones: Phones, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk, dispatcher, handler = phones("clerk"), phones("dispatcher"), phones("handler")
    for phone in (clerk, dispatcher, handler):
        phone.get("me/")
    district.move(district.register(), "accept", "clerk", category="A0102", level="general")  # names are kept a while
    first = register(clerk)["number"]
    counted = {"list of 1": queries_of(lambda: clerk.get("cases/"), 200)[1]}
    for _ in range(29):
        district.register()
    page, counted["list of 30"] = queries_of(lambda: clerk.get("cases/?page_size=30"), 200)
    assert len(page.json()["results"]) == 30
    accepted = {"category": "A0102", "level": "general"}
    counted["move with a category"] = queries_of(lambda: clerk.move(first, "accept", **accepted), 200)[1]
    sent = {"lead_unit": "housing", "mode": "forward"}
    counted["move to a unit"] = queries_of(lambda: dispatcher.move(first, "dispatch", **sent), 200)[1]
    counted["move"] = queries_of(lambda: handler.move(first, "sign"), 200)[1]
    keyed = {"result": "已更换循环泵", "outcome": "fulfilled", "reply": "已恢复供热。", "client_id": "phone-7"}
    counted["move with a key"] = queries_of(lambda: handler.move(first, "resolve", **keyed), 200)[1]
    counted["detail"] = queries_of(lambda: clerk.get(f"cases/{first}/"), 200)[1]
    body = {"kind": "consultation", "channel": "window", "description": "咨询养老金认证怎么办。"}
    counted["register"] = queries_of(lambda: clerk.post("cases/", body), 201)[1]
    whole = {**REPORT, "client_id": "phone-8"}
    counted["register with place, person, key"] = queries_of(lambda: clerk.post("cases/", whole), 201)[1]
    with capsys.disabled():
        print("\nqueries:", ", ".join(f"{what} {number}" for what, number in counted.items()))
    aims = AIMS if connection.vendor == "postgresql" else {**AIMS, "register": 10}
    assert {what: counted[what] for what in aims if counted[what] > aims[what]} == {}
    assert counted["list of 1"] == counted["list of 30"]
    assert [counted[what] for what in counted if what not in AIMS] == MORE[connection.vendor]
