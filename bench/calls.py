"""What is asked of the portal over HTTP: the calls of clerks, handlers and residents, with connections kept."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts import tokens
from accounts.models import User
from bench.load import FIRST_OWN_ID
from bench.measuring import Opening, WorkIsOver
from cases.models import Case
from governance_portal.lib.numbers import query_code

TEXT = (
    "三号楼二单元暖气不热已有一周，多次联系物业无人处理，室内温度不足十六度，家中有老人和孩子，请求尽快维修并给予答复。"
)
ACCEPT = {"move": "accept", "category": "A0101", "level": "general", "level_reason": "单户反映，无人员受伤。"}


@dataclass(frozen=True)
class Keys:
    """What opens the doors: tokens by log-in name, one session cookie, and cases to ask for."""

    tokens: dict[str, str]
    session: str
    clerk: str
    dispatcher: str
    officer: str
    units: list[str]
    numbers: list[tuple[str, str]]
    communities: list[str]


def keys(now: datetime, unit_codes: list[str], communities: list[str]) -> Keys:
    """Make tokens and a session, and choose cases that the chosen people see."""
    clerk, dispatcher, officer = "clerk1", "dispatcher1", f"officer-{unit_codes[0]}"
    users = {user.username: user for user in User.objects.filter(username__in=[clerk, dispatcher, officer])}
    made = {name: tokens.issue(user, "bench", now)[0] for name, user in users.items()}
    client = Client()
    client.force_login(users[dispatcher], backend=settings.AUTHENTICATION_BACKENDS[1])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    loaded = Case.objects.filter(pk__lt=FIRST_OWN_ID).count()
    chosen = random.Random(1).sample(range(1, loaded + 1), min(3000, loaded))
    found = Case.objects.filter(pk__in=chosen).values_list("number", "query_issue")
    numbers = [(number, query_code(number, issue)) for number, issue in found]
    return Keys(made, session, clerk, dispatcher, officer, unit_codes, numbers, communities)


def registration(keys: Keys) -> dict[str, Any]:
    """Return what a window sends for one visitor."""
    return {
        "kind": "appeal",
        "channel": "window",
        "description": TEXT,
        "place": {"area": random.choice(keys.communities), "address": "三号楼二单元"},
        "reporters": [{"name": "王小明", "phone": "13812341234"}],
        "client_id": str(uuid.uuid4()),
    }


class Caller:
    """One client: a connection that is kept, the headers that let it in."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Accept": "application/json", **headers}

    def ask(self, method: str, path: str, body: Any = None, wanted: int = 200, **headers: str) -> bytes:
        """Return the answer's body; RuntimeError when the status is another than wanted."""
        sent = json.dumps(body).encode() if body is not None else None
        told = {**self.headers, **({"Content-Type": "application/json"} if sent else {}), **headers}
        self.connection.request(method, path, sent, told)
        answer = self.connection.getresponse()
        read = answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{method} {path}: {answer.status} {read[:300].decode(errors='replace')}")
        return read


def waiting() -> list[tuple[str, int]]:
    """Return registered cases a clerk may accept, the newest first."""
    found = Case.objects.filter(status="registered", kind="appeal").order_by("-pk").values_list("number", "version")
    rows = list(found)
    connection.close()
    return rows


def openings(port: int, keys: Keys) -> dict[str, Opening]:
    """Return what is measured over HTTP, by the names of the rows; moves come from `mover`."""
    api = "/api/v1"

    def as_(name: str) -> Caller:
        return Caller(port, {"Authorization": f"Token {keys.tokens[name]}"})

    def in_browser() -> Caller:
        return Caller(port, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={keys.session}", "Accept": "text/html"})

    def asking(caller: Callable[[], Caller], path: Callable[[], str]) -> Opening:
        def open_(_number: int) -> Callable[[], None]:
            client = caller()
            return lambda: _drop(client.ask("GET", path()))

        return open_

    def register(_number: int) -> Callable[[], None]:
        client = as_(keys.clerk)
        return lambda: _drop(client.ask("POST", f"{api}/cases/", registration(keys), 201))

    def lookup(number: int) -> Callable[[], None]:
        client, turn = Caller(port, {}), itertools.count()

        def call() -> None:
            case, code = random.choice(keys.numbers)
            address = f"10.{number}.{next(turn) // 50 % 250}.{random.randrange(250)}"
            body = {"number": case, "query_code": code}
            client.ask("POST", f"{api}/public/lookup/", body, **{"X-Forwarded-For": address})

        return call

    def any_case() -> str:
        return random.choice(keys.numbers)[0]

    return {
        "register": register,
        "list": asking(lambda: as_(keys.dispatcher), lambda: f"{api}/cases/"),
        "filtered": asking(
            lambda: as_(keys.dispatcher), lambda: f"{api}/cases/?status=closed&unit={random.choice(keys.units)}"
        ),
        "unit list": asking(lambda: as_(keys.officer), lambda: f"{api}/cases/"),
        "detail": asking(lambda: as_(keys.dispatcher), lambda: f"{api}/cases/{any_case()}/"),
        "lookup": lookup,
        "list page": asking(in_browser, lambda: "/cases/?tab=all"),
        "case page": asking(in_browser, lambda: f"/cases/{any_case()}/"),
    }


def mover(port: int, keys: Keys, clients: int) -> Opening:
    """Return the opening of moves: registered cases are shared out and accepted one by one."""
    rows = waiting()

    def open_(number: int) -> Callable[[], None]:
        client = Caller(port, {"Authorization": f"Token {keys.tokens[keys.clerk]}"})
        mine = iter(rows[number::clients])

        def call() -> None:
            row = next(mine, None)
            if row is None:
                raise WorkIsOver
            client.ask("POST", f"/api/v1/cases/{row[0]}/moves/", {**ACCEPT, "version": row[1]})

        return call

    return open_


def _drop(_answer: bytes) -> None:
    return None
