"""The map and the drawing of grids in Chromium: accessible, drilled by mouse and by keyboard, an overlap shown and nothing lost.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from grids.models import GridVersion
from tests.cases.cast import COMMUNITY, GRID, STREET
from tests.mapping.conftest import SECOND, lay_ground, matter
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import SCREENS, checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
WAIT = 30_000
#: Names of a file's form and of two systems of coordinates, which have no Chinese ones.
NAMES = ("GeoJSON", "WGS", "GCJ")


@pytest.fixture(scope="module")
def drawn(town: Town) -> Town:
    """The town with its ground and three matters, one of them late."""
    lay_ground()
    d = town.district
    matter(d, GRID, 1, lng=112.302, lat=39.505, datum="gcj02")
    matter(d, GRID, 2, lng=112.308, lat=39.505, datum="gcj02")
    matter(d, SECOND, 3, lng=112.315, lat=39.505, datum="gcj02")
    return town


def ready(page: Page, area: str) -> None:
    """Wait until the map shows an area."""
    expect(page.locator("#map-canvas")).to_have_attribute("data-drawn", area, timeout=WAIT)


def test_the_map_drills_by_mouse_and_by_keyboard_to_the_grids_card_and_its_list(drawn: Town) -> None:
    page = drawn.enter("dispatcher", viewport={"width": 1366, "height": 900})
    page.goto("/map/")
    ready(page, "140603")
    page.locator("#map-canvas").click(position={"x": 400, "y": 345})
    ready(page, STREET)
    page.get_by_role("link", name="胜利社区").press("Enter")
    ready(page, COMMUNITY)
    expect(page.locator("#map-canvas")).to_have_attribute("data-points", "3", timeout=WAIT)
    page.locator("#map-side").get_by_role("link", name="第一网格").press("Enter")
    ready(page, GRID)
    card = page.locator(".map-card")
    expect(card).to_contain_text("网格员 小刘")
    card.get_by_role("link", name="在办").click()
    expect(page.locator("[data-number]").or_(page.get_by_text("第1件")).first).to_be_visible(timeout=WAIT)
    assert Case.objects.count() == 3
    page.go_back()
    ready(page, GRID)
    assert drawn.troubles == []


def test_a_grid_dragged_into_its_neighbour_is_refused_with_the_overlap_shown_and_saved_when_the_neighbour_gives_way(
    drawn: Town,
) -> None:
    page = drawn.enter("centre_lead", viewport={"width": 1366, "height": 900})
    page.goto(f"/grids/{COMMUNITY}/")
    board = page.locator("#draw-canvas")
    expect(board).to_have_attribute("data-ready", "1", timeout=WAIT)
    page.select_option("#draw-code", GRID)
    page.click("#draw-begin")
    expect(board).to_have_attribute("data-editing", GRID, timeout=WAIT)
    corner = _easternmost(page)
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0] + 40, corner[1] - 3, steps=8)
    page.mouse.up()
    expect(board).to_have_attribute("data-drawn", GRID, timeout=WAIT)
    page.fill("#draw-reason", "区委政法委 2026 年第 4 次会议")
    page.get_by_role("button", name="核对并保存").click()
    refusal = page.locator("#draw-refusal")
    expect(refusal).to_contain_text("重叠", timeout=WAIT)
    expect(refusal).to_contain_text(SECOND)
    expect(page.locator(".draw-finding").first).to_be_visible(timeout=WAIT)
    expect(page.locator("#draw-reason")).to_have_value("区委政法委 2026 年第 4 次会议")
    told: dict[str, Any] = json.loads(page.get_attribute("#draw-told", "data-told") or "{}")
    assert list(told["drawn"]) == [GRID]
    assert not GridVersion.objects.exists()
    page.check("[name=neighbours]")
    page.get_by_role("button", name="核对并保存").click()
    expect(page.locator("#page-says")).to_contain_text("已保存", timeout=WAIT)
    assert sorted(GridVersion.objects.filter(change="drawn").values_list("code", flat=True)) == [GRID, SECOND]
    assert drawn.troubles == []


def _easternmost(page: Page) -> tuple[float, float]:
    """The middle of the vertex of the edited grid that lies farthest to the south-east on screen."""
    page.wait_for_selector(".marker-icon:not(.marker-icon-middle)", timeout=WAIT)
    boxes = [one.bounding_box() for one in page.locator(".marker-icon:not(.marker-icon-middle)").all()]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    return max(middles, key=lambda spot: spot[0] + spot[1])


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(drawn: Town, look: str, screen: str) -> None:
    width, height = SCREENS[screen]
    page = drawn.enter("centre_lead", viewport={"width": width, "height": height})
    nobody = drawn.visitor(viewport={"width": width, "height": height})
    pages = {
        "map": (page, f"/map/?area={COMMUNITY}"),
        "late": (page, "/map/?by=overdue"),
        "card": (page, f"/map/?area={GRID}"),
        "public": (nobody, "/map/public/"),
        "grids": (page, "/grids/"),
        "draw": (page, f"/grids/{COMMUNITY}/"),
        "history": (page, f"/grids/{COMMUNITY}/history/"),
    }
    found = {}
    for name, (where, address) in pages.items():
        where.goto(address)
        expect(where.locator("#map-said, #draw-said, .map-table").first).not_to_have_text("正在画地图……", timeout=WAIT)
        wrong = [one for one in checked(drawn, where, f"map-{name}", look, screen) if one not in NAMES]
        if wrong:
            found[name] = wrong
    assert (found, drawn.troubles) == ({}, [])
    drawn.leave()
