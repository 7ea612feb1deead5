"""困难帮扶转介: from something concrete, with consent, between two people, for ninety days, and the person's own to end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import AuditEntry, Notice, Post
from cases.caring import helping, plans, visiting
from cases.caring.chores import forget_helps
from cases.caring.referring import open_referral
from cases.models import CarePlan, CareVisit, HelpReferral
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.numbers import query_code
from tests.caring.conftest import HELP, PLAN, WELL
from tests.cases.cast import GRID, MONDAY, District, at

ClientOf = Callable[[str], Client]
Open = Callable[..., HelpReferral]


@pytest.fixture
def open_help(district: District) -> Open:
    """The grid worker opens one for the lawyer."""

    def opened(by: str = "grid_worker", now: Any = MONDAY, **given: Any) -> HelpReferral:
        return open_referral(district.actor(by, now), {**HELP, **given}, now=now)[0]

    return opened


def sealed(row: HelpReferral) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, answer FROM cases_helpreferral WHERE id = %s", [row.pk])
        return cursor.fetchone()


def test_it_is_by_need_sealed_and_told_to_the_one_officer(open_help: Open, district: District) -> None:
    row = HelpReferral.objects.get(pk=open_help(what="要写遗嘱，电话 13912345678").pk)
    assert (row.need, row.state, row.expires_on, row.unit.code, row.officer.username) == (
        *("law", "opened", date(2027, 2, 21), "aid", "lawyer"),
    )
    assert row.content == {
        "name": "李桂英",
        "phone": "13803491122",
        "address": "",
        "what": "要写遗嘱，电话 139****5678",
        "urgent": "",
    }
    notice = Notice.objects.get()
    assert (notice.user.username, notice.title, "李" in notice.body) == ("lawyer", "有一件帮扶转介等您接收", False)


def test_nobody_but_the_two_reads_it_not_their_leads_nor_leaders_nor_by_search(
    open_help: Open, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    row = open_help()
    names = [name for name in district.people if name != "auditor"]
    answers = {name: client_of(name).get(f"/help/{row.uid}/").status_code for name in names}
    assert {name for name, status in answers.items() if status == 200} == {"grid_worker", "lawyer"}
    assert set(answers.values()) == {200, 404}
    assert client_of("auditor").get(f"/help/{row.uid}/").status_code == 403
    for name in ("aid_lead", "centre_lead", "community_lead", "lawyer2", "clerk"):
        assert row.number not in client_of(name).get("/help/?tab=all").content.decode()
    found = client_of("clerk").post("/cases/search/", {"q": row.number}, follow=True).content.decode()
    assert ("李桂英" in found, f"/help/{row.uid}" in found) == (False, False)
    assert "李" not in client_of("lawyer").get("/help/").content.decode()


def test_an_officer_who_left_the_unit_reads_it_no_more(open_help: Open, district: District) -> None:
    row = open_help()
    Post.objects.filter(user__username="lawyer").update(ends_on=date(2026, 11, 30))
    with pytest.raises(NotYours):
        helping.find(district.actor("lawyer", at(2, month=12)), str(row.uid))
    helping.redirect(district.actor("grid_worker"), str(row.uid), {"officer": "aid/lawyer2"}, now=at(2, month=12))
    assert helping.find(district.actor("lawyer2"), str(row.uid)).pk == row.pk


def test_where_nobody_is_left_nobody_can_be_chosen(open_help: Open, district: District) -> None:
    row = open_help()
    Post.objects.filter(unit__code="aid").update(ends_on=date(2026, 11, 30))
    for officer in ("community/community_lead", "aid/nobody", "aid/lawyer2"):
        with pytest.raises(Incomplete) as refused:
            helping.redirect(district.actor("grid_worker"), str(row.uid), {"officer": officer}, now=at(2, month=12))
        assert list(refused.value.errors) == ["officer"]


def test_each_look_is_on_record(open_help: Open, client_of: ClientOf, by_hand: Any) -> None:
    row = open_help()
    client_of("lawyer").get(f"/help/{row.uid}/")
    client_of("grid_worker").get(f"/help/{row.uid}/")
    looks = AuditEntry.objects.filter(action="help_look", target=f"help:{row.number}").order_by("id")
    assert [entry.username for entry in looks] == ["lawyer", "grid_worker"]


WRONG = (
    ({"need": "mental_patient"}, "need"),
    ({"ground": ""}, "ground"),
    ({"ground": "case", "number": "26112310000017"}, "number"),
    ({"ground": "visit"}, "ground"),
    ({"number": "26112310000017"}, "number"),
    ({"consent": "none"}, "consent"),
    ({"consent": "emergency"}, "urgent"),
    ({"consent_on": "2026-11-10"}, "consent_on"),
    ({"consent_on": "2026-11-24"}, "consent_on"),
    ({"officer": "aid/nobody"}, "officer"),
    ({"officer": "community/grid_worker"}, "officer"),
    ({"what": "x" * 301}, "what"),
    ({"phone": "x"}, "phone"),
    ({"label": "重点人员"}, "label"),
)


def test_without_a_ground_consent_and_a_named_officer_there_is_none(open_help: Open) -> None:
    for given, field in WRONG:
        with pytest.raises(Incomplete) as refused:
            open_help(**given)
        assert (list(refused.value.errors), HelpReferral.objects.count()) == ([field], 0), given


def test_it_comes_from_a_case_in_sight_a_visit_or_an_emergency(
    open_help: Open, district: District, client_of: ClientOf, by_hand: Any
) -> None:
    case = district.register(by="grid_worker", place={"grid": GRID, "address": "胜利社区三号楼"})
    assert open_help(ground="case", number=case.number).case_id == case.pk
    with pytest.raises(Incomplete, match="不在您的管辖范围内"):
        open_help(by="handler_other", ground="case", number=case.number)
    urgent = open_help(consent="emergency", urgent="老人一个人在家，断粮两天，电话 13912345678")
    assert urgent.content is not None
    assert urgent.content["urgent"] == "老人一个人在家，断粮两天，电话 139****5678"
    actor = district.actor("grid_worker")
    plan = plans.agree(actor, PLAN, now=MONDAY)[0]
    made = visiting.visit(actor, str(plan.uid), {**WELL, "found": "refer", "words": "要写遗嘱"}, now=MONDAY).visit
    sent = {**HELP, "ground": "visit", "visit": str(made.uid), "client_id": "v1"}
    assert client_of("grid_worker").post("/help/new/", sent).status_code == 302
    assert CareVisit.objects.get().helps.count() == 1
    plans.end(actor, str(plan.uid), "revoked", now=MONDAY)
    assert HelpReferral.objects.filter(visit__isnull=False).count() == 0


def test_only_who_meets_residents_opens_one(district: District) -> None:
    for name in ("supervisor", "dispatcher", "centre_lead", "building_head"):
        with pytest.raises(NotYou):
            open_referral(district.actor(name), HELP, now=MONDAY)


def test_the_same_form_sent_twice_opens_one(client_of: ClientOf, by_hand: Any) -> None:
    client = client_of("grid_worker")
    answers = [client.post("/help/new/", {**HELP, "client_id": "k"}) for _ in range(2)]
    assert ([one.status_code for one in answers], HelpReferral.objects.count()) == ([302, 302], 1)
    wrong = client.post("/help/new/", {**HELP, "need": "", "client_id": "k2"})
    assert (wrong.status_code, "要写一份遗嘱" in wrong.content.decode()) == (400, True)


def test_after_ninety_days_it_ends_and_forgets_and_not_a_day_sooner(open_help: Open) -> None:
    row = open_help()
    assert forget_helps(at(21, month=2, year=2027)) == 0
    assert [forget_helps(at(22, month=2, year=2027)) for _twice in range(2)] == [1, 0]
    row.refresh_from_db()
    assert (sealed(row), row.state, row.end, row.ended_on) == ((None, None), "closed", "expired", date(2027, 2, 22))


def test_after_its_last_day_nobody_reads_it_though_no_worker_runs(open_help: Open, district: District) -> None:
    row, last, after = open_help(), at(21, month=2, year=2027), at(22, month=2, year=2027)
    looked = [
        helping.look(district.actor("lawyer", day), str(row.uid), now=day).content is None for day in (last, after)
    ]
    row.refresh_from_db()
    assert (looked, row.end, sealed(row)) == ([False, True], "expired", (None, None))


def test_who_gets_a_referral_back_is_told_again(open_help: Open, district: District) -> None:
    row, actor = open_help(), district.actor("grid_worker")
    for hour, officer in ((10, "lawyer2"), (11, "lawyer")):
        helping.redirect(actor, str(row.uid), {"officer": f"aid/{officer}"}, now=at(24, hour))
    told = Notice.objects.order_by("id").values_list("user__username", flat=True)
    assert list(told) == ["lawyer", "lawyer2", "lawyer"]


def test_only_a_fresh_consent_makes_it_longer(open_help: Open, district: District) -> None:
    row, actor = open_help(), district.actor("grid_worker")
    for day in ("2026-11-23", "2027-02-21", "2026-12-01"):
        with pytest.raises(Incomplete):
            helping.renew(actor, str(row.uid), {"consent_on": day}, now=at(20, month=2, year=2027))
    helping.renew(actor, str(row.uid), {"consent_on": "2027-02-19"}, now=at(20, month=2, year=2027))
    row.refresh_from_db()
    assert (row.expires_on, row.renewals) == (date(2027, 2, 19) + timedelta(days=90), 1)
    assert forget_helps(at(1, month=3, year=2027)) == 0


def test_it_is_accepted_and_ended_and_then_knows_nobody(open_help: Open, district: District) -> None:
    row, lawyer = open_help(), district.actor("lawyer")
    with pytest.raises(NotYou):
        helping.accept(district.actor("grid_worker"), str(row.uid), now=MONDAY)
    assert helping.accept(lawyer, str(row.uid), now=MONDAY).state == "accepted"
    with pytest.raises(Incomplete):
        helping.finish(lawyer, str(row.uid), {"end": "expired", "answer": "好"}, now=MONDAY)
    helping.finish(lawyer, str(row.uid), {"end": "helped", "answer": "已经约好本周五上午写。"}, now=at(24))
    row.refresh_from_db()
    assert (row.content, row.answer, row.end) == (None, {"words": "已经约好本周五上午写。"}, "helped")
    for again in (
        lambda: helping.accept(lawyer, str(row.uid), now=at(25)),
        lambda: helping.renew(lawyer, str(row.uid), {"consent_on": "2026-11-25"}, now=at(25)),
    ):
        with pytest.raises(NotNow, match="已经结束"):
            again()
    assert forget_helps(at(22, month=2, year=2027)) == 1
    row.refresh_from_db()
    assert sealed(row) == (None, None)


def test_an_ended_one_leads_to_no_case_and_through_it_to_nobody(open_help: Open, district: District) -> None:
    case = district.register(by="grid_worker", place={"grid": GRID, "address": "胜利社区三号楼"})
    row = open_help(ground="case", number=case.number)
    helping.finish(district.actor("lawyer"), str(row.uid), {"end": "helped", "answer": "办好了。"}, now=at(24))
    row.refresh_from_db()
    assert (row.ground, row.case_id, row.end) == ("case", None, "helped")
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpReferral.objects.filter(pk=row.pk).update(case=case)


def test_the_database_keeps_no_ended_one_that_knows_whom_it_was_for(open_help: Open) -> None:
    row = open_help()
    for wrong in (
        {"state": "closed", "end": "helped", "ended_on": date(2026, 11, 24)},
        {"content": None},
        {"state": "closed"},
        {"ground": "case"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HelpReferral.objects.filter(pk=row.pk).update(**wrong)


def test_the_person_sees_and_ends_it_with_number_and_code(
    open_help: Open, client: Client, client_of: ClientOf, by_hand: Any
) -> None:
    row = open_help()
    code = query_code(row.number, 1)
    assert code[:3] in client_of("grid_worker").get(f"/help/{row.uid}/").content.decode()
    assert code[:3] not in client_of("lawyer").get(f"/help/{row.uid}/").content.decode()
    asked = {"number": row.number, "query_code": code}
    page = client.post("/query/help/", asked).content.decode()
    assert ("法律：等待接收" in page, "区法律援助中心" in page, "李桂英" in page) == (True, True, False)
    wrong = client.post("/query/help/", {**asked, "query_code": "0000000000"})
    unknown = client.post("/query/help/", {"number": "26112300000000", "query_code": "0000000000"})
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert client.post("/query/help/", {"number": "\x00" * 9, "query_code": "\x00"}).status_code == 404
    ended = client.post("/query/help/", {**asked, "end": "1"}).content.decode()
    row.refresh_from_db()
    assert ("本人结束" in ended, row.end, sealed(row)) == (True, "by_person", (None, None))
    assert client.post("/query/help/", {**asked, "end": "1"}).status_code == 200


def test_wrong_codes_are_counted(open_help: Open, client: Client, by_hand: Any) -> None:
    row = open_help()
    for _try in range(10):
        client.post("/query/help/", {"number": row.number, "query_code": "0000000000"})
    assert client.post("/query/help/", {"number": row.number, "query_code": "0000000000"}).status_code == 429
    assert (
        client.post("/query/help/", {"number": row.number, "query_code": query_code(row.number, 1)}).status_code == 200
    )


def test_no_index_leads_from_a_person_to_a_plan_or_a_referral() -> None:
    for model in (CarePlan, HelpReferral):
        names = {field.name for field in model._meta.fields}
        assert not names & {"phone_index", "id_index", "name", "phone", "label", "score", "rank"}
