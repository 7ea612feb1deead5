"""In a real browser: a walk-in goes round by the log-ins its roles ask for; the resident's page is read after each step."""

import re

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from tests.pages.conftest import Town

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


def pick(page: Page, label: str, typed: str) -> None:
    """Choose from a typed search: the first that fits.

    The bare select is a combobox too, for the instant before the script takes its place: wait for the input.
    """
    box = page.get_by_role("combobox", name=re.compile(f"^{label}")).and_(page.locator("input"))
    box.click()
    box.fill(typed)
    page.locator(".picker__list:not([hidden]) [role=option]", has_text=typed).first.click()


def open_move(page: Page, label: str) -> None:
    """Open a move in place."""
    page.locator(".move-slot").get_by_role("button", name=label, exact=True).click()
    expect(page.locator("details.move[open]")).to_be_visible()


def press(page: Page, label: str) -> None:
    """Send the open form and wait for the page that tells what happened."""
    page.locator("details.move[open]").get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".say--done")).to_be_visible()


def reads(page: Page, number: str, code: str) -> str:
    """What the resident reads now."""
    page.goto("/query/")
    page.fill("#number", number)
    page.fill("#query_code", code)
    page.click("#query-go")
    return page.locator("#now-title").inner_text()


def test_a_walk_in_goes_out_closed(town: Town) -> None:
    desks = {
        who: town.enter(who) for who in ("clerk", "dispatcher", "handler", "supervisor", "follow_up", "handler_other")
    }
    resident, clerk = town.visitor(), desks["clerk"]
    clerk.goto("/cases/new/")
    clerk.get_by_label("民生诉求").check()
    clerk.fill("#description", "胜利社区三号楼暖气不热，已有一周。请求尽快维修。")
    clerk.fill("#reporter-0-name", "张三")
    clerk.fill("#reporter-0-phone", "13812341234")
    pick(clerk, "社区或网格", "胜利社区第一网格")
    clerk.fill("#place-address", "三号楼二单元")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/receipt/?new=1")
    number, code = (
        re.sub(r"\D", "", text)
        for text in clerk.locator(".paper__part").first.locator(".paper__number").all_inner_texts()
    )
    case = Case.objects.get(number=number)
    assert (case.grid_code, len(code)) == ("140603100001001", 10)
    assert clerk.evaluate("Object.values(localStorage).join()").find("13812341234") == -1
    assert reads(resident, number, code) == "已登记，等待受理"

    page = f"/cases/{number}/"
    clerk.goto(page)
    open_move(clerk, "受理")
    pick(clerk, "类别", "供热")
    clerk.get_by_label("一般（蓝）").check()
    press(clerk, "受理")
    assert reads(resident, number, code) == "已受理，正在安排办理单位"

    dispatcher, handler = desks["dispatcher"], desks["handler"]
    dispatcher.goto("/cases/")
    dispatcher.get_by_role("link", name=re.compile("三号楼暖气不热")).click()
    open_move(dispatcher, "分流")
    pick(dispatcher, "主办单位", "住房")
    dispatcher.get_by_label("转送").check()
    press(dispatcher, "分流")
    assert reads(resident, number, code) == "已转交 区住房和城乡建设局"

    handler.goto(page)
    open_move(handler, "退回")
    handler.get_by_label("非本单位职责").check()
    handler.fill("#return-basis", "供热归区供热服务站")
    handler.locator("details.move[open]").get_by_role("button", name="退回", exact=True).click()
    expect(handler.locator(".say--done")).to_be_visible()
    assert reads(resident, number, code) == "正在协调办理单位"

    dispatcher.goto(page)
    open_move(dispatcher, "不同意退回")
    dispatcher.fill("#insist-note", "职责清单第三条")
    press(dispatcher, "不同意退回")
    handler.goto(page)
    open_move(handler, "签收")
    press(handler, "签收")
    assert reads(resident, number, code) == "区住房和城乡建设局 正在办理"

    open_move(handler, "办结上报")
    handler.fill("#resolve-result", "更换循环泵，当日恢复。")
    handler.get_by_label("化解成功（已履行）").check()
    handler.fill("#resolve-reply", "暖气已恢复供热。")
    press(handler, "办结上报")
    assert reads(resident, number, code) == "办理结果审核中"

    desks["supervisor"].goto(page)
    open_move(desks["supervisor"], "审核通过")
    press(desks["supervisor"], "审核通过")
    assert reads(resident, number, code) == "已答复，等待您评价"
    assert resident.locator(".words--public").inner_text().endswith("暖气已恢复供热。")
    assert "循环泵" not in resident.content()

    caller = desks["follow_up"]
    caller.goto(page)
    open_move(caller, "回访办结")
    caller.get_by_label("5 非常满意").check()
    caller.locator("#confirm-resolved").get_by_label("是").check()
    caller.locator("#confirm-contacted").get_by_label("是").check()
    press(caller, "回访办结")
    assert reads(resident, number, code) == "已办结"

    stranger = desks["handler_other"]
    assert stranger.goto(page).status == 404  # type: ignore[union-attr]
    expect(stranger.get_by_role("heading", name="没有找到")).to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.outcome, town.troubles) == ("closed", "fulfilled", [])


