"""A month's report in Chromium: asked for, watched, opened; its files hold the figures of the page; every look is accessible.

`PORTAL_SHOTS=folder` keeps screenshots, the paper and the files to look at.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from cases.bulletins import asking, counted
from cases.bulletins.choices import Kind
from cases.bulletins.periods import Span, span_in
from cases.models import BulletinAsk
from governance_portal.lib.working_days import SHANGHAI, day_of
from tests.bulletins.test_course import lasted
from tests.cases.cast import District
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
SHOTS = os.environ.get("PORTAL_SHOTS", "")
#: What people here call the kinds of file, and the nine of ten.
FILES = {"Word", "PDF", "Excel", "P90"}


def last_month(d: District) -> Span:
    """The month that is over, with a few matters that took hours and days."""
    span = span_in(Kind.MONTH, day_of(timezone.now())).before
    begins = datetime.combine(span.window.first or day_of(timezone.now()), time(9), SHANGHAI)
    for day, hours in ((4, 6), (6, 24), (11, 72), (12, 30)):
        lasted(d, begins + timedelta(days=day), begins + timedelta(days=day, hours=hours))
    for day in (8, 13, 20):
        d.register(now=begins + timedelta(days=day), visitor_count=day)
    return span


def _watched(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the bulletin; at its sixth part the page must have heard of the fifth."""
    parts = dict(counted.PARTS)
    sixth = list(parts)[5]

    def seen(part: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def looks(frame: Any) -> Any:
            expect(page.get_by_text("正在统计：5 / 10 部分")).to_be_visible()
            return part(frame)

        return looks

    monkeypatch.setattr(counted, "PARTS", {**parts, sixth: seen(parts[sixth])})
    assert asking.write(BulletinAsk.objects.latest("pk").pk, timezone.now()) is True


def _tables(page: Page) -> list[list[list[str]]]:
    """The tables of the page, head and rows, as text."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.bulletin-table')].map(t => [...t.rows].map(r => "
        "[...r.cells].map(c => c.textContent.trim())))"
    )  # type: ignore[no-any-return]


def _said(place: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", place, "-"], capture_output=True, check=True).stdout.decode()


def wrong_with(town: Town, page: Page, name: str, look: str, screen: str) -> list[object]:
    """What is wrong with a page, the names of files aside."""
    return [one for one in checked(town, page, name, look, screen) if not (isinstance(one, str) and one in FILES)]


def test_a_month_is_asked_for_watched_opened_and_its_files_hold_what_the_page_shows(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    span = last_month(town.district)
    monkeypatch.setattr("cases.bulletins.acting.nudge", lambda *_given, **_named: None)
    page = town.enter("centre_lead")
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto("/board/bulletins/")
    expect(page.get_by_role("combobox", name="哪一期")).to_have_value(f"{span.label}月报")
    page.get_by_role("button", name="制表").dblclick()
    expect(page.get_by_text("排队中：0 / 10 部分")).to_be_visible()
    assert BulletinAsk.objects.count() == 1
    waiting = page.url
    wrong: dict[tuple[str, ...], list[object]] = {}
    for look, screen in (("light", "desk"), ("dark", "desk"), ("elder", "phone")):
        page.goto(waiting)
        if found := wrong_with(town, page, "bulletin-waits", look, screen):
            wrong["waits", look, screen] = found
    page.goto(waiting)
    _watched(page, monkeypatch)
    page.get_by_role("link", name="打开草稿").click()
    expect(
        page.get_by_role("heading", name=f"{town.district.units['centre'].name}工作月报", exact=True)
    ).to_be_visible()
    here = page.url.partition("?")[0]
    shown = _tables(page)
    assert ["登记（件）", "7"] in [row[:2] for row in shown[0]]
    assert [row[:2] for rows in shown for row in rows if "时长" in row[0] and len(row) == 3][1:] == [
        ["平均办理时长", "1.4天"],
        ["办理时长中位数", "1.0天"],
        ["办理时长 P90", "3.0天"],
    ]

    kept = Path(SHOTS) if SHOTS else tmp_path
    for form in ("docx", "pdf", "xlsx"):
        (kept / f"month.{form}").write_bytes(page.request.get(f"{here}file/{form}/").body())
    paper = docx.Document(str(kept / "month.docx"))
    assert [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables] == shown
    book = load_workbook(BytesIO((kept / "month.xlsx").read_bytes()))
    sheets = [[[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book.worksheets[1:]]
    assert [rows[0] for rows in sheets] == [rows[0] for rows in shown]
    assert next(row[1] for row in sheets[0] if row[0] == "登记（件）") == 7
    lines = "".join(_said(kept / "month.pdf").split())
    missing = [cell for rows in shown for row in rows for cell in row if "".join(cell.split()) not in lines]
    assert missing == []

    pages = {"list": "/board/bulletins/", "one": here, "edit": f"{here}edit/advice/"}
    for look, screen in (("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")):
        for name, address in pages.items() if look == "light" else (("one", here),):
            page.goto(address)
            if found := wrong_with(town, page, f"bulletin-{name}", look, screen):
                wrong[name, look, screen] = found
    page.goto(f"{here}?paper=1")
    page.pdf(path=str(kept / "paper.pdf"), prefer_css_page_size=True)
    lines = "".join(_said(kept / "paper.pdf").split())
    assert [cell for rows in shown for row in rows for cell in row if "".join(cell.split()) not in lines] == []
    assert (wrong, town.troubles) == ({}, [])
    town.leave()
