"""One step on many marked cases: the same rules as one by one, every refusal told (design/behaviours.md 26)."""

from collections.abc import Callable

import pytest
from django.test import Client

from cases.models import Case, Event
from tests.cases.cast import OTHER_STREET, District

ClientOf = Callable[[str], Client]


def accepted(district: District, many: int = 1) -> list[Case]:
    cases = [district.register(description=f"第 {place + 1} 处路灯不亮，请派人修。") for place in range(many)]
    for case in cases:
        district.move(case, "accept", "clerk", category="A0102", level="general")
    return cases


def form_of(client: Client, cases: list[Case], action: str) -> dict[str, object]:
    """Mark, choose the step, and give back what the form would send."""
    page = client.post("/cases/bulk/", {"case": [case.number for case in cases], "action": action})
    context = page.context
    return {
        "case": [case.number for case in cases],
        "seen": [f"{one.case.number}:{one.case.version}" for one in context["offer"].can],
        "action": action,
        "batch": context["batch"],
        "go": "1",
    }


def told(page) -> tuple[list[str], list[tuple[str, str]]]:  # type: ignore[no-untyped-def]
    report = page.context["report"]
    return [case.number for case, _words in report.done], [(row["number"], row["sentence"]) for row in report.refused]


def test_what_all_and_what_some_allow_is_offered_with_how_many(district: District, client_of: ClientOf) -> None:
    one, two = accepted(district, 2)
    district.move(two, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    page = client_of("dispatcher").post("/cases/bulk/", {"case": [one.number, two.number]})
    offered = {offer.action.name: offer.words for offer in page.context["offers"]}
    assert {name: offered[name] for name in ("dispatch", "reassign", "merge", "note")} == {
        "dispatch": "2 件中的 1 件",
        "reassign": "2 件中的 1 件",
        "merge": "2 件",
        "note": "2 件",
    }
    assert not {"confirm", "contact", "attach", "request"} & set(offered)
    assert page.context["offers"][0].action.name == "dispatch"


@pytest.mark.behaviour(26)
def test_a_bulk_action_obeys_the_table_and_reports_each_refusal(district: District, client_of: ClientOf) -> None:
    """behaviours.md 26."""
    ready, gone, waiting = [*accepted(district, 2), district.register()]
    dispatcher = client_of("dispatcher")
    sent = form_of(dispatcher, [ready, gone, waiting], "dispatch")
    # Meanwhile a colleague is faster with the second.
    district.move(gone, "dispatch", "dispatcher", lead_unit="heating", mode="forward")
    page = dispatcher.post("/cases/bulk/", {**sent, "lead_unit": "housing", "mode": "forward"})
    done, refused = told(page)
    assert done == [ready.number]
    assert [number for number, _sentence in refused] == [gone.number, waiting.number]
    assert "您的操作未生效" in refused[0][1]
    assert "待受理" in refused[1][1]
    for case in (ready, gone, waiting):
        case.refresh_from_db()
    assert [(case.status, case.lead_unit and case.lead_unit.code) for case in (ready, gone, waiting)] == [
        ("dispatched", "housing"),
        ("dispatched", "heating"),
        ("registered", None),
    ]
    assert (waiting.events.count(), gone.events.count()) == (1, 3)
    html = page.content.decode()
    assert f"/cases/{gone.number}/" in html
    assert "没有办成 2 件" in html


def test_sent_twice_it_is_done_once(district: District, client_of: ClientOf) -> None:
    cases = accepted(district, 3)
    dispatcher = client_of("dispatcher")
    sent = {**form_of(dispatcher, cases, "dispatch"), "lead_unit": "housing", "mode": "forward"}
    first, second = (told(dispatcher.post("/cases/bulk/", sent)) for _ in range(2))
    assert first == second == ([case.number for case in cases], [])
    assert Event.objects.filter(kind="dispatch").count() == 3


def test_a_blank_form_touches_nothing_and_says_what_is_missing_at_the_field(
    district: District, client_of: ClientOf
) -> None:
    cases = accepted(district, 2)
    dispatcher = client_of("dispatcher")
    page = dispatcher.post("/cases/bulk/", {**form_of(dispatcher, cases, "dispatch"), "mode": "forward"})
    assert page.status_code == 400
    assert page.context["errors"] == {"lead_unit": ["请填写主办单位。"]}
    assert page.context["given"] == {"mode": "forward"}
    assert Event.objects.filter(kind="dispatch").count() == 0


def test_a_merge_takes_the_marked_ones_into_one_of_them(district: District, client_of: ClientOf) -> None:
    master, *others = accepted(district, 3)
    dispatcher = client_of("dispatcher")
    sent = form_of(dispatcher, [master, *others], "merge")
    done, refused = told(dispatcher.post("/cases/bulk/", {**sent, "master": master.number}))
    assert (done, refused) == ([case.number for case in others], [])
    assert set(Case.objects.filter(master=master)) == set(others)


def test_a_lead_signs_many_and_names_who_takes_them(district: District, client_of: ClientOf) -> None:
    cases = accepted(district, 2)
    for case in cases:
        district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    lead = client_of("housing_lead")
    done, refused = told(lead.post("/cases/bulk/", {**form_of(lead, cases, "sign"), "handler": "handler2"}))
    assert (done, refused) == ([case.number for case in cases], [])
    assert set(Case.objects.values_list("handler__username", flat=True)) == {"handler2"}


def test_a_note_is_written_into_each(district: District, client_of: ClientOf) -> None:
    cases = accepted(district, 2)
    dispatcher = client_of("dispatcher")
    told(dispatcher.post("/cases/bulk/", {**form_of(dispatcher, cases, "note"), "text": "已约周三现场会"}))
    assert [event.data["text"] for event in Event.objects.filter(kind="note")] == ["已约周三现场会"] * 2


def test_another_street_s_cases_are_neither_shown_nor_touched(district: District, client_of: ClientOf) -> None:
    here, there = accepted(district, 1)[0], district.register(place={"area": OTHER_STREET})
    district.move(there, "accept", "clerk", category="A0102", level="general")
    for case, unit in ((here, "housing"), (there, "other_street")):
        district.move(case, "dispatch", "dispatcher", lead_unit=unit, mode="forward")
    client = client_of("handler")
    sent = {"case": [here.number, there.number], "action": "note", "go": "1", "text": "看过了"}
    page = client.post("/cases/bulk/", sent)
    done, refused = told(page)
    assert (done, [number for number, _sentence in refused]) == ([here.number], [there.number])
    assert there.events.count() == 3
    assert there.title not in page.content.decode()


def test_at_most_a_hundred_at_once(district: District, client_of: ClientOf) -> None:
    numbers = [f"{place:014d}" for place in range(101)]
    page = client_of("dispatcher").post("/cases/bulk/", {"case": numbers})
    assert (page.status_code, "一次最多办理 100 件" in page.content.decode()) == (400, True)


@pytest.mark.parametrize("action", ["confirm", "register", "nonsense", "rate"])
def test_what_is_said_of_one_person_is_not_offered_for_many(
    district: District, client_of: ClientOf, action: str
) -> None:
    case = accepted(district)[0]
    sent = {"case": [case.number], "action": action, "go": "1", "satisfaction": "5"}
    page = client_of("dispatcher").post("/cases/bulk/", sent)
    assert "report" not in page.context
    assert case.events.count() == 2


def test_the_bar_under_the_list_is_answered_in_a_few_queries(
    district: District, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    cases = accepted(district, 12)
    dispatcher = client_of("dispatcher")
    dispatcher.get("/cases/")  # the session's own beginning is written once
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        bar = dispatcher.post("/cases/bulk/offers/", {"case": [case.number for case in cases]}).content.decode()
    assert ('value="dispatch"' in bar, "12 件" in bar) == (True, True)
