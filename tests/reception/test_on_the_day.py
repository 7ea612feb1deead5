"""领导接访: what was said, the instruction that becomes an order, the registers, what is forgotten."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import AuditEntry
from cases.models import Case, Erasure, Event, ReceptionBooking, SupervisionOrder
from cases.reception import booking, changing, queries, services
from cases.reception.chores import erase_bookings
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.numbers import query_code
from tests.cases.cast import MONDAY, District, at
from tests.cases.matrix import GIVEN, LATER
from tests.reception.scenes import INSTRUCTED, ON_THE_DAY, PERSON, SAID, ClientOf, Plan, ask


def taken(plan: Plan, district: District, **given: str) -> ReceptionBooking:
    return booking.by_window(district.actor("clerk"), plan().pk, given or PERSON, now=MONDAY).booking


def test_what_was_said_about_a_case_is_a_line_of_its_history_and_the_instruction_becomes_an_order(
    plan: Plan, district: District
) -> None:
    case = district.register()
    row = taken(plan, district, number=case.number)
    services.receive(district.actor("clerk", ON_THE_DAY), str(row.uid), INSTRUCTED, now=ON_THE_DAY)
    event = Event.objects.get(kind="receive")
    told = {name: event.data[name] for name in ("leader", "received_on", "said", "instruction", "unit", "deadline")}
    assert told == {
        "leader": "孙立民（区委常委、政法委书记）",
        "received_on": "2026-11-25",
        "said": "暖气两周不热，139****1111 打过电话没人管。",
        "instruction": "三日内查明原因并恢复供热。",
        "unit": "housing",
        "deadline": "2026-12-01",
    }
    with pytest.raises(NotYou):
        services.order(district.actor("clerk", ON_THE_DAY), str(row.uid), now=ON_THE_DAY)
    services.order(district.actor("supervisor", ON_THE_DAY), str(row.uid), now=ON_THE_DAY)
    laid = SupervisionOrder.objects.get()
    row.refresh_from_db()
    case.refresh_from_db()
    assert (laid.case_id, laid.kind, laid.demand, laid.deadline) == (
        case.pk,
        "letter",
        "孙立民11月25日接访批示：三日内查明原因并恢复供热。（责任单位：区住房和城乡建设局）",
        at(1, 17, 30, month=12),
    )
    assert (row.order_number, case.orders_open) == (laid.number, 1)
    with pytest.raises(NotNow, match="已经转为督办"):
        services.order(district.actor("supervisor", ON_THE_DAY), str(row.uid), now=ON_THE_DAY)


def test_who_has_no_matter_yet_is_registered_with_what_was_said_filled_in(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    row = taken(plan, district)
    by_hand(ON_THE_DAY)
    clerk = client_of("clerk")
    assert clerk.post(f"/reception/bookings/{row.uid}/", INSTRUCTED).status_code == 302
    with pytest.raises(NotNow, match="请先把这件事登记为事项"):
        services.order(district.actor("supervisor", ON_THE_DAY), str(row.uid), now=ON_THE_DAY)
    form = clerk.get(f"/cases/new/?reception={row.uid}").content.decode()
    for words in ("王五", "13900001111", "小区暖气不热", 'name="channel" value="leader"', f'value="{row.uid}"'):
        assert words in form
    typed = {
        "reception": str(row.uid),
        "channel": "leader",
        "kind": "appeal",
        "description": "小区暖气不热",
        "place-address": "胜利社区三号楼",
        "who": "person",
        "reporter-0-name": "王五",
        "reporter-0-phone": "13900001111",
        "client_id": "form-1",
    }
    assert clerk.post("/cases/new/", typed).status_code == 302
    case, found = Case.objects.get(), ReceptionBooking.objects.get()
    assert (case.channel, found.case_id, found.contact, found.phone_index) == ("leader", case.pk, {}, "")
    assert list(case.events.values_list("kind", flat=True)) == ["register", "receive"]
    assert client_of("supervisor").post(f"/reception/bookings/{row.uid}/order/").status_code == 302
    assert SupervisionOrder.objects.get().case_id == case.pk


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"attended": ""}, {"attended": ["请选择到场了没有。"]}),
        ({"attended": "yes"}, {"said": ["请写下反映的情况。"]}),
        (
            {**SAID, "instruction": "请办理"},
            {"unit": ["写了批示，请选择责任单位。"], "deadline": ["写了批示，请填写办理时限。"]},
        ),
        ({**SAID, "unit": "housing"}, {"instruction": ["填了责任单位或时限，请写明批示；没有批示的，两项都不填。"]}),
        ({**INSTRUCTED, "deadline": "2026-11-20"}, {"deadline": ["这一天已经过去了，请填今天或以后的日期。"]}),
    ],
)
def test_half_an_instruction_is_refused(
    plan: Plan, district: District, given: dict[str, str], errors: dict[str, list[str]]
) -> None:
    row = taken(plan, district)
    with pytest.raises(Incomplete) as refused:
        services.receive(district.actor("clerk"), str(row.uid), given, now=ON_THE_DAY)
    row.refresh_from_db()
    assert (refused.value.errors, row.attended) == (errors, None)


def test_who_did_not_come_is_noted_and_nothing_else(plan: Plan, district: District) -> None:
    row = taken(plan, district)
    with pytest.raises(NotNow, match="还没有到接访的日子"):
        services.receive(district.actor("clerk"), str(row.uid), {"attended": "no"}, now=MONDAY)
    services.receive(district.actor("clerk"), str(row.uid), {"attended": "no"}, now=ON_THE_DAY)
    row.refresh_from_db()
    assert (row.attended, row.minutes, queries.state_of(row)) == (False, {}, "未到场")


def test_nobody_is_received_on_a_day_that_was_cancelled(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    row = taken(plan, district)
    changing.cancel_day(district.actor("supervisor"), row.day_id, "区里有会，改到下周。", now=MONDAY)
    with pytest.raises(NotNow, match="接访已经取消"):
        services.receive(district.actor("clerk"), str(row.uid), SAID, now=ON_THE_DAY)
    row.refresh_from_db()
    by_hand(ON_THE_DAY)
    page = client_of("clerk").get(f"/reception/bookings/{row.uid}/").content.decode()
    assert (row.attended, "登记接访</h2>" in page, "这一天的接访已经取消" in page) == (None, False, True)
    assert "登记接访<span" not in client_of("clerk").get(f"/reception/{row.day_id}/").content.decode()


def archived(district: District, case: Case) -> Case:
    district.move(case, "decline", "clerk", **GIVEN["decline"])
    return district.move(case, "archive", "clock", LATER)


def test_an_archived_matter_is_not_booked_for(plan: Plan, district: District) -> None:
    day, case = plan(date=str(LATER.date() + timedelta(days=3))), archived(district, district.register())
    with pytest.raises(Incomplete) as at_window:
        booking.by_window(district.actor("clerk", LATER), day.pk, {"number": case.number}, now=LATER)
    with pytest.raises(Incomplete) as by_web:
        ask(day, LATER, number=case.number, query_code=query_code(case.number, 1))
    assert (at_window.value.errors, by_web.value.errors, ReceptionBooking.objects.count()) == (
        {"number": ["这件事已经办结归档，不能再记接访；有新的情况，请填姓名、电话和事由预约。"]},
        {"number": [booking.ARCHIVED]},
        0,
    )


def test_what_was_said_about_a_matter_that_was_archived_meanwhile_is_kept_and_goes_into_a_new_one(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    case = district.register()
    day = plan(date=str(LATER.date()))
    row = booking.by_window(district.actor("clerk"), day.pk, {"number": case.number}, now=MONDAY).booking
    archived(district, case)
    instructed = {**INSTRUCTED, "deadline": str(LATER.date() + timedelta(days=3))}
    services.receive(district.actor("clerk", LATER), str(row.uid), instructed, now=LATER)
    row.refresh_from_db()
    assert ((row.minutes or {})["instruction"], row.attended) == ("三日内查明原因并恢复供热。", True)
    with pytest.raises(NotNow, match="请先把这件事登记为事项"):
        services.order(district.actor("supervisor", LATER), str(row.uid), now=LATER)
    by_hand(LATER)
    page = client_of("clerk").get(f"/reception/bookings/{row.uid}/").content.decode()
    assert ("这件事已经归档" in page, "登记为事项" in page, "批示转督办" in page) == (True, True, False)
    other = district.register(now=LATER)
    services.adopt(district.actor("clerk", LATER), str(row.uid), other, now=LATER)
    assert Event.objects.get(kind="receive").case_id == other.pk


def test_a_refusal_on_the_day_is_a_sentence_on_the_page_and_nothing_typed_is_lost(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = taken(plan, district)
    by_hand(ON_THE_DAY)
    clerk, address = client_of("clerk"), f"/reception/bookings/{row.uid}/"
    wrong = clerk.post(address, {"said": "暖气不热"})
    assert (wrong.status_code, "请选择到场了没有。" in wrong.content.decode()) == (400, True)

    def refuse(*_given: Any, **_more: Any) -> None:
        raise NotNow("事项刚刚有人办理，请再试一次。")

    monkeypatch.setattr(services, "receive", refuse)
    answer = clerk.post(address, SAID)
    page = answer.content.decode()
    assert (answer.status_code, "事项刚刚有人办理，请再试一次。" in page, "暖气两周不热" in page) == (409, True, True)


def test_the_unit_complained_about_is_not_made_responsible(plan: Plan, district: District) -> None:
    case = district.register(complained_unit="heating", complaint_nature="conduct")
    row = taken(plan, district, number=case.number)
    with pytest.raises(Incomplete) as refused:
        services.receive(district.actor("clerk"), str(row.uid), {**INSTRUCTED, "unit": "heating"}, now=ON_THE_DAY)
    assert list(refused.value.errors) == ["unit"]


def test_a_case_out_of_sight_shows_neither_its_number_nor_what_was_said(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    """A complaint about the centre: its own people see that a place is taken, and nothing more (rule 4)."""
    case = district.register("resident", channel="web", complained_unit="centre", complaint_nature="conduct")
    day = plan()
    made = ask(day, number=case.number, query_code=query_code(case.number, 1)).booking
    by_hand(MONDAY)
    clerk = client_of("clerk")
    page = clerk.get(f"/reception/{day.pk}/").content.decode()
    assert (case.number in page, case.title in page, "不在您的查看范围" in page) == (False, False, True)
    assert clerk.get(f"/reception/bookings/{made.uid}/").status_code == 404


def test_names_are_masked_and_shown_for_a_reason_on_record(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    row = taken(plan, district)
    by_hand(MONDAY)
    clerk = client_of("clerk")
    for address in (f"/reception/{row.day_id}/", f"/reception/bookings/{row.uid}/"):
        page = clerk.get(address).content.decode()
        assert ("王**" in page or "王*" in page, "王五" in page, "13900001111" in page) == (True, False, False)
    address = f"/reception/bookings/{row.uid}/contact/"
    assert clerk.post(address, {"reason": ""}).status_code == 400
    assert "13900001111" in clerk.post(address, {"reason": "告知改期"}).content.decode()
    assert AuditEntry.objects.filter(action="reception_unmask").get().reason == "告知改期"


def test_the_dates_of_a_reception_are_said_in_the_history_as_people_say_them(
    plan: Plan, district: District, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    case = district.register()
    row = taken(plan, district, number=case.number)
    services.receive(district.actor("clerk", ON_THE_DAY), str(row.uid), INSTRUCTED, now=ON_THE_DAY)
    by_hand(ON_THE_DAY)
    page = client_of("clerk").get(f"/cases/{case.number}/").content.decode()
    seen = re.sub(r"<[^>]*>", "", page)
    assert ("接访日期：2026年11月25日" in seen, "办理时限：2026年12月1日" in seen) == (True, True)
    assert re.findall(r"\d{4}-\d{2}-\d{2}", seen) == []


def test_the_register_lists_and_prints_who_was_received(
    plan: Plan,
    district: District,
    client_of: ClientOf,
    by_hand: Callable[[Any], None],
    django_assert_max_num_queries: Any,
) -> None:
    row = taken(plan, district)
    services.receive(district.actor("clerk"), str(row.uid), INSTRUCTED, now=ON_THE_DAY)
    by_hand(ON_THE_DAY)
    lead = client_of("centre_lead")
    with django_assert_max_num_queries(14):
        page = lead.get("/reception/register/").content.decode()
    paper = lead.get("/reception/register/?paper=1").content.decode()
    for words in ("孙立民", "三日内查明原因并恢复供热。", "区住房和城乡建设局", "没有登记为事项"):
        assert (words in page, words in paper) == (True, True), words
    assert ("王五" in page, "王五" in paper, "领导接访登记表" in paper) == (False, False, True)
    assert client_of("handler").get("/reception/register/").status_code == 403


def test_the_printed_ledger_of_leaders_cases_is_on_record(
    plan: Plan, client_of: ClientOf, by_hand: Callable[[Any], None]
) -> None:
    by_hand(ON_THE_DAY)
    lead = client_of("centre_lead")
    lead.get("/reception/ledger/")
    assert AuditEntry.objects.filter(action="print_leads").count() == 0
    lead.get("/reception/ledger/?paper=1")
    entry = AuditEntry.objects.get(action="print_leads")
    assert (entry.username, entry.detail) == ("centre_lead", {"rows": 0})


# --- forgotten ----------------------------------------------------------------------------------------------------


def test_names_go_when_their_time_is_over(plan: Plan, district: District) -> None:
    kept, given_back = taken(plan, district), ask(plan(date="2026-11-26"), key="x").booking
    assert given_back is not None
    booking.cancel_by_window(district.actor("clerk"), str(given_back.uid), now=MONDAY)
    case = district.register()
    of_case = booking.by_window(district.actor("clerk"), kept.day_id, {"number": case.number}, now=MONDAY).booking
    assert of_case is not None
    erased = []
    for moment in (at(27), at(28, month=12), at(26, year=2029)):
        erase_bookings(moment)
        found = ReceptionBooking.objects.filter(erased_at__isnull=False).values_list("pk", flat=True)
        erased.append(set(found))
    assert erased == [set(), {given_back.pk}, {given_back.pk, kept.pk}]
    Erasure.objects.create(case=case, at=MONDAY, months=36, people=1, files=0)
    assert (erase_bookings(MONDAY), erase_bookings(MONDAY)) == (1, 0)
    assert [(row.contact, row.phone_index) for row in ReceptionBooking.objects.all()] == [({}, "")] * 3


def test_days_are_dates(plan: Plan) -> None:
    assert plan().date == date(2026, 11, 25)
