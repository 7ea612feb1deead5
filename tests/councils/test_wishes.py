"""民心台账: an owner and a date for each wish, shown only when agreed, a case at most once, 销账 with a result."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import Notice, Unit
from cases.councils import queries, wishes
from cases.councils.chores import tell_overdue_wishes
from cases.models import Case, Wish
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.api.phone import Phone
from tests.cases.cast import COMMUNITY, MONDAY, District, at
from tests.councils.conftest import WISH

ClientOf = Callable[[str], Client]
Make = Callable[..., Wish]


def test_a_wish_has_an_owner_and_a_date_and_names_nobody(wish: Make) -> None:
    made = Wish.objects.get(pk=wish(what="三号楼前的路灯不亮，联系 13912345678").pk)
    assert (made.what, made.unit.code, made.owner and made.owner.username, made.due_on, made.state) == (
        *("三号楼前的路灯不亮，联系 139****5678", "community", "grid_worker", date(2026, 12, 10), "open"),
    )
    assert not {field.name for field in Wish._meta.fields} & {"name", "phone", "asker", "contact"}


WRONG = (
    ({"what": ""}, "what"),
    ({"what": "字" * 201}, "what"),
    ({"what": "\x00"}, "what"),
    ({"owner": "housing/handler"}, "owner"),
    ({"due_on": "2026-11-22"}, "due_on"),
    ({"due_on": "2199-01-01"}, "due_on"),
    ({"heard_on": "2026-11-24"}, "heard_on"),
    ({"agreed": "surely"}, "agreed"),
    ({"asker": "张三"}, "asker"),
)


def test_what_is_wrong_is_told_at_the_field(wish: Make) -> None:
    for given, field in WRONG:
        with pytest.raises(Incomplete) as refused:
            wish(**given)
        assert (list(refused.value.errors), Wish.objects.count()) == ([field], 0), given


def test_the_public_page_shows_only_what_was_agreed_by_both(
    wish: Make, district: District, client: Client, by_hand: Any
) -> None:
    shown, silent, asked = wish(), wish(what="楼道里的电动车", agreed="no"), wish(what="活动室晚上开门", agreed="yes")
    lead = district.actor("community_lead")
    for name in ("grid_worker", "supervisor"):
        with pytest.raises(NotYou):
            wishes.show_publicly(district.actor(name), shown.pk, True, now=MONDAY)
    wishes.show_publicly(lead, shown.pk, True, now=MONDAY)
    with pytest.raises(NotNow, match="还没有同意"):
        wishes.show_publicly(lead, silent.pk, True, now=MONDAY)
    page = client.get(f"/wishes/?area={COMMUNITY}").content.decode()
    assert [one.what in page for one in (shown, silent, asked)] == [True, False, False]
    assert ("胜利社区居委会" in page, "小刘" in page) == (True, False)
    front = client.get("/wishes/").content.decode()
    assert ("胜利社区" in front, "1 件" in front) == (True, True)
    change = {"owner": "community", "due_on": "2026-12-10", "agreed": "no"}
    wishes.change(district.actor("grid_worker"), shown.pk, change, now=MONDAY)
    assert shown.what not in client.get(f"/wishes/?area={COMMUNITY}").content.decode()
    assert Phone(district).get(f"public/wishes/?area={COMMUNITY}").json() == []
    for odd in ("x", "1" * 40, "١٤٠٦٠٣١٠٠٠٠١", "%00", "140603"):
        assert client.get(f"/wishes/?area={odd}&page=999").status_code == 200


def test_a_merged_case_tells_nobody_the_number_of_the_other_and_whoever_works_there_takes_a_wish_off_the_page(
    wish: Make, district: District, client: Client
) -> None:
    made, actor = wish(), district.actor("grid_worker")
    case = wishes.to_case(actor, made.pk, "appeal", now=MONDAY).case
    other = district.register(place={"area": COMMUNITY}, description="另一位居民反映路灯不亮。")
    district.move(case, "merge", "dispatcher", master=other.number)
    wishes.show_publicly(district.actor("community_lead"), made.pk, True, now=MONDAY)
    page = client.get(f"/wishes/?area={COMMUNITY}").content.decode()
    assert ("已转办：与同类事项合并办理" in page, other.number in page) == (True, False)
    wishes.show_publicly(actor, made.pk, False, now=MONDAY)
    assert made.what not in client.get(f"/wishes/?area={COMMUNITY}").content.decode()
    with pytest.raises(NotYou):
        wishes.show_publicly(actor, made.pk, True, now=MONDAY)


def test_owners_are_those_who_have_the_ledger_and_without_one_nothing_can_be_chosen(
    wish: Make, district: District
) -> None:
    district.person("building_head", "栋长老孟", Role.VOLUNTEER, "community", COMMUNITY)
    owners = dict(queries.owners_for(COMMUNITY, MONDAY))
    assert ("community/grid_worker" in owners, "community/building_head" in owners) == (True, False)
    Unit.objects.filter(kind__in=("community", "street")).update(active=False)
    for owner in ("housing", "nowhere/nobody"):
        with pytest.raises(Incomplete) as refused:
            wish(owner=owner)
        assert list(refused.value.errors) == ["owner"]


def test_the_database_shows_nothing_that_was_not_agreed_and_ends_nothing_without_a_result(
    wish: Make, district: District
) -> None:
    made = wish(agreed="unasked")
    lead = district.people["community_lead"]
    for wrong in (
        {"published_on": MONDAY.date(), "published_by": lead},
        {"published_on": MONDAY.date()},
        {"state": "done", "ended_on": MONDAY.date()},
        {"state": "done", "result": "好"},
        {"result": "好"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Wish.objects.filter(pk=made.pk).update(**wrong)


def test_it_becomes_one_case_however_often_it_is_pressed_and_waits_for_it(
    wish: Make, district: District, client: Client
) -> None:
    made, actor = wish(), district.actor("grid_worker")
    for _twice in range(2):
        wishes.to_case(actor, made.pk, "appeal", now=MONDAY)
    case = Case.objects.get()
    made.refresh_from_db()
    assert (made.case_id, made.state, case.description, case.area_code) == (case.pk, "doing", made.what, COMMUNITY)
    wishes.show_publicly(district.actor("community_lead"), made.pk, True, now=MONDAY)
    page = client.get(f"/wishes/?area={COMMUNITY}").content.decode()
    assert ("已转办：已登记，等待受理" in page, case.number in page) == (True, False)
    with pytest.raises(NotNow, match="还没有办结"):
        wishes.settle(actor, made.pk, {"state": "done", "result": "装好了"}, now=MONDAY)
    with pytest.raises(NotYou):
        wishes.to_case(district.actor("community_lead"), wish().pk, "appeal", now=MONDAY)


def test_it_is_struck_off_with_a_result_by_the_community_or_its_owner(wish: Make, district: District) -> None:
    made = wish()
    with pytest.raises(Incomplete):
        wishes.settle(district.actor("grid_worker"), made.pk, {"state": "done", "result": ""}, now=MONDAY)
    wishes.settle(district.actor("grid_worker"), made.pk, {"state": "done", "result": "换了灯泡"}, now=at(24))
    made.refresh_from_db()
    assert (made.state, made.result, made.ended_on) == ("done", "换了灯泡", date(2026, 11, 24))
    with pytest.raises(NotNow, match="已销账"):
        wishes.begin(district.actor("grid_worker"), made.pk, now=at(24))


def test_its_owner_is_told_once_when_it_is_late(wish: Make, district: District) -> None:
    mine, theirs = wish(), wish(owner="community")
    assert tell_overdue_wishes(at(10, month=12)) == 0
    assert [tell_overdue_wishes(at(11, month=12)) for _twice in range(2)] == [2, 0]
    told = {(notice.key.split(":")[1], notice.user.username) for notice in Notice.objects.select_related("user")}
    assert told == {
        (str(mine.pk), "grid_worker"),
        (str(theirs.pk), "grid_worker"),
        (str(theirs.pk), "community_lead"),
    }
    wishes.change(
        district.actor("grid_worker"),
        mine.pk,
        {"owner": "community", "due_on": "2026-12-20", "agreed": "nobody"},
        now=at(11, month=12),
    )
    assert tell_overdue_wishes(at(21, month=12)) == 1


def test_who_may(wish: Make, district: District, client_of: ClientOf, by_hand: Any) -> None:
    made = wish()
    answers = {
        name: client_of(name).get(f"/wishes/ledger/{made.pk}/").status_code
        for name in district.people
        if name != "auditor"
    }
    assert {name for name, status in answers.items() if status == 200} == {
        *("grid_worker", "community_lead", "street_lead", "street_handler"),
        *("supervisor", "supervisor2", "centre_lead"),
    }
    assert set(answers.values()) == {200, 404}
    assert [client_of(name).get("/wishes/ledger/").status_code for name in ("auditor", "handler", "centre_lead")] == [
        403,
        403,
        200,
    ]
    with pytest.raises(NotYou):
        wishes.settle(district.actor("supervisor"), made.pk, {"state": "done", "result": "x"}, now=MONDAY)
    with pytest.raises(NotYours):
        wishes.begin(district.actor("handler_other"), made.pk, now=MONDAY)


def test_by_page_nothing_typed_is_lost_and_a_wish_goes_its_way(
    district: District, client_of: ClientOf, by_hand: Any
) -> None:
    client = client_of("grid_worker")
    wrong = client.post("/wishes/ledger/new/", {**WISH, "due_on": "2020-01-01"})
    assert (wrong.status_code, WISH["what"] in wrong.content.decode()) == (400, True)
    sent = [client.post("/wishes/ledger/new/", {**WISH, "client_id": "k"}).status_code for _twice in range(2)]
    made = Wish.objects.get()
    assert sent == [302, 302]
    at_it = f"/wishes/ledger/{made.pk}/"
    assert client.post(f"{at_it}begin/").status_code == 302
    assert client.post(f"{at_it}change/", {"owner": "x"}).status_code == 400
    assert client.post(f"{at_it}case/", {"kind": "consultation"}).status_code == 409
    assert client.post(f"{at_it}show/").status_code == 403
    assert client_of("community_lead").post(f"{at_it}show/").status_code == 302
    assert client.post(f"{at_it}settle/", {"state": "done"}).status_code == 400
    assert client.post(f"{at_it}settle/", {"state": "done", "result": "装好了"}).status_code == 302
    assert "装好了" in client.get(at_it).content.decode()
    assert client.get("/wishes/ledger/?tab=done").content.decode().count(made.what) == 1


def test_the_ledger_and_the_public_page_ask_as_much_for_thirty_as_for_one(
    wish: Make, district: District, client_of: ClientOf, client: Client, by_hand: Any
) -> None:
    staff, lead = client_of("grid_worker"), district.actor("community_lead")
    counts = []
    for more in (1, 29):
        for _number in range(more):
            wishes.show_publicly(lead, wish().pk, True, now=MONDAY)
        staff.get("/wishes/ledger/?tab=all")
        with CaptureQueriesContext(connection) as seen:
            assert staff.get("/wishes/ledger/?tab=all").status_code == 200
        with CaptureQueriesContext(connection) as public:
            assert client.get(f"/wishes/?area={COMMUNITY}").status_code == 200
        counts.append((len(seen), len(public)))
    assert counts[0] == counts[1]


def test_a_wish_by_phone_is_one_however_often_it_is_sent(district: District, by_hand: Any) -> None:
    phone = Phone(district, "grid_worker")
    answers = [phone.post("wishes/", {**WISH, "client_id": "k"}) for _twice in range(2)]
    assert ([one.status_code for one in answers], Wish.objects.count()) == ([201, 200], 1)
    assert phone.post("wishes/", {**WISH, "area": 7}).status_code == 400
    assert Phone(district, "handler").post("wishes/", WISH).status_code == 403


def test_nobody_sees_it_in_the_queries_of_another_street(wish: Make, district: District) -> None:
    wish()
    assert queries.wishes_of(district.actor("handler_other")).count() == 0
    assert queries.wishes_of(district.actor("clerk")).count() == 0
