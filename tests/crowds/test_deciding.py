"""A person decides: merged with a way back, linked, or never offered again; many in one go; hot matters until they grow."""

import pytest

from accounts.models import AuditEntry
from cases.choices import REVIEWS
from cases.crowds import deciding, hot, queries
from cases.crowds.chores import suggest_repeats
from cases.models import Case, CrowdRules, Event, MayRepeat, SameMatter
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from grids.models import Area
from tests.cases.cast import GRID, MONDAY, OTHER_STREET, District, at
from tests.crowds.conftest import Report
from tests.crowds.test_finding import HEATING, MIXER

ANONYMOUS = {"reporters": [], "anonymous": True}


def two(report: Report) -> tuple[Case, Case]:
    first, second = report(MIXER, **ANONYMOUS), report(MIXER, **ANONYMOUS)
    suggest_repeats(MONDAY)
    return first, second


def offered(district: District, who: str = "dispatcher") -> list[tuple[str, str]]:
    pairs = deciding.waiting(district.actor(who), MONDAY).order_by("pk")
    return list(pairs.values_list("case__number", "other__number"))


def test_accepting_merges_through_the_door_and_undoing_brings_the_case_back_without_offering_it_again(
    district: District, report: Report
) -> None:
    first, second = two(report)
    assert offered(district) == [(second.number, first.number)]
    done = deciding.decide(second, first.number, "merge", actor=district.actor("dispatcher"), now=MONDAY)
    merged = Case.objects.get(pk=second.pk)
    assert (done, merged.status, merged.master_id, offered(district)) == ("已并案", "merged", first.pk, [])
    assert merged.events.get(kind="merge").data["note"] == "一字不差、同一社区"
    back = district.move(merged, "unmerge", "dispatcher", at(23, 10), note="不是同一件事")
    assert (back.status, back.master_id, offered(district)) == ("registered", None, [])


def test_dismissing_is_remembered_and_on_record(district: District, report: Report) -> None:
    first, second = two(report)
    actor = district.actor("clerk")
    deciding.decide(second, first.number, "dismiss", actor=actor, now=MONDAY, note="电话 13812341234 说不是")
    row = MayRepeat.objects.get()
    assert (row.state, row.note, row.decided_by) == ("dismissed", "电话 138****1234 说不是", district.people["clerk"])
    assert AuditEntry.objects.get(action="repeat_dismissed").target == f"case:{second.number}"
    assert offered(district) == []
    with pytest.raises(NotNow, match="已经有人处理（不是同一事项）"):
        deciding.decide(second, first.number, "merge", actor=district.actor("dispatcher"), now=MONDAY)


def test_linking_keeps_both_going_and_takes_the_pair_from_the_queue(district: District, report: Report) -> None:
    first, second = two(report)
    deciding.decide(second, first.number, "link", actor=district.actor("dispatcher"), now=MONDAY)
    assert (SameMatter.objects.count(), offered(district)) == (1, [])


@pytest.mark.parametrize("how", ["merge", "link"])
@pytest.mark.parametrize("same", ["同一电话", "同一证件号"])
def test_without_a_note_a_history_does_not_say_by_what_somebody_was_recognised(
    district: District, report: Report, how: str, same: str
) -> None:
    first, second = two(report)
    MayRepeat.objects.update(reasons=[same, "类别相同（供热）"])
    if how == "link":
        deciding.decide(second, first.number, how, actor=district.actor("clerk"), now=MONDAY)
    else:
        deciding.decide(second, first.number, how, actor=district.actor("dispatcher"), now=MONDAY)
    events = Event.objects.filter(case__in=[first, second], kind__in=["merge", "note"]).order_by("pk")
    words = [event.data.get("note") or event.data.get("text") for event in events]
    neutral = "可能是同一人、类别相同（供热）"
    assert words == (
        [neutral]
        if how == "merge"
        else [f"与 {first.number} 是同一事项：{neutral}", f"与 {second.number} 是同一事项：{neutral}"]
    )
    assert [row.reason for row in SameMatter.objects.all()] == ([] if how == "merge" else [neutral])


def test_pairs_of_a_conduct_complaint_that_were_proposed_before_are_offered_no_more(
    district: District, report: Report
) -> None:
    ordinary = report(MIXER, **ANONYMOUS)
    complaint = report(MIXER, complained_unit="housing", complaint_nature="conduct", **ANONYMOUS)
    MayRepeat.objects.create(case=complaint, other=ordinary, reasons=["一字不差"], evidence=9, made_at=MONDAY)
    assert offered(district) == []


def test_a_pair_linked_by_hand_or_merged_by_hand_is_no_longer_offered(district: District, report: Report) -> None:
    first, second = two(report)
    third = report(MIXER, **ANONYMOUS)
    suggest_repeats(MONDAY)
    district.move(third, "merge", "dispatcher", master=second.number)
    assert (third.number, second.number) not in offered(district)
    assert (third.number, first.number) not in offered(district)
    assert offered(district) == [(second.number, first.number)]


