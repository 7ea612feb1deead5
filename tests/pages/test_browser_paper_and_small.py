"""Paper, phones and low windows: what is folded is printed, what is control is not, no column of single characters, no English."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.pages.conftest import Town, migrated, town

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

PHONE, LOW = {"width": 390, "height": 844}, {"width": 683, "height": 384}
NARROW = """() => Array.from(document.querySelectorAll("main td, main th, main dd, main li, main p"))
  .filter(cell => cell.innerText.trim().length > 2 && cell.getClientRects().length)
  .map(cell => [cell.innerText.trim().slice(0, 12), Math.round(cell.getBoundingClientRect().width)])
  .filter(row => row[1] < 20)"""
STAYING = """() => Array.from(document.querySelectorAll("body *"))
  .filter(part => !part.closest("details:not([open])") && part.getBoundingClientRect().height > 20)
  .filter(part => ["fixed", "sticky"].indexOf(getComputedStyle(part).position) >= 0)
  .map(part => part.className)"""


@pytest.fixture(scope="module")
def number(town: Town) -> str:
    """A matter on its way, and a plan of the hall."""
    d, now = town.district, timezone.now()
    case = d.register(now=now)
    d.move(case, "accept", "clerk", now, category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    page = town.enter("dispatcher")
    for what, person in (("leader", "马国栋"), ("unit", "")):
        page.goto("/roster/")
        page.check(f"[name=what][value={what}]")
        if what == "unit":
            page.locator("#unit-typed").fill("住房")
            page.locator(".picker__list:not([hidden]) [role=option]", has_text="住房").first.click()
            page.check("[name=presence] >> nth=1")
            page.check("[name=weekdays] >> nth=0")
            page.fill("#desk", "4 号")
        page.fill("#person", person)
        page.fill("#phone", "0349-6020001")
        page.get_by_role("button", name="排上").click()
        expect(page.locator(".say--done")).to_be_visible()
    return case.number


def scrolls(page: Page) -> int:
    """How far the page may be pushed aside, px."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))


@pytest.mark.parametrize("address", ["/roster/", "/visits/", "/cases/?tab=all", "/", "/board/"])
def test_no_column_of_single_characters_on_a_phone(town: Town, number: str, address: str) -> None:
    page = town.enter("dispatcher", viewport=PHONE)
    page.goto(address)
    assert (scrolls(page), page.evaluate(NARROW)) == (0, [])


@pytest.mark.parametrize("address", ["/", "/cases/?tab=all", "/cases/{number}/", "/roster/"])
def test_in_a_low_window_no_bar_stays_over_the_text(town: Town, number: str, address: str) -> None:
    page = town.enter("dispatcher", viewport=LOW)
    page.goto(address.format(number=number))
    assert (scrolls(page), page.evaluate(STAYING)) == (0, [])


def test_a_printed_list_says_what_it_is_and_carries_no_controls(town: Town, number: str) -> None:
    page = town.enter("dispatcher")
    page.goto("/cases/?tab=all")
    page.emulate_media(media="print")
    gone = (".tabs", ".list-tools .btn", ".worklist__check", ".bulk", ".list-menu", ".topbar", ".rail", ".dock")
    assert {part: page.locator(part).first.is_visible() for part in gone} == dict.fromkeys(gone, False)
    assert re.match(r"事项列表：全部，共 1 件。老周 打印于 \d{4}年", page.locator(".print-only").inner_text())
    assert page.locator(".worklist tbody tr").count() == 1


def test_paper_shows_the_folded_part_of_the_history_and_folds_it_again(town: Town, number: str) -> None:
    page = town.enter("dispatcher")
    page.goto(f"/cases/{number}/")
    parts = page.locator(".history__part")
    before = parts.evaluate_all("parts => parts.map(part => part.open)")
    assert False in before
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert parts.evaluate_all("parts => parts.map(part => part.open)") == [True] * len(before)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert parts.evaluate_all("parts => parts.map(part => part.open)") == before


def test_the_field_for_photos_speaks_chinese_and_says_what_was_chosen(town: Town) -> None:
    page = town.visitor(viewport=PHONE)
    page.goto("/report/")
    field = page.locator("#photos")
    assert field.bounding_box()["width"] <= 16  # type: ignore[index]  # what the browser would say in its own language
    expect(page.locator(".file-way")).to_have_text("选照片还没有选")
    page.set_input_files("#photos", files=[{"name": "路灯.jpg", "mimeType": "image/jpeg", "buffer": b"x"}])
    expect(page.locator(".file-way [role=status]")).to_have_text("已选 1 张")
    assert re.findall(r"[A-Za-z]{3,}", page.locator("main").inner_text().replace("路灯.jpg", "")) == []


def test_the_field_for_photos_is_the_browser_s_own_without_scripts(town: Town) -> None:
    page = town.visitor(java_script_enabled=False)
    page.goto("/report/")
    expect(page.locator("#photos")).to_be_visible()
    assert page.locator(".file-way").count() == 0


def test_whoever_sees_no_matters_is_offered_no_search_for_them(town: Town) -> None:
    assert [town.enter(who).locator("#search").count() for who in ("auditor", "dispatcher")] == [0, 1]
