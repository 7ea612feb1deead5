"""A 12345 platform pushes its orders and asks how they stand."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DataError
from django.test import Client
from django.utils import timezone

from cases.models import Case
from governance_portal.lib import webhooks
from hotlines.api import failures
from hotlines.models import Line, Link, OrderRow
from hotlines.orders import pushing
from hotlines.orders.trouble import BROKEN
from tests.cases.cast import COMMUNITY, District
from tests.orders.conftest import KEY, csv_of, row
from tests.orders.test_sheets import imported

ADDRESS = "/api/v1/lines/sz12345/orders/"


def order(number: int, **other: Any) -> dict[str, Any]:
    """One order as the platform pushes it: what `conftest.row` says in a sheet."""
    return {
        "number": f"PL2026112000{number:04}",
        "received_at": "2026-11-20T10:30:00+08:00",
        "content": f"胜利社区{number}号楼暖气不热，已有一周，请求尽快维修。",
        "nature": "求助",
        "category": "城乡建设/供热",
        "address": f"井坪镇胜利社区{number}号楼",
        "street": "井坪镇",
        "name": "张三",
        "phone": f"1381234{number:04}",
        "due": "5个工作日",
        **other,
    }


def push(body: Any, key: str = KEY, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    given = headers or {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    return Client().post(ADDRESS, raw, content_type="application/json", **given)  # type: ignore[arg-type]


def signature(raw: bytes, at: datetime, key: str = KEY) -> dict[str, str]:
    given = webhooks.sign(key, "push-1", at, raw)
    return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()}


def test_orders_are_taken_once_and_each_is_answered(line: Line) -> None:
    first = push({"orders": [order(1), order(2, street="西街"), order(3)]})
    again = push({"orders": [order(1), order(3, content="还是不热。")]})
    one = push(order(4))

    told = first.json()
    cases = {link.foreign_number: link.case.number for link in Link.objects.select_related("case")}
    assert (first.status_code, [told[name] for name in ("new", "known", "changed", "refused")]) == (207, [2, 0, 0, 1])
    assert told["results"][0] == {
        "number": "PL20261120000001",
        "result": "new",
        "case_number": cases["PL20261120000001"],
        "receipt": str(Link.objects.get(foreign_number="PL20261120000001").messages.get(kind="receipt").uid),
    }
    assert told["results"][1] == {
        "number": "PL20261120000002",
        "result": "refused",
        "errors": {"street": ["本区没有“西街”这个街道或乡镇；请核对名称，不清楚的可以清空这一格。"]},
    }
    assert (again.status_code, [answer["result"] for answer in again.json()["results"]]) == (200, ["known", "changed"])
    assert again.json()["results"][0] == {**told["results"][0], "result": "known"}
    assert (one.status_code, Case.objects.count(), OrderRow.objects.count()) == (201, 3, 0)


def test_an_order_in_a_sheet_and_the_same_pushed_are_one(line: Line, district: District) -> None:
    pushed = push({"orders": [order(1), order(2)]})
    batch = imported(line, district, csv_of([row(1), row(2), row(3)]))
    again = push({"orders": [order(3)]})

    assert pushed.status_code == 201
    assert (batch.known, batch.new, batch.changed) == (2, 1, 0)
    assert (again.status_code, Case.objects.count()) == (200, 3)


def test_a_signature_opens_as_the_key_does_and_nothing_else(line: Line) -> None:
    raw = json.dumps({"orders": [order(1)]}).encode()
    now = timezone.now()
    other = webhooks.secret_of(b"another")

    answers = [
        push(raw, **signature(raw, now)).status_code,
        push(raw, **signature(raw, now, other)).status_code,
        push(raw, **signature(raw, now - timedelta(minutes=6))).status_code,
        push(raw + b" ", **signature(raw, now)).status_code,
        push(raw, key=other).status_code,
        push(raw, HTTP_AUTHORIZATION="").status_code,
    ]
    Line.objects.update(is_active=False)

    assert answers == [201, 403, 403, 403, 403, 403]
    assert push(raw).status_code == 403
    assert push(raw).json()["detail"].startswith("签名不符，或者没有这条对接")


@pytest.mark.parametrize(
    "body",
    [{}, {"orders": []}, {"orders": "x"}, [1], {"orders": [order(1)] * 201}],
    ids=["{}", "none", "text", "list", "201"],
)
def test_a_body_that_is_no_push_is_refused(line: Line, body: Any) -> None:
    answer = push(body)

    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"orders": ["一次推送 1 至 200 件工单，放在 orders 里。"]},
    )


def test_what_is_no_order_is_told_in_its_place(line: Line) -> None:
    answer = push({"orders": [1, order(1, content={"a": 1}), order(2, secret="x")]})

    assert answer.status_code == 400
    assert [sorted(told["errors"]) for told in answer.json()["results"]] == [[""], ["content"], ["secret"]]


def test_the_platform_asks_how_an_order_stands(line: Line, district: District) -> None:
    push({"orders": [order(1, community="胜利社区")]})
    case = Case.objects.get()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    asked = Client().get(f"{ADDRESS}PL20261120000001/", HTTP_AUTHORIZATION=f"Bearer {KEY}")
    unknown = Client().get(f"{ADDRESS}PL9/", HTTP_AUTHORIZATION=f"Bearer {KEY}")

    told = asked.json()
    assert (asked.status_code, unknown.status_code, case.area_code) == (200, 404, COMMUNITY)
    assert {
        name: told[name] for name in ("number", "case_number", "status", "status_text", "their_due_at", "answer")
    } == {
        "number": "PL20261120000001",
        "case_number": case.number,
        "status": "accepted",
        "status_text": "已受理，正在安排办理单位",
        "their_due_at": "2026-11-28T00:00:00+08:00",
        "answer": None,
    }
    assert "张三" not in asked.content.decode()


def test_a_date_beyond_all_years_refuses_its_order_and_no_other(line: Line) -> None:
    far = [
        order(1, due="9999-12-31"),
        order(2, received_at="0001-01-01 00:00:00"),
        order(3, due="2026-12-01T09:00+99:99"),
    ]
    answer = push({"orders": [*far, order(4)]})

    assert answer.status_code == 207
    assert [sorted(told.get("errors", {})) for told in answer.json()["results"]] == [
        ["due"],
        ["received_at"],
        ["due"],
        [],
    ]


def test_an_order_that_breaks_us_is_refused_and_the_others_are_taken(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pushing.take_in

    def breaks(line: Line, arrival: Any, now: datetime) -> Any:
        if arrival.foreign_number.endswith("2"):
            raise DataError("planted")
        return whole(line, arrival, now)

    monkeypatch.setattr(pushing, "take_in", breaks)
    answer = push({"orders": [order(1), order(2), order(3)]})

    assert (answer.status_code, [told["result"] for told in answer.json()["results"]]) == (
        207,
        ["new", "refused", "new"],
    )
    assert answer.json()["results"][1]["errors"] == {"": [BROKEN]}


def test_half_a_letter_in_a_number_is_answered(line: Line) -> None:
    raw = b'{"orders": [{"number": "PL\\ud83d", "content": "x", "b\\ud83d": "y"}]}'
    answer = push(raw)

    assert (answer.status_code, answer.json()["results"][0]["number"]) == (400, "PL\ufffd")
    assert sorted(answer.json()["results"][0]["errors"]) == ["b\ufffd", "number"]


def test_an_address_with_a_nul_names_no_order(line: Line) -> None:
    answer = Client().get(f"{ADDRESS}%00/", HTTP_AUTHORIZATION=f"Bearer {KEY}")

    assert answer.status_code == 404


def test_who_fails_too_often_is_told_to_wait_and_a_right_key_is_taken_all_the_same(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind one address may be a system set up wrongly and one set up rightly; links and orders count together."""
    monkeypatch.setattr(failures, "FAILURES", 2)
    other = webhooks.secret_of(b"another")
    answers = [push({"orders": [order(1)]}, key=other) for _try in range(3)]
    unknown = Client().post("/api/v1/links/nobody/", {}, content_type="application/json")
    elsewhere = push({"orders": [order(1)]}, key=other, REMOTE_ADDR="10.9.8.7")
    right = push({"orders": [order(1)]})

    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert (unknown.status_code, elsewhere.status_code, right.status_code) == (429, 403, 201)
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3600
    assert answers[2].json()["detail"] == failures.TOO_OFTEN
