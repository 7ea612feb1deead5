"""The follow-up in Chromium: two calls with the keyboard, no rule of accessibility broken, nothing wider than the screen.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.choices import Role
from accounts.models import User
from cases.models import Case, LookBack, Rectification
from governance_portal.lib.numbers import query_code
from tests.following_up.conftest import RESOLVED
from tests.pages.conftest import Town, migrated, town  # noqa: F401
from tests.pages.test_browser_looks import checked

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
LOOKS = [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]


def made(d: Any, now: Any, **given: Any) -> Case:
    level = given.pop("level", "general")
    category = {"dispute": "0101"}.get(given.get("kind", ""), "A0102")
    case = d.register(now=now, **given)
    d.move(case, "accept", "clerk", now, category=category, level=level)
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", now)
    d.move(case, "resolve", "handler", now, **RESOLVED)
    d.move(case, "approve", "supervisor", now)
    case.refresh_from_db()
    return case


@pytest.fixture(scope="module")
def desk(town: Town) -> dict[str, Case]:  # noqa: F811
    """One of each that the desk knows."""
    d, now = town.district, timezone.now()
    d.person("follow_up2", "小何", Role.FOLLOW_UP_OFFICER, "centre")
    password = User.objects.get(username="follow_up").password
    User.objects.filter(username="follow_up2").update(password=password, must_change_password=False)
    ago = now - timedelta(days=2)
    urgent = made(d, ago, level="urgent", visitor_count=6, description="三号楼全楼停暖，老人孩子受冻，请求马上恢复。")
    d.record(urgent, "order", "supervisor", ago, kind="letter", demand="请三日内恢复", deadline=now + timedelta(days=3))
    unhappy = made(d, ago, description="小区大门口路灯不亮，晚上出行不便，请求修复。")
    d.record(unhappy, "rate", "resident", now, satisfaction=1, resolved=False, comment="只修了一盏")
    plain = made(d, now, description="楼道堆放杂物，物业一直不清理。")
    missed = made(d, ago, description="自来水压力不足，高层用水困难。")
    d.record(missed, "contact", "follow_up", ago, way="phone", reached=False)
    again = made(d, ago, description="垃圾清运不及时，气味很大。")
    d.move(again, "redo", "follow_up", ago, note="仍不及时")
    d.move(again, "resolve", "handler", now, **RESOLVED)
    d.move(again, "approve", "supervisor", now)
    d.record(again, "ask_redo", "follow_up", now, wanted="要求每天清运两次，并公示清运时间。", unhappy="1")
    dispute = made(d, ago, kind="dispute", description="邻居两家因滴水檐多次争执。")
    d.move(dispute, "confirm", "follow_up", ago, satisfaction=2, resolved=False, contacted=True)
    LookBack.objects.filter(case=dispute).update(due_on=now.date())
    return {"urgent": urgent, "unhappy": unhappy, "plain": plain, "missed": missed, "again": again, "dispute": dispute}


def test_the_pages_look_right_in_every_light_and_width(town: Town, desk: dict[str, Case]) -> None:  # noqa: F811
    page = town.enter("follow_up")
    page.goto(f"/follow-up/{desk['urgent'].number}/")
    page.get_by_role("button", name="开始回访").click()
    rating, look = Rectification.objects.get(case=desk["dispute"]), LookBack.objects.get(case=desk["dispute"])
    pages = {
        "desk": "/follow-up/",
        "redo": "/follow-up/?tab=redo",
        "bad": "/follow-up/?tab=bad",
        "back": "/follow-up/?tab=back",
        "unrated": "/follow-up/?tab=unrated",
        "call": f"/follow-up/{desk['urgent'].number}/",
        "uncalled": f"/follow-up/{desk['plain'].number}/",
        "rating": f"/follow-up/ratings/{rating.pk}/",
        "look": f"/follow-up/look-back/{look.pk}/",
        "record": f"/follow-up/{desk['dispute'].number}/record/",
        "answer": f"/follow-up/{desk['plain'].number}/answer/",
    }
    wrong: dict[str, Any] = {}
    for name, address in pages.items():
        for look_, screen in LOOKS:
            if name in ("record", "answer") and look_ != "light":
                continue
            page.goto(address)
            if found := checked(town, page, f"follow-{name}", look_, screen):
                wrong[f"{name} {look_} {screen}"] = found
    assert wrong == {}
    assert town.troubles == []


def test_two_calls_by_keyboard_one_missed_one_answered_and_the_other_officer_sees_who_is_on_the_phone(
    town: Town,  # noqa: F811
    desk: dict[str, Case],
) -> None:
    page, other = town.enter("follow_up"), town.enter("follow_up2")
    page.goto("/follow-up/")
    page.locator("#begin").click()
    expect(page.get_by_role("heading", name="回访：")).to_be_visible()
    first = page.url.rstrip("/").rsplit("/", 1)[-1]
    other.goto("/follow-up/")
    expect(other.locator(".callrow__busy")).to_contain_text("小陈正在回访")
    page.get_by_role("button", name="下个工作日 9:30 再打").click()
    page.wait_for_url(lambda url: first not in url)
    second = page.url.rstrip("/").rsplit("/", 1)[-1]
    page.locator("#answers").get_by_label("是").nth(0).check()
    page.locator("#q-resolved").get_by_label("是").check()
    page.keyboard.press("2")
    expect(page.locator("#again")).to_have_attribute("open", "")
    page.keyboard.press("4")
    assert page.locator("[name=satisfaction]:checked").get_attribute("value") == "4"
    page.get_by_role("button", name="回访办结，打下一个").click()
    page.wait_for_url(lambda url: second not in url)
    cases = {case.number: case for case in Case.objects.filter(number__in=[first, second])}
    assert (cases[first].status, cases[second].status, cases[second].satisfaction) == ("follow_up", "closed", 4)
    assert town.troubles == []


def test_the_box_for_why_opens_when_a_resident_is_unhappy(town: Town, desk: dict[str, Case]) -> None:  # noqa: F811
    case = desk["missed"]
    page = town.visitor(viewport={"width": 390, "height": 844})
    page.goto("/query/")
    page.fill("#number", case.number)
    page.fill("#query_code", query_code(case.number, case.query_issue))
    page.click("#query-go")
    box = page.locator("[name=comment]")
    expect(box).to_be_hidden()
    page.locator("form[data-rating]").get_by_label("2 不满意").check()
    expect(box).to_be_visible()
    expect(page.get_by_text("哪里不满意？")).to_be_visible()
    page.locator("form[data-rating]").get_by_label("5 非常满意").check()
    expect(box).to_be_hidden()
    assert town.troubles == []
