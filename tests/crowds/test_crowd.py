"""Many residents, one demand: each keeps number and code, reads each step, the progress and the answer; sub-items, 34 and 477."""

from io import BytesIO

import pytest

from cases import queries as reading
from cases.crowds import deciding, queries, sheets
from cases.crowds.preparing import ranges, read_items, read_positions
from cases.models import Case, Crowd, Event, SubItem
from cases.queries import public_timeline
from governance_portal.lib.errors import Incomplete, NotNow
from governance_portal.lib.numbers import query_code
from governance_portal.lib.sheets import write_csv, write_xlsx
from tests.cases.cast import District, at
from tests.crowds.conftest import Report

SCHOOLS, ROOMS = 34, 477


def rooms() -> list[tuple[str, str]]:
    """477 rooms in 34 schools."""
    return [
        (f"第{school + 1}学校", f"教室{room // SCHOOLS + 1}") for room in range(ROOMS) for school in [room % SCHOOLS]
    ]


@pytest.fixture
def joint(district: District, report: Report) -> tuple[Case, list[Case]]:
    """A case with a unit at work and three of other residents merged into it, declared a joint matter."""
    master = report("孩子学校教室没有空调，夏天三十五度。")
    district.move(master, "accept", "clerk", at(23, 10), category="A0102", level="general")
    district.move(master, "dispatch", "dispatcher", at(23, 11), lead_unit="housing", mode="forward")
    district.move(master, "sign", "handler", at(23, 12))
    district.record(master, "note", "handler", at(23, 13), public_text="您家 402 的情况已记下。")
    others = [report(f"我们学校教室也要装空调，{n} 班。") for n in range(3)]
    actor = district.actor("dispatcher")
    deciding.take_together(master.number, [case.number for case in others], actor=actor, now=at(23, 14))
    district.record(master, "crowd", "dispatcher", at(23, 15), name="全区中小学教室装空调", measure="间")
    return Case.objects.get(pk=master.pk), [Case.objects.get(pk=case.pk) for case in others]


def told(case: Case) -> list[tuple[str, str]]:
    shown = public_timeline(Case.objects.get(pk=case.pk))
    return [(row["label"], row["text"]) for row in shown["events"]]


def test_each_resident_keeps_number_and_code_and_reads_every_step_and_the_answer(
    district: District, joint: tuple[Case, list[Case]]
) -> None:
    master, others = joint
    district.record(master, "note", "handler", at(24, 9), public_text="已采购第一批，周末开始安装。")
    district.move(master, "resolve", "handler", at(25), result="装完", outcome="fulfilled", reply="全部教室已装空调。")
    assert public_timeline(Case.objects.get(pk=others[0].pk))["reply"] == ""
    district.move(master, "approve", "supervisor", at(25, 10))
    district.move(master, "confirm", "follow_up", at(26), satisfaction=5, resolved=True, contacted=True)
    for case in others:
        assert told(case) == [
            ("已登记", ""),
            ("合并办理", ""),
            ("办理进展", "已采购第一批，周末开始安装。"),
            ("合并办理的事项已答复", ""),
            (
                "合并办理的事项已办结",
                f"受理编号 {master.number} 的事项已办结。办理结果请带受理编号到窗口或来电询问。",
            ),
        ]
        shown = public_timeline(Case.objects.get(pk=case.pk))
        assert (shown["reply"], shown["crowd"]["name"]) == ("全部教室已装空调。", "全区中小学教室装空调")
        assert reading.find_public(case.number, query_code(case.number, case.query_issue)) == case


def test_what_was_written_before_it_was_a_joint_matter_stays_the_first_residents(
    joint: tuple[Case, list[Case]],
) -> None:
    master, others = joint
    assert ("办理进展", "您家 402 的情况已记下。") in told(master)
    assert all("402" not in text for case in others for _label, text in told(case))


