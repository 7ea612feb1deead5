"""镇街吹哨、部门报到: who whistles, who is called, who sees it; arrival, result, both rate; who is late is chased."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.choices import Role
from accounts.models import Notice
from cases.models import Case, Event, Whistle, WhistleCall, WhistlePolicy
from cases.whistling import queries, services
from cases.whistling.chores import chase_whistles
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.api.phone import Phone
from tests.cases.cast import DISTRICT, MONDAY, OTHER_STREET, STREET, District, at
from tests.whistling.conftest import GIVEN

Blow = Callable[..., Whistle]
ClientOf = Callable[[str], Client]
RESULT = {"result": "查明是阀门老化，已更换。"}


def call(whistle: Whistle, unit: str = "housing") -> WhistleCall:
    return whistle.calls.get(unit__code=unit)


def accepted(d: District, **given: Any) -> Case:
    return d.move(d.register("resident", channel="web", **given), "accept", "clerk", category="A0102", level="general")


def finished(d: District, whistle: Whistle, unit: str = "housing", by: str = "handler") -> int:
    pk = call(whistle, unit).pk
    services.arrive(d.actor("street_lead"), pk, {"who": "市政科"}, now=at(23, 15))
    services.start(d.actor(by), pk, now=at(23, 16))
    services.finish(d.actor(by), pk, RESULT, now=at(24))
    return pk


# --- laying it ----------------------------------------------------------------------------------------------------


def test_a_street_calls_departments_and_each_is_told_by_when(blow: Blow) -> None:
    whistle = blow()
    assert [(one.unit.code, one.stage) for one in whistle.calls.order_by("unit__code")] == [
        ("heating", "called"),
        ("housing", "called"),
    ]
    assert (whistle.unit.code, whistle.area_code, whistle.arrive_by, whistle.finish_by) == (
        *("street", STREET),
        *(at(26, 0), at(8, 0, month=12)),
    )
    told = {notice.user.username for notice in Notice.objects.filter(key=f"whistle:{whistle.pk}:called")}
    assert told == {"handler", "handler2", "housing_lead", "heating_man"}
    body = Notice.objects.filter(user__username="handler").get().body
    assert body == "井坪镇人民政府吹哨（群众反映突出），请于 2026年11月25日 星期三 24:00 前报到。"


@pytest.mark.parametrize(
    ("kind", "scale", "now", "arrive", "finish"),
    [
        ("emergency", "simple", at(23, 23), at(24, 1), at(24, 1)),
        ("emergency", "complex", at(23, 10), at(23, 12), at(27, 0)),
        ("voices", "simple", at(23, 10), at(24, 0), at(24, 0)),
        ("voices", "complex", at(27, 10), at(2, 0, month=12), at(12, 0, month=12)),
        ("enforcement", "simple", at(28, 10), at(1, 0, month=12), at(1, 0, month=12)),
    ],
)
def test_response_times_follow_kind_scale_and_the_working_calendar(
    blow: Blow, kind: str, scale: str, now: Any, arrive: Any, finish: Any
) -> None:
    """应急 by the hour, 简单 the same day (a Saturday's on Monday), 复杂 within ten working days; none ends before it begins."""
    whistle = blow(now=now, kind=kind, scale=scale)
    assert (whistle.arrive_by, whistle.finish_by) == (arrive, finish)


def test_a_changed_policy_holds_for_the_next_whistle_and_moves_none_that_was_laid(blow: Blow) -> None:
    before = blow()
    WhistlePolicy.objects.filter(kind="voices", scale="complex").update(arrive_amount=1)
    after = blow()
    before.refresh_from_db()
    assert (before.arrive_by, after.arrive_by) == (at(26, 0), at(25, 0))


@pytest.mark.parametrize(
    "who", ["clerk", "dispatcher", "supervisor", "handler", "grid_worker", "street_handler", "mediator"]
)
def test_only_a_streets_lead_or_dispatcher_whistles(blow: Blow, who: str) -> None:
    with pytest.raises(NotYou, match="由乡镇、街道的负责人或分流员发起"):
        blow(who)
    assert Whistle.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"kind": ""}, {"kind": ["请选择哨种。"]}),
        ({"scale": "huge"}, {"scale": ["请选择简单还是复杂，它决定报到和办结的期限。"]}),
        ({"place": " "}, {"place": ["请填写地点。"]}),
        ({"what": ""}, {"what": ["请写明请部门来做什么。"]}),
        ({"units": []}, {"units": ["请至少选择一个部门。"]}),
        ({"units": ["street"]}, {"units": ["“井坪镇人民政府”就是本单位，不用呼叫自己。"]}),
        ({"units": ["nobody"]}, {"units": ["没有代码为 nobody 的单位，请重新选择。"]}),
        ({"number": "26112310000018"}, {"number": ["没有找到这个受理编号，或者不在您的管辖范围内。"]}),
    ],
)
def test_what_is_missing_is_told_beside_it(blow: Blow, given: dict[str, Any], errors: dict[str, list[str]]) -> None:
    with pytest.raises(Incomplete) as refused:
        blow(**given)
    assert (refused.value.errors, Whistle.objects.count()) == (errors, 0)


