"""The portal in this very process: statements per call, and what a call costs without the web server around it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.queries import actor_for
from bench.calls import ACCEPT, Keys, registration, waiting
from bench.measuring import Figures, here
from cases.models import Case
from cases.queries import case_for
from cases.services import move, register


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def calls(keys: Keys) -> dict[str, Callable[[], Any]]:
    """Return the calls of `bench.calls` through Django's own test client: every middleware, no socket."""
    rows = iter(waiting())
    clients = {
        name: Client(SERVER_NAME="127.0.0.1", HTTP_AUTHORIZATION=f"Token {key}") for name, key in keys.tokens.items()
    }
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.cookies[settings.SESSION_COOKIE_NAME] = keys.session
    clerk, dispatcher, officer = clients[keys.clerk], clients[keys.dispatcher], clients[keys.officer]
    resident = Client(SERVER_NAME="127.0.0.1")
    cases, addresses = itertools.cycle(keys.numbers), itertools.count()
    json = {"content_type": "application/json"}

    def accept() -> Any:
        number, version = next(rows)
        return clerk.post(f"/api/v1/cases/{number}/moves/", {**ACCEPT, "version": version}, **json)

    def lookup() -> Any:
        number, code = next(cases)
        body = {"number": number, "query_code": code}
        return resident.post(
            "/api/v1/public/lookup/", body, HTTP_X_FORWARDED_FOR=f"10.9.0.{next(addresses) % 250}", **json
        )

    return {
        "register": lambda: clerk.post("/api/v1/cases/", registration(keys), **json),
        "move": accept,
        "list": lambda: dispatcher.get("/api/v1/cases/"),
        "filtered": lambda: dispatcher.get(f"/api/v1/cases/?status=closed&unit={keys.units[0]}"),
        "unit list": lambda: officer.get("/api/v1/cases/"),
        "detail": lambda: dispatcher.get(f"/api/v1/cases/{next(cases)[0]}/"),
        "lookup": lookup,
        "list page": lambda: browser.get("/cases/?tab=all"),
        "case page": lambda: browser.get(f"/cases/{next(cases)[0]}/"),
    }


def counted(keys: Keys) -> dict[str, int]:
    """Return how many statements each call sends, on a warm process."""
    found = {}
    for name, call in calls(keys).items():
        call()
        with statements() as sent:
            answer = call()
        if answer.status_code not in (200, 201):
            raise RuntimeError(f"{name}: {answer.status_code} {answer.content[:300]!r}")
        found[name] = len(sent)
    return found


def timed(keys: Keys, times: int) -> dict[str, Figures]:
    """Return what register and move cost at each layer, one caller, in this process."""
    now = timezone.now()
    clerk = actor_for(User.objects.get(username=keys.clerk), now)
    rows = iter(waiting()[::-1])  # from the other end than `calls` takes them

    def register_() -> None:
        body = registration(keys)
        key = body.pop("client_id")
        register(clerk, body, now=timezone.now(), client_id=key)

    def accept() -> None:
        at = timezone.now()
        case = case_for(clerk, next(rows)[0], at)
        move(case, "accept", actor=clerk, now=at, given={key: ACCEPT[key] for key in ACCEPT if key != "move"})

    through = calls(keys)
    return {
        "register: service": here(register_, times),
        "register: all layers but the socket": here(through["register"], times),
        "move: service": here(accept, times),
        "move: all layers but the socket": here(through["move"], times),
        "list: database only": here(lambda: list(_newest(clerk, now)), times),
        "list: all layers but the socket": here(through["list"], times),
        "detail: all layers but the socket": here(through["detail"], times),
    }


def _newest(actor: Any, now: Any) -> Any:
    cases = Case.objects.visible_to(actor, now).select_related("category", "lead_unit", "handler")
    return cases.order_by("-registered_at", "-id")[:51]
