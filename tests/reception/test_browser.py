"""The pages of receptions and whistles in Chromium: accessible in light, dark and 长辈版, no wider than the screen, no English; a
resident books and gives back without scripts and by keyboard. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.models import ReceptionBooking
from cases.reception import booking, changing, services
from cases.reception.samples import workday
from cases.whistling import services as whistling
from tests.cases.cast import STREET
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked
from tests.reception.conftest import GIVEN
from tests.whistling.conftest import GIVEN as WHISTLED

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture
def _no_limits_left() -> None:
    """The town has a database of its own."""


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, str]:
    """A day to come with a booking, a day of today with two, a leader's case with a team, whistles; their addresses."""
    d, now = town.district, timezone.now()
    d.person("street_lead", "焦镇长", Role.HANDLER, "street", STREET, lead=True)
    User.objects.filter(username="street_lead").update(password=make_password(PASSWORD), must_change_password=False)
    lead, clerk, supervisor = (d.actor(name, now) for name in ("centre_lead", "clerk", "supervisor"))
    today = timezone.localtime(now).date()
    coming = services.plan_day(lead, {**GIVEN, "date": workday(today, 3).isoformat()}, now=now)
    full = services.plan_day(
        lead, {**GIVEN, "date": workday(today, 8).isoformat(), "capacity": "1", "leader": "马国栋"}, now=now
    )
    off = services.plan_day(lead, {**GIVEN, "date": workday(today, 9).isoformat(), "leader": "钱书记"}, now=now)
    changing.cancel_day(supervisor, off.pk, "区里有会，改到下一周，时间另行公布。", now=now)
    booking.by_window(clerk, full.pk, {"name": "杜春生", "phone": "13800350011", "matter": "机耕路被占"}, now=now)
    case = d.register(now=now, kind="dispute", description="邻居两家因滴水檐多次争执，社区调解过两次没有结果。")
    d.move(case, "accept", "clerk", now, category="0101", level="major")
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", now)
    ends = (today + timedelta(days=20)).isoformat()
    d.record(
        case, "sponsor", "supervisor", now, leader="孙立民", office="区委常委、政法委书记", unit="housing", person="郑局长",
        plan="先查清事实，再坐到一起谈。", deadline=ends,
    )  # fmt: skip
    d.record(case, "sponsor_progress", "supervisor", now, text="到两家各谈了一次。", met_on=today.isoformat())
    d.record(
        case, "team", "supervisor", now, role="street", unit="street", person="雷志远", office="副镇长",
        phone="0349-6020100", task="安排谈事的地方。", due_on=ends, told=True,
    )  # fmt: skip
    before = now - timedelta(days=7)
    past = services.plan_day(lead, {**GIVEN, "date": workday(today, -2).isoformat()}, now=before)
    first = booking.by_window(clerk, past.pk, {"number": case.number}, now=before).booking
    second = booking.by_window(
        clerk, past.pk, {"name": "曹玉莲", "phone": "13800350012", "matter": "供热费退费没有到账"}, now=before
    ).booking
    assert first is not None
    assert second is not None
    given = {
        "attended": "yes",
        "said": "拖了一个多月，希望给个准话。",
        "instruction": "限期当面答复。",
        "unit": "housing",
    }
    services.receive(clerk, str(first.uid), {**given, "deadline": ends}, now=now)
    services.order(supervisor, str(first.uid), now=now)
    street = d.actor("street_lead", now)
    laid, _fresh = whistling.whistle(street, WHISTLED, now=now - timedelta(hours=2))
    late, _fresh = whistling.whistle(
        street, {**WHISTLED, "kind": "emergency", "place": "北坪路 12 号楼下", "units": ["housing"]}, now=before
    )
    call = laid.calls.get(unit__code="housing").pk
    whistling.arrive(street, call, {"who": "市政科两人"}, now=now)
    whistling.finish(d.actor("handler", now), call, {"result": "查明阀门老化，已更换。"}, now=now)
    return {
        "coming": f"/reception/{coming.pk}/",
        "past": f"/reception/{past.pk}/",
        "ordered": f"/reception/bookings/{first.uid}/",
        "open": f"/reception/bookings/{second.uid}/",
        "book": f"/reception-days/{coming.pk}/",
        "full": f"/reception-days/{full.pk}/",
        "case": f"/cases/{case.number}/",
        "whistle": f"/whistles/{laid.pk}/",
        "late": f"/whistles/{late.pk}/",
    }


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, held: dict[str, str], look: str, screen: str
) -> None:
    lead, supervisor, street, handler = (
        town.enter(name) for name in ("centre_lead", "supervisor", "street_lead", "handler")
    )
    clerk, nobody = town.enter("clerk"), town.visitor()
    pages = {
        "public-days": (nobody, "/reception-days/"),
        "public-book": (nobody, held["book"]),
        "public-number": (nobody, held["book"] + "?how=number"),
        "public-full": (nobody, held["full"]),
        "public-cancel": (nobody, "/reception-days/cancel/"),
        "public-guide": (nobody, "/guide/"),
        "days": (lead, "/reception/"),
        "days-past": (lead, "/reception/?when=past"),
        "day": (clerk, held["coming"]),
        "day-past": (clerk, held["past"]),
        "booking": (clerk, held["open"]),
        "booking-ordered": (supervisor, held["ordered"]),
        "register": (supervisor, "/reception/register/"),
        "ledger": (supervisor, "/reception/ledger/"),
        "case-together": (supervisor, held["case"]),
        "whistles": (street, "/whistles/?tab=all"),
        "whistles-none": (handler, "/whistles/?tab=late"),
        "whistle": (street, held["whistle"]),
        "whistle-late": (street, held["late"]),
        "whistle-new": (street, "/whistles/new/"),
    }
    if look == "light":
        pages["register-paper"] = (supervisor, "/reception/register/?paper=1")
        pages["ledger-paper"] = (supervisor, "/reception/ledger/?paper=1")
        pages["whistle-paper"] = (street, held["whistle"] + "paper/")
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if wrong := checked(town, page, f"reception-{name}", look, screen):
            found[name] = wrong
    spoken = {"case-together": ["Word"]}  # the letter of an order as a file
    assert ({name: wrong for name, wrong in found.items() if wrong != spoken.get(name)}, town.troubles) == ({}, [])
    town.leave()


