"""The pages of 剔除 and the unit table in Chromium: accessible in light, dark and 长辈版, no wider than the screen, no English; a
unit asks on a phone, the centre decides at a desk. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from cases.models import RankingExclusion
from cases.ranking import services
from tests.cases.cast import District
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked
from tests.ranking.conftest import NO, RESOLVED, WORDS, YES, with_deciders

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


def matter(d: District, *, is_late: bool = True) -> str:
    """One that the department closed, a month after it came in or at once; its number."""
    begun = timezone.now() - timedelta(days=28)
    case = d.register(now=begun)
    d.move(case, "accept", "clerk", begun, category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", begun, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", begun)
    done = begun + timedelta(days=24) if is_late else begun
    d.move(case, "resolve", "handler", done, **RESOLVED)
    d.move(case, "approve", "supervisor", done)
    d.move(case, "confirm", "follow_up", done, satisfaction=4, resolved=True, contacted=True)
    return case.number


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, str]:
    """Eleven in time and four late ones: one to ask about, one asked, one left out, one refused; their addresses."""
    d, now = with_deciders(town.district), timezone.now()
    encoded = make_password(PASSWORD)
    User.objects.filter(is_service=False).update(password=encoded, must_change_password=False)
    for _one in range(11):
        matter(d, is_late=False)
    numbers = [matter(d) for _one in range(4)]
    rows = [services.ask(d.actor("handler", now), number, WORDS, now=now)[0] for number in numbers[1:]]
    services.decide(d.actor("supervisor2", now), rows[1].pk, YES, now=now)
    services.decide(d.actor("centre_lead", now), rows[2].pk, NO, now=now)
    return {
        "case": f"/cases/{numbers[0]}/",
        "new": f"/board/exclusions/new/{numbers[0]}/",
        "open": f"/board/exclusions/{rows[0].pk}/",
        "granted": f"/board/exclusions/{rows[1].pk}/",
        "refused": f"/board/exclusions/{rows[2].pk}/",
    }


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, held: dict[str, str], look: str, screen: str
) -> None:
    handler, second, other = (town.enter(name) for name in ("handler", "supervisor2", "heating_man"))
    days = f"period=custom&from={timezone.now() - timedelta(days=40):%Y-%m-%d}&to={timezone.now() + timedelta(days=1):%Y-%m-%d}"
    pages = {
        "table": (second, f"/board/?part=units&{days}"),
        "list": (second, "/board/exclusions/?tab=all"),
        "list-none": (other, "/board/exclusions/"),
        "decide": (second, held["open"]),
        "revoke": (second, held["granted"]),
        "refused": (handler, held["refused"]),
        "new": (handler, held["new"]),
        "case": (handler, held["case"]),
    }
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if wrong := checked(town, page, f"exclusion-{name}", look, screen):
            found[name] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_a_unit_asks_on_a_phone_and_the_centre_decides(town: Town, held: dict[str, str]) -> None:
    page = town.enter("handler", viewport={"width": 390, "height": 844})
    page.goto(held["case"])
    page.get_by_role("link", name="申请剔除").click()
    page.get_by_label("按期办结率").check()
    page.get_by_label("不可抗力").check()
    page.get_by_role("button", name="提出申请").click()
    expect(page.get_by_text("请写明经过：发生了什么，为什么不应当计入本单位。")).to_be_visible(timeout=20_000)
    page.get_by_label("理由").fill("大雪封路，镇政府有通告。")
    page.get_by_role("button", name="提出申请").click()
    expect(page.get_by_text("申请已提出，由没有经办的督办员或中心负责人决定，结果会通知您。")).to_be_visible(
        timeout=20_000
    )
    row = RankingExclusion.objects.get(words="大雪封路，镇政府有通告。")
    desk = town.enter("supervisor2", viewport={"width": 1366, "height": 900})
    desk.goto("/board/?part=units")
    desk.get_by_role("link", name="剔除申请").first.click()
    desk.locator(f"a[href='/board/exclusions/{row.pk}/']").click()
    desk.get_by_label("同意剔除").check()
    desk.get_by_label("决定的理由").fill("通告属实。")
    desk.get_by_role("button", name="记下决定").click()
    expect(desk.get_by_text("决定已记下，申请单位会收到通知。")).to_be_visible(timeout=20_000)
    row.refresh_from_db()
    assert row.stage == "granted"
    town.leave()