def test_the_same_form_sent_twice_is_one_whistle_and_another_one_with_its_key_is_refused(district: District) -> None:
    actor = district.actor("street_lead")
    first, fresh = services.whistle(actor, GIVEN, now=MONDAY, client_id="k")
    again, second = services.whistle(actor, GIVEN, now=at(24), client_id="k")
    assert (first.pk, fresh, second, Whistle.objects.count()) == (again.pk, True, False, 1)
    with pytest.raises(NotNow, match="同一个提交号"):
        services.whistle(actor, {**GIVEN, "place": "别处"}, now=at(24), client_id="k")


def test_phone_numbers_do_not_go_out_with_it(blow: Blow) -> None:
    assert blow(what="联系张三 13812341234 开门").what == "联系张三 138****1234 开门"


# --- on a case ----------------------------------------------------------------------------------------------------


def test_on_a_case_it_is_a_line_of_the_history_and_opens_the_case_to_nobody(blow: Blow, district: District) -> None:
    case = accepted(district)
    whistle = blow("street_dispatcher", number=case.number)
    event = Event.objects.get(kind="whistle")
    assert (whistle.case_id, event.data["number"], event.data["unit_names"], event.actor_name) == (
        case.pk,
        whistle.number,
        ["区住房和城乡建设局", "区供热服务站"],
        "焦文龙",
    )
    actor = district.actor("handler")
    assert queries.find(actor, whistle.pk, MONDAY).pk == whistle.pk
    assert Case.objects.visible_to(actor, MONDAY).filter(pk=case.pk).exists() is False


def test_the_unit_complained_about_is_never_called(blow: Blow, district: District) -> None:
    """Rule 4."""
    case = accepted(district, complained_unit="heating", complaint_nature="conduct")
    with pytest.raises(Incomplete) as refused:
        blow("street_dispatcher", number=case.number)
    assert refused.value.errors == {"units": ["作风投诉不得交由被投诉单位“区供热服务站”或其下级办理，请选其上级单位。"]}
    assert (Whistle.objects.count(), Event.objects.filter(kind="whistle").count()) == (0, 0)


def test_its_people_see_no_whistle_about_it_even_where_they_oversee(blow: Blow, district: District) -> None:
    """Rule 4: a complaint about the conduct of the centre; its supervisor oversees the district, and does not read this."""
    case = district.register("resident", channel="web", complained_unit="centre", complaint_nature="conduct")
    whistle = blow()
    Whistle.objects.filter(pk=whistle.pk).update(case=case)
    assert queries.visible_to(district.actor("supervisor"), MONDAY).count() == 0
    Whistle.objects.filter(pk=whistle.pk).update(case=None)
    assert queries.visible_to(district.actor("supervisor"), MONDAY).count() == 1


# --- who sees it --------------------------------------------------------------------------------------------------


def test_it_is_seen_by_both_sides_and_by_who_oversees_the_place(
    blow: Blow, district: District, client_of: ClientOf
) -> None:
    district.person("other_lead", "外镇长", Role.HANDLER, "other_street", OTHER_STREET, lead=True)
    district.person("other_dispatcher", "外分流", Role.DISPATCHER, "other_street", OTHER_STREET)
    whistle = blow()
    names = [name for name in district.people if name != "auditor"]
    seen = {name for name in names if queries.visible_to(district.actor(name), MONDAY).exists()}
    assert seen == {
        *("street_lead", "street_dispatcher", "street_handler"),
        *("handler", "handler2", "housing_lead", "heating_man"),
        *("dispatcher", "supervisor", "supervisor2", "centre_lead"),
    }
    assert client_of("other_lead").get(f"/whistles/{whistle.pk}/").status_code == 404
    assert client_of("clerk").get("/whistles/").status_code == 403
    assert client_of("handler").get(f"/whistles/{whistle.pk}/").status_code == 200


