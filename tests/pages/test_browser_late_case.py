"""In a real browser: a case becomes late by itself; it is chased, put right, asked about, done again and closed.

The time is passed in: the sweep and the chores are run at the moments at which they would have run.
"""

import io
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Locator, Page, expect

from cases import chores, ladder, policies
from cases.models import Case
from cases.services import clock
from governance_portal.lib.numbers import query_code
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due
from tests.pages.conftest import Town
from tests.pages.test_browser_journey import open_move, press, reads

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

SHOTS = os.environ.get("PORTAL_SHOTS", "")
#: What was written for colleagues, who did it and that it was supervised; none of it is for the resident.
INTERNAL = (
    "循环泵",
    "请三日内修好",
    "已约抢修队",
    "整改属实",
    "再修一次",
    "老李",
    "赵主任",
    "小陈",
    "督办函",
    "督办中",
    "催办",
    "超时",
)


def long_enough_ago() -> datetime:
    """The latest working morning from which seven working days and three more are over."""
    calendar, now = policies.calendar(), timezone.now()
    for days in range(10, 60):
        began = (now - timedelta(days=days)).astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
        ends = due(began, Limit(7, LimitUnit.WORKING_DAY), calendar).due
        if calendar.is_workday(began.date()) and ladder.late_at(ends, 3, calendar) < now - timedelta(hours=1):
            return began
    raise AssertionError("no such day")


def signed_case(town: Town) -> Case:
    """A matter that the housing office signed and then left lying."""
    d, began = town.district, long_enough_ago()
    case = d.register(now=began)
    d.move(case, "accept", "clerk", now=began, category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", now=began, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", now=began)
    d.record(case, "contact", "handler", now=began, way="phone", reached=True)
    return Case.objects.get(pk=case.pk)


def pass_time(to: datetime) -> None:
    """What the clock does each minute, at this minute."""
    clock.sweep(to)
    failed = [name for name, handled in chores.run(to).items() if handled < 0]
    assert failed == []


def told(page: Page, number: str) -> list[str]:
    """The titles of this person's notices of the limit of handling, the newest first."""
    page.goto("/notices/")
    return [title for title in page.locator(".line__what").all_inner_texts() if title.startswith(f"{number} 办结时限")]


def record(page: Page, label: str) -> Locator:
    """Open a record of the case in place, where it lies behind 更多, too."""
    slot = page.locator(".move-slot, .more").get_by_role("button", name=label, exact=True)
    if not slot.first.is_visible():
        page.locator(".more > summary").first.click()
    slot.first.click()
    form = page.locator("details.move[open]")
    expect(form).to_be_visible()
    return form


