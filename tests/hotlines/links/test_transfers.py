"""A transfer of court, police and petition goes round to its answer, with its own clocks; ours go out and come back."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice
from cases.models import Case
from governance_portal.lib import webhooks
from hotlines.links.answering import sweep_links
from hotlines.links.receiving import receive_from
from hotlines.links.sending import send_due
from hotlines.links.transferring import overdue_receipts, sweep_transfers
from hotlines.models import Line, Link, LinkMessage, Provision
from tests.cases.cast import COMMUNITY, MONDAY, District, at
from tests.hotlines.links.far import FarFolder
from tests.hotlines.links.scenes import COURT, SECRET, line, to_the_end

pytestmark = pytest.mark.both

POLICE: dict[str, Any] = {
    "type": "transfer",
    "number": "J2026112300017",
    "received_at": "2026-11-23T08:50:00+08:00",
    "description": "邻里因停车争吵，民警到场劝离，双方愿意调解。",
    "scene": "现场劝离，无人受伤",
    "place": {"area": COMMUNITY, "address": "胜利社区三号楼东侧"},
    "applicants": [{"name": "王五", "phone": "13900001111"}],
}
PETITION: dict[str, Any] = {
    "type": "transfer",
    "number": "访2026-1102",
    "received_at": "2026-11-20T15:00:00+08:00",
    "description": "反映小区供暖管网改造后温度不达标。",
    "form": "来信",
    "place": {"area": COMMUNITY, "address": "胜利社区"},
    "applicants": [{"name": "赵六", "phone": "13900002222"}],
}


def push(code: str, document: Any, client: Client, secret: str = SECRET) -> Any:
    """Another system tells us by itself."""
    body = json.dumps(document).encode()
    headers = webhooks.sign(secret, "m-1", datetime.now(UTC), body)
    return client.post(f"/api/v1/links/{code}/", body, content_type="application/json", headers=headers)


def clocks(case: Case) -> dict[str, tuple[datetime, bool]]:
    return {row.clock: (row.due_at, row.running) for row in case.deadlines.all()}


def told(link: Link) -> list[tuple[str, str]]:
    return [(row.kind, row.payload["words"]) for row in link.messages.all()]


def came(far: FarFolder, document: dict[str, Any]) -> Link:
    far.put("d1", document)
    receive_from(far.line, MONDAY)
    return Link.objects.get()


@pytest.fixture
def folder(district: District, settings: Any, tmp_path: Any) -> FarFolder:
    return FarFolder(tmp_path)


def become(kind: str) -> None:
    """The folder's line is of another kind."""
    procedure = {"court": "mediation", "petition": "petition"}.get(kind, "")
    Line.objects.update(kind=kind, channel=kind, procedure=procedure)


def test_a_court_matter_is_mediated_in_thirty_days_and_answered_with_the_agreement(
    district: District, folder: FarFolder
) -> None:
    link = came(folder, COURT)
    case = link.case
    assert (case.procedure, case.channel, case.willing_to_mediate) == ("mediation", "court", True)
    assert case.description.endswith("案由：相邻关系纠纷\n当事人意愿：申请人同意调解，被申请人同意调解。")
    assert link.their_due_at == at(24, 0, month=12)  # thirty days, the whole of the last one: 2026-12-23
    to_the_end(district, case, outcome="agreed")
    case.refresh_from_db()
    assert clocks(case)["resolve_by"] == (at(24, 0, month=12), False)
    sweep_links(at(23, 18))
    assert send_due(at(23, 18)).sent == 4
    result = folder.received()[-1]
    assert {name: result[name] for name in ("kind", "result", "outcome", "reply", "foreign_number", "seq")} == {
        "kind": "result",
        "result": "agreement",
        "outcome": "agreed",
        "reply": "已达成协议，3 日内修复。",
        "foreign_number": "（2026）晋0603诉前调7号",
        "seq": 4,
    }
    link.refresh_from_db()
    assert link.answered_at == at(23, 18)


@pytest.mark.parametrize(("outcome", "result"), [("guided", "failed"), ("partly", "agreement_in_part")])
def test_a_mediation_that_failed_is_called_so(district: District, folder: FarFolder, outcome: str, result: str) -> None:
    link = came(folder, COURT)
    to_the_end(district, link.case, outcome=outcome)
    sweep_links(at(23, 18))
    assert link.messages.get(kind="result").payload["result"] == result


