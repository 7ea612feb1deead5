"""The window's one screen by page: who came, what is done at once, the helper, drafts; nothing typed is ever lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from cases.models import Case, IntakeDraft, Party, Visit
from cases.services import drafting
from tests.cases.cast import COMMUNITY, GRID, District

ClientOf = Callable[[str], Client]
WALK_IN: dict[str, Any] = {
    "client_id": "0b0e8f0e-1111-4111-8111-111111111111",
    "kind": "appeal",
    "channel": "window",
    "description": "胜利社区三号楼暖气不热，已有一周。请求尽快维修。",
    "reporter-0-name": "张三",
    "reporter-0-phone": "13812341234",
    "place-code": GRID,
    "place-address": "胜利社区三号楼",
}


def taken_in(client: Client, **given: Any) -> Case:
    response = client.post("/cases/new/", {**WALK_IN, **given})
    assert response.status_code == 302, response.content.decode()
    return Case.objects.order_by("-pk")[0]


def refused(client: Client, **given: Any) -> str:
    response = client.post("/cases/new/", {**WALK_IN, **given})
    assert response.status_code == 400, response.status_code
    return str(response.content.decode())


def helper(client: Client, **given: Any) -> str:
    response = client.post("/cases/new/beside/", {**WALK_IN, **given}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return str(response.content.decode())


# --- one submission ---------------------------------------------------------------------------------------------


def test_a_matter_is_registered_and_accepted_at_once(district: District, client_of: ClientOf) -> None:
    case = taken_in(client_of("clerk"), category="A0102", level="general", then="accept")
    assert [event.kind for event in case.events.order_by("seq")] == ["register", "accept"]
    assert (case.status, case.category_code, case.level, case.grid_code) == ("accepted", "A0102", "general", GRID)


def test_what_is_answered_on_the_spot_is_registered_and_answered_together(
    district: District, client_of: ClientOf
) -> None:
    reply = "热力公司今天下午上门排气，晚上仍不热请打 0349-6020000。"
    case = taken_in(
        client_of("clerk"), category="A0102", level="general", then="resolve_on_spot", reply=reply, outcome="fulfilled"
    )
    event = case.events.get(kind="resolve_on_spot")
    assert (case.status, case.outcome, case.handler.username) == ("follow_up", "fulfilled", "clerk")  # type: ignore[union-attr]
    assert (event.data["reply"], event.data["result"]) == (reply, "窗口当场答复。")
    slip = client_of("clerk").get(f"/cases/{case.number}/receipt/").content.decode()
    assert (reply in slip, "已当场答复" in slip) == (True, True)


@pytest.mark.parametrize(
    ("then", "missing"),
    [
        ("accept", "请选择等级。"),
        ("resolve_on_spot", "请填写给居民的答复。"),
        ("decline", "请选择理由。"),
        ("transfer", "请选择接收机关。"),
    ],
)
def test_all_or_nothing(district: District, client_of: ClientOf, then: str, missing: str) -> None:
    page = refused(client_of("clerk"), then=then, category="A0102")
    assert (missing in page, Case.objects.count(), Visit.objects.count()) == (True, 0, 0)
    assert ("三号楼暖气不热" in page, "13812341234" in page) == (True, True)


def test_somebody_at_the_wrong_office_is_registered_and_told_where_to_turn(
    district: District, client_of: ClientOf
) -> None:
    unit = district.units["heating"]
    unit.address, unit.phone, unit.office_hours = "井坪镇向阳路 3 号", "0349-6021000", "8:30—18:00"
    unit.save()
    case = taken_in(client_of("clerk"), then="decline", reason="N7", instead_unit="heating", instead="带上缴费单")
    assert case.status == "declined"
    slip = client_of("clerk").get(f"/cases/{case.number}/receipt/").content.decode()
    for words in ("请到区供热服务站", "地址：井坪镇向阳路 3 号", "电话：0349-6021000", "带上缴费单"):
        assert words in slip


def test_the_empty_form_tells_every_field_that_is_missing_at_once(district: District, client_of: ClientOf) -> None:
    empty = {"kind": "", "description": "", "place-code": "", "place-address": "", "reporter-0-phone": "没有"}
    page = refused(client_of("clerk"), **empty)
    assert set(re.findall(r'id="([a-z0-9_-]+)-errors"', page)) == {
        *("kind", "description", "place-address"),
        "reporter-0-name",
    }


def test_a_consultation_takes_three_fields(district: District, client_of: ClientOf) -> None:
    asked = {
        "client_id": "c1",
        "mode": "consult",
        "description": "低保怎么申请？",
        "category": "C0203",
        "reply": "到村委会提交申请。",
    }
    response = client_of("clerk").post("/cases/new/", asked)
    case = Case.objects.get()
    assert (response.status_code, case.kind, case.status, case.level) == (302, "consultation", "follow_up", "general")


def test_a_consultation_nobody_can_answer_now_is_only_registered(district: District, client_of: ClientOf) -> None:
    client_of("clerk").post("/cases/new/", {"client_id": "c1", "mode": "consult", "description": "低保怎么申请？"})
    assert Case.objects.get().status == "registered"


def test_the_same_form_sent_twice_registers_and_moves_once(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    given = {"category": "A0102", "level": "general", "then": "accept"}
    first, second = (taken_in(clerk, **given).number for _time in range(2))
    assert (first == second, Case.objects.count(), Case.objects.get().version) == (True, 1, 2)


def test_the_kind_follows_from_the_category(district: District, client_of: ClientOf) -> None:
    assert taken_in(client_of("clerk"), kind="", category="0202").kind == "dispute"


# --- who came ---------------------------------------------------------------------------------------------------


def test_who_comes_for_somebody_else_is_the_agent_and_the_other_the_principal(
    district: District, client_of: ClientOf
) -> None:
    case = taken_in(
        client_of("clerk"), who="behalf", **{"reporter-1-name": "李老太", "reporter-1-phone": "13900001111"}
    )
    assert list(case.parties.order_by("position").values_list("role", flat=True)) == ["agent", "principal"]


def test_five_or_more_come_with_representatives_and_a_letter_to_sign(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    case = taken_in(
        clerk, who="several", visitor_count="11", **{"reporter-1-name": "李四", "reporter-1-phone": "13900001111"}
    )
    assert set(case.parties.values_list("role", flat=True)) == {"representative"}
    receipt = clerk.get(f"/cases/{case.number}/receipt/").content.decode()
    letter = clerk.get(f"/cases/{case.number}/representatives/").content.decode()
    assert f"/cases/{case.number}/representatives/" in receipt
    assert ("我们 11 人" in letter, "张三" in letter, "李四" in letter) == (True, True, True)
    assert AuditEntry.objects.filter(action="unmask", target=f"case:{case.number}").count() == 1
    assert client_of("dispatcher").get(f"/cases/{case.number}/representatives/").status_code == 403


def test_a_couple_is_two_people_and_no_joint_visit(district: District, client_of: ClientOf) -> None:
    case = taken_in(client_of("clerk"), who="several", **{"reporter-1-name": "李四"})
    assert (case.visitor_count, set(case.parties.values_list("role", flat=True))) == (2, {"person"})


def test_an_anonymous_hazard_leaves_nobody(district: District, client_of: ClientOf) -> None:
    nobody = {"reporter-0-name": "", "reporter-0-phone": ""}
    case = taken_in(client_of("clerk"), who="anonymous", kind="hazard", **nobody)
    assert (case.anonymous, Party.objects.count()) == (True, 0)


def test_one_tap_reports_what_is_grave_and_the_receipt_says_to_whom(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    case = taken_in(clerk, urgent="on")
    page = clerk.get(f"/cases/{case.number}/receipt/?new=1").content.decode()
    assert "已报告：孙主任（中心负责人）、老周（分流员）" in page
    assert sorted(Notice.objects.filter(kind="urgent").values_list("user__username", flat=True)) == [
        "centre_lead",
        "dispatcher",
    ]
    assert case.level == "urgent"


# --- the helper -------------------------------------------------------------------------------------------------


def test_a_repeat_visitor_is_recognised_without_anybodys_data(district: District, client_of: ClientOf) -> None:
    district.register(
        category="A0102", reporters=[{"name": "王秀英", "phone": "138-1234-1234", "id_number": "140603195001010012"}]
    )
    text = helper(client_of("clerk"), description="", **{"reporter-0-name": ""})
    assert re.search(r"来过 1 次.*供热.*还有 1 件在办", text, re.S)
    assert not re.search(r"王秀英|王|13812341234|140603195001010012", text)


def test_a_likely_duplicate_comes_with_its_reasons_and_a_human_decides(district: District, client_of: ClientOf) -> None:
    earlier = district.register(category="A0102", place={"grid": GRID})
    clerk = client_of("clerk")
    text = helper(clerk, category="A0102")
    for words in (
        earlier.number,
        "同一电话",
        "类别相同（供热）",
        "同一网格",
        "说的内容很相近",
        "关联为重复",
        "新情况新理由",
        "同一群体",
    ):
        assert words in text
    assert AuditEntry.objects.filter(action="recognise").get().detail == {"cases": [earlier.number]}
    helper(clerk, category="A0102")
    assert AuditEntry.objects.filter(action="recognise").count() == 1
    case = taken_in(clerk, category="A0102", **{f"related-{earlier.number}": "duplicate"})
    assert case.events.get().data["related"] == [{"number": earlier.number, "relation": "duplicate"}]
    assert Visit.objects.get(case=case).repeat is True


def test_the_same_person_with_another_matter_is_no_duplicate(district: District, client_of: ClientOf) -> None:
    district.register(description="门口路灯坏了三天，晚上看不见。", category="A0302", place={"area": "140603100"})
    assert "可能是同一件事" not in helper(client_of("clerk"), category="A0102")


def test_other_matters_of_a_person_are_for_the_window_only(district: District, client_of: ClientOf) -> None:
    district.register(by="grid_worker", channel="grid", place={"grid": GRID})
    text = helper(client_of("grid_worker"))
    assert ("来过" in text, "可能是同一件事" in text, "供热" in text) == (False, False, True)


def test_who_comes_for_another_is_not_taken_for_him(district: District, client_of: ClientOf) -> None:
    district.register(reporters=[{"name": "热心人", "phone": "13812341234"}])
    text = helper(client_of("clerk"), who="behalf", **{"reporter-1-name": "李老太", "reporter-1-phone": "13900001111"})
    assert "来过" not in text


def test_proposals_tell_why(district: District, client_of: ClientOf) -> None:
    story = "我们 11 个工人在工地干了八个月，老板拖欠工资 30 万元，一个老人急得要跳楼。"
    text = helper(client_of("clerk"), description=story, **{"place-address": "胜利社区三号楼"})
    for words in (
        "拖欠工资",
        "胜利社区第一网格",
        "紧急（红）",
        "涉及 11 人",
        "已持续 8 个月",
        "涉及金额约 30 万元",
        "跳楼",
    ):
        assert words in text


def test_the_helper_is_asked_by_post_only(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    assert clerk.get("/cases/new/beside/", {"reporter-0-phone": "13812341234"}).status_code == 405


# --- drafts -----------------------------------------------------------------------------------------------------


def test_a_draft_is_sealed_at_rest_and_comes_back_whole(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    assert "草稿已保存" in helper(clerk)
    token = IntakeDraft.objects.values_list("typed", flat=True)[0]
    assert b"13812341234" not in bytes(token) and "暖气".encode() not in bytes(token)
    page = clerk.get(f"/cases/new/?draft={WALK_IN['client_id']}").content.decode()
    for typed in ("13812341234", "张三", "三号楼暖气不热", WALK_IN["client_id"], "胜利社区第一网格"):
        assert typed in page


def test_nobody_else_gets_it(district: District, client_of: ClientOf) -> None:
    helper(client_of("clerk"))
    district.person("clerk2", "小郝", "clerk", "centre")
    page = client_of("clerk2").get(f"/cases/new/?draft={WALK_IN['client_id']}").content.decode()
    assert ("13812341234" in page, "三号楼" in page) == (False, False)


def test_registering_forgets_the_draft_and_a_refusal_keeps_it(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    helper(clerk)
    refused(clerk, description="")
    assert IntakeDraft.objects.count() == 1
    taken_in(clerk)
    assert IntakeDraft.objects.count() == 0


def test_old_drafts_are_purged(district: District, client_of: ClientOf) -> None:
    helper(client_of("clerk"))
    now = timezone.now()
    assert drafting.purge(now + timedelta(hours=71)) == 0
    assert drafting.drafts_of(district.actor("clerk"), now + timedelta(hours=73)) == []
    assert drafting.purge(now + timedelta(hours=73)) == 1


def test_an_unfinished_form_waits_and_nobodys_data_comes_up_unasked(district: District, client_of: ClientOf) -> None:
    clerk = client_of("clerk")
    helper(clerk)
    fresh = clerk.get("/cases/new/").content.decode()
    assert ("13812341234" in fresh, "还有 1 份没登记完" in fresh) == (False, True)
    response = clerk.post("/cases/new/drafts/drop/", {"client_id": WALK_IN["client_id"]})
    assert (response.status_code, IntakeDraft.objects.count()) == (302, 0)


# --- the form ---------------------------------------------------------------------------------------------------


def test_the_required_few_are_marked_and_nothing_says_that_it_may_stay_empty(
    district: District, client_of: ClientOf
) -> None:
    page = client_of("clerk").get("/cases/new/").content.decode()
    assert "可不填" not in page
    always = page.split('data-when="then"')[0]
    assert always.count('class="must"') == 3  # the story, the kind, the place


def test_only_who_registers_opens_it(district: District, client_of: ClientOf) -> None:
    assert [client_of(who).get("/cases/new/").status_code for who in ("operator", "grid_worker", "handler")] == [
        200,
        200,
        403,
    ]


def test_the_page_asks_the_database_as_often_for_one_unit_as_for_many(
    district: District, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    clerk = client_of("clerk")
    with django_assert_max_num_queries(17):
        clerk.get("/cases/new/")
    assert COMMUNITY


def test_the_dispatcher_is_proposed_to_merge_what_the_window_called_a_duplicate(
    district: District, client_of: ClientOf
) -> None:
    earlier = district.register()
    related = [{"number": earlier.number, "relation": "duplicate"}]
    again = district.register(related=related)
    district.move(again, "accept", "clerk", category="A0102", level="general")
    dispatcher = client_of("dispatcher")
    page = dispatcher.get(f"/cases/{again.number}/").content.decode()
    assert (f'与 <a href="/cases/{earlier.number}/">' in page, "关联为重复" in page, "并入这一件" in page) == (
        True,
        True,
        True,
    )
    assert "并入这一件" not in client_of("supervisor").get(f"/cases/{again.number}/").content.decode()
    again.refresh_from_db()
    response = dispatcher.post(
        f"/cases/{again.number}/moves/merge/",
        {"master": earlier.number, "version": again.version, "client_id": f"merge-{again.number}"},
    )
    again.refresh_from_db()
    assert (response.status_code, again.status, again.master) == (302, "merged", earlier)


def test_new_facts_are_told_and_never_proposed_to_be_merged(district: District, client_of: ClientOf) -> None:
    earlier = district.register()
    again = district.register(related=[{"number": earlier.number, "relation": "new_facts"}])
    district.move(again, "accept", "clerk", category="A0102", level="general")
    page = client_of("dispatcher").get(f"/cases/{again.number}/").content.decode()
    assert ("新情况新理由" in page, "并入这一件" in page) == (True, False)
