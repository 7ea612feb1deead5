"""Fixtures of the API's tests: the district, and a phone for each of its people."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import RateWindow
from tests.api.phone import Phone
from tests.cases.cast import District
from tests.cases.conftest import _fresh_policies, district

__all__ = ["_fresh_policies", "district"]

Phones = Callable[[str], Phone]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    """Files of one test are not another's."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def phones(district: District) -> Iterator[Phones]:
    """`phones("clerk")` is 小王's phone, the same one each time; `phones("")` is nobody's."""
    kept: dict[str, Phone] = {}

    def phone_of(username: str) -> Phone:
        return kept.setdefault(username, Phone(district, username))

    yield phone_of
    RateWindow.objects.all().delete()
