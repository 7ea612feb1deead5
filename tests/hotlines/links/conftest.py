"""The other side, by each adapter in turn, and people logged in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as portal

from tests.cases.cast import District
from tests.hotlines.links.far import Far, FarFolder, FarHttp
from tests.pages.conftest import client_of

__all__ = ["client_of"]


@pytest.fixture(autouse=True)
def _doors_are_closed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A far side opens the portal's doors to itself; the tests after it find them as they were."""
    for name in ("OUTBOUND_HOSTS", "OUTBOUND_NETWORKS", "LINKS_FOLDER"):
        monkeypatch.setattr(portal, name, getattr(portal, name))


@pytest.fixture(params=["http", "folder"])
def far(request: pytest.FixtureRequest, district: District, tmp_path: Path) -> Iterator[Far]:
    """The other side behind each adapter; a new adapter stands here and passes the same tests."""
    made: Far = FarHttp() if request.param == "http" else FarFolder(tmp_path)
    yield made
    made.stop()
