"""A line without an interface: what waits to be told is listed, taken away as a sheet, and settled as it was listed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import AuditEntry
from governance_portal.lib.sheets import read_rows
from hotlines.links import by_hand
from hotlines.links.answering import sweep_links
from hotlines.links.arriving import take_in
from hotlines.models import Line, Link, LinkMessage
from tests.cases.cast import MONDAY, District, at
from tests.hotlines.links.scenes import arrival, line, to_the_end

Log = Callable[[str], Client]
PAGE = "/hotlines/links/12345/to-tell/"


@pytest.fixture
def link(district: District) -> Link:
    """An order at its end: received, accepted, dispatched, answered, and nobody has told the platform."""
    made = take_in(line("12345", "order", name="市 12345 平台"), arrival("=PL1"), MONDAY).link
    to_the_end(district, made.case)
    sweep_links(at(23, 18))
    return made


def listed(client: Client) -> list[str]:
    """The messages that the page has ticked."""
    return [str(row["message"].uid) for row in client.get(PAGE).context["rows"] if row["ticked"]]


def states(link: Link) -> list[str]:
    """How far each message has come, in words."""
    return [message.standing for message in link.messages.all()]


@pytest.mark.parametrize(
    ("who", "status"), [("dispatcher", 200), ("centre_lead", 200), ("clerk", 403), ("operator", 403), ("auditor", 403)]
)
def test_who_handles_the_line_has_the_list_and_the_sheet(link: Link, client_of: Log, who: str, status: int) -> None:
    client = client_of(who)
    answers = [client.get(PAGE), client.get(f"{PAGE}sheet/"), client.post(PAGE, {})]
    assert [answer.status_code for answer in answers] == [status, status, 400 if status == 200 else 403]


def test_the_pages_say_to_be_told_and_not_to_be_sent(link: Link, client_of: Log) -> None:
    client = client_of("dispatcher")
    overview, matters, matter, case, orders, page = (
        client.get(url).content.decode()
        for url in (
            "/hotlines/links/",
            "/hotlines/links/12345/?show=waiting",
            f"/hotlines/links/matters/{link.uid}/",
            f"/cases/{link.case.number}/",
            "/hotlines/orders/",
            PAGE,
        )
    )
    assert f'<a href="{PAGE}">4 条待告知</a>' in overview
    assert [text.count("待告知") > 0 for text in (matters, matter, case, orders, page)] == [True] * 5
    assert "市 12345 平台：待告知 4 条" in orders
    assert ["待发送" in text for text in (matters, matter, case, orders, page)] == [False] * 5
    assert states(link) == ["待告知"] * 4


def test_a_line_that_a_machine_speaks_over_keeps_its_words_and_has_no_such_page(link: Link, client_of: Log) -> None:
    Line.objects.update(adapter="http")
    client = client_of("dispatcher")
    assert (client.get(PAGE).status_code, states(Link.objects.get())) == (404, ["待发送"] * 4)
    assert "4 条待发送" in client.get("/hotlines/links/").content.decode()


def test_the_sheet_has_the_words_of_the_messages_and_nothing_of_people(link: Link, client_of: Log) -> None:
    answer = client_of("dispatcher").get(f"{PAGE}sheet/")
    rows: list[Any] = [row for _line, row in read_rows(answer.content)]
    assert [(row["对方编号"], row["受理编号"], row["第几条"], row["消息"]) for row in rows] == [
        ("'=PL1", link.case.number, str(place), kind)
        for place, kind in enumerate(("接收回执", "办理进展", "办理进展", "办理结果"), 1)
    ]
    assert (rows[1]["要告知的内容"], rows[3]["答复或说明"]) == ("已受理", "已达成协议，3 日内修复。")
    assert rows[1]["期限"].startswith("2026-")
    assert [word for word in ("张三", "李四", "13812341234", "胜利社区") if word in answer.content.decode()] == []
    entry = AuditEntry.objects.get(action="export_to_tell")
    assert (entry.target, entry.detail) == ("line:12345", {"line": "12345", "rows": 4})


def test_what_was_listed_is_settled_once_and_what_came_meanwhile_stays(
    district: District, link: Link, client_of: Log
) -> None:
    client = client_of("dispatcher")
    client.get(f"{PAGE}sheet/")
    given = {"message": listed(client), "note": "已在平台逐件回填"}
    later = take_in(link.line, arrival("PL2"), at(23, 19)).link
    assert listed(client) == given["message"]
    assert "上次下载之后新来的" in client.get(PAGE).content.decode()
    answers = [client.post(PAGE, given, follow=True).content.decode() for _twice in range(2)]

    assert ("已记下 4 条。" in answers[0], "4 条早已记为告知，没有再记。" in answers[1]) == (True, True)
    assert [(message.standing, message.answer) for message in link.messages.all()] == [
        ("已送达", "人工告知：已在平台逐件回填")
    ] * 4
    assert (states(later), listed(client)) == (["待告知"], [str(later.messages.get().uid)])
    entries = AuditEntry.objects.filter(action="link_told_by_hand").order_by("pk")
    assert [(entry.target, entry.detail) for entry in entries] == [
        (link.case.number, {"line": "12345", "seq": seq}) for seq in (1, 2, 3, 4)
    ]


def test_within_a_matter_nothing_is_told_before_what_comes_first(link: Link, client_of: Log) -> None:
    client = client_of("dispatcher")
    last = client.post(PAGE, {"message": listed(client)[1:], "note": "已回填"}, follow=True).content.decode()
    assert "3 条没有记，同一事项前面还有没告知的" in last
    assert (states(link), AuditEntry.objects.filter(action="link_told_by_hand").count()) == (["待告知"] * 4, 0)


def test_what_stands_behind_a_refused_one_is_not_listed(link: Link, client_of: Log) -> None:
    """The line had an interface before: the refused message is handled on its matter's page first."""
    link.messages.filter(seq=2).update(state="refused")
    assert listed(client_of("dispatcher")) == [str(link.messages.get(seq=1).uid)]


