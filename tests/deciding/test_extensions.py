"""Extensions: who may grant how much until when, what the resident reads, what is printed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import policies
from cases.choices import Clock
from cases.deciding import letters as papers
from cases.fold import fold
from cases.letters import docx, pdf
from cases.models import Case, Deadline, HandlerRequest, LimitPolicy
from cases.queries import public_timeline
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal
from tests.cases.cast import District, at

ASKED = {"kind": "extension", "reason": "配件从外地调运", "public_reason": "更换的水泵要从外地调运"}


def handled(d: District, now: datetime, level: str = "general", **given: Any) -> Case:
    category = {"dispute": "0101"}.get(given.get("kind", ""), "A0102")
    case = d.move(d.register(now=now, **given), "accept", "clerk", now, category=category, level=level)
    d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler", now)


def ask(d: District, case: Case, now: datetime, by: str = "handler", **more: Any) -> int:
    return int(d.record(case, "request", by, now, **{**ASKED, **more}).data["request"])


def end_of(day: int, month: int = 11, year: int = 2026) -> datetime:
    return at(day, 0, month=month, year=year) + timedelta(days=1)


def refused(d: District, case: Case, what: str, by: str, now: datetime, /, **given: Any) -> Any:
    with pytest.raises(Refusal) as found:
        d.record(case, what, by, now, **given)
    return found.value


def test_a_petition_has_sixty_days_and_once_thirty_more_by_the_head_of_the_handling_unit(district: District) -> None:
    """From 23 November the sixtieth day is 22 January 2027, the ninetieth Sunday 21 February, rolled to the 22nd."""
    case = handled(district, at(23), "serious", procedure="petition")
    assert case.due_at == end_of(22, 1, 2027)
    too_much = refused(district, case, "request", "handler", at(24), **ASKED, amount=31)
    assert too_much.errors == {"amount": ["按规定最多延长 30 日，请改小。"]}
    asked = ask(district, case, at(24), amount=30)
    event = district.record(case, "decide", "housing_lead", at(25), request=asked, approved=True)
    case.refresh_from_db()
    found = Deadline.objects.get(case=case, clock="resolve_by")
    assert (case.due_at, found.nominal_at, found.tentative) == (end_of(22, 2, 2027), end_of(21, 2, 2027), True)
    dates = [datetime.fromisoformat(event.data[name]) for name in ("due_before", "due_after")]
    assert dates == [end_of(22, 1, 2027), end_of(22, 2, 2027)]
    again = refused(district, case, "request", "handler", at(26), **ASKED, amount=1)
    assert (type(again), "不能再延期" in again.detail) == (NotNow, True)
    assert list(faults()) == []


def test_a_petition_is_told_why_or_it_is_not_asked_for(district: District) -> None:
    case = handled(district, at(23), procedure="petition")
    found = refused(district, case, "request", "handler", at(24), kind="extension", reason="配件未到", amount=5)
    assert found.errors == {
        "public_reason": ["请写明告诉居民的延期理由；信访件延期须告知理由（《信访工作条例》第三十四条）。"]
    }


def test_mediation_is_lengthened_only_when_both_sides_agree(district: District) -> None:
    case = handled(district, at(23), kind="dispute", procedure="mediation")
    alone = refused(district, case, "request", "handler", at(24), **ASKED, amount=10)
    assert list(alone.errors) == ["consent"]
    asked = ask(district, case, at(24), amount=10, consent=True)
    district.record(case, "decide", "housing_lead", at(24), request=asked, approved=True)
    assert HandlerRequest.objects.get(pk=asked).consent is True


@pytest.mark.parametrize("procedure", ["petition", "mediation"])
def test_a_term_set_by_law_that_has_run_out_is_lengthened_no_more(district: District, procedure: str) -> None:
    kind = {"kind": "dispute"} if procedure == "mediation" else {}
    case = handled(district, at(23), procedure=procedure, **kind)
    consent = {"consent": True} if procedure == "mediation" else {}
    asked = ask(district, case, at(24), amount=10, **consent)
    case.refresh_from_db()
    assert case.due_at is not None
    after = case.due_at + timedelta(hours=1)
    late = refused(district, case, "decide", "housing_lead", after, request=asked, approved=True)
    assert (type(late), "已经届满" in late.detail) == (NotNow, True)
    district.record(case, "decide", "housing_lead", after, request=asked, approved=False, note="期限已过")
    again = refused(district, case, "request", "handler", after, **ASKED, **consent, amount=5)
    assert (type(again), "已经届满" in again.detail) == (NotNow, True)


def test_elsewhere_a_late_extension_may_be_given_and_lateness_stays(district: District) -> None:
    case = handled(district, at(23))
    late = end_of(2, 12) + timedelta(hours=9)
    asked = ask(district, case, late, amount=3)
    district.record(case, "decide", "housing_lead", late, request=asked, approved=True)
    case.refresh_from_db()
    assert (case.due_at, case.late) == (end_of(7, 12), True)


def test_nobody_approves_what_he_asked_for_himself(district: District) -> None:
    case = handled(district, at(23))
    asked = ask(district, case, at(24), by="housing_lead", amount=2)
    own = refused(district, case, "decide", "housing_lead", at(24), request=asked, approved=True)
    assert (type(own), own.detail) == (
        NotYou,
        "不能批准自己提出的申请；请由本单位其他负责人或者中心负责人批复。",
    )
    district.record(case, "decide", "centre_lead", at(24), request=asked, approved=True)
    row = HandlerRequest.objects.get(pk=asked)
    assert (row.approved, row.requested_by, row.decided_by) == (
        True,
        district.people["housing_lead"],
        district.people["centre_lead"],
    )


def test_serious_and_urgent_and_what_the_policy_says_goes_to_the_centre(district: District) -> None:
    serious = handled(district, at(23), "serious")
    asked = ask(district, serious, at(24), amount=5)
    lead = refused(district, serious, "decide", "housing_lead", at(24), request=asked, approved=True)
    assert (type(lead), "须由中心负责人批准" in lead.detail) == (NotYou, True)
    LimitPolicy.objects.create(
        clock="resolve_by",
        kind="appeal",
        level="general",
        amount=7,
        unit="working_day",
        extension_amount=3,
        extension_times=1,
        extension_by="centre_lead",
    )
    policies.forget()
    general = handled(district, at(23))
    asked = ask(district, general, at(24), amount=3)
    lead = refused(district, general, "decide", "housing_lead", at(24), request=asked, approved=True)
    assert "须由中心负责人批准" in lead.detail


def test_the_maximum_is_that_of_the_limit_which_runs_whatever_the_level_became(district: District) -> None:
    """A general case (7 working days, 3 more) that is called serious does not get ten days of the serious one."""
    case = handled(district, at(23))
    district.record(case, "amend", "clerk", at(24), level="serious", reason="涉及多人")
    found = refused(district, case, "request", "handler", at(24), **ASKED, amount=4)
    assert found.errors == {"amount": ["按规定最多延长 3 个工作日，请改小。"]}
    asked = ask(district, case, at(24), amount=3)
    assert "须由中心负责人批准" in str(
        refused(district, case, "decide", "housing_lead", at(24), request=asked, approved=True).detail
    )


def test_refusing_needs_a_reason_that_the_asker_reads(district: District) -> None:
    case = handled(district, at(23))
    asked = ask(district, case, at(24), amount=2)
    found = refused(district, case, "decide", "housing_lead", at(24), request=asked, approved=False)
    assert found.errors == {"note": ["不同意的，请写明理由，申请人会看到。"]}
    assert HandlerRequest.objects.get(pk=asked).approved is None


def test_a_request_is_taken_back_by_who_made_it_or_the_lead_and_decided_no_more(district: District) -> None:
    case = handled(district, at(23))
    asked = ask(district, case, at(24), amount=2)
    other = refused(district, case, "withdraw_request", "handler2", at(24), request=asked)
    assert type(other) is NotYou
    district.record(case, "withdraw_request", "handler", at(24), request=asked)
    gone = refused(district, case, "decide", "housing_lead", at(24), request=asked, approved=True)
    assert gone.errors == {"request": ["没有这份待批的申请，可能已经批复或者撤回。"]}
    assert ask(district, case, at(24, 10), amount=3) != asked


def test_what_was_asked_before_the_case_moved_on_is_void(district: District) -> None:
    case = handled(district, at(23))
    asked = ask(district, case, at(23, 10), amount=2)
    district.move(case, "reassign", "dispatcher", at(23, 11), lead_unit="heating", reason="归供热站")
    district.move(case, "sign", "heating_man", at(23, 12))
    found = refused(district, case, "decide", "centre_lead", at(23, 13), request=asked, approved=True)
    assert (type(found), "已经失效" in found.detail) == (NotNow, True)
    assert HandlerRequest.objects.waiting().count() == 0


def test_the_resident_reads_both_dates_and_the_public_reason_never_the_inner_one(district: District) -> None:
    case = handled(district, at(23), procedure="petition")
    asked = ask(district, case, at(24), amount=30)
    district.record(case, "decide", "housing_lead", at(25), request=asked, approved=True, note="内部同意")
    case.refresh_from_db()
    told = [row for row in public_timeline(case)["events"] if row["label"] == "办理期限延长"]
    assert [row["text"] for row in told] == [
        "原定最晚 2027年1月22日 星期五 24:00 前答复，经批准延长到 2027年2月22日 星期一 24:00 前（暂定，以公布的放假安排为准）。\n"
        "延期理由：更换的水泵要从外地调运"
    ]
    everything = str(public_timeline(case))
    assert [words in everything for words in ("配件从外地调运", "内部同意")] == [False, False]


def test_the_notice_says_old_and_new_date_why_and_by_whom_and_is_numbered_without_gaps(district: District) -> None:
    numbers = []
    for _one in range(2):
        case = handled(district, at(23), procedure="petition")
        asked = ask(district, case, at(24), amount=30)
        district.record(case, "decide", "housing_lead", at(25), request=asked, approved=True)
        numbers.append(HandlerRequest.objects.get(pk=asked).number)
    assert numbers == ["综治延〔2026〕1号", "综治延〔2026〕2号"]
    row = HandlerRequest.objects.select_related("case__lead_unit").get(pk=asked)
    letter = papers.extension(row)
    assert letter.paragraphs == (
        f"您反映的“{case.title}”（受理编号 {case.number}）于 2026年11月23日 受理，原定于 2027年1月22日 前答复。",
        "办理中，更换的水泵要从外地调运。根据《信访工作条例》第三十四条的规定，经本单位负责人批准，办理期限延长至 2027年2月22日。",
        "您可以凭受理编号和查询码随时查询办理进度；对延期有疑问的，请与下列窗口联系。",
        "特此告知。",
    )
    assert (letter.issuer, letter.issued_on.isoformat(), letter.addressee) == (
        "区住房和城乡建设局",
        "2026-11-25",
        "诉求人",
    )
    assert "张三" not in str(letter)
    assert (pdf(letter)[:5], docx(letter)[:2]) == (b"%PDF-", b"PK")


def test_the_date_after_several_pauses_and_an_extension_is_the_one_counted_afresh_from_the_history(
    district: District,
) -> None:
    """7 + 3 working days from 23 November; 25, 26 November and 1 December do not count."""
    case = handled(district, at(23))
    asked = ask(district, case, at(24), amount=3)
    district.record(case, "decide", "housing_lead", at(24), request=asked, approved=True)
    for day, month, back, back_month in ((25, 11, 27, 11), (1, 12, 2, 12)):
        pause = {"reason": "appraisal", "expected_end": at(back, month=back_month).date().isoformat()}
        district.move(case, "suspend", "housing_lead", at(day, month=month), **pause)
        district.move(case, "resume", "handler", at(back, month=back_month))
    case.refresh_from_db()
    fresh = fold(list(case.events.order_by("seq")), policies.calendar()).latest(Clock.RESOLVE_BY)
    assert fresh is not None
    assert (case.due_at, fresh.due_at, len(fresh.pauses)) == (end_of(10, 12), end_of(10, 12), 2)


def test_a_suspension_that_was_asked_for_starts_when_it_is_approved(district: District) -> None:
    case = handled(district, at(23))
    given = {"kind": "suspension", "suspend_reason": "appraisal", "expected_end": "2026-12-04", "reason": "等鉴定"}
    asked = int(district.record(case, "request", "handler", at(24), **given).data["request"])
    district.record(case, "decide", "housing_lead", at(24, 15), request=asked, approved=True)
    case.refresh_from_db()
    assert (case.status, case.due_running) == ("suspended", False)


def test_incomplete_is_told_beside_the_field(district: District) -> None:
    case = handled(district, at(23))
    with pytest.raises(Incomplete) as found:
        district.record(case, "request", "handler", at(24), kind="extension", reason="等配件")
    assert found.value.errors == {"amount": ["请填写延长多少，最多 3 个工作日。"]}
