"""Residents report, look up and rate without an account."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import RateWindow
from cases.models import Attachment, Case
from tests.api.conftest import Phones
from tests.api.phone import Phone, register
from tests.cases.cast import COMMUNITY, District

SAID = {
    "client_id": "web-0001",
    "kind": "hazard",
    "description": "小区门口井盖松动，夜里容易踩空。",
    "place": {"area": COMMUNITY, "address": "胜利社区北门"},
    "name": "张三",
    "phone": "13812341234",
    "privacy_version": "2026-01",
}
NOT_FOUND = "编号和查询码对不上，请核对回执后再试；回执找不到的，请带身份证到窗口补打。"


@pytest.fixture
def nobody(phones: Phones) -> Phone:
    """Somebody without an account."""
    return phones("")


@pytest.mark.behaviour(3)
def test_a_report_starts_registered_and_gets_its_number_and_code(nobody: Phone) -> None:
    answer = nobody.post("public/cases/", SAID)
    body = answer.json()
    case = Case.objects.get()
    assert (answer.status_code, body["number"], body["status"], body["status_text"]) == (
        201,
        case.number,
        "registered",
        "已登记，等待受理",
    )
    assert (case.channel, case.level, case.lead_unit, case.nobody_to_ask) == ("web", "", None, False)
    again = nobody.post("public/cases/", SAID)
    assert (again.status_code, again.json()) == (200, body)
    other = nobody.post("public/cases/", {**SAID, "description": "另一件事"})
    assert (other.status_code, Case.objects.count()) == (409, 1)


@pytest.mark.behaviour(3)
def test_a_client_that_sets_a_status_a_level_a_unit_or_anything_unknown_is_refused(nobody: Phone) -> None:
    for name in ("status", "level", "lead_unit", "channel", "reporters", "category", "version", "hidden"):
        answer = nobody.post("public/cases/", {**SAID, name: "1"})
        assert (answer.status_code, answer.json()["errors"]) == (400, {name: ["没有这一项，请去掉后再提交。"]})
    assert Case.objects.count() == 0


def test_a_report_without_consent_or_place_is_asked_for_it(nobody: Phone) -> None:
    without = {name: value for name, value in SAID.items() if name != "privacy_version"}
    assert nobody.post("public/cases/", without).json()["errors"] == {
        "privacy_version": ["请先阅读并同意个人信息处理告知书。"]
    }
    answer = nobody.post("public/cases/", {**SAID, "place": {}})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["place"])


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({}, ["client_id", "description", "kind", "place", "privacy_version"]),
        (
            {"client_id": "k", "kind": "moan", "phone": "没有"},
            ["description", "kind", "phone", "place", "privacy_version"],
        ),
        ({**SAID, "phone": "没有", "place": {}, "hidden": 1}, ["hidden", "phone", "place"]),
        ({**SAID, "name": 5, "privacy_version": " "}, ["name", "privacy_version"]),
        ({"client_id": "k", "kind": "consultation"}, ["description", "privacy_version"]),
    ],
)
def test_everything_that_is_missing_or_wrong_is_told_at_once_by_the_name_it_was_sent_under(
    nobody: Phone, given: dict[str, Any], errors: list[str]
) -> None:
    answer = nobody.post("public/cases/", given)
    assert (answer.status_code, sorted(answer.json()["errors"]), Case.objects.count()) == (400, errors, 0)


def test_a_photo_sent_before_the_report_is_bound_by_it_and_by_nobody_else(nobody: Phone) -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    sent = nobody.upload("public/attachments/", file=SimpleUploadedFile("井盖.jpg", out.getvalue()))
    assert sent.status_code == 201
    report = {**SAID, "attachments": [sent.json()["id"]]}
    number = nobody.post("public/cases/", report).json()["number"]
    assert Attachment.objects.get().case == Case.objects.get(number=number)
    stolen = nobody.post("public/cases/", {**report, "client_id": "web-0002", "name": "李四"})
    assert (stolen.status_code, list(stolen.json()["errors"])) == (400, ["attachments"])
    document = nobody.upload("public/attachments/", file=SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n"))
    assert (document.status_code, list(document.json()["errors"])) == (400, ["file"])


@pytest.mark.behaviour(18)
def test_an_unknown_number_and_a_wrong_code_answer_alike(nobody: Phone) -> None:
    made = nobody.post("public/cases/", SAID).json()
    wrong_code = "0000000000" if made["query_code"] != "0000000000" else "1111111111"
    answers = [
        nobody.post("public/lookup/", {"number": made["number"], "query_code": wrong_code}),
        nobody.post("public/lookup/", {"number": "26112310000019", "query_code": made["query_code"]}),
        nobody.post("public/lookup/", {"number": "x", "query_code": "y"}),
        nobody.post("public/ratings/", {"number": "x", "query_code": "y", "satisfaction": 5, "resolved": True}),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert answers[0].json()["detail"] == NOT_FOUND


def test_a_correct_code_answers_also_after_ten_wrong_ones(nobody: Phone) -> None:
    made = nobody.post("public/cases/", SAID).json()
    wrong = {"number": made["number"], "query_code": "0000000001"}
    assert [nobody.post("public/lookup/", wrong).status_code for _ in range(11)] == [404] * 10 + [429]
    assert int(nobody.post("public/lookup/", wrong)["Retry-After"]) > 3000
    unknown = {"number": "26112310000019", "query_code": "0000000001"}
    assert [nobody.post("public/lookup/", unknown).status_code for _ in range(11)] == [404] * 10 + [429]
    right = nobody.post("public/lookup/", {"number": made["number"], "query_code": made["query_code"]})
    assert (right.status_code, right.json()["status_text"]) == (200, "已登记，等待受理")
    assert "张三" not in right.content.decode() and "13812341234" not in right.content.decode()


def test_sixty_calls_a_minute_and_no_forged_address_buys_more(nobody: Phone) -> None:
    answers = [nobody.post("public/cases/", {}, **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(61)]
    assert [answer.status_code for answer in answers] == [400] * 60 + [429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_a_rating_closes_a_good_case_and_refuses_without_naming_the_staff(
    district: District, phones: Phones, nobody: Phone
) -> None:
    made = register(phones("clerk"))
    rating = {**{name: made[name] for name in ("number", "query_code")}, "satisfaction": 5, "resolved": True}
    early = nobody.post("public/ratings/", rating)
    assert (early.status_code, early.json()["detail"]) == (
        409,
        "现在还不能评价，请等收到答复后再来；有急事请打窗口电话。",
    )
    assert early.json().get("moved_by") is None
    case = Case.objects.get(number=made["number"])
    done = {"category": "A0102", "level": "general", "result": "已换泵", "outcome": "fulfilled", "reply": "已恢复供热"}
    assert phones("clerk").move(case.number, "resolve_on_spot", **done).status_code == 200
    answer = nobody.post("public/ratings/", {**rating, "comment": "很满意"})
    assert (answer.status_code, answer.json()["status"], answer.json()["satisfaction"]) == (200, "closed", 5)
    wrong = nobody.post("public/ratings/", {**rating, "satisfaction": 6})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["satisfaction"])
    RateWindow.objects.all().delete()
