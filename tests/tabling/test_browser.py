"""The builder in Chromium: a choice is counted at once, a phone scrolls within the table, every look is accessible.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cases.cast import COMMUNITY, GRID, OTHER_STREET, District
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
SHOTS = os.environ.get("PORTAL_SHOTS", "")
#: What people here call the two kinds of file.
FILES = {"Excel", "CSV"}


@pytest.fixture
def _stands_still() -> None:
    """A served portal goes with the clock."""


def some_matters(d: District) -> None:
    """A few of several lines and places, two of them handled."""
    now = timezone.now()
    for channel, place in (
        ("window", {"area": COMMUNITY}),
        ("hotline", {"area": OTHER_STREET}),
        ("grid", {"area": COMMUNITY, "grid": GRID}),
        ("web", {"area": COMMUNITY}),
    ):
        d.register(now=now - timedelta(hours=1), channel=channel, place=place)
    for _ in range(2):
        case = d.register(now=now - timedelta(hours=1))
        d.move(case, "accept", "clerk", now, category="A0102", level="general")
        d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")


def wrong_with(town: Town, page: Page, name: str, look: str, screen: str) -> list[object]:
    """What is wrong with a page, the names of files aside."""
    return [one for one in checked(town, page, name, look, screen) if not (isinstance(one, str) and one in FILES)]


def test_a_table_is_made_saved_opened_and_fits_every_screen(town: Town) -> None:
    some_matters(town.district)
    page = town.enter("centre_lead")
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto("/board/tables/")
    page.get_by_role("link", name="类别 × 街道").click()
    expect(page.get_by_label("从（自定日期）")).to_be_hidden()
    page.get_by_label("时间", exact=True).select_option("ever")
    page.get_by_label("行", exact=True).select_option("channel")
    table = page.locator("#tabling-table")
    expect(table.locator("thead th").first).to_have_text("来源渠道")
    expect(table.locator("tfoot .tabling-total")).to_have_text("6")
    page.get_by_role("link", name="行列互换").click()
    expect(table.locator("thead th").first).to_have_text("街道")
    cross = page.url
    page.get_by_text("保存这张表").click()
    page.get_by_label("名称").fill("街道和来源")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存统计表“街道和来源”。")).to_be_visible()
    table.locator("tfoot .tabling-total a").click()
    expect(page.locator("tr[data-href]")).to_have_count(6)

    flat = "/board/tables/make/?rows=unit&measure=closure_rate&measure=accepted&measure=open&period=year"
    pages = {"home": "/board/tables/", "cross": cross, "flat": flat, "exports": "/board/tables/exports/"}
    looks = [("light", "desk", pages), ("light", "phone", pages)]
    looks += [("dark", "desk", {"cross": cross}), ("elder", "phone", {"cross": cross})]
    found = {}
    for look, screen, those in looks:
        for name, address in those.items():
            page.goto(address)
            if wrong := wrong_with(town, page, f"table-{name}", look, screen):
                found[name, look, screen] = wrong
    if SHOTS:
        page.goto(cross)
        page.pdf(path=str(Path(SHOTS) / "table.pdf"), prefer_css_page_size=True)
    assert (found, town.troubles) == ({}, [])
    town.leave()
