"""A task is done: points, findings that become cases, sent twice, corrected on the day; what is kept is a day and nothing else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from cases.models import (
    Case,
    PatrolCheck,
    PatrolFinding,
    PatrolHandOver,
    PatrolPlan,
    PatrolPoint,
    PatrolRemark,
    PatrolReport,
    PatrolTask,
)
from cases.patrols import doing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import District
from tests.patrols.conftest import on, run_chores, task_on


@pytest.fixture
def task(plan: Callable[..., PatrolPlan]) -> PatrolTask:
    """Friday's task in the first grid: 三号楼 and 早市西口."""
    made = plan()
    run_chores("09-18")
    return task_on(made, "09-18")


def points(task: PatrolTask) -> list[int]:
    return list(PatrolPoint.objects.filter(plan=task.plan).order_by("position").values_list("pk", flat=True))


def told(task: PatrolTask) -> tuple[str, str, int]:
    task.refresh_from_db()
    return task.state, task.reason, task.points_seen


def test_an_abnormal_point_opens_a_case_that_knows_its_patrol(
    ground: District, task: PatrolTask, client_of: Callable[[str], Client]
) -> None:
    first, second = points(task)
    body = {
        "points": [
            {"point": first, "state": "normal"},
            {"point": second, "state": "abnormal", "words": "烧烤摊的液化气罐放在通道里"},
        ],
        "done": True,
        "findings": [
            {"client_id": "w1", "description": "路灯不亮，晚上看不清台阶", "kind": "appeal", "address": "人民路口"}
        ],
    }
    done = doing.report(ground.actor("grid_worker", on("09-18")), task.pk, body, now=on("09-18"), client_id="k1")

    cases = {case.number: case for case in Case.objects.all()}
    assert [
        (case.kind, case.channel, case.grid_code, case.address, case.description)
        for case in (cases[number] for number in done.opened)
    ] == [
        ("appeal", "grid", task.grid.code, "人民路口", "路灯不亮，晚上看不清台阶（日常排查“消防通道排查”发现）"),
        (
            *("hazard", "grid", task.grid.code, "人民路 早市西口"),
            "早市西口：烧烤摊的液化气罐放在通道里（日常排查“消防通道排查”发现）",
        ),
    ]
    assert told(task) == ("done", "", 2)
    assert list(task.findings.values_list("case__number", "point_id")) == [
        (done.opened[0], None),
        (done.opened[1], second),
    ]
    page = client_of("dispatcher").get(f"/cases/{done.opened[1]}/").content.decode()
    assert "排查发现" in page and "消防通道排查" in page and "早市西口，9月18日" in page


@pytest.mark.both
def test_a_report_sent_twice_is_one_and_another_under_its_key_is_refused(ground: District, task: PatrolTask) -> None:
    first, second = points(task)
    actor = ground.actor("grid_worker", on("09-18"))
    body: dict[str, Any] = {
        "points": [{"point": first, "state": "abnormal", "words": "楼道堆物"}, {"point": second, "state": "normal"}],
        "done": True,
    }
    answers = [doing.report(actor, task.pk, body, now=on("09-18"), client_id="k1") for _ in range(2)]

    assert [answer.fresh for answer in answers] == [True, False]
    assert (Case.objects.count(), PatrolFinding.objects.count(), PatrolReport.objects.count()) == (1, 1, 1)
    with pytest.raises(NotNow):
        doing.report(actor, task.pk, {**body, "done": False, "reason": "weather"}, now=on("09-18"), client_id="k1")


