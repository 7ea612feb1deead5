"""The phone's pages in Chromium at 390 px: accessible in light, dark and 长辈版, nothing wider than the screen, no English, big
targets; one hand gives a matter to another and takes it back. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from cases.models import Case
from cases.phone import handing
from tests.cases.cast import GRID
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked
from tests.phone.conftest import with_three

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

#: Without the service worker: what it keeps, and for how long, is tried in tests/phone_offline.
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "service_workers": "block",
}
#: What is pressed and is lower than the least height; text links within a sentence are not targets (WCAG 2.2, 2.5.8 "inline").
SMALL = """least => Array.from(document.querySelectorAll(
    '.ph a, .ph button, .ph summary, .ph select, .ph input:not([type=hidden]), .ph textarea'))
  .filter(e => e.offsetParent && !e.matches('.ph-skip, .file__name a, .ph-card__title a'))
  .filter(e => !(e.matches('input') && e.closest('label, .file-way, .picker')))
  .map(e => [e.textContent.trim().slice(0, 12) || e.name || e.className, Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height < least)"""


@pytest.fixture(scope="module")
def matter(town: Town) -> Case:
    """A day with something of everything; the matter that lies with the grid worker."""
    d, now = with_three(town.district), timezone.now()
    User.objects.filter(is_service=False).update(password=make_password(PASSWORD), must_change_password=False)
    grid = {"grid": GRID, "address": "胜利社区三号楼二单元"}
    story = "三号楼二单元楼道灯坏了两层，老人晚上下楼看不清台阶。"
    case = d.register("resident", now - timedelta(hours=3), channel="web", place=grid, description=story)
    handing.hand_over(case, d.actor("surveyor", now), {"to": "grid_worker", "said": "您离得近，请先去看看"}, now=now)
    old = now - timedelta(days=40)
    late = d.register("resident", old, channel="web", place=grid, description="小区东门口井盖翘起，骑车容易摔。")
    d.move(late, "accept", "clerk", old, category="A0102", level="general")
    d.move(late, "dispatch", "dispatcher", old, lead_unit="housing", mode="forward")
    d.move(late, "sign", "handler", old)
    due = (now.date() + timedelta(days=2)).isoformat()
    d.record(late, "task", "handler", now, unit="community", what="陪同入户，看井盖产权", due_on=due)
    for place in range(3):
        d.register("grid_worker", now, channel="grid", place=grid, description=f"{place + 5}号楼顶层早晚没有水压。")
    assert date.fromisoformat(due)
    return case


def pages_of(page: Page, case: Case) -> dict[str, str]:
    return {
        "today": "/m/",
        "cases": "/m/cases/?tab=all",
        "empty": "/m/cases/?tab=handed&after=nonsense",
        "case": f"/m/cases/{case.number}/",
        "move": f"/m/cases/{case.number}/moves/accept/",
        "mine": "/m/me/",
    }


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_the_pages_hold_at_390_px(town: Town, matter: Case, look: str) -> None:
    page = town.enter("grid_worker", **PHONE)
    found: dict[str, object] = {}
    for name, address in pages_of(page, matter).items():
        page.goto(address)
        if name == "case":
            page.locator(".move--expected > summary").click()
            page.locator("#hand-over > summary").click()
        if name == "mine":
            page.locator(".ph-far > summary").first.click()
        if wrong := checked(town, page, f"phone-{name}", look, "phone"):
            found[name] = wrong
        if small := page.evaluate(SMALL, 60 if look == "elder" else 44):
            found[f"{name} small"] = small
    assert (found, town.troubles) == ({}, [])
    town.leave()


def pressed(page: Page, name: str, then: str) -> None:
    """Press a button of a form that the outbox takes over; once the server has answered, open the next page."""
    heard = page.expect_response(lambda got: got.request.method == "POST" and "/api/v1/" in got.url, timeout=30_000)
    with heard, page.expect_navigation(timeout=30_000):
        page.get_by_role("button", name=name).click()
    page.goto(then)


def test_one_hand_gives_and_the_other_takes(town: Town, matter: Case) -> None:
    giver, taker = town.enter("grid_worker", **PHONE), town.enter("armband", **PHONE)
    giver.goto("/m/")
    address = giver.locator("#part-mine .ph-card__title a").first.get_attribute("href") or ""
    giver.goto(address)
    giver.locator("#hand-over > summary").click()
    giver.get_by_text("红袖章 老董").click()
    giver.locator("#said").fill("晚上巡逻时看看水表间")
    pressed(giver, "转给对方", address)
    expect(giver.get_by_text("老董还没接下：晚上巡逻时看看水表间")).to_be_visible(timeout=20_000)
    taker.goto("/m/")
    expect(taker.locator("#part-handed")).to_contain_text("小刘：晚上巡逻时看看水表间", timeout=20_000)
    taker.goto(address)
    pressed(taker, "接下", address)
    taker.locator("#done-answer").fill("水表间冻住了，已通知供水站")
    pressed(taker, "办好了，告诉小刘", "/m/")
    expect(taker.locator("#part-handed")).to_have_count(0, timeout=20_000)
    giver.goto("/m/")
    expect(giver.get_by_text("老董办好").first).to_be_visible(timeout=20_000)
    assert town.troubles == []
    town.leave()
