"""The search of the top bar by keyboard: a word, one character, a phone with its reason; nothing personal in an address."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Town

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
PHONE = "13812341234"
#: Where pictures for the eye go; nowhere unless asked.
PICTURES = os.environ.get("PORTAL_PICTURES", "")


def test_a_clerk_finds_by_word_and_by_phone_without_a_mouse(town: Town) -> None:
    case = town.district.register(title="三号楼暖气不热")
    town.district.register(
        title="井盖破损", description="路口井盖破损。", reporters=[{"name": "李四", "phone": "13900001111"}]
    )
    page = town.enter("clerk")
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.keyboard.press("/")
    page.keyboard.type("暖气")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="三号楼暖气不热")).to_be_visible()
    expect(page.get_by_text("井盖破损")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.type("热")
    page.keyboard.press("Enter")
    expect(page.get_by_text("请把“热”写长一些").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.type(PHONE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="为什么要查？")).to_be_visible()
    _picture(page, "why")
    expect(page.get_by_role("button", name="来访人在窗口")).to_be_focused()
    page.keyboard.press("Enter")  # the first reason has the focus
    expect(page.get_by_role("link", name="三号楼暖气不热")).to_be_visible()
    expect(page.get_by_text("找到 1 件")).to_be_visible()
    _picture(page, "found")
    page.set_viewport_size({"width": 390, "height": 844})
    _picture(page, "found-390")
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.type(case.number[-5:])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.number}/")
    assert [url for url in seen if PHONE in url] == []
    assert town.troubles == []
    town.leave()


def _picture(page: object, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"search-{name}.png"), full_page=True)  # type: ignore[attr-defined]