def test_who_decides_and_who_sees_nothing(district: District, report: Report) -> None:
    first, second = two(report)
    with pytest.raises(NotYours):
        deciding.decide(second, first.number, "link", actor=district.actor("handler"), now=MONDAY)
    with pytest.raises(NotYou):
        deciding.decide(second, first.number, "dismiss", actor=district.actor("supervisor"), now=MONDAY)
    with pytest.raises(NotYou):
        deciding.decide(second, first.number, "merge", actor=district.actor("clerk"), now=MONDAY)
    with pytest.raises(Incomplete):
        deciding.decide(second, first.number, "burn", actor=district.actor("dispatcher"), now=MONDAY)
    assert (MayRepeat.objects.get().state, offered(district, "handler")) == ("open", [])


def test_a_street_is_offered_only_pairs_it_sees_both_of(district: District, report: Report) -> None:
    first = report(MIXER, place={"area": OTHER_STREET}, **ANONYMOUS)
    second = report(MIXER, **ANONYMOUS)
    suggest_repeats(MONDAY)
    assert offered(district) == [(second.number, first.number)]
    assert offered(district, "street_dispatcher") == []


def test_a_group_is_taken_together_in_one_go_and_what_is_refused_keeps_no_other_from_it(
    district: District, report: Report
) -> None:
    cases = [report(MIXER, **ANONYMOUS) for _ in range(4)]
    suggest_repeats(MONDAY)
    actor = district.actor("dispatcher")
    (group,) = queries.groups_of(actor, MONDAY)
    assert (group.size, group.exact, queries.waiting_count(actor, MONDAY)) == (4, True, 3)
    district.move(cases[3], "withdraw", "clerk", note="诉求人撤回")
    numbers = [case.number for case in cases]
    taken = deciding.take_together(numbers[0], numbers, actor=actor, now=at(23, 10), note="同一个搅拌站")
    assert taken.done == numbers[1:3]
    assert [number for number, _why in taken.refused] == [numbers[3]]
    assert Case.objects.filter(master=cases[0], status="merged").count() == 2
    apart = deciding.split(numbers[0], [numbers[1]], "地点不同", actor=actor, now=at(23, 11))
    assert (apart.done, Case.objects.get(pk=cases[1].pk).status) == ([numbers[1]], "registered")
    assert queries.groups_of(actor, at(23, 11)) == []


def test_taking_together_asks_for_a_head_and_at_least_one_other(district: District, report: Report) -> None:
    first, second = two(report)
    actor = district.actor("dispatcher")
    for master, numbers, how, where in (
        ("", [second.number], "merge", "master"),
        (first.number, [first.number], "merge", "numbers"),
        (first.number, [second.number], "", "how"),
    ):
        with pytest.raises(Incomplete) as refused:
            deciding.take_together(master, numbers, actor=actor, now=MONDAY, how=how)
        assert list(refused.value.errors) == [where]
    with pytest.raises(Incomplete):
        deciding.split(first.number, [second.number], " ", actor=actor, now=MONDAY)


@pytest.mark.parametrize("procedure", REVIEWS)
def test_a_review_is_merged_with_nothing_neither_as_member_nor_as_master(
    district: District, report: Report, procedure: str
) -> None:
    case, review = report(MIXER), report(HEATING)
    Case.objects.filter(pk=review.pk).update(procedure=procedure)
    for one, other in ((review, case), (case, review)):
        with pytest.raises(Incomplete) as refused:
            district.move(Case.objects.get(pk=one.pk), "merge", "dispatcher", master=other.number)
        assert refused.value.errors == {
            "master": ["信访复查、复核须单独办理、单独答复，不能并案；同一件事的可以关联。"]
        }
    assert not queries.may_go(Case.objects.get(pk=review.pk))


def test_the_proposed_head_is_the_oldest_still_worked_on_else_the_oldest(report: Report) -> None:
    cases = [report(MIXER, now=at(23, hour)) for hour in (9, 10, 11)]
    for case, status in zip(cases, ("follow_up", "handling", "handling"), strict=True):
        case.status = status
    assert queries.head_of(cases[::-1]) == cases[1]
    for case in cases[1:]:
        case.status = "supervision"
    assert queries.head_of(cases[::-1]) == cases[0]
    for case in cases:
        case.status = "closed"
    assert queries.head_of(cases) is None


def test_one_that_has_merged_ones_is_proposed_as_head_while_it_is_worked_on(district: District, report: Report) -> None:
    cases = [report(MIXER, now=at(23, hour)) for hour in (9, 10, 11)]
    district.move(cases[2], "merge", "dispatcher", at(23, 12), master=cases[1].number)
    assert queries.head_of(cases[:2]) == cases[1]
    cases[1].status = "supervision"
    assert queries.head_of(cases[:2]) == cases[0]


def test_what_two_matters_speak_of_is_said_in_their_own_words() -> None:
    one = Case(title="丽水新城小区旁建搅拌站噪音扰民", description="")
    other = Case(title="搅拌站粉尘大", description="我家住丽水新城小区，搅拌站噪音整夜不停")
    assert queries.shared_words(one, other) == ["丽水新城小区", "搅拌站噪音"]


