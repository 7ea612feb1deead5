"""Between units: nothing pushed down, returns that keep their mark, 会商 to the end, one answer of several, joint tasks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import Notice
from cases.deciding import chores
from cases.deciding import letters as papers
from cases.fold import fold
from cases.letters import pdf
from cases.models import Assisting, Case, Category, Consultation, JointTask
from cases.policies import calendar
from cases.queries import moves_for
from cases.services import clock
from cases.services.integrity import faults
from cases.state import State
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal
from tests.cases.cast import COMMUNITY, GRID, MONDAY, District, at

ANSWER = {"result": "已换泵", "outcome": "fulfilled", "reply": "已恢复供热。"}
Line = Callable[..., Any]


def state_of(case: Case) -> State:
    return fold(case.events.order_by("seq"), calendar())


def accepted(d: District, now: datetime = MONDAY, **given: Any) -> Case:
    return d.move(d.register(now=now, **given), "accept", "clerk", now, category="A0102", level="general")


def dispatched(d: District, now: datetime = MONDAY, **given: Any) -> Case:
    return d.move(
        accepted(d, now), "dispatch", "dispatcher", now, **{"lead_unit": "housing", "mode": "forward"} | given
    )


def handling(d: District, **given: Any) -> Case:
    return d.move(dispatched(d, **given), "sign", "handler")


def refused(d: District, act: str, case: Case, name: str, by: str, /, **given: Any) -> Any:
    with pytest.raises(Refusal) as found:
        getattr(d, act)(case, name, by, **given)
    return found.value


# --- no pushing down ----------------------------------------------------------------------------------------------


def test_a_matter_of_departments_goes_to_no_township_but_a_township_may_assist(district: District) -> None:
    Category.objects.filter(code="A01").update(for_department=True)
    name = Category.objects.get(code="A01").name
    case = accepted(district)
    found = refused(district, "move", case, "dispatch", "dispatcher", lead_unit="street", mode="forward")
    assert found.errors == {
        "lead_unit": [
            f"“{name}”是部门事项，不得派给镇街、村（社区）；请派给主管部门，需要属地配合的，把“井坪镇人民政府”列为协办单位。"
        ]
    }
    with_help = {"lead_unit": "housing", "mode": "forward", "assisting_units": ["street"]}
    assert district.move(case, "dispatch", "dispatcher", **with_help).status == "dispatched"
    again = refused(district, "move", case, "reassign", "dispatcher", lead_unit="street", reason="属地")
    assert list(again.errors) == ["lead_unit"]


def test_a_consultation_does_not_push_it_down_either(district: District) -> None:
    Category.objects.filter(code="A0102").update(for_department=True)
    case = district.move(accepted(district), "consult", "dispatcher", units=["street", "housing"], question="谁办")
    found = refused(district, "move", case, "conclude", "dispatcher", minutes="由镇里办", lead_unit="street")
    assert list(found.errors) == ["lead_unit"]


def test_what_only_the_catalogue_gives_to_a_department_goes_down_for_a_written_reason(
    district: District, line: Line
) -> None:
    line("A0102", "housing")
    case = accepted(district)
    found = refused(district, "move", case, "dispatch", "dispatcher", lead_unit="street", mode="forward")
    assert (list(found.errors), "由“区住房和城乡建设局”主办" in found.errors["why_down"][0]) == (["why_down"], True)
    given = {"lead_unit": "street", "mode": "forward", "why_down": "镇里的老旧小区改造工程"}
    district.move(case, "dispatch", "dispatcher", **given)
    event = case.events.get(kind="dispatch")
    assert (event.data["pushed_down"], event.data["why_down"]) == (True, "镇里的老旧小区改造工程")


def test_between_departments_nothing_is_asked(district: District, line: Line) -> None:
    line("A0102", "housing")
    assert dispatched(district, lead_unit="heating").lead_unit == district.units["heating"]


# --- returning ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "mark"), [("housing", True), ("heating", False)])
def test_what_the_unit_itself_has_by_the_catalogue_keeps_a_mark_when_it_comes_back(
    district: District, line: Line, unit: str, mark: bool
) -> None:
    line("A0102", unit)
    case = dispatched(district)
    district.move(case, "return", "handler", reason="not_ours", basis="三定方案第五条")
    data = case.events.get(kind="return").data
    assert (data.get("within_own_line", False), data["from_unit_name"]) == (mark, "区住房和城乡建设局")


def test_the_dispatcher_sees_who_why_where_it_was_and_the_line_and_the_unit_does_not(
    district: District, line: Line, client_of: Callable[[str], Any], monday: None
) -> None:
    line("A0102", "housing", source="平政办发〔2026〕7号")
    case = dispatched(district)
    district.move(case, "return", "handler", reason="not_ours", basis="三定方案第五条")
    page = client_of("dispatcher").get(f"/cases/{case.number}/").content.decode()
    told = ("退回情况", "三定方案第五条", "平政办发〔2026〕7号", "退回单位正是目录定的主办单位", "派过哪里")
    assert [words in page for words in told] == [True] * 5
    assert "派过哪里" not in client_of("handler").get(f"/cases/{case.number}/").content.decode()


# --- 会商 ---------------------------------------------------------------------------------------------------------


def consulting(d: District, **given: Any) -> Case:
    asked = {"units": ["housing", "street"], "question": "漏水点在小区内还是市政管网"}
    return d.move(accepted(d, **given), "consult", "dispatcher", **asked)


def test_invited_units_see_the_case_answer_for_themselves_and_the_last_word_counts(district: District) -> None:
    case = consulting(district)
    district.record(case, "opinion", "handler", opinion="应由供热站先查")
    district.record(case, "opinion", "housing_lead", opinion="我局主办，供热站协办")
    district.record(case, "opinion", "street_handler", opinion="社区可以配合入户")
    said = [(row.unit.code, row.opinion, row.said_by) for row in Consultation.objects.get().units.all()]
    assert said == [("housing", "我局主办，供热站协办", "郑局长"), ("street", "社区可以配合入户", "小杨")]
    assert [event.data["opinion"] for event in case.events.filter(kind="opinion")][:1] == ["应由供热站先查"]
    with pytest.raises(NotYours):
        district.record(case, "opinion", "heating_man", opinion="没有请我们")
    assert list(faults()) == []


def test_the_minutes_have_everything_a_number_of_their_own_and_the_designation_is_final(district: District) -> None:
    case = consulting(district)
    district.record(case, "opinion", "handler", opinion="我局主办")
    given = {
        "minutes": "由住建局主办，镇政府协办入户。",
        "lead_unit": "housing",
        "assisting_units": ["street"],
        "term": "2026-11-30",
        "line": "正在抢修，周一恢复供热",
        "attendees": "郑局长、小杨",
    }
    district.move(case, "conclude", "dispatcher", **given)
    found = Consultation.objects.select_related("lead_unit", "case").get()
    letter = papers.minutes(found)
    assert (letter.number, letter.addressee) == ("综治纪〔2026〕1号", "区住房和城乡建设局、井坪镇人民政府")
    assert letter.paragraphs == (
        "一、议题。漏水点在小区内还是市政管网",
        "二、参会单位。区住房和城乡建设局、井坪镇人民政府。参会人员：郑局长、小杨",
        "三、各方意见。",
        "区住房和城乡建设局：我局主办",
        "井坪镇人民政府：没有提出书面意见。",
        "四、议定事项。由住建局主办，镇政府协办入户。",
        "五、主办单位。区住房和城乡建设局。指定后不得退回。",
        "六、协办单位。井坪镇人民政府。",
        "七、办理时限。2026年11月30日前。",
        "八、对外口径。正在抢修，周一恢复供热",
    )
    assert pdf(letter)[:5] == b"%PDF-"
    back = refused(district, "move", case, "return", "handler", reason="not_ours", basis="职责清单")
    assert (type(back), "不得再退回" in back.detail) == (NotNow, True)


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ({}, "关于“供热”的会商纪要"),
        ({"complained_unit": "heating", "complaint_nature": "conduct"}, "关于“民生诉求”的会商纪要"),
        ({"confidential": True}, "关于“民生诉求”的会商纪要"),
        ({"anonymous": True, "reporters": []}, "关于“民生诉求”的会商纪要"),
    ],
)
def test_the_minutes_are_never_called_in_the_words_of_who_complained(
    district: District, given: dict[str, Any], called: str
) -> None:
    case = consulting(district, **given)
    district.move(case, "conclude", "dispatcher", minutes="由住建局主办", lead_unit="housing")
    letter = papers.minutes(Consultation.objects.select_related("lead_unit", "case__category").get())
    assert (letter.title, "暖气不热" in str(letter)) == (called, False)


def test_what_is_not_agreed_goes_up_once_and_that_stands_in_the_minutes(district: District) -> None:
    case = consulting(district)
    district.record(case, "refer", "dispatcher", body="joint_meeting", reason="两家都认为不归自己")
    again = refused(district, "record", case, "refer", "dispatcher", body="government", reason="再报")
    assert "已提请信访工作联席会议" in again.detail
    district.move(case, "conclude", "centre_lead", minutes="联席会议议定由住建局主办。", lead_unit="housing")
    found = Consultation.objects.select_related("lead_unit", "case").get()
    assert "经会商未能议定，提请信访工作联席会议研究。原因：两家都认为不归自己" in papers.minutes(found).paragraphs


def test_who_was_invited_in_vain_sees_the_case_no_longer(district: District) -> None:
    case = consulting(district)
    assert Assisting.objects.filter(case=case).count() == 2
    district.move(case, "decline", "clerk", reason="N7", instead="区供热站，电话 0349-6020000")
    assert (Assisting.objects.filter(case=case).count(), list(faults())) == (0, [])
    with pytest.raises(NotYours):
        district.record(case, "note", "street_handler", text="看看")


@pytest.mark.parametrize("way", ["invited", "assisting", "task"])
def test_rule_4_the_unit_complained_about_is_not_invited_asked_to_assist_or_given_a_task(
    district: District, way: str
) -> None:
    case = accepted(district, complained_unit="heating", complaint_nature="conduct")
    if way == "invited":
        found = refused(district, "move", case, "consult", "dispatcher", units=["heating"], question="谁办")
    else:
        given = {"lead_unit": "housing", "mode": "forward"}
        if way == "assisting":
            given |= {"assisting_units": ["heating"]}  # type: ignore[dict-item]
            found = refused(district, "move", case, "dispatch", "dispatcher", **given)
        else:
            district.move(case, "dispatch", "dispatcher", **given)
            district.move(case, "sign", "handler")
            task = {"unit": "heating", "what": "自查", "due_on": "2026-11-27"}
            found = refused(district, "record", case, "task", "handler", **task)
    assert (type(found), "被投诉单位“区供热服务站”" in str(found.errors)) == (Incomplete, True)


# --- one answer of several units ----------------------------------------------------------------------------------


def test_every_opinion_is_taken_in_or_it_is_said_why_not(district: District) -> None:
    case = handling(district, assisting_units=["street", "heating"])
    district.record(case, "assist", "street_handler", opinion="三户墙面受损")
    silent = refused(district, "move", case, "resolve", "handler", **ANSWER)
    assert silent.errors == {
        "waived": [
            "“井坪镇人民政府”的意见没有勾选采纳；“区供热服务站”还没有答复。"
            "请等答复、勾选采纳，或者在这里写明为什么不再等、不采纳。"
        ]
    }
    unsaid = refused(district, "move", case, "resolve", "handler", **ANSWER, taken_in=["heating"], waived="不等了")
    assert list(unsaid.errors) == ["taken_in"]
    district.record(case, "assist", "heating_man", opinion="管道已换")
    case = district.move(case, "resolve", "handler", **ANSWER, taken_in=["street", "heating"])
    assert case.events.get(kind="resolve").data["taken_in_names"] == ["井坪镇人民政府", "区供热服务站"]


def test_the_form_shows_the_opinions_beside_the_reply_and_names_who_is_silent(
    district: District, client_of: Callable[[str], Any], monday: None
) -> None:
    case = handling(district, assisting_units=["street", "heating"])
    district.record(case, "assist", "street_handler", opinion="三户墙面受损")
    form = client_of("handler").get(f"/cases/{case.number}/moves/resolve/").content.decode()
    assert [words in form for words in ("井坪镇人民政府：三户墙面受损", "还没有答复：区供热服务站。")] == [True, True]
    plain = client_of("handler").get(f"/cases/{handling(district).number}/moves/resolve/").content.decode()
    assert "协办意见" not in plain


# --- joint tasks --------------------------------------------------------------------------------------------------


def tasked(d: District) -> tuple[Case, JointTask]:
    case = handling(d)
    d.record(case, "task", "handler", unit="street", what="入户登记受损面积", due_on="2026-11-25")
    return case, JointTask.objects.get()


def test_a_task_is_told_done_by_its_unit_only_and_then_counts_as_its_answer(district: District) -> None:
    case, task = tasked(district)
    other = refused(district, "record", case, "task_done", "handler", task=task.pk, result="做了")
    assert type(other) is NotYou
    undone = refused(district, "move", case, "resolve", "handler", **ANSWER)
    assert "“井坪镇人民政府”还有 1 项联办任务没有完成" in undone.errors["waived"][0]
    district.record(case, "task_done", "street_handler", task=task.pk, result="登记三户")
    task.refresh_from_db()
    assert (task.is_undone, task.result, task.done_by) == (False, "登记三户", district.people["street_handler"])
    assert district.move(case, "resolve", "handler", **ANSWER).status == "supervision"
    doers = {offer.name for offer in moves_for(case, district.actor("street_handler"), MONDAY)}
    assert "approve" not in doers


def test_a_task_taken_back_is_waited_for_no_more(district: District) -> None:
    case = handling(district, assisting_units=["street"])
    district.record(case, "task", "handler", unit="street", what="入户登记受损面积", due_on="2026-11-25")
    task = JointTask.objects.get()
    district.record(case, "task_drop", "housing_lead", task=task.pk, note="改由社区做")
    gone = refused(district, "record", case, "task_done", "street_handler", task=task.pk, result="登记三户")
    assert list(gone.errors) == ["task"]


@pytest.mark.parametrize("way", ["dispatch", "consult", "escalate", "reassign", "team_leave"])
def test_a_task_ends_with_the_move_that_takes_its_unit_from_the_case_and_the_unit_is_told(
    district: District, way: str
) -> None:
    place = {"grid": GRID} if way == "escalate" else {"area": COMMUNITY}
    case = district.register("grid_worker" if way == "escalate" else "clerk", place=place)
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler")
    if way == "team_leave":
        street = {"role": "street", "unit": "street", "task": "送电暖器", "due_on": "2026-11-30", "told": False}
        member = district.record(case, "team", "supervisor", **street).data["member"]
    district.record(case, "task", "handler", unit="street", what="入户登记受损面积", due_on="2026-11-25")
    if way in ("dispatch", "consult"):
        district.move(case, "return", "handler", reason="not_ours", basis="三定方案第五条")
    clock.sweep(at(23, 10))
    Notice.objects.all().delete()
    if way == "team_leave":
        district.record(case, way, "supervisor", member=member, reason="任务完成")
    elif way == "reassign":
        district.move(case, way, "dispatcher", lead_unit="street", reason="属镇里的工程")
    elif way == "escalate":
        district.move(case, way, "handler", reason="要区里协调")
    else:
        given = {
            "dispatch": {"lead_unit": "heating", "mode": "forward"},
            "consult": {"units": ["heating"], "question": "谁办"},
        }
        district.move(case, way, "dispatcher", **given[way])
    task = JointTask.objects.get()
    ended = case.events.latest("seq").data["ended_task_units"]
    assert (task.dropped_at, ended, state_of(case).tasks, list(faults())) == (MONDAY, ["井坪镇人民政府"], {}, [])
    clock.sweep(at(23, 10))
    told = Notice.objects.filter(user=district.people["street_handler"])
    assert [notice.title for notice in told] == [f"{case.number} {TABLE[way].label}"]
    assert chores.chase_tasks(at(26)) == 0


def test_a_task_goes_on_while_its_unit_still_assists(district: District) -> None:
    case, task = tasked(district)
    district.move(case, "reassign", "dispatcher", lead_unit="heating", reason="属供热站的管线")
    district.move(case, "sign", "heating_man")
    district.record(case, "task_done", "street_handler", task=task.pk, result="登记三户")
    assert state_of(case).tasks == {}


def test_a_unit_whose_only_part_was_a_task_taken_back_is_no_longer_waited_for(district: District) -> None:
    case, task = tasked(district)
    district.record(case, "task", "handler", unit="heating", what="查管线", due_on="2026-11-25")
    second = JointTask.objects.latest("pk")
    district.record(case, "task_done", "heating_man", task=second.pk, result="管线完好")
    district.record(case, "task", "handler", unit="heating", what="再查一次", due_on="2026-11-26")
    for one in (task, JointTask.objects.latest("pk")):
        district.record(case, "task_drop", "housing_lead", task=one.pk, note="不用了")
    heating = district.units["heating"]
    assert (state_of(case).assisting, list(faults())) == ((heating.pk,), [])  # it has done its part
    with pytest.raises(NotYours):
        district.record(case, "note", "street_handler", text="看看")
    assert district.move(case, "resolve", "handler", **ANSWER).status == "supervision"


@pytest.mark.parametrize("part", ["assisting", "opinion", "second task"])
def test_a_unit_with_another_part_stays_when_a_task_is_taken_back(district: District, part: str) -> None:
    case = handling(district, assisting_units=["street"] if part == "assisting" else [])
    district.record(case, "task", "handler", unit="street", what="入户登记受损面积", due_on="2026-11-25")
    task = JointTask.objects.get()
    if part == "opinion":
        district.record(case, "assist", "street_handler", opinion="三户墙面受损")
    elif part == "second task":
        district.record(case, "task", "handler", unit="street", what="拍照", due_on="2026-11-25")
    district.record(case, "task_drop", "housing_lead", task=task.pk, note="不用了")
    assert (state_of(case).assisting, list(faults())) == ((district.units["street"].pk,), [])


def test_late_tasks_are_chased_once_their_unit_and_who_leads(district: District) -> None:
    case, _task = tasked(district)
    assert [chores.chase_tasks(at(25, 23)), chores.chase_tasks(at(26)), chores.chase_tasks(at(26, 10))] == [0, 1, 0]
    told = Notice.objects.filter(case_number=case.number, key__startswith="task:")
    assert set(told.values_list("user__username", flat=True)) == {"street_handler", "handler"}


def test_who_is_asked_is_told(district: District) -> None:
    case = consulting(district)
    handled, _task = tasked(district)
    clock.sweep(at(23, 10))
    found = {
        (notice.case_number, notice.title.split(" ", 1)[1], notice.user.username)
        for notice in Notice.objects.select_related("user")
        if notice.title.endswith(("会商", "联办任务"))
    }
    wanted = {(case.number, "会商", name) for name in ("handler", "handler2", "housing_lead", "street_handler")}
    assert found == wanted | {(handled.number, "联办任务", "street_handler")}