def shot(page: Page, name: str) -> None:
    """Keep a picture where pictures are asked for."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"late-{name}.png"), full_page=True)


def test_a_late_case_is_chased_put_right_asked_about_done_again_and_closed(town: Town) -> None:
    case = signed_case(town)
    number, code = case.number, query_code(case.number, case.query_issue)
    page = f"/cases/{number}/"
    desks = {
        who: town.enter(who)
        for who in ("handler", "housing_lead", "supervisor", "supervisor2", "centre_lead", "follow_up")
    }
    resident = town.visitor()
    deadline = case.deadlines.get(clock="resolve_by")
    calendar = policies.calendar()

    # It becomes late by itself; the handler, the lead, the supervisor and the leader each see it in turn.
    soon, late = f"{number} 办结时限即将到期", f"{number} 办结时限已超时"
    ladder_of = {
        deadline.warn_at + timedelta(minutes=1): {"handler": [soon]},
        deadline.due_at + timedelta(minutes=1): {"handler": [late, soon], "housing_lead": [late]},
    }
    seen = {}
    for moment in ladder_of:
        pass_time(moment)
        seen[moment] = {who: titles for who in desks if (titles := told(desks[who], number))}
    assert seen == ladder_of
    day, three = "办结时限已超时满 1 个工作日", "办结时限已超时满 3 个工作日"
    pass_time(ladder.late_at(deadline.due_at, 1, calendar) + timedelta(minutes=1))
    assert told(desks["supervisor"], number) == [f"{number} {day}"]
    assert told(desks["centre_lead"], number) == []
    pass_time(ladder.late_at(deadline.due_at, 3, calendar) + timedelta(minutes=1))
    assert told(desks["centre_lead"], number) == [f"{number} {three}"]
    shot(desks["centre_lead"], "leader-notices")
    desks["handler"].goto(page)
    expect(desks["handler"].locator(".order-flag").first).to_be_visible()
    assert reads(resident, number, code) == "区住房和城乡建设局 正在办理"
    assert [words for words in INTERNAL if words in resident.locator("main").inner_text()] == []

    # A 督办函 is laid, printed, answered and lifted.
    supervisor, handler = desks["supervisor"], desks["handler"]
    supervisor.goto("/supervision/")
    shot(supervisor, "supervision")
    supervisor.locator(".watch-row", has_text=number[-4:]).get_by_role(
        "link", name=re.compile("核对签发")
    ).first.click()
    supervisor.fill("#sign-demand", "请三日内修好并书面说明。")
    supervisor.get_by_role("button", name="签发", exact=True).click()
    expect(supervisor.locator(".say--done").first).to_be_visible()
    supervisor.goto(page)
    shot(supervisor, "ordered")
    letter = case.orders.get(kind="letter")
    pdf = supervisor.request.get(f"/supervision/orders/{letter.pk}/letter.pdf").body()
    word = Document(io.BytesIO(supervisor.request.get(f"/supervision/orders/{letter.pk}/letter.docx").body()))
    assert pdf.startswith(b"%PDF-1.")
    assert letter.number in "\n".join(paragraph.text for paragraph in word.paragraphs)

    handler.goto(page)
    form = record(handler, "督办回复")
    shot(handler, "respond")
    form.get_by_label(re.compile("^督办函")).check()
    handler.fill("#respond-response", "已约抢修队，三日内修好。")
    press(handler, "督办回复")
    supervisor.goto(page)
    form = record(supervisor, "解除督办")
    form.get_by_label(re.compile("^督办函")).check()
    supervisor.fill("#lift-note", "整改属实。")
    press(supervisor, "解除督办")
    letter.refresh_from_db()
    assert (letter.responded_at is not None, letter.lifted_at is not None) == (True, True)

    # Handled, checked, asked about: not content, done again once; asked again, content, closed.
    resolve(handler, page, "更换循环泵。", "供热设备已更换，今天恢复供热。")
    approve(desks["supervisor2"], page)
    caller = desks["follow_up"]
    caller.goto("/follow-up/")
    shot(caller, "follow-up")
    call(caller, number)
    answer(caller, contacted=True, resolved=False, satisfaction=2)
    shot(caller, "call")
    caller.locator("#again textarea").fill("晚上仍然不热，请再修一次。")
    caller.locator("#again button").click()
    expect(caller.locator(".say--done").first).to_be_visible()
    assert reads(resident, number, code) == "区住房和城乡建设局 正在办理"
    resolve(handler, page, "再修一次，清洗管道。", "管道已清洗，晚上也热了。")
    approve(desks["supervisor2"], page)
    call(caller, number)
    answer(caller, contacted=True, resolved=True, satisfaction=4)
    caller.get_by_role("button", name="回访办结，打下一个").click()
    expect(caller.locator(".say--done").first).to_be_visible()
    assert reads(resident, number, code) == "已办结"
    words = resident.locator("main").inner_text()
    assert "管道已清洗，晚上也热了。" in words
    assert [one for one in INTERNAL if one in words] == []
    shot(resident, "resident")
    pass_time(timezone.now())  # what the clock urged is lifted by the clock
    case.refresh_from_db()
    assert (case.status, case.outcome, case.satisfaction, case.resolved, case.redo_count, case.orders_open) == (
        "closed",
        "fulfilled",
        4,
        True,
        1,
        0,
    )
    assert town.troubles == []


def approve(page: Page, address: str) -> None:
    """Somebody who did not handle it finds it right."""
    page.goto(address)
    open_move(page, "审核通过")
    press(page, "审核通过")


def call(page: Page, number: str) -> None:
    """Take the case off the queue and have its screen open."""
    page.goto(f"/follow-up/{number}/")
    page.get_by_role("button", name="开始回访").click()
    expect(page.locator("#answers")).to_be_visible()


def answer(page: Page, *, contacted: bool, resolved: bool, satisfaction: int) -> None:
    """What the resident says to the three questions; the last by its key."""
    page.locator("#q-contacted").get_by_label("是" if contacted else "否").check()
    page.locator("#q-resolved").get_by_label("是" if resolved else "否").check()
    page.keyboard.press(str(satisfaction))
    expect(page.locator(f"[name=satisfaction][value='{satisfaction}']")).to_be_checked()


def resolve(page: Page, address: str, result: str, reply: str) -> None:
    """The handler reports it done."""
    page.goto(address)
    open_move(page, "办结上报")
    page.fill("#resolve-result", result)
    page.get_by_label("化解成功（已履行）").check()
    page.fill("#resolve-reply", reply)
    press(page, "办结上报")
