"""The desk in Chromium, the simulator ringing: the screen pops, the caller is known, two keys find the answer, a case is opened, a
missed call is returned; and the pages are accessible, no wider than the screen, without English. `PORTAL_SHOTS=folder` keeps pictures.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import AuditEntry
from cases.models import Case
from hotlines import services
from hotlines.desk import call_backs, keeping, sitting
from hotlines.desk.simulating import Planned, TelephoneSystem
from hotlines.models import CallBack, CallRecord, KnownAnswer
from tests.hotlines.desk.test_pages import ANSWER
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
PHONE, STRANGER = "13812341234", "13900007788"
SHOTS = os.environ.get("PORTAL_SHOTS", "")


@pytest.fixture
def _no_limits_left() -> None:
    """The town has a database of its own."""


@pytest.fixture(scope="module")
def open_case(town: Town) -> Case:
    """小周 sits at 8001; whoever calls has a matter that is being handled and one that was answered; one answer is known."""
    d, now = town.district, timezone.now()
    sitting.sit_at(d.actor("operator", now), "8001", now)
    until = (timezone.localtime(now).date() + timedelta(days=90)).isoformat()
    keeping.write(d.actor("dispatcher", now), {**ANSWER, "valid_until": until}, now=now)
    old = d.register(now=now, description="二号楼门口的井盖响，晚上睡不好。")
    d.move(old, "accept", "clerk", now, category="A0102", level="general")
    d.move(old, "resolve_on_spot", "clerk", now, result="已联系物业。", outcome="answered", reply="物业已经换了胶垫。")
    d.move(old, "confirm", "follow_up", now, satisfaction=5, resolved=True, contacted=True)
    return d.register(now=now)


@pytest.fixture
def system(town: Town) -> TelephoneSystem:
    """The repository's simulator, ringing at the served portal."""
    base = urlsplit(town.url)

    def send(body: bytes, headers: Mapping[str, str]) -> int:
        line = HTTPConnection(base.hostname or "", base.port, timeout=10)
        try:
            line.request("POST", "/api/v1/telephony/events/", body, {**headers, "Content-Type": "application/json"})
            return line.getresponse().status
        finally:
            line.close()

    return TelephoneSystem(settings.TELEPHONY_SECRETS[0], send, timezone.now)


