"""What any system of this kind should show (docs/behaviours.md), tried from outside: those no other test is named for."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Notice
from cases.models import Case, Event, Reminder
from cases.queries import public_timeline
from cases.services import clock
from governance_portal.lib.errors import Incomplete
from tests.api.conftest import Phones
from tests.api.phone import Phone
from tests.cases.cast import COMMUNITY, MONDAY, District, at

pytestmark = pytest.mark.django_db

REPORT = {
    "kind": "appeal",
    "channel": "window",
    "description": "胜利社区二号楼前路灯三天不亮，老人晚上出门不便。",
    "place": {"area": COMMUNITY},
}


def kinds(case: Case) -> list[str]:
    return list(Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def handling(district: District) -> Case:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return district.move(case, "sign", "handler")


def answered(district: District) -> Case:
    case = handling(district)
    district.move(case, "resolve", "handler", result="换了阀门。", outcome="fulfilled", reply="阀门已更换，供热恢复。")
    return district.move(case, "approve", "supervisor")


@pytest.mark.behaviour(2)
@pytest.mark.parametrize(
    ("name", "who", "given", "missing"),
    [
        ("decline", "clerk", {"instead": "请到区法院诉讼服务中心。"}, "reason"),
        ("return", "handler", {"basis": "职责清单第 3 条"}, "reason"),
        ("terminate", "housing_lead", {"instead": "可以向人民法院起诉。"}, "reason"),
        ("reopen", "supervisor", {}, "reason"),
        ("close_uncalled", "follow_up", {}, "ground"),
    ],
)
def test_what_ends_or_turns_a_matter_needs_its_reason(
    district: District, name: str, who: str, given: dict[str, Any], missing: str
) -> None:
    case = {"decline": district.register, "return": lambda: handling(district)}.get(name, lambda: handling(district))()
    if name in ("close_uncalled", "reopen"):
        case = answered(district)
    if name == "reopen":
        district.move(case, "confirm", "follow_up", satisfaction=5, resolved=True, contacted=True)
    before = kinds(case)
    with pytest.raises(Incomplete) as refusal:
        district.move(case, name, who, **given)
    case.refresh_from_db()
    assert (missing in refusal.value.errors, kinds(case), case.version) == (True, before, len(before))


@pytest.mark.behaviour(4)
def test_a_point_outside_the_district_is_refused_and_a_matter_nowhere_is_asked_where(
    phones: Phones, district: District
) -> None:
    clerk = phones("clerk")
    nowhere = clerk.post("cases/", {**REPORT, "place": {}})
    advice = clerk.post("cases/", {**REPORT, "kind": "consultation", "place": {}})
    assert (nowhere.status_code, list(nowhere.json()["errors"]), advice.status_code) == (400, ["place"], 201)
    for place in ({"lng": 181, "lat": 39.5}, {"lng": 112.1, "lat": "北"}, {"lng": 112.1}):
        refused = clerk.post("cases/", {**REPORT, "place": place})
        assert (refused.status_code, [name.split(".")[0] for name in refused.json()["errors"]]) == (400, ["place"])
    assert Case.objects.count() == 1


@pytest.mark.behaviour(11)
def test_reassigning_takes_it_from_who_had_it_and_says_so_and_the_same_unit_again_is_no_event(
    district: District,
) -> None:
    case = handling(district)
    same = district.move(case, "reassign", "dispatcher", lead_unit="housing", reason="仍由住建局办理")
    assert (same.status, same.handler, kinds(case)[-1]) == ("handling", district.people["handler"], "sign")
    moved = district.move(case, "reassign", "dispatcher", lead_unit="street", reason="属地更近")
    event = Event.objects.filter(case=case).latest("seq")
    clock.sweep(at(23, 9, 1))
    loss = Notice.objects.get(user__username="handler", title__endswith="改派").body
    assert loss == "平鲁区社会治安综合治理中心已将该件交由“井坪镇人民政府”办理，您不用再办。"
    told = set(
        Notice.objects.filter(case_number=case.number, title__endswith="改派").values_list("user__username", flat=True)
    )
    assert (moved.status, moved.handler, moved.lead_unit) == ("dispatched", None, district.units["street"])
    assert (event.kind, event.data["from_unit_name"], event.data["reason"]) == (
        "reassign",
        "区住房和城乡建设局",
        "属地更近",
    )
    assert {"handler", "street_handler"} <= told


@pytest.mark.behaviour(12)
def test_a_merged_matter_tells_where_it_went_and_when_the_other_ended_and_comes_back_as_it_was(
    district: District,
) -> None:
    master, case = handling(district), district.register(description="三号楼暖气还是不热。")
    district.move(case, "merge", "dispatcher", at(23, 10), master=master.number)
    case = Case.objects.get(pk=case.pk)
    assert public_timeline(case)["status_text"] == f"与受理编号 {master.number} 合并办理"
    assert "合并办理的事项已办结" not in [line["label"] for line in public_timeline(case)["events"]]
    district.move(
        master, "resolve", "handler", at(23, 11), result="修好", outcome="fulfilled", reply="您家 402 已修好。"
    )
    district.move(master, "approve", "supervisor", at(23, 12))
    district.move(master, "confirm", "follow_up", at(23, 13), satisfaction=5, resolved=True, contacted=True)
    told = public_timeline(Case.objects.get(pk=case.pk))["events"][-1]
    assert (told["label"], told["at"]) == ("合并办理的事项已办结", at(23, 13))
    assert (master.number in told["text"], "402" in told["text"]) == (True, False)
    back = district.move(case, "unmerge", "dispatcher", at(23, 14), note="不是同一件事")
    assert (back.status, back.master_id) == ("registered", None)


@pytest.mark.behaviour(13)
def test_a_late_worker_sends_the_message_of_the_move_it_was_given_and_once(district: District) -> None:
    case = district.register()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(case, "reassign", "dispatcher", at(23, 9, 30), lead_unit="street", reason="属地更近")
    for _ in range(2):
        clock.sweep(at(23, 10))
    told = Notice.objects.filter(title__endswith="分流").values_list("user__username", flat=True)
    assert sorted(told) == ["handler", "handler2", "housing_lead"]


@pytest.mark.behaviour(20)
def test_the_count_is_the_number_of_rows_one_may_see(phones: Phones, district: District) -> None:
    for _ in range(3):
        handling(district)
    district.register(place={"area": "140603101"})
    seen = {}
    for who in ("dispatcher", "handler", "handler_other", "follow_up", "auditor"):
        rows = phones(who).get("cases/?page_size=100").json()["results"]
        numbers = [row["number"] for row in rows]
        assert len(numbers) == len(set(numbers)) == phones(who).get("cases/count/").json()["count"]
        seen[who] = len(numbers)
    assert seen == {"dispatcher": 4, "handler": 3, "handler_other": 0, "follow_up": 4, "auditor": 0}


@pytest.mark.behaviour(22)
def test_what_colleagues_write_for_each_other_never_reaches_the_resident(district: District, phones: Phones) -> None:
    case = answered(district)
    district.record(case, "note", "handler", text="该户去年也报过，注意方式", public_text="师傅已上门查看。")
    number, code = case.number, phones("clerk").post(f"cases/{case.number}/query-code/", {}).json()["query_code"]
    told = Phone(district, "").post("public/lookup/", {"number": number, "query_code": code}).content.decode()
    assert ("师傅已上门查看" in told, "阀门已更换" in told) == (True, True)
    assert ("该户去年" in told, "换了阀门" in told, "老李" in told) == (False, False, False)


@pytest.mark.behaviour(23)
def test_a_unit_that_lost_a_matter_no_longer_opens_it_and_the_dispatcher_does_not_lose_sight_of_it(
    district: District, phones: Phones
) -> None:
    case = handling(district)
    assert phones("handler").get(f"cases/{case.number}/").status_code == 200
    district.move(case, "reassign", "dispatcher", lead_unit="street", reason="属地更近")
    district.move(case, "sign", "street_handler")
    opened = {
        who: phones(who).get(f"cases/{case.number}/").status_code
        for who in ("handler", "housing_lead", "street_handler", "dispatcher")
    }
    assert opened == {"handler": 404, "housing_lead": 404, "street_handler": 200, "dispatcher": 200}


@pytest.mark.behaviour(25)
def test_nobody_has_to_have_a_phone_or_to_invent_one(phones: Phones, district: District) -> None:
    unnamed = phones("clerk").post("cases/", REPORT)
    named = phones("clerk").post("cases/", {**REPORT, "reporters": [{"name": "李奶奶"}]})
    assert (unnamed.status_code, named.status_code) == (201, 201)
    assert [party.contact["phone"] for case in Case.objects.all() for party in case.parties.all()] == [""]


@pytest.mark.behaviour(28)
def test_what_the_clock_does_on_another_day_is_the_clocks(district: District) -> None:
    case = handling(district)
    district.move(case, "suspend", "housing_lead", at(23, 15), reason="appraisal", expected_end="2026-11-24")
    clock.sweep(at(25, 3))
    event = Event.objects.filter(case=case).latest("seq")
    assert (event.kind, event.actor_name, event.actor_id, event.at) == (
        "resume",
        district.actor("clock").name,
        district.actor("clock").user_id,
        at(25, 3),
    )


@pytest.mark.behaviour(30)
def test_a_reminder_of_a_date_that_moved_is_sent_again_and_one_that_was_sent_is_not(district: District) -> None:
    case = handling(district)
    due = Case.objects.get(pk=case.pk).due_at
    assert due is not None
    clock.sweep(due)
    clock.sweep(due)
    first = Notice.objects.filter(user__username="handler", kind="due_soon", title__contains="办结时限").count()
    asked = district.record(case, "request", "handler", due, kind="extension", amount=3, reason="配件明天到")
    district.record(case, "decide", "housing_lead", due, request=asked.data["request"], approved=True)
    later = Case.objects.get(pk=case.pk).due_at
    assert later is not None and later > due
    clock.sweep(later)
    clock.sweep(later)
    again = Notice.objects.filter(user__username="handler", kind="due_soon", title__contains="办结时限").count()
    dates = list(
        Reminder.objects.filter(deadline__case=case, deadline__clock="resolve_by", rung="before")
        .order_by("pk")
        .values_list("due_at", flat=True)
    )
    assert (first, again, dates) == (1, 2, [due, later])


def test_the_day_of_these_tests_is_a_working_monday() -> None:
    assert MONDAY.isoweekday() == 1