def test_merged_without_a_common_name_only_the_steps_are_told(district: District, report: Report) -> None:
    master, case = report("暖气不热"), report("暖气也不热")
    district.move(case, "merge", "dispatcher", at(23, 10), master=master.number)
    district.move(master, "accept", "clerk", at(23, 11), category="A0102", level="general")
    district.move(master, "dispatch", "dispatcher", at(23, 12), lead_unit="housing", mode="forward")
    district.record(master, "note", "dispatcher", at(23, 13), public_text="您家 402 明天上门。")
    assert told(case)[2:] == [("已受理", ""), ("已转交办理单位", "区住房和城乡建设局")]
    assert public_timeline(Case.objects.get(pk=case.pk))["crowd"] is None


def test_34_schools_and_477_rooms_come_from_a_sheet_and_are_ticked_each_on_record(
    district: District, joint: tuple[Case, list[Case]]
) -> None:
    master, others = joint
    stream = BytesIO()
    write_xlsx(stream, ("学校", "教室"), rooms())
    lines = sheets.lines_of(stream.getvalue())
    event = district.record(master, "items", "handler", at(24), items=lines)
    assert event.data == {"added": 477, "positions": "1-477", "finished": 0, "total": 477, "limits": {}}
    again = district.record(master, "items", "handler", at(24, 10), items=lines)
    assert (again.pk, SubItem.objects.count()) == (event.pk, 477)

    district.record(master, "items_done", "handler", at(25), items="1-431", done="true")
    places = queries.places_of(master)
    progress = queries.progress_of(places)
    assert progress is not None
    whole = sum(1 for place in places if all(item.position <= 431 for item in place.items))
    assert (progress.done, progress.total, progress.places, progress.places_done) == (431, 477, 34, whole)
    for case in (master, *others):
        crowd = public_timeline(Case.objects.get(pk=case.pk))["crowd"]
        assert (crowd["done"], crowd["total"], crowd["measure"]) == (431, 477, "间")
    ticked = [row.data for row in Case.objects.get(pk=master.pk).events.filter(kind="items_done")]
    assert [(row["items"], row["count"], row["finished"]) for row in ticked] == [("1-431", 431, 431)]

    back = district.record(master, "items_done", "handler", at(26), items="430、431", done="false")
    assert (back.data["items"], back.data["finished"]) == ("430-431", 429)


def test_sub_items_are_dropped_for_a_reason_and_not_when_done(
    district: District, joint: tuple[Case, list[Case]]
) -> None:
    master, _others = joint
    district.record(master, "items", "dispatcher", at(24), items="一小，教室1\n一小，教室2\n二小；教室1")
    district.record(master, "items_done", "handler", at(24, 10), items="1", done=True)
    with pytest.raises(Incomplete, match="1 已经完成"):
        district.record(master, "items_drop", "handler", at(24, 11), items="1、2", note="已拆迁")
    dropped = district.record(master, "items_drop", "handler", at(24, 11), items="2-3", note="已拆迁")
    assert (dropped.data["finished"], dropped.data["total"]) == (1, 1)
    with pytest.raises(Incomplete, match="没有序号为 2、9 的子项"):
        district.record(master, "items_done", "handler", at(24, 12), items="2、9", done=True)
    entered = district.record(master, "items", "dispatcher", at(24, 13), items="一小，教室2")
    assert entered.data["positions"] == "4"


def test_who_ticks_and_who_names_it(district: District, joint: tuple[Case, list[Case]], report: Report) -> None:
    master, others = joint
    assert Crowd.objects.get().case == master
    district.record(master, "crowd_end", "dispatcher", at(24), note="各办各的")
    with pytest.raises(NotNow, match="不是共性诉求"):
        district.record(master, "crowd_end", "dispatcher", at(24), note="各办各的")
    assert public_timeline(Case.objects.get(pk=others[0].pk))["crowd"] is None
    district.record(master, "crowd", "dispatcher", at(25), name="教室装空调，请拨 13812341234")
    crowd = Crowd.objects.get()
    assert (crowd.name, crowd.measure, crowd.since, crowd.ended_at) == (
        "教室装空调，请拨 138****1234",
        "项",
        at(25),
        None,
    )


