"""The grid worker's phone in the demonstration: the words; made through the doors by cases.phone.samples."""

from __future__ import annotations

from datetime import datetime

from cases.phone.samples import Helper, Matter, lay_samples
from grids.choices import DutyKind

HELPERS = (
    Helper("armband", "董桂花", DutyKind.RED_ARMBAND),
    Helper("surveyor", "白雪梅", DutyKind.OPINION_SURVEYOR),
)
MATTERS = (
    Matter(
        "lamp",
        "三号楼二单元楼道灯坏了两层，老人晚上下楼看不清台阶。",
        "古城社区三号楼二单元",
        3,
        gives=("grid_worker", "armband", "晚上巡逻时看看是灯泡还是线路，能换就换"),
    ),
    Matter(
        "corridor",
        "六号楼一单元楼道里堆了旧家具和纸箱，挡着消防通道。",
        "古城社区六号楼一单元",
        5,
        by="armband",
        gives=("armband", "grid_worker", "我劝过两回，家里没人，请您联系住户"),
    ),
    Matter("cover", "小区东门口的井盖翘起来了，骑车容易摔。", "古城社区东门", 2),
    Matter("water", "五号楼顶层晚上没有水压，做饭洗漱都不行。", "古城社区五号楼", 26, category="A0101"),
)


def make(now: datetime) -> int:
    """Make what is missing; answers how many matters were made, 0 when they are there already."""
    return lay_samples(now, "grid_worker", "gucheng", HELPERS, MATTERS)
