"""In a real browser: the work list by keyboard alone, in bulk, with views of one's own, on a phone, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, SavedView
from tests.cases.cast import District
from tests.pages.conftest import Town

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


def accepted(district: District, *stories: str) -> list[Case]:
    cases = [district.register(description=story) for story in stories]
    for case in cases:
        district.move(case, "accept", "clerk", category="A0102", level="general")
    return cases


def pick(page: Page, label: str, typed: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"^{label}")).and_(page.locator("input"))
    box.click()
    box.fill(typed)
    page.locator(".picker__list:not([hidden]) [role=option]", has_text=typed).first.click()


def test_the_list_is_walked_marked_and_opened_by_keyboard_alone(town: Town) -> None:
    accepted(town.district, "一号楼漏水，请修。", "二号楼漏水，请修。", "三号楼漏水，请修。")
    page = town.enter("dispatcher")
    page.goto("/cases/?tab=mine&sort=oldest")
    rows = page.locator("a[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(rows.nth(1)).to_be_focused()
    expect(page.get_by_role("checkbox", name=re.compile("二号楼"))).to_be_checked()
    expect(page.locator("#bulk-count")).to_have_text("已选 1 件")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("已选 2 件")
    outline = rows.nth(0).evaluate("link => getComputedStyle(link).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("选中或取消这一件")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jx")  # letters typed into a field are letters
    expect(page.locator("#bulk-count")).to_have_text("已选 2 件")
    rows.nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d{14}/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("三号楼")
    page.keyboard.press("k")
    page.wait_for_url(re.compile(r"list="))
    expect(page.get_by_role("heading", level=1)).to_contain_text("二号楼")
    assert town.troubles == []


def test_single_keys_can_be_switched_off(town: Town) -> None:
    accepted(town.district, "四号楼漏水，请修。")
    page = town.enter("dispatcher")
    page.goto("/cases/?tab=all")
    page.keyboard.press("?")
    page.get_by_role("button", name="关闭单键操作").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.hasAttribute('data-row')") is False


def test_n_opens_the_intake_where_somebody_registers(town: Town) -> None:
    page = town.enter("clerk")
    page.goto("/cases/?tab=all")
    page.keyboard.press("n")
    page.wait_for_url("**/cases/new/")


def test_marked_rows_are_dispatched_in_one_form_and_each_outcome_is_told(town: Town) -> None:
    cases = accepted(town.district, "五号楼没有水，请修。", "六号楼没有水，请修。", "七号楼没有水，请修。")
    page = town.enter("dispatcher")
    page.goto("/cases/?tab=mine&q=没有水")
    page.get_by_role("checkbox", name="全选本页").check()
    bar = page.locator("#bulk-ways")
    expect(bar.get_by_role("button", name=re.compile("^分流"))).to_contain_text("3 件")
    bar.get_by_role("button", name=re.compile("^分流")).click()
    pick(page, "主办单位", "住房")
    page.get_by_label("转送").check()
    # A colleague is faster with the last one.
    town.district.move(cases[2], "dispatch", "dispatcher", lead_unit="heating", mode="forward")
    page.get_by_role("button", name="分流 3 件").click()
    expect(page.get_by_role("heading", name="已分流 2 件")).to_be_visible()
    refused = page.locator(".bulk-refused")
    expect(refused).to_contain_text("您的操作未生效")
    refused.get_by_role("link", name="查看最新情况").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("七号楼")
    assert [Case.objects.get(pk=case.pk).lead_unit.code for case in cases] == ["housing", "housing", "heating"]  # type: ignore[union-attr]


def test_the_same_works_without_scripts(town: Town) -> None:
    cases = accepted(town.district, "八号楼没有电，请修。", "九号楼没有电，请修。")
    page = town.enter("dispatcher", java_script_enabled=False)
    page.goto("/cases/?tab=mine&sort=newest")
    for story in ("八号楼", "九号楼"):
        page.get_by_role("checkbox", name=re.compile(story)).check()
    page.get_by_role("button", name="办理选中的事项").click()
    page.get_by_role("button", name="分流", exact=True).click()
    page.select_option("[name=lead_unit]", "housing")
    page.get_by_label("转送").check()
    page.get_by_role("button", name="分流 2 件").click()
    expect(page.get_by_role("heading", name="已分流 2 件")).to_be_visible()
    assert {Case.objects.get(pk=case.pk).status for case in cases} == {"dispatched"}
    page.goto("/cases/?tab=all")
    page.get_by_role("link", name="筛选").click()
    page.get_by_text("状态", exact=True).click()
    page.get_by_label("待签收").check()
    page.get_by_role("button", name="按条件筛选").click()
    expect(page.locator(".filter")).to_contain_text("待签收")
    page.locator(".filter").click()
    expect(page.locator(".filter")).to_have_count(0)


def test_filters_are_added_in_a_panel_kept_as_a_view_and_opened_from_its_tab(town: Town) -> None:
    accepted(town.district, "十号楼电梯坏了，请修。")
    page = town.enter("supervisor")
    page.goto("/cases/?tab=all")
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="筛选")).to_be_focused()
    page.get_by_text("状态", exact=True).first.click()
    page.locator("#panel").get_by_label("待分流").check()
    page.get_by_role("button", name="按条件筛选").click()
    expect(page.locator(".filter")).to_contain_text("待分流")
    page.get_by_role("link", name="视图").click()
    page.locator("#view-name").fill("还没分流的")
    page.get_by_role("button", name="保存视图").click()
    tab = page.get_by_role("link", name=re.compile("还没分流的"))
    expect(tab).to_have_attribute("aria-current", "page")
    assert SavedView.objects.get(owner__username="supervisor").query == "tab=all&status=accepted"
    page.goto("/cases/")
    page.get_by_role("link", name=re.compile("还没分流的")).click()
    expect(page.locator(".filter")).to_contain_text("待分流")
    page.get_by_role("link", name="视图").click()
    page.get_by_role("button", name=re.compile("^删除")).click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(page.locator(".say--done")).to_contain_text("已删除视图")
    assert town.troubles == []


def test_columns_and_density_are_chosen_in_place_and_kept(town: Town) -> None:
    accepted(town.district, "十一号楼电梯坏了，请修。")
    page = town.enter("supervisor2")
    page.goto("/cases/?tab=all")
    height = "rows => Math.max(...rows.map(row => Math.round(row.getBoundingClientRect().height)))"
    assert page.locator(".worklist tbody tr").evaluate_all(height) <= 41
    page.get_by_role("link", name="列和行距").click()
    page.locator("#panel").get_by_label("来访人").check()
    page.locator("#panel").get_by_label("舒适").check()
    page.get_by_role("button", name="就这样显示").click()
    expect(page.get_by_role("columnheader", name="来访人")).to_be_visible()
    assert page.locator(".worklist tbody tr").evaluate_all(height) >= 56
    expect(page.locator(".worklist tbody tr").first).to_contain_text("张**")
    page.reload()
    expect(page.get_by_role("columnheader", name="来访人")).to_be_visible()


def test_on_a_phone_the_rows_are_cards_that_open_as_a_whole(town: Town) -> None:
    accepted(town.district, "十二号楼电梯坏了，请修。")
    page = town.enter("dispatcher", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("/cases/?tab=all&sort=newest")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    first = page.locator(".worklist tbody tr").first
    assert first.evaluate("row => getComputedStyle(row).display") == "grid"
    box = first.locator(".pick").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    first.locator(".pick").tap()
    expect(page.locator("#bulk-count")).to_have_text("已选 1 件")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="取消选择").tap()
    first.locator(".worklist__due").tap()
    page.wait_for_url(re.compile(r"/cases/\d{14}/"))


def test_two_who_look_at_one_case_see_each_other_without_reloading(town: Town) -> None:
    case = accepted(town.district, "十三号楼电梯坏了，请修。")[0]
    first, second = town.enter("dispatcher"), town.enter("clerk")
    first.goto(f"/cases/{case.number}/")
    first.wait_for_timeout(600)
    second.goto(f"/cases/{case.number}/")
    expect(second.locator(".presence")).to_contain_text("分流员老**也在看这一件")


def test_an_export_is_downloaded_with_the_rows_of_the_list(town: Town) -> None:
    accepted(town.district, "十四号楼电梯坏了，请修。")
    page = town.enter("dispatcher")
    page.goto("/cases/?tab=all&q=十四号楼")
    page.get_by_text("导出", exact=True).first.click()
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV 文本").click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    assert (len(text.splitlines()), "十四号楼" in text) == (2, True)