def test_a_result_is_corrected_until_the_day_is_over_by_who_wrote_it_and_then_only_remarked_on(
    ground: District, task: PatrolTask
) -> None:
    first, second = points(task)
    actor = ground.actor("grid_worker", on("09-18"))
    doing.report(actor, task.pk, {"done": False, "reason": "weather", "words": "暴雨"}, now=on("09-18", 10))
    assert told(task) == ("undone", "weather", 0)
    both = [{"point": first, "state": "normal"}, {"point": second, "state": "normal"}]
    doing.report(actor, task.pk, {"points": both, "done": True}, now=on("09-18", 18))
    assert told(task) == ("done", "", 2)

    other = ground.actor("grid_worker2", on("09-18"))
    with pytest.raises(NotYours):  # not his grid
        doing.report(other, task.pk, {"done": True}, now=on("09-18"))
    with pytest.raises(NotNow, match="结果不再改"):
        doing.report(actor, task.pk, {"done": False, "reason": "weather"}, now=on("09-19"))
    for _twice in range(2):
        doing.remark(actor, task.pk, "早市西口第二天又有人堆物，已提醒", now=on("09-19"))
    assert list(task.remarks.values_list("text", "on")) == [("早市西口第二天又有人堆物，已提醒", date(2026, 9, 19))]
    with pytest.raises(NotYou):
        doing.remark(ground.actor("street_handler", on("09-19")), task.pk, "看过了", now=on("09-19"))


def test_done_means_every_point_and_not_done_means_a_reason(ground: District, task: PatrolTask) -> None:
    first, second = points(task)
    actor = ground.actor("grid_worker", on("09-18"))

    def refused(**given: Any) -> dict[str, list[str]]:
        with pytest.raises(Incomplete) as caught:
            doing.report(actor, task.pk, given, now=on("09-18"))
        return caught.value.errors

    assert refused(points=[{"point": first, "state": "normal"}], done=True) == {
        "done": ["还有 1 个点位没有查（早市西口）；查不了的，请选“未完成”并选原因。"]
    }
    assert refused(done=False) == {"reason": ["请选择没有完成的原因。"]}
    assert refused(done=False, reason="other") == {"words": ["原因选了“其他”，请写明是什么。"]}
    assert refused(points=[{"point": second, "state": "abnormal"}]) == {
        f"point-{second}": ["选了异常，请写明是什么情况；会登记为一件事项。"]
    }
    assert refused(points=[{"point": 999999, "state": "normal"}], lng=112.3, at="2026-09-18T09:00") == {
        "points": ["有的点位不在这项任务里，或者填了两次；请刷新后再填。"],
        "lng": ["填报没有这一项，请去掉后再提交。"],
        "at": ["填报没有这一项，请去掉后再提交。"],
    }
    assert refused() == {"done": ["请选择完成了还是没有完成。"]}
    assert told(task) == ("open", "", 0)


def test_nothing_keeps_an_hour_or_a_position_of_who_patrolled(db: None) -> None:
    kept = (PatrolTask, PatrolCheck, PatrolReport, PatrolFinding, PatrolRemark, PatrolHandOver, PatrolPoint)
    fields = [field for model in kept for field in model._meta.get_fields() if isinstance(field, models.Field)]

    assert [field.name for field in fields if isinstance(field, models.DateTimeField | models.TimeField)] == []
    assert [field.name for field in fields if field.name in ("lng", "lat", "position_fix", "photo", "seconds")] == []
    with connection.cursor() as cursor:
        described = {
            model: connection.introspection.get_table_description(cursor, model._meta.db_table) for model in kept
        }
    types = {
        column.name: connection.introspection.get_field_type(column.type_code, column)
        for rows in described.values()
        for column in rows
        if column.name in ("on", "day", "opens_on", "reported_on")
    }
    assert types == {name: "DateField" for name in ("on", "day", "opens_on", "reported_on")}


@pytest.mark.both
def test_the_database_keeps_the_past_of_a_plan_and_what_is_told_whole(plan: Callable[..., PatrolPlan]) -> None:
    made = plan()
    wrong: list[Callable[[], Any]] = [
        lambda: PatrolPlan.objects.filter(pk=made.pk).update(weekdays="MO"),
        lambda: PatrolPlan.objects.filter(pk=made.pk).update(first_day=date(2026, 1, 1)),
        lambda: PatrolTask.objects.filter(plan=made).update(state="done"),
        lambda: PatrolTask.objects.filter(plan=made).update(points_seen=99),
        lambda: PatrolTask.objects.create(
            plan=made, grid=task_on(made, "09-18").grid, opens_on=on("09-18"), day=on("09-18").date()
        ),
    ]
    for act in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
