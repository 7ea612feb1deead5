"""Decisions, 会商, joint tasks and 复查 in Chromium: accessible in each look, nothing wider than the screen, no English;
a lead decides in place. `PORTAL_SHOTS=folder` keeps screenshots to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from cases.models import Case, HandlerRequest
from cases.reviewing.services import apply
from governance_portal.lib.numbers import query_code
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked, result_page

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@dataclass
class Matters:
    """One matter for each page."""

    waiting: HandlerRequest
    consulting: Case
    joint: Case
    returned: Case
    petition: Case


@pytest.fixture(scope="module")
def matters(town: Town) -> Matters:
    d, now = town.district, timezone.now() - timedelta(hours=3)
    d.person("heating_lead", "冯站长", Role.HANDLER, "heating", lead=True)

    def accepted(**given: object) -> Case:
        return d.move(d.register(now=now, **given), "accept", "clerk", now, category="A0102", level="general")

    def handled(assisting: tuple[str, ...] = ()) -> Case:
        given = {"lead_unit": "housing", "mode": "forward", "assisting_units": list(assisting)}
        case = d.move(accepted(), "dispatch", "dispatcher", now, **given)
        return d.move(case, "sign", "handler", now)

    asked = {
        "kind": "extension",
        "amount": 3,
        "reason": "整根立管要停暖更换，须与十二户居民约定停水时间，配管三天后到货。",
        "public_reason": "更换整根立管要停水，正在和各户约定时间，材料三天后到货",
    }
    case = handled()
    d.record(case, "request", "handler", now, **asked)
    granted = handled()
    pk = d.record(granted, "request", "handler", now, **asked).data["request"]
    d.record(granted, "decide", "housing_lead", now, request=pk, approved=True, note="同意，先装临时阀。")

    consulting = d.move(
        accepted(), "consult", "dispatcher", now, units=["housing", "street"], question="漏水点在小区内还是市政管网"
    )
    d.record(consulting, "opinion", "handler", now, opinion="漏点在入户井内，属小区管网，我局可以主办。")

    joint = handled(("heating",))
    d.record(joint, "assist", "heating_man", now, opinion="主管压力正常，问题在楼内立管。")
    tomorrow = (now + timedelta(days=1)).date().isoformat()
    for unit, what in (("street", "入户登记受损面积，组织三户协商。"), ("community", "登记独居老人，停水时送水上门。")):
        d.record(joint, "task", "handler", now, unit=unit, what=what, due_on=tomorrow)

    returned = d.move(accepted(), "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    d.move(returned, "return", "handler", now, reason="not_ours", basis="三定方案第五条：市政管网由水务部门负责。")

    petition = accepted(procedure="petition")
    d.move(petition, "dispatch", "dispatcher", now, lead_unit="heating", mode="assign")
    d.move(petition, "sign", "heating_lead", now, handler="heating_man")
    answer = {"result": "核对了面积", "outcome": "answered", "reply": "经核对没有多收。"}
    d.move(petition, "resolve", "heating_lead", now, **answer)
    d.move(petition, "approve", "supervisor", now)
    return Matters(case.requests.get(), consulting, joint, returned, petition)


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, matters: Matters, look: str, screen: str
) -> None:
    lead, handler, dispatcher, clerk = (town.enter(who) for who in ("housing_lead", "handler", "dispatcher", "clerk"))
    pages = {
        "decisions": (lead, "/decisions/"),
        "decisions-none": (town.enter("centre_lead"), "/decisions/"),
        "consulting": (handler, f"/cases/{matters.consulting.number}/"),
        "joint": (handler, f"/cases/{matters.joint.number}/"),
        "resolve-joint": (handler, f"/cases/{matters.joint.number}/moves/resolve/"),
        "ask-extension": (handler, f"/cases/{matters.joint.number}/records/request/?kind=extension"),
        "conclude": (dispatcher, f"/cases/{matters.consulting.number}/moves/conclude/"),
        "returned": (dispatcher, f"/cases/{matters.returned.number}/"),
        "review": (clerk, f"/cases/{matters.petition.number}/review/"),
        "petition": (clerk, f"/cases/{matters.petition.number}/"),
    }
    found = {}
    for name, (page, address) in pages.items():
        page.goto(address)
        page.wait_for_load_state("load")
        found[name] = checked(town, page, name, look, screen)
    resident = result_page(town, matters.petition)
    resident.wait_for_selector("#act-review")
    resident.click("#act-review summary")
    found["ask-review"] = checked(town, resident, "ask-review", look, screen)
    words = ["Word"]
    assert ({name: [one for one in wrong if one not in words] for name, wrong in found.items()}, town.troubles) == (
        {name: [] for name in found},
        [],
    )
    town.leave()


def test_a_lead_refuses_without_a_reason_then_with_one_and_the_page_says_what_happened(
    town: Town, matters: Matters
) -> None:
    page = town.enter("housing_lead")
    page.goto("/decisions/")
    card = page.locator(f"#decision-{matters.waiting.pk}")
    card.get_by_role("button", name="不同意").click()
    page.get_by_text("不同意的，请写明理由，申请人会看到。").wait_for()
    page.fill(f"#note-{matters.waiting.pk}", "先抢修，不等配管。")
    card.get_by_role("button", name="不同意").click()
    page.get_by_text("申请人会收到通知").wait_for()
    matters.waiting.refresh_from_db()
    assert (matters.waiting.approved, matters.waiting.decision_note, town.troubles) == (False, "先抢修，不等配管。", [])
    town.leave()


def test_the_resident_asks_for_a_review_without_scripts(town: Town, matters: Matters) -> None:
    page = town.visitor(java_script_enabled=False)
    page.goto("/query/")
    page.fill("#number", matters.petition.number)
    page.fill("#query_code", query_code(matters.petition.number, matters.petition.query_issue))
    page.click("#query-go")
    page.click("#act-review summary")
    page.fill("#review-reason", "答复没有说明公摊面积怎样计算。")
    page.get_by_role("button", name="提交复查申请").click()
    page.get_by_text("申请已经收到。新的受理编号").wait_for()
    assert [row.kind for row in matters.petition.reviews.all()] == ["review"]
    town.leave()


def test_the_review_stands_on_both_pages(town: Town, matters: Matters) -> None:
    old = matters.petition
    now = timezone.now()
    made = (
        old.reviews.get().case
        if old.reviews.exists()
        else apply(old, {"reason": "不服"}, actor=town.district.actor("clerk", now), now=now).case
    )
    page = town.enter("clerk")
    page.goto(f"/cases/{old.number}/")
    page.locator("#reviews").get_by_role("link").first.click()
    page.wait_for_url(f"**/cases/{made.number}/")
    found = checked(town, page, "review-case", "light", "desk") + checked(town, page, "review-case", "light", "phone")
    assert found == []
    town.leave()
