"""探访 and 帮扶转介 in the demonstration: invented people of 古城社区, made through the doors by cases.caring.samples."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import actor_for
from cases.caring.samples import Elder, Help, lay_samples
from governance_portal.demo.offices import COMMUNITIES

VISITORS = {
    "party_head": "郭金柱",
    "building_head": "孟大爷",
    "health": "白小娟",
    "security": "武建军",
    "property": "段师傅",
    "mediator": "姜秀梅",
}
ELDERS = (
    Elder("李桂英", "13800350101", "古城社区三号楼二单元 201", (63, 33)),
    Elder("王福贵", "13800350102", "古城社区三号楼一单元 102", (61, 32)),
    Elder("赵秀兰", "13800350103", "古城社区五号楼一单元 301", (60, 29)),
    Elder("张玉珍", "13800350104", "古城社区五号楼三单元 101", (50, 24), "help", "灯泡坏了，段师傅当场换好"),
    Elder("刘存柱", "13800350105", "古城社区七号楼二单元 402", (45, 12), "refer", "想写一份遗嘱，不知道找谁"),
    Elder("任改莲", "13800350106", "古城社区七号楼二单元 302", (36, 6)),
    Elder("康二小", "13800350107", "古城社区平房 14 号", (5,)),
    Elder("杜巧枝", "13800350108", "古城社区九号楼一单元 201", (40,), revoked=True),
)
HELPS = (
    Help(
        "law",
        "曹玉莲",
        "13800350111",
        "儿子欠了别人钱，有人上门要，不知道该不该还，想问律师。",
        "legal_aid/legal_aid_1",
        6,
    ),
    Help(
        "living",
        "任建国",
        "13800350112",
        "工地停了，三个月没有收入，想问临时救助怎么办。",
        "civil/civil_1",
        40,
        "临时救助已批，钱已打到卡上。",
    ),
)


def make(now: datetime) -> int:
    """Make what is missing; answers how much there is now, 0 when it was there already."""
    worker = actor_for(User.objects.get(username="grid_worker"), now)
    return lay_samples(worker, COMMUNITIES["gucheng"][0], VISITORS, ELDERS, HELPS, now)