@pytest.mark.parametrize("note", ["", "  ", "字" * 101, "a\x00b"])
def test_without_a_word_on_how_nothing_is_settled_and_the_ticks_stay(link: Link, client_of: Log, note: str) -> None:
    client = client_of("dispatcher")
    chosen = listed(client)[:2]
    answer = client.post(PAGE, {"message": chosen, "note": note})
    assert answer.status_code == 400
    assert LinkMessage.objects.filter(state="sent").count() == 0
    if "\x00" not in note:  # refused at the door of all forms
        ticked = [str(row["message"].uid) for row in answer.context["rows"] if row["ticked"]]
        assert (ticked, by_hand.HOW in answer.content.decode()) == (chosen, True)


def test_messages_of_another_line_or_out_of_sight_are_no_messages(
    district: District, link: Link, client_of: Log
) -> None:
    other = take_in(line("other", "other"), arrival("X1"), MONDAY).link
    district.person("street_dispatcher", "外街分流员", Role.DISPATCHER, "other_street", "140603101")
    foreign = [str(other.messages.get().uid), "no-uid"]
    answers = [
        client_of("dispatcher").post(PAGE, {"message": foreign, "note": "已回填"}),
        client_of("street_dispatcher").post(PAGE, {"message": [str(link.messages.get(seq=1).uid)], "note": "已回填"}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert listed(client_of("street_dispatcher")) == []
    assert LinkMessage.objects.filter(state="sent").count() == 0


def test_the_list_asks_the_same_for_one_message_and_for_many(link: Link, client_of: Log) -> None:
    client = client_of("dispatcher")
    client.get(PAGE)
    counts = []
    for first, last in ((0, 0), (0, 30)):
        for number in range(first, last):
            take_in(link.line, arrival(f"N{number}"), MONDAY)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert (counts[0], len(listed(client))) == (counts[1], 34)
