"""Every page in Chromium: no rule of accessibility broken in light, dark and 长辈版, nothing wider than the screen, no English.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import Case
from governance_portal.lib.numbers import query_code
from tests.pages.conftest import Town

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

SHOTS = os.environ.get("PORTAL_SHOTS", "")
LOOKS = {"light": ("light", "standard"), "dark": ("dark", "standard"), "elder": ("light", "elder")}
SCREENS = {"desk": (1366, 900), "phone": (390, 844)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (
    "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))"
)
#: Words in Latin letters that people here say: names of keys and of files, and Tabler's nothing.
ENGLISH = re.compile(r"[A-Za-z]{3,}")
SPOKEN = {"Ctrl", "Enter", "Tab", "PDF", "Word", "jpg"}


@pytest.fixture(scope="module")
def matter(town: Town) -> Case:
    """A case in handling with something of everything: history, an order, an inner note, a word for the resident."""
    d, now = town.district, timezone.now()
    case = d.register(now=now)
    d.move(case, "accept", "clerk", now, category="A0102", level="major")
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward", assisting_units=["street"])
    d.move(case, "sign", "handler", now)
    d.record(case, "note", "handler", now, text="物业已更换，先核实责任。", public_text="维修人员明天上午上门。")
    deadline = (now + timedelta(days=3)).isoformat()
    d.record(case, "order", "supervisor", now, kind="urge", demand="请三日内回复。", deadline=deadline)
    for story in ("邻居两家因滴水檐多次争执。", "路口信号灯不亮，早高峰险情多。", "咨询残疾人两项补贴怎么办理。"):
        d.register(now=now, description=story)
    return case


def checked(town: Town, page: Page, name: str, look: str, screen: str) -> list[object]:
    """What is wrong with the page as it stands: axe, width, English."""
    theme, mode = LOOKS[look]
    page.evaluate(
        "([t, m]) => { document.documentElement.dataset.theme = t; document.documentElement.dataset.mode = m; }",
        [theme, mode],
    )
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.add_script_tag(url=f"{town.url}/static/vendor/axe.min.js")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{look}-{screen}.png"), full_page=True)
    wrong: list[object] = list(page.evaluate(AXE, RULES))
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        wrong.append(f"{wider} px wider than the screen")
    english = set(ENGLISH.findall(page.evaluate("document.body.innerText"))) - SPOKEN
    return wrong + sorted(english)


def result_page(town: Town, case: Case) -> Page:
    page = town.visitor()
    page.goto("/query/")
    page.fill("#number", case.number)
    page.fill("#query_code", query_code(case.number, case.query_issue))
    page.click("#query-go")
    page.locator("#told-number").wait_for()
    return page


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, matter: Case, look: str, screen: str
) -> None:
    clerk, handler, nobody = town.enter("clerk"), town.enter("handler"), town.visitor()
    pages = {
        "login": (nobody, "/login/"),
        "home": (nobody, "/"),
        "query": (nobody, "/query/"),
        "report": (nobody, "/report/"),
        "guide": (nobody, "/guide/"),
        "privacy": (nobody, "/privacy/"),
        "desk": (clerk, "/"),
        "visits": (clerk, "/visits/"),
        "roster": (clerk, "/roster/"),
        "list": (clerk, "/cases/?tab=all"),
        "empty": (handler, "/cases/?tab=returned"),
        "case": (handler, f"/cases/{matter.number}/"),
        "intake": (clerk, "/cases/new/"),
        "notices": (clerk, "/notices/"),
        "lost": (clerk, "/cases/00000000000000/"),
        "move": (handler, f"/cases/{matter.number}/moves/resolve/"),
    }
    if look == "light":
        pages["receipt"] = (clerk, f"/cases/{matter.number}/receipt/")
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if wrong := checked(town, page, name, look, screen):
            found[name] = wrong
    handler.goto(f"/cases/{matter.number}/")
    handler.locator(".move-slot").get_by_role("button", name="办结上报", exact=True).click()
    handler.locator("details.move[open]").wait_for()
    checked(
        town, handler, "case-open", look, screen
    )  # drawn in that look; what lies under the bottom bar then is chance
    handler.locator("#move-resolve > summary").evaluate("element => element.scrollIntoView({block: 'center'})")
    if wrong := checked(town, handler, "case-open", look, screen):
        found["case-open"] = wrong
    if wrong := checked(town, result_page(town, matter), "result", look, screen):
        found["result"] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_the_receipt_is_one_sheet_of_two_parts(town: Town, matter: Case) -> None:
    page = town.enter("clerk")
    page.goto(f"/cases/{matter.number}/receipt/")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    if SHOTS:
        (Path(SHOTS) / "receipt.pdf").write_bytes(pdf)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert [part.inner_text() for part in page.locator(".paper__part-name").all()] == ["群众联", "存根联"]
    town.leave()
