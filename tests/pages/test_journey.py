"""The walk-in journey by page: each step by the log-in its role asks for, the resident's page read after each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from governance_portal.lib.numbers import query_code
from tests.cases.cast import COMMUNITY, GRID, District

ClientOf = Callable[[str], Client]
INTAKE: dict[str, Any] = {
    "client_id": "0b0e8f0e-1111-4111-8111-111111111111",
    "kind": "appeal",
    "channel": "window",
    "description": "胜利社区三号楼暖气不热，已有一周。请求尽快维修。",
    "reporter-0-name": "张三",
    "reporter-0-phone": "13812341234",
    "place-area": COMMUNITY,
    "place-grid": GRID,
    "place-address": "胜利社区三号楼",
}


def register(client: Client) -> Case:
    response = client.post("/cases/new/", INTAKE)
    assert response.status_code == 302, response.content.decode()
    return Case.objects.get()


def press(client: Client, case: Case, move: str, **given: Any) -> Any:
    response = client.post(f"/cases/{case.number}/moves/{move}/", given)
    assert response.status_code == 302, response.content.decode()
    case.refresh_from_db()
    return response


def residents_page(case: Case) -> str:
    code = query_code(case.number, case.query_issue)
    response = Client().post("/query/", {"number": case.number, "query_code": code})
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_walk_in_goes_round_by_page_and_the_resident_reads_each_step(district: District, client_of: ClientOf) -> None:
    case = register(client_of("clerk"))
    assert "已登记，等待受理" in residents_page(case)
    press(client_of("clerk"), case, "accept", category="A0102", level="general")
    assert "已受理，正在安排办理单位" in residents_page(case)
    press(client_of("dispatcher"), case, "dispatch", lead_unit="housing", mode="forward")
    assert "已转交 区住房和城乡建设局" in residents_page(case)
    press(client_of("handler"), case, "return", reason="not_ours", basis="供热归区供热服务站")
    assert "供热归区供热服务站" not in residents_page(case)
    press(client_of("dispatcher"), case, "insist", note="职责清单第三条")
    press(client_of("handler"), case, "sign")
    assert "区住房和城乡建设局 正在办理" in residents_page(case)
    press(client_of("handler"), case, "resolve", result="更换循环泵", outcome="fulfilled", reply="暖气已恢复供热。")
    assert "暖气已恢复供热。" not in residents_page(case)
    press(client_of("supervisor"), case, "approve")
    page = residents_page(case)
    assert ("暖气已恢复供热。" in page, "更换循环泵" in page, "张三" in page) == (True, False, False)
    press(client_of("follow_up"), case, "confirm", satisfaction="5", resolved="true", contacted="true")
    assert (case.status, case.outcome) == ("closed", "fulfilled")
    assert "已办结" in residents_page(case)


def test_somebody_from_another_street_sees_the_not_found_page(district: District, client_of: ClientOf) -> None:
    case = register(client_of("clerk"))
    for address in ("", "receipt/", "moves/accept/", "records/note/"):
        response = client_of("handler_other").get(f"/cases/{case.number}/{address}")
        assert (response.status_code, "没有找到" in response.content.decode()) == (404, True)
    assert case.number not in client_of("handler_other").get("/cases/?tab=all").content.decode()


def test_the_same_intake_twice_is_one_case(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    first, second = clerk.post("/cases/new/", INTAKE), clerk.post("/cases/new/", INTAKE)
    assert (first.url, Case.objects.count()) == (second.url, 1)


def test_a_half_filled_intake_comes_back_with_everything_typed_and_a_sentence_at_the_field(
    district: District, client_of: ClientOf
) -> None:
    response = client_of("clerk").post("/cases/new/", {**INTAKE, "description": "", "reporter-0-phone": "没有"})
    page = response.content.decode()
    assert response.status_code == 400
    assert [words in page for words in ("请填写反映事项。", "电话请填数字", 'value="张三"', "胜利社区三号楼")] == [
        True
    ] * 4
    assert Case.objects.count() == 0


def test_a_step_somebody_else_took_first_is_told_with_who_and_when_and_nothing_typed_is_lost(
    district: District, client_of: ClientOf
) -> None:
    case = register(client_of("clerk"))
    typed = {"category": "A0102", "level": "general", "note": "一楼住户也来过", "version": "1"}
    press(client_of("clerk"), case, "accept", category="A0102", level="major")
    page = client_of("clerk").post(f"/cases/{case.number}/moves/accept/", typed)
    assert page.status_code == 409
    words = page.content.decode()
    assert [said in words for said in ("您的操作未生效", "一楼住户也来过")] == [True, True]
    in_place = client_of("clerk").post(f"/cases/{case.number}/moves/accept/", typed, headers={"HX-Request": "true"})
    assert (in_place.status_code, 'class="say say--mend"' in in_place.content.decode()) == (409, True)


def test_a_missing_field_is_told_beside_it(district: District, client_of: ClientOf) -> None:
    case = register(client_of("clerk"))
    response = client_of("clerk").post(
        f"/cases/{case.number}/moves/accept/", {"level": "general", "note": "留着"}, headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert (response.status_code, "请填写类别。" in page or "请选择类别。" in page, "留着" in page) == (400, True, True)


def test_contact_data_is_masked_until_a_reason_is_given(district: District, client_of: ClientOf) -> None:
    case = register(client_of("clerk"))
    page = client_of("clerk").get(f"/cases/{case.number}/").content.decode()
    assert ("13812341234" in page, "138****1234" in page) == (False, True)
    refused = client_of("clerk").post(f"/cases/{case.number}/contact/", {"reason": ""})
    shown = client_of("clerk").post(f"/cases/{case.number}/contact/", {"reason": "电话回访"})
    assert (refused.status_code, shown.status_code, "13812341234" in shown.content.decode()) == (400, 200, True)
    assert client_of("dispatcher").post(f"/cases/{case.number}/contact/", {"reason": "看看"}).status_code == 403


@pytest.mark.parametrize("username", ["dispatcher", "handler"])
def test_only_who_registers_prints_the_receipt(district: District, client_of: ClientOf, username: str) -> None:
    case = register(client_of("clerk"))
    press(client_of("clerk"), case, "accept", category="A0102", level="general")
    press(client_of("dispatcher"), case, "dispatch", lead_unit="housing", mode="forward")
    assert client_of("clerk").get(f"/cases/{case.number}/receipt/").status_code == 200
    assert client_of(username).get(f"/cases/{case.number}/receipt/").status_code == 403
