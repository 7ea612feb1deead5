"""A move that waited while somebody else was faster: the worker reads who did what, and no word is lost. And how the pages look."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from tests.cases.cast import GRID
from tests.pages.conftest import PASSWORD, Town
from tests.pages.test_browser_looks import AXE, ENGLISH, LOOKS, RULES, SPOKEN
from tests.phone_offline.test_offline import SLOW, _quiet, ready, shot, written
from tests.reporting.test_browser_reporting import photo

__all__ = ["_quiet"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

WHY = "管网在小区外面，我们村里修不了，请上面安排。"


def own_case(town: Town) -> Case:
    """A matter of the worker's own grid, accepted."""
    d, now = town.district, timezone.now()
    given: dict[str, Any] = {"channel": "grid", "place": {"grid": GRID, "address": "五号楼"}, "reporters": []}
    case = d.register("grid_worker", now, **given)
    return d.move(case, "accept", "grid_worker", now, category="A0102", level="general")


def test_a_case_moved_by_somebody_else_meanwhile_is_told_in_words_and_the_writing_is_kept(town: Town) -> None:
    page, case = ready(town), own_case(town)
    context = page.context
    page.goto(f"/m/cases/{case.number}/")
    context.set_offline(True)
    page.reload()
    expect(page.locator("#phone-strip")).to_contain_text("存下的页面", timeout=SLOW)
    form = page.locator("form:has(input[name=move][value=escalate])")
    form.evaluate(
        "form => { for (let at = form; at; at = at.parentElement) if (at.matches('details')) at.open = true; }"
    )
    form.locator("[name=reason]").fill(WHY)
    form.locator("button[type=submit]").click()
    expect(page.locator(".po-entry")).to_contain_text("逐级上报 · ", timeout=SLOW)
    town.district.move(case, "dispatch", "dispatcher", timezone.now(), lead_unit="heating", mode="forward")
    context.set_offline(False)
    told = page.locator(".po-state--mend")
    expect(told).to_contain_text("“分流”，现为“待签收”，您的操作未生效", timeout=SLOW)
    expect(told).to_contain_text("平鲁区社会治安综合治理中心")
    shot(page, "outbox-refused")
    expect(page.locator(".po-entry").get_by_role("link", name="看最新")).to_have_attribute(
        "href", f"/m/cases/{case.number}/"
    )
    expect(page.locator("#phone-strip")).to_contain_text("1 件没有收下")
    kept = page.evaluate(
        "() => phoneKeeping.all('entries').then(rows => rows.map(row => [row.state, row.body.reason]))"
    )
    case.refresh_from_db()
    assert (kept, case.status) == ([["refused", WHY]], "dispatched")
    page.get_by_role("link", name="改了再交").click()
    expect(page.locator(".ph-main")).to_contain_text("待签收", timeout=SLOW)
    page.goto("/m/outbox/")
    page.get_by_role("button", name="删除", exact=True).click()
    page.get_by_role("button", name="删除", exact=True).last.click()
    expect(page.locator(".po-entry")).to_have_count(0)


#: A form as the phone's case page has it, for a hazard that was put right: what was done, and a photo of it.
RESOLVING = """([url, version]) => {
  const form = document.createElement('form');
  form.method = 'post'; form.action = '/m/'; form.id = 'probe';
  form.setAttribute('data-outbox', '');
  Object.assign(form.dataset, {outboxUrl: url, outboxLabel: '办结上报 · 楼道杂物', outboxNext: '/m/'});
  const hidden = {move: 'resolve', version, outcome: 'fulfilled', result: '已清走。', reply: '楼道已清空。'};
  form.innerHTML = Object.entries(hidden).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('')
    + `<label>照片<input type="file" name="photos_after" data-outbox-photos="整改后照片"></label><button type="submit">办结上报</button>`;
  document.querySelector('main').append(form);
}"""


def test_a_move_with_its_photo_is_made_once_and_an_expired_log_in_keeps_everything(town: Town) -> None:
    d, now, page = town.district, timezone.now(), ready(town)
    given: dict[str, Any] = {"kind": "hazard", "channel": "grid", "place": {"grid": GRID}, "reporters": []}
    case = d.register("grid_worker", now, **given)
    d.move(case, "accept", "grid_worker", now, category="H0301", level="general")
    d.move(case, "dispatch", "dispatcher", now, lead_unit="community", mode="forward")
    d.move(case, "sign", "grid_worker", now)
    page.goto("/m/outbox/")
    page.evaluate(RESOLVING, [f"/api/v1/cases/{case.number}/moves/", str(Case.objects.get(pk=case.pk).version)])
    page.context.route("**/api/v1/me/", lambda route: route.fulfill(status=401, json={"detail": "请登录"}))
    page.set_input_files("#probe input[type=file]", [photo(300)])
    page.click("#probe button")
    expect(page.locator("#po-said")).to_contain_text("请重新登录，内容都在", timeout=SLOW)
    expect(page.get_by_role("link", name="重新登录", exact=True)).to_be_visible()
    page.context.unroute("**/api/v1/me/")
    page.reload()
    expect(page.locator(".po-state--done")).to_have_count(1, timeout=SLOW)
    told = Case.objects.get(pk=case.pk)
    assert [event.kind for event in told.events.all()] == [
        "register",
        "accept",
        "dispatch",
        "sign",
        "attach",
        "resolve",
    ]
    assert [file.purpose for file in told.attachments.all()] == ["整改后照片"]


