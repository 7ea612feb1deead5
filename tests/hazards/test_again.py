"""Closed hazards are looked at again, in the flood season again and again; materials and teams are checked (facts §8 1.11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.choices import Role
from accounts.models import Notice
from cases.following_up.queries import look_backs
from cases.hazards import again, chores, keeping, queries
from cases.models import Case, FloodStore, LookBack, ReinspectionRule
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import MONDAY, STREET, District, at
from tests.hazards.conftest import FILE

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MONTH = at(23, month=12)


@pytest.fixture
def closed(district: District, found: Callable[..., Case], resolve: Callable[..., Case]) -> Callable[..., Case]:
    """A hazard of a class, put right by the handler and verified on 23 November."""

    def made(hazard_class: str = "gas") -> Case:
        case = found()
        district.record(case, "hazard", "handler", **{**FILE, "hazard_class": hazard_class})
        resolve(case)
        return district.move(case, "close_verified", "supervisor")

    return made


def dates(case: Case) -> list[tuple[int, date]]:
    return list(LookBack.objects.filter(case=case).order_by("due_on").values_list("days", "due_on"))


def test_dates_after_closing_are_those_of_the_class(district: District, closed: Callable[..., Case]) -> None:
    ReinspectionRule.objects.create(hazard_class="flood", days=7)
    gas, flood = closed("gas"), closed("flood")
    month = (30, date(2026, 12, 23))
    assert (dates(gas), dates(flood)) == ([month], [(7, date(2026, 11, 30)), month])


def test_a_look_waits_for_who_did_not_put_it_right_and_for_the_grid_worker_of_the_place(
    district: District, closed: Callable[..., Case]
) -> None:
    closed()
    due = {
        who: queries.re_inspections_for(district.actor(who, MONTH), MONTH.date()).count()
        for who in (
            "follow_up",
            "supervisor",
            "centre_lead",
            "grid_worker",
            "handler",
            "clerk",
            "handler_other",
            "auditor",
        )
    }
    assert due == {
        **dict.fromkeys(("follow_up", "supervisor", "centre_lead", "grid_worker"), 1),
        **dict.fromkeys(("handler", "clerk", "handler_other", "auditor"), 0),
    }
    assert queries.re_inspections_for(district.actor("grid_worker"), date(2026, 12, 22)).count() == 0
    assert look_backs(district.actor("follow_up", MONTH), MONTH).count() == 1


def test_what_was_seen_is_on_the_history_once(district: District, closed: Callable[..., Case]) -> None:
    case = closed()
    row = LookBack.objects.get(case=case)
    worker = district.actor("grid_worker", MONTH)
    with pytest.raises(Incomplete, match="请写明情况"):
        again.look_again(row.pk, {"result": "relapsed"}, actor=worker, now=MONTH)
    with pytest.raises(NotYours):
        again.look_again(row.pk, {"result": "stable"}, actor=district.actor("handler", MONTH), now=MONTH)
    again.look_again(row.pk, {"result": "stable", "note": "阀门完好"}, actor=worker, now=MONTH)
    with pytest.raises(NotYours):
        again.look_again(row.pk, {"result": "stable"}, actor=worker, now=MONTH)
    row.refresh_from_db()
    told = [event.data["text"] for event in case.events.filter(kind="note")]
    assert (row.result, row.done_by, told) == (
        "stable",
        district.people["grid_worker"],
        ["办结后 30 天回头看：稳定。阀门完好"],
    )


def test_while_the_flood_season_lasts_inspection_does_not_stop(district: District, closed: Callable[..., Case]) -> None:
    ReinspectionRule.objects.all().delete()
    season = ReinspectionRule.objects.create(
        hazard_class="flood", every=7, begins_on=date(2026, 11, 1), ends_on=date(2026, 12, 14)
    )
    flood, gas = closed("flood"), closed("gas")
    supervisor = "supervisor2"
    for offset in range(1, 31):
        now = MONDAY + timedelta(days=offset)
        chores.keep_looking_again(now)
        chores.keep_looking_again(now)  # twice a day makes no second
        if offset == 14:  # the second one is left lying for three days: no other is made meanwhile
            continue
        if offset in (15, 16):
            continue
        for row in queries.re_inspections_for(district.actor(supervisor, now), now.date(), now):
            again.look_again(row.pk, {"result": "stable"}, actor=district.actor(supervisor, now), now=now)
    assert [day for _days, day in dates(flood)] == [date(2026, 11, 30), date(2026, 12, 7)]
    assert dates(gas) == []
    season.ends_on = date(2026, 12, 31)  # the season is lengthened: it goes on by itself
    season.save()
    assert chores.keep_looking_again(at(26, month=12)) == 1


def test_a_rule_is_days_after_closing_or_a_whole_season(district: District) -> None:
    for half in (
        {},
        {"every": 7},
        {"days": 3, "every": 7},
        {"every": 7, "begins_on": "2026-09-30", "ends_on": "2026-06-01"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReinspectionRule.objects.create(hazard_class="flood", **half)


# --- flood materials and teams --------------------------------------------------------------------------------------

STORE = {
    "kind": "material",
    "what": "编织袋",
    "place": "井坪镇水务站库房",
    "quantity": "2000",
    "measure": "条",
    "unit": "street",
    "phone": "0349-6021234",
    "every": "30",
}


def test_a_material_that_was_not_checked_is_told_to_its_keeper_once_and_a_check_moves_its_date(
    district: District, client_of: Callable[[str], Client]
) -> None:
    store = keeping.enter_store(STORE, actor=district.actor("supervisor"), now=MONDAY)
    assert store.next_on == date(2026, 12, 23)
    late = at(24, month=12)
    assert (chores.tell_overdue_checks(MONTH), chores.tell_overdue_checks(late), chores.tell_overdue_checks(late)) == (
        0,
        1,
        0,
    )
    assert set(Notice.objects.values_list("user__username", "title")) == {
        ("street_handler", "防汛物资“编织袋”该检查了")
    }
    keeper = district.actor("street_handler", late)
    with pytest.raises(Incomplete, match="写明缺什么"):
        keeping.check_store(store.pk, {"day": "2026-12-24", "fine": False, "quantity": 1900}, actor=keeper, now=late)
    with pytest.raises(Incomplete, match="已经过去的日期"):
        keeping.check_store(store.pk, {"day": "2026-12-25", "fine": True, "quantity": 2000}, actor=keeper, now=late)
    told = {"day": "2026-12-24", "fine": False, "quantity": 1900, "note": "受潮 100 条"}
    keeping.check_store(store.pk, told, actor=keeper, now=late)
    with pytest.raises(NotNow):
        keeping.check_store(store.pk, told, actor=keeper, now=late)
    store.refresh_from_db()
    assert (store.quantity, store.last_on, store.next_on, store.told_at) == (
        1900,
        date(2026, 12, 24),
        date(2027, 1, 23),
        None,
    )


def test_materials_are_seen_by_their_area_and_their_keeper_and_entered_by_who_keeps_the_list(
    district: District, client_of: Callable[[str], Client]
) -> None:
    store = keeping.enter_store(STORE, actor=district.actor("dispatcher"), now=MONDAY)
    with pytest.raises(NotNow, match="已经登记过"):
        keeping.enter_store(STORE, actor=district.actor("dispatcher"), now=MONDAY)
    with pytest.raises(NotYou):
        keeping.enter_store({**STORE, "what": "水泵"}, actor=district.actor("street_handler"), now=MONDAY)
    people = ("supervisor", "street_handler", "handler_other", "handler", "auditor")
    codes = {who: client_of(who).get(f"/hazards/flood/{store.pk}/").status_code for who in people}
    assert codes == {"supervisor": 200, "street_handler": 200, "handler_other": 404, "handler": 404, "auditor": 403}
    district.person("street_boss", "焦镇长", Role.LEADER, "street", STREET)
    reader = client_of("street_boss")
    assert reader.get(f"/hazards/flood/{store.pk}/").status_code == 200
    check = {"day": "2026-11-23", "fine": "true", "quantity": "5"}
    assert client_of("handler").post(f"/hazards/flood/{store.pk}/", check).status_code == 404
    wrong = client_of("supervisor").post("/hazards/flood/", {**STORE, "quantity": "9" * 40, "what": "水泵"})
    assert (wrong.status_code, 'value="水泵"' in wrong.content.decode(), FloodStore.objects.count()) == (400, True, 1)
    assert client_of("supervisor").post(f"/hazards/flood/{store.pk}/retire/").status_code == 302
    assert client_of("supervisor").get(f"/hazards/flood/{store.pk}/").status_code == 404


def test_the_phone_reads_and_writes_the_same_by_the_api(
    district: District, found: Callable[..., Case], client_of: Callable[[str], Client]
) -> None:
    case = found()
    client = client_of("handler")
    send = {"content_type": "application/json"}
    assert client.get(f"/api/v1/cases/{case.number}/hazard/").json()["file"] is None
    made = client.post(f"/api/v1/cases/{case.number}/hazard/", FILE, **send)
    line = {"problem": "软管老化", "measure": "更换"}
    listed = client.post(f"/api/v1/cases/{case.number}/hazard/items/", line, **send)
    done = client.post(
        f"/api/v1/cases/{case.number}/hazard/results/", {"item": 1, "done": True, "result": "已换"}, **send
    )
    assert (made.status_code, listed.status_code, done.status_code) == (201, 201, 201)
    told = client.get(f"/api/v1/cases/{case.number}/hazard/").json()
    assert (told["file"]["person"], [(one["item"], one["problem"], one["result"]) for one in told["items"]]) == (
        "郑局长",
        [(1, "软管老化", "已换")],
    )
    assert client_of("grid_worker").get("/api/v1/re-inspections/").json() == []
    assert client_of("handler_other").get(f"/api/v1/cases/{case.number}/hazard/").status_code == 404


def test_the_desk_of_following_up_leads_to_the_hazard_s_own_form_and_it_is_written_there(
    district: District, closed: Callable[..., Case], client_of: Callable[[str], Client]
) -> None:
    row = LookBack.objects.get(case=closed())
    LookBack.objects.update(due_on=date(2026, 11, 1))
    client = client_of("follow_up")
    assert f"/hazards/again/{row.pk}/" in client.get("/follow-up/?tab=back").content.decode()
    assert client.post(f"/hazards/again/{row.pk}/", {"result": "relapsed"}).status_code == 400
    assert client.post(f"/hazards/again/{row.pk}/", {"result": "stable", "note": "完好"}).status_code == 302
    assert client.get(f"/hazards/again/{row.pk}/").status_code == 404
    assert client_of("handler").get("/hazards/again/").status_code == 200