def test_renamed_it_keeps_the_name_before_on_record(district: District, joint: tuple[Case, list[Case]]) -> None:
    master, _others = joint
    event = district.record(master, "crowd", "dispatcher", at(24), name="教室装空调，请拨 13812341234", measure="处")
    assert event.data == {
        "name": "教室装空调，请拨 138****1234",
        "measure": "处",
        "was": "全区中小学教室装空调",
        "limits": {},
    }
    same = district.record(master, "crowd", "dispatcher", at(24, 10), name="教室装空调，请拨 13812341234", measure="处")
    assert same.pk == event.pk


def test_what_one_resident_wrote_or_was_asked_is_not_passed_on_to_the_others(
    district: District, report: Report
) -> None:
    master, other = report("教室没有空调。"), report("我们教室也没有空调。")
    district.move(other, "merge", "dispatcher", at(23, 10), master=master.number)
    district.record(master, "crowd", "dispatcher", at(23, 11), name="全区中小学教室装空调")
    district.move(master, "request_material", "clerk", at(23, 12), missing="请张三补交病历。", due_on="2026-11-30")
    district.move(master, "supplement", "resident", at(23, 13), supplement="我家孩子有哮喘，住 402。")
    district.record(master, "note", "dispatcher", at(23, 14), public_text="本周开会研究。")
    assert told(other) == [
        ("已登记", ""),
        ("合并办理", ""),
        ("需要补充材料", ""),
        ("已收到补充材料", ""),
        ("办理进展", "本周开会研究。"),
    ]
    assert told(master)[1:3] == [
        ("需要补充材料", "请张三补交病历。\n请于 2026-11-30 前补充。"),
        ("已收到补充材料", "我家孩子有哮喘，住 402。"),
    ]


def test_a_written_explanation_to_the_first_resident_is_told_to_nobody_else(
    district: District, joint: tuple[Case, list[Case]]
) -> None:
    master, others = joint
    Event.objects.create(
        case=master,
        seq=master.version + 1,
        kind="close_explained",
        at=at(24),
        actor=district.people["centre_lead"],
        data={"explanation": "您家的诉求已三次答复。"},
    )
    assert all("三次答复" not in text and "书面说明" not in label for label, text in told(others[0]))
    assert ("已办结，书面说明如下", "您家的诉求已三次答复。") in told(master)


def test_split_off_a_resident_goes_on_alone_and_hears_no_more(
    district: District, joint: tuple[Case, list[Case]]
) -> None:
    master, others = joint
    actor = district.actor("dispatcher")
    deciding.split(master.number, [others[0].number], "不是空调的事", actor=actor, now=at(24))
    district.record(master, "note", "handler", at(25), public_text="已采购第一批。")
    assert told(others[0]) == [("已登记", ""), ("合并办理", ""), ("恢复单独办理", "")]
    assert ("办理进展", "已采购第一批。") in told(others[1])
    deciding.take_together(master.number, [others[0].number], actor=actor, now=at(25, 10))
    assert Case.objects.get(pk=others[0].pk).master_id == master.pk


def test_lines_numbers_and_sheets_are_read_or_refused_in_words() -> None:
    assert read_items("一小，教室1\n\n一小,教室1\n二小\t教室2") == [("一小", "教室1"), ("二小", "教室2")]
    with pytest.raises(Incomplete, match="第 2 行要写成"):
        read_items("一小，教室1\n只有地点")
    assert (read_positions("1-3、5"), ranges({5, 1, 2, 3})) == ({1, 2, 3, 5}, "1-3、5")
    for wrong in ("", "甲", "9-1", "1-99999"):
        with pytest.raises(Incomplete):
            read_positions(wrong)
    stream = BytesIO()
    write_csv(stream, ("学校", "备注"), [("一小", "无")])
    with pytest.raises(Incomplete, match="表头要有“地点”和“内容”"):
        sheets.lines_of(stream.getvalue())
    with pytest.raises(Incomplete):
        sheets.lines_of(b"")
