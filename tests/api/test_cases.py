"""Registering, listing, moving and recording over the API."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import AuditEntry
from cases.api.paging import ORDERINGS
from cases.models import Attachment, Case
from tests.api.conftest import Phones
from tests.api.phone import REPORT, Phone, register
from tests.cases.cast import COMMUNITY, District, at

ROW = {
    *("number", "title", "kind", "channel", "category", "level", "status", "stage", "area", "grid", "lead_unit"),
    *("handler", "received_at", "due_at", "due_tentative", "due_state", "orders_open", "version"),
}
ACCEPTED = {"category": "A0102", "level": "general"}


@pytest.fixture
def clerk(phones: Phones) -> Phone:
    """小王's phone."""
    return phones("clerk")


def signed(phones: Phones, **given: Any) -> str:
    """A case that 老李 is handling."""
    number: str = register(phones("clerk"), **given)["number"]
    phones("clerk").move(number, "accept", **ACCEPTED)
    phones("dispatcher").move(number, "dispatch", lead_unit="housing", mode="forward")
    assert phones("handler").move(number, "sign").status_code == 200
    return number


def test_an_intake_gets_its_number_its_code_and_its_address(clerk: Phone) -> None:
    answer = clerk.post("cases/", {**REPORT, "client_id": "desk-1"})
    body = answer.json()
    assert answer.status_code == 201
    assert (answer["Location"], answer["ETag"]) == (f"http://testserver/api/v1/cases/{body['number']}/", '"1"')
    assert (len(body["query_code"]), body["status"], body["area_name"], body["version"]) == (
        10,
        "registered",
        "胜利社区",
        1,
    )
    assert body["allowed_moves"][0]["name"] == "accept"


def test_the_same_submission_again_gets_the_same_answer_also_when_the_case_went_on(clerk: Phone) -> None:
    sent = {**REPORT, "client_id": "desk-1"}
    first = clerk.post("cases/", sent)
    assert clerk.post("cases/", sent).json() == first.json()
    clerk.move(first.json()["number"], "accept", **ACCEPTED)
    again = clerk.post("cases/", sent)
    assert (again.status_code, again.json()) == (200, first.json())
    other = clerk.post("cases/", {**sent, "description": "另一件事，也在三号楼。"})
    assert (other.status_code, Case.objects.count()) == (409, 1)


def test_a_row_has_the_fields_of_the_contract(clerk: Phone) -> None:
    number = register(clerk)["number"]
    row = clerk.get("cases/").json()["results"][0]
    assert ROW - set(row) == set()
    shown = {name: row[name] for name in ("number", "area", "grid", "lead_unit", "handler", "level", "due_state")}
    assert shown == {
        "number": number,
        "area": COMMUNITY,
        "grid": None,
        "lead_unit": None,
        "handler": None,
        "level": None,
        "due_state": "ok",
    }


def test_pages_hold_every_row_once_forwards_and_back_in_every_order(district: District, clerk: Phone) -> None:
    numbers = [district.register(now=at(23 + day, 9)).number for day in (0, 1, 1, 2, 3)]
    expected = {
        "-registered_at": [numbers[n] for n in (4, 3, 2, 1, 0)],
        "registered_at": numbers,
        "due_at": numbers,
        "-due_at": [numbers[n] for n in (4, 3, 2, 1, 0)],
    }
    for ordering in ORDERINGS:
        address, pages = f"cases/?page_size=2&ordering={ordering}&kind=appeal", []
        while address:
            page = clerk.get(address).json()
            pages.append([row["number"] for row in page["results"]])
            address, back = page["next"], page["previous"]
        assert [number for rows in pages for number in rows] == expected[ordering]
        before = clerk.get(back).json()
        assert [row["number"] for row in before["results"]] == pages[-2]
        first = clerk.get(before["previous"]).json()
        assert ([row["number"] for row in first["results"]], first["previous"]) == (pages[0], None)
    assert clerk.get("cases/?ordering=title").status_code == 400
    assert clerk.get("cases/?cursor=abc").status_code == 400


