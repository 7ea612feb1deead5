"""The search of the top bar: numbers open, words list, a person is found by phone or ID only by those who call people."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import AuditEntry
from cases.services.person_search import WHY_NOT
from tests.cases.cast import OTHER_STREET, District

pytestmark = pytest.mark.django_db
Clients = Callable[[str], Client]
PHONE, ID_NUMBER = "13812341234", "140603199001011234"


def ask(client: Client, text: str) -> str:
    """Type into the top bar; where it leads."""
    answer = client.post("/cases/search/", {"q": text})
    assert answer.status_code == 302, answer.content.decode()
    return unquote(answer["Location"])


def test_a_number_or_its_end_opens_the_case_and_words_go_to_the_list(district: District, client_of: Clients) -> None:
    case, other = district.register(), district.register()
    client = client_of("clerk")
    whole, end, shared = (ask(client, text) for text in (case.number, case.number[-5:], other.number[:6]))
    assert (whole, end, shared) == (
        f"/cases/{case.number}/",
        f"/cases/{case.number}/",
        f"/cases/?tab=all&q={other.number[:6]}",
    )
    assert ask(client, "暖气 三号楼") == "/cases/?tab=all&q=暖气+三号楼"
    assert client_of("handler").get("/cases/search/").status_code == 405


def test_a_case_out_of_sight_is_not_opened_by_its_number(district: District, client_of: Clients) -> None:
    case = district.register()
    assert ask(client_of("handler_other"), case.number) == f"/cases/?tab=all&q={case.number}"


@pytest.mark.parametrize("typed", [PHONE, "138-1234-1234", "＋86 138 1234 1234", ID_NUMBER])
def test_a_phone_finds_the_persons_matters_after_a_reason_and_stands_nowhere(
    district: District, client_of: Clients, typed: str
) -> None:
    person = {"name": "张三", "phone": PHONE, "id_number": ID_NUMBER}
    mine = district.register(reporters=[person])
    about = district.register(other_party=[person], reporters=[{"name": "李四", "phone": "13900001111"}])
    district.register(reporters=[{"name": "李四", "phone": "13900001111"}])
    client = client_of("clerk")
    place = ask(client, typed)
    question = client.get(place).content.decode()
    recorded = AuditEntry.objects.filter(action="search_person").count()
    answered = client.post(place, {"reason": "来访人在窗口"})
    page = client.get(place).content.decode()
    entry = AuditEntry.objects.get(action="search_person")
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert (recorded, answered.status_code, answered["Location"]) == (0, 302, place)
    assert mine.number not in question and "为什么要查" in question
    assert [case.number in page for case in (mine, about)] == [True, True]
    assert page.count("person-search__row") == 2 + 1 and "反映人" in page and "对方当事人" in page
    assert (entry.username, entry.reason, entry.detail["found"]) == ("clerk", "来访人在窗口", 2)
    for text in (place, question, page, str(entry.detail) + entry.target + entry.reason, *kept):
        assert PHONE not in text and ID_NUMBER not in text and "1234 1234" not in text


def test_other_roles_are_told_why_they_may_not_search_for_persons(district: District, client_of: Clients) -> None:
    district.register()
    told = {}
    for who in ("dispatcher", "supervisor", "handler", "centre_lead", "grid_worker"):
        answer = client_of(who).post("/cases/search/", {"q": PHONE})
        told[who] = (answer.status_code, WHY_NOT in answer.content.decode())
    assert told == dict.fromkeys(told, (403, True))
    assert not AuditEntry.objects.filter(action="search_person").exists()


def test_only_what_a_calling_post_sees_is_found_and_never_a_report_of_wrongdoing(
    district: District, client_of: Clients
) -> None:
    here = district.register()
    there = district.register(place={"area": OTHER_STREET, "address": "街口"})
    district.register(complained_unit="housing", complaint_nature="report")
    district.person("street_clerk", "街道小吴", "clerk", "other_street", OTHER_STREET)
    district.person("street_clerk", "街道小吴", "dispatcher", "centre")
    seen = {}
    for who in ("clerk", "street_clerk"):
        client = client_of(who)
        place = ask(client, PHONE)
        client.post(place, {"reason": "来电人在线"})
        seen[who] = [row["number"] for row in client.get(place).context["rows"]]
    assert seen == {"clerk": [there.number, here.number], "street_clerk": [there.number]}


def test_without_a_reason_nothing_is_shown_and_somebody_elses_question_is_not_theirs(
    district: District, client_of: Clients
) -> None:
    district.register()
    client = client_of("clerk")
    place = ask(client, PHONE)
    refused = client.post(place, {"reason": " "})
    assert (refused.status_code, "请写明为什么要查" in refused.content.decode()) == (400, True)
    assert client.get(place).context.get("rows") is None
    assert client_of("operator").get(place).status_code == 404


def test_a_phone_among_words_goes_no_further(district: District, client_of: Clients) -> None:
    client = client_of("clerk")
    assert ask(client, f"张三 {PHONE}") == "/cases/"
    assert "请在页面上方的查找框里单独输入" in client.get("/cases/").content.decode()
    asked = client.get("/cases/", {"q": PHONE}).content.decode()
    assert "请在页面上方的查找框里单独输入" in asked