# --- hot matters ------------------------------------------------------------------------------------------------


def hot_here(report: Report, count: int = 3, **more: object) -> list[Case]:
    stories = ("暖气片冰凉", "供热管道漏水", "室温只有十度", "热力站没人接电话", "楼上不热楼下热")
    given = {"place": {"grid": GRID}, "category": "A0102", **more}
    return [report(f"{story}，请来看看。{HEATING[:8]}", **given) for story in stories[:count]]


def found(district: District, who: str = "dispatcher", now: object = MONDAY) -> list[tuple[str, str, int, int]]:
    return [(one.place_name, one.category, one.count, one.open) for one in hot.hot(district.actor(who), now)]  # type: ignore[arg-type]


def test_three_of_one_place_and_category_within_seven_days_are_hot(district: District, report: Report) -> None:
    hot_here(report, 2)
    assert found(district) == []
    report("又有一户不热。", place={"grid": GRID}, category="A0102", now=at(29, 23))
    assert found(district, now=at(29, 23, 30)) == [("胜利社区 第一网格", "A0102", 3, 3)]
    assert found(district, now=at(30)) == []


def test_a_conduct_complaint_makes_nothing_hot(district: District, report: Report) -> None:
    given = {"place": {"grid": GRID}, "category": "A0102"}
    for story in ("暖气片冰凉。", "供热管道漏水。"):
        report(story, **given)
    report("供热站的人骂人。", complained_unit="heating", complaint_nature="conduct", **given)
    assert hot.hot(district.actor("dispatcher"), MONDAY) == []


@pytest.mark.parametrize("procedure", REVIEWS)
def test_a_review_makes_nothing_hot(district: District, report: Report, procedure: str) -> None:
    cases = hot_here(report)
    Case.objects.filter(pk=cases[2].pk).update(procedure=procedure)
    assert found(district) == []


def test_a_community_counts_where_no_grid_is_known_and_a_street_is_nowhere_in_particular(
    district: District, report: Report
) -> None:
    hot_here(report, place={"area": "140603100001"})
    hot_here(report, place={"area": OTHER_STREET})
    assert found(district) == [("胜利社区", "A0102", 3, 3)]


def test_only_what_somebody_may_see_is_counted_and_only_for_who_routes(district: District, report: Report) -> None:
    hot_here(report, 2)
    hot_here(report, 1, complained_unit="housing", complaint_nature="report")
    assert found(district) == []
    hot_here(report, 1)
    assert (len(found(district)), len(found(district, "street_dispatcher")), found(district, "clerk")) == (1, 1, [])


def test_a_street_is_shown_no_figure_of_another_street(district: District, report: Report) -> None:
    other = f"{OTHER_STREET}001"
    Area.objects.create(code=other, name="别处社区", level="community", parent=Area.objects.get(code=OTHER_STREET))
    hot_here(report, place={"area": other})
    assert (found(district), found(district, "street_dispatcher")) == ([("别处社区", "A0102", 3, 3)], [])
    with pytest.raises(NotYours):
        hot.find(district.actor("street_dispatcher"), other, "A0102", MONDAY)


def test_taken_together_it_is_no_longer_hot(district: District, report: Report) -> None:
    cases = hot_here(report)
    numbers = [case.number for case in cases]
    deciding.take_together(numbers[0], numbers, actor=district.actor("dispatcher"), now=MONDAY)
    assert found(district) == []
    hot_here(report, 1)
    assert found(district) == [("胜利社区 第一网格", "A0102", 4, 2)]


def test_left_alone_it_comes_back_with_the_next_report(district: District, report: Report) -> None:
    hot_here(report)
    actor = district.actor("dispatcher")
    with pytest.raises(Incomplete):
        hot.dismiss(actor, GRID, "A0102", "", now=at(23, 10))
    with pytest.raises(NotYou):
        hot.dismiss(district.actor("clerk"), GRID, "A0102", "已派专班", now=at(23, 10))
    with pytest.raises(NotYours):
        hot.dismiss(actor, GRID, "A0103", "已派专班", now=at(23, 10))
    hot.dismiss(actor, GRID, "A0102", "已派专班", now=at(23, 10))
    assert found(district, now=at(23, 11)) == []
    assert [one.dismissed.reason for one in hot.hot(actor, at(23, 11), dismissed=True) if one.dismissed] == ["已派专班"]
    report("又有一户不热。", place={"grid": GRID}, category="A0102", now=at(23, 12))
    assert [row[2] for row in found(district, now=at(23, 12))] == [4]


def test_how_many_and_how_long_is_a_rule_of_the_centre(district: District, report: Report) -> None:
    CrowdRules.objects.create(pk=1, hot_count=2, hot_days=1)
    hot_here(report, 2)
    assert [row[2] for row in found(district)] == [2]
    assert found(district, now=at(24)) == []
