"""领导接访: days that are planned, published, changed, cancelled."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEntry, Notice
from cases.models import ReceptionDay
from cases.reception import booking, changing, queries, services
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import MONDAY, OTHER_STREET, STREET, District, at
from tests.reception.conftest import GIVEN as GIVEN_DAY
from tests.reception.scenes import ON_THE_DAY, PERSON, ClientOf, Plan, ask


def test_the_centres_lead_plans_a_day_and_residents_read_it_without_logging_in(
    plan: Plan, client: Client, by_hand: Callable[[Any], None]
) -> None:
    by_hand(MONDAY)
    plan()
    page = client.get("/reception-days/").content.decode()
    for words in (
        "11月25日",
        "星期三",
        "09:00 到 11:30",
        "孙立民",
        "区委常委、政法委书记",
        "综治中心一层接访室",
        "供热、物业",
    ):
        assert words in page
    assert "/reception-days/" in client.get("/guide/").content.decode()


def test_an_unpublished_day_is_not_public_until_it_is_published(plan: Plan, district: District, client: Client) -> None:
    day = plan(publish=False)
    assert queries.published(MONDAY) == []
    with pytest.raises(NotYours):
        ask(day)
    services.publish(district.actor("supervisor"), day.pk, now=MONDAY)
    assert [one.day.pk for one in queries.published(MONDAY)] == [day.pk]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"leader": ""}, "leader", "请填写接访领导。"),
        ({"ends": "08:00"}, "ends", "结束应晚于开始。"),
        ({"date": "2026-11-20"}, "date", "这个时间已经过去了，请填以后的时间。"),
        ({"capacity": "0"}, "capacity", "可约人数请填 1 到 100 的数字。"),
        ({"capacity": "很多"}, "capacity", "可约人数请填 1 到 100 的数字。"),
        ({"starts": "九点"}, "starts", "请填写开始的时间，如 09:00。"),
    ],
)
def test_what_is_missing_of_a_day_is_told_beside_it(
    plan: Plan, wrong: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        plan(**wrong)
    assert refused.value.errors == {field: [sentence]}
    assert ReceptionDay.objects.count() == 0


def test_one_leader_is_in_one_place_at_a_time(plan: Plan) -> None:
    plan()
    with pytest.raises(Incomplete) as refused:
        plan(place="别处")
    assert refused.value.errors == {"starts": ["孙立民这个时间已经安排了接访，请改时间。"]}


def test_clerks_and_handlers_do_not_plan_and_handlers_do_not_read(plan: Plan, client_of: ClientOf) -> None:
    for name in ("clerk", "handler", "follow_up"):
        with pytest.raises(NotYou):
            plan(name)
    day = plan()
    answers = {
        name: (client_of(name).get("/reception/").status_code, client_of(name).get(f"/reception/{day.pk}/").status_code)
        for name in ("clerk", "supervisor", "centre_lead", "handler", "mediator", "grid_worker", "auditor")
    }
    no = (403, 403)
    assert answers == {
        "clerk": (200, 200),
        "supervisor": (200, 200),
        "centre_lead": (200, 200),
        "handler": no,
        "mediator": no,
        "grid_worker": no,
        "auditor": no,
    }


def test_another_streets_window_does_not_see_the_days_of_this_one(plan: Plan, district: District) -> None:
    district.person("street_supervisor", "老尹", Role.SUPERVISOR, "street", STREET)
    district.person("other_clerk", "小尹", Role.CLERK, "other_street", OTHER_STREET)
    day = plan("street_supervisor")
    assert (day.area_code, list(queries.days_of(district.actor("clerk")))) == (STREET, [day])
    assert list(queries.days_of(district.actor("other_clerk"))) == []
    with pytest.raises(NotYours):
        queries.find_day(district.actor("other_clerk"), day.pk)


def test_a_cancelled_day_tells_why_and_those_who_booked_are_to_be_called(plan: Plan, district: District) -> None:
    day = plan()
    booking.by_window(district.actor("clerk"), day.pk, PERSON, now=MONDAY)
    with pytest.raises(Incomplete):
        changing.cancel_day(district.actor("supervisor"), day.pk, " ", now=MONDAY)
    changing.cancel_day(district.actor("supervisor"), day.pk, "区里有会，改到下周。", now=MONDAY)
    with pytest.raises(NotNow, match="已经取消"):
        ask(day)
    told = Notice.objects.filter(key=f"reception:{day.pk}:cancelled")
    assert {(notice.user.username, notice.body) for notice in told} == {
        ("clerk", "11月25日的接访取消，已约 1 人，请逐一电话告知。"),
        ("centre_lead", "11月25日的接访取消，已约 1 人，请逐一电话告知。"),
    }
    assert [(one.open, one.day.cancel_reason) for one in queries.published(MONDAY)] == [(False, "区里有会，改到下周。")]


def told(key: str) -> dict[str, str]:
    return {row.user.username: row.body for row in Notice.objects.filter(key__startswith=f"reception:{key}")}


def test_who_booked_by_themselves_are_called_by_the_window_not_by_a_service_account(
    plan: Plan, district: District
) -> None:
    district.person("street_clerk", "小郭", Role.CLERK, "street", STREET)
    day, quiet = plan("supervisor"), plan(date="2026-11-26")
    ask(day)
    for one in (day, quiet):
        changing.cancel_day(district.actor("supervisor"), one.pk, "区里有会，改到下周。", now=MONDAY)
    words = "11月25日的接访取消，已约 1 人，请逐一电话告知。"
    assert (told(f"{day.pk}:"), told(f"{quiet.pk}:")) == ({"clerk": words, "supervisor": words}, {})


def test_the_lead_changes_a_published_day_and_the_window_calls_who_has_booked(plan: Plan, district: District) -> None:
    day = plan()
    ask(day)
    given = {**GIVEN_DAY, "starts": "14:30", "ends": "17:00", "place": "井坪镇政府二楼", "capacity": "5"}
    lead = district.actor("centre_lead")
    changed = changing.change_day(lead, day.pk, given, now=MONDAY)[1]
    again = changing.change_day(lead, day.pk, given, now=at(23, 10))[1]
    day.refresh_from_db()
    assert (changed, again, day.begins_at, day.capacity) == (
        ("starts", "ends", "place", "capacity"),
        (),
        at(25, 14, 30),
        5,
    )
    words = (
        "接访改为 11月25日 14:30—17:00，井坪镇政府二楼（原来是 11月25日 09:00—11:30，综治中心一层接访室），"
        "已约 1 人，请逐一电话告知。"
    )
    assert told(f"{day.pk}:changed:") == {"clerk": words, "centre_lead": words}
    entry = AuditEntry.objects.get(action="reception_change")
    assert entry.detail == {"changed": ["starts", "ends", "place", "capacity"]}


@pytest.mark.parametrize("given", [{"leader": "马国栋", "office": "副区长"}, {"topics": "社保"}, {"capacity": "9"}])
def test_what_moves_neither_time_nor_place_needs_no_call(plan: Plan, district: District, given: dict[str, str]) -> None:
    day = plan()
    ask(day)
    changing.change_day(district.actor("centre_lead"), day.pk, {**GIVEN_DAY, **given}, now=MONDAY)
    assert told(f"{day.pk}:") == {}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"capacity": "1"}, {"capacity": ["已经公布的名额只能增加，现在是 2 位。"]}),
        ({"place": ""}, {"place": ["请填写地点。"]}),
        ({"date": "2026-11-20"}, {"date": ["这个时间已经过去了，请填以后的时间。"]}),
        ({"starts": "14:00", "ends": "15:00"}, {"starts": ["孙立民这个时间已经安排了接访，请改时间。"]}),
    ],
)
def test_a_change_that_cannot_be_is_told_beside_its_field_and_changes_nothing(
    plan: Plan, district: District, given: dict[str, str], errors: dict[str, list[str]]
) -> None:
    day = plan()
    plan(starts="14:00", ends="15:00")
    with pytest.raises(Incomplete) as refused:
        changing.change_day(district.actor("centre_lead"), day.pk, {**GIVEN_DAY, **given}, now=MONDAY)
    day.refresh_from_db()
    assert (refused.value.errors, day.capacity, day.place) == (errors, 2, "综治中心一层接访室")


def test_a_day_that_has_begun_or_was_cancelled_is_not_changed_nor_by_who_does_not_plan(
    plan: Plan, district: District
) -> None:
    day = plan()
    for who, now, refusal in (
        ("clerk", MONDAY, NotYou),
        ("centre_lead", ON_THE_DAY, NotNow),
        ("handler", MONDAY, NotYours),
    ):
        with pytest.raises(refusal):
            changing.change_day(district.actor(who, now), day.pk, GIVEN_DAY, now=now)
    changing.cancel_day(district.actor("supervisor"), day.pk, "区里有会。", now=MONDAY)
    with pytest.raises(NotNow, match="已经取消"):
        changing.change_day(district.actor("centre_lead"), day.pk, GIVEN_DAY, now=MONDAY)


def test_a_day_is_changed_on_its_page(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    by_hand(MONDAY)
    day = plan()
    lead, address = client_of("centre_lead"), f"/reception/{day.pk}/"
    page = lead.get(address).content.decode()
    assert [f'value="{text}"' in page for text in ("2026-11-25", "09:00", "11:30", "孙立民")] == [True] * 4
    wrong = lead.post(f"{address}change/", {**GIVEN_DAY, "place": ""})
    assert (wrong.status_code, "请填写地点。" in wrong.content.decode()) == (400, True)
    done = lead.post(f"{address}change/", {**GIVEN_DAY, "place": "井坪镇政府二楼"}, follow=True).content.decode()
    assert "居民看到的是新的时间和地点" in done
    assert "井坪镇政府二楼" in client_of("clerk").get("/reception-days/").content.decode()
    assert f"{address}change/" not in client_of("clerk").get(address).content.decode()