@pytest.mark.behaviour(9, 20)
def test_list_and_count_agree_under_every_filter(district: District, phones: Phones, clerk: Phone) -> None:
    number = signed(phones)
    phones("supervisor").post(
        f"cases/{number}/orders/", {"kind": "urge", "demand": "请抓紧办理", "deadline": "2027-01-04T09:00:00+08:00"}
    )
    register(clerk, kind="dispute", description="邻里噪音纠纷。")
    wanted = {
        "": 2,
        "status=registered": 1,
        "status=registered&status=handling": 2,
        "stage=handling": 1,
        "kind=dispute": 1,
        "channel=window": 2,
        "channel=web": 0,
        "category=A01": 1,
        "level=general": 1,
        f"area={COMMUNITY[:9]}": 2,
        "area=140603101": 0,
        "grid=140603100001001": 0,
        "unit=housing": 1,
        "handler=handler": 1,
        "orders=open": 1,
        "due=overdue": 0,
        "mine=true": 1,
        f"q={number}": 1,
        "q=噪音 邻里": 1,
        "received_after=2020-01-01": 2,
        "received_before=2020-01-01": 0,
        "received_after=2020-01-01T00:00:00+08:00": 2,
    }
    found = {query: clerk.get(f"cases/count/?{query}").json()["count"] for query in wanted}
    assert found == wanted
    listed = {query: len(clerk.get(f"cases/?{query}").json()["results"]) for query in wanted}
    assert listed == wanted
    for wrong in ("status=x", "due=late", "kind=1", "received_after=gestern", "received_before=0001-01-01"):
        answers = [clerk.get(f"cases/?{wrong}"), clerk.get(f"cases/count/?{wrong}")]
        assert [(answer.status_code, list(answer.json()["errors"])) for answer in answers] == [
            (400, [wrong.split("=")[0]])
        ] * 2


def test_a_stale_version_is_refused_before_anything_else(phones: Phones, clerk: Phone) -> None:
    number = register(clerk)["number"]
    etag = clerk.get(f"cases/{number}/")["ETag"]
    assert etag == '"1"'
    clerk.move(number, "accept", **ACCEPTED)
    body = {"move": "accept", **ACCEPTED}
    stale = clerk.post(f"cases/{number}/moves/", body, **{"If-Match": etag})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:governance-portal:problem:stale")
    late = clerk.post(f"cases/{number}/moves/", {**body, "version": 1})
    assert (late.status_code, late.json()["current_status"], late.json()["moved_by"]) == (409, "accepted", "小王")
    again = clerk.post(f"cases/{number}/moves/", body, **{"If-Match": 'W/"2"'})
    assert (again.status_code, again.json()["current_status"]) == (409, "accepted")
    notes = [
        clerk.post(f"cases/{number}/notes/", {"text": "已电话核实"}, **{"If-Match": etag}).status_code,
        clerk.post(f"cases/{number}/notes/", {"text": "已电话核实", "version": 1}).status_code,
        clerk.post(f"cases/{number}/notes/", {"text": "已电话核实", "version": 2}).status_code,
    ]
    assert notes == [412, 409, 201]


@pytest.mark.behaviour(7)
def test_refusals_come_in_their_order_and_leave_nothing_behind(phones: Phones, clerk: Phone) -> None:
    number = register(clerk)["number"]
    answers = [
        phones("handler_other").move(number, "accept"),
        clerk.move(number, "approve"),
        phones("supervisor").move(number, "accept"),
        clerk.move(number, "accept", category="A0102"),
        clerk.move(number, "fly"),
        clerk.move(number, "accept", **ACCEPTED, status="closed"),
        clerk.post(f"cases/{number}/moves/", ["accept"]),
    ]
    assert [answer.status_code for answer in answers] == [404, 409, 403, 400, 400, 400, 400]
    assert answers[3].json()["errors"] == {"level": ["请选择等级。"]}
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    case = Case.objects.get(number=number)
    assert (case.status, case.version, case.events.count()) == ("registered", 1, 1)


def test_a_move_that_takes_the_case_out_of_sight_says_so_and_can_be_repeated(phones: Phones, clerk: Phone) -> None:
    number = signed(phones)
    sent = {"reason": "not_ours", "basis": "供热归区供热服务站", "client_id": "phone-3"}
    dispatched = phones("handler").move(number, "return", **sent)
    assert dispatched.json()["visible"] is True
    phones("dispatcher").move(number, "dispatch", lead_unit="heating", mode="forward")
    assert phones("handler").get(f"cases/{number}/").status_code == 404
    again = phones("handler").move(number, "return", **sent)
    assert (again.status_code, again.json()) == (
        200,
        {"number": number, "status": "dispatched", "version": 6, "visible": False},
    )
    assert phones("handler").move(number, "return", **{**sent, "client_id": "phone-4"}).status_code == 404


