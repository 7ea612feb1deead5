"""A resident's phone in Chromium, when something was changed, swept, answered strangely or left behind by somebody else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import RateWindow
from cases.models import Attachment, Case
from tests.pages.conftest import Town
from tests.reporting.test_browser_reporting import PHONE, STORY, fill_in, filled, photo

CHANGED = "胜利社区三号楼前路灯不亮五天，又有人摔倒。"

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


def lose_first(page: Page, *, arrives: bool) -> list[str]:
    """The first report of this page gets no answer, after it `arrives` or before; those after it do."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.request.url)
        if arrives:
            route.fetch()
        route.abort()

    page.route("**/report/", lose)
    return lost


def older(page: Page, hours: int) -> None:
    """What this browser keeps was written so many hours earlier."""
    page.evaluate(
        """hours => window.portalKeeping.all().then(rows => Promise.all(rows.map(row => {
          row.at -= hours * 3600000; row.begun -= hours * 3600000; return window.portalKeeping.put(row); })))""",
        hours,
    )


@pytest.mark.parametrize("photos", [0, 1])
def test_words_changed_after_a_lost_answer_bring_the_number_of_what_arrived_and_say_so(town: Town, photos: int) -> None:
    page, before = town.visitor(**PHONE), Case.objects.count()
    filled(page)
    if photos:
        page.set_input_files("#photos", [photo(21)])
        expect(page.locator(".report-photos__one")).to_have_count(1)
    lost = lose_first(page, arrives=True)
    page.click("#report-go")
    page.click("text=先不交，接着改")
    expect(page.locator("#draft-line")).to_contain_text("可能已经收到")
    page.fill("#description", CHANGED)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=20_000)
    expect(page.locator("main")).to_contain_text("收到的是您先前提交的那一份，后来改的没有交上来")
    case = Case.objects.latest("pk")
    assert (len(lost), Case.objects.count() - before, case.description, case.attachments.count()) == (
        1,
        1,
        STORY,
        photos,
    )
    page.goto("/report/")
    assert page.input_value("#description") == ""


def test_a_draft_that_is_kept_late_does_not_take_the_words_of_a_submission_away(town: Town) -> None:
    page = town.visitor(**PHONE)
    page.goto("/report/")
    page.evaluate(
        """() => { const put = window.portalKeeping.put; let first = true; window.portalKeeping.put = draft => {
          const late = first ? 3000 : 0; first = false; return new Promise(done => setTimeout(done, late)).then(() => put(draft)); }; }"""
    )
    fill_in(page)
    page.wait_for_timeout(800)  # the half second after which what was typed is kept: that one comes late
    lose_first(page, arrives=True)
    page.click("#report-go")
    page.click("text=先不交，接着改")
    expect(page.locator("#draft-line")).to_contain_text("可能已经收到")
    page.wait_for_timeout(3000)
    expect(page.locator("#draft-line")).to_contain_text("可能已经收到")


def test_words_changed_after_a_first_version_that_was_refused_go_as_they_are(town: Town) -> None:
    page, before = town.visitor(**PHONE), Case.objects.count()
    filled(page)
    page.uncheck("[name=agree]")
    lose_first(page, arrives=True)
    page.click("#report-go")
    page.click("text=先不交，接着改")
    page.check("[name=agree]")
    page.fill("#description", CHANGED)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=20_000)
    assert (Case.objects.count() - before, Case.objects.latest("pk").description) == (1, CHANGED)


def test_a_key_that_holds_another_report_is_given_up_and_the_report_goes_under_a_new_one(town: Town) -> None:
    page, before = town.visitor(**PHONE), Case.objects.count()
    filled(page)
    page.set_input_files("#photos", [photo(22)])
    expect(page.locator(".report-photos__one")).to_have_count(1)
    lose_first(page, arrives=True)
    page.click("#report-go")
    page.click("text=先不交，接着改")
    page.evaluate(
        """() => window.portalKeeping.all().then(rows => { rows[0].sent = null; rows[0].values.description = "改过的：路灯还不亮。";
          return window.portalKeeping.put(rows[0]); })"""
    )
    page.goto("/report/")
    page.click("#report-go")
    expect(page.locator("main [role=alert]").first).to_contain_text("先前提交的那一份已经收到", timeout=20_000)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=20_000)
    cases = Case.objects.order_by("-pk")
    assert (Case.objects.count() - before, [case.attachments.count() for case in cases[:2]]) == (2, [1, 1])


