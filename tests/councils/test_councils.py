"""议事: topic, discussion, meeting, decision, case; signed, it stays as it is; clicked twice, a decision is one case."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.councils import meetings, queries
from cases.models import Case, CouncilDecision, CouncilMeeting, CouncilTopic, TopicWord
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.api.phone import Phone
from tests.cases.cast import COMMUNITY, MONDAY, District
from tests.councils.conftest import DECISION, MEETING, MINUTES

ClientOf = Callable[[str], Client]
Hold = Callable[..., CouncilMeeting]
TOPIC = {"area": COMMUNITY, "title": "三号楼前装路灯", "what": "晚上看不见台阶"}
WORD = {"stage": "residents", "day": "2026-11-20", "people": "12", "text": "都同意装，担心电费。"}


def test_a_topic_goes_from_residents_to_the_grid_to_a_meeting_to_work(district: District) -> None:
    actor, stages = district.actor("grid_worker"), []
    topic = meetings.raise_topic(actor, TOPIC, now=MONDAY)[0]

    def stage() -> None:
        stages.append(queries.stage_of(queries.find_topic(actor, topic.pk)))

    stage()
    meetings.say(actor, topic.pk, WORD, now=MONDAY)
    stage()
    meetings.say(actor, topic.pk, {**WORD, "stage": "grid", "text": "找社区要电源 13912345678"}, now=MONDAY)
    stage()
    meeting = meetings.call_meeting(actor, MEETING, now=MONDAY)[0]
    meetings.put_on_agenda(actor, meeting.pk, topic.pk, on=True, now=MONDAY)
    stage()
    meetings.write_minutes(actor, meeting.pk, MINUTES, now=MONDAY)
    meetings.decide(actor, meeting.pk, {**DECISION, "topic": str(topic.pk)}, now=MONDAY)
    meetings.sign(district.actor("community_lead"), meeting.pk, now=MONDAY)
    stage()
    assert stages == ["residents", "residents", "grid", "meeting", "joint"]
    assert [word.text for word in TopicWord.objects.all()] == ["都同意装，担心电费。", "找社区要电源 139****5678"]
    with pytest.raises(NotNow, match="已经定了"):
        meetings.say(actor, topic.pk, WORD, now=MONDAY)


def test_what_was_said_or_decided_is_one_however_often_it_is_pressed(meeting: Hold, district: District) -> None:
    actor, held = district.actor("grid_worker"), meeting(signed=False)
    topic = meetings.raise_topic(actor, TOPIC, now=MONDAY)[0]
    for _twice in range(2):
        meetings.say(actor, topic.pk, WORD, now=MONDAY)
        meetings.decide(actor, held.pk, DECISION, now=MONDAY)
    assert (TopicWord.objects.count(), held.decisions.count()) == (1, 1)


def test_signed_nothing_of_a_meeting_changes_not_even_behind_the_doors(meeting: Hold, district: District) -> None:
    held, actor = meeting(), district.actor("grid_worker")
    for late in (
        lambda: meetings.write_minutes(actor, held.pk, MINUTES, now=MONDAY),
        lambda: meetings.decide(actor, held.pk, DECISION, now=MONDAY),
        lambda: meetings.strike(actor, held.decisions.get().pk, now=MONDAY),
        lambda: meetings.sign(district.actor("community_lead"), held.pk, now=MONDAY),
    ):
        with pytest.raises(NotNow, match="已经签发"):
            late()
    topic = meetings.raise_topic(actor, TOPIC, now=MONDAY)[0]
    word = meetings.say(actor, topic.pk, WORD, now=MONDAY)
    decision = held.decisions.get()
    rows: list[Callable[[], Any]] = [
        lambda: CouncilMeeting.objects.filter(pk=held.pk).update(minutes="改过"),
        lambda: CouncilMeeting.objects.filter(pk=held.pk).update(signed_on=None, signed_by=None),
        lambda: CouncilDecision.objects.filter(pk=decision.pk).update(what="改过"),
        lambda: CouncilDecision.objects.filter(pk=decision.pk).update(due_on=MONDAY.date()),
        lambda: CouncilDecision.objects.filter(pk=decision.pk).delete(),
        lambda: CouncilDecision.objects.create(
            meeting=held, what="再加一条", unit=decision.unit, due_on=decision.due_on
        ),
        lambda: TopicWord.objects.filter(pk=word.pk).update(text="改过"),
        lambda: TopicWord.objects.filter(pk=word.pk).delete(),
    ]
    for wrong in rows:
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    assert CouncilDecision.objects.get().what == DECISION["what"]


def test_only_a_lead_signs_and_only_what_is_whole(meeting: Hold, district: District) -> None:
    actor, lead = district.actor("grid_worker"), district.actor("street_lead")
    held = meeting(signed=False)
    with pytest.raises(NotYou):
        meetings.sign(actor, held.pk, now=MONDAY)
    later = meetings.call_meeting(actor, {**MEETING, "day": "2026-12-01"}, now=MONDAY)[0]
    with pytest.raises(NotNow, match="还没有开"):
        meetings.sign(lead, later.pk, now=MONDAY)
    empty = meetings.call_meeting(actor, MEETING, now=MONDAY)[0]
    with pytest.raises(NotNow, match="先写好"):
        meetings.sign(lead, empty.pk, now=MONDAY)
    assert meetings.sign(lead, held.pk, now=MONDAY).signed_by_id == district.people["street_lead"].pk


def test_a_decision_becomes_one_case_and_shows_how_far_it_is(decision: CouncilDecision, district: District) -> None:
    actor = district.actor("grid_worker")
    first = meetings.become_case(actor, decision.pk, "appeal", now=MONDAY)
    again = meetings.become_case(actor, decision.pk, "hazard", now=MONDAY)
    case = Case.objects.get()
    assert ((first[0].case_id, first[1]), (again[0].case_id, again[1])) == ((case.pk, True), (case.pk, False))
    assert (case.description, case.kind, case.area_code) == (
        *("第四季度居民议事会（2026年11月22日）议定：三号楼前装三盏路灯", "appeal", COMMUNITY),
    )
    row = queries.decision_rows([queries.find_decision(actor, decision.pk)], actor, MONDAY)[0]
    assert row.words == "已登记为事项：已登记，等待受理"
    with pytest.raises(NotNow, match="还没有办结"):
        meetings.done(actor, decision.pk, {"result": "装好了"}, now=MONDAY)
    other = queries.decision_rows([row.decision], district.actor("street_lead"), MONDAY)[0]
    assert other.words == row.words


def test_the_community_can_do_it_itself(decision: CouncilDecision, district: District) -> None:
    actor = district.actor("grid_worker")
    with pytest.raises(Incomplete):
        meetings.done(actor, decision.pk, {"result": ""}, now=MONDAY)
    meetings.done(actor, decision.pk, {"result": "周六大家一起装好了"}, now=MONDAY)
    with pytest.raises(NotNow, match="已经办成"):
        meetings.become_case(actor, decision.pk, "appeal", now=MONDAY)
    assert list(queries.decisions_to_do(actor)) == []


def test_before_it_is_signed_a_decision_is_no_case(meeting: Hold, district: District) -> None:
    held = meeting(signed=False)
    with pytest.raises(NotNow, match="还没有签发"):
        meetings.become_case(district.actor("grid_worker"), held.decisions.get().pk, "appeal", now=MONDAY)
    meetings.strike(district.actor("grid_worker"), held.decisions.get().pk, now=MONDAY)
    assert (CouncilDecision.objects.count(), Case.objects.count()) == (0, 0)


WRONG = (
    ("topic", {"title": ""}, "title"),
    ("topic", {"title": "字" * 101}, "title"),
    ("topic", {"area": "140603101001"}, "area"),
    ("word", {"stage": "meeting"}, "stage"),
    ("word", {"people": "99999999999999999999"}, "people"),
    ("word", {"day": "2026-11-24"}, "day"),
    ("word", {"text": "\x00"}, "text"),
    ("meeting", {"day": "2099-01-01"}, "day"),
    ("meeting", {"place": "x" * 121}, "place"),
    ("minutes", {"attendance": "0"}, "attendance"),
    ("minutes", {"attendance": "张三"}, "attendance"),
    ("decision", {"unit": "housing"}, "unit"),
    ("decision", {"due_on": "2026-01-01"}, "due_on"),
    ("decision", {"topic": "7"}, "topic"),
)


def test_what_is_wrong_is_told_at_the_field(meeting: Hold, district: District) -> None:
    actor, held = district.actor("grid_worker"), meeting(signed=False)
    topic = meetings.raise_topic(actor, TOPIC, now=MONDAY)[0]
    doors: dict[str, Callable[[dict[str, str]], Any]] = {
        "topic": lambda given: meetings.raise_topic(actor, {**TOPIC, **given}, now=MONDAY),
        "word": lambda given: meetings.say(actor, topic.pk, {**WORD, **given}, now=MONDAY),
        "meeting": lambda given: meetings.call_meeting(actor, {**MEETING, **given}, now=MONDAY),
        "minutes": lambda given: meetings.write_minutes(actor, held.pk, {**MINUTES, **given}, now=MONDAY),
        "decision": lambda given: meetings.decide(actor, held.pk, {**DECISION, **given}, now=MONDAY),
    }
    for door, given, field in WRONG:
        with pytest.raises(Incomplete) as refused:
            doors[door](given)
        assert list(refused.value.errors) == [field], (door, given)


def test_the_whole_way_by_page_and_on_paper(district: District, client_of: ClientOf, by_hand: Any) -> None:
    client, lead = client_of("grid_worker"), client_of("community_lead")
    twice = [client.post("/councils/new/topic/", {**TOPIC, "client_id": "t"}).status_code for _again in range(2)]
    topic = CouncilTopic.objects.get()
    assert (twice, client.post(f"/councils/topics/{topic.pk}/", {**WORD, "text": ""}).status_code) == ([302, 302], 400)
    assert client.post(f"/councils/topics/{topic.pk}/", WORD).status_code == 302
    client.post("/councils/new/meeting/", {**MEETING, "client_id": "m"})
    held = CouncilMeeting.objects.get()
    at_it = f"/councils/{held.pk}/"
    assert client.post(f"{at_it}agenda/", {"topic": str(topic.pk)}).status_code == 302
    wrong = client.post(f"{at_it}minutes/", {**MINUTES, "attendance": "x"})
    assert (wrong.status_code, MINUTES["minutes"] in wrong.content.decode()) == (400, True)
    assert client.post(f"{at_it}minutes/", MINUTES).status_code == 302
    assert client.post(f"{at_it}decide/", {**DECISION, "topic": str(topic.pk)}).status_code == 302
    assert (client.post(f"{at_it}sign/").status_code, lead.post(f"{at_it}sign/").status_code) == (403, 302)
    decision = CouncilDecision.objects.get()
    pressed = [client.post(f"/councils/decisions/{decision.pk}/case/", {"kind": "appeal"}) for _again in range(2)]
    assert ([one.status_code for one in pressed], Case.objects.count()) == ([302, 302], 1)
    page, paper = client.get(at_it).content.decode(), client.get(f"{at_it}paper/").content.decode()
    for words in (DECISION["what"], "23", "已登记为事项：已登记，等待受理"):
        assert (words in page, words in paper) == (True, True), words
    assert ("都同意装，担心电费。" in paper, "第四季度居民议事会纪要" in paper) == (True, True)
    for odd in ("topics/999999999/", "999/", "decisions/9/case/", "new/party/"):
        assert client.get(f"/councils/{odd}").status_code in (404, 405)


def test_who_may(meeting: Hold, district: District, client_of: ClientOf, by_hand: Any) -> None:
    held = meeting()
    names = (
        "grid_worker",
        "street_handler",
        "supervisor",
        "centre_lead",
        "handler_other",
        "handler",
        "clerk",
        "auditor",
    )
    answers = {name: client_of(name).get(f"/councils/{held.pk}/paper/").status_code for name in names}
    assert answers == {
        **dict.fromkeys(("grid_worker", "street_handler", "supervisor", "centre_lead"), 200),
        "handler_other": 404,
        **dict.fromkeys(("handler", "clerk", "auditor"), 403),
    }
    with pytest.raises(NotYou):
        meetings.call_meeting(district.actor("supervisor"), MEETING, now=MONDAY)
    with pytest.raises(NotYou):
        meetings.become_case(district.actor("supervisor"), held.decisions.get().pk, "appeal", now=MONDAY)
    with pytest.raises(NotYours):
        meetings.become_case(district.actor("handler_other"), held.decisions.get().pk, "appeal", now=MONDAY)


def test_a_decision_by_phone(decision: CouncilDecision, district: District, by_hand: Any) -> None:
    phone = Phone(district, "grid_worker")
    answers = [phone.post(f"decisions/{decision.pk}/case/", {"kind": "appeal"}) for _twice in range(2)]
    number = Case.objects.get().number
    assert [(one.status_code, one.json()["number"]) for one in answers] == [(201, number), (200, number)]
    assert phone.post("decisions/x/case/", {"kind": "appeal"}).status_code == 404
    assert phone.post(f"decisions/{decision.pk}/case/", {"who": "x"}).status_code == 400
    assert Phone(district, "clerk").post(f"decisions/{decision.pk}/case/", {"kind": "appeal"}).status_code == 404


def test_the_lists_ask_as_much_for_thirty_as_for_one(
    district: District, client_of: ClientOf, by_hand: Any, meeting: Hold
) -> None:
    client, actor = client_of("grid_worker"), district.actor("grid_worker")
    counts = []
    for more in (1, 29):
        for number in range(more):
            meetings.raise_topic(actor, {**TOPIC, "title": f"议题{number}"}, now=MONDAY)
            held = meeting()
            if number % 10 == 0:
                meetings.become_case(actor, held.decisions.get().pk, "appeal", now=MONDAY)
        asked = []
        for tab in ("topics", "meetings", "decisions"):
            client.get(f"/councils/?tab={tab}")
            with CaptureQueriesContext(connection) as seen:
                assert client.get(f"/councils/?tab={tab}").status_code == 200
            asked.append(len(seen))
        counts.append(asked)
    assert counts[0] == counts[1]
