"""探访: agreed to, revoked at once, in turn and at least monthly; seen by the community's and the street's people only."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Notice, Post
from cases.caring import plans, queries, visiting
from cases.caring.choices import VisitorRole
from cases.caring.chores import tell_overdue_visits
from cases.caring.rota import next_role
from cases.models import CarePlan, CareVisit, CareVisitor, Case
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.caring.conftest import PLAN, WELL
from tests.cases.cast import COMMUNITY, MONDAY, District, at

Agree = Callable[..., CarePlan]
ClientOf = Callable[[str], Client]
ROLES = list(VisitorRole.values)


def six(district: District) -> dict[str, str]:
    """Somebody in each role."""
    names = dict(zip(ROLES, ("老党", "栋长老孟", "小卫", "老治", "物业小段", "调解老姜"), strict=True))
    plans.set_rota(district.actor("grid_worker"), COMMUNITY, names, now=MONDAY)
    return names


def sealed_of(plan: CarePlan) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM cases_careplan WHERE id = %s", [plan.pk])
        return cursor.fetchone()[0]


# --- agreed, revoked ----------------------------------------------------------------------------------------------


def test_a_plan_holds_who_agreed_when_to_which_words_and_seals_whom(agree: Agree) -> None:
    plan = CarePlan.objects.get(pk=agree().pk)
    assert (plan.consent_by, plan.consent_on, plan.consent_version, plan.interval_days, plan.next_on) == (
        *("self", date(2026, 11, 23), "2026-1", 30),
        date(2026, 12, 23),
    )
    assert plan.contact == {"name": "李桂英", "phone": "13803491122", "address": "胜利社区三号楼二单元 201"}
    assert "李桂英".encode() not in bytes(sealed_of(plan))


def test_revoking_takes_everything_of_the_person_away_in_the_same_moment(
    agree: Agree, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    plan, worker = agree(), district.actor("grid_worker")
    visiting.visit(worker, str(plan.uid), {**WELL, "words": "李桂英说想有人陪着去银行"}, now=MONDAY)
    page = client_of("grid_worker")
    assert "李**" in page.get("/caring/?tab=all").content.decode()
    answer = page.post(f"/caring/{plan.uid}/end/", {"why": "revoked"}, follow=True)
    row = CarePlan.objects.get(pk=plan.pk)
    visit = CareVisit.objects.get()
    assert (sealed_of(plan), row.contact, row.next_on, row.ended_why, visit.said) == (None, None, None, "revoked", None)
    assert (answer.status_code, "已经清除" in answer.content.decode()) == (200, True)
    for tab in ("due", "need", "all"):
        assert "李**" not in page.get(f"/caring/?tab={tab}").content.decode()
    assert page.get(f"/caring/{plan.uid}/").status_code == 404
    assert (queries.visits_due_for(worker, date(2027, 6, 1)), tell_overdue_visits(at(1, month=6, year=2027))) == ([], 0)
    assert [row.plans for row in queries.counts_of(district.actor("supervisor"), date(2026, 11, 23))] == []


def test_the_database_keeps_no_ended_plan_that_knows_whom_it_was_for(agree: Agree) -> None:
    plan = agree()
    for wrong in (
        {"ended_on": date(2026, 11, 24), "ended_why": "revoked"},
        {"ended_on": date(2026, 11, 24), "ended_why": "", "contact": None, "next_on": None},
        {"interval_days": 32},
        {"interval_days": 0},
        {"contact": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CarePlan.objects.filter(pk=plan.pk).update(**wrong)


WRONG_HING_IS_KEPT = (
    ({"told": "false"}, "told"),
    ({"told": ""}, "told"),
    ({"name": " "}, "name"),
    ({"name": "\x00"}, "name"),
    ({"phone": "打给儿子"}, "phone"),
    ({"address": "x" * 201}, "address"),
    ({"interval_days": "32"}, "interval_days"),
    ({"interval_days": "9" * 40}, "interval_days"),
    ({"consent_on": "2026-11-24"}, "consent_on"),
    ({"consent_on": "2026-06-01"}, "consent_on"),
    ({"consent_on": "9999-99-99"}, "consent_on"),
    ({"consent_by": "neighbour"}, "consent_by"),
    ({"area": "140603101001"}, "area"),
    ({"illness": "高血压"}, "illness"),
)


def test_what_is_wrong_is_told_at_the_field_and_nothing_is_kept(agree: Agree) -> None:
    for given, field in WRONG_HING_IS_KEPT:
        with pytest.raises(Incomplete) as refused:
            agree(**given)
        assert (list(refused.value.errors), CarePlan.objects.count()) == ([field], 0), given


def test_the_form_loses_nothing_typed_and_sent_twice_makes_one_plan(client_of: ClientOf, by_hand: Any) -> None:
    client = client_of("grid_worker")
    wrong = client.post("/caring/new/", {**PLAN, "interval_days": "60"})
    assert (wrong.status_code, "三号楼二单元 201" in wrong.content.decode()) == (400, True)
    twice = [client.post("/caring/new/", {**PLAN, "client_id": "k1"}).status_code for _ in range(2)]
    assert (twice, CarePlan.objects.count()) == ([302, 302], 1)


# --- in turn, monthly ---------------------------------------------------------------------------------------------


def test_over_a_year_of_monthly_visits_each_of_the_six_goes_twice_in_their_order(
    agree: Agree, district: District
) -> None:
    six(district)
    plan, actor = agree(), district.actor("grid_worker")
    went, day = [], date(2026, 11, 23)
    for _month in range(12):
        plan.refresh_from_db()
        role = queries.turn_of(plan, queries.visitors_of([COMMUNITY])[COMMUNITY])
        moment = MONDAY + (day - date(2026, 11, 23))
        visiting.visit(actor, str(plan.uid), {"found": "well", "role": role, "day": day.isoformat()}, now=moment)
        went.append(role)
        day += timedelta(days=30)
    start = ROLES.index(went[0])
    assert went == [ROLES[(start + turn) % 6] for turn in range(12)]
    assert set(Counter(went).values()) == {2}


def test_a_role_that_nobody_holds_is_passed_over_and_nobody_at_all_is_said() -> None:
    assert next_role("building_head", {"party_head", "mediator"}) == "mediator"
    assert next_role("mediator", {"party_head", "mediator"}) == "party_head"
    assert next_role("", {"party_head", "health"}, start=1) == "health"
    assert next_role("health", ()) == ""


def test_the_day_after_thirty_days_a_visit_is_overdue_and_its_people_are_told_once_without_a_name(
    agree: Agree, district: District
) -> None:
    plan = agree()
    agree(name="王福贵")
    mine = queries.plans_of(district.actor("grid_worker"))
    assert [queries.overdue(mine, date(2026, 12, day)).count() for day in (23, 24)] == [0, 2]
    assert (tell_overdue_visits(at(23, month=12)), Notice.objects.count()) == (0, 0)
    assert [tell_overdue_visits(at(day, month=12)) for day in (24, 24, 25)] == [2, 0, 0]
    told = {(notice.user.username, notice.title) for notice in Notice.objects.select_related("user")}
    assert told == {
        (name, "胜利社区 2 位老人的探访已到期")
        for name in ("grid_worker", "community_lead", "street_lead", "street_handler")
    }
    assert not any("李" in notice.body or "王" in notice.body for notice in Notice.objects.all())
    visiting.visit(district.actor("grid_worker"), str(plan.uid), {**WELL, "day": "2026-12-25"}, now=at(25, month=12))
    assert tell_overdue_visits(at(26, month=12)) == 0
    assert tell_overdue_visits(at(25, month=1, year=2027)) == 1


# --- a visit ------------------------------------------------------------------------------------------------------


def test_a_visit_is_a_day_a_role_and_a_word_and_nothing_that_watches_anybody(agree: Agree, district: District) -> None:
    plan = agree()
    made = visiting.visit(
        district.actor("grid_worker"), str(plan.uid), {**WELL, "words": "给儿子打电话 13912345678"}, now=MONDAY
    ).visit
    assert CareVisit.objects.get().said == {"words": "给儿子打电话 139****5678"}
    plan.refresh_from_db()
    assert (made.day, plan.last_on, plan.next_on) == (date(2026, 11, 23), date(2026, 11, 23), date(2026, 12, 23))
    columns = {field.name for field in CareVisit._meta.fields}
    assert columns == {
        *("id", "uid", "plan", "day", "role", "found", "said", "settled", "made_by", "client_id", "case"),
    }
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["care_plan"]  # no hour of a visit
    with pytest.raises(NotNow, match="已经登记过"):
        visiting.visit(district.actor("street_lead"), str(plan.uid), WELL, now=MONDAY)


WRONG_VISITS = (
    ({"day": "2026-11-20"}, "day"),  # the consent is of the 23rd
    ({"day": "2026-11-24"}, "day"),
    ({"day": "2026-10-01"}, "day"),
    ({"found": "ill"}, "found"),
    ({"role": "cadre"}, "role"),
    ({"found": "help", "words": "要人陪"}, "then"),
    ({"found": "help", "then": "case"}, "words"),
    ({"then": "help"}, "then"),
    ({"words": "x" * 201}, "words"),
    ({"temperature": "36.5"}, "temperature"),
    ({"lng": "112.1"}, "lng"),
)


def test_a_visit_that_does_not_fit_is_refused_at_the_field(agree: Agree, district: District) -> None:
    plan, actor = agree(), district.actor("grid_worker")
    for given, field in WRONG_VISITS:
        with pytest.raises(Incomplete) as refused:
            visiting.visit(actor, str(plan.uid), {**WELL, **given}, now=MONDAY)
        assert (list(refused.value.errors), CareVisit.objects.count()) == ([field], 0), given


def test_who_needs_help_is_helped_on_by_a_case_or_a_referral_and_is_listed_until_then(
    agree: Agree, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    first, second, third = agree(), agree(name="王福贵"), agree(name="赵秀兰")
    client = client_of("grid_worker")
    need = {**WELL, "found": "help", "words": "门口台阶坏了，出不了门"}
    client.post(f"/caring/{first.uid}/", {**need, "then": "case", "client_id": "a"})
    led_on = client.post(f"/caring/{second.uid}/", {**WELL, "found": "refer", "words": "要写遗嘱", "client_id": "b"})
    client.post(f"/caring/{third.uid}/", {**need, "then": "none", "client_id": "c"})
    case = Case.objects.get()
    assert (case.description, case.area_code, case.channel) == (
        "探访时本人提出：门口台阶坏了，出不了门",
        COMMUNITY,
        "grid",
    )
    assert [party.contact["name"] for party in case.parties.all()] == ["李桂英"]
    visit = CareVisit.objects.get(plan=second)
    assert led_on["Location"] == f"/help/new/?visit={visit.uid}"
    waits = queries.to_go_on_with(district.actor("grid_worker"))
    assert list(waits) == [visit]
    page = client.get("/caring/?tab=need").content.decode()
    assert ("王**" in page, "李**" in page, "赵**" in page) == (True, False, False)


def test_who_registers_no_matters_is_told_so_at_the_field(agree: Agree, district: District) -> None:
    plan = agree()
    need = {**WELL, "found": "help", "words": "台阶坏了", "then": "case"}
    with pytest.raises(Incomplete, match="由网格员、窗口受理员办理"):
        visiting.visit(district.actor("community_lead"), str(plan.uid), need, now=MONDAY)
    assert (CareVisit.objects.count(), Case.objects.count()) == (0, 0)


# --- who ----------------------------------------------------------------------------------------------------------


def test_only_the_community_and_its_street_see_a_plan(
    agree: Agree, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    plan = agree()
    answers = {
        name: client_of(name).get(f"/caring/{plan.uid}/").status_code for name in district.people if name != "auditor"
    }
    assert {name for name, status in answers.items() if status == 200} == {
        *("grid_worker", "community_lead", "street_lead", "street_handler"),
    }
    assert {status for status in answers.values()} == {200, 404}
    assert client_of("auditor").get("/caring/").status_code == 403
    assert client_of("handler").get("/caring/").status_code == 403
    with pytest.raises(NotYou):
        plans.agree(district.actor("supervisor"), PLAN, now=MONDAY)
    with pytest.raises(NotYours):
        plans.end(district.actor("handler_other"), str(plan.uid), "revoked", now=MONDAY)


def test_the_district_reads_numbers_and_no_name(
    agree: Agree, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    plan = agree()
    agree(name="王福贵")
    visiting.visit(district.actor("grid_worker"), str(plan.uid), WELL, now=MONDAY)
    by_hand(at(30))
    page = client_of("supervisor").get("/caring/").content.decode()
    row = queries.counts_of(district.actor("supervisor"), date(2026, 11, 30))
    assert [(one.name, one.plans, one.visited, one.overdue) for one in row] == [("井坪镇", 2, 1, 0)]
    assert ("李" not in page, "胜利社区" not in page, "井坪镇" in page) == (True, True, True)


def test_a_visitor_with_an_account_sees_a_plan_when_it_is_their_turn(agree: Agree, district: District) -> None:
    six(district)
    CareVisitor.objects.filter(role="building_head").update(user=district.people["building_head"])
    plan, head = agree(), district.actor("building_head")
    CarePlan.objects.filter(pk=plan.pk).update(last_role="party_head")
    due = queries.visits_due_for(head, date(2026, 12, 23))
    assert due == [
        {
            "id": str(plan.uid),
            "url": f"/caring/{plan.uid}/",
            "title": "探访 · 李**",
            "day": date(2026, 12, 23),
            "overdue": False,
        }
    ]
    CarePlan.objects.filter(pk=plan.pk).update(last_role="building_head")
    assert queries.visits_due_for(head, date(2026, 12, 23)) == []
    with pytest.raises(NotYours):
        queries.find_plan(head, str(plan.uid))
    assert queries.visits_due_for(district.actor("handler"), date(2026, 12, 23)) == []


def test_a_visitor_writes_it_down_and_goes_on_with_the_day_and_visits_no_more_after_leaving(
    agree: Agree, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    six(district)
    CareVisitor.objects.filter(role="building_head").update(user=district.people["building_head"])
    plan, client = agree(), client_of("building_head")
    CarePlan.objects.filter(pk=plan.pk).update(last_role="party_head")
    page = client.get(f"/caring/{plan.uid}/").content.decode()
    assert ('href="/caring/"' in page, 'href="/m/"' in page) == (False, True)
    sent = {"found": "refer", "role": "building_head", "day": "2026-11-23", "words": "要写遗嘱", "client_id": "k"}
    for _twice in range(2):
        answer = client.post(f"/caring/{plan.uid}/", sent, follow=True)
        assert (answer.redirect_chain, answer.status_code) == ([("/m/", 302)], 200)
    assert queries.to_go_on_with(district.actor("grid_worker")).count() == 1
    CarePlan.objects.filter(pk=plan.pk).update(last_role="party_head")
    plan.refresh_from_db()
    assert queries.turn_is_of(district.actor("building_head"), plan)
    Post.objects.filter(user=district.people["building_head"]).update(ends_on=date(2026, 11, 30))
    gone = district.actor("building_head", at(1, month=12))
    assert (queries.visits_due_for(gone, date(2027, 1, 1)), queries.turn_is_of(gone, plan)) == ([], False)


def test_a_name_is_shown_for_a_reason_and_on_record(agree: Agree, client_of: ClientOf, by_hand: Any) -> None:
    plan, client = agree(), client_of("grid_worker")
    page = client.get(f"/caring/{plan.uid}/").content.decode()
    assert ("李桂英" in page, "13803491122" in page, "201" in page, "138****1122" in page) == (
        False,
        False,
        False,
        True,
    )
    assert client.post(f"/caring/{plan.uid}/contact/", {"reason": " "}).status_code == 400
    shown = client.post(f"/caring/{plan.uid}/contact/", {"reason": "上门探访"}).content.decode()
    entry = AuditEntry.objects.get(action="care_unmask")
    assert ("李桂英" in shown, entry.reason, entry.target) == (True, "上门探访", f"care:{plan.uid}")
    assert not any("李" in f"{row.target}{row.reason}{row.detail}" for row in AuditEntry.objects.all())


def test_the_rota_is_named_by_the_community_on_its_page(district: District, client_of: ClientOf, by_hand: Any) -> None:
    client = client_of("street_lead")
    assert (
        client.post(f"/caring/rota/?area={COMMUNITY}", {"health": "小卫", "health_account": "grid_worker"}).status_code
        == 302
    )
    assert list(CareVisitor.objects.values_list("role", "name", "user__username")) == [
        ("health", "小卫", "grid_worker")
    ]
    for wrong in ({"health": "卫" * 41}, {"health_account": "grid_worker"}):
        assert client.post(f"/caring/rota/?area={COMMUNITY}", wrong).status_code == 400
    assert client.get("/caring/rota/?area=140603101001").status_code == 404
    assert client_of("supervisor").get("/caring/rota/").status_code == 403


def test_the_list_asks_as_many_statements_for_thirty_as_for_one(
    agree: Agree, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    six(district)
    agree()
    client = client_of("grid_worker")
    client.get("/caring/?tab=all")
    counts = []
    for more in (0, 29):
        for number in range(more):
            agree(name=f"老人{number}")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/caring/?tab=all").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
