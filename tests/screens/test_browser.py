"""大屏 in Chromium: paired by the fragment, changed in place, lost and found again, ended; accessible, of the size of the wall.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from cases.models import Screen
from cases.screens import services
from tests.cases.cast import DISTRICT, GRID
from tests.mapping.conftest import lay_ground, matter
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import AXE, RULES, checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
SMALLEST = """() => [...document.querySelectorAll("body *")].filter(node => node.checkVisibility()
    && [...node.childNodes].some(one => one.nodeType === 3 && one.data.trim())
    && !node.closest(".hide") && !(node instanceof SVGElement))
  .map(node => parseFloat(getComputedStyle(node).fontSize)).reduce((a, b) => Math.min(a, b))"""
OVER = """() => [...document.querySelectorAll(".panel, .figure, .screen__head")]
  .filter(node => node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1)
  .map(node => node.className)"""
NODES = "() => document.getElementsByTagName('*').length"


def on_the_wall(town: Town, width: int, height: int) -> tuple[Page, Screen]:
    """A device paired by the address's fragment."""
    now = timezone.now()
    lead = town.district.actor("centre_lead", now)
    screen = services.make(lead, "大厅", DISTRICT, "auto", now)
    code = services.new_code(lead, screen.pk, now)
    page = town.visitor(viewport={"width": width, "height": height})
    page.goto(f"/screen/#{code}")
    expect(page.locator("#clock")).to_be_visible()
    return page, screen


def asks(page: Page) -> None:
    """Let it ask now instead of in fifteen seconds."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_a_screen_lives_through_a_change_a_loss_and_its_end(town: Town) -> None:
    lay_ground()
    page, screen = on_the_wall(town, 1920, 1080)
    accepted, lost = page.locator("[data-k='strip.0.value']"), page.locator("#lost")
    nodes = page.evaluate(NODES)
    assert (page.url, accepted.inner_text()) == (f"{town.url}/screen/", "0")

    for number in range(3):
        matter(town.district, GRID, number)
    asks(page)
    expect(accepted).to_have_text("3")
    expect(page.locator(f"[data-set='data-step=ground.cells.{GRID}']")).to_have_attribute("data-step", "1")
    assert page.evaluate(NODES) == nodes

    def gone(route: Route) -> None:
        route.abort()

    page.route("**/screen/data/", gone)
    asks(page)
    expect(lost).to_be_visible()
    assert lost.inner_text() == f"连接中断，数据截至 {page.locator('#as-of').inner_text()}，正在重连"
    assert accepted.inner_text() == "3"
    page.unroute("**/screen/data/", gone)
    expect(lost).to_be_hidden()  # by itself: the first wait is two seconds

    services.end(town.district.actor("centre_lead", timezone.now()), screen.pk, timezone.now())
    asks(page)
    expect(page.locator("#over")).to_have_text(services.Ended.default_detail)
    assert town.troubles == []
    town.leave()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 1080)])
def test_everything_is_on_the_wall_and_large_enough(town: Town, width: int, height: int) -> None:
    page, _screen = on_the_wall(town, width, height)
    if shots := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=str(Path(shots) / f"screen-{width}.png"))

    assert page.evaluate(SMALLEST) >= 28
    assert float(page.locator(".figure dd").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) >= 56
    assert page.evaluate(OVER) == []
    page.add_script_tag(url=f"{town.url}/static/vendor/axe.min.js")
    assert (page.evaluate(AXE, RULES), town.troubles) == ([], [])
    town.leave()


def test_the_lead_s_pages_are_accessible(town: Town) -> None:
    page, nobody = town.enter("centre_lead"), town.visitor()
    page.goto("/board/screens/")
    found = {f"list-{look}": checked(town, page, "screens-list", look, screen) for look, screen in LOOKS}
    page.get_by_role("button", name="生成配对码").first.click()
    if page.locator("dialog[open]").count():
        page.locator("dialog[open]").get_by_role("button", name="生成配对码").click()
    expect(page.locator(".pair-shown")).to_be_visible()
    told = page.locator(".pair-shown").inner_text() + page.locator(".pair-steps b").inner_text()
    found["code"] = [
        one
        for one in checked(town, page, "screens-code", "light", "phone")
        if not (isinstance(one, str) and one in told)  # the code itself, and the address to open
    ]
    nobody.goto("/screen/")
    found["pair"] = checked(town, nobody, "screens-pair", "light", "phone")

    assert ({name: wrong for name, wrong in found.items() if wrong}, town.troubles) == ({}, [])
    town.leave()


LOOKS = (("light", "desk"), ("dark", "phone"))
