"""The resident's pages: alike for unknown number and wrong code, limits, the rating, nothing internal."""

from typing import Any

import pytest
from django.test import Client

from governance_portal.lib.numbers import query_code
from tests.cases.cast import District


def look_up(number: str, code: str) -> Any:
    return Client().post("/query/", {"number": number, "query_code": code})


@pytest.mark.django_db
def test_a_visitor_sees_what_the_centre_is_and_where_to_ask() -> None:
    page = Client().get("/").content.decode()
    assert [words in page for words in ("查询进度", "/query/", "工作人员登录")] == [True] * 3


def test_an_unknown_number_and_a_wrong_code_answer_alike(district: District) -> None:
    case = district.register()
    wrong, unknown = look_up(case.number, "0000000000"), look_up("26112319999995", "0000000000")
    told = [(page.status_code, page.context["errors"]) for page in (wrong, unknown)]
    assert told[0] == told[1] == (404, told[0][1])


def test_the_eleventh_wrong_code_is_stopped_but_the_right_one_still_answers(district: District) -> None:
    case = district.register()
    answers = [look_up(case.number, "0000000000").status_code for _try in range(11)]
    assert (answers, look_up(case.number, query_code(case.number, 1)).status_code) == ([404] * 10 + [429], 200)


def test_a_number_typed_with_spaces_and_a_code_with_dashes_open_the_case(district: District) -> None:
    case = district.register()
    code = query_code(case.number, 1)
    assert look_up(f"{case.number[:6]} {case.number[6:]}", f"{code[:3]}-{code[3:6]}-{code[6:]}").status_code == 200


def test_a_content_resident_closes_the_case_by_rating(district: District) -> None:
    case = district.register()
    district.move(
        case,
        "resolve_on_spot",
        "clerk",
        category="A0102",
        level="general",
        result="当场答复",
        outcome="answered",
        reply="已答复。",
    )
    given = {"number": case.number, "query_code": query_code(case.number, 1), "satisfaction": "5", "resolved": "true"}
    page = Client().post("/query/rate/", given)
    case.refresh_from_db()
    assert (page.status_code, "谢谢您的评价" in page.content.decode(), case.status) == (200, True, "closed")


def test_a_rating_without_an_answer_is_told_beside_the_field(district: District) -> None:
    case = district.register()
    district.move(
        case,
        "resolve_on_spot",
        "clerk",
        category="A0102",
        level="general",
        result="当场答复",
        outcome="answered",
        reply="已答复。",
    )
    given = {"number": case.number, "query_code": query_code(case.number, 1), "satisfaction": "5"}
    page = Client().post("/query/rate/", given)
    assert (page.status_code, list(page.context["shown"].errors)) == (400, ["resolved"])


def test_a_new_receipt_voids_the_old_code(district: District) -> None:
    case = district.register()
    clerk = Client()
    clerk.force_login(district.people["clerk"], backend="accounts.backends.PostBackend")
    assert clerk.post(f"/cases/{case.number}/records/reissue/", {}).url == f"/cases/{case.number}/receipt/"
    assert [look_up(case.number, query_code(case.number, issue)).status_code for issue in (1, 2)] == [404, 200]
