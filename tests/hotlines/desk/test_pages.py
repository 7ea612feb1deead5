"""The operator's pages: the desk, the screen of a call, every outcome, call-backs, known answers; who may see which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cases.models import Case
from hotlines import services
from hotlines.choices import CallBackState, CallResult
from hotlines.desk import keeping, knowledge
from hotlines.models import CallBack, CallRecord, KnownAnswer
from tests.cases.cast import COMMUNITY, District
from tests.hotlines.desk.conftest import PHONE

pytestmark = pytest.mark.django_db

CONSULTED = "C0103"
Clients = Callable[[str], Client]
ANSWER = {
    "question": "取暖费什么时候交",
    "also": "供热费 暖气费",
    "answer": "每年十月底前到区供热服务站或者网上交，逾期按日收滞纳金。",
    "source": "平鲁区城市集中供热管理办法",
    "unit": "heating",
    "categories": "A0102",
}


@pytest.fixture
def known(district: District) -> KnownAnswer:
    """One known answer in force."""
    now = timezone.now()
    until = (timezone.localtime(now).date() + timedelta(days=90)).isoformat()
    return keeping.write(district.actor("dispatcher", now), {**ANSWER, "valid_until": until}, now=now)


@pytest.fixture
def call(district: District) -> CallRecord:
    """A call that 小周 talks in."""
    return services.answer(district.actor("operator", timezone.now()), phone=PHONE, now=timezone.now())


def settle(client: Client, call: CallRecord, **typed: str) -> Any:
    return client.post(reverse("hotlines:call", args=[call.uid]), typed)


def test_the_desk_is_the_operators_alone(client_of: Clients) -> None:
    asked = {
        who: client_of(who).get("/hotlines/desk/").status_code for who in ("operator", "clerk", "handler", "auditor")
    }
    assert asked == {"operator": 200, "clerk": 403, "handler": 403, "auditor": 403}


def test_a_caller_is_recognised_masked_and_once_on_record(
    district: District, client_of: Clients, call: CallRecord
) -> None:
    case = district.register(now=timezone.now())
    client = client_of("operator")
    page = client.get(reverse("hotlines:call", args=[call.uid])).content.decode()
    client.get(reverse("hotlines:call", args=[call.uid]))
    assert case.title in page
    assert "张**" in page
    assert PHONE not in page
    assert "138****1234" in page
    entry = AuditEntry.objects.get(action="search_person")
    assert (entry.reason, entry.detail["found"], entry.user) == ("来电人在线", 1, district.people["operator"])


def test_a_report_of_wrongdoing_is_not_shown_to_who_answers(
    district: District, client_of: Clients, call: CallRecord
) -> None:
    district.register(now=timezone.now(), complained_unit="housing", complaint_nature="report")
    page = client_of("operator").get(reverse("hotlines:call", args=[call.uid])).content.decode()
    assert "没有登记过的事项" in page


def test_a_call_of_another_operator_is_not_there(client_of: Clients, call: CallRecord) -> None:
    assert client_of("operator2").get(reverse("hotlines:call", args=[call.uid])).status_code == 404


def test_a_known_answer_is_found_by_two_characters_by_letters_and_by_the_story(
    client_of: Clients, known: KnownAnswer
) -> None:
    client = client_of("operator")

    def finds(**typed: str) -> bool:
        return known.answer in client.post("/hotlines/answers/find/", typed).content.decode()

    story = "我是三号楼的，想问一下今年的取暖费到底什么时候交，在哪里交"
    found = [
        finds(ask="暖气"),
        finds(ask="qn"),
        finds(ask="滞纳"),
        finds(description=story),
        finds(ask="路灯"),
        finds(ask="暖"),
    ]
    assert found == [True, True, True, True, False, False]


def test_a_story_finds_what_it_is_about_and_not_what_is_merely_asked_alike(
    district: District, known: KnownAnswer
) -> None:
    now = timezone.now()
    until = (timezone.localtime(now).date() + timedelta(days=9)).isoformat()
    water = {
        **ANSWER,
        "question": "停水了什么时候来",
        "also": "没水",
        "answer": "停水先查公告。",
        "categories": "A0101",
    }
    keeping.write(district.actor("dispatcher", now), {**water, "valid_until": until}, now=now)

    def told(story: str, **more: Any) -> list[str]:
        return [one.answer.question for one in knowledge.suiting(story, now, **more)]

    stories = ("请问取暖费什么时候交", "家里停水了两个小时什么时候能来", "什么时候能来修路灯", "暖气")
    assert [told(story) for story in stories] == [["取暖费什么时候交"], ["停水了什么时候来"], [], []]
    assert told("楼上没水了", categories=["A0101"]) == ["停水了什么时候来"]


def test_an_expired_or_withdrawn_answer_is_never_offered(
    district: District, client_of: Clients, known: KnownAnswer
) -> None:
    client, now = client_of("operator"), timezone.now()
    KnownAnswer.objects.update(valid_until=timezone.localtime(now).date() - timedelta(days=1))
    expired = client.post("/hotlines/answers/find/", {"ask": "暖气", "answered_from": str(known.pk)}).content.decode()
    KnownAnswer.objects.update(valid_until=timezone.localtime(now).date())
    keeping.withdraw(district.actor("centre_lead", now), str(known.entry), "新办法已公布", now=now)
    withdrawn = client.post("/hotlines/answers/find/", {"ask": "暖气"}).content.decode()
    assert (known.answer in expired, known.answer in withdrawn) == (False, False)


def test_answered_at_once_from_what_is_known(client_of: Clients, call: CallRecord, known: KnownAnswer) -> None:
    answer = settle(
        client_of("operator"), call, outcome="answered", description="问取暖费", answered_from=str(known.pk)
    )
    call.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/hotlines/desk/")
    assert (call.result, call.answered_from, call.case) == (CallResult.ANSWERED, known, None)
    assert call.summary == f"问：问取暖费\n答：{known.answer}"


def test_answered_at_once_with_a_number_is_a_consultation_closed_on_the_spot(
    client_of: Clients, call: CallRecord, known: KnownAnswer
) -> None:
    typed = {"outcome": "numbered", "description": "问取暖费什么时候交", "category": CONSULTED, "use_number": "on"}
    answer = settle(client_of("operator"), call, **typed, answered_from=str(known.pk))
    call.refresh_from_db()
    case = Case.objects.get()
    assert answer.url == f"/cases/{case.number}/receipt/?new=1"
    assert (case.kind, case.channel, case.outcome, call.case, call.result) == (
        "consultation",
        "hotline",
        "answered",
        case,
        CallResult.ANSWERED,
    )
    assert case.parties.get().contact["phone"] == PHONE


def test_a_case_is_opened_with_the_callers_number(client_of: Clients, call: CallRecord) -> None:
    typed = {
        "outcome": "opened",
        "description": "二号楼前路灯三天不亮",
        "category": "A0102",
        "place-code": COMMUNITY,
        "use_number": "on",
        "reporter-0-name": "张三",
    }
    answer = settle(client_of("operator"), call, **typed)
    call.refresh_from_db()
    case = Case.objects.get()
    assert (answer.status_code, call.result, call.case) == (302, CallResult.OPENED, case)
    assert (case.channel, case.parties.get().contact["name"], case.parties.get().contact["phone"]) == (
        "hotline",
        "张三",
        PHONE,
    )


def test_who_stays_anonymous_leaves_no_number_in_the_case(client_of: Clients, call: CallRecord) -> None:
    typed = {"outcome": "opened", "description": "路灯三天不亮", "kind": "appeal", "place-code": COMMUNITY}
    settle(client_of("operator"), call, **typed, use_number="on", anonymous="on")
    assert (Case.objects.get().anonymous, Case.objects.get().parties.count()) == (True, 0)


def test_what_is_missing_is_told_at_the_field_and_nothing_typed_is_lost(client_of: Clients, call: CallRecord) -> None:
    answer = settle(client_of("operator"), call, outcome="opened", description="路灯不亮", kind="appeal")
    page = answer.content.decode()
    call.refresh_from_db()
    assert (answer.status_code, call.result, Case.objects.count()) == (400, CallResult.RINGING, 0)
    assert "请写明地点，或者选择社区、网格。" in page
    assert "路灯不亮</textarea>" in page


def test_a_call_joins_one_of_the_callers_matters(district: District, client_of: Clients, call: CallRecord) -> None:
    case = district.register(now=timezone.now())
    settle(client_of("operator"), call, outcome="joined", description="今天还是不热", join=case.number)
    call.refresh_from_db()
    assert (call.result, call.case, case.events.order_by("-seq")[0].data["text"]) == (
        CallResult.JOINED,
        case,
        "来电补充：今天还是不热",
    )


@pytest.mark.parametrize(
    ("typed", "result", "to"),
    [({"outcome": "passed", "passed_to": "120"}, "passed", "120"), ({"outcome": "dropped"}, "dropped", "")],
)
def test_a_call_is_passed_on_or_dropped(
    client_of: Clients, call: CallRecord, typed: dict[str, str], result: str, to: str
) -> None:
    assert settle(client_of("operator"), call, **typed).status_code == 302
    call.refresh_from_db()
    assert (call.result, call.passed_to) == (result, to)


def test_a_promise_to_call_back_lies_on_the_desk_and_ends_with_the_attempt(
    client_of: Clients, call: CallRecord
) -> None:
    client = client_of("operator")
    typed = {"outcome": "dropped", "back-when": "next_morning", "back-about": "把办理进度告诉他"}
    settle(client, call, **typed)
    row = CallBack.objects.get()
    address = reverse("hotlines:call-back", args=[row.uid])
    desk, page = client.get("/hotlines/desk/").content.decode(), client.get(address).content.decode()
    shown = client.post(address, {"do": "number"}).content.decode()
    client.post(address, {"do": "attempt", "result": "no_answer", "again": "next_afternoon"})
    client.post(address, {"do": "attempt", "result": "reached", "note": "已告知"})
    row.refresh_from_db()
    assert ("把办理进度告诉他" in desk, PHONE in page, PHONE in shown) == (True, False, True)
    assert [one.result for one in row.attempts.all()] == ["no_answer", "reached"]
    assert (row.state, AuditEntry.objects.filter(action="call_back_number").count()) == (CallBackState.DONE, 1)


def test_a_promise_without_a_number_leaves_the_call_unsettled(district: District, client_of: Clients) -> None:
    hidden = services.answer(district.actor("operator", timezone.now()), now=timezone.now())
    answer = settle(
        client_of("operator"), hidden, outcome="dropped", **{"back-when": "next_morning", "back-about": "进度"}
    )
    hidden.refresh_from_db()
    assert (answer.status_code, hidden.result) == (400, CallResult.RINGING)
    assert "来电没有显示号码，请问清回电号码后填写。" in answer.content.decode()


def test_a_promise_that_was_let_lie_is_everybodys(client_of: Clients, call: CallRecord) -> None:
    settle(client_of("operator"), call, outcome="dropped", **{"back-when": "next_morning", "back-about": "告知进度"})
    address = reverse("hotlines:call-back", args=[CallBack.objects.get().uid])
    early = client_of("operator2").get(address).status_code
    CallBack.objects.update(due_at=timezone.now() - timedelta(hours=2))
    late = client_of("operator2").get(address).status_code
    assert (early, late) == (404, 200)
    assert "告知进度" in client_of("operator2").get("/hotlines/desk/").content.decode()


def test_the_workbench_of_an_operator_counts_calls_and_call_backs(client_of: Clients, call: CallRecord) -> None:
    page = client_of("operator").get("/").content.decode()
    assert ("来电和待回电" in page, 'href="/hotlines/desk/"' in page) == (True, True)
    assert "来电和待回电" not in client_of("clerk").get("/").content.decode()


def test_a_call_back_is_given_up_with_a_reason_only(client_of: Clients, call: CallRecord) -> None:
    client = client_of("operator")
    settle(client, call, outcome="dropped", **{"back-when": "next_morning", "back-about": "告知进度"})
    address = reverse("hotlines:call-back", args=[CallBack.objects.get().uid])
    assert client.post(address, {"do": "give_up", "reason": ""}).status_code == 400
    client.post(address, {"do": "give_up", "reason": "三次无人接听"})
    row = CallBack.objects.get()
    assert (row.state, row.reason) == (CallBackState.GIVEN_UP, "三次无人接听")
    assert client.post(address, {"do": "number"}).status_code == 409


def test_a_card_for_a_difficult_call_is_written_on_the_call_and_never_with_the_number(
    district: District, client_of: Clients, call: CallRecord
) -> None:
    client = client_of("operator")
    page = client.post(reverse("hotlines:guide", args=[call.uid]), {"guide": "abuse"}, follow=True).content.decode()
    call.refresh_from_db()
    later = services.answer(district.actor("operator", timezone.now()), phone=PHONE, now=timezone.now())
    next_page = client.get(reverse("hotlines:call", args=[later.uid])).content.decode()
    assert ("不还口" in page, call.guide, later.guide, "不还口" in next_page) == (True, "abuse", "", False)


def test_the_strip_is_asked_cheaply_and_changes_when_somebody_rings(
    client_of: Clients, tell: Callable[..., CallRecord], django_assert_max_num_queries: Any
) -> None:
    client = client_of("operator")
    empty = client.get("/hotlines/desk/incoming/")
    with django_assert_max_num_queries(4):
        same = client.get("/hotlines/desk/incoming/", headers={"if-none-match": empty["ETag"]})
    tell("ringing")
    tell("ringing", call_id="nobody's", extension="8999", number="")
    rung = client.get("/hotlines/desk/incoming/", headers={"if-none-match": empty["ETag"]})
    page = rung.content.decode()
    assert (empty.status_code, same.status_code, same.content, rung.status_code) == (200, 304, b"", 200)
    assert ("138****1234" in page, "隐藏号码" in page, "无人认领" in page) == (True, True, True)
    assert client_of("operator2").get("/hotlines/desk/incoming/").content.decode().count("incoming__call") == 1
    assert client_of("handler").get("/hotlines/desk/incoming/").status_code == 204


def test_nobodys_call_is_claimed_by_one(
    district: District, client_of: Clients, tell: Callable[..., CallRecord]
) -> None:
    call = tell("ringing", extension="8999")
    address = reverse("hotlines:claim", args=[call.uid])
    assert client_of("operator2").post(address).url == reverse("hotlines:call", args=[call.uid])
    assert client_of("operator").post(address).status_code == 404
    call.refresh_from_db()
    assert call.operator == district.people["operator2"]


def test_who_sits_down_at_a_telephone_takes_it_over(district: District, client_of: Clients) -> None:
    client_of("operator2").post("/hotlines/desk/sit/", {"extension": "8001"})
    page = client_of("operator").get("/hotlines/desk/").content.decode()
    assert 'name="extension" value=""' in page
    wrong = client_of("operator").post("/hotlines/desk/sit/", {"extension": "八号"})
    assert (wrong.status_code, "分机号请填话机上的号码" in wrong.content.decode()) == (400, True)


def test_a_settled_call_is_read_with_its_recording_as_a_link(
    client_of: Clients, call: CallRecord, settings: Any
) -> None:
    client = client_of("operator")
    settle(client, call, outcome="dropped")
    call.refresh_from_db()
    call.recording = {"name": f"20261123 {PHONE}/9.wav"}
    call.save()
    address = reverse("hotlines:call", args=[call.uid])
    plain = client.get(address).content.decode()
    settings.RECORDINGS_URL = "https://pbx.example.cn/recordings/{id}"
    linked = client.get(address).content.decode()
    sound = f"https://pbx.example.cn/recordings/20261123%20{PHONE}%2F9.wav"
    assert ("按来电时间查找" in plain, PHONE in plain, f'href="{sound}"' in linked) == (True, False, True)
    assert settle(client, call, outcome="dropped").status_code == 200


def test_what_was_typed_is_there_again_after_the_page_is_loaded_anew(client_of: Clients, call: CallRecord) -> None:
    client = client_of("operator")
    helped = client.post(
        reverse("hotlines:beside", args=[call.uid]),
        {"description": "胜利社区三号楼漏水，邻居楼上漏水", "outcome": "opened"},
    )
    page = client.get(reverse("hotlines:call", args=[call.uid])).content.decode()
    assert "data-suggest" in helped.content.decode()
    assert "胜利社区三号楼漏水，邻居楼上漏水</textarea>" in page


# --- known answers ----------------------------------------------------------------------------------------------


def test_known_answers_are_kept_in_versions_by_dispatchers_and_the_lead(
    district: District, client_of: Clients, known: KnownAnswer
) -> None:
    until = (timezone.localtime(timezone.now()).date() + timedelta(days=10)).isoformat()
    typed = {**ANSWER, "valid_until": until, "answer": "每年九月底前交。", "seen": "1", "note": "新办法"}
    address = reverse("hotlines:answer-edit", args=[known.entry])
    refused = client_of("operator").post(address, typed)
    made = client_of("centre_lead").post(address, typed)
    stale = client_of("dispatcher").post(address, typed)
    history = client_of("operator").get(reverse("hotlines:answer", args=[known.entry])).content.decode()
    assert (refused.status_code, made.status_code, stale.status_code) == (403, 302, 409)
    assert list(KnownAnswer.objects.order_by("number").values_list("number", "answer")) == [
        (1, ANSWER["answer"]),
        (2, "每年九月底前交。"),
    ]
    assert ("第 1 版" in history, "第 2 版（现在的）" in history, "/edit/" in history) == (True, True, False)


def test_an_answer_asks_for_its_source_its_unit_and_a_date_to_come(client_of: Clients) -> None:
    page = client_of("dispatcher").post(
        "/hotlines/answers/new/", {"question": "取暖费", "answer": "十月底", "valid_until": "2020-01-01"}
    )
    text = page.content.decode()
    assert page.status_code == 400
    assert [line in text for line in ("请填写出处。", "请选择负责这条答复的单位。", "请填写有效期，不早于今天")] == [
        True
    ] * 3


def test_the_list_of_answers_says_what_runs_out(client_of: Clients, known: KnownAnswer) -> None:
    KnownAnswer.objects.update(valid_until=timezone.localtime(timezone.now()).date() + timedelta(days=3))
    client = client_of("operator")
    pages = {
        tab: known.question in client.get(f"/hotlines/answers/?tab={tab}").content.decode()
        for tab in ("force", "soon", "over")
    }
    assert pages == {"force": True, "soon": True, "over": False}
    assert client_of("handler").get("/hotlines/answers/").status_code == 403
