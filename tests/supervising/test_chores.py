"""The clock's part: 催办 once when a limit runs out, lifted when it is met; the 督办函 drafted, never sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Notice
from cases.choices import DraftCause
from cases.models import Case, OrderDraft, Rectification, SupervisionOrder, SupervisionRules
from cases.supervising.chores import draft_late, draft_unhappy, lift_urges, urge
from tests.cases.cast import District, at
from tests.supervising.scenes import accepted, order, resolved, signed


def _due(case: Case) -> datetime:
    case.refresh_from_db()
    assert case.due_at
    return case.due_at


def test_a_case_that_runs_out_is_urged_once_and_in_words_that_name_nobody(district: District) -> None:
    case = signed(district)
    due = _due(case)
    assert (urge(due), urge(due + timedelta(seconds=1)), urge(due + timedelta(minutes=2))) == (0, 1, 0)
    laid = SupervisionOrder.objects.get()
    assert (laid.number, laid.kind, laid.unit, laid.signed_by, laid.cause_clock, laid.cause_period) == (
        "平综治催〔2026〕1号",
        "urge",
        district.units["housing"],
        "",
        "resolve_by",
        1,
    )
    assert laid.demand == "办结时限已于2026年11月11日届满，仍未办理。请抓紧办理，并说明原因。"
    event = case.events.get(kind="order")
    assert (event.actor_name, event.status_before, event.status_after) == ("时钟", "handling", "handling")
    case.refresh_from_db()
    assert case.orders_open == 1


def test_which_clocks_are_urged_is_the_centres_rule(district: District) -> None:
    case = accepted(district)
    SupervisionRules.objects.create(pk=1, urged_clocks="")
    assert urge(at(30)) == 0
    SupervisionRules.objects.update(urged_clocks="dispatch_by nonsense")
    assert urge(at(30)) == 1
    laid = SupervisionOrder.objects.get()
    assert (laid.case, laid.cause_clock, laid.unit) == (case, "dispatch_by", None)
    told = district.people["dispatcher"]
    assert not Notice.objects.filter(user=told, key__startswith="order-draft").exists()


def test_an_urge_ends_by_itself_when_its_clock_is_met_and_a_persons_order_does_not(district: District) -> None:
    case = signed(district)
    assert urge(at(20)) == 1
    order(district, case, at(20))
    assert lift_urges(at(21)) == 0  # it still runs
    resolved(district, at(22), case)
    assert (lift_urges(at(22, 10)), lift_urges(at(22, 11))) == (1, 0)
    rows = SupervisionOrder.objects.order_by("pk").values_list("kind", "lifted_at", "lift_note")
    assert list(rows) == [("urge", at(22, 10), "办结时限已不再计时，催办自动解除。"), ("letter", None, "")]
    case.refresh_from_db()
    assert case.orders_open == 1


def test_a_pause_does_not_lift_an_urge(district: District) -> None:
    case = signed(district)
    urge(at(20))
    district.move(case, "suspend", "housing_lead", at(20, 10), reason="appraisal", expected_end="2026-12-10")
    assert (lift_urges(at(21)), urge(at(21))) == (0, 0)


def test_the_letter_is_drafted_one_working_day_after_the_date_and_tells_the_supervisors_once(
    district: District,
) -> None:
    case = signed(district)
    due = _due(case)
    assert due == at(12, 0)  # the end of Wednesday the 11th
    assert (draft_late(at(12, 23, 59)), draft_late(at(13, 0)), draft_late(at(13, 0, 1))) == (0, 1, 0)
    draft = OrderDraft.objects.get()
    assert (draft.case, draft.cause, draft.period, draft.unit, draft.order, draft.deadline) == (
        case,
        DraftCause.LATE,
        1,
        district.units["housing"],
        None,
        at(18, 17, 30),
    )
    assert draft.problem == (
        f"你单位承办的事项（受理编号{case.number}，“供热”）应于2026年11月11日前办结，"
        "截至2026年11月13日已超期2个工作日，仍未办结。"
    )
    assert draft.demand == "请查明原因，落实责任人，抓紧办理，于2026年11月18日前办结并将整改情况书面报送我中心。"
    assert SupervisionOrder.objects.count() == 0
    notices = Notice.objects.filter(key=f"order-draft:{draft.pk}").order_by("user__username")
    assert [notice.user.username for notice in notices] == ["supervisor", "supervisor2"]
    assert {notice.title for notice in notices} == {f"{case.number} 的督办函已起草，等您签发"}


def test_no_letter_is_drafted_where_a_person_has_sent_one_since_it_was_late(district: District) -> None:
    case = signed(district)
    order(district, case, at(12, 9))
    assert draft_late(at(20)) == 0


def test_a_weekend_is_no_working_day_late(district: District) -> None:
    case = signed(district, at(4))
    assert _due(case) == at(14, 0)  # the end of Friday the 13th
    assert (draft_late(at(16, 23, 59)), draft_late(at(17, 0))) == (0, 1)


def test_a_bad_rating_found_true_is_drafted_once_and_one_found_false_is_not(district: District) -> None:
    case = resolved(district)
    given = {"round": 1, "rating": 1, "own": False, "opened_at": at(9), "nominal_at": at(30), "due_at": at(30)}
    bad = Rectification.objects.create(case=case, verdict="unfounded", verified_at=at(10), **given)
    assert draft_unhappy(at(10)) == 0
    Rectification.objects.filter(pk=bad.pk).update(verdict="founded")
    assert (draft_unhappy(at(11)), draft_unhappy(at(11, 10))) == (1, 0)
    draft = OrderDraft.objects.get()
    assert (draft.cause, draft.problem) == (
        DraftCause.UNHAPPY,
        f"你单位承办的事项（受理编号{case.number}，“供热”）办结后，经回访和核实，诉求人对办理结果不满意，问题没有得到解决。",
    )


def test_a_complaint_and_a_confidential_matter_are_called_by_their_kind_only(district: District) -> None:
    signed(district, confidential=True)
    draft_late(at(20))
    assert "“民生诉求”" in OrderDraft.objects.get().problem
