"""The work list: whose turn it is, filters in the address, pages by key, a constant number of queries."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from operator import add

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import desks
from tests.cases.cast import MONDAY, OTHER_STREET, District, at

ClientOf = Callable[[str], Client]
MOST_QUERIES = 12


def numbers(client: Client, query: str = "") -> list[str]:
    return [row["number"] for row in client.get(f"/cases/{query}").context["rows"]]


def test_each_desk_holds_what_waits_for_its_role(district: District) -> None:
    registered = district.register()
    accepted = district.register()
    district.move(accepted, "accept", "clerk", category="A0102", level="general")
    dispatched, handling = district.register(), district.register()
    for case in (dispatched, handling):
        district.move(case, "accept", "clerk", category="A0102", level="general")
        district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(handling, "sign", "handler")
    expected = {
        "clerk": {registered},
        "dispatcher": {accepted},
        "handler": {dispatched, handling},
        "handler2": {dispatched},
        "housing_lead": {dispatched},
        "supervisor": set(),
        "street_handler": set(),
        "auditor": set(),
    }
    assert {who: set(desks.desk_of(district.actor(who), MONDAY)) for who in expected} == expected


def test_the_checker_s_desk_leaves_out_what_he_handled_himself(district: District) -> None:
    district.person("supervisor", "赵主任", "handler", "housing")
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(case, "sign", "supervisor")
    district.move(case, "resolve", "supervisor", result="换泵", outcome="fulfilled", reply="已修好。")
    found = {who: list(desks.desk_of(district.actor(who), MONDAY)) for who in ("supervisor", "supervisor2")}
    assert found == {"supervisor": [], "supervisor2": [case]}


def test_filters_are_in_the_address_and_go_with_one_tap(district: District, client_of: ClientOf) -> None:
    here, there = district.register(), district.register(place={"area": OTHER_STREET}, description="路灯不亮。")
    dispatcher = client_of("dispatcher")
    assert numbers(dispatcher, f"?area={OTHER_STREET}") == [there.number]
    assert set(numbers(dispatcher, "?status=registered")) == {here.number, there.number}
    assert numbers(dispatcher, "?q=路灯") == [there.number]
    chips = dispatcher.get(f"/cases/?area={OTHER_STREET}&kind=appeal").context["filters"]
    assert [(chip["label"], chip["value"], chip["url"]) for chip in chips] == [
        ("事项大类", "民生诉求", f"?area={OTHER_STREET}"),
        ("属地", "凤凰城镇", "?kind=appeal"),
    ]


def test_a_whole_number_in_the_search_opens_its_case(district: District, client_of: ClientOf) -> None:
    case = district.register()
    spaced = f"{case.number[:6]} {case.number[6:]}"
    assert client_of("clerk").get("/cases/", {"q": spaced}).url == f"/cases/{case.number}/"


@pytest.mark.parametrize("sort", ["newest", "oldest", "due", "step"])
def test_pages_by_key_show_every_case_once_there_and_back(district: District, client_of: ClientOf, sort: str) -> None:
    # Groups of five share a moment, so that the key alone does not order them.
    made = [district.register(now=at(23) + timedelta(minutes=place // 5)).number for place in range(62)]
    clerk, query, seen, pages = client_of("clerk"), f"?tab=all&sort={sort}", [], []
    while query:
        page = clerk.get(f"/cases/{query}").context
        pages.append([row["number"] for row in page["rows"]])
        seen += pages[-1]
        query, back = page["next_url"], page["previous_url"]
    assert (sorted(seen), [len(rows) for rows in pages]) == (sorted(made), [30, 30, 2])
    assert numbers(clerk, back) == pages[1]


@pytest.mark.parametrize("username", ["clerk", "handler", "grid_worker", "centre_lead"])
def test_a_list_of_one_and_of_thirty_takes_the_same_queries(
    district: District, client_of: ClientOf, username: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def make() -> None:
        case = district.register()
        district.move(case, "accept", "clerk", category="A0102", level="general")
        unit = "community" if username == "grid_worker" else "housing"
        district.move(case, "dispatch", "dispatcher", lead_unit=unit, mode="forward")

    client, counted = client_of(username), {}
    for rows in (1, 30):
        while len(numbers(client, "?tab=all")) < rows:
            make()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(numbers(client, "?tab=all")) == rows
        counted[rows] = len(asked)
    with capsys.disabled():
        print(f"\nqueries of the work list for {username}: {counted}")
    assert counted[1] == counted[30] <= MOST_QUERIES


def test_the_time_a_test_takes_adds_no_statement(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a minute after the calendar was read, and a minute after the session, a page asks what it asked before."""
    district.move(district.register(), "accept", "clerk", category="A0102", level="general")
    client, counted, began = client_of("centre_lead"), [], time.monotonic()
    numbers(client, "?tab=all")
    for passed in (0, 31, 61):
        monkeypatch.setattr(time, "monotonic", partial(add, began, passed))
        session = client.session
        session["portal_seen"] -= passed
        session.save()
        with CaptureQueriesContext(connection) as asked:
            numbers(client, "?tab=all")
        counted.append(len(asked))
    assert counted == [counted[0]] * 3


def test_an_empty_list_says_what_it_means_and_what_to_do_next(district: District, client_of: ClientOf) -> None:
    page = client_of("clerk").get("/cases/").content.decode()
    assert ["没有等您处理的事项" in page, "登记来访" in page] == [True, True]


def test_administrators_have_no_list_of_cases(district: District, client_of: ClientOf) -> None:
    assert client_of("auditor").get("/cases/").status_code == 403
    assert "审计" in client_of("auditor").get("/").content.decode()
