"""The board in Chromium: charts from the tables, a change of period in place, every theme, phone, print, no scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import LOOKS, SCREENS, checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture(scope="module")
def busy(town: Town) -> Town:
    """A little of everything."""
    d = town.district
    for story, kind, category in (
        ("三号楼暖气不热，请求维修。", "appeal", "A0102"),
        ("邻居两家因滴水檐多次争执。", "dispute", "0101"),
        ("路口信号灯不亮，早高峰险情多。", "appeal", "A0102"),
    ):
        then = timezone.now() - timedelta(days=2)
        case = d.register(now=then, kind=kind, description=story)
        d.move(case, "accept", "clerk", then, category=category, level="general")
        d.move(case, "dispatch", "dispatcher", then, lead_unit="housing", mode="forward")
    d.register(now=timezone.now())
    return town


@pytest.fixture(scope="module")
def board(busy: Town) -> Page:
    page = busy.enter("centre_lead", viewport={"width": 1366, "height": 900})
    page.goto("/board/?period=year")
    return page


def test_every_chart_is_drawn_from_its_table_without_a_word_of_the_content_policy(busy: Town, board: Page) -> None:
    board.goto("/board/?period=year&part=all")
    for table in ("stock", "trend", "channels", "categories", "levels", "areas", "units"):
        board.locator(f"#part-{table}").scroll_into_view_if_needed()
        board.locator(f"[data-table=table-{table}]").evaluate("chart => chart.scrollIntoView()")
    expect(board.locator(".board-chart[data-drawn] canvas")).to_have_count(6)  # no unit has enough to be ranked
    assert busy.troubles == []
    expect(board.locator("[data-table=table-units]")).to_be_hidden()


def test_a_change_of_period_keeps_the_page(board: Page) -> None:
    board.goto("/board/?period=year")
    board.evaluate("window.kept = true")
    board.get_by_role("link", name="本日", exact=True).click()
    expect(board.locator("#board-period")).to_contain_text("本日登记的事项")
    assert "period=day" in board.url
    assert board.evaluate("window.kept") is True
    expect(board.locator(".board-chart[data-drawn] canvas").first).to_be_visible()


def test_a_figure_opens_its_list(board: Page) -> None:
    board.goto("/board/?period=year")
    tile = board.locator(".tiles--five a", has_text="受理")
    shown = int(re.findall(r"\d+", tile.locator(".tile__value").inner_text())[0])
    tile.click()
    board.wait_for_url("**/cases/?**figure=accepted**")
    assert board.locator(".worklist tbody tr").count() == shown == 3
    board.goto("/board/?period=year")


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wrong_in_any_theme_at_any_width(busy: Town, board: Page, look: str, screen: str) -> None:
    board.goto("/board/?period=year")
    assert checked(busy, board, "board", look, screen) == []


def test_a_figure_that_moves_is_shown_by_itself_and_a_lost_connection_says_so(busy: Town, board: Page) -> None:
    board.goto("/board/?period=year")
    tile = board.locator(".tiles--five a", has_text="登记").locator(".tile__value")
    before = int(re.findall(r"\d+", tile.inner_text())[0])
    board.evaluate("window.kept = true")
    busy.district.register(now=timezone.now())
    board.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(tile).to_contain_text(str(before + 1))
    assert board.evaluate("window.kept") is True
    board.context.set_offline(True)
    expect(board.locator("[data-lost]")).to_be_visible()
    board.context.set_offline(False)
    expect(board.locator("[data-lost]")).to_be_hidden()


def test_on_paper_the_figures_stand_and_the_choices_are_gone(board: Page) -> None:
    board.goto("/board/?period=year&part=all")
    board.set_viewport_size({"width": 658, "height": 930})  # A4 less its margins
    board.emulate_media(media="print")
    assert board.locator(".tiles--six").is_visible()
    assert board.locator("#table-areas").is_visible()
    assert [
        board.locator(part).first.is_visible() for part in (".board-periods", ".board-pick", ".rail", ".topbar")
    ] == [
        *(False, False),
        *(False, False),
    ]
    assert board.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    board.emulate_media(media="screen")


def test_without_scripts_the_tables_say_all(busy: Town) -> None:
    page = busy.enter("centre_lead", java_script_enabled=False)
    page.goto("/board/?period=year&part=all")
    assert page.locator("#table-areas tbody tr").count() == 1
    assert page.locator(".board-chart").first.is_hidden()
    page.get_by_text("看表格").click()
    assert page.locator("#table-trend").is_visible()
    page.select_option("#board-area", label="井坪镇")
    page.get_by_role("button", name="看这里").click()
    assert page.locator(".board-way b").inner_text() == "井坪镇"
