"""通知设置, 群机器人 and 发送记录 in Chromium: no rule of accessibility broken, nothing wider than the screen, chosen by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from accounts import notices
from accounts.choices import Role, UnitKind
from accounts.models import Delivery, GroupChannel, NoticeSetting, User
from tests.cases.cast import at
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


#: What stands in the head or in a list and is not wholly inside the screen.
CUT_OFF = """() => {
  const head = document.querySelector('#header')?.getBoundingClientRect();
  const inside = (box) => box.right <= innerWidth + 1 && box.width > 0;
  const cells = [...document.querySelectorAll('#result_list tbody :is(td, th)')].filter(one => one.textContent.trim());
  const ways = [...document.querySelectorAll('#user-tools :is(a, button)')];
  return [
    ...cells.filter(one => !inside(one.getBoundingClientRect())),
    ...ways.filter(one => one.getBoundingClientRect().bottom > head.bottom + 1),
  ].map(one => one.textContent.trim());
}"""


@pytest.fixture
def page(town: Town) -> Iterator[Page]:
    """老李's browser."""
    yield town.enter("handler")
    town.leave()
    assert town.troubles == []


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_the_settings_page_is_readable_in_every_look(town: Town, page: Page, look: str, screen: str) -> None:
    page.goto("/notices/settings/")
    assert checked(town, page, "notice-settings", look, screen) == []


def test_a_choice_is_made_by_keyboard_kept_and_a_mistake_is_told_at_its_field(town: Town, page: Page) -> None:
    page.goto("/")
    page.get_by_text("打开个人菜单").locator("..").click()
    page.get_by_role("link", name="通知设置").click()
    page.wait_for_url("**/notices/settings/")
    page.get_by_label("接收邮箱").fill("laoli")
    page.get_by_role("button", name="保存设置").press("Enter")
    page.get_by_text("邮箱写得不对").wait_for()
    page.get_by_label("接收邮箱").fill("laoli@example.invalid")
    overdue = page.get_by_role("group", name="超时")
    overdue.get_by_label("每天汇总").press("Space")
    overdue.get_by_label("短信").press("Space")
    page.get_by_role("button", name="保存设置").press("Enter")
    page.get_by_text("通知设置已保存").wait_for()
    kept = NoticeSetting.objects.get(user__username="handler")
    assert (kept.email, kept.kinds["overdue"]) == (
        "laoli@example.invalid",
        {"pace": "digest", "channels": ["email"]},
    )


def test_the_administrator_s_pages_open_and_fit_the_screen(town: Town, settings: Settings) -> None:
    settings.SMS_URL = "https://sms.example/"
    d = town.district
    d.unit("it", "信息中心", UnitKind.DEPARTMENT)
    d.person("sysadmin", "系统管理员小武", Role.SYSTEM_ADMIN, "it")
    d.people["sysadmin"].set_password(PASSWORD)
    d.people["sysadmin"].save()
    User.objects.filter(username="handler").update(phone="13900000001")
    sealed = {"url": "https://oapi.dingtalk.com/robot/send?access_token=x", "secret": "y"}
    GroupChannel.objects.create(name="住建局值班群", kind="dingtalk", sealed=sealed, unit=d.units["housing"])
    for number in range(6):
        number_of_case = f"2611231000001{number}"
        notices.notify(
            [d.people["handler"].pk], f"s{number}", "甲", case_number=number_of_case, kind="overdue", now=at(23, 9)
        )
    Delivery.objects.filter(case_number__endswith="2").update(state="given_up", attempts=10, answer="HTTP 500")
    Delivery.objects.filter(case_number__endswith="3").update(
        state="sent", attempts=1, answer="HTTP 200", sent_at=at(23, 9)
    )
    page = town.enter("sysadmin")
    english = {}
    for name, address in (
        ("desk-admin", "/"),
        ("groups", "/admin/accounts/groupchannel/"),
        ("group", f"/admin/accounts/groupchannel/{GroupChannel.objects.get().pk}/change/"),
        ("records", "/admin/accounts/delivery/"),
        ("record", f"/admin/accounts/delivery/{Delivery.objects.all()[0].pk}/change/"),
    ):
        page.goto(address)
        for screen in ("desk", "phone"):
            english[f"{name} {screen}"] = [
                word for word in checked(town, page, name, "light", screen) if isinstance(word, str) and "wider" in word
            ]
            cut = page.evaluate(CUT_OFF)
            assert cut == [], (name, screen)
    assert {name: wrong for name, wrong in english.items() if wrong} == {}
    town.leave()
