"""What stands before the pushed calls: wrong keys are counted, a large body is read on purpose and no larger one."""

import base64
from typing import Any

import pytest
from django.test import Client

from cases.models import Attachment, Case
from governance_portal.lib import webhooks
from hotlines.api import failures
from hotlines.links import api
from tests.cases.cast import District
from tests.cases.pictures import photo
from tests.hotlines.links.scenes import COURT, line
from tests.hotlines.links.test_transfers import push

OTHER = webhooks.secret_of(b"another key")


def test_wrong_keys_are_counted_by_address_and_the_right_one_still_opens(
    district: District, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    line()
    monkeypatch.setattr(failures, "FAILURES", 3)
    answers = [push("court", COURT, client, OTHER) for _try in range(3)] + [push("nobody", COURT, client)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
    assert 0 < int(answers[3].headers["Retry-After"]) <= 3600
    assert answers[3].json()["detail"] == failures.TOO_OFTEN
    assert push("court", COURT, client).status_code == 201


def test_papers_of_some_megabytes_come_by_push_as_by_fetch(district: District, client: Client, settings: Any) -> None:
    line()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    content = base64.b64encode(photo().read()).decode()
    assert len(content) > 500
    answer = push("court", {**COURT, "papers": [{"name": "起诉状.jpg", "content": content}]}, client)
    assert (answer.status_code, Attachment.objects.count()) == (201, 1)


def test_more_than_a_fetch_takes_is_refused_unread(
    district: District, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    line()
    monkeypatch.setattr(api, "MOST_BYTES", 200)
    answer = push("court", COURT, client)
    assert (answer.status_code, Case.objects.count()) == (413, 0)
    assert answer.json()["title"] and "。" in answer.json()["detail"]


def test_a_large_body_is_read_only_where_it_can_be_signed_and_then_however_often_others_failed(
    district: District, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The neighbours behind one gateway have used the failures up; what is not of this line and hour is not read."""
    line()
    monkeypatch.setattr(failures, "FAILURES", 1)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    first, second = push("court", COURT, client, OTHER), push("court", COURT, client, OTHER)
    assert (first.status_code, second.status_code) == (403, 429)
    assert push("court", COURT, client).status_code == 201
    monkeypatch.setattr(webhooks, "verify", lambda *_args: pytest.fail("read"))
    unsigned = client.post("/api/v1/links/court/", COURT, content_type="application/json")
    assert (push("nobody", COURT, client).status_code, unsigned.status_code) == (429, 429)
