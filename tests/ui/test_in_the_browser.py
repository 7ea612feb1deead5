"""The style guide in Chromium: no rule of accessibility broken in any look, and the portal's own behaviours."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from governance_portal.styleguide import SHEETS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

LOOKS = {
    "light": "theme=light",
    "dark": "theme=dark",
    "elder": "theme=light&mode=elder",
    "dark elder": "theme=dark&mode=elder",
}
SCREENS = {"desk": 1366, "phone": 390}
#: Every look and every screen, each with the other's opposite.
SEEN = [("light", "desk"), ("light", "phone"), ("dark", "phone"), ("elder", "phone"), ("dark elder", "desk")]
#: Paper is always light and in one size.
PAPER = ("paper", "letter")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (
    "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))"
)


@pytest.fixture
def sheet(page: Page, live_server: object) -> Callable[..., Page]:
    """Open a sheet of the style guide; errors of scripts and of the content policy fail the test."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)

    def opened(name: str, query: str = "theme=light") -> Page:
        page.goto(f"{live_server.url}/styleguide/{name}/?{query}")  # type: ignore[attr-defined]
        assert troubles == []
        return page

    return opened


@pytest.mark.parametrize(("look", "screen"), SEEN)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    sheet: Callable[..., Page], live_server: object, look: str, screen: str
) -> None:
    found = {}
    for name in SHEETS:
        if name in PAPER and look != "light":
            continue
        page = sheet(name, LOOKS[look])
        page.set_viewport_size({"width": SCREENS[screen], "height": 800})
        page.add_script_tag(url=f"{live_server.url}/static/vendor/axe.min.js")  # type: ignore[attr-defined]
        wrong = page.evaluate(AXE, RULES)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wrong or wider > 0:
            found[name] = (wrong, wider)
    assert found == {}


TARGETS = ".btn, .option, .form-control:not([type=file]), .rail__item, .dock__item, .menu > summary, .move > summary"
SMALL_TARGETS = """([targets, least]) => Array.from(document.querySelectorAll(targets))
  .filter(e => e.offsetParent !== null || getComputedStyle(e).position === 'fixed')
  .filter(e => { const b = e.getBoundingClientRect(); return b.height > 0 && b.height < least; })
  .map(e => e.className + ' ' + e.getBoundingClientRect().height)"""


@pytest.mark.parametrize(("query", "least"), [("theme=light", 44), ("theme=light&mode=elder", 60)])
def test_on_a_phone_every_target_is_large_enough_for_a_finger(
    sheet: Callable[..., Page], query: str, least: int
) -> None:
    found = {}
    for name in ("desk", "list", "case", "intake", "parts", "public", "path", "login"):
        page = sheet(name, query)
        page.set_viewport_size({"width": 390, "height": 800})
        small = page.evaluate(SMALL_TARGETS, [TARGETS, least])
        if small:
            found[name] = small
    assert found == {}


def test_the_list_has_rows_of_40_pixels_at_a_desk(sheet: Callable[..., Page]) -> None:
    page = sheet("list")
    heights = page.eval_on_selector_all(
        ".worklist tbody tr", "rows => rows.map(r => Math.round(r.getBoundingClientRect().height))"
    )
    assert heights == [40] * 8


def test_the_whole_row_opens(sheet: Callable[..., Page]) -> None:
    page = sheet("list")
    page.locator(".worklist tbody tr").nth(1).locator("td").nth(2).click()
    page.wait_for_url("**/styleguide/case/")


def test_the_theme_changes_at_once_and_stays(sheet: Callable[..., Page]) -> None:
    page = sheet("desk", "")
    page.get_by_text("老周").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_elder_edition_is_one_tap_with_and_without_scripts(
    sheet: Callable[..., Page], browser: object, live_server: object
) -> None:
    page = sheet("public", "")
    page.get_by_role("link", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.get_by_role("link", name="标准版")).to_be_visible()
    bare = browser.new_context(java_script_enabled=False).new_page()  # type: ignore[attr-defined]
    bare.goto(f"{live_server.url}/styleguide/public/")  # type: ignore[attr-defined]
    bare.get_by_role("link", name="长辈版").click()
    assert bare.locator("html").get_attribute("data-mode") == "elder"
    bare.context.close()


