"""Contact data on the page: shown for a reason, corrected for a reason, in the history only as which and why."""

from typing import Any

from accounts.models import AuditEntry
from tests.cases.cast import District
from tests.pages.test_journey import ClientOf


def test_a_clerk_sees_and_corrects_a_phone_and_the_history_tells_which_field_and_why_never_the_value(
    district: District, client_of: ClientOf
) -> None:
    case = district.register()
    party = case.parties.get()
    clerk = client_of("clerk")
    shown = clerk.post(f"/cases/{case.number}/contact/", {"reason": "电话回访"}).content.decode()
    assert "13812341234" in shown
    given: dict[str, Any] = {
        "party": str(party.uid),
        "name": "张三",
        "phone": "13900001111",
        "reason": "本人说换了号码",
    }
    answer = clerk.post(f"/cases/{case.number}/contact/correct/", given).content.decode()
    assert ("联系方式已更正" in answer, "13900001111" in answer) == (True, False)
    party.refresh_from_db()
    assert party.contact == {"name": "张三", "phone": "13900001111", "id_number": "", "address": ""}
    entry = AuditEntry.objects.get(action="amend_contact")
    assert (entry.reason, entry.detail) == ("本人说换了号码", {"fields": "phone"})
    event = case.events.get(kind="amend")
    assert (event.actor_name, event.data) == (
        "小王",
        {"reason": "本人说换了号码", "contact": ["phone"], "side": "reporter", "limits": {}},
    )


def test_a_phone_that_is_none_is_refused_with_a_sentence_and_nothing_changes(
    district: District, client_of: ClientOf
) -> None:
    case = district.register()
    party = case.parties.get()
    given = {"party": str(party.uid), "phone": "没有", "reason": "更正"}
    answer = client_of("clerk").post(f"/cases/{case.number}/contact/correct/", given)
    assert (answer.status_code, "没有电话可以不填" in answer.content.decode()) == (400, True)
    party.refresh_from_db()
    assert party.contact is not None
    assert party.contact["phone"] == "13812341234"


def test_an_operator_and_a_handler_correct_nothing(district: District, client_of: ClientOf) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    given = {"party": str(case.parties.get().uid), "phone": "13900001111", "reason": "更正"}
    for who in ("operator", "handler"):
        assert client_of(who).post(f"/cases/{case.number}/contact/correct/", given).status_code == 403
