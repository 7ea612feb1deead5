"""Codes under a prefix: the same rows whichever plan the database is led to."""

from __future__ import annotations

import pytest
from django.db import connection

from grids.models import Area

pytestmark = pytest.mark.django_db

CODES = ("140602", "140603", "140603100", "140603101", "140603101001", "140604")
LEVELS = {6: "district", 9: "street", 12: "community"}


@pytest.fixture
def areas() -> None:
    Area.objects.all().delete()
    for code in CODES:
        parent = code[:-3] if len(code) > 6 else None
        Area.objects.create(code=code, name=code, level=LEVELS[len(code)], parent_id=parent)


@pytest.mark.parametrize(
    ("prefix", "under"),
    [
        ("140603", ["140603", "140603100", "140603101", "140603101001"]),
        ("140603101", ["140603101", "140603101001"]),
        ("140603101001", ["140603101001"]),
        ("140605", []),
    ],
)
def test_under_finds_what_begins_with_the_prefix(areas: None, prefix: str, under: list[str]) -> None:
    found = Area.objects.filter(code__under=prefix).order_by("code").values_list("code", flat=True)

    assert list(found) == under
    assert list(found[:50]) == under


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the hint is for SQLite's planner")
@pytest.mark.parametrize(
    ("prefix", "whole", "page"), [("140603", False, False), ("140603101", True, False), ("140603101001", True, True)]
)
def test_sqlite_uses_the_index_of_codes_only_where_the_prefix_is_narrow(prefix: str, whole: bool, page: bool) -> None:
    def searches(query: str) -> bool:
        return "SEARCH" in query

    asked = Area.objects.filter(code__under=prefix).order_by("name")

    assert (searches(asked.explain()), searches(asked[:50].explain())) == (whole, page)
