"""Fixtures of the matter's tests."""

from collections.abc import Iterator

import pytest

from cases import policies
from tests.cases.cast import District, build_district


@pytest.fixture(autouse=True)
def _fresh_policies() -> Iterator[None]:
    """What one test edits in the calendar or the limits is not kept for the next."""
    policies.forget()
    yield
    policies.forget()


@pytest.fixture
def district(db: None) -> District:
    """The cast in its district."""
    return build_district()
