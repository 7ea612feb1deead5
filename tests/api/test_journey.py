"""A client that knows no rules walks a matter from registration to its end, by what the API tells it."""

from typing import Any

import pytest

from tests.api.conftest import Phones
from tests.api.phone import Phone, register

pytestmark = pytest.mark.both

#: What a person would type where the client cannot choose; everything else comes from the API.
TYPED = {"text": "按规定办理", "longtext": "已核实并办理完毕，已告知当事人。", "integer": 5, "boolean": True}
#: Whose phones there are.
PEOPLE = ("clerk", "dispatcher", "handler", "supervisor", "follow_up")


def filled(need: dict[str, Any], phone: Phone) -> Any:
    """Answer one need from what the API says about it."""
    if need.get("choices"):
        return need["choices"][0]["value"]
    if "choices_url" in need:
        rows = phone.get(need["choices_url"]).json()
        wanted = {"unit": "housing"}.get(need["type"])
        codes = [row.get("code") or row.get("username") for row in rows]
        return wanted if wanted in codes else codes[0]
    return TYPED[need["type"]]


def first_offers(phones: Phones, number: str) -> list[tuple[str, dict[str, Any]]]:
    """The step that each person is offered first."""
    pages = [(name, phones(name).get(f"cases/{number}/")) for name in PEOPLE]
    moves = [(name, page.json()["allowed_moves"]) for name, page in pages if page.status_code == 200]
    return [(name, offered[0]) for name, offered in moves if offered]


def step(phones: Phones, table: dict[str, Any], case: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Go forward in the order of the statuses, and to an end only where no open status lies ahead."""
    order = [row["code"] for row in table["statuses"]]
    still_open = {row["code"] for row in table["statuses"] if row["open"]}
    leads_to = {row["name"]: row["to"][0] for row in table["moves"]}
    offers = first_offers(phones, case["number"])
    ahead = [(name, move) for name, move in offers if order.index(leads_to[move["name"]]) > order.index(case["status"])]
    forward = [(name, move) for name, move in ahead if leads_to[move["name"]] in still_open]
    who, move = (forward or ahead)[0]
    given = {need["name"]: filled(need, phones(who)) for need in move["needs"] if need["required"]}
    answer = phones(who).move(case["number"], move["name"], version=case["version"], **given)
    assert answer.status_code == 200, answer.json()
    return who, move["name"], answer.json()


def test_a_client_that_learns_everything_walks_a_case_to_its_end(phones: Phones) -> None:
    table = phones("clerk").get("workflow/").json()
    assert [need["name"] for need in table["intake"]["needs"] if need["required"]] == ["kind", "channel", "description"]
    ends = {row["code"] for row in table["statuses"] if not row["open"]}
    case = register(phones("clerk"), kind=table["codes"]["kind"][0]["value"])
    walked = []
    while case["status"] not in ends:
        who, move, case = step(phones, table, case)
        walked.append((who, move, case["status"]))
    assert walked == [
        ("clerk", "accept", "accepted"),
        ("dispatcher", "dispatch", "dispatched"),
        ("handler", "sign", "handling"),
        ("handler", "resolve", "supervision"),
        ("supervisor", "approve", "follow_up"),
        ("follow_up", "confirm", "closed"),
    ]
    lines = phones("clerk").get(f"cases/{case['number']}/events/").json()
    assert [(line["seq"], line["kind"], line["status_after"]) for line in lines["results"]] == [
        (1, "register", "registered"),
        *((at, move, status) for at, (_who, move, status) in enumerate(walked, 2)),
    ]
    assert (lines["next"], lines["previous"]) == (None, None)


@pytest.mark.behaviour(9)
def test_a_ninth_person_from_another_street_finds_nothing_anywhere(phones: Phones) -> None:
    number = register(phones("clerk"))["number"]
    stranger = phones("handler_other")
    assert stranger.get("cases/").json() == {"next": None, "previous": None, "results": []}
    assert stranger.get("cases/count/").json() == {"count": 0}
    assert stranger.get(f"cases/?q={number}").json()["results"] == []
    tails = ("", "events/", "attachments/", "people/", "attachments/5b0b1c86-6b3e-4c0e-9a55-2f1f7a9f3f10/")
    answers = [stranger.get(f"cases/{number}/{tail}") for tail in tails]
    answers += [
        stranger.post(f"cases/{number}/{tail}", {"reason": "看看", "move": "accept"})
        for tail in ("moves/", "notes/", "contacts/", "unmask/", "query-code/", "orders/", "requests/", "assignments/")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    unknown = stranger.get("cases/26112310000019/")
    assert unknown.json() == answers[0].json()
