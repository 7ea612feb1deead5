"""The line to be shown: a Friday–Sunday plan over a month with 调休 and a duty change; coverage equals a hand count."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Notice
from cases.models import PatrolHandOver, PatrolPlan, PatrolTask
from cases.patrols import coverage, doing, queries
from cases.patrols.coverage import Coverage, Fact
from cases.patrols.making import make_ahead
from governance_portal.lib.errors import NotNow, NotYou, NotYours
from grids.models import Duty, Grid
from tests.cases.cast import GRID, District
from tests.patrols.conftest import SECOND_GRID, on, run_chores, task_on


def days_of(plan: PatrolPlan, grid: str = GRID) -> list[str]:
    return [f"{day:%m-%d}" for day in plan.tasks.filter(grid__code=grid).order_by("day").values_list("day", flat=True)]


@pytest.mark.both
def test_a_month_of_fridays_and_sundays_with_days_off_and_a_change_of_duty_counts_as_by_hand(
    ground: District, plan: Callable[..., PatrolPlan]
) -> None:
    # Two grids; the second has nobody on duty at all. 2026-09-20 is a Sunday that is worked, 9/25–9/27 and 10/1–10/7 are off.
    made = plan(points="楼道堆物")
    assert days_of(made) == ["09-18", "09-21"]  # a week ahead; the Sunday that is worked has moved to Monday

    liu, zhang = ground.people["grid_worker"], ground.people["grid_worker2"]
    points = list(made.points.values_list("pk", flat=True))
    seen = {"points": [{"point": points[0], "state": "normal"}], "done": True}

    run_chores("09-18")
    doing.report(ground.actor("grid_worker", on("09-18")), task_on(made, "09-18").pk, seen, now=on("09-18", 16))
    run_chores("09-21")
    away = {"done": False, "reason": "nobody_home", "words": "整楼停水检修，住户都不在"}
    doing.report(ground.actor("grid_worker", on("09-21")), task_on(made, "09-21").pk, away, now=on("09-21", 17))

    # The duty changes on 10/1: 小刘 hands over to 小张.
    first = Grid.objects.get(code=GRID)
    Duty.objects.filter(user=liu, grid=first).update(ends_on=date(2026, 10, 1))
    Duty.objects.create(user=zhang, grid=first, starts_on=date(2026, 10, 1))
    for day in ("09-28", "10-01"):
        run_chores(day)
    doing.report(ground.actor("grid_worker", on("09-28")), task_on(made, "09-28").pk, seen, now=on("09-30", 9))
    handed = PatrolHandOver.objects.get()
    assert (handed.from_user, handed.to_user, handed.on, handed.words) == (liu, zhang, date(2026, 10, 1), "")
    doing.hand_over_words(
        ground.actor("grid_worker", on("10-01")),
        handed.pk,
        "三号楼东侧通道常被电动车占住，周五傍晚看。",
        now=on("10-01"),
    )
    told = Notice.objects.filter(user=zhang).order_by("pk").values_list("title", "body")
    assert list(told) == [
        ("胜利社区第一网格的排查由您接手", "从2026年10月1日起，小刘的排查由您接着做：消防通道排查。"),
        ("胜利社区第一网格的排查交接", "小刘：三号楼东侧通道常被电动车占住，周五傍晚看。"),
    ]

    for day in ("10-02", "10-08", "10-09", "10-11", "10-13"):
        run_chores(day)
    eighth = task_on(made, "10-08")
    with pytest.raises(NotYours):  # it is no longer his grid
        doing.report(ground.actor("grid_worker", on("10-08")), eighth.pk, seen, now=on("10-08"))
    doing.report(ground.actor("grid_worker2", on("10-08")), eighth.pk, seen, now=on("10-08"))
    doing.report(ground.actor("grid_worker2", on("10-09")), task_on(made, "10-09").pk, seen, now=on("10-09"))

    # By hand. First grid: 9-18 done, 9-21 not done (nobody home), 9-28 done, 10-8 done, 10-9 done, 10-11 not reported.
    # Second grid: the same six days, nobody on duty.
    days = ["09-18", "09-21", "09-28", "10-08", "10-09", "10-11"]
    assert days_of(made) == days_of(made, SECOND_GRID) == days
    found = coverage.facts(PatrolTask.objects.filter(plan=made), date(2026, 9, 14), date(2026, 10, 13))
    one = Coverage(due=6, done=4, undone=1, open=1, reasons={"nobody_home": 1}, points_due=6, points_seen=4)
    two = Coverage(due=6, unmanned=6, points_due=6)
    assert coverage.by_grid(found) == {GRID: one, SECOND_GRID: two}
    whole = coverage.coverage(found)
    assert (whole.due, whole.done, whole.undone, whole.unmanned, whole.open) == (12, 4, 1, 6, 1)
    assert (whole.rate, whole.points_rate) == (33.3, 33.3)
    assert whole.reason_words == "家中或单位没有人 1"


def test_nobody_on_duty_is_told_to_the_grids_head_or_to_the_street_and_the_head_may_do_it(
    ground: District, plan: Callable[..., PatrolPlan]
) -> None:
    made = plan(points="")
    Duty.objects.filter(user=ground.people["grid_worker"]).update(ends_on=date(2026, 9, 16))
    for _twice in range(2):
        run_chores("09-18")

    told = (
        Notice.objects.filter(kind="patrol").order_by("user__username").values_list("user__username", "title", "body")
    )
    words = "今天没有在岗的网格员，请安排人排查，或者填明没有完成的原因。"
    assert list(told) == [
        ("grid_head", "消防通道排查：1 个网格无人在岗", f"胜利社区第二网格{words}"),
        ("street_handler", "消防通道排查：1 个网格无人在岗", f"胜利社区第一网格{words}"),
        ("street_lead", "消防通道排查：1 个网格无人在岗", f"胜利社区第一网格{words}"),
    ]
    head = ground.actor("grid_head", on("09-18"))
    assert [row.place for row in queries.tasks_for(head, date(2026, 9, 18))] == ["胜利社区第二网格"]
    doing.report(head, task_on(made, "09-18", SECOND_GRID).pk, {"done": True}, now=on("09-18"))
    assert task_on(made, "09-18", SECOND_GRID).state == "done"


def test_a_plan_that_breaks_stops_no_other(
    ground: District, plan: Callable[..., PatrolPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = plan(points=""), plan(points="", name="另一个")

    def made(pk: int, today: date) -> int:
        if pk == broken.pk:
            raise ValueError("broken")
        return make_ahead(pk, today)

    monkeypatch.setattr("cases.patrols.chores.make_ahead", made)
    run_chores("09-18")
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.made_until, whole.made_until) == (date(2026, 9, 21), date(2026, 9, 25))


def test_the_task_belongs_to_the_grid_and_to_who_has_the_plans_duty_there_that_day(
    ground: District, plan: Callable[..., PatrolPlan]
) -> None:
    made = plan(duty_kind="red_armband")
    task = task_on(made, "09-18")
    armband, worker = ground.actor("armband", on("09-18")), ground.actor("grid_worker", on("09-18"))

    assert [(row.title, row.place, row.day, row.state) for row in queries.tasks_for(armband, date(2026, 9, 18))] == [
        ("消防通道排查", "胜利社区第一网格", date(2026, 9, 18), "open")
    ]
    assert queries.tasks_for(worker, date(2026, 9, 18)) == []
    assert queries.tasks_for(ground.actor("clerk", on("09-18")), date(2026, 9, 18)) == []
    with pytest.raises(NotYou):
        doing.report(worker, task.pk, {"done": True}, now=on("09-18"))
    with pytest.raises(NotNow):
        doing.report(armband, task.pk, {"done": True}, now=on("09-17"))


def test_coverage_of_nothing_has_no_rate_and_an_unreported_task_is_open_until_somebody_was_missing() -> None:
    assert coverage.coverage([]) == Coverage()
    assert coverage.coverage([]).rate is None
    assert coverage.coverage([Fact("a", "open", staffed=None), Fact("a", "open", staffed=False, tasks=2)]) == Coverage(
        due=3, open=1, unmanned=2
    )
