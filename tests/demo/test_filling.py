"""How far the demonstration is: told in a file, shown as a strip on every page of staff, gone when all is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from governance_portal.demo import filling


@pytest.fixture
def inside(db: None, settings: Any, tmp_path: Any) -> Client:
    settings.VAR_DIR = tmp_path
    client = Client()
    client.force_login(User.objects.create(username="wang", name="小王"), "accounts.backends.PostBackend")
    return client


def test_the_strip_shows_the_percentage_and_asks_again(inside: Client) -> None:
    filling.told(740, 2000)

    page = inside.get("/demo/filling/")

    assert page.status_code == 200
    assert "演示数据正在后台生成：37%（740 / 2000 件）" in page.content.decode()
    assert 'value="740"' in page.content.decode()
    assert 'hx-get="/demo/filling/"' in page.content.decode()


def test_a_page_of_staff_carries_the_strip_only_while_it_fills(inside: Client) -> None:
    filling.told(740, 2000)
    during = inside.get("/notices/").content.decode()
    filling.told(2000, 2000)
    after = inside.get("/notices/").content.decode()

    assert ('id="filling"' in during, 'id="filling"' in after) == (True, False)


def test_when_all_is_there_the_strip_goes_and_nobody_asks_again(inside: Client) -> None:
    filling.told(2000, 2000)

    answer = inside.get("/demo/filling/")

    assert (answer.status_code, answer.content.strip()) == (286, b"")


def test_a_half_written_file_is_no_progress(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / filling.FILE).write_text('{"done": 7')

    assert filling.current() is None


def test_a_stranger_is_shown_nothing(client: Client, db: None) -> None:
    assert client.get("/demo/filling/").status_code == 302