def test_a_court_matter_that_is_withdrawn_is_answered_at_once(district: District, folder: FarFolder) -> None:
    link = came(folder, COURT)
    district.move(link.case, "withdraw", "clerk", at(23, 10), note="申请人决定直接起诉")
    sweep_links(at(23, 11))
    assert [row.payload.get("result") for row in link.messages.all()] == [None, "withdrawn"]


def test_without_the_parties_consent_the_clerk_sees_it_and_may_decline(district: District, folder: FarFolder) -> None:
    link = came(folder, {**COURT, "consent": {"applicant": True, "respondent": False}})
    assert link.case.willing_to_mediate is False
    district.move(
        link.case, "decline", "clerk", at(23, 10), reason="N11", instead="区人民法院立案庭，电话 0349-6021234"
    )
    sweep_links(at(23, 11))
    returned = link.messages.get(kind="returned").payload
    assert (returned["reason"], returned["words"], returned["instead"]) == (
        "N11",
        "不予受理：一方明确拒绝调解",
        "区人民法院立案庭，电话 0349-6021234",
    )


def test_an_extension_is_told_when_it_is_asked_for_and_when_it_is_decided(
    district: District, folder: FarFolder
) -> None:
    link = came(folder, COURT)
    case = link.case
    for hour, (name, who, given) in enumerate(
        (
            ("accept", "clerk", {"category": "0101", "level": "general"}),
            ("dispatch", "dispatcher", {"lead_unit": "committee", "mode": "forward"}),
            ("sign", "mediator", {}),
        ),
        10,
    ):
        district.move(case, name, who, at(23, hour), **given)
    asked = {"kind": "extension", "amount": 10, "consent": True, "reason": "等鉴定", "public_reason": "等待鉴定意见"}
    event = district.record(case, "request", "mediator", at(24, 9), **asked)
    district.record(case, "decide", "committee_lead", at(24, 10), request=event.data["request"], approved=True)
    sweep_links(at(24, 11))
    steps = [row.payload for row in link.messages.filter(kind="extension")]
    assert [(row["step"], row["why"]) for row in steps] == [("asked", "等待鉴定意见"), ("approved", "等待鉴定意见")]
    assert steps[1]["due_after"] > steps[1]["due_before"]


def test_the_polices_matter_is_contacted_in_an_hour_and_answered_in_a_day(
    district: District, folder: FarFolder
) -> None:
    become("police")
    folder.line.refresh_from_db()
    link = came(folder, POLICE)
    assert (link.case.channel, link.case.procedure, link.their_due_at) == ("police", "ordinary", at(24, 8, 50))
    assert clocks(link.case)["accept_by"] == (at(23, 10), True)
    to_the_end(district, link.case, outcome="fulfilled")
    due = clocks(link.case)
    assert (due["contact_by"][0], due["resolve_by"][0]) == (at(23, 13), at(24, 10))
    sweep_links(at(23, 18))
    assert told(link)[-1] == ("result", "化解成功（已履行）")


def test_a_complicated_one_has_five_days(district: District, folder: FarFolder) -> None:
    become("police")
    folder.line.refresh_from_db()
    link = came(folder, {**POLICE, "complicated": True})
    assert (link.case.level, link.their_due_at) == ("major", at(1, 0, month=12))  # the 28th is a Saturday
    district.move(link.case, "accept", "clerk", at(23, 10), category="0101", level="major")
    assert clocks(link.case)["resolve_by"] == (at(1, 0, month=12), True)


def test_a_petition_is_told_of_within_fifteen_days_and_decided_in_sixty(district: District, folder: FarFolder) -> None:
    become("petition")
    folder.line.refresh_from_db()
    link = came(folder, PETITION)
    assert (link.case.procedure, link.case.kind) == ("petition", "appeal")
    assert clocks(link.case)["accept_by"] == (at(9, 0, month=12), True)
    district.move(link.case, "accept", "clerk", at(23, 10), category="A0102", level="general")
    sixty = at(23, 0, month=1, year=2027)
    assert clocks(link.case)["resolve_by"][0] == sixty
    sweep_links(at(23, 11))
    accepted = link.messages.get(seq=2).payload
    assert (accepted["status"], accepted["words"], datetime.fromisoformat(accepted["due_at"])) == (
        "accepted",
        "已受理",
        sixty,
    )
    assert link.their_due_at == at(20, 0, month=1, year=2027)


def test_nothing_goes_out_that_they_did_not_send(district: District, folder: FarFolder) -> None:
    link = came(folder, COURT)
    to_the_end(district, link.case)
    district.record(link.case, "note", "mediator", at(24, 9), text="对方当事人电话 13511112222")
    sweep_links(at(24, 18))
    send_due(at(24, 18))
    whole = json.dumps(folder.received(), ensure_ascii=False)
    assert [word for word in ("张三", "李四", "13812341234", "13511112222", "老刘", "当面说清") if word in whole] == []


