"""The published description is true: nothing answers with a 500 or in a shape that is not in it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.choices import Role
from accounts.models import RateWindow
from governance_portal.wsgi import application
from tests.api.conftest import Phones
from tests.api.phone import Phone, register
from tests.cases.cast import District

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 12
#: The key of this very run must not be revoked half way.
LEFT_OUT = {("DELETE", "/api/v1/auth/token/")}


@pytest.fixture
def everybody(district: District) -> Phone:
    """A phone of somebody who holds every post a case is moved by, so that as few calls as possible end at 403."""
    for role in (Role.CLERK, Role.DISPATCHER, Role.SUPERVISOR, Role.FOLLOW_UP_OFFICER, Role.OPERATOR):
        district.person("everybody", "全能王", role, "centre")
    district.person("everybody", "全能王", Role.HANDLER, "housing", lead=True)
    return Phone(district, "everybody")


@pytest.fixture
def one_connection(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls run in the test's own transaction: no request may close its connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _connection: None)


def operations(document: Any) -> Iterator[Any]:
    """Every operation of the published description."""
    for found in document.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if (operation.method.upper(), operation.path) not in LEFT_OUT:
            yield operation


def test_every_call_answers_as_published(
    one_connection: None, everybody: Phone, phones: Phones, long_run: bool
) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    number = register(phones("clerk"))["number"]
    taken = register(phones("clerk"), description="楼道堆放杂物，请清理。")["number"]
    everybody.move(taken, "accept", category="A0102", level="general")
    everybody.move(taken, "dispatch", lead_unit="housing", mode="forward")
    everybody.move(taken, "sign")
    ids = [_made(everybody, f"cases/{taken}/requests/", kind="sign_off", reason="报请签发")]
    ids.append(_made(everybody, f"cases/{taken}/orders/", kind="urge", demand="请抓紧", deadline="2027-01-04T09:00"))
    tried, wrong = 0, []

    for operation in operations(document):
        RateWindow.objects.all().delete()

        @settings(
            max_examples=300 if long_run else EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(call=operation.as_strategy(), which=st.sampled_from([number, taken, taken]), fresh=st.booleans())
        def answers_as_published(call: Any, which: str, fresh: bool) -> None:
            nonlocal tried
            tried += 1
            if "number" in call.path_parameters:
                call.path_parameters["number"] = which
            if fresh:
                _as_a_client_would(call, ids)
            answer = call.call(headers=everybody.headers)
            call.validate_response(answer, checks=CHECKS)

        try:
            answers_as_published()
        except Exception as error:  # all that are wrong are told at once
            wrong.append(f"{operation.method} {operation.path}: {error}")
    assert wrong == []
    assert tried > 300


def _made(phone: Phone, path: str, **given: str) -> str:
    answer = phone.post(path, given)
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def _as_a_client_would(call: Any, ids: list[str]) -> None:
    """Leave out the versions that never were, and name a request and an order that are there."""
    if call.headers:
        call.headers.pop("If-Match", None)
    if isinstance(call.body, dict):
        call.body.pop("version", None)
    if "id" in call.path_parameters:
        call.path_parameters["id"] = ids[0] if "requests" in call.path else ids[1]