# --- its course ---------------------------------------------------------------------------------------------------


def test_it_goes_from_called_to_rated_by_both(blow: Blow, district: District) -> None:
    whistle = blow()
    pk = finished(district, whistle)
    services.rate(district.actor("street_lead"), pk, {"score": "5", "words": "来得快"}, now=at(24, 10))
    assert WhistleCall.objects.get(pk=pk).stage == "finished"
    services.rate(district.actor("handler"), pk, {"score": "4"}, now=at(24, 11))
    row = WhistleCall.objects.get(pk=pk)
    assert (row.stage, row.arrived_who, row.street_score, row.street_words, row.unit_score, row.result) == (
        *("rated", "市政科", 5, "来得快", 4),
        "查明是阀门老化，已更换。",
    )
    assert call(whistle, "heating").stage == "called"


def test_the_side_that_whistled_confirms_the_arrival_and_nobody_else(blow: Blow, district: District) -> None:
    pk = call(blow()).pk
    for who in ("handler", "supervisor", "dispatcher"):
        with pytest.raises(NotYou, match="由吹哨的井坪镇人民政府办理"):
            services.arrive(district.actor(who), pk, {}, now=MONDAY)
    with pytest.raises(NotYours):
        services.arrive(district.actor("handler_other"), pk, {}, now=MONDAY)
    services.arrive(district.actor("street_handler"), pk, {}, now=MONDAY)
    columns = {field.name for field in WhistleCall._meta.fields}
    assert columns & {"lng", "lat", "position", "photo", "device", "address"} == set()


