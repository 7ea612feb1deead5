"""The catalogue proposes a unit with its reason; it passes over who cannot have the case, says so, and never blocks."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Post
from cases.dispatching import proposing
from cases.dispatching.proposing import Proposal, propose, propose_many
from cases.models import Case, DispatchLine
from tests.api.conftest import Phones
from tests.cases.cast import COMMUNITY, MONDAY, STREET, District, at

Line = Callable[..., DispatchLine]
SINCE = date(2026, 1, 1)


def accepted(district: District, category: str = "A0102", **given: object) -> Case:
    return district.move(district.register(**given), "accept", "clerk", category=category, level="general")


def test_the_deepest_category_of_the_longest_area_wins(district: District, line: Line) -> None:
    line("", "centre")
    line("A01", "housing")
    case = accepted(district)
    general = propose(case, MONDAY)
    line("A0102", "heating", note="含二次管网")
    deeper = propose(case, MONDAY)
    line("A01", "street", area=STREET)
    nearer = propose(case, MONDAY)
    units = district.units
    assert [general, deeper, nearer] == [
        Proposal(
            units["housing"],
            "平鲁区的“供水供热供气供电”类事项，派单目录定由区住房和城乡建设局主办。",
            "派单目录第一版",
            SINCE,
        ),
        Proposal(
            units["heating"],
            "平鲁区的“供热”类事项，派单目录定由区供热服务站主办（含二次管网）。",
            "派单目录第一版",
            SINCE,
        ),
        Proposal(
            units["street"],
            "井坪镇的“供水供热供气供电”类事项，派单目录定由井坪镇人民政府主办。",
            "派单目录第一版",
            SINCE,
        ),
    ]


def test_without_a_line_there_is_no_proposal(district: District, line: Line) -> None:
    line("A02", "housing")
    line("A01", "housing", area="140603101")
    assert propose(accepted(district), MONDAY) is None


def test_a_line_holds_from_its_day_and_a_withdrawn_one_no_more(district: District, line: Line) -> None:
    case = accepted(district)
    line("A01", "housing")
    line("A01", "heating", since=date(2026, 12, 1), source="第二版")
    line("A01", "", since=date(2027, 1, 1), source="第三版", withdrawn=True)
    found = [propose(case, moment) for moment in (at(23), at(1, month=12), at(1, month=1, year=2027))]
    assert [proposal and (proposal.unit, proposal.source, proposal.date) for proposal in found] == [
        (district.units["housing"], "派单目录第一版", SINCE),
        (district.units["heating"], "第二版", date(2026, 12, 1)),
        None,
    ]


@pytest.mark.behaviour(16)
def test_units_that_ended_left_no_officer_or_are_gone_are_passed_over_and_told(district: District, line: Line) -> None:
    line("A0102", "heating", area=COMMUNITY)
    line("A0102", "committee", area=STREET)
    line("A0102", "street")
    line("A01", "housing")
    case = accepted(district)
    district.units["heating"].active = False
    district.units["heating"].save()
    Post.objects.filter(unit=district.units["committee"]).update(ends_on=date(2026, 11, 1))
    Post.objects.filter(unit=district.units["street"]).delete()
    district.units["street"].code = "old-street"
    district.units["street"].save()
    assert propose(case, MONDAY) == Proposal(
        district.units["housing"],
        "平鲁区的“供水供热供气供电”类事项，派单目录定由区住房和城乡建设局主办。",
        "派单目录第一版",
        SINCE,
        "“区供热服务站”已停用；“井坪镇人民调解委员会”目前没有在岗的承办人员；“井坪镇人民政府”已不在单位名录里，所以跳过。",
    )


def test_when_every_unit_is_passed_over_the_proposal_says_so(district: District, line: Line) -> None:
    line("A01", "heating")
    case = accepted(district)
    district.units["heating"].active = False
    district.units["heating"].save()
    assert propose(case, MONDAY) == Proposal(
        None, "派单目录里适用的单位现在都不能办，请另选单位。", "", None, "“区供热服务站”已停用，所以跳过。"
    )


def test_the_unit_complained_about_is_passed_over_and_a_report_has_no_proposal(district: District, line: Line) -> None:
    line("A12", "heating", area=COMMUNITY)
    line("A12", "housing")
    line("", "street")
    conduct = accepted(district, "A1202", complained_unit="housing", complaint_nature="conduct")
    service = accepted(district, "A1202", complained_unit="housing", complaint_nature="service")
    report = district.register(complained_unit="housing", complaint_nature="report")
    assert propose(conduct, MONDAY) == Proposal(
        district.units["street"],
        "平鲁区的各类事项，派单目录定由井坪镇人民政府主办。",
        "派单目录第一版",
        SINCE,
        "“区供热服务站”是被投诉单位或其下级，须回避；“区住房和城乡建设局”是被投诉单位或其下级，须回避，所以跳过。",
    )
    told = propose(service, MONDAY)
    assert (told and told.unit, propose(report, MONDAY)) == (district.units["heating"], None)


def test_who_has_just_handed_a_case_back_is_not_proposed_again(district: District, line: Line) -> None:
    line("A0102", "heating")
    line("A01", "housing")
    case = accepted(district)
    district.move(case, "dispatch", "dispatcher", lead_unit="heating", mode="forward")
    returned = district.move(case, "return", "heating_man", reason="not_ours", basis="应由住建局办理")
    told = propose(returned, MONDAY)
    assert told and (told.unit, told.passed_over) == (district.units["housing"], "“区供热服务站”刚退回本件，所以跳过。")


@pytest.mark.behaviour(16)
def test_a_broken_catalogue_stops_nobody(district: District, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line("A01", "housing")
    case = accepted(district)

    def broken(*_args: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(proposing, "in_force", broken)
    assert propose(case, MONDAY) is None
    assert district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward").status == "dispatched"


def test_many_cases_ask_as_many_questions_as_one(
    district: District, line: Line, django_assert_num_queries: Callable[[int], object]
) -> None:
    line("A01", "housing")
    line("A0102", "heating")
    cases = [accepted(district) for _ in range(5)]
    propose_many(cases, MONDAY)  # statements that are put together once a process
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        one = propose_many(cases[:1], MONDAY)
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        all_of_them = propose_many(cases, MONDAY)
    assert {proposal.unit for proposal in all_of_them.values()} == {district.units["heating"]}
    assert (len(one), len(all_of_them)) == (1, 5)


def test_the_api_answers_the_proposal_or_why_there_is_none(district: District, line: Line, phones: Phones) -> None:
    line("A0102", "heating")
    case, other = accepted(district), accepted(district, "A0201")
    told = phones("dispatcher").get(f"cases/{case.number}/proposal/")
    none = phones("dispatcher").get(f"cases/{other.number}/proposal/")
    hidden = phones("handler_other").get(f"cases/{case.number}/proposal/")
    assert (told.status_code, told.json()) == (
        200,
        {
            "unit": {"code": "heating", "name": "区供热服务站"},
            "reason": "平鲁区的“供热”类事项，派单目录定由区供热服务站主办。",
            "source": "派单目录第一版",
            "date": "2026-01-01",
            "passed_over": "",
        },
    )
    assert (none.json()["unit"], none.json()["reason"]) == (None, "派单目录里没有适用于本件的行，请按职责选择单位。")
    assert hidden.status_code == 404
