"""The board as a page: its figures, their fractions and their lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from tests.cases.cast import COMMUNITY, DISTRICT, STREET, District
from tests.pages.conftest import client_of
from tests.statistics.test_counting import town as at_monday

__all__ = ["at_monday", "client_of"]

pytestmark = pytest.mark.django_db


def test_debug(district: District, client_of: Callable[[str], Client]) -> None:
    now = timezone.now()
    district.register(now=now)
    page = client_of("centre_lead").get("/board/")
    open("/tmp/board.html", "w").write(page.content.decode())
    assert page.status_code == 200
