"""The pages of 网格考核 in Chromium: accessible in light, dark and 长辈版, no wider than the screen, no English; a grid
worker appeals on a phone without scripts. `PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from cases.assessing import appeals, services
from cases.assessing.quarters import quarter_of
from cases.models import Appeal
from governance_portal.lib.working_days import SHANGHAI
from tests.assessing.conftest import VILLAGE_GRID, handled, with_grids
from tests.cases.cast import GRID
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, str]:
    """A quarter shown since yesterday with an appeal to confirm, one to be graded, an older one decided; their addresses."""
    d, now = with_grids(town.district), timezone.now()
    encoded = make_password(PASSWORD)
    User.objects.filter(is_service=False).update(password=encoded, must_change_password=False)
    last = quarter_of(now).before
    begun = datetime.combine(last.first + timedelta(days=12), time(9), SHANGHAI)
    late = begun + timedelta(days=60)
    for rated, resolved in ((5, begun), (4, begun), (3, begun), (2, late), (4, begun), (5, begun)):
        handled(d, now=begun, resolved=resolved, rated=rated)
        handled(d, VILLAGE_GRID, "villager", now=begun, rated=5)
    supervisor, second, lead = (d.actor(name, now) for name in ("supervisor", "supervisor2", "centre_lead"))
    before = now - timedelta(days=14)
    row = services.begin(supervisor, last.code, "community", now=now - timedelta(days=2))
    services.show(supervisor, row.pk, now=now - timedelta(days=1))
    words = {"words": "当事人住院两个月，责任不在网格。"}
    appeal, _made = appeals.make(d.actor("community_lead", now), row.pk, GRID, words, now=now)
    bad = next(pk for pk, good in appeal.assessment.figures.get(indicator="on_time").cases if not good)
    answer = {"upheld": "yes", "answer": "核实住院属实，按不可抗力不计入。"}
    appeals.answer(second, appeal.pk, answer, [("on_time", bad)], now=now)
    village = services.begin(supervisor, last.code, "village", now=before)
    services.show(supervisor, village.pk, now=before)
    older = services.begin(supervisor, last.before.code, "community", now=before)
    services.show(supervisor, older.pk, now=before)
    one = older.assessments.get()
    services.grade(second, older.pk, {one.pk: ("too_few", "")}, now=now)
    services.decide(lead, older.pk, now=now)
    return {
        "shown": f"/assessments/{row.pk}/",
        "sheet": f"/assessments/{row.pk}/grids/{GRID}/",
        "grading": f"/assessments/{village.pk}/",
        "decided": f"/assessments/{older.pk}/",
    }


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, held: dict[str, str], look: str, screen: str
) -> None:
    lead, second, worker, leader = (
        town.enter(name) for name in ("centre_lead", "supervisor2", "grid_worker", "leader")
    )
    pages = {
        "rounds": (lead, "/assessments/"),
        "shown": (lead, held["shown"]),
        "sheet-confirm": (lead, held["sheet"]),
        "grading": (second, held["grading"]),
        "decided": (second, held["decided"]),
        "totals": (leader, held["shown"]),
        "sheet-own": (worker, held["sheet"]),
        "mine": (worker, "/assessments/mine/"),
        "plans": (lead, "/assessments/plans/"),
        "plan": (lead, "/assessments/plans/community/"),
    }
    if look == "light":
        pages["paper"] = (second, held["grading"] + "?paper=1")
        pages["sheet-paper"] = (second, held["sheet"] + "?paper=1")
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if wrong := checked(town, page, f"assess-{name}", look, screen):
            found[name] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_a_grid_worker_appeals_on_a_phone(town: Town, held: dict[str, str]) -> None:
    page = town.enter("grid_worker", viewport={"width": 390, "height": 844})
    page.goto("/assessments/mine/")
    page.locator(f"a[href='{held['sheet']}']").click()
    page.get_by_label("哪一项、哪一件不对，为什么").fill("那件是外出务工约不上，请核实。")
    page.get_by_role("button", name="提出申诉").click()
    expect(page.get_by_text("申诉已提出。")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("那件是外出务工约不上，请核实。")).to_be_visible(timeout=20_000)
    assert Appeal.objects.filter(made_by__username="grid_worker").count() == 1
    town.leave()