def test_a_matter_joined_to_another_is_answered_when_that_one_ends_without_its_texts(
    district: District, folder: FarFolder
) -> None:
    link = came(folder, COURT)
    district.move(link.case, "accept", "clerk", at(23, 9), category="0101", level="general")
    master = district.register(kind="dispute", willing_to_mediate=True)
    district.move(link.case, "merge", "dispatcher", at(23, 9, 30), master=master.number)
    to_the_end(district, master)
    sweep_links(at(23, 18))
    assert (sweep_links(at(23, 19)), told(link)) == (
        0,
        [
            ("receipt", "已登记，等待受理"),
            ("progress", "已受理"),
            ("progress", "与同一诉求合并办理"),
            ("result", "达成协议待履行"),
        ],
    )
    assert link.messages.get(kind="result").payload["reply"] == "与同一诉求合并办理，已办结。"


# --- pushed ---------------------------------------------------------------------------------------------------------


def test_they_may_push_it_and_push_it_again(district: District, client: Client) -> None:
    line()
    first, second = push("court", COURT, client), push("court", COURT, client)
    assert (first.status_code, second.status_code) == (201, 200)
    link = Link.objects.get()
    assert first.json() == {
        "number": link.case.number,
        "reference": str(link.uid),
        "receipt": str(link.messages.get().uid),
        "fresh": True,
        "changed": False,
    }
    assert (second.json()["fresh"], Case.objects.count()) == (False, 1)


@pytest.mark.parametrize("code", ["court", "nobody"])
def test_a_push_without_the_key_takes_nothing_and_does_not_say_which_lines_there_are(
    district: District, client: Client, code: str
) -> None:
    line()
    answer = push(code, COURT, client, webhooks.secret_of(b"another key"))
    assert (answer.status_code, answer.json()["detail"], Case.objects.count()) == (
        403,
        "签名不符，或者没有这条对接；请核对地址、密钥和时钟。",
        0,
    )


def test_a_push_that_cannot_be_read_says_what_to_mend(district: District, client: Client) -> None:
    line()
    answer = push("court", {**COURT, "received_at": "昨天"}, client)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "_": ["转来时间（received_at）应为 ISO 8601 的时间，例如 2026-11-23T09:00:00+08:00。"]
    }


def test_what_they_say_of_it_later_is_a_note_and_heard_once(district: District, client: Client) -> None:
    line()
    push("court", COURT, client)
    said = {
        "type": "withdrawn",
        "id": "w1",
        "about": COURT["number"],
        "text": "申请人撤回，联系 13812341234",
        "at": "2026-11-24T09:00:00+08:00",
    }
    assert [push("court", said, client).json()["fresh"] for _twice in range(2)] == [True, False]
    (note,) = Case.objects.get().events.filter(kind="note")
    assert note.data["text"] == "court 平台（对方编号 （2026）晋0603诉前调7号）撤回：申请人撤回，联系 138****1234"


# --- ours, out ------------------------------------------------------------------------------------------------------


def passed_out(district: District, receiver: str = "judicial", **given: Any) -> Case:
    case = district.register(kind="dispute", **given)
    return district.move(case, "transfer", "clerk", at(23, 10), receiver=receiver, receipt="已通过对接平台移送")


def test_a_case_passed_to_the_court_goes_over_its_line_with_a_record_of_what_was_given(
    district: District, folder: FarFolder
) -> None:
    case = passed_out(district)
    assert (sweep_transfers(at(23, 11)), sweep_transfers(at(23, 11))) == (1, 0)
    link = Link.objects.get()
    assert (link.direction, link.case, link.receipt_at, link.foreign_number) == ("out", case, None, "")
    send_due(at(23, 11))
    (letter,) = folder.received()
    assert (letter["kind"], letter["applicants"], letter["number"]) == (
        "transfer",
        [{"name": "张三", "phone": "13812341234"}],
        case.number,
    )
    assert list(Provision.objects.values_list("case_number", "fields", "receiver", "way")) == [
        (case.number, ["name", "phone", "description", "place"], "court 平台", "link")
    ]


