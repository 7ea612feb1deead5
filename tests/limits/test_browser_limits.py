"""The pages of limits and calendar in Chromium: every theme and screen, the preview in place, a notice from file to list."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import CalendarImport, LimitPolicy, Recount
from cases.services import recounting
from tests.cases.cast import at
from tests.limits.notice_2027 import ROWS, as_csv
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import SPOKEN, checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
#: What kinds of file can be chosen, and the package that the calendar began with.
NAMED = {"CSV", "XLSX", "JSON", "chinesecalendar", "csv", "notice"}


@pytest.fixture(scope="module")
def winter(town: Town) -> Town:
    """Cases whose dates lie in an unpublished year, one of them of another unit."""
    d, now = town.district, at(28, 10, month=12)
    for unit, level in (("housing", "general"), ("housing", "major"), ("street", "general")):
        case = d.move(d.register(now=now), "accept", "clerk", now, category="A0102", level=level)
        d.move(case, "dispatch", "dispatcher", now, lead_unit=unit, mode="forward")
    d.move(d.register(now=now, procedure="petition"), "accept", "clerk", now, category="A0102", level="general")
    return town


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_every_page_is_accessible_and_fits(winter: Town, look: str, screen: str, tmp_path: Path) -> None:
    SPOKEN.update(NAMED)
    lead = winter.enter("centre_lead")
    statutory = LimitPolicy.objects.get(clock="resolve_by", kind="", procedure="petition")
    file = tmp_path / "notice.csv"
    file.write_bytes(as_csv((*ROWS, ("2027-13-01", "休", "元旦", ""), ("2027-03-08", "班", "", ""))))
    found = {}
    pages = {
        "limits": "/limits/",
        "limit": f"/limits/{statutory.pk}/",
        "limit-new": "/limits/new/",
        "year": "/limits/calendar/2026/",
        "year-open": "/limits/calendar/2027/",
        "import": "/limits/calendar/import/",
    }
    for name, address in pages.items():
        lead.goto(address)
        if wrong := checked(winter, lead, name, look, screen):
            found[name] = wrong
    lead.goto("/limits/calendar/import/")
    lead.set_input_files("#file", str(file))
    lead.get_by_role("button", name="读入并核对").click()
    lead.get_by_text("有 2 处需要更正").wait_for()
    if wrong := checked(winter, lead, "import-wrong", look, screen):
        found["import-wrong"] = wrong
    file.write_bytes(as_csv())
    lead.goto("/limits/calendar/import/")
    lead.set_input_files("#file", str(file))
    lead.get_by_role("button", name="读入并核对").click()
    lead.get_by_role("heading", name="会动哪些期限").wait_for()
    if wrong := checked(winter, lead, "draft", look, screen):
        found["draft"] = wrong
    assert (found, winter.troubles) == ({}, [])
    winter.leave()


def test_what_is_typed_is_foreseen_in_place(winter: Town) -> None:
    lead = winter.enter("centre_lead")
    statutory = LimitPolicy.objects.get(clock="resolve_by", kind="", procedure="petition")
    lead.goto(f"/limits/{statutory.pk}/")
    lead.fill("#amount", "61")
    lead.locator("#amount").press("Tab")
    expect(lead.locator("#foreseen")).to_contain_text("不得放宽：60 天（自然日）")
    lead.fill("#amount", "45")
    lead.locator("#amount").press("Tab")
    expect(lead.locator("#foreseen")).not_to_contain_text("不得放宽")
    lead.goto("/limits/")
    lead.select_option("#level", "urgent")
    expect(lead.locator("#until")).to_contain_text("24 小时")
    assert winter.troubles == []
    winter.leave()


def test_a_notice_goes_from_file_to_calendar_and_the_handler_finds_the_moved_dates(
    winter: Town, tmp_path: Path
) -> None:
    lead = winter.enter("centre_lead")
    file = tmp_path / "notice.csv"
    file.write_bytes(as_csv())
    lead.goto("/limits/calendar/2027/")
    expect(lead.get_by_text("这一年的放假安排还没有导入")).to_be_visible()
    lead.get_by_role("link", name="导入放假安排").click()
    wrong_one = tmp_path / "wrong.csv"
    wrong_one.write_text("日期,类别,名称,依据\n2027-13-01,休,元旦,通知\n", encoding="utf-8")
    lead.set_input_files("#file", str(wrong_one))
    lead.get_by_role("button", name="读入并核对").click()
    expect(lead.get_by_text("日期“2027-13-01”读不出来")).to_be_visible()
    expect(lead.locator(".file-way")).to_have_text("选文件还没有选")  # one button, also on the page that answered
    lead.set_input_files("#file", str(file))
    lead.get_by_role("button", name="读入并核对").click()
    lead.get_by_role("button", name="确认写入日历").click()
    expect(lead.get_by_text("正在等待重新计算")).to_be_visible()
    wish = Recount.objects.latest("pk")
    recounting.recount_asked(timezone.now() + timedelta(minutes=2))
    lead.reload()
    expect(lead.get_by_role("heading", name="变动清单")).to_be_visible()
    expect(lead.locator(".limit-table tbody tr")).to_have_count(wish.moved.count())
    if wrong := checked(winter, lead, "moved", "light", "desk"):
        pytest.fail(str(wrong))
    handler = winter.enter("handler", viewport={"width": 390, "height": 844})
    handler.goto("/notices/")
    expect(handler.get_by_text("放假安排有更新").first).to_be_visible()
    handler.goto(f"/limits/moved/{wish.pk}/")
    rows = handler.locator(".limit-table tbody tr")
    assert 0 < rows.count() < wish.moved.count()
    lead.goto("/limits/calendar/2027/")
    expect(lead.get_by_text("2027 年的安排已公布")).to_be_visible()
    assert (winter.troubles, CalendarImport.objects.filter(confirmed_at__isnull=False).count()) == ([], 1)
    winter.leave()
