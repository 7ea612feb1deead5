"""Fixtures of the desk's tests: the district, a second operator, telephones, a telephone system that tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.choices import Role
from governance_portal.lib.webhooks import sign
from hotlines.desk import sitting
from hotlines.desk.telephony import read, take
from hotlines.models import CallRecord
from tests.cases.cast import District, at, build_district
from tests.pages.conftest import _fresh_policies, client_of

__all__ = ["_fresh_policies", "client_of"]

NINE = at(23, 9)
PHONE = "13812341234"
Tell = Callable[..., CallRecord]


@pytest.fixture
def district(db: None) -> District:
    """The cast, with a second operator; 小周 sits at 8001, 小郑 at 8002."""
    made = build_district()
    made.person("operator2", "小郑", Role.OPERATOR, "centre")
    sitting.sit_at(made.actor("operator", NINE), "8001", NINE)
    sitting.sit_at(made.actor("operator2", NINE), "8002", NINE)
    return made


@pytest.fixture
def tell(district: District) -> Tell:
    """Tell one event of a call and return the record: `tell("ringing", call_id="c1", number=…)`."""
    told = iter(range(10_000))

    def telling(
        kind: str,
        now: datetime = NINE,
        *,
        call_id: str = "c1",
        event_id: str = "",
        extension: str = "8001",
        **data: Any,
    ) -> CallRecord:
        body = {
            "type": kind,
            "timestamp": now.isoformat(),
            "data": {"call_id": call_id, "extension": extension, "number": PHONE, **data},
        }
        return take(event_id or f"e{next(told)}", read(body), now)[0]

    return telling


def posted(client: Client, body: Any, now: datetime, *, event_id: str = "evt_1", secret: str = "", **more: str) -> Any:
    """Post one signed event as a telephone system does."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {**sign(secret or settings.TELEPHONY_SECRETS[0], event_id, now, text), **more}
    return client.post("/api/v1/telephony/events/", text, content_type="application/json", headers=headers)
