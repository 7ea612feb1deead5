"""The demonstration, made once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from cases import policies
from governance_portal.demo.making import Made, make_demo
from governance_portal.lib.working_days import SHANGHAI

#: A Monday morning in an ordinary week of November.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


@dataclass
class Demo:
    """The demonstration as it was made, and what it said meanwhile."""

    now: datetime
    made: Made
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """60 stories as of a Monday morning; taken back after the module's last test."""
    policies.forget()
    uploads = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads"), VAR_DIR=tmp_path_factory.mktemp("var"))
    with uploads, django_db_blocker.unblock(), transaction.atomic():
        said: list[str] = []
        yield Demo(MONDAY, make_demo(MONDAY, said.append), said)
        transaction.set_rollback(True)
    policies.forget()
