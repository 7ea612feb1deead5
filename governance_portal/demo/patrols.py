"""排查 in the demonstration: a daily plan, one for Fridays and Sundays, a campaign half done; made through the doors, once.

Nothing abnormal is found here, so that no matter is registered that the year behind does not know.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.patrols import campaigns, chores, doing, planning, queries
from cases.patrols.making import make_ahead
from governance_portal.lib.working_days import SHANGHAI, day_of
from grids.choices import DutyKind
from grids.models import Duty, Grid

#: 古城社区 of 井坪镇, whose grid worker has a log-in of the demonstration.
COMMUNITY = "140603100001"
PLANNER, WORKER = "jingping_lead", "grid_worker"
#: So many days lie behind the plans.
BEHIND = 24
AFTERNOON = time(16, 40)

DAILY = {
    "kind": "daily",
    "name": "楼道和消防通道日常排查",
    "look_for": "楼道堆物、飞线充电、消防通道占用、井盖缺失",
    "area": COMMUNITY,
    "duty_kind": "grid_worker",
    "repeat": "workdays",
    "special": "keep",
}
MARKET = {
    "kind": "focus",
    "name": "早市夜市周五周日排查",
    "look_for": "液化气罐、私拉电线、占道经营、散落垃圾",
    "area": COMMUNITY,
    "duty_kind": "grid_worker",
    "repeat": "week",
    "weekdays": ["FR", "SU"],
    "special": "move",
}
#: (name, place), in the grids in turn.
POINTS = (
    ("人民路早市西口", "人民路与北坪路交叉口"),
    ("古城便民市场", "胜利路 18 号"),
    ("敬德街夜市", "敬德街中段"),
)
CAMPAIGN = {
    "name": "冬季取暖安全专项",
    "look_for": "燃气软管、煤炉烟道、电暖器插座、一氧化碳报警器",
    "area": COMMUNITY,
    "duty_kind": "grid_worker",
}
PLACES = (
    ("老兵烩菜馆", "胜利路 3 号"),
    ("玉林澡堂", "胜利路 9 号"),
    ("古城幼儿园", "北坪路 2 号"),
    ("平安托老所", "北坪路 11 号"),
    ("顺达汽修", "人民路 40 号"),
    ("福源小超市", "人民路 27 号"),
    ("北坪路 12 号楼锅炉房", "北坪路 12 号"),
    ("古城社区活动室", "敬德街 6 号"),
    ("晋味削面", "敬德街 15 号"),
    ("利民网吧", "敬德街 21 号"),
    ("城关车马店旅馆", "胜利路 31 号"),
    ("建材门市", "人民路 52 号"),
)
UNDONE = (("nobody_home", "两户都在外地，已留联系单"), ("weather", "大风降温，外墙点位没有上"), ("urgent_work", ""))


def make(now: datetime) -> int:
    """Make what is missing; answers how many plans are new, 0 when they are there already."""
    today = day_of(now)
    begins = today - timedelta(days=BEHIND)
    planner, grids = _actor(PLANNER, now), _grids(today)
    if not grids:
        return 0
    begun = _at(begins)
    first = {"first_day": begins.isoformat()}
    named = {**first, "grids": "\n".join(grids)}
    before = queries.plans_seen(planner).count()
    daily = planning.plan(planner, {**DAILY, **named}, now=begun, client_id="demo:patrols:daily")
    points = "\n".join(f"{name}，{place}，{grids[at % len(grids)]}" for at, (name, place) in enumerate(POINTS))
    market = planning.plan(planner, {**MARKET, **first, "points": points}, now=begun, client_id="demo:patrols:market")
    winter = _campaign(planner, grids, today)
    made = queries.plans_seen(planner).count() - before
    if made:
        for back in range(BEHIND, -1, -1):
            day = today - timedelta(days=back)
            for plan in (daily, market, winter):
                make_ahead(plan.pk, day)
            chores.look_who_is_there(_at(day))
            if back:
                _work(day)
        _half(winter.pk, today)
    return made


def _grids(today: date) -> list[str]:
    """The grids of the community in which its worker is on duty."""
    duties = Duty.objects.on(today).filter(user__username=WORKER, kind=DutyKind.GRID_WORKER)
    held = set(duties.values_list("grid__code", flat=True))
    return [code for code in Grid.objects.active().within(COMMUNITY).values_list("code", flat=True) if code in held]


def _campaign(planner: Actor, grids: list[str], today: date) -> Any:
    """The campaign with its list, read as a sheet and confirmed; begun two weeks ago, three weeks to go."""
    begun = _at(today - timedelta(days=14))
    days = {"first_day": day_of(begun).isoformat(), "last_day": (today + timedelta(days=21)).isoformat()}
    winter = campaigns.start(planner, {**CAMPAIGN, **days}, now=begun, client_id="demo:patrols:winter")
    if not winter.points.exists():
        rows = [f"{name},{place},{grids[at % len(grids)]}" for at, (name, place) in enumerate(PLACES)]
        campaigns.read_list(planner, winter.pk, "\n".join(["名称,地点,网格", *rows]).encode(), now=begun)
        campaigns.confirm_list(planner, winter.pk, now=begun)
    return winter


def _work(day: date) -> None:
    """What the worker reported on a day: nearly all done, one in seven not, one in eleven forgotten."""
    worker = _actor(WORKER, _at(day))
    for row in queries.tasks_for(worker, day):
        if row.kind == "专项排查" or row.id % 11 == 3:
            continue
        if row.id % 7 == 2:
            reason, words = UNDONE[row.id % len(UNDONE)]
            given: dict[str, object] = {"done": False, "reason": reason, "words": words}
        else:
            points = doing.points_of(queries.find_task(worker, row.id))
            given = {"points": [{"point": point.pk, "state": "normal"} for point in points], "done": True}
        doing.report(worker, row.id, given, now=_at(day), client_id=f"demo:patrols:{row.id}")


def _half(plan_id: int, today: date) -> None:
    """Every other place of the campaign was seen, yesterday."""
    day = today - timedelta(days=1)
    worker = _actor(WORKER, _at(day))
    for row in queries.tasks_for(worker, day):
        task = queries.find_task(worker, row.id)
        if task.plan_id != plan_id or task.points_seen:
            continue
        seen = [{"point": point.pk, "state": "normal"} for point in doing.points_of(task)[::2]]
        doing.report(worker, row.id, {"points": seen}, now=_at(day), client_id=f"demo:patrols:{row.id}")


def _actor(username: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), now)


def _at(day: date) -> datetime:
    return datetime.combine(day, AFTERNOON, SHANGHAI)