def test_report_and_queue_are_within_reach_of_everybody(town: Town) -> None:
    page = ready(town)
    page.context.set_offline(True)
    written(page, "六号楼前路灯不亮。", category="A0302")
    expect(page.locator(".po-entry")).to_have_count(1, timeout=SLOW)
    page.context.set_offline(False)
    page.context.route("**/api/v1/**", lambda route: route.abort())
    found = {}
    for name, address in (("report", "/m/report/"), ("outbox", "/m/outbox/"), ("offline", "/m/offline/")):
        page.goto(address)
        if name == "report":
            page.check("input[name=way][value=settle]")
            page.locator(".po-more summary").first.click()
        page.add_script_tag(url=f"{town.url}/static/vendor/axe.min.js")
        for look in ("light", "dark", "elder"):
            if wrong := looked_at(page, name, look):
                found[f"{name} {look}"] = wrong
    assert found == {}


def looked_at(page: Page, name: str, look: str) -> list[object]:
    """What is wrong with the page in this look: axe, width, what is too small for a finger, English."""
    page.evaluate(
        "([t, m]) => { document.documentElement.dataset.theme = t; document.documentElement.dataset.mode = m; }",
        list(LOOKS[look]),
    )
    shot(page, f"{name}-{look}")
    wrong: list[object] = list(page.evaluate(AXE, RULES))
    if (wide := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        wrong.append(f"{wide} px wider than the screen")
    wrong += page.evaluate(SMALL, 60 if look == "elder" else 44)
    return wrong + sorted(set(ENGLISH.findall(page.evaluate("document.body.innerText"))) - SPOKEN)


#: A way out as every page of the staff has it, with the mark of the page's own form.
LEAVE = """() => {
  const form = document.createElement('form');
  form.method = 'post'; form.action = '/logout/'; form.id = 'leave';
  form.append(document.querySelector('[name=csrfmiddlewaretoken]').cloneNode(), document.createElement('button'));
  form.querySelector('button').textContent = '退出登录';
  document.querySelector('main').append(form);
}"""
PAGES_KEPT = """async () => {
  const names = (await caches.keys()).filter(name => name.startsWith('phone-pages-'));
  const found = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).length));
  return found.reduce((all, some) => all + some, 0);
}"""


def test_who_leaves_is_asked_about_what_waits_and_leaves_no_page_and_the_next_sees_nothing(town: Town) -> None:
    page, before = ready(town), Case.objects.count()
    page.context.route("**/api/v1/**", lambda route: route.abort())
    written(page, "七号楼前井盖松动。", category="A0302")
    expect(page.locator(".po-entry")).to_have_count(1, timeout=SLOW)
    page.goto("/m/report/")
    page.evaluate(LEAVE)
    page.click("#leave button")
    expect(page.locator("#phone-ask")).to_contain_text("还有 1 件没有上传", timeout=SLOW)
    page.get_by_role("button", name="留着，退出").click()
    page.wait_for_url("**/login/**", timeout=SLOW)
    assert page.evaluate(PAGES_KEPT) == 0
    page.context.unroute("**/api/v1/**")
    for who in ("handler", "grid_worker"):
        page.goto("/login/?next=/m/outbox/")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/m/outbox/", timeout=SLOW)
        if who == "handler":
            expect(page.locator("#po-others")).to_contain_text("另一位同志没有传的 1 件", timeout=SLOW)
            assert ("井盖" in page.inner_text("body"), Case.objects.count()) == (False, before)
            page.context.clear_cookies()
    expect(page.locator(".po-state--done")).to_have_count(1, timeout=SLOW)
    case = Case.objects.latest("pk")
    assert (Case.objects.count() - before, case.registered_by.username) == (1, "grid_worker")


#: What a finger has to meet and is lower than that many pixels: controls in sight, by their words.
SMALL = """least => Array.from(document.querySelectorAll(
    "main a, main button, main summary, main select, main input:not([type=hidden]), .ph-bar a, #phone-strip a"))
  .map(one => one.matches("input[type=radio], input[type=file]") ? one.closest("label") : one)
  .filter(one => one.offsetParent !== null && one.getBoundingClientRect().height < least - 0.5)
  .map(one => (one.textContent || one.name).trim().slice(0, 20) + " " + Math.round(one.getBoundingClientRect().height))"""