def test_their_receipt_is_waited_for_and_an_overdue_one_shows(district: District, folder: FarFolder) -> None:
    passed_out(district)
    sweep_transfers(at(23, 11))
    send_due(at(23, 11))
    link = Link.objects.get()
    assert (overdue_receipts(at(24, 9)), overdue_receipts(at(24, 11))) == ([], [link])
    said = {
        "type": "receipt",
        "id": "r1",
        "about": str(link.uid),
        "number": "（2026）晋0603民初9号",
        "at": "2026-11-24T11:30:00+08:00",
    }
    folder.put("r1", said)
    receive_from(folder.line, at(24, 12))
    link.refresh_from_db()
    assert (link.foreign_number, link.receipt_at, overdue_receipts(at(25, 9))) == (
        "（2026）晋0603民初9号",
        at(24, 12),
        [],
    )
    folder.put(
        "r2",
        {
            "type": "result",
            "id": "r2",
            "about": link.foreign_number,
            "text": "已立案",
            "at": "2026-11-26T09:00:00+08:00",
        },
    )
    receive_from(folder.line, at(26, 10))
    link.refresh_from_db()
    assert (link.answered_at, link.case.events.latest("seq").data["text"]) == (
        at(26, 10),
        "court 平台（对方编号 （2026）晋0603民初9号）办理结果：已立案",
    )


@pytest.mark.parametrize("given", [{"confidential": True}, {"anonymous": True, "reporters": []}])
def test_who_wants_to_stay_unknown_does(district: District, folder: FarFolder, given: dict[str, Any]) -> None:
    passed_out(district, **given)
    sweep_transfers(at(23, 11))
    payload = LinkMessage.objects.get().payload
    assert (payload["applicants"], Provision.objects.get().fields) == ([], ["description"])
    assert "保密" in payload["withheld"]


def test_a_complaint_about_the_police_does_not_go_to_the_police(district: District) -> None:
    line("police", "police")
    district.unit("police_office", "公安分局", "police")
    case = district.register(kind="appeal", complained_unit="police_office", complaint_nature="conduct")
    district.move(case, "transfer", "clerk", at(23, 10), receiver="110", receipt="电话")
    assert (sweep_transfers(at(23, 11)), Link.objects.count()) == (0, 0)


def test_a_matter_of_the_police_is_not_passed_back_as_a_new_one(district: District, folder: FarFolder) -> None:
    become("police")
    folder.line.refresh_from_db()
    link = came(folder, POLICE)
    district.move(link.case, "transfer", "clerk", at(23, 10), receiver="110", receipt="电话")
    sweep_links(at(23, 11))
    assert (sweep_transfers(at(23, 11)), told(link)[-1]) == (0, ("result", "已移送"))


# --- 110 again ------------------------------------------------------------------------------------------------------


def test_who_follows_up_hears_that_110_was_called_again(district: District, folder: FarFolder) -> None:
    become("police")
    folder.line.refresh_from_db()
    first = came(folder, POLICE)
    to_the_end(district, first.case)
    again = {**POLICE, "number": "J2026120200009", "received_at": "2026-12-02T20:00:00+08:00", "applicants": []}
    folder.put("d2", again)
    receive_from(folder.line, at(2, 20, month=12))
    second = Link.objects.get(foreign_number="J2026120200009")
    assert [(row.user.username, row.case_number) for row in _notices()] == [("follow_up", first.case.number)]
    assert second.case.number in _notices()[0].body


def test_another_place_another_person_and_a_later_month_are_not_again(district: District, folder: FarFolder) -> None:
    become("police")
    folder.line.refresh_from_db()
    first = came(folder, POLICE)
    to_the_end(district, first.case)
    other = {
        "place": {"area": COMMUNITY, "address": "胜利社区九号楼"},
        "applicants": [{"name": "王五", "phone": "13900009999"}],
    }
    folder.put("d2", {**POLICE, **other, "number": "J2", "received_at": "2026-12-02T20:00:00+08:00"})
    folder.put("d3", {**POLICE, "number": "J3", "received_at": "2026-12-30T20:00:00+08:00"})
    receive_from(folder.line, at(30, 20, month=12))
    assert (Link.objects.count(), _notices()) == (3, [])


def _notices() -> list[Any]:
    return list(Notice.objects.filter(key__startswith="110-again").select_related("user"))


def test_a_word_about_nothing_we_know_is_refused(district: District, folder: FarFolder) -> None:
    folder.put(
        "r1", {"type": "result", "id": "r1", "about": "没有的号", "text": "x", "at": "2026-11-24T09:00:00+08:00"}
    )
    assert receive_from(folder.line, MONDAY).refused == 1
    assert "没有找到这个编号" in folder.refused()["r1"]
