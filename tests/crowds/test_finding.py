"""Likely repeats: found by words and by people, proposed with the reason, never twice, forgotten with the contact data."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from cases.choices import REVIEWS
from cases.crowds import traces
from cases.crowds.chores import suggest_repeats
from cases.crowds.finding import suggest
from cases.matching import Asked, recognise
from cases.models import Case, MayRepeat, TextTrace, TraceKey
from cases.services import indexing
from grids.models import Area
from tests.cases.cast import GRID, MONDAY, OTHER_STREET, District, at
from tests.crowds.conftest import Report

MIXER = "丽水新城小区旁边建了混凝土搅拌站，白天粉尘大，晚上噪音大，孩子没法睡觉。"
MIXER_TOO = "我是丽水新城的业主，小区旁边的混凝土搅拌站整夜开工，噪音大粉尘大，老人孩子都没法睡觉，请尽快搬走。"
HEATING = "幸福里三号楼暖气片是凉的，室内只有十二度，打了几次电话没有人来看。"

PEOPLE = [{"name": "李四", "phone": "13899990001"}]


def pairs() -> list[tuple[int, int, list[str]]]:
    return [(row.case_id, row.other_id, row.reasons) for row in MayRepeat.objects.order_by("pk")]


def test_the_same_words_are_proposed_to_the_letter_whoever_wrote_them_and_however_they_were_spaced(
    report: Report,
) -> None:
    first = report(MIXER, reporters=[], anonymous=True)
    again = report(MIXER.replace("，", " ， "), reporters=[], anonymous=True, place={"area": OTHER_STREET})
    report(HEATING)
    assert suggest_repeats(MONDAY) == 3
    assert pairs() == [(again.pk, first.pk, ["一字不差"])]
    assert MayRepeat.objects.get().exact


def test_the_same_matter_in_other_words_is_proposed_with_what_place_and_subject_say(report: Report) -> None:
    first = report(MIXER, "丽水新城小区旁建搅拌站噪音扰民", place={"grid": GRID}, reporters=[], anonymous=True)
    second = report(MIXER_TOO, "丽水新城小区搅拌站噪音粉尘扰民", place={"grid": GRID}, reporters=[], anonymous=True)
    suggest_repeats(MONDAY)
    assert [(case, other) for case, other, _reasons in pairs()] == [(second.pk, first.pk)]
    assert pairs()[0][2][1:] == ["同一网格"] and pairs()[0][2][0].startswith("说的内容")


def test_the_same_complaint_about_another_community_is_not_the_same_matter(district: District, report: Report) -> None:
    report("楼下几家餐馆油烟直排，衣服晾晒都有油烟味，窗户不能开。", "餐馆油烟扰民", place={"grid": GRID})
    other = {"area": "140603101001"}
    _community("140603101001")
    report("楼下餐馆油烟直接排放，晾的衣服一股油烟味，窗户都开不了。", "餐馆油烟扰民", place=other, reporters=[])
    suggest_repeats(MONDAY)
    assert pairs() == []


def _community(code: str) -> None:
    Area.objects.create(code=code, name="别的社区", level="community", parent=Area.objects.get(code=code[:9]))


def test_the_same_person_about_the_same_thing_is_proposed_and_about_another_thing_is_not(
    district: District, report: Report
) -> None:
    first = district.register(description="三号楼暖气不热，请求维修。", category="A0102")
    second = report("又来反映，三号楼的暖气还是没有修。", category="A0102")
    report("请问社保卡到哪里补办，需要带什么材料？", place={"address": "网上咨询"})
    suggest_repeats(MONDAY)
    assert [(case, other) for case, other, _reasons in pairs()] == [(second.pk, first.pk)]
    row = MayRepeat.objects.get()
    assert row.same_people and row.reasons[0] == "同一电话"


def test_who_asked_for_secrecy_is_compared_by_the_matter_only(district: District, report: Report) -> None:
    district.register(description="三号楼暖气不热，请求维修。", category="A0102")
    report("又来反映，三号楼的暖气还是没有修。", category="A0102", confidential=True)
    suggest_repeats(MONDAY)
    assert pairs() == []


@pytest.mark.parametrize("nature", ["report", "conduct"])
def test_what_its_unit_must_not_read_is_compared_with_nothing(district: District, report: Report, nature: str) -> None:
    report(MIXER)
    sealed = report(MIXER, complained_unit="heating", complaint_nature=nature, reporters=[], anonymous=True)
    suggest_repeats(MONDAY)
    later = report(MIXER, reporters=[], anonymous=True)
    suggest_repeats(MONDAY)
    assert sealed.pk not in {pk for case, other, _reasons in pairs() for pk in (case, other)}
    assert {case for case, _other, _reasons in pairs()} == {later.pk}


@pytest.mark.parametrize("procedure", REVIEWS)
def test_a_review_is_compared_with_nothing_nor_offered_at_the_intake(
    district: District, report: Report, procedure: str
) -> None:
    review = report(MIXER, category="A0404", reporters=PEOPLE)
    Case.objects.filter(pk=review.pk).update(procedure=procedure)
    suggest_repeats(MONDAY)
    later = report(MIXER, category="A0404", reporters=PEOPLE)
    suggest_repeats(MONDAY)
    asked = Asked(people=PEOPLE, story=MIXER, category="A0404")
    told = recognise(district.actor("clerk"), asked, MONDAY)
    assert (pairs(), [one.case for one in told.likely]) == ([], [later])


def test_the_worker_looks_at_each_case_once_and_a_decided_pair_is_never_offered_again(report: Report) -> None:
    report(MIXER)
    again = report(MIXER)
    assert (suggest_repeats(MONDAY), suggest_repeats(MONDAY)) == (2, 0)
    MayRepeat.objects.update(state="dismissed", decided_at=MONDAY)
    assert suggest(Case.objects.get(pk=again.pk), MONDAY) == 0
    assert MayRepeat.objects.get().state == "dismissed"


def test_old_matters_are_left_alone_unless_the_words_are_the_same(report: Report) -> None:
    old = report(MIXER, "丽水新城小区旁建搅拌站", now=at(1, year=2024), reporters=[], anonymous=True)
    suggest_repeats(MONDAY)
    report(MIXER_TOO, "丽水新城小区旁建搅拌站", reporters=[], anonymous=True)
    exact = report(MIXER, "投诉", reporters=[], anonymous=True)
    suggest_repeats(MONDAY)
    assert [(case, reasons[0]) for case, other, reasons in pairs() if other == old.pk] == [(exact.pk, "一字不差")]


def test_one_that_cannot_be_compared_keeps_no_other_from_it(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [report(MIXER), report(MIXER)]

    def breaks(case: Case, now: object) -> int:
        if case.pk == cases[0].pk:
            raise RuntimeError("broken")
        return 0

    monkeypatch.setattr("cases.crowds.chores.suggest", breaks)
    assert suggest_repeats(MONDAY) == 2
    assert TextTrace.objects.count() == 2


def test_a_case_made_anonymous_leaves_no_trace_and_gets_none_again(report: Report) -> None:
    case = report(MIXER)
    suggest_repeats(MONDAY)
    assert TraceKey.objects.filter(case=case).exists()
    indexing.forget([case])
    assert not TraceKey.objects.filter(case=case).exists()
    assert (traces.same(MIXER), traces.heal()) == ([], 0)
    assert (TextTrace.objects.get().exact, bytes(TextTrace.objects.get().keys)) == ("", b"")


def test_missing_traces_are_written_each_hour(report: Report) -> None:
    report(MIXER)
    report(HEATING)
    assert (traces.heal(), traces.heal()) == (2, 0)


def test_a_portal_brought_up_to_date_looks_at_its_newest_cases_first(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "BEHIND", 1)
    old, new = report(MIXER), report(HEATING)
    assert [case.pk for case in traces.untraced(10)] == [new.pk]
    assert (suggest_repeats(MONDAY), traces.heal()) == (1, 1)
    assert TextTrace.objects.filter(case=old).exists()


def test_telephones_and_id_numbers_are_no_part_of_a_trace() -> None:
    assert traces.exact_of(MIXER) == traces.exact_of(f"{MIXER}13812341234")
    assert traces.keys_of("", MIXER) == traces.keys_of("", f"{MIXER} 13812341234")
    assert traces.exact_of("您好，谢谢") == ""


def test_a_turn_of_phrase_that_many_use_says_nothing(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "COMMON", 3)
    for _ in range(5):
        traces.keep([report("请领导尽快处理这个问题为盼谢谢领导")])
    assert traces.near(traces.keys_of("", "请领导尽快处理这个问题为盼谢谢领导"), 10) == []


def test_every_exact_repeat_of_the_real_messages_is_proposed(report: Report, shared_data: Path) -> None:
    with (shared_data / "texts" / "hot_messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["subject"], row["body"]) for row in csv.DictReader(file)]
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for title, story in rows:
        if key := traces.exact_of(story):
            groups[key].append((title, story))
    again = [group for group in groups.values() if len(group) > 1]
    assert (len(again), sum(map(len, again))) == (108, 226)
    for group in (*again, rows[:200:2]):
        for title, story in group:
            report(story[:5000], title, place={"address": "见反映的事项"}, reporters=[], anonymous=True)
    while suggest_repeats(MONDAY):
        pass
    told = MayRepeat.objects.filter(exact=True).values_list("case_id", flat=True).distinct().count()
    assert told >= sum(len(group) - 1 for group in again)
