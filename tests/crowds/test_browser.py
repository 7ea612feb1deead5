"""The pages of repeats and crowds in Chromium: accessible in light, dark and 长辈版, no wider than the screen, no English; a
group is taken together without scripts. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.crowds import deciding
from cases.crowds.chores import suggest_repeats
from cases.models import Case
from governance_portal.lib.numbers import query_code
from tests.cases.cast import GRID
from tests.crowds.test_finding import MIXER, MIXER_TOO
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
AIR = "教室没有空调，夏天三十五度，孩子中暑。"


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, str]:
    """A group of four, a hot matter, a joint matter of schools and rooms with residents; their addresses."""
    d, now = town.district, timezone.now()

    def reported(story: str, title: str, hours: int, **more: object) -> Case:
        given = {"channel": "web", "description": story, "title": title, "reporters": [], "anonymous": True, **more}
        return d.register("resident", now - timedelta(hours=hours), **given)

    grid = {"grid": GRID}
    reported(MIXER, "丽水新城小区旁建搅拌站噪音扰民", 30, place=grid)
    for hours, title in ((20, "丽水新城小区搅拌站粉尘扰民"), (9, "丽水新城小区旁搅拌站噪音粉尘，求搬走")):
        reported(MIXER_TOO, title, hours, place=grid)
    last = reported(MIXER, "投诉丽水新城小区旁的搅拌站", 1, place=grid)
    for hours, story in ((50, "暖气片冰凉，室内十二度。"), (26, "供热管道漏水，楼道结冰。"), (3, "热力站电话没人接。")):
        reported(story, story[:8], hours, place=grid, category="A0102")
    master = reported(f"第二小学{AIR}", "第二小学教室没有空调", 70, kind="appeal")
    d.move(master, "accept", "clerk", now, category="A0102", level="general")
    d.move(master, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    d.move(master, "sign", "handler", now)
    others = [reported(f"{name}{AIR}", f"{name}也要装空调", 40) for name in ("第三小学", "第一中学", "实验小学")]
    actor = d.actor("dispatcher", now)
    suggest_repeats(now)
    deciding.take_together(master.number, [case.number for case in others], actor=actor, now=now)
    d.record(master, "crowd", "dispatcher", now, name="全区中小学教室装空调", measure="间")
    schools = ("第二小学", "第三小学", "第一中学", "实验小学")
    lines = "\n".join(
        f"{school}，{grade}年级（{room}）班" for school in schools for grade in (1, 2) for room in (1, 2, 3)
    )
    d.record(master, "items", "dispatcher", now, items=lines)
    d.record(master, "items_done", "handler", now, items="1-7、13", done=True)
    d.record(master, "note", "handler", now, public_text="第二小学已经装完，其余本月底前装完。")
    return {
        "group": f"/crowds/group/{last.number}/",
        "case": f"/cases/{last.number}/",
        "hot": f"/crowds/hot/{GRID}/A0102/",
        "crowd": f"/crowds/{master.number}/",
        "master": f"/cases/{master.number}/",
        "resident": others[0].number,
    }


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, held: dict[str, str], look: str, screen: str
) -> None:
    dispatcher, handler, nobody = town.enter("dispatcher"), town.enter("handler"), town.visitor()
    pages = {
        "desk": (dispatcher, "/"),
        "repeats": (dispatcher, "/crowds/"),
        "hot-list": (dispatcher, "/crowds/?tab=hot"),
        "joint-list": (dispatcher, "/crowds/?tab=joint"),
        "group": (dispatcher, held["group"]),
        "hot": (dispatcher, held["hot"]),
        "case": (dispatcher, held["case"]),
        "master": (dispatcher, held["master"]),
        "crowd": (dispatcher, held["crowd"]),
        "crowd-handler": (handler, held["crowd"]),
    }
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if name == "desk":
            page.get_by_text("热点和重复").wait_for()
        if name == "crowd":
            page.locator(".crowd-place summary").first.click()
        if wrong := checked(town, page, f"crowds-{name}", look, screen):
            found[name] = wrong
    nobody.goto("/query/")
    nobody.fill("#number", held["resident"])
    nobody.fill("#query_code", query_code(held["resident"], 1))
    nobody.click("#query-go")
    nobody.locator(".public-crowd").wait_for()
    if wrong := checked(town, nobody, "crowds-resident", look, screen):
        found["resident"] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_a_group_is_taken_together_without_scripts(town: Town, held: dict[str, str]) -> None:
    page = town.enter("dispatcher", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(held["group"])
    ticked = page.locator("[name=numbers]:checked").count()
    page.get_by_role("button", name="并入为主的一件").click()
    assert page.get_by_text(f"已并入 {ticked - 1} 件。").is_visible()
    assert page.get_by_role("heading", name="并入的事项").is_visible()
    town.leave()