def test_photos_that_were_swept_before_the_report_came_are_sent_again(town: Town) -> None:
    page, before = town.visitor(**PHONE), Case.objects.count()
    filled(page)
    page.set_input_files("#photos", [photo(23), photo(24)])
    expect(page.locator(".report-photos__one")).to_have_count(2)
    lose_first(page, arrives=False)
    page.click("#report-go")
    expect(page.locator("#draft-line")).to_contain_text("照片已经传好")
    Attachment.objects.filter(case=None).delete()
    expect(page.locator("#received")).to_have_text("已经收到", timeout=20_000)
    assert (Case.objects.count() - before, Case.objects.latest("pk").attachments.count()) == (1, 2)


@pytest.mark.parametrize("status", [200, 403, 404, 413])
def test_an_answer_nobody_knows_ends_the_sending_and_names_the_window(town: Town, status: int) -> None:
    page, asked = town.visitor(**PHONE), []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            asked.append(1)
            route.fulfill(status=status, body="<p>Sign in to this Wi-Fi</p>", content_type="text/html")
        else:
            route.continue_()

    filled(page)
    page.route("**/report/", answer)
    page.click("#report-go")
    expect(page.locator("#draft-line")).to_contain_text("请打窗口电话")
    count = len(asked)
    page.wait_for_timeout(3000)
    assert (len(asked) - count, count <= 2, page.locator("#report-go").get_attribute("aria-disabled")) == (
        0,
        True,
        None,
    )


def test_too_much_at_once_is_told_in_the_server_s_words(town: Town) -> None:
    page = town.visitor(**PHONE)
    page.route(
        "**/public/challenges/",
        lambda route: route.fulfill(
            status=429,
            headers={"Retry-After": "60"},
            json={"detail": "操作太频繁，请等一分钟再试；着急时请打窗口电话。"},
        ),
    )
    filled(page)
    page.click("#report-go")
    expect(page.locator("#draft-line")).to_contain_text("操作太频繁，请等一分钟再试")
    expect(page.locator("#draft-line")).not_to_contain_text("网络断了")


def test_on_a_shared_screen_an_earlier_report_is_neither_shown_nor_sent_unasked(town: Town) -> None:
    first, before = town.visitor(**PHONE), Case.objects.count()
    filled(first)
    first.route("**/report/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    first.click("#report-go")
    expect(first.locator("#draft-line")).to_contain_text("网络断了")
    page = first.context.new_page()
    first.close()
    page.goto("/report/")
    line = page.locator("#draft-line")
    expect(line).to_contain_text("没有提交的内容")
    assert (page.input_value("#description"), page.input_value("#phone"), Case.objects.count()) == ("", "", before)
    page.click("text=接着写")
    assert (page.input_value("#description"), page.input_value("#phone")) == (STORY, "13712345678")
    page.goto("/report/")
    expect(line).to_contain_text("已找回")
    older(page, 2)
    page.goto("/report/")
    expect(line).to_contain_text("没有提交的内容")
    assert page.input_value("#description") == ""
    line.get_by_text("清空").click()
    page.wait_for_function("() => window.portalKeeping.all().then(rows => rows.length === 0)")
    assert Case.objects.count() == before


def test_a_store_that_never_answers_holds_nothing_up(town: Town) -> None:
    page, before = town.visitor(**PHONE), Case.objects.count()
    page.add_init_script("IDBFactory.prototype.open = function () { return {}; };")
    filled(page)
    expect(page.locator("#draft-line")).to_contain_text("已存在本机", timeout=8_000)
    page.click("#report-go")
    expect(page.locator("#received")).to_have_text("已经收到", timeout=20_000)
    assert Case.objects.count() - before == 1