def test_a_unit_is_found_by_typing_and_chosen_with_the_keyboard(sheet: Callable[..., Page]) -> None:
    page = sheet("parts")
    box = page.get_by_role("combobox", name="主办单位").and_(page.locator("input"))
    box.fill("司法")
    expect(page.get_by_role("option")).to_have_text(["井坪司法所"])
    box.press("Enter")
    expect(box).to_have_value("井坪司法所")
    expect(page.locator("select[name=lead_unit]")).to_have_value("u3")


def test_a_question_in_words_comes_before_what_cannot_be_undone(sheet: Callable[..., Page]) -> None:
    page = sheet("parts")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.get_by_role("button", name="提交", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("提交后来访人会看到答复，不能再改。确定提交吗？")
    dialog.get_by_role("button", name="先不").click()
    expect(dialog).to_have_count(0)
    assert sent == []


def test_a_half_written_form_survives_a_closed_page_but_not_its_phone_number(sheet: Callable[..., Page]) -> None:
    page = sheet("parts")
    page.get_by_label("联系电话").fill("13812341234")
    page.get_by_label("经过和请求").fill("地下室积水三天")
    expect(page.locator(".draft")).to_contain_text("草稿已保存在本机")
    page = sheet("parts")
    expect(page.get_by_label("经过和请求")).to_have_value("地下室积水三天")
    expect(page.get_by_label("联系电话")).to_have_value("")
    expect(page.locator(".draft")).to_contain_text("未提交的内容")
    assert "13812341234" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="清空重填").click()
    expect(page.get_by_label("经过和请求")).to_have_value("")


def test_enter_goes_on_and_ctrl_enter_registers(sheet: Callable[..., Page]) -> None:
    page = sheet("parts")
    page.get_by_label("姓名").press("Enter")
    expect(page.get_by_label("联系电话")).to_be_focused()
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_label("联系电话").press("Control+Enter")


MOVED = "该件 3 分钟前已由井坪司法所签收，您的操作未生效。"


def opened_move(page: Page) -> None:
    page.locator("#move-dispatch > summary").click()
    page.locator("#move-dispatch").get_by_label("备注").fill("请先核实")


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (409, f'<div class="say say--mend">{MOVED}</div>', "text/html", MOVED),
        (409, '{"detail": "老李已签收。"}', "application/problem+json", "老李已签收。"),
        (403, "", "text/html", "您的岗位不能办理这一步，请联系有权限的同事。"),
        (500, "<h1>Server Error</h1>", "text/html", "平台出了故障，没有办成，已自动记录。请稍后再试；着急时请打中心电话。"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_place_and_nothing_typed_goes(
    sheet: Callable[..., Page], status: int, body: str, kind: str, says: str
) -> None:
    page = sheet("case")

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, body=body, content_type=f"{kind}; charset=utf-8")
        else:
            route.continue_()

    page.route("**/styleguide/case/**", answer)
    opened_move(page)
    page.locator("#move-dispatch").get_by_role("button", name="分流").click()
    expect(page.locator("#move-dispatch [data-refusal]")).to_have_text(says)
    expect(page.locator("#move-dispatch").get_by_label("备注")).to_have_value("请先核实")


def test_a_lost_network_is_told_and_the_button_can_be_pressed_again(sheet: Callable[..., Page]) -> None:
    page = sheet("case")
    opened_move(page)
    page.route("**/styleguide/case/**", lambda route: route.abort())
    button = page.locator("#move-dispatch").get_by_role("button", name="分流")
    button.click()
    expect(page.locator("#move-dispatch [data-refusal]")).to_contain_text("网络不通，没有提交成功")
    expect(button).not_to_have_class("is-busy")


def test_an_ended_session_never_puts_the_log_in_page_into_a_card(
    sheet: Callable[..., Page], live_server: object
) -> None:
    page = sheet("case")
    opened_move(page)

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=302, headers={"Location": f"{live_server.url}/login/?next=/"})  # type: ignore[attr-defined]
        else:
            route.continue_()

    page.route("**/styleguide/case/**", answer)
    page.locator("#move-dispatch").get_by_role("button", name="分流").click()
    expect(page.locator("#move-dispatch [data-refusal]")).to_contain_text("登录已过期")
    expect(page.locator("#move-dispatch").get_by_label("备注")).to_have_value("请先核实")


def test_the_keys_are_explained_and_can_be_switched_off(sheet: Callable[..., Page]) -> None:
    page = sheet("list")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("查找")
    page.get_by_role("button", name="关闭单键操作").click()
    page.get_by_role("button", name="知道了").click()
    page.keyboard.press("/")
    expect(page.locator("#search")).not_to_be_focused()
