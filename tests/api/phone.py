"""A phone in somebody's hand: a key, and JSON to and fro."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from tests.cases.cast import COMMUNITY, District

API = "/api/v1/"
CASES = f"{API}cases/"
REPORT = {
    "kind": "appeal",
    "channel": "window",
    "description": "胜利社区三号楼暖气不热，已有一周，请求尽快维修。",
    "place": {"area": COMMUNITY, "address": "胜利社区三号楼"},
    "reporters": [{"name": "张三", "phone": "13812341234"}],
}


class Phone:
    """Calls of one person; without a name, of nobody."""

    def __init__(self, district: District, username: str = "") -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if username:
            token, _until = tokens.issue(district.people[username], "", timezone.now())
            self.headers = {"Authorization": f"Token {token}"}

    def get(self, path: str, **headers: str) -> Any:
        """GET below /api/v1/, or an address as the API gave it."""
        return self.client.get(_address(path), headers={**self.headers, **headers})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON."""
        call = getattr(self.client, method.lower())
        return call(
            _address(path), body if body is not None else {}, "application/json", headers={**self.headers, **headers}
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON."""
        return self.send("post", path, body, **headers)

    def move(self, number: str, name: str, **given: Any) -> Any:
        """Make one move."""
        return self.post(f"cases/{number}/moves/", {"move": name, **given})

    def upload(self, path: str, **parts: Any) -> Any:
        """POST multipart."""
        return self.client.post(_address(path), parts, headers=self.headers)


def _address(path: str) -> str:
    return path if path.startswith(("/", "http")) else API + path


def register(phone: Phone, **given: Any) -> dict[str, Any]:
    """Register a matter and return the answer."""
    answer = phone.post("cases/", {**REPORT, **given})
    assert answer.status_code == 201, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def queries_of(call: Callable[[], Any], *expected: int) -> tuple[Any, int]:
    """Make a call and count its queries, savepoints and transaction marks left out."""
    with CaptureQueriesContext(connection) as seen:
        answer = call()
    assert answer.status_code in expected, answer.content.decode()
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    asked = [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(marks)]
    return answer, len(asked)