def kept(page: Page, name: str) -> None:
    """Keep a picture of what the operator sees."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def test_the_simulator_drives_a_call_from_the_pop_to_the_case(
    town: Town, open_case: Case, system: TelephoneSystem
) -> None:
    page = town.enter("operator")
    page.goto("/hotlines/desk/")
    expect(page.get_by_text("现在没有来电")).to_be_visible()
    kept(page, "desk-empty")
    call = Planned(PHONE, "8001")
    assert system.ring(call)
    page.wait_for_url(re.compile("/hotlines/calls/"))
    caller = page.locator(".caller")
    expect(caller).to_contain_text("张**")
    expect(caller).to_contain_text(open_case.title)
    caller.locator("summary").click()
    expect(caller).to_contain_text("物业已经换了胶垫。")
    assert PHONE not in page.content()
    assert system.pick_up(call)
    expect(page.locator("#call-state")).to_contain_text("通话")
    page.locator("#ask").press_sequentially("暖气")
    expect(page.locator(".known")).to_contain_text(ANSWER["answer"])
    kept(page, "call-known")
    page.fill("#description", "胜利社区二号楼前路灯三天不亮，老人晚上出门不便。")
    page.locator("[name=outcome][value=opened]").check()
    page.locator("#beside [data-suggest='place-code']").first.click()
    page.locator("[name=kind][value=appeal]").check()
    page.fill("[name='place-address']", "二号楼前")
    kept(page, "call-filled")
    page.click("#register")
    page.wait_for_url(re.compile(r"/cases/\d{14}/receipt/"))
    assert system.hang_up(call)
    row, case = CallRecord.objects.get(foreign_id=call.call_id), Case.objects.order_by("-pk")[0]
    assert (row.result, row.case, row.ended_at is not None, row.recording_name) == (
        "opened",
        case,
        True,
        f"rec-{call.call_id}",
    )
    assert case.parties.get().contact["phone"] == PHONE
    assert AuditEntry.objects.filter(action="search_person").count() == 1
    assert (system.rung.taken, system.rung.lost, town.troubles) == (3, 0, [])
    town.leave()


def test_a_missed_call_is_owed_and_returned(town: Town, open_case: Case, system: TelephoneSystem) -> None:
    page = town.enter("operator")
    page.goto("/notices/")
    call = Planned(STRANGER, "8001", answered=False)
    system.ring(call)
    strip = page.locator("#incoming")
    expect(strip).to_contain_text("139****7788")
    system.hang_up(call)
    expect(strip).not_to_contain_text("139****7788")
    page.goto("/hotlines/desk/")
    page.locator(".phoneline__who[href*='call-backs']").click()
    page.click("#dial")
    expect(page.locator(".dial")).to_contain_text(STRANGER)
    page.locator("[name=result][value=reached]").check()
    page.fill("#note", "问公租房怎么申请，已告知")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("没有欠着的回电")).to_be_visible()
    row = CallBack.objects.get(call__foreign_id=call.call_id)
    assert (row.state, [one.result for one in row.attempts.all()]) == ("done", ["reached"])
    assert town.troubles == []
    town.leave()


def test_a_call_is_taken_without_scripts(town: Town, open_case: Case, system: TelephoneSystem) -> None:
    page = town.enter("operator", java_script_enabled=False)
    call = Planned("", "8001")
    system.ring(call)
    page.goto("/")
    page.get_by_role("navigation").get_by_text("话务台").first.click()
    page.locator(".phoneline__who", has_text="隐藏号码").click()
    page.fill("#ask", "取暖")
    page.get_by_role("button", name="查", exact=True).click()
    page.get_by_label("按这条答复").check()
    page.locator("[name=outcome][value=answered]").check()
    page.click("#register")
    page.wait_for_url(re.compile("/hotlines/desk/"))
    row = CallRecord.objects.get(foreign_id=call.call_id)
    assert (row.result, row.answered_from) == ("answered", KnownAnswer.objects.get())
    system.hang_up(call)
    town.leave()


def test_the_command_rings_eight_lines_and_tells_that_nothing_was_lost(town: Town, open_case: Case) -> None:
    said, before = StringIO(), CallRecord.objects.count()
    options = {"url": town.url, "lines": 8, "calls": 16, "seconds": 1.0, "extension": 8101}
    call_command("simulate_calls", stdout=said, **options)
    rung = CallRecord.objects.filter(extension__startswith="81")
    assert (CallRecord.objects.count() - before, rung.filter(ended_at__isnull=True).count()) == (16, 0)
    assert re.fullmatch(r"来电 16 个，事件 46 个已收到，重发 \d+ 次，丢失 0 个。\n", said.getvalue())
    rung.filter(result="ringing").update(result="dropped")


@pytest.fixture(scope="module")
def pages(town: Town, open_case: Case) -> dict[str, str]:
    """A page of each kind with something on it; their addresses."""
    d, now = town.district, timezone.now()
    operator = d.actor("operator", now)
    ringing = services.answer(operator, phone=PHONE, now=now)
    promised = services.answer(operator, phone=PHONE, now=now)
    services.finish(promised, "dropped", now=now)
    owed = call_backs.promise(promised, "next_morning", "告诉他维修的进度", actor=operator, now=now)
    entry = KnownAnswer.objects.get().entry
    return {
        "desk": "/hotlines/desk/",
        "call": f"/hotlines/calls/{ringing.uid}/",
        "record": f"/hotlines/calls/{promised.uid}/",
        "call-back": f"/hotlines/call-backs/{owed.uid}/",
        "answers": "/hotlines/answers/",
        "answer": f"/hotlines/answers/{entry}/",
    }


@pytest.mark.parametrize("screen", ["desk", "phone"])
@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_the_pages_of_the_desk_are_accessible_and_fit(
    town: Town, pages: dict[str, str], look: str, screen: str
) -> None:
    page = town.enter("operator")
    wrong = {}
    for name, address in pages.items():
        page.goto(address)
        if name == "call":
            page.fill("#description", "问一下取暖费什么时候交，胜利社区三号楼的")
            page.locator("[name=outcome][value=numbered]").check()
            expect(page.locator(".known").first).to_be_visible()
            page.evaluate("scrollTo(0, document.body.scrollHeight)")  # off the bar that stays at the lower edge
        wrong[name] = checked(town, page, name, look, screen)
    assert {name: rows for name, rows in wrong.items() if rows} == {}
    town.leave()


def test_who_keeps_the_answers_writes_one(town: Town, pages: dict[str, str]) -> None:
    page = town.enter("dispatcher")
    page.goto("/hotlines/answers/new/")
    found = checked(town, page, "answer-form", "light", "desk")
    page.fill("#a-question", "公租房怎么申请")
    page.fill("#a-answer", "带身份证、收入证明到街道便民服务中心申请。")
    page.fill("#a-source", "平鲁区公共租赁住房管理办法")
    page.fill("#a-valid_until", (timezone.localtime().date() + timedelta(days=200)).isoformat())
    page.evaluate("document.querySelector('[name=unit]').value = 'housing'")
    page.get_by_role("button", name="写入知识库").click()
    expect(page.get_by_role("heading", name="公租房怎么申请")).to_be_visible()
    assert (found, KnownAnswer.objects.count()) == ([], 2)
    town.leave()
