"""A resident's phone in Chromium: a report with photos over a network that drops, drafts that come back, a proof under an alarm,
a browser without IndexedDB, one without scripts, a grid's board, 长辈版. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

import os
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import CDPSession, FilePayload, Page, Route, expect

from accounts.models import RateWindow
from cases.models import Attachment, Case, HeldReport
from cases.reporting import weather
from cases.services.attachments import open_file
from tests.pages.conftest import Town

SHOTS = os.environ.get("PORTAL_SHOTS", "")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
STORY = "胜利社区三号楼前路灯不亮三天，晚上老人摔过跤，请维修。"
ONLINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOW = {"offline": False, "latency": 200, "downloadThroughput": 200_000, "uploadThroughput": 60_000}
GONE = {**ONLINE, "offline": True}

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


def photo(number: int) -> FilePayload:
    """A photo of a phone: large, held on its side, with the place where it was taken."""
    grain = random.Random(number)
    picture = Image.frombytes("RGB", (200, 150), grain.randbytes(200 * 150 * 3)).resize((2400, 1800))
    said = Image.Exif()
    said[0x0112] = 6
    said.get_ifd(0x8825).update({1: "N", 2: (39.0, 30.0, 1.5), 3: "E", 4: (112.0, 17.0, 2.5)})
    out = BytesIO()
    picture.save(out, "JPEG", quality=80, exif=said)
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def wire(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    return session


def network(session: CDPSession, how: dict[str, Any]) -> None:
    session.send("Network.emulateNetworkConditions", how)


def shot(page: Page, name: str, *, whole: bool = True) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"report-{name}.png"), full_page=whole)


def filled(page: Page, address: str = "/report/") -> None:
    page.goto(address)
    fill_in(page)


def fill_in(page: Page) -> None:
    page.check("[name=kind][value=appeal]")
    page.fill("#description", STORY)
    if page.locator("#area").count():
        page.select_option("#area", "140603100001")
    page.fill("#address", "三号楼前")
    page.fill("#name", "王五")
    page.fill("#phone", "13712345678")
    page.check("[name=agree]")


def kept_on(page: Page) -> list[dict[str, Any]]:
    """The drafts this browser holds."""
    found: list[dict[str, Any]] = page.evaluate(
        "() => window.portalKeeping.all().then(rows => rows.map(r => ({values: r.values, photos: r.photos.length, sending: r.sending})))"
    )
    return found


def test_photos_and_words_arrive_once_though_the_network_drops_twice(town: Town) -> None:
    page = town.visitor(**PHONE)
    bodies: list[bytes] = []
    page.on("request", lambda r: bodies.append(r.post_data_buffer or b"") if r.url.endswith("/attachments/") else None)
    filled(page)
    page.set_input_files("#photos", [photo(number) for number in range(3)])
    expect(page.locator(".report-photos__one")).to_have_count(3)
    line, session = page.locator("#draft-line"), wire(page)
    shot(page, "filled")

    network(session, GONE)
    page.click("#report-go")
    expect(line).to_contain_text("网络断了：文字和 3 张照片（3 张还没传）存在本机，联网后自动接着交。")
    shot(page, "waiting", whole=False)
    network(session, SLOW)
    expect(line).to_contain_text("还有 2 张", timeout=30_000)
    network(session, GONE)
    expect(line).to_contain_text("网络断了：文字和 3 张照片", timeout=30_000)
    network(session, ONLINE)
    expect(page.locator("#received")).to_have_text("已经收到", timeout=40_000)
    shot(page, "received")

    case = Case.objects.get()
    files = list(case.attachments.all())
    assert (case.description, case.address, len(files), Attachment.objects.count()) == (STORY, "三号楼前", 3, 3)
    assert len({file.sha256 for file in files}) == 3
    for file in files:
        with open_file(file) as stored:
            picture = Image.open(stored)
            assert (dict(picture.getexif()), picture.size) == ({}, (1200, 1600))
    assert bodies
    assert not any(b"Exif" in body for body in bodies)
    page.goto("/report/")
    assert (kept_on(page), page.input_value("#description")) == ([], "")


def test_an_answer_that_was_lost_is_asked_for_again_and_registers_nothing_twice(town: Town) -> None:
    page, lost = town.visitor(**PHONE), []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            route.fetch()
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    before = Case.objects.count()
    filled(page)
    page.route("**/report/", lose)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=30_000)
    assert (len(lost), Case.objects.count() - before) == (2, 1)


def test_a_closed_page_gives_everything_back_and_goes_on_sending(town: Town) -> None:
    page = town.visitor(**PHONE)
    before = Case.objects.count()
    filled(page)
    page.set_input_files("#photos", [photo(9)])
    expect(page.locator("#draft-line")).to_contain_text("已存在本机")
    page.goto("/")
    page.goto("/report/")
    expect(page.locator("#draft-line")).to_contain_text("已找回 今天")
    expect(page.locator(".report-photos__one")).to_have_count(1)
    assert (page.input_value("#description"), page.input_value("#phone")) == (STORY, "13712345678")
    session = wire(page)
    network(session, GONE)
    page.click("#report-go")
    expect(page.locator("#draft-line")).to_contain_text("网络断了")
    network(session, ONLINE)
    page.goto("/report/")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=30_000)
    assert (Case.objects.count() - before, Case.objects.latest("pk").attachments.count()) == (1, 1)


def test_drafts_of_more_than_three_days_go_at_the_next_visit(town: Town) -> None:
    page = town.visitor(**PHONE)
    filled(page)
    expect(page.locator("#draft-line")).to_contain_text("已存在本机")
    page.evaluate(
        "() => window.portalKeeping.all().then(r => { r[0].begun -= 73 * 3600000; return window.portalKeeping.put(r[0]); })"
    )
    page.goto("/report/")
    page.wait_for_function("() => window.portalKeeping.all().then(rows => rows.length === 0)")
    assert page.input_value("#description") == ""


def test_every_mistake_is_told_at_once_and_the_photos_stay(town: Town) -> None:
    page = town.visitor(**PHONE)
    page.goto("/report/")
    page.fill("#phone", "不告诉你")
    page.set_input_files("#photos", [photo(4)])
    expect(page.locator(".report-photos__one")).to_have_count(1)
    page.click("#report-go")
    expect(page.locator(".field__errors")).to_have_count(5)
    expect(page.locator(".report-photos__one")).to_contain_text("已传好")
    assert page.input_value("#phone") == "不告诉你"
    shot(page, "mistakes")


def test_when_a_shared_network_has_sent_too_many_photos_the_words_go_without_them(town: Town) -> None:
    page, before = town.visitor(**PHONE), Case.objects.count()
    later = {"status": 429, "headers": {"Retry-After": "3000"}, "body": "{}"}
    page.route("**/public/attachments/", lambda route: route.fulfill(**later))
    filled(page)
    page.set_input_files("#photos", [photo(8)])
    expect(page.locator(".report-photos__one")).to_have_count(1)
    page.click("#report-go")
    expect(page.locator("#draft-line")).to_contain_text("还要等 50 分钟才能传照片")
    page.click("text=不带没传的照片，现在就交")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=30_000)
    assert Case.objects.count() - before == 1


def test_under_an_alarm_the_phone_computes_a_proof_and_the_report_is_registered(town: Town) -> None:
    before, page = Case.objects.count(), town.visitor(**PHONE)
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", timezone.now())
    filled(page)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=30_000)
    assert (Case.objects.count() - before, HeldReport.objects.count()) == (1, 0)


def test_without_indexeddb_the_words_are_kept_and_the_report_goes(town: Town) -> None:
    page = town.visitor(**PHONE)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    before = Case.objects.count()
    filled(page)
    expect(page.locator("#draft-line")).to_contain_text("已存在本机")
    page.goto("/")
    page.goto("/report/")
    expect(page.locator("#draft-line")).to_contain_text("已找回")
    page.set_input_files("#photos", [photo(5)])
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=30_000)
    assert (Case.objects.count() - before, Case.objects.latest("pk").attachments.count()) == (1, 1)


def test_without_scripts_the_form_is_a_plain_form_and_waits_for_a_human_under_an_alarm(town: Town) -> None:
    page, before = town.visitor(**PHONE, java_script_enabled=False), Case.objects.count()
    filled(page)
    page.set_input_files("#photos", [photo(6), photo(7)])
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到")
    assert (Case.objects.count() - before, Case.objects.latest("pk").attachments.count()) == (1, 2)
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", timezone.now())
    filled(page)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到，正在核实")
    shot(page, "held")
    page.click("text=现在就看进度")
    expect(page.locator("#now-title")).to_have_text("已收到，正在核实")
    shot(page, "held-looked-up")