@pytest.mark.behaviour(10)
def test_contact_data_are_masked_until_unmasked_with_a_reason_on_record(phones: Phones, clerk: Phone) -> None:
    number = signed(phones)
    before = phones("handler2").get(f"cases/{number}/").json()["parties"]
    assert [(row["name"], row["phone"]) for row in before] == [("张**", "138****1234")]
    assert phones("handler2").post(f"cases/{number}/unmask/", {"reason": "想看看"}).status_code == 403
    assert phones("handler").post(f"cases/{number}/unmask/", {}).json()["errors"].keys() == {"reason"}
    shown = phones("handler").post(f"cases/{number}/unmask/", {"reason": "约上门时间"}).json()["parties"]
    assert [(row["name"], row["phone"]) for row in shown] == [("张三", "13812341234")]
    entry = AuditEntry.objects.filter(action="unmask").get()
    assert (entry.username, entry.target, entry.reason) == ("handler", f"case:{number}", "约上门时间")


@pytest.mark.behaviour(10)
def test_a_sealed_case_shows_its_reporter_only_to_who_must_call(phones: Phones, clerk: Phone) -> None:
    number = register(clerk, complained_unit="heating", complaint_nature="report")["number"]
    seen = {
        name: [row["name"] for row in phones(name).get(f"cases/{number}/").json()["parties"]]
        for name in ("clerk", "supervisor", "dispatcher")
    }
    assert seen == {"clerk": ["张**"], "supervisor": [], "dispatcher": []}
    assert phones("heating_man").get(f"cases/{number}/").status_code == 404


def test_the_handling_unit_never_sees_a_rating_by_name(phones: Phones, clerk: Phone) -> None:
    number = signed(phones)
    done = {"result": "已更换循环泵", "outcome": "fulfilled", "reply": "暖气已恢复供热。"}
    phones("handler").move(number, "resolve", **done)
    phones("supervisor").move(number, "approve")
    rated = {"satisfaction": 2, "resolved": True, "contacted": True}
    assert phones("follow_up").move(number, "confirm", **rated).status_code == 200
    for name, satisfaction in (("handler", None), ("supervisor", 2)):
        assert phones(name).get(f"cases/{number}/").json()["satisfaction"] == satisfaction
        last = phones(name).get(f"cases/{number}/events/").json()["results"][-1]
        assert (last["kind"], last["data"].get("satisfaction")) == ("confirm", satisfaction)


def test_what_is_recorded_answers_its_line_and_moves_nothing(phones: Phones, clerk: Phone) -> None:
    number = signed(phones)
    handler, lead, supervisor = phones("handler"), phones("housing_lead"), phones("supervisor")
    note = handler.post(f"cases/{number}/notes/", {"text": "已到现场", "client_id": "n-1"})
    again = handler.post(f"cases/{number}/notes/", {"text": "已到现场", "client_id": "n-1"})
    assert (note.status_code, note.json()["kind"], again.json()) == (201, "note", note.json())
    assert handler.post(f"cases/{number}/contacts/", {"way": "phone", "reached": True}).status_code == 201
    people = lead.get(f"cases/{number}/people/").json()
    assert {"username": "handler2", "name": "老吴"} in people
    assigned = lead.post(f"cases/{number}/assignments/", {"person": "handler2"})
    assert (assigned.status_code, assigned.json()["data"]["handler_name"]) == (201, "老吴")
    assert lead.post(f"cases/{number}/assignments/", {"handler": "handler"}).status_code == 400
    asked = phones("handler2").post(f"cases/{number}/requests/", {"kind": "sign_off", "reason": "报请签发"})
    decided = lead.post(f"cases/{number}/requests/{asked.json()['id']}/decision/", {"approved": True})
    assert (decided.status_code, decided.json()["approved"]) == (201, True)
    laid = {"kind": "urge", "demand": "请三日内办结", "deadline": "2027-01-04T09:00:00+08:00"}
    order = supervisor.post(f"cases/{number}/orders/", laid)
    path = f"cases/{number}/orders/{order.json()['id']}/"
    assert lead.post(f"{path}response/", {"response": "已安排抢修"}).json()["response"] == "已安排抢修"
    again = {"demand": "请附照片", "deadline": "2027-01-06T09:00:00+08:00"}
    assert supervisor.post(f"{path}renewal/", again).json()["renewed"] == 1
    assert supervisor.post(f"{path}lift/").status_code == 400
    lifted = supervisor.post(f"{path}lift/", {"note": "已整改"}).json()
    assert (lifted["lifted_at"] is not None, lifted["lift_note"]) == (True, "已整改")
    assert supervisor.post(f"cases/{number}/orders/999/lift/").status_code == 404
    code = clerk.post(f"cases/{number}/query-code/").json()["query_code"]
    opened = phones("").post("public/lookup/", {"number": number, "query_code": code})
    seen = clerk.get(f"cases/{number}/").json()
    assert (opened.status_code, seen["status"], len(seen["orders"]), len(seen["requests"])) == (200, "handling", 1, 1)


