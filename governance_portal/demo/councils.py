"""民心台账 and 议事 in the demonstration: the words of 古城社区, made through the doors by cases.councils.samples."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import actor_for
from cases.councils.samples import Held, Hoped, lay_samples
from governance_portal.demo.offices import COMMUNITIES

HOPED = (
    Hoped("三号楼前的路灯晚上不亮，老人不敢出门", 20, 15),
    Hoped("五号楼北侧下水井盖松动，走上去响", 12, 20),
    Hoped("活动室晚上七点以后也能开门", 9, 30),
    Hoped("七号楼一层无障碍坡道缺扶手", 30, 45),
    Hoped("小广场的健身器材坏了两件", 45, 20, result="两件都修好了，换了踏板和轴承。"),
    Hoped("楼道里堆的旧家具请统一清走", 38, 14, result="周六和志愿者一起清了六个楼道，拉走三车。"),
    Hoped("快递柜再加一组", 25, 30, result="物业和快递公司谈好了，南门加了一组。"),
    Hoped("九号楼楼顶漏水，雨天屋里接盆", 4, 40, shown=False),
)
HELD = (
    Held(
        "三季度居民议事会", 33, "电动车在哪里充电",
        (("residents", 14, "十四户都不愿意楼道里充，想在车棚装充电桩。"), ("grid", 6, "网格看过场地，南车棚能装十二个口，要拉一路电。")),
        31, "到会的居民都同意在南车棚装充电桩，电费按度收，不加价；楼道里的飞线月底前撤掉，撤不了的社区上门帮忙。",
        (("南车棚装十二个充电口，请供电站看线路", 45, ""), ("楼道飞线全部撤掉", 20, "三十二处全部撤掉，充电口先用南门那组。")),
    ),
    Held(
        "四季度居民议事会", -5, "小区停车位怎么划",
        (("residents", 22, "晚上没处停，有人占消防通道；想把西边空地划出来。"),),
    ),
)  # fmt: skip


def make(now: datetime) -> int:
    """Make what is missing; answers how much there is now, 0 when it was there already."""
    people = {name: actor_for(User.objects.get(username=name), now) for name in ("grid_worker", "gucheng_lead")}
    area = COMMUNITIES["gucheng"][0]
    return lay_samples(people["grid_worker"], people["gucheng_lead"], area, "gucheng/grid_worker", HOPED, HELD, now)
