"""The frame and every page in it: sizes of facts §7.3, 200 % zoom, dark, print; what is too small or too wide fails by name.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from governance_portal.lib.numbers import query_code
from tests.pages.conftest import Town

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

SHOTS = os.environ.get("PORTAL_SHOTS", "")
#: facts §7.3: 长辈版 main text ≥ 18, line height ≥ 1.3, targets ≥ 60; else targets ≥ 44.
ELDER_TEXT, TARGET, ELDER_TARGET, LEADING = 18, 44, 60, 1.3
#: Every text on the page with its size and its line height, in CSS pixels.
TEXTS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim(), box = walker.currentNode.parentElement;
    if (!words || !box || box.closest('.hide, script, style, noscript, [hidden], option, .skip, .five__mark')) continue;
    const shown = box.getClientRects();
    if (!shown.length || getComputedStyle(box).visibility === 'hidden') continue;
    const style = getComputedStyle(box), size = parseFloat(style.fontSize), lead = parseFloat(style.lineHeight) / size;
    found.push([words.slice(0, 20), box.className || box.tagName, Math.round(size * 10) / 10, Math.round(lead * 100) / 100]);
  }
  return found;
}"""
#: Whatever is pressed, but links inside a sentence (WCAG 2.2 §2.5.8 leaves those out) and what is not shown.
PRESSED = """() => Array.from(document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])'))
  .filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden' 
    && !e.closest('.hide, .skip, .file-own, [hidden], [aria-hidden=true]'))
  .filter(e => getComputedStyle(e).display !== 'inline')
  .map(e => {
    const around = e.closest('label.option, .drop, tr[data-href]') || (e.type === 'checkbox' && e.closest('label, th, td'));
    const whole = around || e, box = whole.getBoundingClientRect();
    const after = getComputedStyle(e, '::after');
    const spread = after.position === 'absolute' && after.content !== 'none' ? e.closest('.line, tr, li').getBoundingClientRect() : box;
    return [(e.textContent || e.name || '').trim().slice(0, 20) + ' .' + e.className, Math.round(Math.max(box.height, spread.height))];
  })"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def matter(town: Town) -> Case:
    """A case in handling; some more, so that every desk has rows."""
    d, now = town.district, timezone.now()
    case = d.register(now=now)
    d.move(case, "accept", "clerk", now, category="A0102", level="major")
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", now)
    for story in ("邻居两家因滴水檐多次争执。", "路口信号灯不亮，早高峰险情多。"):
        d.register(now=now, description=story)
    d.person("sysadmin", "系统员", "system_admin", "zfw")
    d.person("clerk", "小王", "follow_up_officer", "centre")
    return case


def pages_of(matter: Case) -> dict[str, list[str]]:
    """Who looks at which pages."""
    number = matter.number
    return {
        "": ["/", "/query/", "/report/", "/guide/", "/privacy/", "/login/", "/nothing/"],
        "clerk": ["/", "/cases/new/", "/cases/?tab=all", "/notices/", reverse("hall:visits"), reverse("hall:roster")],
        "handler": ["/", f"/cases/{number}/", "/cases/?tab=returned"],
        "centre_lead": ["/", "/board/"],
    }


def walked(town: Town, matter: Case, **options: object) -> list[tuple[str, Page]]:
    """Every page in turn, as (name, page)."""
    walk = []
    for who, addresses in pages_of(matter).items():
        page = town.enter(who, **options) if who else town.visitor(**options)
        walk += [(f"{who} {address}", page) for address in addresses]
    return walk


def opened(page: Page, name: str, look: str = "standard", theme: str = "light") -> Page:
    page.goto(name.split(" ", 1)[1])
    page.evaluate(
        "([t, m]) => { document.documentElement.dataset.theme = t; document.documentElement.dataset.mode = m; }",
        [theme, look],
    )
    return page


def kept(page: Page, name: str, kind: str) -> None:
    if SHOTS:
        plain = name.replace("/", "_").replace("?", "_").replace(" ", "-")
        page.screenshot(path=str(Path(SHOTS) / f"frame-{kind}-{plain}.png"), full_page=True)


def test_in_the_elder_edition_every_text_is_large_and_every_line_has_room(town: Town, matter: Case) -> None:
    small = {}
    for name, page in walked(town, matter, viewport={"width": 390, "height": 844}):
        texts = opened(page, name, "elder").evaluate(TEXTS)
        kept(page, name, "elder")
        if wrong := [row for row in texts if row[2] < ELDER_TEXT or row[3] < LEADING]:
            small[name] = wrong[:6]
    town.leave()
    assert small == {}


@pytest.mark.parametrize(("look", "least"), [("standard", TARGET), ("elder", ELDER_TARGET)])
def test_on_a_phone_whatever_is_pressed_is_large_enough(town: Town, matter: Case, look: str, least: int) -> None:
    small = {}
    for name, page in walked(town, matter, viewport={"width": 390, "height": 844}):
        rows = opened(page, name, look).evaluate(PRESSED)
        if wrong := [row for row in rows if row[1] < least]:
            small[name] = wrong[:8]
    town.leave()
    assert small == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_at_two_hundred_per_cent_nothing_is_cut_off_and_everything_is_still_there(
    town: Town, matter: Case, theme: str
) -> None:
    """A 1366 px screen at 200 % is 683 CSS pixels wide."""
    wide = {}
    for name, page in walked(town, matter, viewport={"width": 683, "height": 384}, device_scale_factor=2):
        opened(page, name, "standard", theme)
        kept(page, name, f"zoom-{theme}")
        if (wider := page.evaluate(WIDER)) > 0:
            wide[name] = wider
        expect(page.locator("h1").first).to_be_visible()
    town.leave()
    assert wide == {}


def test_staff_pages_use_the_width_and_the_frame_stays(town: Town, matter: Case) -> None:
    narrow = {}
    for name, page in walked(town, matter, viewport={"width": 1366, "height": 768}):
        opened(page, name)
        kept(page, name, "desk")
        main = page.locator(".page-main")
        if main.count():
            used = main.evaluate("e => e.getBoundingClientRect().width")
            here = page.locator(".rail [aria-current=page]").count()
            if used < 1366 - 220 or here > 1:
                narrow[name] = (used, here)
    town.leave()
    assert narrow == {}


def test_on_paper_the_frame_is_gone_and_the_text_fits(town: Town, matter: Case) -> None:
    left = {}
    for name, page in walked(town, matter, viewport={"width": 1366, "height": 768}):
        opened(page, name)
        page.emulate_media(media="print")
        shown = page.evaluate(
            "() => Array.from(document.querySelectorAll('.topbar, .rail, .dock, .public__elder, .no-print'))"
            ".filter(e => e.getClientRects().length).map(e => e.className)"
        )
        kept(page, name, "paper")
        if shown:
            left[name] = shown
        page.emulate_media(media="screen")
    town.leave()
    assert left == {}


def test_a_post_is_chosen_in_the_corner_and_the_desk_follows(town: Town, matter: Case) -> None:
    page = town.enter("clerk")
    page.locator(".topbar details > summary").click()
    page.get_by_role("button", name="回访员 · 平鲁区社会治安综合治理中心").click()
    expect(page.locator(".say--done")).to_contain_text("现以“回访员")
    expect(page.locator(".rail__item[aria-current=page]")).to_have_text("工作台")
    expect(page.locator(".desk h2").first).to_contain_text("待回访")
    assert town.troubles == []
    town.leave()


def test_the_figures_of_the_desk_tell_that_something_came(town: Town, matter: Case) -> None:
    page = town.enter("clerk")
    town.district.register(now=timezone.now(), description="楼道灯坏了，请修。")
    page.evaluate("htmx.trigger('#desk-figures', 'refresh')")
    page.evaluate("htmx.ajax('GET', document.getElementById('desk-figures').getAttribute('hx-get'), '#desk-figures')")
    expect(page.locator(".desk-moved")).to_contain_text("有新的变化")
    town.leave()


def test_a_resident_takes_the_matter_home_as_a_picture(town: Town, matter: Case) -> None:
    page = town.visitor(accept_downloads=True)
    page.goto("/query/")
    page.fill("#number", matter.number)
    page.fill("#query_code", query_code(matter.number, matter.query_issue))
    page.click("#query-go")
    with page.expect_download() as started:
        page.locator("#picture").click()
    assert started.value.suggested_filename == f"办理进度{matter.number}.png"
    picture = Path(started.value.path()).read_bytes()
    assert (picture[:8], len(picture) > 10_000) == (b"\x89PNG\r\n\x1a\n", True)
    expect(page.locator("#picture-img")).to_be_visible()
    assert town.troubles == []
    town.leave()


def test_a_resident_reports_without_scripts_and_reads_how_it_stands(town: Town, matter: Case) -> None:
    page = town.visitor(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("安全隐患").check()
    page.fill("#description", "三号楼前井盖松动，孩子差点掉下去，请尽快换。")
    page.select_option("#area", label="井坪镇 · 胜利社区")
    page.get_by_label("已阅读并同意").check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("h1")).to_have_text("已经收到")
    page.get_by_role("button", name="现在就看进度").click()
    expect(page.locator("#now-title")).to_have_text("已登记，等待受理")
    page.locator("#act-withdraw > summary").click()
    page.locator("#withdraw-note").fill("物业已经换好")
    page.get_by_role("button", name="确认撤回").click()
    expect(page.locator(".say--done")).to_contain_text("已经撤回")
    expect(page.locator("#now-title")).to_have_text("已撤回")
    town.leave()
