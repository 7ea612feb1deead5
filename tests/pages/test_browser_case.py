"""The case page in Chromium: one look, the thumb's reach, files with their bars, the preview; in every look, for every role.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from cases.models import Case
from governance_portal.lib.numbers import query_code
from tests.pages.conftest import Town
from tests.pages.test_browser_journey import open_move, reads
from tests.pages.test_browser_looks import SHOTS, checked

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
STORY = (
    "胜利社区三号楼二单元暖气不热，已有一周，室温不到十五度。家里有八十岁老人和两个小孩，夜里要穿棉衣睡觉。\n"
    "找过物业两次，物业说是供热站的事；找供热站，说是楼内管道的事。请求尽快查明原因、恢复供热。"
)


def photo(words: str = "JPEG") -> bytes:
    stream = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(stream, words)
    return stream.getvalue()


@pytest.fixture(scope="module")
def matters(town: Town) -> dict[str, Case]:
    """One case in each of five statuses, with something of everything."""
    d, now = town.district, timezone.now()
    start = now - timedelta(days=4, hours=3)
    found = {}
    for place, name in enumerate(("registered", "dispatched", "handling", "supervision", "closed")):
        at = start + timedelta(minutes=7 * place)
        people = [
            {"name": "张三", "phone": "13812341234", "address": "胜利社区三号楼"},
            {"name": "李四", "phone": "13998765432"},
        ]
        case = found[name] = d.register(now=at, description=STORY, reporters=people)
        if name == "registered":
            continue
        d.move(
            case, "accept", "clerk", at + timedelta(hours=2), category="A0102", level="major", note="一楼住户也来过。"
        )
        d.move(
            case,
            "dispatch",
            "dispatcher",
            at + timedelta(hours=5),
            lead_unit="housing",
            mode="forward",
            assisting_units=["street"],
            instruction="请当日上门查看，三日内答复。",
        )
        if name == "dispatched":
            continue
        d.move(case, "sign", "handler", at + timedelta(days=1))
        d.record(
            case,
            "contact",
            "handler",
            at + timedelta(days=1, hours=1),
            way="phone",
            reached=True,
            text="约定下午上门。",
        )
        d.record(
            case,
            "note",
            "handler",
            at + timedelta(days=1, hours=7),
            text="物业已更换，先核实责任。",
            public_text="维修人员明天上午上门。",
        )
        if name == "handling":
            deadline = (now + timedelta(days=2)).isoformat()
            d.record(
                case,
                "order",
                "supervisor",
                now - timedelta(hours=5),
                kind="letter",
                demand="住户多次反映，请三日内书面回复。",
                deadline=deadline,
            )
            d.record(
                case,
                "order",
                "clock",
                now - timedelta(hours=4),
                kind="urge",
                demand="首次联系时限将到，请尽快办理。",
                deadline=deadline,
            )
            continue
        given = {
            "result": "查明循环泵损坏，已更换。",
            "waived": "井坪镇当天到场，情况已写进结果。",
            "outcome": "fulfilled",
            "reply": "您反映的暖气不热，原因是循环泵损坏，已于今天更换，室温恢复到二十度。",
        }
        d.move(case, "resolve", "handler", at + timedelta(days=3), **given)
        if name == "supervision":
            continue
        d.move(case, "approve", "supervisor", at + timedelta(days=3, hours=2))
        d.record(case, "rate", "resident", at + timedelta(days=3, hours=4), satisfaction=5, resolved=True)
        d.move(
            case, "confirm", "follow_up", at + timedelta(days=3, hours=6), satisfaction=5, resolved=True, contacted=True
        )
    return found


WHO = {
    "registered": "clerk",
    "dispatched": "handler",
    "handling": "handler",
    "supervision": "supervisor",
    "closed": "dispatcher",
}


@pytest.mark.parametrize(
    ("look", "screen"),
    [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("dark", "phone"), ("elder", "desk"), ("elder", "phone")],
)
def test_five_statuses_for_the_role_whose_turn_it_is(
    town: Town, matters: dict[str, Case], look: str, screen: str
) -> None:
    found = {}
    pages = {who: town.enter(who) for who in set(WHO.values())}
    for name, case in matters.items():
        page = pages[WHO[name]]
        page.goto(f"/cases/{case.number}/")
        if wrong := checked(town, page, f"case-{name}", look, screen):
            found[name] = wrong
    page = pages["handler"]
    page.goto(f"/cases/{matters['handling'].number}/")
    open_move(page, "办结上报")
    expect(page.locator("#resolve-result")).to_be_focused()  # the script's doing; what is filled before goes astray
    page.fill("#resolve-reply", "您反映的暖气不热已经修好，原因是循环泵损坏。")
    page.get_by_role("button", name="看居民会读到什么").click()
    expect(page.locator(".foreseen")).to_be_visible()
    if wrong := checked(town, page, "case-foreseen", look, screen):
        found["foreseen"] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_the_paper_is_a4_with_pages_of_pages_and_nobody_named(town: Town, matters: dict[str, Case]) -> None:
    page = town.enter("handler")
    page.goto(f"/cases/{matters['closed'].number}/print/")
    assert [secret in page.content() for secret in ("13812341234", "张三")] == [False, False]
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    if SHOTS:
        (Path(SHOTS) / "case-print.pdf").write_bytes(pdf)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 794, "height": 1123})
        page.screenshot(path=str(Path(SHOTS) / "case-print.png"), full_page=True)
    boxes = {tuple(round(float(edge)) for edge in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)}
    assert boxes == {(0, 0, 595, 842)}
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) in (2, 3)  # a long history goes on to the next sheet, not to ten
    town.leave()


def test_on_a_phone_the_story_comes_first_and_the_expected_move_is_within_reach(
    town: Town, matters: dict[str, Case]
) -> None:
    page = town.enter("handler", viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(f"/cases/{matters['dispatched'].number}/")

    def top(selector: str) -> float:
        box = page.locator(selector).first.bounding_box()
        assert box
        return float(box["y"])

    order = [
        top(one)
        for one in (".case-head", ".dossier__story", ".dossier__moves", ".dossier__people", "#history", "#records")
    ]
    assert order == sorted(order)
    bar = page.locator("#bar").bounding_box()
    dock = page.locator(".dock").bounding_box()
    assert bar and dock
    assert (abs(bar["y"] + bar["height"] - dock["y"]) <= 1, bar["y"] > 844 * 0.75) == (True, True)
    heights = [box["height"] for one in page.locator("#bar .btn").all() if (box := one.bounding_box())]
    assert min(heights) >= 44
    page.locator("#bar").get_by_role("link", name="签收").tap()
    expect(page.locator("#move-sign.move[open]")).to_be_visible()
    expect(page.locator("#bar")).to_be_hidden()
    page.locator("#move-sign").get_by_role("button", name="签收", exact=True).tap()
    expect(page.locator(".say--done")).to_contain_text("已签收，请于")
    town.leave()


def files(*rows: tuple[str, str, bytes]) -> list[Any]:
    return [{"name": name, "mimeType": mime, "buffer": data} for name, mime, data in rows]


def test_several_files_are_sent_in_place_and_an_open_form_is_not_lost(town: Town, matters: dict[str, Case]) -> None:
    case = matters["handling"]
    page = town.enter("handler")
    page.goto(f"/cases/{case.number}/")
    open_move(page, "办结上报")
    page.fill("#resolve-result", "已换泵")
    page.locator("#resolve-outcome").get_by_label("化解成功（已履行）").check()
    page.fill("#resolve-reply", "已恢复供热。")
    page.fill("[name=waived]", "井坪镇已到场，意见已写进答复。")
    page.locator(".uploader__way:not(.uploader__way--camera) input").set_input_files(
        files(
            ("现场一.jpg", "image/jpeg", photo()),
            ("现场二.png", "image/png", photo("PNG")),
            ("压缩包.zip", "application/zip", b"PK\x03\x04nothing"),
        )
    )
    expect(page.locator("#files-list .file--refused")).to_contain_text("不支持压缩包")
    expect(page.locator("#files-list .file a img")).to_have_count(2)
    assert case.events.filter(kind="attach").count() == 2
    # The form that was open saw two records of this page's own; nobody else wrote, so it goes through.
    page.locator("#move-resolve").get_by_role("button", name="办结上报", exact=True).click()
    expect(page.locator(".say--done")).to_contain_text("已办结上报，请督办员于")
    small = page.locator("#files-list img").first
    small.scroll_into_view_if_needed()  # it is fetched when it comes into sight
    expect(small).to_have_js_property("naturalWidth", 240)
    town.leave()


def test_the_filter_changes_the_history_alone_and_what_is_typed_stays(town: Town) -> None:
    case = town.district.register(description="路灯不亮，请修。", now=timezone.now())
    page = town.enter("clerk")
    page.goto(f"/cases/{case.number}/")
    open_move(page, "受理")
    page.locator(".move__folded > summary").click()
    page.fill("#accept-note", "门卫也来过")
    page.get_by_role("link", name="只看居民可见").click()
    expect(page.get_by_role("link", name="看全部")).to_be_visible()
    expect(page.locator("#accept-note")).to_have_value("门卫也来过")
    town.leave()


def test_the_case_page_works_without_scripts(town: Town) -> None:
    case = town.district.register(description="单元门坏了，请修。", now=timezone.now())
    page = town.enter("clerk", java_script_enabled=False)
    page.goto(f"/cases/{case.number}/")
    page.get_by_role("link", name="只看居民可见").click()
    expect(page.locator("#history")).to_contain_text("已登记")
    page.locator(".reveal summary", has_text="查看联系方式").click()
    page.select_option("#parties [name=reason]", label="电话回访")
    page.locator("#parties").get_by_role("button", name="查看").click()
    expect(page.locator("#parties")).to_contain_text("13812341234")
    page.goto(f"/cases/{case.number}/")
    page.locator(".uploader__way:not(.uploader__way--camera) input").set_input_files(
        files(("现场.jpg", "image/jpeg", photo()))
    )
    page.get_by_role("button", name="上传").click()
    expect(page.locator("#files-list")).to_contain_text("现场.jpg")
    page.get_by_role("button", name="一次性告知补正").click()
    page.fill("#request_material-missing", "物业合同")
    page.get_by_role("button", name="看居民会读到什么").click()
    expect(page.locator(".foreseen")).to_contain_text("物业合同")
    expect(page.locator("#request_material-missing")).to_have_value("物业合同")
    page.get_by_role("button", name="一次性告知补正").click()
    expect(page.locator(".say--done")).to_contain_text("已一次性告知补正，受理期限暂停")
    resident = town.visitor(java_script_enabled=False)
    assert reads(resident, case.number, query_code(case.number, 1)) == "需要补充材料"
    town.leave()


def test_the_keyboard_reaches_the_next_step_before_everything_else(town: Town, matters: dict[str, Case]) -> None:
    page = town.enter("supervisor")
    page.goto(f"/cases/{matters['supervision'].number}/")
    page.get_by_role("link", name="跳到下一步").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#move-approve a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#move-approve.move[open]")).to_be_visible()
    expect(page.locator("#move-approve :focus")).to_have_count(1)  # a moment after it opened, on a slow machine
    town.leave()


@pytest.mark.parametrize("name", ["registered", "handling"])
def test_at_twice_the_size_nothing_is_wider_than_the_window(town: Town, matters: dict[str, Case], name: str) -> None:
    page = town.enter(WHO[name], viewport={"width": 683, "height": 384})
    page.goto(f"/cases/{matters[name].number}/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    town.leave()