def test_the_second_to_press_reads_who_was_first_and_keeps_what_was_typed(town: Town) -> None:
    case = town.district.register(description="单元门坏了，请修。")
    first, second = town.enter("clerk"), town.enter("clerk")
    for page in (first, second):
        page.goto(f"/cases/{case.number}/")
        open_move(page, "受理")
        pick(page, "类别", "供热")
        page.get_by_label("一般（蓝）").check()
    second.locator(".move__folded > summary").click()
    second.fill("#accept-note", "一楼住户也来过")
    press(first, "受理")
    second.locator("details.move[open]").get_by_role("button", name="受理", exact=True).click()
    told = second.locator(".move .say--mend")
    expect(told).to_contain_text("您的操作未生效")
    expect(told.get_by_role("link", name="查看最新情况")).to_be_visible()
    expect(second.locator("#accept-note")).to_have_value("一楼住户也来过")


@pytest.mark.behaviour(24)
def test_a_half_written_intake_survives_a_closed_browser(town: Town) -> None:
    page = town.enter("clerk")
    page.goto("/cases/new/")
    page.fill("#description", "井盖坏了")
    page.fill("#reporter-0-name", "李四")
    page.fill("#reporter-0-phone", "13812341234")
    expect(page.locator("[data-saved]")).to_be_visible()
    kept = page.evaluate("Object.values(localStorage).join()")
    town.leave()
    again = town.enter("clerk")
    again.goto("/cases/new/")
    expect(again.locator("#reporter-0-name")).to_have_value("")  # nobody's data comes up unasked
    again.get_by_role("link", name=re.compile("井盖坏了")).click()
    expect(again.locator("#description")).to_have_value("井盖坏了")
    expect(again.locator("#reporter-0-phone")).to_have_value("13812341234")
    assert ("李四" in kept, "13812341234" in kept) == (False, False)


def test_a_lost_network_loses_nothing_and_never_takes_the_focus(town: Town) -> None:
    page = town.enter("clerk")
    page.goto("/cases/new/")
    page.context.set_offline(True)
    page.fill("#reporter-0-name", "李四")
    page.fill("#description", "路灯不亮，")
    page.locator("#description").focus()
    expect(page.locator(".draft")).to_contain_text("网络不通")
    page.keyboard.press("End")
    page.keyboard.type("晚上看不见")
    expect(page.locator("#description")).to_have_value("路灯不亮，晚上看不见")
    kept = "() => (localStorage.getItem('intake:clerk') || '').indexOf('晚上看不见') >= 0"
    page.wait_for_function(kept)
    assert "李四" not in page.evaluate("localStorage.getItem('intake:clerk')")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_be_visible()
    page.reload()
    expect(page.locator("#reporter-0-name")).to_have_value("李四")
    expect(page.locator("#description")).to_have_value("路灯不亮，晚上看不见")
    assert page.evaluate("localStorage.getItem('intake:clerk')") is None


def test_the_code_on_the_receipt_fills_the_look_up_and_leaves_the_address(town: Town) -> None:
    page = town.visitor()
    page.goto("/query/#n=26112310000017&c=1234567890")
    expect(page.locator("#number")).to_have_value("26112310000017")
    expect(page.locator("#query_code")).to_have_value("1234567890")
    assert page.url.endswith("/query/")
    page.click("#query-go")
    expect(page.get_by_role("alert")).to_contain_text("编号和查询码对不上")


def test_the_look_up_works_without_scripts(town: Town) -> None:
    case = town.district.register()
    from governance_portal.lib.numbers import format_code, query_code

    page = town.visitor(java_script_enabled=False)
    assert reads(page, case.number, format_code(query_code(case.number, 1))) == "已登记，等待受理"


def test_a_move_can_be_made_by_keyboard_alone_and_without_scripts(town: Town) -> None:
    case = town.district.register(description="路灯不亮，请修。")
    page = town.enter("clerk")
    page.goto(f"/cases/{case.number}/")
    page.get_by_role("button", name="受理", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#accept-category-typed")).to_be_focused()
    page.keyboard.type("供热")
    expect(page.locator(".picker__list:not([hidden]) [role=option]").first).to_contain_text("供热")
    page.keyboard.press("Enter")
    page.get_by_label("一般（蓝）").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".say--done")).to_contain_text("已受理")

    plain = town.enter("dispatcher", java_script_enabled=False)
    plain.goto(f"/cases/{case.number}/")
    plain.get_by_role("button", name="分流", exact=True).click()
    plain.select_option("[name=lead_unit]", "housing")
    plain.get_by_label("转送").check()
    plain.get_by_role("button", name="分流", exact=True).click()
    expect(plain.locator(".say--done")).to_contain_text("已分流至区住房和城乡建设局")
