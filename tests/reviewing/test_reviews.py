"""复查 and 复核: who may ask until when, what comes of it, where it goes, and how it ends (信访工作条例 §§35, 36)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from cases.dispatching.proposing import propose
from cases.letters import pdf
from cases.models import Case, Review
from cases.public.telling import told_of
from cases.reviewing.letters import opinion
from cases.reviewing.queries import chain_of, chance_of, final_of
from cases.reviewing.services import apply
from cases.services import linking
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal
from governance_portal.lib.numbers import format_code, query_code
from tests.cases.cast import District, at

GENERAL = {"category": "A0102", "level": "general"}
ANSWER = {"result": "查了管道", "outcome": "answered", "reply": "依据供热条例，不予支持。"}
WHY = {"reason": "答复没有写明依据，请求重新认定。"}


def end_of(day: int, month: int = 11, year: int = 2026) -> datetime:
    return at(day, 0, month=month, year=year) + timedelta(days=1)


def answered(d: District, case: Case, now: datetime, unit: str, officer: str, lead: str) -> Case:
    d.move(case, "accept", "clerk", now, **GENERAL)
    d.move(case, "dispatch", "dispatcher", now, lead_unit=unit, mode="assign")
    d.move(case, "sign", lead, now, handler=officer)
    d.move(case, "resolve", lead, now, **ANSWER)
    d.move(case, "approve", "supervisor", now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def petition(district: District) -> Case:
    """A petition that the heating station answered on Monday, 23 November."""
    district.person("heating_lead", "冯站长", Role.HANDLER, "heating", lead=True)
    case = district.register(procedure="petition")
    return answered(district, case, at(23), "heating", "heating_man", "heating_lead")


def review(d: District, old: Case, now: datetime, by: str = "clerk", **more: Any) -> Case:
    return apply(old, {**WHY, **more}, actor=d.actor(by, now), now=now).case


def test_a_review_is_a_case_of_its_own_with_thirty_days_from_the_request_and_the_same_people(
    district: District, petition: Case
) -> None:
    made = review(district, petition, at(30))
    row = Review.objects.get(case=made)
    assert (made.status, made.procedure, made.title) == ("registered", "review", f"复查：{petition.title}")
    assert (row.of, row.kind, row.decided_by, row.applied_on.isoformat()) == (
        petition,
        "review",
        district.units["heating"],
        "2026-11-30",
    )
    assert [party.contact["name"] for party in made.parties.all()] == ["张三"]
    accepted = district.move(made, "accept", "clerk", at(2, 10, month=12), **GENERAL)
    assert accepted.due_at == end_of(30, 12)  # from 30 November, not from the acceptance two days later
    assert list(faults()) == []


def test_the_last_day_is_the_thirtieth_after_the_answer_rolled_over_a_holiday(
    district: District, petition: Case
) -> None:
    """Answered on 23 November: the thirtieth day is Wednesday, 23 December."""
    events = list(petition.events.order_by("seq"))
    on_time = chance_of(petition, events, end_of(23, 12))
    late = chance_of(petition, events, end_of(23, 12) + timedelta(seconds=1))
    assert on_time and late
    assert (on_time.kind, on_time.until, on_time.why_not) == ("review", end_of(23, 12), "")
    assert late.why_not == "申请复查的 30 日期限已过。"
    with pytest.raises(NotNow, match="期限已过"):
        review(district, petition, at(24, 9, month=12))
    assert review(district, petition, at(24, 9, month=12), received_on="2026-11-30").procedure == "review"


def test_only_an_answered_petition_has_a_review_and_each_answer_only_one(district: District, petition: Case) -> None:
    plain = answered(district, district.register(), at(23), "heating", "heating_man", "heating_lead")
    with pytest.raises(NotNow, match="不适用复查"):
        review(district, plain, at(24))
    open_one = district.register(procedure="petition")
    with pytest.raises(NotNow, match="还没有书面答复"):
        review(district, open_one, at(24))
    made = review(district, petition, at(24))
    with pytest.raises(NotNow, match=made.number):
        review(district, petition, at(25))
    district.move(made, "withdraw", "clerk", at(25), note="来访人不申请了")
    assert review(district, petition, at(26)).pk != made.pk


def test_who_does_not_receive_people_registers_none_and_a_request_says_why(district: District, petition: Case) -> None:
    with pytest.raises(NotYou):
        review(district, petition, at(24), by="dispatcher")
    with pytest.raises(Incomplete) as found:
        apply(petition, {"received_on": "2027-01-01"}, actor=district.actor("clerk", at(24)), now=at(24))
    assert sorted(found.value.errors) == ["reason", "received_on"]


def test_the_same_submission_twice_is_one_review(district: District, petition: Case) -> None:
    actor = district.actor("clerk", at(24))
    both = [apply(petition, WHY, actor=actor, now=at(24), client_id="k-1") for _ in range(2)]
    assert ([made.fresh for made in both], Review.objects.count()) == ([True, False], 1)
    assert both[0].case == both[1].case


def test_another_submission_does_not_pass_for_the_first_one_sent_again(district: District, petition: Case) -> None:
    made = apply(petition, WHY, actor=district.actor("clerk", at(24)), now=at(24), client_id="k-1").case
    for who, key in (("clerk", "k-2"), ("operator", "k-1"), ("clerk", None)):
        with pytest.raises(NotNow, match=made.number):
            apply(petition, WHY, actor=district.actor(who, at(25)), now=at(25), client_id=key)
    assert Review.objects.get().case == made


def test_it_goes_to_the_unit_above_and_never_to_the_one_that_decided_or_below(
    district: District, petition: Case
) -> None:
    made = district.move(review(district, petition, at(30)), "accept", "clerk", at(30), **GENERAL)
    proposal = propose(made, at(30))
    assert proposal and proposal.unit == district.units["housing"]
    with pytest.raises(Incomplete) as found:
        district.move(made, "dispatch", "dispatcher", at(30), lead_unit="heating", mode="assign")
    assert found.value.errors == {
        "lead_unit": ["信访复查不得交由作出原意见的“区供热服务站”或其下级办理，请选其上一级机关、单位。"]
    }
    with pytest.raises(Refusal, match="不能当场办结"):
        given = {**ANSWER, "category": "A0102", "level": "general"}
        district.move(made, "resolve_on_spot", "clerk", at(30), **{k: given[k] for k in ("result", "outcome", "reply")})


def test_only_a_hearing_stops_its_clock_and_nothing_lengthens_it(district: District, petition: Case) -> None:
    made = district.move(review(district, petition, at(30)), "accept", "clerk", at(30), **GENERAL)
    district.move(made, "dispatch", "dispatcher", at(30), lead_unit="housing", mode="assign")
    district.move(made, "sign", "handler", at(30))
    with pytest.raises(NotNow, match="不能再延期"):
        district.record(made, "request", "handler", at(30), kind="extension", reason="忙", public_reason="忙", amount=1)
    with pytest.raises(Incomplete) as found:
        district.move(made, "suspend", "centre_lead", at(30), reason="appraisal", expected_end="2026-12-04")
    assert list(found.value.errors) == ["reason"]
    district.move(made, "suspend", "centre_lead", at(1, month=12), reason="hearing", expected_end="2026-12-03")
    made = district.move(made, "resume", "handler", at(3, month=12))
    assert made.due_at == end_of(4, 1, 2027)  # 1 January and the week-end are no days to end on: rolled to Monday


def test_after_the_recheck_it_is_over_and_the_same_facts_are_declined_with_the_reference(
    district: District, petition: Case
) -> None:
    district.person("zfw_man", "政法委老高", Role.HANDLER, "zfw", lead=True)
    district.units["housing"].parent = district.units["zfw"]
    district.units["housing"].save()
    first = answered(district, review(district, petition, at(24)), at(24), "housing", "handler", "housing_lead")
    second = review(district, first, at(25))
    assert (second.procedure, second.title) == ("recheck", f"复核：{petition.title}")
    last = answered(district, second, at(26), "zfw", "zfw_man", "zfw_man")
    assert [(link.word, link.case.number) for link in chain_of(petition)] == [
        ("原处理意见", petition.number),
        ("复查", first.number),
        ("复核", last.number),
    ]
    with pytest.raises(NotNow, match="不适用复查、复核"):
        review(district, last, at(27))
    again = district.register(now=at(27))
    assert final_of(again) is None
    linking.link(again, petition.number, "同一事实和理由", actor=district.actor("clerk", at(27)), now=at(27))
    assert final_of(again) == last
    told = told_of(last, at(27))
    assert (told["review"]["title"], [row["word"] for row in told["chain"]]) == (
        "复核意见是终结意见",
        ["原处理意见", "复查", "复核"],
    )


def test_the_opinion_is_numbered_and_says_what_can_be_done_against_it(district: District, petition: Case) -> None:
    made = answered(district, review(district, petition, at(24)), at(25), "housing", "handler", "housing_lead")
    row = Review.objects.select_related("of", "decided_by").get(case=made)
    letter = opinion(row, list(made.events.order_by("seq")))
    assert (letter.number, letter.issuer) == ("综治复查〔2026〕1号", "区住房和城乡建设局")
    assert letter.paragraphs[-1] == (
        "三、对本复查意见不服的，可以自收到本意见之日起 30 日内，向复查机关的上一级机关、单位请求复核。"
    )
    assert ("张三" in str(letter), pdf(letter)[:5]) == (False, b"%PDF-")


def test_the_window_registers_it_from_the_old_case_and_gets_a_receipt(
    district: District, petition: Case, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(24))
    clerk = client_of("clerk")
    assert f"/cases/{petition.number}/review/" in clerk.get(f"/cases/{petition.number}/").content.decode()
    empty = clerk.post(f"/cases/{petition.number}/review/", {"reason": ""})
    assert (empty.status_code, "请写明不服哪一点" in empty.content.decode()) == (400, True)
    answer = clerk.post(f"/cases/{petition.number}/review/", WHY)
    made = Review.objects.get().case
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{made.number}/receipt/")
    old = clerk.get(f"/cases/{petition.number}/").content.decode()
    assert (made.number in old, "登记复查申请" in old) == (True, False)
    assert client_of("dispatcher").get(f"/cases/{petition.number}/review/").status_code == 403
    assert client_of("handler_other").get(f"/cases/{petition.number}/review/").status_code == 404


def test_the_resident_asks_from_the_page_of_the_answer_and_reads_the_new_number_once(
    district: District, petition: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(24))
    door = {"number": petition.number, "query_code": query_code(petition.number, petition.query_issue)}
    shown = Client().post("/query/", door).content.decode()
    assert "不服答复，申请复查" in shown
    empty = Client().post("/query/review/", {**door, "reason": " "})
    assert (empty.status_code, "请写明不服哪一点" in empty.content.decode()) == (400, True)
    page = Client().post("/query/review/", {**door, **WHY}).content.decode()
    made = Review.objects.get().case
    code = format_code(query_code(made.number, 1))
    assert (made.channel, made.number in page) == ("web", True)
    assert code in page
    assert Client().post("/query/review/", {**door, "query_code": "0" * 10, **WHY}).status_code == 404
    assert Review.objects.count() == 1