def test_every_step_out_of_turn_is_refused_and_leaves_nothing(blow: Blow, district: District) -> None:
    pk = call(blow()).pk
    street, unit = district.actor("street_lead"), district.actor("handler")
    for wrong in (
        lambda: services.start(unit, pk, now=MONDAY),
        lambda: services.finish(unit, pk, RESULT, now=MONDAY),
        lambda: services.rate(street, pk, {"score": "5"}, now=MONDAY),
    ):
        with pytest.raises(NotNow, match="现在是“已吹哨”"):
            wrong()
    services.arrive(street, pk, {}, now=MONDAY)
    for late in (
        lambda: services.arrive(street, pk, {}, now=MONDAY),
        lambda: services.recall(street, pk, {"reason": "误吹"}, now=MONDAY),
    ):
        with pytest.raises(NotNow, match="现在是“已报到”"):
            late()
    with pytest.raises(NotYou):
        services.finish(street, pk, RESULT, now=MONDAY)
    with pytest.raises(Incomplete):
        services.finish(unit, pk, {"result": " "}, now=MONDAY)
    assert WhistleCall.objects.get(pk=pk).stage == "arrived"


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"score": ""}, {"score": ["请选 1 到 5 分，5 分最好。"]}),
        ({"score": "6"}, {"score": ["请选 1 到 5 分，5 分最好。"]}),
        ({"score": True}, {"score": ["请选 1 到 5 分，5 分最好。"]}),
        ({"score": "2"}, {"words": ["评 1 分、2 分的，请写明哪里没有做好。"]}),
        ({"score": 5, "words": "字" * 501}, {"words": ["最多 500 字，现在有 501 字。"]}),
    ],
)
def test_a_rating_is_one_to_five_and_a_bad_one_says_why(
    blow: Blow, district: District, given: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    pk = finished(district, blow())
    with pytest.raises(Incomplete) as refused:
        services.rate(district.actor("street_lead"), pk, given, now=at(24))
    assert refused.value.errors == errors


def test_how_they_rated_each_other_is_read_by_the_two_and_by_who_assesses_them(
    blow: Blow, district: District, client_of: ClientOf, monday: None
) -> None:
    """Not by another department that was called to the same spot, nor by who only dispatches."""
    whistle = blow()
    pk = finished(district, whistle)
    services.rate(district.actor("street_lead"), pk, {"score": "5", "words": "来得快"}, now=at(24))
    services.rate(district.actor("handler"), pk, {"score": "2", "words": "现场没人带路"}, now=at(24))
    read: dict[str, list[bool]] = {}
    for who in ("street_lead", "street_handler", "handler", "housing_lead", "supervisor", "heating_man", "dispatcher"):
        client, phone = client_of(who), Phone(district, who)
        pages = [client.get(f"/whistles/{whistle.pk}/{more}").content.decode() for more in ("", "paper/")]
        rows = [row for one in phone.get("whistles/").json() for row in one["calls"] if row["id"] == pk]
        told = [all(words in page for words in ("5 分", "来得快", "2 分", "现场没人带路")) for page in pages]
        hidden = [not any(words in page for words in ("来得快", "现场没人带路", "5 分", "2 分")) for page in pages]
        assert [a != b for a, b in zip(told, hidden, strict=True)] == [True, True], who
        scores = {(row["street_score"], row["unit_score"]) for row in rows}
        assert scores == ({(5, 2)} if told[0] else {(None, None)}), who
        read[who] = told
    yes, no = [True, True], [False, False]
    assert read == {
        **dict.fromkeys(("street_lead", "street_handler", "handler", "housing_lead", "supervisor"), yes),
        **dict.fromkeys(("heating_man", "dispatcher"), no),
    }


def test_each_side_rates_once(blow: Blow, district: District) -> None:
    pk = finished(district, blow())
    services.rate(district.actor("street_lead"), pk, {"score": "5"}, now=at(24))
    with pytest.raises(NotNow, match="已经评价过了"):
        services.rate(district.actor("street_dispatcher"), pk, {"score": "1", "words": "差"}, now=at(24))
    with pytest.raises(NotYou):
        services.rate(district.actor("supervisor"), pk, {"score": "5"}, now=at(24))


def test_a_call_that_nobody_answered_can_be_taken_back_for_a_reason(blow: Blow, district: District) -> None:
    pk = call(blow()).pk
    with pytest.raises(Incomplete):
        services.recall(district.actor("street_lead"), pk, {"reason": ""}, now=MONDAY)
    services.recall(district.actor("street_lead"), pk, {"reason": "已自行处理"}, now=MONDAY)
    row = WhistleCall.objects.get(pk=pk)
    assert (row.stage, row.recall_reason, row.recalled_at) == ("recalled", "已自行处理", MONDAY)
    assert Notice.objects.filter(key=f"whistle:{pk}:recalled").count() == 3


def test_the_database_holds_each_stage_to_its_moments(blow: Blow, district: District) -> None:
    pk = call(blow()).pk
    done = {"arrived_at": MONDAY, "started_at": MONDAY, "finished_at": MONDAY, "result": "完"}
    for wrong in (
        {"stage": "arrived"},
        {"arrived_at": MONDAY},
        {"stage": "finished", **{**done, "result": ""}},
        {"stage": "rated", **done, "street_score": 5},
        {"stage": "finished", **done, "street_score": 5, "unit_score": 5},
        {"stage": "finished", **done, "street_score": 6},
        {"stage": "recalled", "recalled_at": MONDAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WhistleCall.objects.filter(pk=pk).update(**wrong)
    assert WhistleCall.objects.filter(pk=pk).update(stage="rated", **done, street_score=5, unit_score=1) == 1


# --- chased -------------------------------------------------------------------------------------------------------


def told(key: str) -> set[str]:
    return {notice.user.username for notice in Notice.objects.filter(key=key)}


def test_who_does_not_come_and_who_does_not_finish_is_chased_once_each(blow: Blow, district: District) -> None:
    whistle = blow()
    pk = call(whistle).pk
    WhistleCall.objects.exclude(pk=pk).delete()
    assert chase_whistles(at(25, 23)) == 0
    assert (chase_whistles(at(26, 9)), chase_whistles(at(26, 10))) == (1, 0)
    people = {"handler", "handler2", "housing_lead", "street_lead", "supervisor", "supervisor2"}
    assert told(f"whistle:{pk}:late:arrive") == people
    services.arrive(district.actor("street_lead"), pk, {}, now=at(26, 11))
    assert chase_whistles(at(7, 9, month=12)) == 0
    assert (chase_whistles(at(9, 9, month=12)), chase_whistles(at(10, 9, month=12))) == (1, 0)
    assert told(f"whistle:{pk}:late:finish") == people
    assert WhistleCall.objects.get(pk=pk).stage == "arrived"


def test_what_is_finished_or_taken_back_is_not_chased(blow: Blow, district: District) -> None:
    whistle = blow()
    finished(district, whistle)
    services.recall(district.actor("street_lead"), call(whistle, "heating").pk, {"reason": "不用了"}, now=MONDAY)
    assert chase_whistles(at(30, month=12)) == 0


def test_a_batch_is_bounded_and_the_next_minute_goes_on(blow: Blow, monkeypatch: pytest.MonkeyPatch) -> None:
    blow()
    monkeypatch.setattr("cases.whistling.chores.BATCH", 1)
    assert [chase_whistles(at(27)) for _minute in range(3)] == [1, 1, 0]


def test_the_supervisor_of_the_unit_complained_about_is_not_told(blow: Blow, district: District) -> None:
    district.person("zfw_supervisor", "董卫东", Role.SUPERVISOR, "zfw", DISTRICT)
    case = district.register("resident", channel="web", complained_unit="centre", complaint_nature="conduct")
    whistle = blow(units=["housing"])
    Whistle.objects.filter(pk=whistle.pk).update(case=case)
    chase_whistles(at(27))
    supervisors = told(f"whistle:{call(whistle).pk}:late:arrive") & {"supervisor", "supervisor2", "zfw_supervisor"}
    assert supervisors == {"zfw_supervisor"}


# --- pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


def test_the_whole_course_by_page(district: District, client_of: ClientOf, monday: None) -> None:
    lead, handler = client_of("street_lead"), client_of("handler")
    assert lead.post("/whistles/new/", {**GIVEN, "units": ["housing"], "client_id": "f"}).status_code == 302
    pk = WhistleCall.objects.get().pk
    for client, what, given in (
        (lead, "arrive", {}),
        (handler, "start", {}),
        (handler, "finish", RESULT),
        (lead, "rate", {"score": "5"}),
        (handler, "rate", {"score": "3"}),
    ):
        assert client.post(f"/whistles/calls/{pk}/{what}/", given).status_code == 302, what
    whistle = Whistle.objects.get()
    page = lead.get(f"/whistles/{whistle.pk}/").content.decode()
    paper = handler.get(f"/whistles/{whistle.pk}/paper/").content.decode()
    for words in ("查明是阀门老化，已更换。", "5 分", "3 分"):
        assert (words in page, words in paper) == (True, True)
    assert ("吹哨单" in paper, "报到单" in paper, whistle.number in paper) == (True, True, True)


def test_what_is_missing_is_told_on_the_page_with_what_was_typed_kept(
    district: District, client_of: ClientOf, monday: None
) -> None:
    response = client_of("street_lead").post("/whistles/new/", {**GIVEN, "place": "", "units": ["heating"]})
    page = response.content.decode()
    assert (response.status_code, "请填写地点。" in page, GIVEN["what"] in page) == (400, True, True)
    assert 'value="heating" checked' in page


def test_what_waits_is_on_the_desk_of_whom_it_waits_for(
    blow: Blow, district: District, client_of: ClientOf, monday: None
) -> None:
    whistle = blow(units=["housing"])

    def waiting(*names: str) -> list[int]:
        return [queries.waiting_count(district.actor(name), MONDAY) for name in names]

    everybody = ("street_lead", "handler", "heating_man", "supervisor")
    assert waiting(*everybody) == [1, 1, 0, 0]
    pk = call(whistle).pk
    services.arrive(district.actor("street_lead"), pk, {}, now=MONDAY)
    assert waiting(*everybody) == [0, 1, 0, 0]
    services.finish(district.actor("handler"), pk, RESULT, now=MONDAY)
    assert waiting(*everybody) == [1, 1, 0, 0]
    services.rate(district.actor("handler"), pk, {"score": "5"}, now=MONDAY)
    assert waiting(*everybody) == [1, 0, 0, 0]
    assert whistle.place in client_of("street_lead").get("/whistles/").content.decode()


def test_the_ledger_asks_as_often_for_one_whistle_as_for_thirty(
    blow: Blow, client_of: ClientOf, monday: None, django_assert_max_num_queries: Any
) -> None:
    for _time in range(30):
        blow()
    client = client_of("street_lead")
    with django_assert_max_num_queries(14):
        client.get("/whistles/?tab=all")
