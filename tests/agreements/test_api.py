"""An agreement by the API: dates in parts, an instalment that is kept, the clocks among the deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case
from tests.agreements.conftest import AGREED
from tests.cases.cast import District

pytestmark = pytest.mark.django_db


def test_dates_are_given_in_parts_and_come_back_as_deadlines(district: District, handling: Callable[..., Case]) -> None:
    client, today = Client(), timezone.localdate().isoformat()
    client.force_login(district.people["handler"], backend="accounts.backends.PostBackend")
    case = handling(timezone.now())

    def post(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/v1/cases/{case.number}/{path}", body, content_type="application/json")

    given = {**AGREED, "effective_on": today, "instalments": [{"due_on": "2099-01-31", "what": "付清"}]}
    asked = next(
        row for row in client.get(f"/api/v1/cases/{case.number}/").json()["allowed_moves"] if row["name"] == "resolve"
    )
    assert {row["name"]: row["type"] for row in asked["needs"]}["instalments"] == "items"
    assert post("moves/", {"move": "resolve", **given, "instalments": [{"due_on": "x"}]}).status_code == 400
    assert post("moves/", {"move": "resolve", **given}).status_code in (200, 201)
    shown = client.get(f"/api/v1/cases/{case.number}/").json()["deadlines"]
    clocks = {row["clock"] for row in shown}
    assert {"confirmation_by", "performance_by"} <= clocks
    kept = post("performances/", {"instalment": 1, "performed": True})
    assert (kept.status_code, Case.objects.get(pk=case.pk).outcome) == (201, "fulfilled")
