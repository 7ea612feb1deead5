"""领导包案 and 一案多包: who has taken a case, who solves it; what each of them sees, and what the resident may know."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Unit
from cases.fold import fold
from cases.models import Assisting, Case, CaseLead, CaseLeadStep, TeamMember, TeamRole
from cases.policies import calendar
from cases.public.telling import told_of
from cases.reception import queries
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import MONDAY, District, at
from tests.cases.matrix import GIVEN

ClientOf = Callable[[str], Client]
SPONSORED = {
    "leader": "孙立民",
    "office": "区委常委、政法委书记",
    "unit": "housing",
    "person": "郑局长",
    "plan": "两周内查清管网，补贴到位。",
    "deadline": "2026-12-10",
}
MEMBER = {"role": "street", "unit": "street", "task": "落实临时取暖。", "due_on": "2026-12-01", "told": False}


def handling(d: District, **given: Any) -> Case:
    case = d.move(d.register(**given), "accept", "clerk", category="A0102", level="general")
    case = d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler")


def seen_by(d: District, case: Case, name: str, now: Any = MONDAY) -> bool:
    return Case.objects.visible_to(d.actor(name, now), now).filter(pk=case.pk).exists()


def add(d: District, case: Case, by: str = "supervisor", **given: Any) -> TeamMember:
    event = d.record(case, "team", by, **{**MEMBER, **given})
    return TeamMember.objects.get(pk=event.data["member"])


# --- 包案 -------------------------------------------------------------------------------------------------------


def test_a_leader_takes_a_case_and_the_history_and_the_ledger_show_it(district: District) -> None:
    case = handling(district)
    event = district.record(case, "sponsor", "supervisor", **SPONSORED)
    district.record(case, "sponsor_progress", "clerk", at(24), text="到小区看了管网。", met_on="2026-11-24")
    district.record(case, "sponsor_progress", "handler", at(25), text="已换泵。")
    lead = queries.ledger(district.actor("centre_lead"), MONDAY).get()
    assert (lead.leader, lead.unit.code, lead.person, lead.met, str(lead.last_met)) == (
        *("孙立民", "housing", "郑局长"),
        *(1, "2026-11-24"),
    )
    assert (event.data["leader"], event.data["unit_name"], event.status_before) == (
        *("孙立民", "区住房和城乡建设局"),
        event.status_after,
    )
    assert [step.text for step in CaseLeadStep.objects.order_by("at")] == ["到小区看了管网。", "已换泵。"]


def test_another_leader_takes_over_and_the_ledger_keeps_both(district: District) -> None:
    case = handling(district)
    district.record(case, "sponsor", "supervisor", **SPONSORED)
    district.record(case, "sponsor", "centre_lead", at(24), **{**SPONSORED, "leader": "马国栋"})
    rows = CaseLead.objects.order_by("pk").values_list("leader", "result", "ended_at")
    assert list(rows) == [("孙立民", "更换包案领导", at(24)), ("马国栋", "", None)]
    district.record(case, "sponsor_end", "supervisor", at(25), result="已化解，转常态。")
    actor = district.actor("supervisor", at(25))
    assert (queries.ledger(actor, at(25)).count(), queries.ledger(actor, at(25), every=True).count()) == (0, 2)


def test_it_ends_with_the_case(district: District) -> None:
    case = handling(district)
    district.record(case, "sponsor", "supervisor", **SPONSORED)
    district.move(case, "terminate", "supervisor", reason="deadlock", routes="可以起诉")
    actor = district.actor("supervisor")
    assert (queries.ledger(actor, MONDAY).count(), queries.ledger(actor, MONDAY, every=True).count()) == (0, 1)
    with pytest.raises(NotNow):
        district.record(case, "sponsor", "supervisor", **SPONSORED)


def test_progress_needs_somebody_who_has_taken_it(district: District) -> None:
    with pytest.raises(NotNow, match="现在没有领导包案"):
        district.record(handling(district), "sponsor_progress", "supervisor", text="去看过")


def test_a_meeting_is_told_after_it_was_held(district: District) -> None:
    case = handling(district)
    district.record(case, "sponsor", "supervisor", **SPONSORED)
    with pytest.raises(Incomplete) as refused:
        district.record(case, "sponsor_progress", "supervisor", text="约好了", met_on="2026-11-30")
    assert refused.value.errors == {"met_on": ["还没有到这一天；见面之后再登记。"]}


def test_the_database_holds_one_leader_at_a_time(district: District) -> None:
    case, unit = handling(district), Unit.objects.get(code="housing")
    plain = {"case": case, "leader": "甲", "office": "乙", "unit": unit, "person": "丙", "plan": "丁"}
    CaseLead.objects.create(**plain, deadline="2026-12-01", since=MONDAY)
    for wrong in ({}, {"ended_at": MONDAY}, {"result": "完"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseLead.objects.create(**plain, deadline="2026-12-01", since=MONDAY, **wrong)


# --- the team -----------------------------------------------------------------------------------------------------


def test_seven_roles_are_there_to_begin_with(db: None) -> None:
    names = ["包案领导", "主办部门", "属地街道（乡镇）", "社区（村）", "调解员", "法律服务", "心理和帮扶"]
    assert list(TeamRole.objects.values_list("name", flat=True)) == names


def test_whoever_joins_sees_the_case_as_an_assisting_unit_until_they_leave(district: District) -> None:
    case = handling(district)
    assert seen_by(district, case, "street_handler") is False
    member = add(district, case)
    assert (
        seen_by(district, case, "street_handler"),
        list(Assisting.objects.values_list("unit__code", flat=True)),
    ) == (
        True,
        ["street"],
    )
    district.record(case, "team_leave", "supervisor", member=member.pk, reason="街道已落实")
    assert (seen_by(district, case, "street_handler"), Assisting.objects.count()) == (False, 0)


def test_the_team_stays_with_the_case_when_it_is_dispatched_anew(district: District) -> None:
    case = handling(district)
    add(district, case)
    district.move(case, "reassign", "dispatcher", lead_unit="heating", reason="归供热站")
    assert seen_by(district, case, "street_handler") is True
    district.move(case, "return", "heating_man", **GIVEN["return"])
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward", assisting_units=["committee"])
    units = Assisting.objects.order_by("unit__code").values_list("unit__code", flat=True)
    assert list(units) == ["committee", "street"]
    state = fold(case.events.order_by("seq"), calendar())
    assert set(state.assisting) == set(Assisting.objects.values_list("unit_id", flat=True))


@pytest.mark.parametrize("way", ["declined", "concluded"])
def test_the_team_stays_with_the_case_through_a_consultation(district: District, way: str) -> None:
    case = district.move(district.register(), "accept", "clerk", category="A0102", level="general")
    add(district, case)
    street = district.units["street"].pk
    district.move(case, "consult", "dispatcher", units=["heating"], question="谁来主办")
    assert set(Assisting.objects.values_list("unit__code", flat=True)) == {"heating", "street"}
    if way == "declined":
        district.move(case, "decline", "clerk", reason="N7", instead="区供热站，电话 0349-6020000")
    else:
        district.move(case, "conclude", "dispatcher", minutes="由住建局主办", lead_unit="housing")
    assert (fold(case.events.order_by("seq"), calendar()).assisting, list(faults())) == ((street,), [])
    assert seen_by(district, case, "street_handler") is True


def test_who_assists_already_goes_on_assisting_when_leaving_the_team(district: District) -> None:
    case = district.move(district.register(), "accept", "clerk", category="A0102", level="general")
    case = district.move(
        case, "dispatch", "dispatcher", lead_unit="housing", mode="forward", assisting_units=["street"]
    )
    member = add(district, case)
    district.record(case, "team_leave", "supervisor", member=member.pk, reason="任务完成")
    assert seen_by(district, case, "street_handler") is True


def test_each_reports_their_own_task_and_overseers_any(district: District) -> None:
    case = handling(district)
    street, mediator = add(district, case), add(district, case, role="mediator", unit="committee")
    with pytest.raises(NotYou):
        district.record(case, "team_done", "street_handler", member=mediator.pk, done=True, text="已调解")
    district.record(case, "team_done", "street_handler", at(24), member=street.pk, done=True, text="已送电暖器。")
    district.record(case, "team_done", "supervisor", at(24), member=mediator.pk, done=False, text="一方不来。")
    rows = TeamMember.objects.order_by("pk").values_list("done", "note", "done_at")
    assert list(rows) == [(True, "已送电暖器。", at(24)), (False, "一方不来。", at(24))]


def test_whoever_is_not_in_it_does_not_see_the_case_by_it(district: District) -> None:
    case = handling(district)
    add(district, case)
    assert {name: seen_by(district, case, name) for name in ("handler_other", "mediator", "heating_man")} == {
        "handler_other": False,
        "mediator": False,
        "heating_man": False,
    }
    with pytest.raises(NotYours):
        district.record(case, "team", "handler_other", **MEMBER)


@pytest.mark.parametrize("unit", ["heating"])
def test_the_unit_complained_about_is_never_in_the_team_nor_made_responsible(district: District, unit: str) -> None:
    """Rule 4."""
    case = handling(district, complained_unit=unit, complaint_nature="conduct")
    for kind, given in (("team", {**MEMBER, "unit": unit}), ("sponsor", {**SPONSORED, "unit": unit})):
        with pytest.raises(Incomplete) as refused:
            district.record(case, kind, "supervisor", **given)
        assert refused.value.errors == {
            "unit": ["作风投诉不得交由被投诉单位“区供热服务站”或其下级办理，请选其上级单位。"]
        }
    assert (TeamMember.objects.count(), CaseLead.objects.count()) == (0, 0)


def test_a_part_is_filled_once_by_a_unit(district: District) -> None:
    case = handling(district)
    add(district, case)
    with pytest.raises(Incomplete) as refused:
        add(district, case)
    assert refused.value.errors == {"unit": ["“井坪镇人民政府”已经是本件的属地街道（乡镇），不必再加。"]}


def test_the_resident_knows_office_and_phone_of_those_whose_unit_agrees_and_never_a_name(district: District) -> None:
    case = handling(district)
    with pytest.raises(Incomplete) as refused:
        add(district, case, told=True)
    assert refused.value.errors == {"phone": ["要告知居民的，请填写工作电话。"]}
    add(district, case, told=True, phone="0349-6021234", person="小杨", office="副镇长")
    add(district, case, role="mediator", unit="committee", person="老刘")
    team = [{"role": "属地街道（乡镇）", "unit": "井坪镇人民政府", "office": "副镇长", "phone": "0349-6021234"}]
    case.refresh_from_db()
    assert told_of(case, MONDAY)["team"] == team
    district.move(case, "terminate", "supervisor", reason="deadlock", routes="可以起诉")
    case.refresh_from_db()
    assert told_of(case, MONDAY)["team"] == []


def test_the_case_page_shows_them_and_offers_what_the_reader_may(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    case = handling(district)
    district.record(case, "sponsor", "supervisor", **SPONSORED)
    add(district, case, person="小杨")
    page = client_of("supervisor").get(f"/cases/{case.number}/").content.decode()
    for words in ("孙立民（区委常委、政法委书记）包案", "更换包案领导", "案组加人", "落实临时取暖。", "结束包案"):
        assert words in page, words
    handler = client_of("handler").get(f"/cases/{case.number}/").content.decode()
    offered = [
        f"/records/{kind}/" in handler for kind in ("sponsor_progress", "team_done", "sponsor_end", "team_leave")
    ]
    assert offered == [True, True, False, False]
    form = client_of("supervisor").get(f"/cases/{case.number}/records/team/").content.decode()
    assert ("属地街道（乡镇）" in form, "单位同意告知居民" in form) == (True, True)
    ledger = client_of("supervisor").get("/reception/ledger/").content.decode()
    assert ("孙立民" in ledger, case.title in ledger) == (True, True)


def test_the_ledger_shows_only_what_one_may_open(district: District, client_of: ClientOf) -> None:
    case = handling(district)
    district.record(case, "sponsor", "supervisor", **SPONSORED)
    counts = {
        name: queries.ledger(district.actor(name), MONDAY).count()
        for name in ("supervisor", "handler", "handler_other", "mediator")
    }
    assert counts == {"supervisor": 1, "handler": 1, "handler_other": 0, "mediator": 0}
