"""Matters for the demonstration of decisions: an extension that waits, one granted, a 会商 with opinions, a joint task, a
复查 case. All of it goes through the doors as people do it; each matter is registered under a `client_id` of its own, so that
a second run makes nothing. The words are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Post, User
from accounts.queries import Actor, actor_for, service_actor
from accounts.querysets import day_of
from cases import services
from cases.models import Case, Submission
from cases.reviewing.services import apply
from cases.standing import OFFICER_ROLES

KEY = "demo:deciding:"


def lay_samples(now: datetime) -> int:
    """Make what is missing; answers how many matters were made."""
    stories = (_extension_waiting, _extension_granted, _consultation, _joint_task, _review)
    return sum(_once(story, now) for story in stories)


def _once(story: Callable[[_Desk], None], now: datetime) -> int:
    desk = _Desk(story.__name__, now)
    if desk.is_there():
        return 0
    with transaction.atomic():
        story(desk)
    return 1


class _Desk:
    """Who does what at which moment, told in hours before now."""

    def __init__(self, name: str, now: datetime) -> None:
        self.key, self.now = f"{KEY}{name}", now

    def is_there(self) -> bool:
        """Whether the matter was made by an earlier run."""
        return Submission.objects.filter(client_id=self.key).exists()

    def actor(self, who: str, at: datetime) -> Actor:
        """A person by log-in name."""
        return actor_for(User.objects.get(username=who), at)

    def at(self, hours: float) -> datetime:
        """So many hours ago."""
        return self.now - timedelta(hours=hours)

    def of(self, unit: str, *, lead: bool = False) -> str:
        """The log-in name of an officer of a unit, or of a lead of it."""
        posts = Post.objects.in_force(day_of(self.now)).filter(unit__code=unit, user__is_active=True)
        posts = posts.filter(lead=True) if lead else posts.filter(role__in=OFFICER_ROLES, lead=False)
        found = posts.order_by("user__username").values_list("user__username", flat=True).first()
        return str(found or self.of(unit, lead=True))

    def register(self, hours: float, title: str, text: str, address: str, **given: Any) -> Case:
        """Register a matter at the window."""
        body = {
            "kind": "appeal",
            "channel": "window",
            "title": title,
            "description": text,
            "place": {"area": "140603100001", "address": address},
            "reporters": [{"name": "贾秀兰", "phone": "15400009901"}],
            **given,
        }
        when = self.at(hours)
        return services.register(self.actor("clerk", when), body, now=when, client_id=self.key).case

    def move(self, case: Case, hours: float, who: str, what: str, /, **given: Any) -> Case:
        """Make a move."""
        when = self.at(hours)
        return services.move(case, what, actor=self.actor(who, when), now=when, given=given)

    def record(self, case: Case, hours: float, who: str, what: str, /, **given: Any) -> Any:
        """Write a record."""
        when = self.at(hours)
        return services.record(case, what, actor=self.actor(who, when), now=when, given=given)

    def handled(self, case: Case, hours: float, unit: str, category: str, **dispatching: Any) -> Case:
        """受理、分流、签收."""
        self.move(case, hours - 0.5, "clerk", "accept", category=category, level="general")
        given = {"lead_unit": unit, "mode": "forward", **dispatching}
        self.move(case, hours - 1, "dispatcher", "dispatch", **given)
        return self.move(case, hours - 2, self.of(unit), "sign")


def _extension_waiting(desk: _Desk) -> None:
    case = desk.register(
        30, "阳光小区 2 号楼立管锈穿", "立管锈穿漏水，停水抢修三次都没有根治，请求更换。", "阳光小区 2 号楼"
    )
    desk.handled(case, 30, "housing", "A0202")
    asked = {
        "kind": "extension",
        "amount": 3,
        "reason": "整根立管要停暖更换，须与物业、十二户居民约定停水时间，配管三天后到货。",
        "public_reason": "更换整根立管要停水，正在和各户约定时间，材料三天后到货",
    }
    desk.record(case, 2, desk.of("housing"), "request", **asked)


def _extension_granted(desk: _Desk) -> None:
    case = desk.register(
        54, "老干部楼前路灯不亮", "楼前四盏路灯不亮一个多月，老人晚上出门摔过跤，请求修复。", "老干部楼"
    )
    desk.handled(case, 54, "housing", "A0302")
    asked = {
        "kind": "extension",
        "amount": 2,
        "reason": "地下电缆被挖断，须会同供电站开挖更换。",
        "public_reason": "地下电缆断了，要和供电站一起开挖更换",
    }
    pk = desk.record(case, 28, desk.of("housing"), "request", **asked).data["request"]
    lead = desk.of("housing", lead=True)
    desk.record(case, 26, lead, "decide", request=pk, approved=True, note="同意，开挖当天先装临时灯。")


def _consultation(desk: _Desk) -> None:
    case = desk.register(
        20,
        "学校门口临时摊点占道",
        "放学时摊点占满人行道，学生走在机动车道上；找过几家单位，都说不归自己管。",
        "第二小学门口",
    )
    desk.move(case, 19.5, "clerk", "accept", category="A0403", level="general")
    units = ["market", "education", "jingping"]
    desk.move(case, 19, "dispatcher", "consult", units=units, question="校门口占道摊点由谁主办，疏导点设在哪里。")
    said = {
        "market": "我局管证照和食品安全，可以每周抽检；占道清理须由有执法权的单位牵头。",
        "education": "学校可以错峰放学、安排护学岗，请求划出三十米净空区。",
    }
    for hours, (unit, opinion) in zip((16, 5), said.items(), strict=True):
        desk.record(case, hours, desk.of(unit), "opinion", opinion=opinion)


def _joint_task(desk: _Desk) -> None:
    case = desk.register(
        27, "三户合用变压器夜间跳闸", "三户合用的变压器夜里跳闸，老人用制氧机，请求尽快解决。", "古城社区西巷"
    )
    desk.handled(case, 27, "housing", "A0104")
    officer = desk.of("housing")
    tomorrow = (desk.now + timedelta(days=1)).date().isoformat()
    tasks = (
        ("power", "测量三户夜间负荷，提出分户方案。"),
        ("police_jp", "夜间巡防时留意，跳闸后协助联系抢修。"),
        ("gucheng", "登记用制氧机的老人，停电时上门。"),
    )
    made = [
        desk.record(case, 20, officer, "task", unit=unit, what=what, due_on=tomorrow).data["task"]
        for unit, what in tasks
    ]
    desk.record(case, 4, desk.of("gucheng"), "task_done", task=made[-1], result="已登记两户，网格员电话贴在门上。")


def _review(desk: _Desk) -> None:
    text = "认为集中供热配套费计算有误，请求退还多收的部分。"
    case = desk.register(99, "供热配套费计算争议", text, "平朔小区 5 号楼", procedure="petition")
    desk.move(case, 98, "clerk", "accept", category="A0105", level="general")
    desk.move(case, 97, "dispatcher", "dispatch", lead_unit="heating", mode="assign")
    lead = desk.of("heating", lead=True)
    desk.move(case, 96, lead, "sign", handler=desk.of("heating"))
    answer = {
        "result": "核对了建筑面积和缴费票据，按现行标准计算无误。",
        "outcome": "answered",
        "reply": "经核对，您缴纳的配套费符合现行收费标准，没有多收。不服本意见的，可以申请复查。",
    }
    desk.move(case, 50, lead, "resolve", **answer)
    desk.move(case, 48, "supervisor", "approve")
    why = {"reason": "答复没有说明公摊面积怎样计算，请求重新核算并出示依据。"}
    made = apply(case, why, actor=service_actor("resident"), now=desk.at(6), client_id=f"{desk.key}:review").case
    desk.move(made, 5, "clerk", "accept", category="A0105", level="general")