def test_an_amendment_needs_its_reason_and_keeps_before_and_after(phones: Phones, clerk: Phone) -> None:
    number = signed(phones)
    assert clerk.send("patch", f"cases/{number}/", {"level": "major"}).json()["errors"].keys() == {"reason"}
    amended = clerk.send("patch", f"cases/{number}/", {"level": "major", "reason": "涉及十户"}, **{"If-Match": '"4"'})
    assert (amended.status_code, amended.json()["level"], amended["ETag"]) == (200, "major", '"5"')
    last = clerk.get(f"cases/{number}/events/?page_size=1&cursor=4").json()["results"][0]
    assert (last["kind"], last["data"]["before"], last["data"]["after"]) == (
        "amend",
        {"level": "general"},
        {"level": "major"},
    )
    party = clerk.get(f"cases/{number}/").json()["parties"][0]["id"]
    fixed = clerk.send("patch", f"cases/{number}/parties/{party}/", {"phone": "13900001111", "reason": "写错了"})
    assert (fixed.status_code, fixed.json()["phone"]) == (200, "139****1111")


def test_a_file_is_sent_listed_and_given_out_only_to_who_sees_the_case(phones: Phones, clerk: Phone) -> None:
    number = register(clerk)["number"]
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    path = f"cases/{number}/attachments/"
    sent = clerk.upload(path, file=SimpleUploadedFile("现场.png", out.getvalue()), purpose="现场", public="true")
    kept = Attachment.objects.get()
    assert (sent.status_code, sent.json()["name"], sent.json()["public"]) == (201, "现场.jpg", True)
    assert clerk.get(path).json() == [sent.json()] == clerk.get(f"cases/{number}/").json()["attachments"]
    got = clerk.get(sent.json()["url"])
    assert (got.status_code, got["X-Content-Type-Options"], len(got.getvalue())) == (200, "nosniff", kept.size)
    assert got["Content-Disposition"].startswith("attachment;")
    assert phones("handler_other").get(sent.json()["url"]).status_code == 404
    assert clerk.get(f"{path}not-an-id/").status_code == 404
    page = clerk.upload(path, file=SimpleUploadedFile("a.jpg", b"<html></html>"))
    assert (page.status_code, list(page.json()["errors"])) == (400, ["file"])
    assert clerk.upload(path).json()["errors"] == {"file": ["请选择要上传的文件。"]}


def test_odd_bodies_are_refused_in_a_sentence(clerk: Phone) -> None:
    number = register(clerk)["number"]
    path = f"/api/v1/cases/{number}/moves/"
    send = {"content_type": "application/json", "headers": clerk.headers}
    bodies = [
        '{"move": "\\ud800"}',
        '{"move": "a\\u0000b"}',
        "[" * 5000,
        "{",
        '{"move": 7}',
        '{"client_id": 5}',
        "null",
    ]
    assert [clerk.client.post(path, body, **send).status_code for body in bodies] == [400] * 7
    assert clerk.client.post(path, "move=accept", "text/plain", headers=clerk.headers).status_code == 415
