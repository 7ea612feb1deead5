"""The pages of hazards and of the matrix in Chromium: accessible, no wider than the screen, no English; a line is listed and
settled without scripts. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.hazards import keeping
from cases.models import Case, LookBack
from cases.services.attachments import store
from grids.responsibility import services
from tests.cases.cast import GRID
from tests.cases.pictures import photo
from tests.hazards.conftest import FILE, ITEM
from tests.hazards.test_again import STORE
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


def found(town: Town, days_ago: int, title: str, **file: str) -> Case:
    d, at = town.district, timezone.now() - timedelta(days=days_ago)
    case = d.register(
        "grid_worker",
        at,
        kind="hazard",
        channel="grid",
        title=title,
        place={"grid": GRID},
        reporters=[],
        anonymous=True,
    )
    d.move(case, "accept", "clerk", at, category="H0101", level="major")
    d.move(case, "dispatch", "dispatcher", at, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", at)
    if file:
        term = (at + timedelta(days=20)).date().isoformat()
        d.record(case, "hazard", "handler", at, **{**FILE, "term": term, **file})
        d.record(case, "hazard_item", "handler", at, **ITEM)
    case.refresh_from_db()
    return case


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, str]:
    """A hazard under way, one too late, one verified and to be looked at again, one without a file; a store; half a matrix."""
    d, now = town.district, timezone.now()
    going = found(town, 5, "北坪街饭店燃气灶没有熄火保护", person="郑局长")
    found(town, 40, "胜利社区东区消防通道堵塞", hazard_class="fire", detail="住宅小区")
    bare = found(town, 1, "锦绣小区雨水口堵塞")
    closed = found(town, 35, "二号楼阳台灶私接三通", detail="居民用户")
    at = now - timedelta(days=34)
    d.record(closed, "hazard_done", "handler", at, item=1, done=True, result="已更换，检漏合格")
    kept = store(closed, photo(), actor=d.actor("handler", at), now=at, purpose="整改后")
    told = {"result": "已更换灶具", "outcome": "fulfilled", "reply": "已整改。", "photos_after": [str(kept.uid)]}
    d.move(closed, "resolve", "handler", at, **told)
    d.move(closed, "close_verified", "supervisor", at)
    keeping.enter_store(STORE, actor=d.actor("supervisor", at), now=at)
    scope = {
        "hazard_class": "gas",
        "what": "中压管网",
        "quantity": "438.51",
        "measure": "km",
        "period": "2025 年",
        "source": "报告",
    }
    keeping.enter_scope(scope, actor=d.actor("supervisor", now), now=now)
    today = now.date()
    given = {"unit": "housing", "area": "140603100", "topic": "flood", "from": (today - timedelta(days=3)).isoformat()}
    services.give(given, actor=d.actor("supervisor", now), now=now)
    given |= {"unit": "heating", "to": (today + timedelta(days=9)).isoformat()}
    services.give(given, actor=d.actor("supervisor", now), now=now)
    row = LookBack.objects.get(case=closed)
    return {
        "going": f"/hazards/{going.number}/",
        "case": f"/cases/{going.number}/",
        "closed": f"/hazards/{closed.number}/",
        "bare": bare.number,
        "look": f"/hazards/again/{row.pk}/",
        "store": f"/hazards/flood/{keeping.stores_of(d.actor('supervisor', now)).get().pk}/",
    }


@pytest.mark.parametrize(("look", "screen"), [("light", "desk"), ("dark", "phone"), ("elder", "phone")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, held: dict[str, str], look: str, screen: str
) -> None:
    supervisor, handler = town.enter("supervisor2"), town.enter("handler")
    pages = {
        "ledger": (supervisor, "/hazards/"),
        "gas": (supervisor, "/hazards/?class=gas"),
        "hazard": (handler, held["going"]),
        "closed": (supervisor, held["closed"]),
        "case": (handler, held["case"]),
        "scope": (supervisor, "/hazards/scope/?class=gas"),
        "again": (supervisor, "/hazards/again/"),
        "look": (supervisor, held["look"]),
        "flood": (supervisor, "/hazards/flood/"),
        "store": (supervisor, held["store"]),
        "matrix": (supervisor, "/responsibility/"),
        "sheet": (supervisor, "/responsibility/sheet/"),
    }
    wrong = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        for summary in page.locator("details.fold > summary").all():
            summary.click()
        page.evaluate("scrollTo(0, 0)")  # what lies under the bars after a click is chance
        if told := checked(town, page, f"hazards-{name}", look, screen):
            wrong[name] = told
    assert (wrong, town.troubles) == ({}, [])
    town.leave()


def test_a_file_a_line_and_its_result_are_written_without_scripts(town: Town, held: dict[str, str]) -> None:
    page = town.enter("handler", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(f"/hazards/{held['bare']}/")
    page.get_by_role("link", name="建档").click()
    page.select_option("[name=hazard_class]", "flood")
    page.fill("[name=person]", "市政所长")
    page.fill("[name=term]", (timezone.now() + timedelta(days=9)).date().isoformat())
    page.fill("[name=plan]", "先设警戒、备抽水泵。")
    page.locator("[name=unit]").first.select_option("housing")
    page.locator("form[method=post] button[type=submit]", has_text="隐患档案").last.click()
    expect(page.get_by_text("先设警戒、备抽水泵。").first).to_be_visible(timeout=20_000)
    page.goto(f"/hazards/{held['bare']}/")
    page.get_by_role("link", name="列入一条").click()
    page.fill("[name=problem]", "雨水口堵塞 3 处")
    page.fill("[name=measure]", "清淤")
    page.locator("form[method=post] button[type=submit]", has_text="列入清单").last.click()
    page.goto(f"/hazards/{held['bare']}/")
    page.get_by_role("link", name="登记结果").click()
    page.fill("[name=result]", "已清淤，试水通畅")
    page.locator("form[method=post] button[type=submit]", has_text="整改结果").last.click()
    page.goto(f"/hazards/{held['bare']}/")
    expect(page.get_by_text("已清淤，试水通畅")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("已整改 1/1")).to_be_visible(timeout=20_000)
    town.leave()
