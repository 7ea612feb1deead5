"""The pages 对接: who enters, what each sees, sending again, and a line's settings that never show a key twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import AuditEntry
from hotlines.links import queries
from hotlines.links.answering import sweep_links
from hotlines.links.arriving import take_in
from hotlines.links.transferring import sweep_transfers
from hotlines.models import Line, Link, LinkMessage
from tests.cases.cast import MONDAY, STREET, District, at
from tests.hotlines.links.scenes import arrival, line, to_the_end

Log = Callable[[str], Client]


@pytest.fixture
def link(district: District) -> Link:
    """A court matter at its end, its first message refused."""
    district.person("sysadmin", "系统管理员小郭", Role.SYSTEM_ADMIN, "centre")
    made = take_in(
        line(adapter="http", address="https://court.example/x", name="平鲁区人民法院"), arrival(), MONDAY
    ).link
    to_the_end(district, made.case)
    sweep_links(at(23, 18))
    LinkMessage.objects.filter(link=made, seq=1).update(state="refused", answer="对方拒收（422）")
    return made


@pytest.mark.parametrize(
    ("who", "overview", "matters"),
    [
        ("dispatcher", 200, 200),
        ("centre_lead", 200, 200),
        ("sysadmin", 200, 403),
        ("clerk", 403, 403),
        ("auditor", 403, 403),
    ],
)
def test_who_enters(link: Link, client_of: Log, who: str, overview: int, matters: int) -> None:
    client = client_of(who)
    found = [
        client.get(url).status_code
        for url in ("/hotlines/links/", "/hotlines/links/court/", f"/hotlines/links/matters/{link.uid}/")
    ]
    assert found == [overview, matters, matters]


def test_the_system_administrator_sees_lines_and_no_matter(link: Link, client_of: Log) -> None:
    page = client_of("sysadmin").get("/hotlines/links/").content.decode()
    assert "平鲁区人民法院" in page
    assert [word for word in (link.case.number, link.foreign_number, link.case.title, "张三") if word in page] == []


def test_a_matter_out_of_ones_sight_is_not_there(district: District, link: Link, client_of: Log) -> None:
    district.person("street_dispatcher", "外街分流员", Role.DISPATCHER, "other_street", "140603101")
    client = client_of("street_dispatcher")
    page = client.get("/hotlines/links/court/").content.decode()
    assert link.foreign_number not in page
    assert client.get(f"/hotlines/links/matters/{link.uid}/").status_code == 404
    assert STREET not in page


def test_a_refused_message_is_shown_and_sent_again_on_record(link: Link, client_of: Log) -> None:
    client = client_of("dispatcher")
    assert "对方拒收" in client.get(f"/hotlines/links/matters/{link.uid}/").content.decode()
    answer = client.post(f"/hotlines/links/matters/{link.uid}/messages/1/", {"do": "again"})
    assert (answer.status_code, link.messages.get(seq=1).state) == (302, "waiting")
    entry = AuditEntry.objects.get(action="link_sent_again")
    assert (entry.target, entry.detail) == (link.case.number, {"line": "court", "seq": 1})


def test_told_by_telephone_asks_how(link: Link, client_of: Log) -> None:
    client = client_of("dispatcher")
    url = f"/hotlines/links/matters/{link.uid}/messages/1/"
    refused = client.post(url, {"do": "told", "note": ""})
    assert (refused.status_code, "请写明怎样告知的" in refused.content.decode()) == (400, True)
    client.post(url, {"do": "told", "note": "已电话告知立案庭"})
    assert link.messages.get(seq=1).answer == "人工告知：已电话告知立案庭"


def test_the_overview_asks_the_same_for_one_line_and_for_many(
    district: District, link: Link, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        take_in(line(f"court{number}"), arrival(f"{number}号"), MONDAY)
    with django_assert_num_queries(3):
        states = queries.lines(at(23, 19))
    assert [(state.line.code, state.waiting, state.stuck) for state in states if state.line.code == "court"] == [
        ("court", 3, 1)
    ]


def test_a_cases_page_shows_their_number_and_date_beside_ours(link: Link, client_of: Log) -> None:
    page = client_of("dispatcher").get(f"/cases/{link.case.number}/").content.decode()
    assert [
        word
        for word in ("外部对接", "平鲁区人民法院", link.foreign_number, "对方时限", "本中心时限", "来往的消息")
        if word not in page
    ] == []


def test_a_case_of_our_own_asks_nothing_about_links(
    district: District, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case, actor = district.register(), district.actor("handler")
    with django_assert_num_queries(0):
        assert queries.of_case(case, actor, MONDAY) == []


def test_an_overdue_receipt_shows_on_the_case_and_in_the_list(district: District, link: Link, client_of: Log) -> None:
    Line.objects.update(receipt_hours=1)
    case = district.move(district.register(), "transfer", "clerk", at(23, 10), receiver="judicial", receipt="平台")
    sweep_transfers(at(23, 10))
    out, actor = Link.objects.get(direction="out"), district.actor("dispatcher")
    (row,) = queries.of_case(case, actor, at(23, 12))
    assert (row["receipt_late"], row["receipt_due"]) == (True, at(23, 11))
    assert out in queries.matters(out.line, actor, "late", at(23, 12))
    assert out not in queries.matters(out.line, actor, "late", at(23, 10, 30))


# --- settings -------------------------------------------------------------------------------------------------------

FORM: dict[str, Any] = {
    "code": "police-pinglu",
    "name": "平鲁分局 110 指挥中心",
    "kind": "police",
    "adapter": "file",
    "address": "police",
    "channel": "police",
    "receipt_hours": "4",
    "is_active": "true",
    "new_key": "true",
}


def test_a_new_line_has_its_folders_and_shows_its_key_once(
    district: District, link: Link, client_of: Log, settings: Any, tmp_path: Path
) -> None:
    settings.LINKS_FOLDER = tmp_path
    client = client_of("sysadmin")
    answer = client.post("/hotlines/links/new/", FORM)
    made = Line.objects.get(code="police-pinglu")
    key = made.secret["key"]
    assert (answer.status_code, key.startswith("whsec_"), key in answer.content.decode()) == (200, True, True)
    assert sorted(path.name for path in (tmp_path / "police").iterdir()) == ["done", "in", "out", "refused"]
    assert key not in client.get("/hotlines/links/police-pinglu/settings/").content.decode()
    entry = AuditEntry.objects.get(action="line.created")
    assert (entry.target, key in str(entry.detail)) == ("line:police-pinglu", False)


def test_what_is_wrong_is_said_beside_its_field(link: Link, client_of: Log, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = []
    wrong = {
        **FORM,
        "adapter": "http",
        "address": "https://10.0.0.1/x",
        "code": "COURT",
        "key": "abc",
        "new_key": "false",
    }
    answer = client_of("sysadmin").post("/hotlines/links/new/", wrong)
    page = answer.content.decode()
    sentences = ("代码用小写字母、数字和横线", "主机不在允许外发的名单里", "密钥应以 whsec_ 开头")
    assert (answer.status_code, [one for one in sentences if one not in page]) == (400, [])
    assert not Line.objects.filter(kind="police").exists()


def test_nobody_else_sets_lines_up(link: Link, client_of: Log) -> None:
    found = [
        client_of(who).post("/hotlines/links/new/", FORM).status_code for who in ("dispatcher", "centre_lead", "clerk")
    ]
    assert (found, Line.objects.count()) == ([403, 403, 403], 1)


def test_an_escape_from_the_folder_is_refused(link: Link, client_of: Log) -> None:
    answer = client_of("sysadmin").post("/hotlines/links/new/", {**FORM, "address": "../../etc"})
    assert (answer.status_code, "文件夹名只能用字母" in answer.content.decode()) == (400, True)