@pytest.mark.parametrize(("screen", "place"), [("desk", "井坪镇政府二楼"), ("phone", "井坪镇政府三楼")])
def test_the_lead_changes_a_day_in_place(town: Town, held: dict[str, str], screen: str, place: str) -> None:
    page = town.enter("centre_lead")
    page.goto(held["coming"])
    page.get_by_text("更改时间、地点、名额").click()
    assert (checked(town, page, "reception-day-change", "light", screen), town.troubles) == ([], [])
    page.fill("#place", place)
    page.get_by_role("button", name="保存更改").click()
    page.get_by_text("居民看到的是新的时间和地点").wait_for()
    town.leave()


def test_a_resident_books_and_gives_back_without_scripts(town: Town, held: dict[str, str]) -> None:
    page = town.visitor(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/reception-days/")
    page.get_by_role("link", name="预约").first.click()
    page.get_by_role("button", name="预约").click()
    assert page.get_by_text("请填写姓名。").is_visible() or page.get_by_text("请先阅读").is_visible()
    page.fill("#name", "王五")
    page.fill("#phone", "139 0000 1111")
    page.fill("#matter", "小区暖气不热")
    page.check("[name=agree]")
    page.get_by_role("button", name="预约").click()
    code = page.locator(".code-field").inner_text()
    assert ReceptionBooking.objects.filter(source="web", cancelled_at__isnull=True).count() == 1
    page.goto("/reception-days/cancel/")
    page.fill("#key", "13900001111")
    page.fill("#code", code)
    page.get_by_role("button", name="取消预约").click()
    page.get_by_text("名额让给了别人").wait_for()
    assert ReceptionBooking.objects.filter(source="web", cancelled_at__isnull=True).count() == 0
    town.leave()
