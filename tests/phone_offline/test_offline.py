"""A grid worker's phone in Chromium without a network: what is reported stays on it, arrives once, and says what became of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import RateWindow
from cases.models import Attachment, Case
from tests.pages.conftest import Town
from tests.reporting.test_browser_reporting import photo

SHOTS = os.environ.get("PORTAL_SHOTS", "")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
#: A slow machine with other work to do.
SLOW = 60_000
#: Waits until the service worker has the pages that must open without a network.
KEPT = """async patience => {
  for (const began = Date.now(); Date.now() - began < patience; await new Promise(done => setTimeout(done, 100))) {
    const name = (await caches.keys()).find(one => one.startsWith('phone-pages-'));
    const kept = name ? (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname) : [];
    if (['/m/', '/m/cases/', '/m/report/', '/m/outbox/', '/m/offline/'].every(path => kept.includes(path))) return true;
  }
  return false;
}"""

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture(autouse=True)
def _quiet(town: Town) -> Iterator[None]:
    """Nobody has called; what a script complains of fails the test."""
    RateWindow.objects.all().delete()
    town.troubles.clear()
    yield
    assert town.troubles == []


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"phone-{name}.png"), full_page=True)


def ready(town: Town) -> Page:
    """小刘's phone, with everything on it that it needs without a network."""
    page = town.enter("grid_worker", **PHONE)
    page.goto("/m/")
    assert page.evaluate(KEPT, SLOW)
    return page


def written(
    page: Page, words: str, *, category: str = "A0401", photos: int = 0, settled: str = "", seed: int = 0
) -> None:
    """Fill in a report and hand it in."""
    page.goto("/m/report/")
    page.locator(f".po-choice:has(input[value='{category}'])").click()
    if photos:
        page.set_input_files("input[name=photos][multiple]", [photo(seed + number) for number in range(photos)])
        expect(page.locator("#po-photos .po-photo")).to_have_count(photos, timeout=SLOW)
    page.fill("#po-address", "三号楼前")
    page.fill("#po-description", words)
    if settled:
        page.check("input[name=way][value=settle]")
        page.fill("#po-result", settled)
    page.click(".po-go")


FOUR = (
    ("一号楼前垃圾没有清运。", 2, ""),
    ("二号楼前垃圾没有清运。", 1, ""),
    ("三号楼前垃圾没有清运。", 2, ""),
    ("四号楼前垃圾袋破了。", 1, "我和保洁一起清走了。"),
)


def write_four(page: Page, *, seed: int) -> None:
    for place, (words, photos, settled) in enumerate(FOUR):
        written(page, words, photos=photos, settled=settled, seed=seed + 10 * place)
        expect(page.locator(".po-entry")).to_have_count(place + 1, timeout=SLOW)


def arrived(before: int) -> list[tuple[str, str, str, str, str, int]]:
    """What was registered since: words, channel, author, grid, status, photos (each a different one)."""
    rows = []
    for case in Case.objects.filter(pk__gt=before).order_by("pk"):
        files = list(case.attachments.all())
        assert len({file.sha256 for file in files}) == len(files)
        author = case.registered_by.username
        rows.append((case.description, case.channel, author, case.grid_code, case.status, len(files)))
    return rows


def expected() -> list[tuple[str, str, str, str, str, int]]:
    grid = "140603100001001"
    return [
        (words, "grid", "grid_worker", grid, "follow_up" if settled else "accepted", photos)
        for words, photos, settled in FOUR
    ]


def last() -> int:
    return Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def reopened(context: BrowserContext, page: Page, address: str) -> Page:
    """Close the app and open it again."""
    page.close()
    opened = context.new_page()
    opened.set_default_timeout(SLOW)
    opened.goto(address)
    return opened


def test_three_reports_and_one_settled_wait_without_a_network_and_arrive_once_each_with_all_photos(town: Town) -> None:
    page, before = ready(town), last()
    context = page.context
    context.set_offline(True)
    write_four(page, seed=100)
    shot(page, "outbox-waiting")
    expect(page.locator("#phone-strip")).to_contain_text("离线")
    expect(page.locator("#phone-strip")).to_contain_text("待上传 4")
    page = reopened(context, page, "/m/report/")
    expect(page.locator("#phone-report")).to_be_visible()
    page.goto("/m/outbox/")
    expect(page.locator(".po-state--soon")).to_have_count(4)
    page.goto("/m/")
    expect(page.locator("h1")).to_have_text("今天")
    page.goto("/m/cases/00000000000000/")
    expect(page.locator("h1")).to_have_text("没有网络")
    assert last() == before
    page.goto("/m/outbox/")
    context.set_offline(False)
    expect(page.locator(".po-state--done")).to_have_count(4, timeout=SLOW)
    shot(page, "outbox-done")
    assert arrived(before) == expected()
    assert Attachment.objects.filter(case=None).count() == 0


def test_a_killed_server_and_doubled_requests_neither_double_nor_lose_anything(town: Town) -> None:
    page, before, seen = ready(town), last(), {"cut": 0, "twice": 0}
    context = page.context
    context.set_offline(True)
    write_four(page, seed=200)
    lost: set[str] = set()

    def both(route: Route) -> None:
        """Each request arrives twice; the first answer of each third is never heard (the server died with it)."""
        request = route.request
        if request.method != "POST":
            route.continue_()
            return
        route.fetch()
        answer = route.fetch()
        seen["twice"] += 1
        mark = f"{request.url}:{len(request.post_data_buffer or b'')}"
        if mark not in lost and seen["twice"] % 3 == 1:
            lost.add(mark)
            seen["cut"] += 1
            route.abort()
        else:
            route.fulfill(response=answer)

    context.route("**/api/v1/phone/**", both)
    context.set_offline(False)
    page.goto("/m/outbox/")
    expect(page.locator(".po-state--done")).to_have_count(4, timeout=2 * SLOW)
    assert seen["cut"] >= 2
    assert sorted(arrived(before)) == sorted(expected())
    assert Attachment.objects.filter(case=None).count() == 0
