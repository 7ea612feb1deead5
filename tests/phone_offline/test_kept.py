"""What the phone keeps beside the shell: the matters and patrols that 今天 names; what is written one after the other; who leaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from cases.models import Case, PatrolTask
from cases.patrols import chores, doing, planning
from governance_portal.lib.working_days import day_of
from grids.models import Duty
from tests.cases.cast import GRID
from tests.pages.conftest import Town
from tests.patrols.conftest import GIVEN, furnish
from tests.phone_offline.test_offline import PHONE, SLOW, _quiet, ready, written
from tests.phone_offline.test_offline_moves import WHY, own_case

__all__ = ["_quiet"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
#: Waits until the phone has a page ("" for one it must not have any more) and answers its words.
KEPT = """async ([path, wanted, patience]) => {
  for (const began = Date.now(); Date.now() - began < patience; await new Promise(done => setTimeout(done, 100))) {
    const name = (await caches.keys()).find(one => one.startsWith('phone-pages-'));
    const kept = name ? await (await caches.open(name)).match(path) : null;
    if (Boolean(kept) === wanted) return kept ? await kept.text() : '';
  }
  return null;
}"""


def kept(page: Page, path: str, *, wanted: bool = True) -> str | None:
    found: str | None = page.evaluate(KEPT, [path, wanted, SLOW])
    return found


@pytest.fixture(scope="module")
def task(town: Town) -> PatrolTask:
    """A patrol of today in the worker's grid."""
    d, now = furnish(town.district), timezone.now()
    begun = now - timedelta(days=1)
    given = {**GIVEN, "repeat": "days", "every": "1", "special": "keep", "last_day": ""}
    plan = planning.plan(d.actor("street_lead", begun), {**given, "first_day": day_of(begun).isoformat()}, now=begun)
    chores.make_patrols(now)
    return PatrolTask.objects.get(plan=plan, grid__code=GRID, day=day_of(now))


def test_what_the_day_names_opens_without_a_network_and_goes_with_the_right_to_see_it(
    town: Town, task: PatrolTask
) -> None:
    case = town.district.register(
        "resident", timezone.now(), channel="web", place={"grid": GRID}, title="楼道灯不亮 13812341234"
    )
    address, patrol, form = (
        f"/m/cases/{case.number}/",
        f"/m/patrols/{task.pk}/",
        f"/m/cases/{case.number}/moves/accept/",
    )
    page = town.enter("grid_worker", **PHONE)
    page.goto("/m/")
    assert [bool(kept(page, path)) for path in (address, patrol)] == [True, True]
    page.goto(form)
    text = kept(page, form) or ""
    assert ("13812341234" in text, "138****1234" in text) == (False, True)

    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("h1")).to_contain_text("楼道灯不亮", timeout=SLOW)
    page.goto(patrol)
    first, second = doing.points_of(task)
    for name in (f"point-{first.pk}-state", f"point-{second.pk}-state"):
        page.locator("label", has=page.locator(f"input[name={name}][value=normal]")).click()
    page.locator("label", has=page.locator("input[name=done][value=yes]")).click()
    page.get_by_role("button", name="填报").click()
    expect(page.locator(".po-entry")).to_contain_text("排查 · 消防通道排查", timeout=SLOW)
    page.context.set_offline(False)
    expect(page.locator(".po-state--done")).to_have_count(1, timeout=SLOW)
    task.refresh_from_db()
    assert (task.state, task.points_seen) == ("done", 2)

    Duty.objects.filter(user__username="grid_worker").update(ends_on=date(2026, 1, 2))
    page.goto(address)
    assert kept(page, address, wanted=False) == ""
    Duty.objects.filter(user__username="grid_worker").update(ends_on=None)
    page.context.close()


def opened(page: Page, chosen: str) -> Locator:
    """A form of the page, unfolded."""
    form = page.locator(chosen)
    form.evaluate(
        "form => { for (let at = form; at; at = at.parentElement) if (at.matches('details')) at.open = true; }"
    )
    return form


def test_a_note_and_then_a_move_on_one_matter_arrive_both(town: Town) -> None:
    page, case = ready(town), own_case(town)
    address = f"/m/cases/{case.number}/"
    page.goto(address)
    assert kept(page, address)
    page.context.set_offline(True)
    note = opened(page, f"form[data-outbox-url$='/{case.number}/notes/']")
    note.locator("[name=text]").fill("管网在小区外面。")
    note.locator("button[type=submit]").click()
    expect(page.locator(".po-entry")).to_have_count(1, timeout=SLOW)
    page.goto(address)
    move = opened(page, "form:has(input[name=move][value=escalate])")
    move.locator("[name=reason]").fill(WHY)
    move.locator("button[type=submit]").click()
    expect(page.locator(".po-entry")).to_have_count(2, timeout=SLOW)
    page.context.set_offline(False)
    expect(page.locator(".po-state--done")).to_have_count(2, timeout=SLOW)
    kinds = [event.kind for event in Case.objects.get(pk=case.pk).events.all()]
    assert kinds == ["register", "accept", "note", "escalate"]


def test_nothing_goes_when_somebody_logs_in_between_the_question_and_the_sending(town: Town) -> None:
    page, sent, asked = ready(town), [], []
    page.context.set_offline(True)
    written(page, "八号楼前路灯不亮。", category="A0302")
    expect(page.locator(".po-entry")).to_have_count(1, timeout=SLOW)
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)

    def meanwhile(route: Route) -> None:
        """The first answer is old when it arrives: the browser's cookie is another log-in's."""
        answer: Any = route.fetch()
        asked.append(len(sent))
        if len(asked) == 1:
            page.context.add_cookies([{"name": "csrftoken", "value": "Z" * 32, "url": town.url}])
        route.fulfill(response=answer)

    page.context.route("**/api/v1/me/", meanwhile)
    page.context.set_offline(False)
    expect(page.locator(".po-state--done")).to_have_count(1, timeout=SLOW)
    assert (asked[:2], len(sent)) == ([0, 0], 1)
