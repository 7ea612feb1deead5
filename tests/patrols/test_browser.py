"""Patrols in Chromium: accessible in light, dark and 长辈版, no wider than the screen, no English; a task is done by thumb.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from cases.models import Case, PatrolPlan, PatrolTask
from cases.patrols import campaigns, chores, doing, planning
from governance_portal.lib.working_days import day_of
from tests.cases.cast import COMMUNITY, GRID
from tests.pages.conftest import PASSWORD, Town
from tests.pages.test_browser_looks import checked
from tests.patrols.conftest import GIVEN, SECOND_GRID, furnish

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
SHEET = f"名称,地点,网格\n张家小吃店,胜利路 3 号,{GRID}\n老郝澡堂,胜利路 9 号,{GRID}\n希望幼儿园,北坪路 2 号,{SECOND_GRID}\n"


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, Any]:
    """A daily plan with points, one for Fridays and Sundays, a campaign with its list; addresses by name."""
    d, now = furnish(town.district), timezone.now()
    User.objects.filter(is_service=False).update(password=make_password(PASSWORD), must_change_password=False)
    begun = now - timedelta(days=6)
    lead, worker = d.actor("street_lead", begun), d.actor("grid_worker", now)
    daily = {**GIVEN, "repeat": "days", "every": "1", "special": "keep", "last_day": ""}
    plan = planning.plan(lead, {**daily, "first_day": day_of(begun).isoformat()}, now=begun)
    planning.plan(
        lead,
        {**GIVEN, "name": "早市排查", "kind": "focus", "first_day": day_of(begun).isoformat(), "last_day": ""},
        now=begun,
    )
    days = {"first_day": day_of(begun).isoformat(), "last_day": day_of(now).isoformat()}
    given = {"name": "冬季取暖安全专项", "look_for": "燃气、煤炉、电暖", "area": COMMUNITY, "duty_kind": "grid_worker"}
    campaign = campaigns.start(lead, {**given, **days}, now=begun)
    campaigns.read_list(lead, campaign.pk, SHEET.encode(), now=begun)
    campaigns.confirm_list(lead, campaign.pk, now=begun)
    for back in range(6, -1, -1):
        moment = now - timedelta(days=back)
        chores.make_patrols(moment)
        chores.look_who_is_there(moment)
        task = PatrolTask.objects.get(plan=plan, grid__code=GRID, day=day_of(moment))
        if back:
            _reported(d.actor("grid_worker", moment), task, back, moment)
    first = campaign.points.order_by("position").first()
    assert first is not None
    task = PatrolTask.objects.get(plan=campaign, grid__code=GRID)
    doing.report(worker, task.pk, {"points": [{"point": first.pk, "state": "normal"}]}, now=now)
    today = PatrolTask.objects.get(plan=plan, grid__code=GRID, day=day_of(now))
    return {"plan": plan, "campaign": campaign, "today": today}


def _reported(actor: Any, task: PatrolTask, back: int, moment: datetime) -> None:
    if back == 3:
        given: dict[str, Any] = {"done": False, "reason": "weather", "words": "大风，早市没有出摊"}
    else:
        given = {"points": [{"point": one.pk, "state": "normal"} for one in doing.points_of(task)], "done": True}
    doing.report(actor, task.pk, given, now=moment)


@pytest.mark.parametrize(("look", "screen"), [("light", "desk"), ("dark", "phone"), ("elder", "phone")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, held: dict[str, Any], look: str, screen: str
) -> None:
    lead, worker = town.enter("street_lead"), town.enter("grid_worker")
    plan, campaign, today = held["plan"].pk, held["campaign"].pk, held["today"].pk
    since = (timezone.now() - timedelta(days=6)).date().isoformat()
    pages = {
        "tasks": (lead, f"/patrols/?from={since}"),
        "plans": (lead, "/patrols/?tab=plans"),
        "campaigns": (lead, "/patrols/?tab=campaigns"),
        "form": (lead, f"/patrols/plans/{plan}/change/"),
        "plan": (lead, f"/patrols/plans/{plan}/"),
        "campaign": (lead, f"/patrols/plans/{campaign}/"),
        "close": (lead, f"/patrols/plans/{campaign}/close/"),
        "coverage": (lead, f"/patrols/coverage/?from={since}"),
        "task-read": (lead, f"/patrols/tasks/{today}/"),
        "task": (worker, f"/patrols/tasks/{today}/"),
        "mine": (worker, "/patrols/"),
    }
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        if name == "form":
            page.get_by_role("button", name="先看开始后的十天").click()
            expect(page.locator("#ahead")).to_be_visible()
        if wrong := checked(town, page, f"patrols-{name}", look, screen):
            found[name] = wrong
    assert (found, town.troubles) == ({}, [])
    town.leave()


def test_a_task_is_done_by_thumb_and_what_was_wrong_is_a_case(town: Town, held: dict[str, Any]) -> None:
    page = town.enter("grid_worker", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    task: PatrolTask = held["today"]
    page.goto(f"/patrols/tasks/{task.pk}/")
    first, second = doing.points_of(task)

    def choose(name: str, value: str) -> None:
        page.locator("label", has=page.locator(f"input[name={name}][value={value}]")).tap()

    choose(f"point-{first.pk}-state", "normal")
    choose(f"point-{second.pk}-state", "abnormal")
    page.fill(f"#point-{second.pk}-words", "液化气罐放在消防通道")
    choose("done", "yes")
    page.get_by_role("button", name="填报").tap()
    page.wait_for_url("**/m/", timeout=30_000)

    task.refresh_from_db()
    case = Case.objects.get()
    assert (task.state, task.points_seen, case.grid_code, case.kind) == ("done", 2, GRID, "hazard")
    assert PatrolPlan.objects.count() == 3
    page.goto(f"/cases/{case.number}/")
    expect(page.get_by_text("排查发现").first).to_be_visible()
    assert town.troubles == []
    town.leave()
