"""Plans and campaigns: who plans where, the future only is changed, a list is foreseen, a closing says what was left and why."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import AuditEntry, Notice
from accounts.queries import Actor
from cases.models import PatrolPlan, PatrolPoint, PatrolTask
from cases.patrols import campaigns, doing, drafting, planning
from cases.patrols.making import grids_of
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from grids.models import Duty, Grid, GridSuccession
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, OTHER_STREET, STREET, District
from tests.patrols.conftest import GIVEN, OTHER_GRID, SECOND_GRID, on, run_chores, task_on


def refused(ground: District, by: str = "street_lead", **given: Any) -> dict[str, list[str]]:
    with pytest.raises(Incomplete) as caught:
        planning.plan(ground.actor(by, on("09-14")), {**GIVEN, **given}, now=on("09-14"))
    return caught.value.errors


def test_the_centre_plans_for_the_district_and_a_street_for_itself(ground: District) -> None:
    everywhere = {**GIVEN, "area": DISTRICT, "points": ""}
    for by in ("centre_lead", "supervisor", "dispatcher"):
        planning.plan(ground.actor(by, on("09-14")), everywhere, now=on("09-14"))
    assert PatrolPlan.objects.filter(area_code=DISTRICT).count() == 3
    planning.plan(ground.actor("street_lead", on("09-14")), {**GIVEN, "area": STREET}, now=on("09-14"))

    for by in ("clerk", "handler", "street_handler", "grid_worker", "auditor", "housing_lead"):
        with pytest.raises(NotYou):
            planning.plan(ground.actor(by, on("09-14")), GIVEN, now=on("09-14"))
    wrong = {"area": ["这里不在您安排的范围内，请选择本辖区。"]}
    assert refused(ground, area=OTHER_STREET) == refused(ground, area=DISTRICT) == wrong


def test_what_is_wrong_is_said_beside_its_field(ground: District) -> None:
    assert refused(
        ground,
        kind="campaign",
        name="长" * 61,
        repeat="week",
        weekdays=[],
        first_day="2026-09-13",
        last_day="9999-12-31",
        points=f"三号楼，北坪路，{OTHER_GRID}\n一，二，三，四",
        grids="没有这个网格",
    ) == {
        "kind": ["请选择日常还是重点。"],
        "name": ["最多 60 字，现在有 61 字。"],
        "weekdays": ["请选择周几，可以选几天。"],
        "first_day": ["请填 2026-09-14 到 2027-09-15 之间的日子。"],
        "last_day": ["请填 2026-09-13 到 2031-09-18 之间的日子。"],
        "points": [
            f"第 1 行：范围内没有网格“{OTHER_GRID}”，请核对名称或写 15 位编码。",
            "第 2 行：一行最多三项：名称，地点，网格。",
        ],
        "grids": ["范围内没有网格“没有这个网格”，请核对名称或写 15 位编码。"],
    }
    assert refused(ground, name="坏\x00字") == {"name": ["最多 60 字，现在有 3 字。"]}
    assert refused(ground, repeat="days", every="99999999999999999999") == {"every": ["请填 1 到 366 的数字。"]}
    assert refused(ground, repeat="month", month_days="1、40") == {
        "month_days": ["请填每月的几日，如 1、15；没有 31 日的月份在月底。"]
    }


def test_the_first_days_are_foreseen_and_saved_once(ground: District) -> None:
    actor = ground.actor("street_lead", on("09-14"))
    ahead = drafting.foresee(drafting.check_plan(actor, {**GIVEN, "points": ""}, now=on("09-14")), on("09-14"))

    assert ahead.words == "每周五、周日；遇节假日、调休上班的周末，顺延到之后第一个平常的日子"
    assert [(one.day, one.due, one.words) for one in ahead.days] == [
        (date(2026, 9, 18), True, ""),
        (date(2026, 9, 20), False, "调休上班的周末，顺延"),
        (date(2026, 9, 21), True, "由 9月20日顺延而来"),
    ]
    assert (ahead.grids, ahead.tasks) == (2, 4)
    made = [planning.plan(actor, GIVEN, now=on("09-14"), client_id="p1").pk for _ in range(2)]
    assert made[0] == made[1] and PatrolPlan.objects.count() == 1


def test_a_change_touches_the_future_only_and_an_ended_plan_makes_no_more(
    ground: District, plan: Callable[..., PatrolPlan]
) -> None:
    made = plan()
    run_chores("09-18")
    point = made.points.first()
    assert point is not None
    both = [{"point": pk, "state": "normal"} for pk in made.points.values_list("pk", flat=True)]
    doing.report(
        ground.actor("grid_worker", on("09-18")),
        task_on(made, "09-18").pk,
        {"points": both, "done": True},
        now=on("09-18"),
    )

    actor = ground.actor("street_lead", on("09-18"))
    given = {**planning.as_given(made), "weekdays": ["MO"], "first_day": "2026-09-21", "points": "水泵房"}
    second = planning.change(actor, made.pk, given, now=on("09-18"))

    made.refresh_from_db()
    assert (made.weekdays, made.ends_on, second.follows_id) == ("FR,SU", date(2026, 9, 21), made.pk)
    assert [str(task.day) for task in made.tasks.order_by("day")] == ["2026-09-18"]
    assert {str(task.day) for task in second.tasks.all()} == {"2026-09-21"}  # 9-28 is more than a week ahead
    with pytest.raises(NotNow):
        planning.change(actor, made.pk, given, now=on("09-18"))
    with pytest.raises(NotYours):
        planning.end(ground.actor("other_lead", on("09-18")), second.pk, "不归我管", now=on("09-18"))
    planning.end(actor, second.pk, "改由专项排查覆盖", now=on("09-18"))
    run_chores("09-25")
    assert list(second.tasks.all()) == []
    assert set(AuditEntry.objects.filter(target__startswith="patrol:").values_list("action", flat=True)) == {
        *("patrol_plan", "patrol_end")
    }


SHEET = (
    "名称,地点,网格\n"
    "张家小吃店,胜利路 3 号,140603100001001\n"
    "老郝澡堂,胜利路 9 号,胜利社区第一网格\n"
    "希望幼儿园,北坪路 2 号,胜利社区第二网格\n"
    "小王网吧,北坪路 5 号,胜利社区第二网格\n"
    "小王网吧,北坪路 5 号,胜利社区第二网格\n"
    "凤凰旅店,凤凰路,凤凰社区第一网格\n"
    "没有网格的,某处,\n"
).encode()


@pytest.mark.both
def test_a_campaign_closes_with_what_was_left_undone_and_why(ground: District) -> None:
    lead, worker = ground.actor("street_lead", on("10-09")), ground.actor("grid_worker", on("10-09"))
    given = {
        **{"name": "冬季取暖安全专项", "look_for": "燃气、煤炉、电暖", "area": COMMUNITY, "duty_kind": "grid_worker"},
        **{"first_day": "2026-10-09", "last_day": "2026-10-20"},
    }
    campaign = campaigns.start(lead, given, now=on("10-09"), client_id="c1")
    assert campaigns.start(lead, given, now=on("10-09"), client_id="c1") == campaign

    # The list is foreseen, and only then written.
    sheet = campaigns.read_list(lead, campaign.pk, SHEET, now=on("10-09"))
    assert [row[:3] for row in sheet.rows] == [
        [2, "张家小吃店", "胜利路 3 号"],
        [3, "老郝澡堂", "胜利路 9 号"],
        [4, "希望幼儿园", "北坪路 2 号"],
        [5, "小王网吧", "北坪路 5 号"],
    ]
    assert [list(problem) for problem in sheet.problems] == [
        [6, "和前面的一行相同，不重复列入。"],
        [7, "范围内没有网格“凤凰社区第一网格”，请核对名称或写 15 位编码。"],
        [8, "没有写网格。"],
    ]
    assert (PatrolPoint.objects.count(), PatrolTask.objects.count()) == (0, 0)
    assert campaigns.confirm_list(lead, campaign.pk, now=on("10-09")) == 4
    with pytest.raises(NotNow):
        campaigns.confirm_list(lead, campaign.pk, now=on("10-09"))

    # The first grid is done on two days; in the second nobody is on duty, its head sees one of two places.
    run_chores("10-09")
    first, second = (PatrolTask.objects.get(plan=campaign, grid__code=code) for code in (GRID, SECOND_GRID))
    shop, bath, school, bar = campaign.points.order_by("position").values_list("pk", flat=True)
    doing.report(worker, first.pk, {"points": [{"point": shop, "state": "normal"}]}, now=on("10-09"))
    doing.report(worker, first.pk, {"points": [{"point": bath, "state": "normal"}], "done": True}, now=on("10-12"))
    head = ground.actor("grid_head", on("10-12"))
    body = {
        "points": [{"point": school, "state": "abnormal", "words": "锅炉房堆放纸箱"}],
        "done": False,
        "reason": "nobody_home",
    }
    doing.report(head, second.pk, body, now=on("10-12"))
    with pytest.raises(NotNow, match="不能再改"):  # what was written on another day stands
        doing.report(
            worker, first.pk, {"points": [{"point": shop, "state": "abnormal", "words": "x"}]}, now=on("10-12")
        )
    assert campaigns.totals(campaign) == (3, 4)

    with pytest.raises(NotNow, match="还没有到截止日"):
        campaigns.close(lead, campaign.pk, {"words": "小结"}, now=on("10-19"))
    run_chores("10-21")
    assert Notice.objects.get(key=f"patrol:{campaign.pk}:close").user == ground.people["street_lead"]
    with pytest.raises(Incomplete) as caught:
        campaigns.close(lead, campaign.pk, {"words": ""}, now=on("10-21"))
    assert caught.value.errors == {
        "words": ["请写小结：查了什么，发现了什么，怎么跟进。"],
        f"reason-{SECOND_GRID}": ["请选择没有查完的原因。"],
    }
    said = {
        "words": "查了 3 处，发现 1 处锅炉房堆物，已登记整改。",
        f"reason-{SECOND_GRID}": "nobody_home",
        f"words-{SECOND_GRID}": "网吧停业，房东在外地，开门后补查",
    }
    closing = campaigns.close(lead, campaign.pk, said, now=on("10-21"))

    assert (closing.points_seen, closing.points_due, closing.closed_by) == (3, 4, ground.people["street_lead"])
    assert list(
        closing.grids.order_by("grid__code").values_list("grid__code", "points_seen", "points_due", "reason", "words")
    ) == [
        (GRID, 2, 2, "", ""),
        (SECOND_GRID, 1, 2, "nobody_home", "网吧停业，房东在外地，开门后补查"),
    ]
    with pytest.raises(NotNow, match="已经结清"):
        doing.report(head, second.pk, {"points": [{"point": bar, "state": "normal"}], "done": True}, now=on("10-21"))
    with pytest.raises(NotNow, match="已经结清"):
        campaigns.close(lead, campaign.pk, said, now=on("10-21"))


def test_a_list_without_its_columns_or_that_is_no_table_says_what_to_do(ground: District) -> None:
    lead = ground.actor("street_lead", on("10-09"))
    given = {
        "name": "专项",
        "area": COMMUNITY,
        "duty_kind": "grid_worker",
        "first_day": "2026-10-09",
        "last_day": "2026-10-20",
    }
    campaign = campaigns.start(lead, given, now=on("10-09"))
    wrong = []
    for content in (b"", b"\xd0\xcf\x11\xe0rest", "姓名,电话\n张三,13800000000\n".encode()):
        with pytest.raises(Incomplete) as caught:
            campaigns.read_list(lead, campaign.pk, content, now=on("10-09"))
        wrong += caught.value.errors["sheet"]
    assert wrong == [
        "文件是空的。请选择填好的表格。",
        "这是旧版 Excel 文件（xls）。请另存为 xlsx 或 CSV 后导入。",
        "没有读到需要的列。表头要有“名称”和“网格”两列（网格写编码或名称），可以有“地点”一列。",
    ]
    with pytest.raises(NotYours):
        campaigns.read_list(ground.actor("other_lead", on("10-09")), campaign.pk, SHEET, now=on("10-09"))


def test_a_plan_of_a_closed_grid_goes_on_in_its_heir_and_never_in_the_whole_area(
    ground: District, plan: Callable[..., PatrolPlan]
) -> None:
    made = plan(points="", grids=SECOND_GRID)
    old = Grid.objects.get(code=SECOND_GRID)
    heir = Grid.objects.create(code="140603100001003", name="胜利社区第三网格", community=old.community)
    Grid.objects.filter(pk=old.pk).update(active=False)
    assert grids_of(made) == {}
    GridSuccession.objects.create(old_code=old.code, new_code=heir.code, kind="recode", since=on("09-17"))
    heir.save()  # the territory is read anew
    assert grids_of(made) == {heir.pk: 0}
    run_chores("09-18")
    assert set(
        PatrolTask.objects.filter(plan=made, day__gte=on("09-18").date()).values_list("grid__code", flat=True)
    ) == {heir.code}


def test_places_added_to_a_grid_that_was_done_open_it_again_for_whoever_is_there_after_the_closing_date(
    ground: District,
) -> None:
    lead, worker = ground.actor("street_lead", on("10-09")), ground.actor("grid_worker", on("10-09"))
    given = {
        **{"name": "冬季取暖安全专项", "area": COMMUNITY, "duty_kind": "grid_worker"},
        **{"first_day": "2026-10-09", "last_day": "2026-10-12"},
    }
    campaign = campaigns.start(lead, given, now=on("10-09"), client_id="c1")

    def listed(*names: str) -> PatrolTask:
        rows = "\n".join(["名称,地点,网格", *(f"{name},,{GRID}" for name in names)])
        campaigns.read_list(lead, campaign.pk, rows.encode(), now=on("10-09"))
        campaigns.confirm_list(lead, campaign.pk, now=on("10-09"))
        return PatrolTask.objects.get(plan=campaign)

    def seen(who: Actor, name: str, day: str) -> str:
        point = campaign.points.get(name=name).pk
        body = {"points": [{"point": point, "state": "normal"}], "done": True}
        return doing.report(who, task.pk, body, now=on(day)).task.state

    task = listed("张家小吃店")
    assert seen(worker, "张家小吃店", "10-09") == "done"
    task = listed("老郝澡堂")
    assert (task.state, task.points_seen, task.points_due) == ("open", 1, 2)
    Duty.objects.filter(user=ground.people["grid_worker"]).update(ends_on=date(2026, 10, 14))
    first = Grid.objects.get(code=GRID)
    Duty.objects.create(
        user=ground.people["grid_worker2"], grid=first, kind="grid_worker", starts_on=date(2026, 10, 14)
    )
    assert seen(ground.actor("grid_worker2", on("10-14")), "老郝澡堂", "10-14") == "done"


def test_a_campaign_without_a_list_is_closed_once_its_date_has_come(ground: District) -> None:
    lead = ground.actor("street_lead", on("10-09"))
    given = {
        **{"name": "误建的专项", "area": COMMUNITY, "duty_kind": "grid_worker"},
        **{"first_day": "2026-10-09", "last_day": "2026-10-12"},
    }
    campaign = campaigns.start(lead, given, now=on("10-09"), client_id="c1")
    with pytest.raises(NotNow, match="还没有点位"):
        campaigns.close(lead, campaign.pk, {"words": "误建"}, now=on("10-11"))
    assert campaigns.close(lead, campaign.pk, {"words": "误建"}, now=on("10-12")).points_due == 0


def test_many_grids_that_were_left_share_a_reason_and_a_grid_takes_as_many_places_as_a_form_has(
    ground: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "SINGLY", 1)
    monkeypatch.setattr(campaigns, "MOST_IN_GRID", 2)
    lead = ground.actor("street_lead", on("10-09"))
    given = {
        **{"name": "冬季取暖安全专项", "area": COMMUNITY, "duty_kind": "grid_worker"},
        **{"first_day": "2026-10-09", "last_day": "2026-10-12"},
    }
    campaign = campaigns.start(lead, given, now=on("10-09"), client_id="c1")
    campaigns.read_list(lead, campaign.pk, SHEET, now=on("10-09"))
    campaigns.confirm_list(lead, campaign.pk, now=on("10-09"))
    campaigns.read_list(lead, campaign.pk, f"名称,网格\n又一家,{GRID}".encode(), now=on("10-09"))
    with pytest.raises(Incomplete, match="点位超过 2 个"):
        campaigns.confirm_list(lead, campaign.pk, now=on("10-09"))
    said = {"words": "没有查", f"reason-{GRID}": "weather"}
    with pytest.raises(Incomplete) as caught:
        campaigns.close(lead, campaign.pk, said, now=on("10-12"))
    assert caught.value.errors == {"reason-rest": ["请选择没有查完的原因。"]}
    closing = campaigns.close(lead, campaign.pk, {**said, "reason-rest": "urgent_work"}, now=on("10-12"))
    assert list(closing.grids.order_by("grid__code").values_list("reason", flat=True)) == ["weather", "urgent_work"]
