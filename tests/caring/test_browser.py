"""Visits, help, wishes and councils in Chromium: accessible, no wider than the screen, no English; a visit without scripts.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import expect

from accounts.choices import Role
from accounts.models import User
from cases.caring.referring import open_referral
from cases.caring.samples import Elder, lay_samples
from cases.councils import samples
from cases.councils.samples import Held, Hoped
from cases.models import CarePlan, CareVisit, CouncilMeeting, CouncilTopic, Wish
from tests.cases.cast import COMMUNITY, STREET
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
VISITORS = {"party_head": "郭金柱", "building_head": "孟大爷", "health": "白小娟"}
ELDERS = (
    Elder("李桂英", "13800350101", "胜利社区三号楼二单元 201", (63, 33)),
    Elder("王福贵", "13800350102", "胜利社区三号楼一单元 102", (29,)),
    Elder("刘存柱", "13800350105", "胜利社区七号楼二单元 402", (12,), "refer", "想写一份遗嘱，不知道找谁"),
)
HOPED = (Hoped("三号楼前的路灯晚上不亮", 20, 15), Hoped("健身器材坏了", 45, 20, result="两件都修好了。"))
HELD = (
    Held(
        "三季度居民议事会",
        33,
        "电动车在哪里充电",
        (("residents", 14, "想在车棚装充电桩。"),),
        31,
        "都同意在南车棚装充电桩。",
        (("南车棚装十二个充电口", 45, ""), ("楼道飞线全部撤掉", 20, "全部撤掉了。")),
    ),
    Held("四季度居民议事会", 0, "停车位怎么划"),
)


@pytest.fixture
def _no_limits_left() -> None:
    """The town has a database of its own."""


@pytest.fixture(scope="module")
def laid(town: Town) -> dict[str, str]:
    """Plans, a referral, wishes, councils; their addresses."""
    d, now = town.district, timezone.now()
    d.person("street_lead", "焦镇长", Role.HANDLER, "street", STREET, lead=True)
    d.person("community_lead", "吕书记", Role.HANDLER, "community", COMMUNITY, lead=True)
    User.objects.filter(username__in=("street_lead", "community_lead")).update(
        password=make_password(PASSWORD), must_change_password=False
    )
    worker, lead = d.actor("grid_worker", now), d.actor("community_lead", now)
    lay_samples(worker, COMMUNITY, VISITORS, ELDERS, (), now)
    samples.lay_samples(worker, lead, COMMUNITY, "community/grid_worker", HOPED, HELD, now)
    given: dict[str, Any] = {
        "need": "law",
        "ground": "request",
        "name": "曹玉莲",
        "phone": "13800350111",
        "what": "有人上门要债，想问律师。",
        "officer": "housing/handler",
        "consent": "person",
        "consent_on": timezone.localtime(now).date().isoformat(),
    }
    helped, _fresh = open_referral(worker, given, now=now)
    first, second = CouncilMeeting.objects.order_by("day")
    return {
        "plan": f"/caring/{CarePlan.objects.earliest('pk').uid}/",
        "visit": f"/help/new/?visit={CareVisit.objects.get(found='refer').uid}",
        "help": f"/help/{helped.uid}/",
        "wish": f"/wishes/ledger/{Wish.objects.earliest('pk').pk}/",
        "signed": f"/councils/{first.pk}/",
        "unsigned": f"/councils/{second.pk}/",
        "topic": f"/councils/topics/{CouncilTopic.objects.get(meeting=first).pk}/",
    }


@pytest.mark.parametrize(("look", "screen"), [("light", "desk"), ("dark", "phone"), ("elder", "phone")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, laid: dict[str, str], look: str, screen: str
) -> None:
    worker, lead, chief, nobody = (
        *(town.enter(name) for name in ("grid_worker", "community_lead", "supervisor")),
        town.visitor(),
    )
    pages = {
        "due": (worker, "/caring/"),
        "need": (worker, "/caring/?tab=need"),
        "plan-new": (worker, "/caring/new/"),
        "rota": (worker, "/caring/rota/"),
        "plan": (worker, laid["plan"]),
        "counts": (chief, "/caring/"),
        "helps": (worker, "/help/"),
        "help-new": (worker, laid["visit"]),
        "help": (worker, laid["help"]),
        "help-public": (nobody, "/query/help/"),
        "ledger": (worker, "/wishes/ledger/?tab=all"),
        "wish-new": (worker, "/wishes/ledger/new/"),
        "wish": (lead, laid["wish"]),
        "wishes-public": (nobody, f"/wishes/?area={COMMUNITY}"),
        "wishes-all": (nobody, "/wishes/"),
        "topics": (worker, "/councils/"),
        "decisions": (worker, "/councils/?tab=decisions"),
        "topic": (worker, laid["topic"]),
        "signed": (worker, laid["signed"]),
        "unsigned": (lead, laid["unsigned"]),
    }
    if look == "light":
        pages["paper"] = (worker, laid["signed"] + "paper/")
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if wrong := checked(town, page, f"caring-{name}", look, screen):
            found[name] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_a_visit_is_written_down_without_scripts_and_with_three_taps(town: Town, laid: dict[str, str]) -> None:
    page = town.enter("grid_worker", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(laid["plan"])
    form = page.locator("form[data-outbox]")
    expect(form).to_have_attribute("data-outbox-label", "探访 · 李**")
    page.get_by_text("安好", exact=True).click()
    page.get_by_role("button", name="登记探访").click()
    expect(page.get_by_text("已登记探访，下次")).to_be_visible()
    plan = CarePlan.objects.earliest("pk")
    today = timezone.localdate()
    assert (plan.last_on, plan.next_on) == (today, today + timedelta(days=30))
    town.leave()
