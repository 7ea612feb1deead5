"""The grid's page, the held reports and the poster in Chromium: axe, width, no English; the map by a tap; the picture of the
receipt; 待核实 by a clerk. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

import os
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import RateWindow
from cases.models import Case, HeldReport
from cases.reporting import holding, weather
from cases.reporting.receiving import receive
from grids.models import Duty, Grid
from tests.cases.cast import GRID
from tests.grids.places import square
from tests.pages.conftest import Town
from tests.pages.test_browser_looks import checked
from tests.reporting.conftest import BODY
from tests.reporting.test_browser_reporting import PHONE, STORY, filled, photo

SHOTS = os.environ.get("PORTAL_SHOTS", "")

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture(scope="module")
def board(town: Town) -> Grid:
    """The grid as its board shows it, with an outline, beside another one."""
    grid = Grid.objects.get(code=GRID)
    grid.extent, grid.supervising_phone = "东至平安路，南至北坪街，西至建设路，北至煤矿铁路线。", "0349-6000037"
    grid.boundary = square(112.30)
    grid.save()
    Duty.objects.filter(grid=grid).update(phone="0349-6020001")
    Duty.objects.create(
        user=town.district.people["clerk"],
        grid=grid,
        kind="grid_head",
        phone="0349-6020002",
        starts_on=date(2026, 1, 1),
    )
    other = {"name": "胜利社区第二网格", "community_id": GRID[:12], "boundary": square(112.31)}
    Grid.objects.create(code=f"{GRID[:12]}002", **other)
    return grid


@pytest.fixture(scope="module")
def held(town: Town) -> list[HeldReport]:
    """What an attack left: some alike, folded, and two real ones."""
    now = timezone.now()
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", now)
    before, holding.EACH = holding.EACH, 2
    texts = [f"加微信领奖品编号{n}，点击链接立即到账，仅限今天，名额有限，先到先得。" for n in range(6)]
    texts += ["东街水管爆裂，路面结冰，老人出门摔倒，请尽快抢修。", "矿区家属院三单元停暖两天，室内只有十度。"]
    for number, text in enumerate(texts):
        address = "203.0.113.9" if number < 6 else f"203.0.113.{number + 20}"
        receive({**BODY, "description": text}, client_id=f"look-{number}", address=address, now=now)
    holding.EACH = before
    RateWindow.objects.all().delete()
    return list(HeldReport.objects.filter(folded_into__isnull=True).order_by("pk"))


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, board: Grid, held: list[HeldReport], look: str, screen: str
) -> None:
    clerk, nobody = town.enter("clerk"), town.visitor()
    pages = {
        "grid": (nobody, f"/report/g/{GRID}/"),
        "held": (clerk, "/held/"),
        "held-one": (clerk, f"/held/{held[0].uid}/"),
        "held-empty": (clerk, "/held/?tab=discarded"),
        "posters": (clerk, "/posters/"),
    }
    wrong = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if found := checked(town, page, f"report-{name}", look, screen):
            wrong[name] = found
    town.leave()
    assert (wrong, town.troubles) == ({}, [])


def test_the_poster_fits_one_sheet(town: Town, board: Grid) -> None:
    page = town.enter("clerk")
    page.goto(f"/posters/{GRID}/")
    page.emulate_media(media="print")
    if SHOTS:
        page.set_viewport_size({"width": 794, "height": 1123})
        page.screenshot(path=str(Path(SHOTS) / "report-poster.png"), full_page=True)
    sheet = page.pdf(format="A4", print_background=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") + sheet.count(b"/Type /Page/") == 1


def test_a_tap_on_the_map_says_the_grid_and_goes_with_the_report(town: Town, board: Grid) -> None:
    RateWindow.objects.all().delete()
    page = town.visitor(**PHONE)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    filled(page, f"/report/g/{GRID}/")
    assert not any("leaflet" in url or "/report/map/" in url for url in loaded)
    page.click("#map-fold > summary")
    expect(page.locator("#map-said")).to_contain_text("深色的是本网格")
    page.locator("#map").click(position={"x": 179, "y": 160})
    expect(page.locator("#map-said")).to_contain_text("已选：胜利社区第一网格")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "report-map.png"))
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到")
    case = Case.objects.latest("pk")
    assert (case.grid_code, case.datum, case.lng is not None) == (GRID, "wgs84", True)
    assert town.troubles == []


def test_the_receipt_is_kept_as_a_picture_with_number_and_code(town: Town) -> None:
    RateWindow.objects.all().delete()
    page = town.visitor(**PHONE)
    filled(page)
    page.click("#report-go")
    expect(page.locator("#received")).to_be_visible()
    with page.expect_download() as download:
        page.click("#picture")
    assert download.value.suggested_filename.startswith("回执")
    assert page.locator("#picture-img").get_attribute("src").startswith("data:image/png")  # type: ignore[union-attr]
    if SHOTS:
        download.value.save_as(str(Path(SHOTS) / "report-receipt.png"))
    assert town.troubles == []


def test_an_elder_s_report_on_a_phone(town: Town) -> None:
    RateWindow.objects.all().delete()
    page = town.visitor(**PHONE)
    filled(page)
    page.click("[data-set-mode=elder]")
    page.set_input_files("#photos", [photo(1)])
    expect(page.locator(".report-photos__one")).to_have_count(1)
    small = page.evaluate(
        "() => Array.from(document.querySelectorAll('main button, main summary, main .option, main a.btn'))"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 60).map(e => e.textContent.trim())"
    )
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "report-elder.png"), full_page=True)
    assert (small, page.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)
    page.click("#report-go")
    expect(page.locator("#received")).to_be_visible()
    assert Case.objects.latest("pk").description == STORY
    assert town.troubles == []
